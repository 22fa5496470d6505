"""Whom we believe: anchors, the authorities in between, and revocation lists, from local files only.

The three public certificates in `resources/trust` come with the program; others are given by the user or the
administrator. Nothing here reaches the network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from importlib import resources
from pathlib import Path

from asn1crypto import cms, crl, pem, x509

from signing.errors import BadInput
from signing.files import reading

CERTIFICATE_SUFFIXES = {".pem", ".crt", ".cer", ".der", ".p7b", ".p7c"}
REVOCATION_SUFFIXES = {".crl", ".pem"}
LARGEST_CERTIFICATE_FILE = 16 << 20
LARGEST_REVOCATION_FILE = 256 << 20


class NotACertificate(BadInput):
    """facts: file."""

    code = "trust.not_a_certificate"


class NotARevocationList(BadInput):
    """facts: file."""

    code = "trust.not_a_revocation_list"


@dataclass(frozen=True)
class TrustStore:
    """Anchors, intermediates and revocation lists, all DER. Immutable: each `with_...` gives a new store.

    anchors: certificates believed by themselves. intermediates: known, believed only through an anchor.
    crls: revocation lists given locally. unconfirmed: fingerprints of anchors that nobody here has compared with what
    the authority publishes; a verdict that rests on one of them says so.
    """

    anchors: tuple[bytes, ...] = ()
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()
    unconfirmed: frozenset[str] = frozenset()

    def __reduce__(self) -> tuple[type[TrustStore], tuple[object, ...]]:
        """To another process go the certificates as they are, not what was parsed of them."""
        return TrustStore, (self.anchors, self.intermediates, self.crls, self.unconfirmed)

    @classmethod
    def standard(cls) -> TrustStore:
        """The public authorities that come with the program (resources/trust/README.md says what speaks for them).

        Their anchors are unconfirmed.
        """
        folder = resources.files("resources") / "trust"
        found = [
            certificate
            for file in sorted(folder.iterdir(), key=lambda f: f.name)
            if file.name.endswith(".pem")
            for certificate in certificates_in(file.read_bytes())
        ]
        return cls().with_unconfirmed(found)

    @classmethod
    def load(cls, trusted: Iterable[Path] = (), crls: Iterable[Path] = (), *, standard: bool = True,
             base: TrustStore | None = None) -> TrustStore:
        """The standard store, or `base`, with what lies in the given files or folders added.

        Args:
            trusted: certificate files (PEM, DER, PKCS#7) or folders of them.
            crls: revocation lists (PEM or DER) or folders of them.
            standard: False leaves out the authorities that come with the program.
        Raises: FileNotReadable, NotACertificate, NotARevocationList (a folder's foreign files are passed over).
        """
        store = base or (cls.standard() if standard else cls())
        given = [certificate for path in trusted for certificate in _certificates_at(path)]
        lists = [one for path in crls for one in _revocation_lists_at(path)]
        return store.with_certificates(given).with_crls(lists)

    def with_certificates(self, certificates: Iterable[bytes]) -> TrustStore:
        """Add certificates that somebody declared trusted; an anchor that was unconfirmed is so no longer.

        A self-signed one becomes an anchor. One with an issuer becomes an intermediate when that issuer is known, and
        an anchor otherwise: who hands over a sub-authority alone means it.
        """
        given = list(dict.fromkeys(certificates))
        new = [c for c in given if c not in self.anchors and c not in self.intermediates]
        known_names = {_parsed(c).subject.hashable for c in (*self.anchors, *self.intermediates, *new)}
        anchors, intermediates = list(self.anchors), list(self.intermediates)
        for certificate in new:
            parsed = _parsed(certificate)
            is_anchor = is_self_issued(parsed) or parsed.issuer.hashable not in known_names
            (anchors if is_anchor else intermediates).append(certificate)
        return replace(self, anchors=tuple(anchors), intermediates=tuple(intermediates),
                       unconfirmed=self.unconfirmed - {fingerprint(c) for c in given})

    def with_unconfirmed(self, certificates: Iterable[bytes]) -> TrustStore:
        """As `with_certificates`, for what is known by its fingerprint alone; anchors that are confirmed stay so."""
        store = self.with_certificates(c for c in certificates if c not in self.anchors)
        came = {fingerprint(c) for c in store.anchors if c not in self.anchors}
        return replace(store, unconfirmed=self.unconfirmed | came)

    def with_intermediates(self, certificates: Iterable[bytes]) -> TrustStore:
        """Add certificates that help to build a chain and are not believed by themselves."""
        new = [c for c in dict.fromkeys(certificates) if c not in self.intermediates and c not in self.anchors]
        return replace(self, intermediates=(*self.intermediates, *new))

    def with_crls(self, crls: Iterable[bytes]) -> TrustStore:
        return replace(self, crls=(*self.crls, *(one for one in dict.fromkeys(crls) if one not in self.crls)))

    def chain_of(self, certificate: bytes) -> tuple[bytes, ...]:
        """The authorities between a certificate and its anchor, the anchor left out, as far as they are known here."""
        found: list[bytes] = []
        current = _parsed(certificate)
        while (above := next((c for c in self.intermediate_certificates if _issued(c, current)), None)) is not None:
            if above.dump() in found:
                break
            found.append(above.dump())
            current = above
        return tuple(found)

    @cached_property
    def anchor_certificates(self) -> Sequence[x509.Certificate]:
        return [_parsed(c) for c in self.anchors]

    @cached_property
    def intermediate_certificates(self) -> Sequence[x509.Certificate]:
        return [_parsed(c) for c in self.intermediates]


NOBODY = TrustStore()
"""Believes nobody: integrity can be checked, a chain cannot."""


def certificates_in(data: bytes) -> list[bytes]:
    """The certificates (DER) in PEM text, DER or a PKCS#7 bundle. Raises ValueError when there is none."""
    if pem.detect(data):
        blocks = [(kind, der) for kind, _, der in pem.unarmor(data, multiple=True)]
        found = [der for kind, der in blocks if kind in {"CERTIFICATE", "TRUSTED CERTIFICATE", "X509 CERTIFICATE"}]
        found += [c for kind, der in blocks if kind in {"PKCS7", "CMS"} for c in _bundled(der)]
    else:
        try:
            found = _bundled(data)
        except (ValueError, TypeError, KeyError):
            found = [data]
    if not found:
        raise ValueError("no certificate")
    for certificate in found:
        parsed = x509.Certificate.load(certificate, strict=True)
        parsed.subject.hashable, parsed.issuer.hashable, parsed.public_key.algorithm   # noqa: B018 - parses lazily
    return found


def is_self_issued(certificate: x509.Certificate) -> bool:
    """Issuer and subject are the same, and no key identifier says otherwise."""
    if certificate.subject.hashable != certificate.issuer.hashable:
        return False
    own, issuers = certificate.key_identifier, certificate.authority_key_identifier
    return own is None or issuers is None or own == issuers


def readable_name(name: x509.Name) -> str:
    """Common name, else organisation or unit, else the whole name; whatever the certificate made of them."""
    try:
        parts = name.native
        for key in ("common_name", "organizational_unit_name", "organization_name"):
            value = parts.get(key)
            if value:
                return ", ".join(value) if isinstance(value, list) else str(value)
        return str(name.human_friendly)
    except (ValueError, TypeError, KeyError, AttributeError):
        return ""


def organisation_of(name: x509.Name) -> str | None:
    try:
        value = name.native.get("organization_name")
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return ", ".join(value) if isinstance(value, list) else value


def fingerprint(certificate: bytes) -> str:
    """SHA-256 of the DER, 64 upper-case hexadecimal digits, as authorities publish it."""
    return sha256(certificate).hexdigest().upper()


def _issued(issuer: x509.Certificate, issued: x509.Certificate) -> bool:
    if issuer.subject.hashable != issued.issuer.hashable:
        return False
    wanted, offered = issued.authority_key_identifier, issuer.key_identifier
    return wanted is None or offered is None or wanted == offered


def _parsed(certificate: bytes) -> x509.Certificate:
    return x509.Certificate.load(certificate)


def _bundled(data: bytes) -> list[bytes]:
    content = cms.ContentInfo.load(data, strict=True)
    if content["content_type"].native != "signed_data":
        raise ValueError("not a certificate bundle")
    return [choice.chosen.dump() for choice in content["content"]["certificates"] if choice.name == "certificate"]


def _certificates_at(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        for file in _files_in(path, CERTIFICATE_SUFFIXES):
            try:
                yield from certificates_in(_read(file, LARGEST_CERTIFICATE_FILE))
            except (ValueError, TypeError, KeyError):
                continue
        return
    try:
        yield from certificates_in(_read(path, LARGEST_CERTIFICATE_FILE))
    except (ValueError, TypeError, KeyError) as error:
        raise NotACertificate(file=str(path)) from error


def _revocation_lists_at(path: Path) -> Iterator[bytes]:
    if path.is_dir():
        for file in _files_in(path, REVOCATION_SUFFIXES):
            try:
                yield from _revocation_lists_in(_read(file, LARGEST_REVOCATION_FILE))
            except (ValueError, TypeError, KeyError):
                continue
        return
    try:
        yield from _revocation_lists_in(_read(path, LARGEST_REVOCATION_FILE))
    except (ValueError, TypeError, KeyError) as error:
        raise NotARevocationList(file=str(path)) from error


def _revocation_lists_in(data: bytes) -> list[bytes]:
    if pem.detect(data):
        found = [der for kind, _, der in pem.unarmor(data, multiple=True) if kind in {"X509 CRL", "CRL"}]
    else:
        found = [data]
    if not found:
        raise ValueError("no revocation list")
    for one in found:
        crl.CertificateList.load(one, strict=True)["tbs_cert_list"]["this_update"].native   # noqa: B018
    return found


def _files_in(folder: Path, suffixes: set[str]) -> list[Path]:
    return sorted(f for f in folder.iterdir() if f.is_file() and f.suffix.lower() in suffixes)


def _read(path: Path, largest: int) -> bytes:
    with reading(path) as stream:
        data = stream.read(largest + 1)
    if len(data) > largest:
        raise ValueError("too large for what it claims to be")
    return data
