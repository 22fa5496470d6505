"""Which PKCS#11 mechanism makes a signature of a scheme, from what the token really offers.

Hash-and-sign where there is one; else the raw mechanism with our own DigestInfo (PKCS#1 v1.5), digest (PSS, ECDSA) or
padding (raw RSA). A token that keeps its list to itself is tried with all of them in that order.

Source: PKCS #11 Current Mechanisms 2.40, 2.1.5 to 2.1.10, 2.3.6; RFC 8017 section 9.2 (EMSA-PKCS1-v1_5).
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from signing.keys import Scheme

RSA_PKCS, RSA_X_509, RSA_PKCS_PSS, ECDSA = 0x1, 0x3, 0xD, 0x1041


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest's numbers: alone, as mask function, in hash-and-sign mechanisms; and its DigestInfo up to the hash."""

    name: str
    mechanism: int
    mgf: int
    rsa_pkcs: int
    rsa_pss: int
    ecdsa: int
    digest_info: bytes

    @property
    def size(self) -> int:
        return hashlib.new(self.name).digest_size

    def of(self, message: bytes) -> bytes:
        return hashlib.new(self.name, message).digest()


def _digest_info(number: int, size: int) -> bytes:
    """SEQUENCE { SEQUENCE { OID 2.16.840.1.101.3.4.2.<number>, NULL }, OCTET STRING of `size` bytes } without them."""
    return bytes.fromhex(f"30{17 + size:02x}300d06096086480165030402{number:02x}050004{size:02x}")


DIGESTS = {
    digest.name: digest for digest in (
        Digest("sha256", 0x250, 0x2, 0x40, 0x43, 0x1044, _digest_info(1, 32)),
        Digest("sha384", 0x260, 0x3, 0x41, 0x44, 0x1045, _digest_info(2, 48)),
        Digest("sha512", 0x270, 0x4, 0x42, 0x45, 0x1046, _digest_info(3, 64)),
    )
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A mechanism, its PSS parameters (hash, mask function, salt length; empty otherwise) and the bytes it is given."""

    mechanism: int
    pss: tuple[int, ...]
    data: bytes


def schemes(algorithm: str, offered: Collection[int]) -> tuple[Scheme, ...]:
    """What a key of `algorithm` ("rsa" or "ec") can make with the mechanisms in `offered`; all when that is empty."""
    if algorithm == "ec":
        return (Scheme.ECDSA,) if not offered or _any(offered, ECDSA, *(d.ecdsa for d in DIGESTS.values())) else ()
    found = []
    if not offered or _any(offered, RSA_PKCS, RSA_X_509, *(d.rsa_pkcs for d in DIGESTS.values())):
        found.append(Scheme.RSA_PKCS1)
    if not offered or _any(offered, RSA_PKCS_PSS, *(d.rsa_pss for d in DIGESTS.values())):
        found.append(Scheme.RSA_PSS)
    return tuple(found)


def attempts(scheme: Scheme, digest: Digest, message: bytes, offered: Collection[int], key_bytes: int) -> list[Attempt]:
    """The ways to sign `message`, best first.

    Args:
        key_bytes: the modulus, or the order of the curve, in bytes.
    """
    pss = (digest.mechanism, digest.mgf, digest.size)
    hashed = digest.of(message)
    match scheme:
        case Scheme.RSA_PKCS1:
            info = digest.digest_info + hashed
            ways = [Attempt(digest.rsa_pkcs, (), message), Attempt(RSA_PKCS, (), info),
                    Attempt(RSA_X_509, (), padded(info, key_bytes))]
        case Scheme.RSA_PSS:
            ways = [Attempt(digest.rsa_pss, pss, message), Attempt(RSA_PKCS_PSS, pss, hashed)]
        case Scheme.ECDSA:
            ways = [Attempt(digest.ecdsa, (), message), Attempt(ECDSA, (), hashed[:key_bytes])]
    return [way for way in ways if not offered or way.mechanism in offered]


def padded(info: bytes, key_bytes: int) -> bytes:
    """EMSA-PKCS1-v1_5: 00 01 FF … FF 00 DigestInfo. `key_bytes` of 256 or more always has room."""
    return b"\x00\x01" + b"\xff" * (key_bytes - len(info) - 3) + b"\x00" + info


def _any(offered: Collection[int], *wanted: int) -> bool:
    return any(mechanism in offered for mechanism in wanted)
