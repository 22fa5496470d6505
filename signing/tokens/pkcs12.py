"""A signing key in a PKCS#12 file (.p12, .pfx)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from asn1crypto import pkcs12
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12

from signing.certificates import certificate_facts
from signing.errors import FileNotReadable, reason_of_os_error
from signing.keys import Scheme, TokenIdentity
from signing.tokens.messages import wipe
from signing.tokens.public_keys import HASHES, public_key_of, public_value, rsa_padding
from signing.tokens.troubles import (
    KeyFileDamaged,
    KeyFilePasswordRejected,
    KeyFileUnsupported,
    KeyFileWithoutKey,
    LoginLost,
    SchemeNotOffered,
)

LIMIT = 10 << 20    # bytes: a key file is a few kilobytes
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(slots=True, eq=False)
class FileKey:
    """A `signing.keys.Key` from a file; the private key stays in this process until `close`."""

    certificate: bytes
    other_certificates: Sequence[bytes]
    schemes: Sequence[Scheme]
    _name: str
    _private: PrivateKey | None = field(repr=False)

    @property
    def token(self) -> TokenIdentity | None:
        return None

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        """As `signing.keys.Key.sign`. Raises SchemeNotOffered, LoginLost (closed)."""
        if self._private is None:
            raise LoginLost(token=self._name)
        if scheme not in self.schemes:
            raise SchemeNotOffered(certificate=self._name, scheme=scheme.value, digest=digest)
        if isinstance(self._private, ec.EllipticCurvePrivateKey):
            return self._private.sign(message, ec.ECDSA(HASHES[digest]))
        return self._private.sign(message, rsa_padding(digest, scheme), HASHES[digest])

    def close(self) -> None:
        self._private = None


def open_key_file(path: Path, password: bytearray, *, at: datetime | None = None,
                  allow_unusable: bool = False) -> FileKey:
    """The key in a PKCS#12 file.

    Args:
        password: UTF-8, empty for a file without one; overwritten whatever happens.
        at: the aware time that decides whether the certificate is usable; now without it.
        allow_unusable: take a certificate that is expired, or not for signing.
    Raises: FileNotReadable, KeyFileDamaged, KeyFileUnsupported, KeyFilePasswordRejected, KeyFileWithoutKey,
        CertificateUnreadable, CertificateNotUsable.
    """
    try:
        content = _read(path)
        found = _unlock(path, content, password)
    finally:
        wipe(password)
    private, own = found.key, found.cert
    if own is None or not isinstance(private, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise KeyFileWithoutKey(file=str(path))
    facts = certificate_facts(own.certificate.public_bytes(Encoding.DER))
    if public_value(private.public_key()) != public_value(public_key_of(facts.der)):
        raise KeyFileWithoutKey(file=str(path))
    if not allow_unusable:
        facts.require_usable(at or datetime.now(UTC))
    schemes = (Scheme.ECDSA,) if facts.key_algorithm == "ec" else (Scheme.RSA_PKCS1, Scheme.RSA_PSS)
    return FileKey(
        certificate=facts.der,
        other_certificates=tuple(one.certificate.public_bytes(Encoding.DER) for one in found.additional_certs),
        schemes=schemes, _name=facts.display_name, _private=private)


def _read(path: Path) -> bytes:
    """Its bytes, if they are a PKCS#12 file at all: only then is a refusal the password's fault."""
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except OSError as error:
        raise FileNotReadable(file=str(path), reason=reason_of_os_error(error)) from error
    try:
        outer = pkcs12.Pfx.load(content, strict=True)
        if outer["version"].native != "v3" or outer["auth_safe"]["content_type"].native != "data":
            raise ValueError
    except (ValueError, TypeError, KeyError):
        raise KeyFileDamaged(file=str(path)) from None
    return content


def _unlock(path: Path, content: bytes, password: bytearray) -> PKCS12KeyAndCertificates:
    # `cryptography` takes immutable bytes; these live until they are collected. The file's key is in this process
    # anyway: whoever minds uses a token.
    try:
        return load_pkcs12(content, bytes(password) if password else None)
    except UnsupportedAlgorithm:
        raise KeyFileUnsupported(file=str(path)) from None
    except (ValueError, TypeError):
        raise KeyFilePasswordRejected(file=str(path)) from None
