"""Logging in with care: every try counts, and a token that locks is weeks without signing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from signing.errors import KeyTrouble
from signing.tokens.host import ModuleHost
from signing.tokens.listing import ListedToken, PinState
from signing.tokens.messages import CloseSession, Done, LoggedIn, LogIn, OpenSession, PinHeldBack, SessionOpened, wipe
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
    whose,
)

PinAsker = Callable[[ListedToken], bytearray]
"""Asks a person for the PIN of this token: what it says about the tries left can be shown before."""


def given_pin(pin: bytearray | PinAsker | None, token: ListedToken) -> bytearray | None:
    """The PIN, asked for where that is still to be done; None for a token that asks by itself."""
    if token.own_pin_entry:
        if isinstance(pin, bytearray):
            wipe(pin)
        return None
    return pin(token) if callable(pin) else pin


def check_state(token: ListedToken, *, last_try_allowed: bool, as_officer: bool = False) -> None:
    """Whether a PIN may be asked for at all. Raises PinNotSet, PinLocked, LastTryNeedsConsent."""
    match token.officer_pin if as_officer else token.pin:
        case PinState.NOT_SET:
            raise PinNotSet(token=token.name)
        case PinState.LOCKED:
            raise whose(PinLocked, as_officer=as_officer)(token=token.name)
        case PinState.LAST_TRY if not last_try_allowed:
            raise whose(LastTryNeedsConsent, as_officer=as_officer)(token=token.name)


def check_pin(token: ListedToken, pin: bytearray | None, *, as_officer: bool = False) -> None:
    """Whether this PIN is worth a try. Raises PinEmpty, PinSentBefore."""
    if token.own_pin_entry:
        return
    if not pin:
        raise whose(PinEmpty, as_officer=as_officer)(token=token.name)
    if refused_pins.was_refused(memory_key(token, as_officer), pin):
        raise whose(PinSentBefore, as_officer=as_officer)(token=token.name)


def log_in(host: ModuleHost, token: ListedToken, session: int, pin: bytearray | None, *,
           last_try_allowed: bool, generation: int, as_officer: bool = False) -> bool:
    """Log in once; `pin` is overwritten. A token with its own entry is left to ask by itself.

    Args:
        as_officer: the security officer, who can set the user's PIN, instead of the user.
    Returns: whether some key of the token wants its PIN again for every signature.
    Raises: as `check_state` and `check_pin`; PinTrouble, TokenTrouble, ModuleTrouble for what the token answers.
    """
    try:
        check_state(token, last_try_allowed=last_try_allowed, as_officer=as_officer)
        check_pin(token, pin, as_officer=as_officer)
        return _send(host, token, session, pin, last_try_allowed, generation, as_officer)
    finally:
        wipe(pin)


@contextmanager
def session_with(host: ModuleHost, token: ListedToken, generation: int, *, writable: bool = False) -> Iterator[int]:
    """A session with this very token, closed (and logged out) at the end.

    Raises: TokenRefused, whatever the reason; ModuleTrouble.
    """
    ask = OpenSession(token.slot, token.serial, writable=writable)
    session = host.ask(ask, SessionOpened, generation=generation).session
    try:
        yield session
    finally:
        with suppress(KeyTrouble):
            host.ask(CloseSession(session), Done, generation=generation)


def memory_key(token: ListedToken, as_officer: bool = False) -> str:
    """Under which refused PINs are remembered: the two PINs of a token are apart."""
    return f"{token.serial}\0officer" if as_officer else token.serial


def _send(host: ModuleHost, token: ListedToken, session: int, pin: bytearray | None, last_try_allowed: bool,
          generation: int, as_officer: bool) -> bool:
    remembered = memory_key(token, as_officer)
    digest = refused_pins.digest(remembered, pin) if pin else None
    if token.own_pin_entry:
        wipe(pin)
        pin = None
    try:
        # the child reads the flags again directly before C_Login: another program may have spent tries meanwhile
        answer = host.ask(LogIn(session, last_try_allowed=last_try_allowed, as_officer=as_officer), LoggedIn,
                          PinHeldBack, secret=pin, own_entry=token.own_pin_entry, generation=generation)
    except TokenRefused as refusal:
        if refusal.number == PIN_INCORRECT and digest is not None and not token.own_pin_entry:
            refused_pins.refused(remembered, digest)
        raise trouble_of(refusal, token, as_officer=as_officer) from None
    if isinstance(answer, PinHeldBack):
        raise whose(PinLocked if answer.locked else LastTryNeedsConsent, as_officer=as_officer)(token=token.name)
    refused_pins.accepted(remembered)
    return answer.asks_each_time
