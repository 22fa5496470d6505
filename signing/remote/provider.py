"""What every signing service looks like from here: certificates to choose from, a request, and waiting for a person.

    begin(...) -> Ready            the signatures are there
               -> Pending          ask again with poll(pending) after `ask_again_s`

`signing.remote.key` runs this, with countdown, cancelling and the person's time limit.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from signing.certificates import CertificateFacts
from signing.keys import Scheme

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"     # nothing that looks like something else on a phone


class CredentialState(StrEnum):
    """What the service itself says of a certificate; words: `remote_credential.<value>`."""

    USABLE = "usable"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    DISABLED = "disabled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Credential:
    """A key at a service, with its certificate.

    certificates: DER, the signer's own first. algorithms: object identifiers, as the service names them. at_once: how
    many signatures one confirmation may cover. is_seal: an agency's seal, where the service says so. details: what
    the provider needs to know again.
    """

    id: str
    certificates: tuple[bytes, ...]
    facts: CertificateFacts
    state: CredentialState = CredentialState.UNKNOWN
    algorithms: tuple[str, ...] = ()
    at_once: int = 1
    is_seal: bool | None = None
    details: Any = field(default=None, repr=False)

    def why_not(self, at: datetime) -> str | None:
        """Why it is not offered at the aware time `at`: the code of a phrase; None when it may sign."""
        if self.state not in {CredentialState.USABLE, CredentialState.UNKNOWN}:
            return f"remote_credential.{self.state.value}"
        reason = self.facts.why_not(at)
        return reason.words if reason is not None else None

    def answers_to(self, wanted: str) -> bool:
        """Whether a person means this one: the service's id, the serial number or the SHA-256 fingerprint."""
        asked = wanted.strip()
        plain = asked.lower().replace(":", "").replace(" ", "")
        return bool(asked) and (asked == self.id or plain in {self.facts.serial, self.facts.fingerprint})


@dataclass(frozen=True, slots=True)
class Document:
    """One digest to be signed. id: shown here and on the phone, for comparing. title: for a person."""

    id: str
    title: str
    hashed: bytes


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be signed, all with one digest algorithm ("sha256", "sha384", "sha512") and one scheme.

    expected: how many signatures the person means to make altogether, this work included.
    """

    documents: tuple[Document, ...]
    digest: str
    scheme: Scheme
    expected: int = 1


@dataclass(frozen=True, slots=True)
class Ready:
    """Signature values in the order of the documents, as the service gave them; not checked yet."""

    signatures: tuple[bytes, ...]


class Stage(StrEnum):
    """Where a request is; words: `remote_stage.<value>`."""

    PERSON = "person"        # the person has not confirmed yet
    SERVICE = "service"      # confirmed; the service is at work
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Pending:
    """Not done yet. state: the provider's own memory of the request."""

    stage: Stage
    state: Any = field(repr=False)
    ask_again_s: float = 2.0


class Provider(Protocol):
    """A signing service and an account at it. One call at a time; every call may take a request's deadline.

    name: of the service, for people. person_s: how long it gives a person to confirm. note: the code of a phrase that
    a person should know about this provider, such as that it was never tried against the live service.
    """

    @property
    def name(self) -> str: ...

    @property
    def note(self) -> str | None: ...

    @property
    def person_s(self) -> float: ...

    def credentials(self) -> Sequence[Credential]:
        """The certificates of the account. Raises: RemoteServiceTrouble, RemoteAccountRefused."""

    def begin(self, credential: Credential, work: Work) -> Ready | Pending:
        """Send the digests. Raises: RemoteServiceTrouble, RemoteTrouble, PinTrouble, SchemeNotOffered."""

    def poll(self, pending: Pending) -> Ready | Pending:
        """Ask how it stands. Raises as `begin`."""

    def close(self) -> None:
        """Hang up and forget the account's secrets. May be called twice."""


def document_id() -> str:
    """Six letters and digits that a person can compare at a glance on two screens."""
    return "".join(secrets.choice(LETTERS) for _ in range(6))
