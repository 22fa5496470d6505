"""What a module has: tokens, the state of their PINs, their certificates. Read without a login, with no PIN at hand."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from signing.certificates import CertificateFacts, CertificateUnreadable, WhyNot, certificate_facts
from signing.keys import TokenIdentity
from signing.tokens.host import ModuleHost
from signing.tokens.messages import (
    CertificateFound,
    CertificatesListed,
    ListCertificates,
    ListSlots,
    SlotFound,
    SlotsListed,
    TokenFound,
)
from signing.tokens.return_codes import name_of
from signing.tokens.troubles import TokenRefused

# CK_TOKEN_INFO flags (PKCS #11 Base Specification 2.40, 3.2)
USER_PIN_INITIALISED = 0x8
PROTECTED_AUTHENTICATION_PATH = 0x100
TOKEN_INITIALISED = 0x400
USER_PIN_COUNT_LOW, USER_PIN_FINAL_TRY, USER_PIN_LOCKED = 0x10000, 0x20000, 0x40000
OFFICER_PIN_COUNT_LOW, OFFICER_PIN_FINAL_TRY, OFFICER_PIN_LOCKED = 0x100000, 0x200000, 0x400000
PIN_ROOM = 1024     # bytes; a token that names a greater length has not set the field


class PinState(StrEnum):
    """What the token says about its PIN; not every token says the truth (some never set the flags)."""

    OK = "ok"
    TRIES_LOW = "tries_low"
    LAST_TRY = "last_try"
    LOCKED = "locked"
    NOT_SET = "not_set"
    UNKNOWN = "unknown"

    @property
    def tries_left(self) -> int | None:
        """As far as the standard's flags tell: they know "some were wrong", "one is left" and "none is left"."""
        return {PinState.LOCKED: 0, PinState.LAST_TRY: 1}.get(self)


def pin_state(flags: int) -> PinState:
    if flags & USER_PIN_LOCKED:
        return PinState.LOCKED
    if not flags & TOKEN_INITIALISED or not flags & USER_PIN_INITIALISED:
        return PinState.NOT_SET
    if flags & USER_PIN_FINAL_TRY:
        return PinState.LAST_TRY
    return PinState.TRIES_LOW if flags & USER_PIN_COUNT_LOW else PinState.OK


def officer_pin_state(flags: int) -> PinState:
    """Of the security officer's PIN, which unblocks the user's."""
    if flags & OFFICER_PIN_LOCKED:
        return PinState.LOCKED
    if not flags & TOKEN_INITIALISED:
        return PinState.NOT_SET
    if flags & OFFICER_PIN_FINAL_TRY:
        return PinState.LAST_TRY
    return PinState.TRIES_LOW if flags & OFFICER_PIN_COUNT_LOW else PinState.OK


@dataclass(frozen=True, slots=True)
class PinLengths:
    """How long a PIN may be, in bytes of UTF-8, as far as the token says."""

    least: int | None
    greatest: int | None

    @classmethod
    def of(cls, least: int, greatest: int) -> Self:
        """From CK_TOKEN_INFO; what cannot be meant (zero, -1, the lesser above the greater) counts as not said."""
        if not 0 < greatest <= PIN_ROOM or least > greatest:
            return cls(None, None)
        return cls(least or None, greatest)

    def take(self, length: int) -> bool:
        return (self.least is None or length >= self.least) and (self.greatest is None or length <= self.greatest)


