"""The public half of a signing key: what finds its private half on a token, and what checks each signature made."""

from __future__ import annotations

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.certificates import CertificateUnreadable
from signing.keys import Scheme

PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}


def public_key_of(certificate: bytes) -> PublicKey:
    """The key in a certificate (DER). Raises CertificateUnreadable for one that is neither RSA nor EC."""
    try:
        key = load_der_public_key(x509.Certificate.load(certificate).public_key.dump())
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CertificateUnreadable from error
    if not isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise CertificateUnreadable
    return key


def public_value(key: PublicKey) -> bytes:
    """The modulus without leading zeros, or the uncompressed point: how PKCS#11 objects show it."""
    numbers = key.public_numbers()
    if isinstance(numbers, rsa.RSAPublicNumbers):
        return numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
    size = (numbers.curve.key_size + 7) // 8
    return b"\x04" + numbers.x.to_bytes(size, "big") + numbers.y.to_bytes(size, "big")


def key_bytes(key: PublicKey) -> int:
    """The modulus, or one coordinate of the curve, in bytes."""
    return (key.key_size + 7) // 8


def signature_bytes(key: PublicKey) -> int:
    """How long a token's answer is: the modulus, or r and s."""
    return key_bytes(key) * (2 if isinstance(key, ec.EllipticCurvePublicKey) else 1)


def as_standard(key: PublicKey, signature: bytes) -> bytes:
    """A token's ECDSA answer is r and s side by side (PKCS #11 Current Mechanisms 2.3.1); X.509 wants them in DER.

    One that is in DER already is left as it is, as is every RSA signature.
    """
    size = key_bytes(key)
    if isinstance(key, ec.EllipticCurvePublicKey) and len(signature) == 2 * size:
        return encode_dss_signature(int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
    return signature


def fits(key: PublicKey, signature: bytes, message: bytes, digest: str, scheme: Scheme) -> bool:
    """Whether `signature` (in the standard's form) was made over `message` by the private half of `key`."""
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(HASHES[digest]))
        else:
            key.verify(signature, message, rsa_padding(digest, scheme), HASHES[digest])
    except (InvalidSignature, ValueError):
        return False
    return True


def rsa_padding(digest: str, scheme: Scheme) -> padding.AsymmetricPadding:
    """PSS with the mask function of the same digest and a salt as long as the digest (TT 15/2025 Annex I, RFC 8017)."""
    if scheme is Scheme.RSA_PSS:
        return padding.PSS(padding.MGF1(HASHES[digest]), HASHES[digest].digest_size)
    return padding.PKCS1v15()
