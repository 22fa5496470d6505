"""Why a CMS object could not be judged: what pyHanko ran into, as a verdict with a reason.

Sources: RFC 5652, 5.3 and 11 (attributes that must be there), ETSI EN 319 102-1, 5.2.2 and 5.2.7.
"""

from __future__ import annotations

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from signing.pdf import PARSER_ERRORS
from signing.report import Reason, Verdict

KNOWN_DIGESTS = frozenset({
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha512_224", "sha512_256", "sha3_224", "sha3_256",
    "sha3_384", "sha3_512", "shake128", "shake256", "shake256_len"})
REQUIRED_ATTRIBUTES = ("message_digest", "content_type")
KEYS_OF = {"rsa": "rsassa", "rsassa_pss": "rsassa", "ec": "ecdsa", "dsa": "dsa", "ed25519": "ed25519", "ed448": "ed448"}


def verdict_on(signed: cms.SignedData, certificate: x509.Certificate | None,
               error: Exception | None) -> tuple[Verdict, Reason] | None:
    """The verdict on a signature that a library stumbled over; None when the object itself shows no reason for it."""
    if isinstance(error, InvalidSignature):
        return Verdict.INVALID, Reason.SIG_CRYPTO_FAILURE
    try:
        infos = list(signed["signer_infos"])
        if len(infos) != 1:
            return Verdict.INVALID, Reason.FORMAT_FAILURE
        info = infos[0]
        if info["digest_algorithm"]["algorithm"].native not in KNOWN_DIGESTS:
            return Verdict.UNDETERMINED, Reason.CRYPTO_CONSTRAINTS_FAILURE
        types = [attribute["type"].native for attribute in info["signed_attrs"]]
        if types and any(types.count(name) != 1 for name in REQUIRED_ATTRIBUTES):
            return Verdict.INVALID, Reason.FORMAT_FAILURE
        used = str(info["signature_algorithm"].signature_algo)
        if certificate is not None and not used.startswith(KEYS_OF.get(certificate.public_key.algorithm, used)):
            return Verdict.INVALID, Reason.SIG_CRYPTO_FAILURE
    except PARSER_ERRORS:
        return Verdict.INVALID, Reason.FORMAT_FAILURE
    if isinstance(error, UnsupportedAlgorithm):
        return Verdict.UNDETERMINED, Reason.CRYPTO_CONSTRAINTS_FAILURE
    return None
