"""Logging in with care: every try counts, and a token that locks is weeks without signing."""

from __future__ import annotations

from signing.tokens.host import ModuleHost
from signing.tokens.listing import ListedToken, PinState
from signing.tokens.messages import LoggedIn, LogIn, PinHeldBack, wipe
from signing.tokens.pin_memory import refused_pins
from signing.tokens.refusals import trouble_of
from signing.tokens.return_codes import PIN_INCORRECT
from signing.tokens.troubles import (
    LastTryNeedsConsent,
    PinEmpty,
    PinLocked,
    PinNotSet,
    PinSentBefore,
    TokenRefused,
)


def check_state(token: ListedToken, *, last_try_allowed: bool) -> None:
    """Whether a PIN may be asked for at all. Raises PinNotSet, PinLocked, LastTryNeedsConsent."""
    name = token.label or token.serial
    match token.pin:
        case PinState.NOT_SET:
            raise PinNotSet(token=name)
        case PinState.LOCKED:
            raise PinLocked(token=name)
        case PinState.LAST_TRY if not last_try_allowed:
            raise LastTryNeedsConsent(token=name)


def check_pin(token: ListedToken, pin: bytearray | None) -> None:
    """Whether this PIN is worth a try. Raises PinEmpty, PinSentBefore."""
    if token.own_pin_entry:
        return
    if not pin:
        raise PinEmpty(token=token.label or token.serial)
    if refused_pins.was_refused(token.serial, pin):
        raise PinSentBefore(token=token.label or token.serial)


def log_in(host: ModuleHost, token: ListedToken, session: int, pin: bytearray | None, *,
           last_try_allowed: bool, generation: int) -> bool:
    """Log in once; `pin` is overwritten. A token with its own entry is left to ask by itself.

    Returns: whether some key of the token wants its PIN again for every signature.
    Raises: as `check_state` and `check_pin`; PinTrouble, TokenTrouble, ModuleTrouble for what the token answers.
    """
    try:
        check_state(token, last_try_allowed=last_try_allowed)
        check_pin(token, pin)
        return _send(host, token, session, pin, last_try_allowed, generation)
    finally:
        wipe(pin)


def _send(host: ModuleHost, token: ListedToken, session: int, pin: bytearray | None, last_try_allowed: bool,
          generation: int) -> bool:
    name = token.label or token.serial
    digest = refused_pins.digest(token.serial, pin) if pin else None
    if token.own_pin_entry:
        wipe(pin)
        pin = None
    try:
        # the child reads the flags again directly before C_Login: another program may have spent tries meanwhile
        answer = host.ask(LogIn(session, last_try_allowed=last_try_allowed), LoggedIn, PinHeldBack, secret=pin,
                          own_entry=token.own_pin_entry, generation=generation)
    except TokenRefused as refusal:
        if refusal.number == PIN_INCORRECT and digest is not None and not token.own_pin_entry:
            refused_pins.refused(token.serial, digest)
        raise trouble_of(refusal, token) from None
    if isinstance(answer, PinHeldBack):
        raise PinLocked(token=name) if answer.locked else LastTryNeedsConsent(token=name)
    refused_pins.accepted(token.serial)
    return answer.asks_each_time
