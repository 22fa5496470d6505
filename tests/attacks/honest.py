"""Files nobody tampered with, as offices, mail gateways and other programs make them. None may be called invalid."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pikepdf
from asn1crypto import cms
from cryptography import x509 as crypto_x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import DocumentTimestamp
from pypdf import PdfReader, PdfWriter

from docclient.demonstration.authority import Authority, Issued, KeyKind
from signing.form import AGENCY
from signing.report import Conclusion, Reason, Remark
from tests.attacks import raw
from tests.attacks.cases import Collection
from tests.attacks.forged_updates import annotation
from tests.attacks.material import Material
from tests.signing import altering
from tests.signing.drafts import Draft, typeset, write_turned

cases = Collection()
honest = cases.counterpart
UNDETERMINED = Conclusion.UNDETERMINED

STAGES = "the office's own steps"


@honest(STAGES, "the leader's signature, form filling permitted")
def certified(m: Material) -> bytes:
    return m.certified


@honest(STAGES, "numbered, dated and sealed by the agency in one revision")
def sealed(m: Material) -> bytes:
    return m.sealed


@honest(STAGES, "an approval signature without certification")
def approval(m: Material) -> bytes:
    return m.approval


@honest(STAGES, "number filled in after the leader's signature, not yet sealed")
def filled(m: Material) -> bytes:
    return raw.updated(m.certified, altering.change_number)


@honest(STAGES, "certified with nothing permitted, nothing added")
def certified_final(m: Material) -> bytes:
    return m.certified_final


@honest(STAGES, "five signatures: signer, agency and three of the clerk's stamps")
def five_signatures(m: Material) -> bytes:
    data = m.approval
    for number, who in enumerate((m.people.agency, m.clerk, m.clerk, m.clerk)):
        data = m.signed(data, who, field=f"S{number}", spec=SigFieldSpec(
            f"S{number}", box=(20 + 110 * number, 20, 120 + 110 * number, 60)))
    return data


@honest(STAGES, "a second leader signs a certified document into a field of his own",
        remark=Remark.FIELD_ADDED_AFTER_CERTIFICATION.value)
def second_leader(m: Material) -> bytes:
    return m.signed(m.certified, m.clerk, field="Second", spec=SigFieldSpec("Second", box=(60, 60, 240, 130)))


@honest(STAGES, "a second invisible signature")
def second_invisible(m: Material) -> bytes:
    return m.signed(m.approval, m.clerk, field="Second")


@honest(STAGES, "a seal set into its prepared field without certification before")
def seal_in_prepared_field(m: Material) -> bytes:
    return m.signed(m.approved_form, m.people.agency, field=AGENCY)


@honest(STAGES, "a comment made as a signed revision, under DocMDP 3")
def signed_comment(m: Material) -> bytes:
    noted = raw.updated(m.certified_notes, lambda w: annotation(
        w, "/Text", look=False, place=(20, 20, 40, 40), Contents=generic.pdf_string("Đồng ý")))
    return m.signed(noted, m.clerk, field="Comment")


@honest(STAGES, "a comment made as a signed revision, after an approval signature")
def signed_comment_approval(m: Material) -> bytes:
    noted = raw.updated(m.approval, lambda w: annotation(
        w, "/Text", look=False, place=(20, 20, 40, 40), Contents=generic.pdf_string("Đồng ý")))
    return m.signed(noted, m.clerk, field="Comment")


STAMPS = "time-stamps and validation data"


@honest(STAMPS, "a time-stamp over the signature value")
def stamped(m: Material) -> bytes:
    return m.stamped


@honest(STAMPS, "a document time-stamp behind the signature")
def document_stamp(m: Material) -> bytes:
    return m.document_stamp


@honest(STAMPS, "a document time-stamp on a certified and sealed file")
def document_stamp_on_sealed(m: Material) -> bytes:
    return m.document_stamped(m.sealed)


@honest(STAMPS, "a document time-stamp typed as a signature (/Type /Sig), as some tools write it")
def stamp_typed_as_signature(m: Material) -> bytes:
    class Typed(DocumentTimestamp):   # type: ignore[misc]
        def __init__(self, bytes_reserved: int | None = None) -> None:
            super().__init__(bytes_reserved)
            self[pdf_name("/Type")] = pdf_name("/Sig")

    with patch("pyhanko.sign.signers.pdf_signer.DocumentTimestamp", Typed):
        return m.document_stamped(m.approval)


@honest(STAMPS, "two document time-stamps")
def two_document_stamps(m: Material) -> bytes:
    return m.document_stamped(m.document_stamp)


def _with_evidence(m: Material, data: bytes, *, broken: bool = False) -> bytes:
    """A document security store with the authority's certificate and lists."""
    def change(writer: IncrementalPdfFileWriter) -> None:
        def kept(content: bytes) -> Any:
            return writer.add_object(generic.StreamObject(stream_data=content))

        lists = [b"khong phai CRL"] if broken else list(m.authority.crl())
        writer.root[pdf_name("/DSS")] = writer.add_object(generic.DictionaryObject({
            pdf_name("/Certs"): generic.ArrayObject([kept(m.authority.issuing_der)]),
            pdf_name("/CRLs"): generic.ArrayObject([kept(one) for one in lists])}))
        writer.update_root()
    return raw.updated(data, change)


