"""What can go wrong with tokens and key files. Words: `resources/words/*/tokens.toml`.

    KeyTrouble
    ├── ModuleTrouble          the library: missing, other architecture, not PKCS#11, not loadable, crashed, hung
    ├── TokenTrouble           the device: absent, several, removed, login lost, busy, in use, refused, wrong answer
    ├── CertificateTrouble     not found, several, without its private key, scheme not offered
    ├── CertificateNotUsable   expired, not yet valid, not for signing … (signing.certificates)
    └── PinTrouble             empty, rejected, locked, sent before, last try, not set, expired, wrong length, given up;
        │                      the new one: empty, the same, wrong length, not accepted; change not offered, unsure
        ├── OfficerPin…            the same of the security officer's PIN, which unblocks the user's
        └── KeyFilePasswordRejected
    BadInput
    └── KeyFileDamaged, KeyFileWithoutKey, KeyFileUnsupported

A return code that has no trouble of its own stays TokenRefused with function and number: it is never called a wrong
PIN.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from signing.errors import BadInput, KeyTrouble, PinTrouble
from signing.tokens.messages import TokenFound
from signing.tokens.return_codes import name_of


class ModuleTrouble(KeyTrouble):
    """facts: module (its path). A login does not survive its module's process, so a batch waits for a new one."""

    stops_batch = True


class ModuleMissing(ModuleTrouble):
    code = "module.missing"


class ModuleWrongArchitecture(ModuleTrouble):
    """facts: module, found, needed (machine names)."""

    code = "module.wrong_architecture"


class ModuleNotPkcs11(ModuleTrouble):
    code = "module.not_pkcs11"


class ModuleLoadFailed(ModuleTrouble):
    """facts: module, reason (the system's own words)."""

    code = "module.load_failed"


class ModuleCrashed(ModuleTrouble):
    """facts: module, how (signal or exit code), doing (the kind of operation). What it was doing has not happened."""

    code = "module.crashed"


class ModuleHung(ModuleTrouble):
    """facts: module, seconds, doing."""

    code = "module.hung"


class TokenTrouble(KeyTrouble):
    """facts: token (its label or serial, as far as known)."""


class TokenAbsent(TokenTrouble):
    code = "token.absent"


class SeveralTokens(TokenTrouble):
    """facts: token, serials. Two tokens answer to the same label; the serial tells them apart."""

    code = "token.several"


class TokenRemoved(TokenTrouble):
    code = "token.removed"
    stops_batch = True


class LoginLost(TokenTrouble):
    """The token is there and no longer logged in: unplugged meanwhile, or its process was started again."""

    code = "token.login_lost"
    stops_batch = True


class TokenBusy(TokenTrouble):
    """The token takes no further session: another program holds it."""

    code = "token.busy"


class TokenInUse(TokenTrouble):
    """This program itself has a key of the token open, which this operation does not allow."""

    code = "token.in_use"


class SignatureWrong(TokenTrouble):
    """What the token gave back does not fit the certificate; it was thrown away."""

    code = "token.signature_wrong"


class TokenRefused(TokenTrouble):
    """A return code without a trouble of its own. facts: token, function, reason (its name or number).

    `function`, `number`: as the module answered; `token`: what the slot held directly afterwards.
    """

    code = "token.refused"

    def __init__(self, function: str, number: int, *, token: TokenFound | None, token_known: bool) -> None:
        super().__init__(function=function, reason=name_of(number), token=token.label if token else "")
        self.function, self.number, self.token, self.token_known = function, number, token, token_known


class LoginRefused(TokenRefused):
    """The login was refused for a reason that has no trouble of its own. Nobody knows whether it cost a try."""

    code = "token.login_refused"
    stops_batch = True


class CertificateTrouble(KeyTrouble):
    """facts: token, certificate (the id asked for, or the name in it)."""


class CertificateNotFound(CertificateTrouble):
    code = "certificate.not_found"


class SeveralCertificates(CertificateTrouble):
    """facts: token, ids."""

    code = "certificate.several"


class KeyNotFound(CertificateTrouble):
    code = "certificate.without_key"


class SchemeNotOffered(CertificateTrouble):
    """facts: certificate, scheme, digest."""

    code = "certificate.scheme_not_offered"


class PinEmpty(PinTrouble):
    code = "pin.empty"


