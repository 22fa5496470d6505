"""pyHanko's view of our `Key`: the certificate and the mechanism; the signature value comes from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from asn1crypto import algos, x509
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.keys import Scheme, TokenIdentity
from signing.tokens.troubles import SchemeNotOffered

DIGESTS = ("sha256", "sha384", "sha512")


class AboutKey(Protocol):
    """What is needed of a key without using it."""

    @property
    def certificate(self) -> bytes: ...

    @property
    def other_certificates(self) -> Sequence[bytes]: ...

    @property
    def token(self) -> TokenIdentity | None: ...

    @property
    def schemes(self) -> Sequence[Scheme]: ...


class ValueSigner(Signer):
    """Puts a signature value that a key has made, or is going to make, into CMS form."""

    def __init__(self, key: AboutKey, value: bytes | None = None, *, digest: str = "sha256",
                 scheme: Scheme | None = None, further_certificates: tuple[bytes, ...] = ()) -> None:
        """
        Args:
            value: None while there is none; zeros of its greatest length stand for it.
            scheme: the key's first without it.
            further_certificates: issuers to put into the signature beside those the key brings.
        Raises: SchemeNotOffered.
        """
        self.value, self.digest = value, digest
        self.scheme = scheme or next(iter(key.schemes), None)
        if self.scheme is None or self.scheme not in key.schemes:
            raise SchemeNotOffered(certificate=key.token.label if key.token else "", digest=digest,
                                   scheme=scheme.value if scheme else "")
        certificate = x509.Certificate.load(key.certificate)
        store = SimpleCertificateStore()
        for further in (*key.other_certificates, *further_certificates):
            store.register(x509.Certificate.load(further))
        super().__init__(
            prefer_pss=self.scheme is Scheme.RSA_PSS, signing_cert=certificate, cert_registry=store,
            signature_mechanism=_mechanism(self.scheme, digest, certificate),
        )

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(self.greatest_length) if self.value is None or dry_run else self.value

    @property
    def greatest_length(self) -> int:
        """Of a signature value, in octets."""
        assert self.signing_cert is not None
        octets = (int(self.signing_cert.public_key.bit_size) + 7) // 8
        # ECDSA: a sequence of two integers, each a byte longer than the field at most, with their headers
        return 2 * octets + 16 if self.scheme is Scheme.ECDSA else octets


def _mechanism(scheme: Scheme, digest: str, certificate: x509.Certificate) -> algos.SignedDigestAlgorithm:
    if scheme is Scheme.RSA_PSS:
        # salt as long as the digest: what PKCS#11 modules and every reader accept (RFC 4055)
        salt = {"sha256": 32, "sha384": 48, "sha512": 64}[digest]
        hash_algorithm = algos.DigestAlgorithm({"algorithm": digest})
        return algos.SignedDigestAlgorithm({
            "algorithm": "rsassa_pss",
            "parameters": algos.RSASSAPSSParams({
                "hash_algorithm": hash_algorithm,
                "mask_gen_algorithm": algos.MaskGenAlgorithm({"algorithm": "mgf1", "parameters": hash_algorithm}),
                "salt_length": salt,
            }),
        })
    suffix = "ecdsa" if scheme is Scheme.ECDSA else "rsa"
    return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_{suffix}"})