@honest(STAMPS, "validation data added")
def evidence_added(m: Material) -> bytes:
    return _with_evidence(m, m.stamped)


@honest(STAMPS, "validation data added to a certified file, then an archive time-stamp")
def evidence_and_stamp(m: Material) -> bytes:
    return m.document_stamped(_with_evidence(m, m.sealed))


@honest(STAMPS, "validation data that nobody can read", remark=Remark.VALIDATION_DATA_BROKEN.value)
def evidence_broken(m: Material) -> bytes:
    return _with_evidence(m, m.approval, broken=True)


@honest(STAMPS, "a certificate expired since, proven in force by a time-stamp")
def expired_stamped(m: Material) -> bytes:
    return m.signed(m.draft, m.ended, stamp=m.time_stamper(m.long_ago))


@honest(STAMPS, "a certificate expired since, and nothing that proves when", conclusion=UNDETERMINED,
        reason=Reason.OUT_OF_BOUNDS_NO_POE)
def expired_unproven(m: Material) -> bytes:
    return m.signed(m.draft, m.ended)


@honest(STAMPS, "a certificate expired since, judged for a day when it was in force", at=lambda m: m.long_ago)
def expired_at(m: Material) -> bytes:
    return m.signed(m.draft, m.ended)


@honest(STAMPS, "a certificate revoked after the time-stamp")
def revoked_after_stamp(m: Material) -> bytes:
    return m.signed(m.draft, m.revoked, stamp=m.time_stamper(m.long_ago))


@honest(STAMPS, "a time-stamp by a service that nobody knows: the signature itself stands",
        conclusion=UNDETERMINED, reason=Reason.NO_CERTIFICATE_CHAIN_FOUND)
def stamp_by_unknown(m: Material) -> bytes:
    unknown = Authority.make("Dịch vụ lạ", key=KeyKind.P256).issue_time_stamp_service()
    return m.signed(m.draft, stamp=m.time_stamper(who=unknown))


OLD = "old and odd signatures"


@honest(OLD, "SHA-1 under ETSI.CAdES.detached, with a time-stamp", remark=Remark.SHA1_USED.value)
def sha1_stamped(m: Material) -> bytes:
    return m.signed(m.draft, digest="sha1", stamp=m.time_stamper(m.long_ago))


@honest(OLD, "SHA-1 without a time-stamp", remark=Remark.SHA1_USED.value)
def sha1_plain(m: Material) -> bytes:
    return m.signed(m.draft, digest="sha1")


@honest(OLD, "adbe.pkcs7.detached")
def adobe_detached(m: Material) -> bytes:
    return m.signed(m.draft, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)


@honest(OLD, "only the signer's certificate inside; the authority is known here")
def leaf_only(m: Material) -> bytes:
    return m.signed(m.draft, chain=False)


@honest(OLD, "an authority nobody here knows, its certificate not in the file", conclusion=UNDETERMINED,
        reason=Reason.NO_CERTIFICATE_CHAIN_FOUND, remark=Remark.CHAIN_INCOMPLETE.value)
def first_generation(m: Material) -> bytes:
    return m.signed(m.draft, m.stranger, chain=False, digest="sha1")


