"""A new PIN: by its owner, who knows the old one, or by the security officer, whose PIN unblocks the token.

The same care as for a login: the state of the PIN is read before anybody is asked, no try is spent on an empty PIN or
on one that was refused before, and the last try needs consent. A locked officer's PIN leaves only the issuer.
Source: PKCS #11 Base Specification 2.40, 5.5 (C_InitPIN, C_SetPIN).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path

from signing.errors import KeyTrouble
from signing.tokens.choice import choose_initialised
from signing.tokens.host import ModuleHost, host_of
from signing.tokens.known_modules import resolve
from signing.tokens.listing import ListedToken, list_tokens
from signing.tokens.login import PinAsker, check_pin, check_state, given_pin, log_in, memory_key, session_with
from signing.tokens.messages import ChangePin, Done, SetFirstPin, wipe
from signing.tokens.pin_memory import refused_pins
from signing.tokens.refusals import not_for_writing, trouble_of
from signing.tokens.return_codes import PIN_INCORRECT
from signing.tokens.troubles import (
    ModuleCrashed,
    ModuleHung,
    NewPinEmpty,
    NewPinLength,
    NewPinSame,
    PinChangeNotOffered,
    PinChangeUnsure,
    PinExpired,
    PinUnblockNotOffered,
    TokenRefused,
)


def change_pin(module: Path, *, token: str | None = None, pin: bytearray | PinAsker | None,
               new_pin: bytearray | PinAsker | None, last_try_allowed: bool = False,
               environment: Mapping[str, str] | None = None) -> ListedToken:
    """Replace the user's PIN; keys of this token that are open stay open.

    Args:
        token: its label or serial; without it the only one there is.
        pin, new_pin: UTF-8, overwritten whatever happens; or who to ask for them once the state of the PIN is known.
            A token with its own entry asks for both by itself, and nobody is asked here.
        last_try_allowed: a person has said that the last try of the old PIN may be spent.
    Returns: the token as it is afterwards.
    Raises: NewPinEmpty, NewPinSame, NewPinLength before anything is sent; PinTrouble as for a login;
        NewPinNotAccepted, PinChangeNotOffered, PinChangeUnsure; TokenTrouble, ModuleTrouble.
    """
    return _set(module, token, pin, new_pin, last_try_allowed, environment, as_officer=False)


def unblock_pin(module: Path, *, token: str | None = None, officer_pin: bytearray | PinAsker | None,
                new_pin: bytearray | PinAsker | None, last_try_allowed: bool = False,
                environment: Mapping[str, str] | None = None) -> ListedToken:
    """Set the user's PIN as security officer: it was locked or forgotten. No key of the token may be open meanwhile.

    Args, returns and raises as `change_pin`, with the officer's PIN in the place of the old one and its own troubles
    (OfficerPinRejected …); PinUnblockNotOffered; TokenInUse.
    """
    return _set(module, token, officer_pin, new_pin, last_try_allowed, environment, as_officer=True)


@dataclass(slots=True)
class _Pins:
    """What is about to be sent; `close` overwrites all of it."""

    known: bytearray | None
    new: bytearray | None

    def close(self) -> None:
        wipe(self.known)
        wipe(self.new)


def _set(module: Path, wanted: str | None, pin: bytearray | PinAsker | None, new_pin: bytearray | PinAsker | None,
         last_try_allowed: bool, environment: Mapping[str, str] | None, *, as_officer: bool) -> ListedToken:
    pins = _Pins(pin if isinstance(pin, bytearray) else None, new_pin if isinstance(new_pin, bytearray) else None)
    try:
        host = host_of(resolve(module), environment)
        host.load()
        generation = host.generation
        token = choose_initialised(list_tokens(host), wanted)
        check_state(token, last_try_allowed=last_try_allowed, as_officer=as_officer)
        pins.known = given_pin(pin, token)
        check_pin(token, pins.known, as_officer=as_officer)
        pins.new = given_pin(new_pin, token)
        _check_new(token, pins, as_officer)
        try:
            with session_with(host, token, generation, writable=True) as session:
                (_unblock if as_officer else _change)(host, token, session, pins, last_try_allowed, generation)
        except TokenRefused as refusal:
            if not_for_writing(refusal):
                kind = PinUnblockNotOffered if as_officer else PinChangeNotOffered
                raise kind(token=token.name, reason=refusal.facts["reason"]) from None
            raise trouble_of(refusal, token, as_officer=as_officer) from None
    finally:
        pins.close()
    refused_pins.accepted(token.serial)       # what was wrong before may be right now
    return _as_it_is_now(host, token)


def _change(host: ModuleHost, token: ListedToken, session: int, pins: _Pins, last_try_allowed: bool,
            generation: int) -> None:
    both, length, digest = None, 0, b""
    if pins.known is not None and pins.new is not None:
        both, length = pins.known + pins.new, len(pins.known)
        digest = refused_pins.digest(memory_key(token), pins.known)
        try:
            # first a login: what C_SetPIN refuses afterwards is the new PIN and not the old one
            log_in(host, token, session, pins.known, last_try_allowed=last_try_allowed, generation=generation)
        except PinExpired:
            pass       # the PIN was right and may be used for one thing only: being changed
        except BaseException:
            wipe(both)
            raise
    try:
        _ask(host, token, ChangePin(session, length), both, generation)
    except TokenRefused as refusal:
        if refusal.number == PIN_INCORRECT and digest:
            refused_pins.refused(memory_key(token), digest)
        raise


def _unblock(host: ModuleHost, token: ListedToken, session: int, pins: _Pins, last_try_allowed: bool,
             generation: int) -> None:
    log_in(host, token, session, pins.known, last_try_allowed=last_try_allowed, generation=generation, as_officer=True)
    _ask(host, token, SetFirstPin(session), pins.new, generation)


def _ask(host: ModuleHost, token: ListedToken, ask: ChangePin | SetFirstPin, secret: bytearray | None,
         generation: int) -> None:
    try:
        host.ask(ask, Done, secret=secret, own_entry=token.own_pin_entry, generation=generation)
    except (ModuleCrashed, ModuleHung):
        raise PinChangeUnsure(token=token.name) from None


def _check_new(token: ListedToken, pins: _Pins, as_officer: bool) -> None:
    """Whether the new PIN is worth being sent."""
    if token.own_pin_entry:
        return
    if not pins.new:
        raise NewPinEmpty(token=token.name)
    if not as_officer and pins.known is not None and compare_digest(pins.known, pins.new):
        raise NewPinSame(token=token.name)
    lengths = token.pin_lengths
    if not lengths.take(len(pins.new)):
        raise NewPinLength(token=token.name, least=lengths.least or 1, greatest=lengths.greatest)


def _as_it_is_now(host: ModuleHost, token: ListedToken) -> ListedToken:
    """The change is done, whatever becomes of this reading."""
    try:
        return next((one for one in list_tokens(host) if one.serial == token.serial), token)
    except KeyTrouble:
        return token
