"""A key at a signing service, behind the `signing.keys.Key` protocol: `sign` blocks until a person has confirmed.

What a screen shows meanwhile comes through `told`: the document's id (the same as on the phone), the stage, and until
when. The event `stop` ends the waiting at once. A signature is checked against the certificate before it is given out.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from signing.keys import Scheme, TokenIdentity
from signing.remote import algorithms
from signing.remote.provider import Credential, CredentialState, Document, Pending, Provider, Stage, Work, document_id
from signing.remote.troubles import (
    RemoteAnswerOdd,
    RemoteBusy,
    RemoteCertificateNotFound,
    RemoteClosed,
    RemoteCredentialUnusable,
    RemoteSeveralCertificates,
    RemoteSignatureWrong,
    RemoteTimedOut,
    RemoteUnreachable,
)
from signing.tokens.mechanisms import DIGESTS
from signing.tokens.public_keys import PublicKey, as_standard, fits, public_key_of
from signing.tokens.troubles import SchemeNotOffered

FAILURES_ALLOWED = 3     # questions in a row that may go astray while a person confirms


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the waiting screen shows. documents: (id, title). begun_at, ends_at: aware UTC."""

    provider: str
    documents: tuple[tuple[str, str], ...]
    stage: Stage
    begun_at: datetime
    ends_at: datetime

    def remaining(self, at: datetime) -> timedelta:
        """The countdown at the aware time `at`; never below zero."""
        return max(self.ends_at - at, timedelta(0))

    @property
    def words(self) -> str:
        return f"remote_stage.{self.stage.value}"


Told = Callable[[Waiting], None]
"""Called in the signing thread at the beginning, whenever the stage changes, and at the end (stage `over`)."""


@dataclass(slots=True, eq=False)
class RemoteKey:
    """A `signing.keys.Key` at a signing service.

    title: what the next documents are called on the phone; set it before each `sign`. stop: ends a waiting `sign` with
    CancelledError, as long as it is set.
    """

    credential: Credential
    schemes: Sequence[Scheme]
    stop: threading.Event
    title: str
    _provider: Provider = field(repr=False)
    _told: Told = field(repr=False)
    _public: PublicKey = field(repr=False)
    _expected: int = 0
    _closed: bool = field(default=False, repr=False)

    @property
    def certificate(self) -> bytes:
        return self.credential.facts.der

    @property
    def at_once(self) -> int:
        """How many signatures one confirmation covers."""
        return self.credential.at_once

    @property
    def other_certificates(self) -> Sequence[bytes]:
        return self.credential.certificates[1:]

    @property
    def token(self) -> TokenIdentity | None:
        """No device in this machine."""
        return None

    def expect(self, count: int) -> None:
        """So many signatures will follow: where the service allows it, one confirmation covers them all."""
        self._expected = count

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        """As `signing.keys.Key.sign`. Raises as `sign_many`."""
        return self.sign_many([message], digest=digest, scheme=scheme, titles=[self.title])[0]

    def sign_many(self, messages: Sequence[bytes], *, digest: str, scheme: Scheme,
                  titles: Sequence[str] = ()) -> tuple[bytes, ...]:
        """Several signatures, in the order of `messages`, with as few confirmations as the service allows.

        Args:
            titles: one per message, for the phone; `title` where there is none.
        Raises: SchemeNotOffered, RemoteClosed; RemoteTrouble, RemoteServiceTrouble, PinTrouble; CancelledError.
        """
        if self._closed:
            raise RemoteClosed(provider=self._provider.name)
        if scheme not in self.schemes:
            raise SchemeNotOffered(certificate=self.credential.facts.display_name, scheme=scheme.value, digest=digest)
        made: list[bytes] = []
        for begin in range(0, len(messages), self.credential.at_once):
            part = messages[begin:begin + self.credential.at_once]
            named = [titles[n] if n < len(titles) else self.title for n in range(begin, begin + len(part))]
            made += self._signed(part, named, digest, scheme)
        return tuple(made)

    def _signed(self, messages: Sequence[bytes], titles: Sequence[str], digest: str, scheme: Scheme) -> list[bytes]:
        """As many as one confirmation covers."""
        documents = tuple(Document(document_id(), title, DIGESTS[digest].of(message))
                          for message, title in zip(messages, titles, strict=True))
        raw = self._carried_out(Work(documents, digest, scheme, max(self._expected, len(documents))))
        self._expected = max(self._expected - len(documents), 0)
        if len(raw) != len(messages):
            raise RemoteAnswerOdd(provider=self._provider.name, answer=f"{len(raw)} / {len(messages)}")
        made = [as_standard(self._public, one) for one in raw]
        if not all(fits(self._public, one, message, digest, scheme)
                   for one, message in zip(made, messages, strict=True)):
            raise RemoteSignatureWrong(provider=self._provider.name)
        return made

    def close(self) -> None:
        """Hang up; the account's secrets are forgotten."""
        if not self._closed:
            self._closed = True
            self._provider.close()

    def _carried_out(self, work: Work) -> tuple[bytes, ...]:
        begun = datetime.now(UTC)
        waiting = Waiting(self._provider.name, tuple((one.id, one.title) for one in work.documents), Stage.PERSON,
                          begun, begun + timedelta(seconds=self._provider.person_s))
        self._told(waiting)
        try:
            state = self._provider.begin(self.credential, work)
            failures = 0
            while isinstance(state, Pending):
                if state.stage is not waiting.stage:
                    waiting = replace(waiting, stage=state.stage)
                    self._told(waiting)
                rest = waiting.remaining(datetime.now(UTC)).total_seconds()
                if rest <= 0:
                    raise RemoteTimedOut(provider=self._provider.name, seconds=round(self._provider.person_s))
                if self.stop.wait(min(state.ask_again_s, rest)):
                    raise CancelledError
                try:
                    state = self._provider.poll(state)
                    failures = 0
                except (RemoteUnreachable, RemoteBusy):
                    failures += 1        # the person may be confirming this very moment: a lost answer is asked again
                    if failures >= FAILURES_ALLOWED:
                        raise
            return state.signatures
        finally:
            self._told(replace(waiting, stage=Stage.OVER))


