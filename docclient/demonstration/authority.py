"""A small certificate authority made at run time, for the demonstration and for tests.

A root and one issuing authority, as the government's own hierarchy has them, and the two leaf profiles of official-use
certificates: a person (CN, E, OU, O, L, C) and an agency (CN, O, L, C), with names in full Vietnamese. Revocation is by
lists handed out as bytes, so that everything can be verified without a network.

Its keys live in this process and die with it, unless `save_pkcs12` writes one. It vouches for nobody.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

LEAF_LIFE = timedelta(days=5 * 365)      # NĐ 68/2024 article 9: at most five years for a subscriber
AUTHORITY_LIFE = timedelta(days=20 * 365)
LIST_LIFE = timedelta(days=7)
BACKDATED = timedelta(days=1)            # so that a clock a little behind still finds the certificates valid


class KeyKind(StrEnum):
    """What kinds of keys are in use (TT 15/2025 Annex I: RSA from 2048 bits, ECDSA from 256)."""

    RSA_2048 = "rsa-2048"
    RSA_3072 = "rsa-3072"
    P256 = "p-256"
    P384 = "p-384"

    def make(self) -> PrivateKey:
        match self:
            case KeyKind.RSA_2048:
                return rsa.generate_private_key(public_exponent=65537, key_size=2048)
            case KeyKind.RSA_3072:
                return rsa.generate_private_key(public_exponent=65537, key_size=3072)
            case KeyKind.P256:
                return ec.generate_private_key(ec.SECP256R1())
            case KeyKind.P384:
                return ec.generate_private_key(ec.SECP384R1())


class Purpose(StrEnum):
    """What a leaf's key usage permits; signing is what offices are given."""

    SIGNING = "signing"
    ENCRYPTION_ONLY = "encryption-only"
    TIME_STAMPING = "time-stamping"


@dataclass(frozen=True, slots=True)
class Issued:
    """A private key, its certificate, and the authorities above it: the issuing one first, the root last."""

    private_key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]

    @property
    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def chain_der(self) -> tuple[bytes, ...]:
        return tuple(c.public_bytes(Encoding.DER) for c in self.chain)

    def save_pkcs12(self, path: Path, password: bytes | bytearray, *, with_chain: bool = True) -> Path:
        """Write key and certificate (and the chain) to `path` under `password` (UTF-8, not empty). Raises OSError."""
        path.write_bytes(serialize_key_and_certificates(
            None, self.private_key, self.certificate, self.chain if with_chain else None,
            BestAvailableEncryption(bytes(password))))
        return path