@dataclass(frozen=True, slots=True)
class ListedCertificate:
    """A certificate on a token. `facts` is None for one that cannot be read."""

    id: str
    label: str | None
    raw_id: bytes
    facts: CertificateFacts | None

    def why_not(self, at: datetime) -> WhyNot | None:
        return self.facts.why_not(at) if self.facts else WhyNot.NOT_FOR_SIGNING

    def answers_to(self, wanted: str) -> bool:
        """Whether a person means this one: its id, or its SHA-256 fingerprint, or its serial number, in hexadecimal."""
        asked = wanted.strip().lower().replace(":", "").replace(" ", "")
        return bool(asked) and (asked == self.id or (
            self.facts is not None and asked in {self.facts.fingerprint, self.facts.serial}))


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token in a slot. `hindrance` names the return code that kept its certificates from being read."""

    label: str
    serial: str
    model: str | None
    manufacturer: str | None
    slot: int
    module: str
    initialised: bool
    pin: PinState
    own_pin_entry: bool
    certificates: tuple[ListedCertificate, ...]
    hindrance: str | None = None
    officer_pin: PinState = PinState.UNKNOWN
    pin_lengths: PinLengths = PinLengths(None, None)

    @property
    def name(self) -> str:
        """What a person knows it by."""
        return self.label or self.serial

    @property
    def identity(self) -> TokenIdentity:
        return TokenIdentity(self.label, self.serial, self.module)

    @property
    def advice(self) -> str | None:
        """What stands between this token and a signature, most basic first: a code below `module_advice`."""
        if not self.initialised:
            return "token_unreadable" if self.hindrance else "token_not_initialised"
        if self.pin is PinState.LOCKED:
            return "pin_locked"
        if self.pin is PinState.NOT_SET:
            return "pin_not_set"
        if self.hindrance:
            return "token_unreadable"
        return None if self.certificates else "no_certificate"

    def usable(self, at: datetime) -> tuple[ListedCertificate, ...]:
        return tuple(certificate for certificate in self.certificates if certificate.why_not(at) is None)

    def answers_to(self, wanted: str) -> bool:
        """By label or serial; Unicode's forms of a Vietnamese label count as the same."""
        return unicodedata.normalize("NFC", wanted.strip()) in {
            unicodedata.normalize("NFC", self.label), self.serial} - {""}


def list_tokens(host: ModuleHost) -> list[ListedToken]:
    """Every token of a module, initialised ones first. One that cannot be read does not hide the others.

    Raises: ModuleTrouble; TokenRefused when the module does not even list its slots.
    """
    slots = host.ask(ListSlots(), SlotsListed).slots
    found = [listed for slot in slots if (listed := listed_slot(host, slot)) is not None]
    return sorted(found, key=lambda token: not token.initialised)


def listed_slot(host: ModuleHost, slot: SlotFound) -> ListedToken | None:
    """What is in a slot, with its certificates; None for an empty one. Raises ModuleTrouble."""
    if slot.token is not None:
        return _listed(host, slot.token)
    return _unreadable(host, slot.slot, slot.description, slot.code) if slot.code is not None else None


def _listed(host: ModuleHost, token: TokenFound) -> ListedToken:
    certificates: tuple[ListedCertificate, ...] = ()
    hindrance = None
    initialised = bool(token.flags & TOKEN_INITIALISED)
    if initialised:
        try:
            certificates = read_certificates(host, token.slot)
        except TokenRefused as refusal:
            hindrance = str(refusal.facts["reason"])
    return ListedToken(
        label=token.label, serial=token.serial, model=token.model or None, manufacturer=token.manufacturer or None,
        slot=token.slot, module=str(host.module), initialised=initialised, pin=pin_state(token.flags),
        own_pin_entry=bool(token.flags & PROTECTED_AUTHENTICATION_PATH), certificates=certificates,
        hindrance=hindrance, officer_pin=officer_pin_state(token.flags),
        pin_lengths=PinLengths.of(token.least_pin_length, token.greatest_pin_length))


def _unreadable(host: ModuleHost, slot: int, description: str, code: int | None) -> ListedToken:
    return ListedToken(
        label=description, serial="", model=None, manufacturer=None, slot=slot, module=str(host.module),
        initialised=False, pin=PinState.UNKNOWN, own_pin_entry=False, certificates=(),
        hindrance=name_of(code) if code is not None else None)


def read_certificates(host: ModuleHost, slot: int, session: int | None = None,
                      generation: int | None = None) -> tuple[ListedCertificate, ...]:
    """The X.509 certificates in a slot: the public ones, with a logged-in session all. Raises as `ModuleHost.ask`."""
    found = host.ask(ListCertificates(slot, session), CertificatesListed, generation=generation).certificates
    return tuple(_certificate(one) for one in found)


def _certificate(found: CertificateFound) -> ListedCertificate:
    """Its id is the CKA_ID; where the token has none, the fingerprint, so that every certificate can be named."""
    facts = None
    with suppress(CertificateUnreadable):
        facts = certificate_facts(found.certificate)
    return ListedCertificate(found.id.hex() or (facts.fingerprint if facts else ""), found.label, found.id, facts)


def newest_first(certificates: Sequence[ListedCertificate]) -> list[ListedCertificate]:
    """A renewed certificate keeps its key's id: the younger one is meant."""
    beginning = datetime.min.replace(tzinfo=UTC)
    return sorted(certificates, key=lambda one: one.facts.not_before if one.facts else beginning, reverse=True)
