"""What a certificate says, and whether it may be used for a signature now.

Names are read with asn1crypto: it takes the long Vietnamese names and the old string types that real subscribers'
certificates carry. Times are aware UTC.
"""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

from asn1crypto import x509

from signing.errors import BadInput, KeyTrouble

RSA_LEAST_BITS = 2048     # TT 15/2025/TT-BKHCN, Annex I
EC_LEAST_BITS = 256
VIETNAM = timezone(timedelta(hours=7))
_SHORT = {
    "common_name": "CN", "organization_name": "O", "organizational_unit_name": "OU", "locality_name": "L",
    "state_or_province_name": "ST", "country_name": "C", "email_address": "E", "user_id": "UID",
    "serial_number": "SERIALNUMBER", "title": "T", "surname": "SN", "given_name": "GN", "street_address": "STREET",
    "domain_component": "DC", "organization_identifier": "ORGID",
}
_OTHER_TRADES = {"time_stamping", "ocsp_signing"}


class CertificateUnreadable(BadInput):
    """The bytes are no X.509 certificate."""

    code = "certificate.unreadable"


class CertificateNotUsable(KeyTrouble):
    """facts: certificate (the name in it), not_before, not_after. One child per reason."""

    code = "certificate.not_usable"


class CertificateExpired(CertificateNotUsable):
    code = "certificate.expired"


class CertificateNotYetValid(CertificateNotUsable):
    code = "certificate.not_yet_valid"


class CertificateNotForSigning(CertificateNotUsable):
    """For encryption, time-stamps or the like: its key usage leaves signatures out."""

    code = "certificate.not_for_signing"


class CertificateOfAuthority(CertificateNotUsable):
    code = "certificate.of_authority"


class CertificateKeyTooWeak(CertificateNotUsable):
    """facts: also key, as in "RSA-1024"."""

    code = "certificate.key_too_weak"


class WhyNot(StrEnum):
    """Why a certificate is not offered for signing; words: `certificate_state.<value>`."""

    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    NOT_FOR_SIGNING = "not_for_signing"
    OF_AUTHORITY = "of_authority"
    KEY_TOO_WEAK = "key_too_weak"

    @property
    def words(self) -> str:
        return f"certificate_state.{self.value}"


_TROUBLES = {
    WhyNot.EXPIRED: CertificateExpired, WhyNot.NOT_YET_VALID: CertificateNotYetValid,
    WhyNot.NOT_FOR_SIGNING: CertificateNotForSigning, WhyNot.OF_AUTHORITY: CertificateOfAuthority,
    WhyNot.KEY_TOO_WEAK: CertificateKeyTooWeak,
}


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """A certificate in plain values.

    `der` is the certificate alone, without the padding some tokens add. `subject` and `issuer` are in the order of
    RFC 4514 (most specific part first). `serial`: hexadecimal, lower case, even number of digits. `key_usage` and
    `extended_key_usage`: asn1crypto's names; None where the extension is absent.
    """

    der: bytes
    subject: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    common_name: str
    organisation: str | None
    unit: str | None
    locality: str | None
    email: str | None
    key_algorithm: str
    key_bits: int
    key_usage: frozenset[str] | None
    extended_key_usage: frozenset[str] | None
    is_authority: bool
    self_issued: bool

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal, lower case."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def display_name(self) -> str:
        """The name on screens: the common name, and the body it belongs to where that says more.

        Never a personal identification number, though many subjects carry one (UID).
        """
        if self.organisation and self.organisation != self.common_name:
            return f"{self.common_name} ({self.organisation})"
        return self.common_name

    @property
    def key_name(self) -> str:
        return f"{self.key_algorithm.upper()}-{self.key_bits}"

    def why_not(self, at: datetime) -> WhyNot | None:
        """Why it may not sign at the aware time `at`, or None when it may (TT 15/2025 article 5, S1).

        Dates, key usage and key length only; path and revocation are for the verification.
        """
        if self.is_authority:
            return WhyNot.OF_AUTHORITY
        if self.key_usage is not None and not self.key_usage & {"digital_signature", "non_repudiation"}:
            return WhyNot.NOT_FOR_SIGNING
        if self.extended_key_usage and self.extended_key_usage <= _OTHER_TRADES:
            return WhyNot.NOT_FOR_SIGNING
        if self.key_algorithm not in {"rsa", "ec"}:
            return WhyNot.NOT_FOR_SIGNING
        if self.key_bits < (RSA_LEAST_BITS if self.key_algorithm == "rsa" else EC_LEAST_BITS):
            return WhyNot.KEY_TOO_WEAK
        if at > self.not_after:
            return WhyNot.EXPIRED
        if at < self.not_before:
            return WhyNot.NOT_YET_VALID
        return None

    def require_usable(self, at: datetime) -> None:
        """Raises the child of CertificateNotUsable that says why it may not sign at the aware time `at`."""
        reason = self.why_not(at)
        if reason is not None:
            raise _TROUBLES[reason](certificate=self.display_name, key=self.key_name,
                                    not_before=day_shown(self.not_before), not_after=day_shown(self.not_after))


