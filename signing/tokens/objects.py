"""Objects on a token as attribute templates: what is looked for, read and (in soft tokens) stored.

Source: PKCS #11 Base Specification 2.40, chapter 4; Current Mechanisms 2.40, 2.1 (RSA keys) and 2.3 (EC keys).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping

CLASS, TOKEN, PRIVATE, LABEL, CERTIFICATE_VALUE = 0x0, 0x1, 0x2, 0x3, 0x11
CERTIFICATE_TYPE, ISSUER, SERIAL_NUMBER = 0x80, 0x81, 0x82
KEY_TYPE, SUBJECT, ID, SENSITIVE, SIGN = 0x100, 0x101, 0x102, 0x103, 0x108
MODULUS, PUBLIC_EXPONENT, PRIVATE_EXPONENT, PRIME_1, PRIME_2 = 0x120, 0x122, 0x123, 0x124, 0x125
EXPONENT_1, EXPONENT_2, COEFFICIENT = 0x126, 0x127, 0x128
EXTRACTABLE, EC_PARAMETERS, EC_POINT, ALWAYS_AUTHENTICATE = 0x162, 0x180, 0x181, 0x202
EC_VALUE = CERTIFICATE_VALUE

RSA, EC = 0x0, 0x3
YES = b"\x01"
NO = b"\x00"


def number(value: int) -> bytes:
    return bytes(ctypes.c_ulong(value))


X509_CERTIFICATES: Mapping[int, bytes] = {CLASS: number(1)}
PUBLIC_KEYS: Mapping[int, bytes] = {CLASS: number(2)}
PRIVATE_KEYS: Mapping[int, bytes] = {CLASS: number(3)}


def is_true(value: bytes | None) -> bool:
    return bool(value) and value != NO


def public_value(attribute: Callable[[int], bytes | None]) -> bytes:
    """The modulus without leading zeros, or the uncompressed point; empty where the key shows neither."""
    if modulus := attribute(MODULUS):
        return modulus.lstrip(b"\0")
    point = attribute(EC_POINT) or b""
    if point[:1] == b"\x04" and len(point) > 2 and point[1] == len(point) - 2:
        return point[2:]          # an OCTET STRING around the point, as the standard has it; some modules leave it out
    if point[:2] == b"\x04\x81" and len(point) > 3 and point[2] == len(point) - 3:
        return point[3:]
    return point


def certificate_template(certificate: bytes, identifier: bytes, label: str, *,
                         private: bool = False) -> dict[int, bytes | bytearray]:
    """An X.509 certificate object. `certificate` is DER; `private`: shown only after a login."""
    from asn1crypto import x509

    parsed = x509.Certificate.load(certificate)
    return {
        CLASS: number(1), TOKEN: YES, PRIVATE: YES if private else NO, CERTIFICATE_TYPE: number(0),
        LABEL: label.encode("utf-8"), ID: identifier, SUBJECT: parsed.subject.dump(),
        ISSUER: parsed.issuer.dump(), SERIAL_NUMBER: parsed["tbs_certificate"]["serial_number"].dump(),
        CERTIFICATE_VALUE: certificate,
    }


def private_key_template(pkcs8: bytearray, identifier: bytes, label: str, *,
                         asks_each_time: bool = False) -> dict[int, bytes | bytearray]:
    """A private signing key that never leaves the token again. Secret parts are bytearrays, for the caller to wipe.

    Raises: ValueError for a key that is neither RSA nor EC.
    """
    from asn1crypto import keys

    info = keys.PrivateKeyInfo.load(bytes(pkcs8))
    common: dict[int, bytes | bytearray] = {
        CLASS: number(3), TOKEN: YES, PRIVATE: YES, LABEL: label.encode("utf-8"), ID: identifier,
        SENSITIVE: YES, EXTRACTABLE: NO, SIGN: YES, ALWAYS_AUTHENTICATE: YES if asks_each_time else NO,
    }
    key = info["private_key"].parsed
    if info.algorithm == "rsa":
        parts = {MODULUS: "modulus", PUBLIC_EXPONENT: "public_exponent", PRIVATE_EXPONENT: "private_exponent",
                 PRIME_1: "prime1", PRIME_2: "prime2", EXPONENT_1: "exponent1", EXPONENT_2: "exponent2",
                 COEFFICIENT: "coefficient"}
        return {**common, KEY_TYPE: number(RSA),
                **{kind: _big(key[name].native) for kind, name in parts.items()}}
    if info.algorithm == "ec":
        return {**common, KEY_TYPE: number(EC),
                EC_PARAMETERS: info["private_key_algorithm"]["parameters"].dump(),
                EC_VALUE: _big(key["private_key"].native)}
    raise ValueError("neither RSA nor EC")


def _big(value: int) -> bytearray:
    return bytearray(value.to_bytes((value.bit_length() + 7) // 8, "big"))
