"""A signing key on a token, behind its module's process.

`open_token_key` finds the token and the exact certificate first and logs in last, so that a PIN never reaches a device
that does not hold the wanted certificate. What could cost a try in vain is refused before anything is sent: an empty
PIN, one that this token has refused before, a locked PIN, and the last try without consent.

A token that was unplugged comes back without its login, perhaps in another slot: `TokenKey.reopen` finds it again by
serial and certificate and logs in anew.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from pathlib import Path

from signing.certificates import CertificateFacts, certificate_facts
from signing.errors import KeyTrouble
from signing.keys import Scheme, TokenIdentity
from signing.tokens import mechanisms, return_codes
from signing.tokens.choice import choose_certificate, choose_token
from signing.tokens.host import ModuleHost, host_of
from signing.tokens.known_modules import resolve
from signing.tokens.listing import ListedCertificate, ListedToken, list_tokens, read_certificates
from signing.tokens.login import PinAsker, check_state, given_pin, log_in
from signing.tokens.messages import (
    CloseSession,
    Done,
    FindKey,
    KeyFound,
    MakeSignature,
    NotFound,
    OpenSession,
    SessionOpened,
    SignatureMade,
    wipe,
)
from signing.tokens.public_keys import (
    PublicKey,
    as_standard,
    fits,
    key_bytes,
    public_key_of,
    public_value,
    signature_bytes,
)
from signing.tokens.refusals import trouble_of
from signing.tokens.troubles import (
    CertificateNotFound,
    KeyNotFound,
    LoginLost,
    SchemeNotOffered,
    SignatureWrong,
    TokenRefused,
    TokenRemoved,
)

__all__ = ["PinAsker", "TokenKey", "open_token_key"]

TRY_ANOTHER_WAY = {
    return_codes.MECHANISM_INVALID, return_codes.MECHANISM_PARAM_INVALID, return_codes.KEY_TYPE_INCONSISTENT,
    return_codes.FUNCTION_NOT_SUPPORTED, return_codes.DATA_INVALID, return_codes.DATA_LEN_RANGE,
}
"""Refusals that say "not with this mechanism": the next way is tried. None of them costs a try of the PIN."""
NOT_SO_FAST = {return_codes.DEVICE_ERROR, return_codes.FUNCTION_FAILED}
"""What some tokens answer to a signature that is asked for too soon after the last one."""
PAUSE_S = 0.5       # users measured that half a second is enough
HANDLE_OUTDATED = {return_codes.KEY_HANDLE_INVALID, return_codes.OBJECT_HANDLE_INVALID}
"""Another login on the same token renews the handles of private objects (PKCS #11 Base 2.40, 5.6.7, C_Logout)."""


@dataclass(slots=True, eq=False)
class TokenKey:
    """A `signing.keys.Key` on a token, logged in until `close`.

    `own_pin_entry`: the token asks for its PIN by itself. `asks_each_time`: it wants the PIN for every signature; with
    `own_pin_entry` that means a person has to be there for each document of a batch. `asked_again`: how often such a
    token had to be logged in again, because a login was good for a few signatures only.
    """

    certificate: bytes
    other_certificates: Sequence[bytes]
    token: TokenIdentity
    schemes: Sequence[Scheme]
    own_pin_entry: bool
    asks_each_time: bool
    _host: ModuleHost = field(repr=False)
    _generation: int = field(repr=False)
    _session: int = field(repr=False)
    _listed: ListedToken = field(repr=False)
    _public: PublicKey = field(repr=False)
    _found: KeyFound = field(repr=False)
    _id: bytes = field(repr=False)
    _unfit: set[int] = field(default_factory=set, repr=False)
    _closed: bool = field(default=False, repr=False)
    asked_again: int = 0

    def sign(self, message: bytes, *, digest: str, scheme: Scheme, person_may_be_asked: bool = False) -> bytes:
        """As `signing.keys.Key.sign`; the result was checked against the certificate before it is given out.

        Args:
            person_may_be_asked: the token may open a box of its own; the deadline leaves time for typing.
        Raises: SchemeNotOffered, SignatureWrong, TokenRemoved, LoginLost, TokenRefused, PinTrouble (of a key that asks
            each time), ModuleTrouble.
        """
        if self._closed:
            raise LoginLost(token=self.token.label)
        ways = [way for way in mechanisms.attempts(scheme, mechanisms.DIGESTS[digest], message,
                                                   self._found.mechanisms, key_bytes(self._public))
                if way.mechanism not in self._unfit]
        if scheme not in self.schemes:
            ways = []
        for way in ways:
            try:
                made = self._make(way, person_may_be_asked)
            except LoginLost:
                raise LoginLost(token=self.token.label) from None
            except TokenRefused as refusal:
                if refusal.number not in TRY_ANOTHER_WAY:
                    raise trouble_of(refusal, self._listed) from None
                self._unfit.add(way.mechanism)
                continue
            signature = as_standard(self._public, made)
            if not fits(self._public, signature, message, digest, scheme):
                raise SignatureWrong(token=self.token.label)
            return signature
        raise SchemeNotOffered(certificate=self.token.label, scheme=scheme.value, digest=digest)

    def close(self) -> None:
        """Log out and let the token go; a token or process that is gone already needs no goodbye."""
        if not self._closed:
            self._closed = True
            with suppress(KeyTrouble):
                self._host.ask(CloseSession(self._session), Done, generation=self._generation)

    def reopen(self, pin: bytearray | PinAsker | None, *, last_try_allowed: bool = False) -> None:
        """Log in again: the token was unplugged, the module's process ended, or the key was closed.

        The token is known again by its serial and this certificate, in whatever slot it is now. Not while another
        thread is in `sign`.

        Args:
            pin, last_try_allowed: as for `open_token_key`; `pin` is overwritten.
        Raises: TokenAbsent while it is not plugged in; else as `open_token_key`. The key stays closed then.
        """
        self.close()
        try:
            fingerprint = certificate_facts(self.certificate).fingerprint
            again = _open(self._host, self.token.serial or None, fingerprint, pin, last_try_allowed, datetime.now(UTC),
                          allow_unusable=True)
        finally:
            if isinstance(pin, bytearray):
                wipe(pin)
        for one in fields(self):
            setattr(self, one.name, getattr(again, one.name))

    def _make(self, way: mechanisms.Attempt, person_may_be_asked: bool) -> bytes:
        try:
            return self._ask(way, person_may_be_asked)
        except TokenRefused as refusal:
            if refusal.number in NOT_SO_FAST and refusal.token is not None:
                time.sleep(PAUSE_S)      # once: nothing was signed, and no PIN is involved
                return self._ask(way, person_may_be_asked)
            if refusal.number == return_codes.USER_NOT_LOGGED_IN and self.own_pin_entry:
                # a PIN pad whose login was good for one signature: it may ask its person again, no PIN comes from us
                log_in(self._host, self._listed, self._session, None, last_try_allowed=False,
                       generation=self._generation)
                self.asked_again += 1
            elif refusal.number not in HANDLE_OUTDATED:
                raise
        found = _find_key(self._host, self._generation, self._session, self._public, self._id)
        if found is None:
            raise self._gone()
        self._found = found
        return self._ask(way, person_may_be_asked)

    def _gone(self) -> KeyTrouble:
        """The key is no longer there: with its token, or only with the login?"""
        here = any(token.serial == self.token.serial for token in list_tokens(self._host))
        return LoginLost(token=self.token.label) if here else TokenRemoved(token=self.token.label)

    def _ask(self, way: mechanisms.Attempt, person_may_be_asked: bool = False) -> bytes:
        ask = MakeSignature(self._session, self._found.key, way.mechanism, way.pss, way.data,
                            signature_bytes(self._public))
        slowly = person_may_be_asked or (self.own_pin_entry and self.asks_each_time)
        return self._host.ask(ask, SignatureMade, own_entry=slowly, generation=self._generation).value


def open_token_key(module: Path, *, token: str | None = None, certificate: str | None = None,
                   pin: bytearray | PinAsker | None = None, last_try_allowed: bool = False, at: datetime | None = None,
                   allow_unusable: bool = False, environment: Mapping[str, str] | None = None) -> TokenKey:
    """Log in to a token and give the key of one of its certificates.

    Args:
        module: the PKCS#11 library.
        token: the token's label or serial; without it the only one that can be meant.
        certificate: its id on the token, SHA-256 fingerprint or serial number, hexadecimal; without it the only one
            that can sign now.
        pin: UTF-8; overwritten whatever happens. A function is asked for it once everything else is found and the
            state of the PIN is known. None only for a token that asks by itself.
        last_try_allowed: a person has said that the last try may be spent.
        at: the aware time that decides whether a certificate is usable; now without it.
        allow_unusable: take a named certificate that is expired, or not for signing.
        environment: what the module needs beside our own environment (SOFTHSM2_CONF).
    Raises: ModuleTrouble, TokenTrouble, CertificateTrouble, CertificateNotUsable, PinTrouble.
    """
    try:
        return _open(host_of(resolve(module), environment), token, certificate, pin, last_try_allowed,
                     at or datetime.now(UTC), allow_unusable)
    finally:
        if isinstance(pin, bytearray):
            wipe(pin)


def _open(host: ModuleHost, token: str | None, certificate: str | None, pin: bytearray | PinAsker | None,
          last_try_allowed: bool, at: datetime, allow_unusable: bool) -> TokenKey:
    host.load()
    generation = host.generation
    listed = choose_token(list_tokens(host), token, certificate, at)
    chosen = None
    if listed.certificates or token is None:
        chosen = choose_certificate(listed.certificates, certificate, at, listed.name)
        _require_usable(chosen, at, allow_unusable)
    check_state(listed, last_try_allowed=last_try_allowed)
    pin = given_pin(pin, listed)
    try:
        session = host.ask(OpenSession(listed.slot, listed.serial), SessionOpened, generation=generation).session
    except TokenRefused as refusal:
        raise trouble_of(refusal, listed) from None
    try:
        asks_each_time = log_in(host, listed, session, pin, last_try_allowed=last_try_allowed, generation=generation)
        certificates = listed.certificates
        if chosen is None:    # a token that shows its certificates only to its owner
            certificates = read_certificates(host, listed.slot, session, generation)
            chosen = choose_certificate(certificates, certificate, at, listed.name)
            _require_usable(chosen, at, allow_unusable)
        if chosen.facts is None:
            raise CertificateNotFound(token=listed.name, certificate=chosen.id)
        public = public_key_of(chosen.facts.der)
        found = _find_key(host, generation, session, public, chosen.raw_id)
        if found is None:
            raise KeyNotFound(token=listed.name, certificate=chosen.facts.display_name)
    except BaseException as error:
        with suppress(KeyTrouble):
            host.ask(CloseSession(session), Done, generation=generation)
        if isinstance(error, TokenRefused):
            raise trouble_of(error, listed) from None
        raise
    return TokenKey(
        certificate=chosen.facts.der, other_certificates=_issuers(certificates, chosen.facts),
        token=listed.identity, schemes=mechanisms.schemes(chosen.facts.key_algorithm, found.mechanisms),
        own_pin_entry=listed.own_pin_entry, asks_each_time=asks_each_time and found.asks_each_time,
        _host=host, _generation=generation, _session=session, _listed=listed, _public=public, _found=found,
        _id=chosen.raw_id)


def _require_usable(chosen: ListedCertificate, at: datetime, allow_unusable: bool) -> None:
    if chosen.facts is not None and not allow_unusable:
        chosen.facts.require_usable(at)


def _find_key(host: ModuleHost, generation: int, session: int, public: PublicKey, identifier: bytes) -> KeyFound | None:
    found = host.ask(FindKey(session, identifier, public_value(public)), KeyFound, NotFound,
                     generation=generation)
    return found if isinstance(found, KeyFound) else None


def _issuers(certificates: Sequence[ListedCertificate], signer: CertificateFacts) -> tuple[bytes, ...]:
    """The authorities' certificates stored beside the key."""
    return tuple(one.facts.der for one in certificates
                 if one.facts is not None and one.facts.is_authority and one.facts.der != signer.der)
