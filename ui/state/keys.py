"""Which certificates can be chosen for signing, and how each is told. No Qt, no PIN."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from signing.tokens.listing import ListedCertificate, ListedToken
from ui.texts import Texts


class Purpose(StrEnum):
    """Whose signature: the last choice is remembered apart for each."""

    PERSONAL = "personal"
    AGENCY = "agency"


@dataclass(frozen=True, slots=True)
class KeyOffered:
    """A certificate that can sign now, and the token it lies on.

    fingerprint: SHA-256 of the certificate, hexadecimal: how the choice is remembered.
    """

    token_label: str
    token_serial: str
    module: str
    certificate_id: str
    fingerprint: str
    holder: str
    pin: str
    own_pin_entry: bool
    valid_to: datetime

    @classmethod
    def of(cls, token: ListedToken, certificate: ListedCertificate) -> Self:
        assert certificate.facts is not None
        facts = certificate.facts
        return cls(token.label, token.serial, token.module, certificate.id, facts.fingerprint, facts.display_name,
                   token.pin.value, token.own_pin_entry, facts.not_after)

    def words(self, texts: Texts) -> str:
        return texts("key_choice.line", holder=self.holder, token=self.token_label,
                     until=texts.date(self.valid_to.date()))


def offered(tokens: Sequence[ListedToken], now: datetime) -> tuple[KeyOffered, ...]:
    """Every certificate that can sign now; expired ones and those for other uses stay out (`docclient tokens` tells
    them with the reason)."""
    return tuple(KeyOffered.of(token, certificate) for token in tokens for certificate in token.usable(now))


def remembered(keys: Sequence[KeyOffered], fingerprint: str) -> KeyOffered | None:
    """The one chosen last time, if it is there; the only one, if there is only one."""
    if len(keys) == 1:
        return keys[0]
    return next((key for key in keys if key.fingerprint == fingerprint), None)
