"""What a signature says about itself: who, when by whose clock, which algorithms, which level. Judges nothing.

Real certificates are odd: every field is read so that a strange one becomes an empty fact, not an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar

from asn1crypto import cms, x509
from pyhanko.pdf_utils import generic
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.certificates import serial_hex
from signing.pdf import PARSER_ERRORS, entry
from signing.report import Remark
from signing.trust import TrustStore, is_self_issued, organisation_of, readable_name

T = TypeVar("T")

VIETNAM = timedelta(hours=7)
"""UTC+7, no summer time."""
CLOCK_SLACK = timedelta(minutes=10)

CERTIFICATE_ATTRIBUTES = {"signing_certificate_v2", "signing_certificate"}
PADES_SUBFILTERS = {"/ETSI.CAdES.detached"}
KNOWN_SUBFILTERS = {"/ETSI.CAdES.detached", "/adbe.pkcs7.detached", "/ETSI.RFC3161", "/PBAD.PAdES"}


@dataclass(frozen=True)
class SignerFacts:
    """subject, issuer: readable names. serial, sha256 (of the DER): hexadecimal, lower case. Times: aware UTC.

    Not `signing.certificates.CertificateFacts`, and on purpose: those describe a certificate that somebody means to
    use, need every part of it and refuse one that cannot be read. A signature's certificate is whatever the file holds:
    each part that cannot be read is left out, so that a verdict can still name the rest.
    """

    subject: str
    organisation: str | None
    issuer: str
    serial: str
    valid_from: datetime | None
    valid_to: datetime | None
    sha256: str
    title: str | None = None


def signer_facts(certificate: x509.Certificate) -> SignerFacts:
    return SignerFacts(
        subject=readable_name(certificate.subject),
        organisation=organisation_of(certificate.subject),
        issuer=readable_name(certificate.issuer),
        serial=_or(lambda: serial_hex(certificate.serial_number), ""),
        valid_from=_or(lambda: _utc(certificate.not_valid_before), None),
        valid_to=_or(lambda: _utc(certificate.not_valid_after), None),
        sha256=sha256(certificate.dump()).hexdigest(),
        title=_or(lambda: _title(certificate.subject), None),
    )


def _title(name: x509.Name) -> str | None:
    """The post that the certificate names (chức danh), where it names one."""
    value = name.native.get("title")
    return ", ".join(value) if isinstance(value, list) else value


def stamping_authority(token: cms.SignedData) -> str | None:
    """The readable name of the service whose certificate a token carries."""
    return _or(lambda: readable_name(extract_certificate_info(token).signer_cert.subject), None) or None


def is_document_stamp(value: Any) -> bool:
    """A time-stamp over the document. Some tools write `/Type /Sig` there; the sub-filter tells what it is then."""
    if not isinstance(value, generic.DictionaryObject):
        return False
    return bool(entry(value, "/Type") == "/DocTimeStamp" or entry(value, "/SubFilter") == "/ETSI.RFC3161")


def signer_certificate(embedded: EmbeddedPdfSignature) -> x509.Certificate | None:
    try:
        return embedded.signer_cert
    except PARSER_ERRORS:
        return None


def claimed_time(embedded: EmbeddedPdfSignature) -> datetime | None:
    """The signer's own clock: the signed attribute, else the dictionary's /M. Proof of nothing."""
    return _or(lambda: _utc(embedded.self_reported_timestamp), None)


def dictionary_time(embedded: EmbeddedPdfSignature) -> datetime | None:
    return _or(lambda: _utc(generic.parse_pdf_date(embedded.sig_object["/M"], strict=False)), None)


def timestamp_tokens(embedded: EmbeddedPdfSignature) -> list[cms.SignedData]:
    """The time-stamp tokens laid over the signature value."""
    return _or(lambda: list(extract_tst_data_iter(embedded.signer_info, signed=False)), [])


def stamped_time(token: cms.SignedData) -> datetime | None:
    """A token's genTime, aware UTC, whether the token is trusted or not."""
    return _or(lambda: _utc(token["encap_content_info"]["content"].parsed["gen_time"].native), None)


def algorithms_of(embedded: EmbeddedPdfSignature) -> tuple[str, ...]:
    """Digest, signature mechanism and key, such as ("sha256", "rsassa_pkcs1v15", "rsa2048")."""
    found = [embedded.md_algorithm]
    mechanism = embedded.signer_info["signature_algorithm"]
    found.append(_or(lambda: str(mechanism.signature_algo), "") or str(mechanism["algorithm"].native))
    certificate = signer_certificate(embedded)
    if certificate is not None:
        key = certificate.public_key
        found.append(_or(lambda: f"{key.algorithm}{key.bit_size}", ""))
    return tuple(name for name in found if name)