@dataclass(slots=True)
class Authority:
    """Root and issuing authority with their keys. Make one with `Authority.make`."""

    name: str
    root: x509.Certificate
    issuing: x509.Certificate
    address: str
    made: datetime
    _root_key: PrivateKey = field(repr=False)
    _issuing_key: PrivateKey = field(repr=False)
    _root_name: x509.Name = field(repr=False)
    _issuing_name: x509.Name = field(repr=False)
    _revoked: dict[int, tuple[datetime, x509.ReasonFlags]] = field(default_factory=dict)

    @classmethod
    def make(cls, name: str, *, now: datetime | None = None, key: KeyKind = KeyKind.RSA_2048,
             address: str = "http://ca.demonstration.invalid/") -> Self:
        """A fresh hierarchy under `name`.

        Args:
            now: the aware time its certificates begin at (a day earlier, in fact); the present without it.
            address: where the certificates say the revocation lists lie; the default can never be reached (RFC 6761).
        """
        moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
        root_key, issuing_key = key.make(), key.make()
        root_name = _name(("C", "VN"), ("O", name), ("CN", f"RootCA {name}"))
        issuing_name = _name(("C", "VN"), ("O", name), ("CN", "CA phục vụ các cơ quan Nhà nước"))
        until = moment + AUTHORITY_LIFE
        root = (
            _builder(root_name, root_name, root_key, moment - BACKDATED, until)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_AUTHORITY_USAGE, critical=True)
            .sign(root_key, hashes.SHA256())
        )
        issuing = (
            _builder(issuing_name, root_name, issuing_key, moment - BACKDATED, until)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_AUTHORITY_USAGE, critical=True)
            .add_extension(_issued_by(root), critical=False)
            .add_extension(_list_at(address + "root.crl"), critical=False)
            .sign(root_key, hashes.SHA256())
        )
        return cls(name, root, issuing, address, moment, root_key, issuing_key, root_name, issuing_name)

    @property
    def anchor(self) -> bytes:
        """The root's certificate, PEM."""
        return self.root.public_bytes(Encoding.PEM)

    @property
    def anchor_der(self) -> bytes:
        return self.root.public_bytes(Encoding.DER)

    @property
    def issuing_der(self) -> bytes:
        return self.issuing.public_bytes(Encoding.DER)

    def issue_person(self, name: str, *, email: str | None = None, unit: str | None = None,
                     organisation: str | None = None, locality: str | None = None, key: KeyKind = KeyKind.RSA_2048,
                     not_before: datetime | None = None, not_after: datetime | None = None,
                     purpose: Purpose = Purpose.SIGNING) -> Issued:
        """A person's official-use certificate: CN=<name>, E, OU, O, L, C=VN; five years from `made` without dates.

        Raises: ValueError: a part of the name exceeds 64 characters (RFC 5280 appendix A.1).
        """
        subject = _name(("C", "VN"), ("L", locality), ("O", organisation), ("OU", unit), ("CN", name), ("E", email))
        return self._issue(subject, key, not_before, not_after, purpose)

    def issue_agency(self, name: str, *, organisation: str | None = None, locality: str | None = None,
                     key: KeyKind = KeyKind.RSA_2048, not_before: datetime | None = None,
                     not_after: datetime | None = None, purpose: Purpose = Purpose.SIGNING) -> Issued:
        """An agency's certificate: CN=<agency>, O=<parent agency>, L, C=VN. Raises ValueError as `issue_person`."""
        subject = _name(("C", "VN"), ("L", locality), ("O", organisation), ("CN", name))
        return self._issue(subject, key, not_before, not_after, purpose)

    def issue_time_stamp_service(self, name: str = "Dịch vụ cấp dấu thời gian") -> Issued:
        """A time-stamp service's certificate (RFC 3161, 2.3: extended key usage timeStamping alone, critical)."""
        subject = _name(("C", "VN"), ("O", self.name), ("CN", name))
        return self._issue(subject, KeyKind.RSA_2048, None, None, Purpose.TIME_STAMPING)

    def revoke(self, what: Issued | x509.Certificate, *, at: datetime | None = None,
               reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise) -> None:
        """From the next list on, `what` counts as revoked at the aware time `at` (now without it)."""
        certificate = what.certificate if isinstance(what, Issued) else what
        moment = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
        self._revoked[certificate.serial_number] = moment, reason

    def crl(self, *, at: datetime | None = None) -> tuple[bytes, bytes]:
        """The issuing authority's and the root's revocation list of the time `at` (now without it), DER."""
        moment = (at or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
        return (self._list(self.issuing, self._issuing_name, self._issuing_key, moment, self._revoked),
                self._list(self.root, self._root_name, self._root_key, moment, {}))

    def save(self, folder: Path) -> Sequence[Path]:
        """Write root.pem, issuing.pem, issuing.crl and root.crl into `folder`, which is made. Raises OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        issuing_list, root_list = self.crl()
        written = []
        for name, content in (("root.pem", self.anchor), ("issuing.pem", self.issuing.public_bytes(Encoding.PEM)),
                              ("issuing.crl", issuing_list), ("root.crl", root_list)):
            path = folder / name
            path.write_bytes(content)
            written.append(path)
        return written

    def _issue(self, subject: x509.Name, kind: KeyKind, not_before: datetime | None, not_after: datetime | None,
               purpose: Purpose) -> Issued:
        key = kind.make()
        begin = not_before or self.made - BACKDATED
        builder = (
            _builder(subject, self._issuing_name, key, begin, not_after or begin + LEAF_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_LEAF_USAGE[purpose], critical=True)
            .add_extension(_issued_by(self.issuing), critical=False)
            .add_extension(_list_at(self.address + "issuing.crl"), critical=False)
        )
        if purpose is Purpose.TIME_STAMPING:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        return Issued(key, builder.sign(self._issuing_key, hashes.SHA256()), (self.issuing, self.root))

    def _list(self, issuer: x509.Certificate, name: x509.Name, key: PrivateKey, moment: datetime,
              revoked: dict[int, tuple[datetime, x509.ReasonFlags]]) -> bytes:
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(name)
            .last_update(moment)
            .next_update(moment + LIST_LIFE)
            .add_extension(_issued_by(issuer), critical=False)
            .add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
        )
        for serial, (when, reason) in revoked.items():
            if when <= moment:
                builder = builder.add_revoked_certificate(
                    x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(when)
                    .add_extension(x509.CRLReason(reason), critical=False).build())
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _usage(*, digital_signature: bool = False, content_commitment: bool = False, key_encipherment: bool = False,
           key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature, content_commitment=content_commitment, key_encipherment=key_encipherment,
        data_encipherment=False, key_agreement=False, key_cert_sign=key_cert_sign, crl_sign=crl_sign,
        encipher_only=False, decipher_only=False)


_AUTHORITY_USAGE = _usage(key_cert_sign=True, crl_sign=True)
_LEAF_USAGE = {
    Purpose.SIGNING: _usage(digital_signature=True, content_commitment=True),
    Purpose.ENCRYPTION_ONLY: _usage(key_encipherment=True),
    Purpose.TIME_STAMPING: _usage(digital_signature=True, content_commitment=True),
}
_NAME_PARTS = {
    "C": NameOID.COUNTRY_NAME, "L": NameOID.LOCALITY_NAME, "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME, "CN": NameOID.COMMON_NAME, "E": NameOID.EMAIL_ADDRESS,
}


def _name(*parts: tuple[str, str | None]) -> x509.Name:
    """The upper bounds of RFC 5280 count characters; `cryptography` counts bytes and would refuse names that
    Vietnamese authorities do issue, so its own check is passed over here and ours stands in its place."""
    given = [(kind, value) for kind, value in parts if value]
    for kind, value in given:
        if len(value) > (255 if kind == "E" else 64):
            raise ValueError(f"{kind} is longer than its bound in RFC 5280")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return x509.Name([x509.NameAttribute(_NAME_PARTS[kind], value, _validate=False) for kind, value in given])


def _builder(subject: x509.Name, issuer: x509.Name, key: PrivateKey, begin: datetime,
             end: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begin).not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _issued_by(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)


def _list_at(address: str) -> x509.CRLDistributionPoints:
    place = x509.DistributionPoint([x509.UniformResourceIdentifier(address)], None, None, None)
    return x509.CRLDistributionPoints([place])
