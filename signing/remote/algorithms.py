"""Object identifiers of digests and signature algorithms, as signing services name what a key can do.

Sources: RFC 8017 appendix C, RFC 4055, RFC 5758; CSC API 1.0.4 and 2, `key/algo`, `hashAlgo`, `signAlgo`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from asn1crypto import algos

from signing.keys import Scheme

DIGESTS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2",
           "sha512": "2.16.840.1.101.3.4.2.3"}
RSA, PSS, EC = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10", "1.2.840.10045.2.1"
RSA_WITH = {"sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}
ECDSA_WITH = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}


@dataclass(frozen=True, slots=True)
class Algorithm:
    """What a request names. parameters: DER, for RSASSA-PSS; None otherwise."""

    signature: str
    digest: str
    parameters: bytes | None = None


def schemes(key_algorithm: str, offered: Collection[str]) -> tuple[Scheme, ...]:
    """What a key of `key_algorithm` ("rsa" or "ec") can make with the identifiers in `offered`.

    A service that names none, or only the kind of key, does PKCS#1 v1.5 or ECDSA.
    """
    if key_algorithm == "ec":
        return (Scheme.ECDSA,)
    found = []
    if not offered or RSA in offered or any(one in offered for one in RSA_WITH.values()):
        found.append(Scheme.RSA_PKCS1)
    if PSS in offered:
        found.append(Scheme.RSA_PSS)
    return tuple(found) or (Scheme.RSA_PKCS1,)


def algorithm(scheme: Scheme, digest: str, offered: Collection[str]) -> Algorithm | None:
    """What to ask for, out of what the key offers; None when it cannot sign with this digest."""
    if scheme is Scheme.RSA_PSS:
        return Algorithm(PSS, DIGESTS[digest], _pss_parameters(digest)) if PSS in offered else None
    whole, generic = (ECDSA_WITH[digest], EC) if scheme is Scheme.ECDSA else (RSA_WITH[digest], RSA)
    if whole in offered:
        return Algorithm(whole, DIGESTS[digest])
    if generic in offered or not offered:
        return Algorithm(generic if scheme is Scheme.RSA_PKCS1 else whole, DIGESTS[digest])
    return None


def _pss_parameters(digest: str) -> bytes:
    """Mask function and salt of the same digest, as `signing.tokens.public_keys.rsa_padding` checks it."""
    hash_algorithm = algos.DigestAlgorithm({"algorithm": digest})
    encoded: bytes = algos.RSASSAPSSParams({
        "hash_algorithm": hash_algorithm,
        "mask_gen_algorithm": algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": hash_algorithm}),
        "salt_length": {"sha256": 32, "sha384": 48, "sha512": 64}[digest],
    }).dump()
    return encoded