@honest(OLD, "local time written as UTC, seven hours late", remark=Remark.SIGNING_TIME_LOCAL_AS_UTC.value)
def local_time(m: Material) -> bytes:
    data = m.signed(m.draft, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    return _resigned(m, data, datetime.now(UTC) + timedelta(hours=7))


def _resigned(m: Material, data: bytes, claimed: datetime) -> bytes:
    """The attributes with another signing time, signed again by the leader's key."""
    content = cms.ContentInfo.load(raw.contents_of(data)).copy()
    info = content["content"]["signer_infos"][0]
    kept = [a for a in info["signed_attrs"] if a["type"].native != "signing_time"]
    told = cms.CMSAttribute({"type": "signing_time", "values": [cms.Time("utc_time", claimed.replace(microsecond=0))]})
    info["signed_attrs"] = attributes = cms.CMSAttributes([*kept, told])
    private = m.people.leader.private_key
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    info["signature"] = private.sign(attributes.untag().dump(force=True), ec.ECDSA(hashes.SHA256()))
    return raw.with_contents(data, content.dump(force=True))


@honest(OLD, "an RSA key of 3,072 bits")
def rsa_3072(m: Material) -> bytes:
    return m.signed(m.draft, m.authority.issue_person("RSA", key=KeyKind.RSA_3072))


@honest(OLD, "an RSA key of 2,048 bits, SHA-512")
def rsa_sha512(m: Material) -> bytes:
    return m.signed(m.draft, m.authority.issue_person("RSA", key=KeyKind.RSA_2048), digest="sha512")


@honest(OLD, "ECDSA over P-384 with SHA-384")
def p384(m: Material) -> bytes:
    return m.signed(m.draft, m.authority.issue_person("P-384", key=KeyKind.P384), digest="sha384")


@honest(OLD, "a name with quotes, commas and all accents")
def odd_name(m: Material) -> bytes:
    return m.signed(m.draft, m.authority.issue_person('Đỗ "Ắ" Ợ, Ỹ + <Ỡ>', key=KeyKind.P256))


def _strange(m: Material, *names: crypto_x509.NameAttribute, serial: int, extensions: bool) -> bytes:
    """Signed with a certificate that the authority issued in a form of its own."""
    key = KeyKind.P256.make()
    now = datetime.now(UTC)
    builder = (
        crypto_x509.CertificateBuilder().subject_name(crypto_x509.Name(names)).public_key(key.public_key())
        .issuer_name(m.authority.issuing.subject).serial_number(serial)
        .not_valid_before(now - timedelta(days=10)).not_valid_after(now + timedelta(days=300)))
    if extensions:
        builder = builder.add_extension(crypto_x509.UnrecognizedExtension(
            crypto_x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"), critical=False)
    certificate = builder.sign(m.authority._issuing_key, hashes.SHA256())
    return m.signed(m.draft, Issued(key, certificate, m.people.leader.chain))


@honest(OLD, "a certificate without any extension, serial number 1")
def bare_certificate(m: Material) -> bytes:
    return _strange(m, crypto_x509.NameAttribute(NameOID.COMMON_NAME, "Không phần mở rộng"), serial=1, extensions=False)


@honest(OLD, "a name in the old two-byte encoding, an unknown extension, a serial number of 20 octets")
def old_encoding(m: Material) -> bytes:
    return _strange(m, crypto_x509.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Thị Ấ", _ASN1Type.BMPString),
                    serial=(1 << 158) + 7, extensions=True)


@honest(OLD, "reason, place and contact given")
def with_reason(m: Material) -> bytes:
    return m.signed(m.draft, reason="Phê duyệt (lần 1)", location="Hà Nội", contact_info="vanthu@example.gov.vn")


MAIL = "what mail and storage do"


@honest(MAIL, "a line break behind the end")
def trailing_newline(m: Material) -> bytes:
    return m.approval + b"\r\n"


@honest(MAIL, "zeros behind the end, up to a whole block", remark=Remark.BYTES_AFTER_END.value)
def trailing_zeros(m: Material) -> bytes:
    return m.approval + bytes(-len(m.approval) % 512 or 512)


@honest(MAIL, "a mail gateway's footer behind the end", remark=Remark.BYTES_AFTER_END.value)
def trailing_text(m: Material) -> bytes:
    return m.approval + b"\r\n--\r\nThis message was scanned.\r\n"


@honest(MAIL, "bytes before the header, put there after signing", remark=Remark.BYTES_BEFORE_HEADER.value)
def leading_bytes(m: Material) -> bytes:
    return b"\xef\xbb\xbf\r\n" + m.approval


@honest(MAIL, "mail header lines before a sealed file", remark=Remark.BYTES_BEFORE_HEADER.value)
def leading_header(m: Material) -> bytes:
    return b"Content-Type: application/pdf\r\n\r\n" + m.sealed


MAKERS = "other programs' files, then signed"


@honest(MAKERS, "linearised by qpdf")
def linearised(m: Material) -> bytes:
    return m.signed(_qpdf(m.draft, "--linearize"), strict=False)


@honest(MAKERS, "object streams, by qpdf")
def object_streams(m: Material) -> bytes:
    return m.signed(_qpdf(m.draft, "--object-streams=generate"))


@honest(MAKERS, "linearised with object streams, several pages")
def linearised_streams(m: Material) -> bytes:
    return m.signed(_qpdf(m.long_draft, "--linearize", "--object-streams=generate"), strict=False)


@honest(MAKERS, "object streams, signed twice")
def object_streams_twice(m: Material) -> bytes:
    return m.signed(object_streams(m), m.clerk, field="Second")


@honest(MAKERS, "saved by pikepdf")
def by_pikepdf(m: Material) -> bytes:
    with pikepdf.open(io.BytesIO(m.draft)) as pdf:
        out = io.BytesIO()
        pdf.save(out)
    return m.signed(out.getvalue())


@honest(MAKERS, "saved by pypdf")
def by_pypdf(m: Material) -> bytes:
    out = io.BytesIO()
    PdfWriter(clone_from=PdfReader(io.BytesIO(m.draft))).write(out)
    return m.signed(out.getvalue())


@honest(MAKERS, "by Ghostscript")
def by_ghostscript(m: Material) -> bytes:
    return m.signed(_run(m.draft, "gs", "-q", "-dNOPAUSE", "-dBATCH", "-dSAFER", "-sDEVICE=pdfwrite",
                         "-sOutputFile={out}", "{in}"))


@honest(MAKERS, "PDF/A-2b")
def archival(m: Material) -> bytes:
    return m.signed(typeset(Draft(), archival=True))


@honest(MAKERS, "PDF 2.0")
def pdf_2(m: Material) -> bytes:
    return m.signed(_qpdf(m.draft, "--force-version=2.0"))


@honest(MAKERS, "a hybrid file: a table for old readers, a stream for new ones")
def hybrid(m: Material) -> bytes:
    return m.signed(_hybrid(m.draft), strict=False)


def _hybrid(data: bytes) -> bytes:
    """A classic file with a cross-reference stream beside its table that adds one private object."""
    start = raw.startxref(data)
    body, size = data[:start], raw.size_of(data)
    stream_at = len(body)
    entries = (1).to_bytes(1, "big") + stream_at.to_bytes(4, "big") + (0).to_bytes(2, "big")
    body += (b"%d 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Index[%d 1]/Root %d 0 R/Length 7>>\n"
             b"stream\n%b\nendstream\nendobj\n" % (size, size + 1, size, raw.root_number(data), entries))
    rest = data[start:]
    rest = re.sub(rb"/Size \d+", b"/Size %d /XRefStm %d" % (size + 1, stream_at), rest, count=1)
    return body + re.sub(rb"startxref\s+\d+", b"startxref\n%d" % len(body), rest)


@honest(MAKERS, "written by LibreOffice")
def by_libreoffice(m: Material) -> bytes:
    return m.signed(_office_document())


@honest(MAKERS, "a table whose lines end oddly, as old scanners' software writes", remark="")
def odd_table(m: Material) -> bytes:
    return m.signed(m.draft.replace(b" n \n", b" n\r\n").replace(b" f \n", b" f\r\n"))


PAGES = "pages as they come"


def _turned(angle: int, offset: tuple[float, float], unit: float) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.pdf"
        source.write_bytes(typeset(Draft()))
        return write_turned(source, Path(folder) / "b.pdf", angle=angle, offset=offset, unit=unit).read_bytes()


@honest(PAGES, "a page turned by 90 degrees")
def turned_90(m: Material) -> bytes:
    return m.signed(_turned(90, (0, 0), 1))


@honest(PAGES, "a page turned by 180 degrees, cropped off the origin")
def turned_180(m: Material) -> bytes:
    return m.signed(_turned(180, (40, 60), 1))


@honest(PAGES, "a page with UserUnit 2, turned by 270 degrees")
def user_unit(m: Material) -> bytes:
    return m.signed(_turned(270, (0, 0), 2))


@honest(PAGES, "several pages, a visible signature on the last")
def last_page(m: Material) -> bytes:
    return m.signed(m.long_draft, field="Last", spec=SigFieldSpec("Last", on_page=-1, box=(300, 60, 500, 140)))


@honest(PAGES, "an empty page")
def empty_page(m: Material) -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    out = io.BytesIO()
    writer.write(out)
    return m.signed(out.getvalue())


@honest(PAGES, "with an attached file, a link and a comment from before")
def with_attachment(m: Material) -> bytes:
    with pikepdf.open(io.BytesIO(m.draft)) as pdf:
        pdf.attachments["phu-luc.txt"] = b"Phu luc"
        out = io.BytesIO()
        pdf.save(out)
    noted = raw.updated(out.getvalue(), lambda w: annotation(
        w, "/Text", look=False, place=(20, 20, 40, 40), Contents=generic.pdf_string("a")))
    return m.signed(noted)


def _qpdf(data: bytes, *options: str) -> bytes:
    return _run(data, "qpdf", *options, "{in}", "{out}")


def _run(data: bytes, *command: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.pdf", Path(folder) / "out.pdf"
        source.write_bytes(data)
        subprocess.run([part.replace("{in}", str(source)).replace("{out}", str(target)) for part in command],
                       check=True, capture_output=True)
        return target.read_bytes()


def _office_document() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.txt"
        source.write_text("Kính gửi: Sở Nội vụ tỉnh.\n", encoding="utf-8")
        subprocess.run(["soffice", "--headless", f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}",
                        "--convert-to", "pdf", "--outdir", folder, str(source)], check=True, capture_output=True)
        return (Path(folder) / "a.pdf").read_bytes()