def open_remote_key(provider: Provider, *, certificate: str | None = None, at: datetime | None = None,
                    stop: threading.Event | None = None, told: Told | None = None, title: str = "",
                    allow_unusable: bool = False) -> RemoteKey:
    """A key of the account at `provider`. Nothing is confirmed yet: that happens with each signature.

    Args:
        certificate: the service's id, the serial number or SHA-256 fingerprint; without it the only usable one.
        at: the aware time that decides whether a certificate is usable; now without it.
        stop: the same event the provider's line was given, so that a request on its way ends too.
        told: what a screen shows while a person confirms.
        title: see `RemoteKey.title`.
        allow_unusable: take a named certificate that is expired, or not for signing.
    Raises: RemoteCertificateNotFound, RemoteSeveralCertificates, CertificateNotUsable, RemoteCredentialUnusable; and
        what the provider raises.
    """
    moment = at or datetime.now(UTC)
    chosen = choose_credential(provider.credentials(), certificate, moment, provider.name)
    if not allow_unusable:
        chosen.facts.require_usable(moment)
        if chosen.state not in {CredentialState.USABLE, CredentialState.UNKNOWN}:
            raise RemoteCredentialUnusable(provider=provider.name, certificate=chosen.facts.display_name,
                                           answer=chosen.state.value)
    return RemoteKey(chosen, algorithms.schemes(chosen.facts.key_algorithm, chosen.algorithms),
                     stop or threading.Event(), title, provider, told or _nobody, public_key_of(chosen.facts.der))


def choose_credential(credentials: Sequence[Credential], wanted: str | None, at: datetime,
                      provider: str) -> Credential:
    """The credential called `wanted`; without a name the only one that may sign at the aware time `at`.

    Raises: RemoteCertificateNotFound, RemoteSeveralCertificates.
    """
    if wanted is not None:
        meant = [one for one in credentials if one.answers_to(wanted)]
    else:
        meant = [one for one in credentials if one.why_not(at) is None] or list(credentials)
    if not meant:
        raise RemoteCertificateNotFound(provider=provider, certificate=wanted or "")
    if len({one.id for one in meant}) > 1:
        raise RemoteSeveralCertificates(provider=provider, ids=", ".join(one.id for one in meant))
    return meant[0]


def seals_and_persons(credentials: Sequence[Credential]) -> tuple[list[Credential], list[Credential]]:
    """The agencies' seals and the persons' certificates, where the service tells them apart; unsure ones in both."""
    return ([one for one in credentials if one.is_seal is not False],
            [one for one in credentials if one.is_seal is not True])


def _nobody(_waiting: Waiting) -> None:
    pass