def level_of(embedded: EmbeddedPdfSignature, *, has_store: bool, stamped_later: bool) -> str:
    """b-b, b-t, b-lt, b-lta by what is present (ETSI EN 319 142-1, clause 6); cms when it is not of the PAdES kind.

    Args:
        has_store: the file has a document security store with evidence.
        stamped_later: a document time-stamp was made after the signature.
    """
    pades = str(entry(embedded.sig_object, "/SubFilter", "")) in PADES_SUBFILTERS
    if not pades or not _names_its_certificate(embedded):
        return "cms"
    stamped = bool(timestamp_tokens(embedded))
    if stamped_later and has_store and store_is_stamped(embedded):
        return "b-lta"
    if has_store and (stamped or stamped_later):
        return "b-lt"
    return "b-t" if stamped or stamped_later else "b-b"


def store_is_stamped(signature: EmbeddedPdfSignature) -> bool:
    """Whether a later document time-stamp covers the evidence for this signature too: evidence that came after the last
    stamp is not covered by it."""
    reader = signature.reader
    try:
        return any(has_evidence(reader.get_historical_resolver(stamp.signed_revision).root, signature)
                   for stamp in reader.embedded_timestamp_signatures
                   if stamp.signed_revision > signature.signed_revision)
    except PARSER_ERRORS:
        return False


def has_evidence(root: Any, signature: EmbeddedPdfSignature, *, named: bool = False) -> bool:
    """Whether the security store of a revision speaks of this signature: it names it (VRI), or names none, which is
    allowed too (ETSI EN 319 142-1, 5.4.2.3).

    named: only what is named counts, as this program writes it.
    """
    try:
        store = entry(root, "/DSS")
        names = entry(store, "/VRI") if store is not None else None
        if not names:
            return store is not None and not named
        return DocumentSecurityStore.sig_content_identifier(signature.pkcs7_content.hex().encode("ascii")) in names
    except PARSER_ERRORS:
        return False


def time_remarks(claimed: datetime | None, in_dictionary: datetime | None, proven: datetime | None, now: datetime,
                 certificate: x509.Certificate | None) -> Iterator[Remark]:
    """What is odd about the claimed time. Some tools in use write local time as if it were UTC, seven hours late."""
    if claimed is None:
        return
    witness = proven or (in_dictionary if in_dictionary != claimed else None)
    if witness is not None:
        seven_hours_late = abs(claimed - witness - VIETNAM) <= CLOCK_SLACK
    else:
        seven_hours_late = CLOCK_SLACK < claimed - now <= VIETNAM
    if seven_hours_late:
        yield Remark.SIGNING_TIME_LOCAL_AS_UTC
    if certificate is not None and not _or(
            lambda: certificate.not_valid_before <= claimed <= certificate.not_valid_after, True):
        yield Remark.SIGNING_TIME_OUTSIDE_CERTIFICATE


def missing_issuer(certificate: x509.Certificate, others: Sequence[x509.Certificate], trust: TrustStore) -> str | None:
    """The first authority on the way up whose certificate is not at hand; None when the way reaches an anchor."""
    known = [*others, *trust.intermediate_certificates, *trust.anchor_certificates]
    anchors = {anchor.sha256 for anchor in trust.anchor_certificates}
    seen: set[bytes] = set()
    current = certificate
    while current.sha256 not in seen and current.sha256 not in anchors:
        seen.add(current.sha256)
        if is_self_issued(current):
            return readable_name(current.subject)
        above = [c for c in known if c.subject.hashable == current.issuer.hashable and _fits(c, current)]
        if not above:
            return readable_name(current.issuer)
        current = next((c for c in above if c.sha256 in anchors), above[0])
    return None


def other_certificates(signed_data: cms.SignedData) -> list[x509.Certificate]:
    return _or(lambda: list(extract_certificate_info(signed_data).other_certs), [])


def _fits(issuer: x509.Certificate, issued: x509.Certificate) -> bool:
    wanted, offered = issued.authority_key_identifier, issuer.key_identifier
    return wanted is None or offered is None or wanted == offered


def _names_its_certificate(embedded: EmbeddedPdfSignature) -> bool:
    """The signed attribute that ties the signature to one certificate (ESS, RFC 5035), which a baseline level needs."""
    attributes = embedded.signer_info["signed_attrs"]
    return any(attribute["type"].native in CERTIFICATE_ATTRIBUTES for attribute in attributes)


def _utc(moment: Any) -> datetime | None:
    if not isinstance(moment, datetime):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _or(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except PARSER_ERRORS:
        return otherwise
