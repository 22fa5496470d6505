"""Which trouble stands behind a return code. Decided by number, flags and whether the token is still there, never by
wording; what has no trouble of its own stays a refusal with function and number."""

from __future__ import annotations

from signing.errors import KeyTrouble
from signing.tokens import return_codes as rc
from signing.tokens.listing import ListedToken, PinState, pin_state
from signing.tokens.troubles import (
    LoginLost,
    LoginRefused,
    PinEntryGivenUp,
    PinExpired,
    PinLengthWrong,
    PinLocked,
    PinNotSet,
    PinRejected,
    PinRejectedFewLeft,
    PinRejectedOneLeft,
    TokenBusy,
    TokenRefused,
    TokenRemoved,
)

_GONE = {rc.TOKEN_NOT_PRESENT, rc.TOKEN_NOT_RECOGNIZED, rc.DEVICE_REMOVED, rc.SLOT_ID_INVALID}
_LOGIN_ENDED = {rc.SESSION_CLOSED, rc.SESSION_HANDLE_INVALID, rc.USER_NOT_LOGGED_IN}
_GIVEN_UP = {rc.FUNCTION_CANCELED, rc.FUNCTION_REJECTED, rc.CANCEL}


def trouble_of(refusal: TokenRefused, token: ListedToken) -> KeyTrouble:
    """The trouble to raise for `refusal`, met while working with `token`."""
    name = token.label or token.serial
    if refusal.function == "C_Login":
        trouble = _login_trouble(refusal, name)
        if trouble is not None:
            return trouble
    if refusal.number in _GONE or _taken_away(refusal, token):
        return TokenRemoved(token=name)
    if refusal.number in _LOGIN_ENDED:
        return LoginLost(token=name)
    if refusal.number == rc.SESSION_COUNT:
        return TokenBusy(token=name)
    kind = LoginRefused if refusal.function == "C_Login" else TokenRefused
    return kind(refusal.function, refusal.number, token=refusal.token, token_known=refusal.token_known)


def _taken_away(refusal: TokenRefused, token: ListedToken) -> bool:
    """The slot was looked at directly after the refusal: it is empty, or holds another token."""
    return refusal.token_known and (refusal.token is None or refusal.token.serial != token.serial)


def _login_trouble(refusal: TokenRefused, name: str) -> KeyTrouble | None:
    match refusal.number:
        case rc.PIN_INCORRECT:
            return _rejected(pin_state(refusal.token.flags) if refusal.token else PinState.UNKNOWN, name)
        case rc.PIN_LOCKED:
            return PinLocked(token=name)
        case rc.PIN_LEN_RANGE:
            return PinLengthWrong(token=name)
        case rc.PIN_EXPIRED:
            return PinExpired(token=name)
        case rc.USER_PIN_NOT_INITIALIZED:
            return PinNotSet(token=name)
        case number if number in _GIVEN_UP:
            return PinEntryGivenUp(token=name)
    return None


def _rejected(state: PinState, name: str) -> KeyTrouble:
    match state:
        case PinState.LOCKED:
            return PinLocked(token=name)
        case PinState.LAST_TRY:
            return PinRejectedOneLeft(token=name)
        case PinState.TRIES_LOW:
            return PinRejectedFewLeft(token=name)
    return PinRejected(token=name)
