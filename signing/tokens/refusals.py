"""Which trouble stands behind a return code. Decided by number, flags and whether the token is still there, never by
wording; what has no trouble of its own stays a refusal with function and number."""

from __future__ import annotations

from signing.errors import KeyTrouble, PinTrouble
from signing.tokens import return_codes as rc
from signing.tokens.listing import ListedToken, PinState, officer_pin_state, pin_state
from signing.tokens.troubles import (
    LoginLost,
    LoginRefused,
    NewPinNotAccepted,
    PinChangeNotOffered,
    PinEntryGivenUp,
    PinExpired,
    PinLengthWrong,
    PinLocked,
    PinNotSet,
    PinRejected,
    PinRejectedFewLeft,
    PinRejectedOneLeft,
    PinUnblockNotOffered,
    TokenBusy,
    TokenInUse,
    TokenRefused,
    TokenRemoved,
    whose,
)

_GONE = {rc.TOKEN_NOT_PRESENT, rc.TOKEN_NOT_RECOGNIZED, rc.DEVICE_REMOVED, rc.SLOT_ID_INVALID}
_LOGIN_ENDED = {rc.SESSION_CLOSED, rc.SESSION_HANDLE_INVALID, rc.USER_NOT_LOGGED_IN}
_GIVEN_UP = {rc.FUNCTION_CANCELED, rc.FUNCTION_REJECTED, rc.CANCEL}
_IN_USE = {rc.USER_ANOTHER_ALREADY_LOGGED_IN, rc.SESSION_READ_ONLY_EXISTS, rc.SESSION_READ_WRITE_SO_EXISTS}
_NOT_OFFERED = {rc.FUNCTION_NOT_SUPPORTED, rc.SESSION_READ_ONLY, rc.TOKEN_WRITE_PROTECTED}
_NEW_PIN = {rc.PIN_INVALID, rc.PIN_LEN_RANGE}
_SETTING = {"C_SetPIN": PinChangeNotOffered, "C_InitPIN": PinUnblockNotOffered}


def trouble_of(refusal: TokenRefused, token: ListedToken, *, as_officer: bool = False) -> KeyTrouble:
    """The trouble to raise for `refusal`, met while working with `token`.

    Args:
        as_officer: the PIN that was sent was the security officer's.
    """
    if refusal.function in {"C_Login", "C_SetPIN", "C_InitPIN"}:
        trouble = _pin_trouble(refusal, token.name, as_officer)
        if trouble is not None:
            return trouble
    if refusal.number in _GONE or _taken_away(refusal, token):
        return TokenRemoved(token=token.name)
    if refusal.number in _LOGIN_ENDED:
        return LoginLost(token=token.name)
    if refusal.number == rc.SESSION_COUNT:
        return TokenBusy(token=token.name)
    if refusal.number in _IN_USE:
        return TokenInUse(token=token.name)
    kind = LoginRefused if refusal.function == "C_Login" else TokenRefused
    return kind(refusal.function, refusal.number, token=refusal.token, token_known=refusal.token_known)


def not_for_writing(refusal: TokenRefused) -> bool:
    """Whether a session for writing was refused because there is no writing at all."""
    return refusal.function == "C_OpenSession" and refusal.number in _NOT_OFFERED


def _taken_away(refusal: TokenRefused, token: ListedToken) -> bool:
    """The slot was looked at directly after the refusal: it is empty, or holds another token."""
    return refusal.token_known and (refusal.token is None or refusal.token.serial != token.serial)


def _pin_trouble(refusal: TokenRefused, name: str, as_officer: bool) -> KeyTrouble | None:
    if (setting := _SETTING.get(refusal.function)) is not None:
        if refusal.number in _NEW_PIN:
            return NewPinNotAccepted(token=name)
        if refusal.number in _NOT_OFFERED:
            return setting(token=name, reason=refusal.facts["reason"])
    match refusal.number:
        case rc.PIN_INCORRECT:
            return whose(_rejected(refusal, as_officer), as_officer=as_officer)(token=name)
        case rc.PIN_LOCKED:
            return whose(PinLocked, as_officer=as_officer)(token=name)
        case rc.PIN_LEN_RANGE:
            return PinLengthWrong(token=name)
        case rc.PIN_EXPIRED:
            return PinExpired(token=name)
        case rc.USER_PIN_NOT_INITIALIZED:
            return PinNotSet(token=name)
        case number if number in _GIVEN_UP:
            return PinEntryGivenUp(token=name)
    return None


def _rejected(refusal: TokenRefused, as_officer: bool) -> type[PinTrouble]:
    state = PinState.UNKNOWN
    if refusal.token is not None:
        state = (officer_pin_state if as_officer else pin_state)(refusal.token.flags)
    return {PinState.LOCKED: PinLocked, PinState.LAST_TRY: PinRejectedOneLeft,
            PinState.TRIES_LOW: PinRejectedFewLeft}.get(state, PinRejected)