def certificate_facts(der: bytes) -> CertificateFacts:
    """Read a certificate. Raises CertificateUnreadable."""
    try:
        parsed = x509.Certificate.load(der)
        tbs = parsed["tbs_certificate"]
        subject, issuer = _parts(tbs["subject"]), _parts(tbs["issuer"])
        usage, extended = parsed.key_usage_value, parsed.extended_key_usage_value
        constraints = parsed.basic_constraints_value
        first = dict(reversed(subject))
        return CertificateFacts(
            der=parsed.dump(),
            subject=_one_line(subject),
            issuer=_one_line(issuer),
            serial=serial_hex(parsed.serial_number),
            not_before=_utc(tbs["validity"]["not_before"].native),
            not_after=_utc(tbs["validity"]["not_after"].native),
            common_name=first.get("CN") or first.get("O") or _one_line(subject),
            organisation=first.get("O"), unit=first.get("OU"), locality=first.get("L"), email=first.get("E"),
            key_algorithm=parsed.public_key.algorithm,
            key_bits=parsed.public_key.bit_size if parsed.public_key.algorithm in {"rsa", "ec"} else 0,
            key_usage=None if usage is None else frozenset(usage.native),
            extended_key_usage=None if extended is None else frozenset(extended.native),
            is_authority=bool(constraints is not None and constraints["ca"].native),
            self_issued=bool(tbs["subject"].dump() == tbs["issuer"].dump()),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CertificateUnreadable from error


def day_shown(moment: datetime) -> str:
    """The day in Vietnam (UTC+7, no summer time) as officials write it: 05/03/2026."""
    return f"{moment.astimezone(VIETNAM):%d/%m/%Y}"


def serial_hex(number: int) -> str:
    """A certificate's serial number as shown everywhere: hexadecimal, lower case, even number of digits."""
    digits = f"{abs(number):x}"
    return ("-" if number < 0 else "") + (digits if len(digits) % 2 == 0 else "0" + digits)


def _parts(name: x509.Name) -> list[tuple[str, str]]:
    """(short type, value), most specific first; values in Unicode's composed form, single-spaced."""
    found = []
    for relative in name.chosen:
        for pair in relative:
            kind = pair["type"].native
            value = " ".join(unicodedata.normalize("NFC", str(pair["value"].native)).split())
            found.append((_SHORT.get(kind, kind), value))
    return found[::-1]


def _one_line(parts: list[tuple[str, str]]) -> str:
    """RFC 4514's string form, with a space after each comma for the eye."""
    return ", ".join(f"{kind}={_escaped(value)}" for kind, value in parts)


def _escaped(value: str) -> str:
    escaped = "".join(f"\\{sign}" if sign in '\\,+"<>;' else sign for sign in value)
    return f"\\{escaped}" if escaped.startswith("#") else escaped


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