class PinRejected(PinTrouble):
    """facts: token. `tries_left`: None where the token does not say."""

    code = "pin.rejected"
    tries_left: ClassVar[int | None] = None


class PinRejectedFewLeft(PinRejected):
    code = "pin.rejected_few_left"


class PinRejectedOneLeft(PinRejected):
    code = "pin.rejected_one_left"
    tries_left = 1


class PinLocked(PinTrouble):
    """facts: token."""

    code = "pin.locked"
    tries_left: ClassVar[int] = 0


class PinSentBefore(PinTrouble):
    """This very PIN was refused by this token a moment ago; it was not sent again. facts: token."""

    code = "pin.sent_before"


class LastTryNeedsConsent(PinTrouble):
    """One try is left, and nobody has said that it may be spent. Nothing was sent. facts: token."""

    code = "pin.last_try"


class PinNotSet(PinTrouble):
    code = "pin.not_set"


class PinExpired(PinTrouble):
    code = "pin.expired"


class PinLengthWrong(PinTrouble):
    """The token does not take a PIN of this length; whether that cost a try is for the token to say."""

    code = "pin.length"


class PinEntryGivenUp(PinTrouble):
    """The person closed the token's own PIN box, or its time ran out."""

    code = "pin.given_up"


class NewPinEmpty(PinTrouble):
    code = "pin.new_empty"


class NewPinSame(PinTrouble):
    """facts: token."""

    code = "pin.new_same"


class NewPinLength(PinTrouble):
    """The token says how long a PIN may be, and this one is not. Nothing was sent. facts: token, least, greatest."""

    code = "pin.new_length"


class NewPinNotAccepted(PinTrouble):
    """The old PIN was right; the token does not take the new one (its own rules for length or signs). facts: token."""

    code = "pin.new_not_accepted"


class PinChangeNotOffered(PinTrouble):
    """The token or its module cannot change a PIN from here. facts: token, reason (a return code)."""

    code = "pin.change_not_offered"


class PinUnblockNotOffered(PinTrouble):
    """facts: token, reason."""

    code = "pin.unblock_not_offered"


class PinChangeUnsure(PinTrouble):
    """The module crashed or hung over the change: old or new PIN, nobody knows. facts: token."""

    code = "pin.change_unsure"


class OfficerPinEmpty(PinEmpty):
    code = "officer_pin.empty"


class OfficerPinRejected(PinRejected):
    code = "officer_pin.rejected"


class OfficerPinRejectedFewLeft(OfficerPinRejected, PinRejectedFewLeft):
    code = "officer_pin.rejected_few_left"


class OfficerPinRejectedOneLeft(OfficerPinRejected, PinRejectedOneLeft):
    code = "officer_pin.rejected_one_left"


class OfficerPinLocked(PinLocked):
    """Nothing can unblock the token any more but its issuer, who sets it up anew. facts: token."""

    code = "officer_pin.locked"


class OfficerPinSentBefore(PinSentBefore):
    code = "officer_pin.sent_before"


class OfficerLastTryNeedsConsent(LastTryNeedsConsent):
    code = "officer_pin.last_try"


OFFICERS: Mapping[type[PinTrouble], type[PinTrouble]] = {
    PinEmpty: OfficerPinEmpty, PinRejected: OfficerPinRejected, PinRejectedFewLeft: OfficerPinRejectedFewLeft,
    PinRejectedOneLeft: OfficerPinRejectedOneLeft, PinLocked: OfficerPinLocked, PinSentBefore: OfficerPinSentBefore,
    LastTryNeedsConsent: OfficerLastTryNeedsConsent,
}
"""What a trouble with the user's PIN is called when it is the security officer's."""


def whose(kind: type[PinTrouble], *, as_officer: bool) -> type[PinTrouble]:
    """The trouble `kind`, or what it is called when the PIN is the security officer's."""
    return OFFICERS[kind] if as_officer else kind


class KeyFileDamaged(BadInput):
    """facts: file. Not a PKCS#12 file, or a broken one."""

    code = "key_file.damaged"


class KeyFileWithoutKey(BadInput):
    """facts: file. Certificates only, or a key that its certificate does not fit."""

    code = "key_file.without_key"


class KeyFilePasswordRejected(PinTrouble):
    """facts: file."""

    code = "key_file.password_rejected"


class KeyFileUnsupported(BadInput):
    """facts: file. Protected in a way that is not supported any more."""

    code = "key_file.unsupported"
