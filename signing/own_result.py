"""The report of a result just made that holds one signature: all is checked, only the chain is not judged anew.

In a batch every result carries the same certificates, the same attributes and the same algorithms; what differs is the
document's digest and the signature value. So the whole examination (`signing.verify`) judges the first result, and its
judgement of the chain holds for the next ones for a minute, if in each of them, as it lies on the disk

    the strict parser finds one filled signature field, ours, with the byte range that leaves out the signature alone;
    the digest of those bytes, computed anew, makes exactly the attributes that went to the key;
    the signature value over them is right under the certificate's public key;
    the CMS object is, octet for octet, the one that was judged with this digest and this value in their places.

Where any of this does not hold, or anything is unusual, there is no answer here and the whole examination says why.
"""

from __future__ import annotations

import io
import re
import time
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import IO, Any

from asn1crypto import cms, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import load_der_x509_certificate
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import extract_contents
from pyhanko_certvalidator.util import get_pyca_cryptography_hash

from signing.changes import widget_page
from signing.cms_form import CmsForm
from signing.keys import Scheme
from signing.page_count import pages_stated_by
from signing.pdf import PARSER_ERRORS
from signing.report import FileReport, Remark, SignatureKind, SignatureReport
from signing.revision import Measured
from signing.signature_facts import time_remarks
from signing.trust import TrustStore

JUDGED_FOR_S = 60.0
"""How long a chain's judgement is taken over, in seconds. Validity dates and lists are finer than that nowhere."""

MOST_KEPT = 4

HEX = re.compile(rb"<[0-9A-Fa-f]+>")
OF_TIME = {Remark.SIGNING_TIME_LOCAL_AS_UTC.value, Remark.SIGNING_TIME_OUTSIDE_CERTIFICATE.value}
"""Remarks that `time_remarks` finds for each document."""


@dataclass(frozen=True, slots=True)
class Made:
    """What a result must hold. value: the key's. hole: offsets of the first and behind the last byte left out.
    last: nothing is appended behind this signature."""

    field: str
    certificate: bytes
    message: bytes
    value: bytes
    digest: str
    scheme: Scheme
    hole: tuple[int, int]
    last: bool

    @property
    def signed(self) -> bytes:
        """The digest of the bytes to be signed, as the attributes that went to the key name it."""
        found: bytes = next(attribute["values"][0].native for attribute in cms.CMSAttributes.load(self.message)
                            if attribute["type"].native == "message_digest")
        return found


@dataclass(frozen=True, slots=True)
class _Judged:
    report: FileReport
    certificate: x509.Certificate
    at: float


_judged: OrderedDict[tuple[CmsForm, TrustStore], _Judged] = OrderedDict()
_lock = Lock()


def remember(form: CmsForm, trust: TrustStore, certificate: bytes, report: FileReport) -> None:
    """Keep what the whole examination found of a result with a signature of this form, if there was nothing unusual."""
    unusual = set(report.warnings) - {Remark.NO_TRUST_ANCHOR.value}   # that is said of the trust, not of the file
    if len(report.signatures) != 1 or unusual or not report.signatures[0].intact:
        return
    with _lock:
        _judged[form, trust] = _Judged(report, x509.Certificate.load(certificate), time.monotonic())
        while len(_judged) > MOST_KEPT:
            _judged.popitem(last=False)


def knows(form: CmsForm, trust: TrustStore) -> bool:
    """Whether there may be an answer here for a result with a signature of this form."""
    return _judgement(form, trust) is not None


def report_of(stream: IO[bytes], measured: Measured, made: Made, form: CmsForm, trust: TrustStore, name: str,
              reader: PdfFileReader) -> FileReport | None:
    """As `verify_stream` would find; None when only the whole examination can tell.

    Args:
        stream: the result as it lies there. measured: what was read from it.
        reader: parses it, over `stream` or over `without_hole` of its content.
    """
    judged = _judgement(form, trust)
    if judged is None:
        return None
    try:
        if not (_octets_hold(stream, measured, made, form) and _plain(reader)):
            return None
        fields = [(str(field), holder) for field, _, holder in enumerate_sig_fields(reader, filled_status=True)]
        if len(fields) != 1 or fields[0][0] != made.field:
            return None
        parsed = form.container_for(made.message, made.value) if reader.stream is stream else b""
        signature = _signature(reader, fields[0][1], measured, made, judged, parsed)
    except PARSER_ERRORS:
        return None
    if signature is None:
        return None
    moment = datetime.now(UTC)
    return replace(judged.report, file=name, signatures=(signature,), checked_at=moment, sha256=measured.sha256,
                   pages=pages_stated_by(reader))


def without_hole(content: bytes, hole: tuple[int, int]) -> IO[bytes]:
    """The same file for a parser, its signature value an empty string and the room of the digits behind its object.

    pyHanko reads hexadecimal digits one by one, which takes longer than all else. Every object begins where it did.
    Raises ValueError when anything but a hexadecimal string lies there.
    """
    first, behind = hole
    if not HEX.fullmatch(content, first, behind):
        raise ValueError("no hexadecimal string")
    end = content.index(b"endobj", behind) + len(b"endobj")
    return io.BytesIO(b"".join((content[:first + 1], content[behind - 1:end], b" " * (behind - first - 2),
                                content[end:])))


def _judgement(form: CmsForm, trust: TrustStore) -> _Judged | None:
    with _lock:
        judged = _judged.get((form, trust))
    return judged if judged is not None and time.monotonic() - judged.at <= JUDGED_FOR_S else None


def _octets_hold(stream: IO[bytes], measured: Measured, made: Made, form: CmsForm) -> bool:
    """The digest is the one that was signed, the value is right, and the CMS object is the known one with both."""
    first, behind = made.hole
    stream.seek(first)
    between = stream.read(behind - first)
    expected = form.container_for(made.message, made.value)
    return (expected is not None and form.attributes_for(measured.signed) == made.message
            and HEX.fullmatch(between) is not None and bytes.fromhex(between[1:-1].decode()) == expected
            and _value_holds(made))


def _value_holds(made: Made) -> bool:
    key = _public_key(made.certificate)
    algorithm = get_pyca_cryptography_hash(made.digest)
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    pss = padding.PSS(padding.MGF1(algorithm), algorithm.digest_size)
    try:
        key.verify(made.value, made.message, pss if made.scheme is Scheme.RSA_PSS else padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4)
def _public_key(certificate: bytes) -> Any:
    return load_der_x509_certificate(certificate).public_key()


def _plain(reader: PdfFileReader) -> bool:
    """Nothing in the file speaks on the chain, and it is what the strict parser takes without a word."""
    stream = reader.stream
    stream.seek(0)
    begins = stream.read(5) == b"%PDF-"
    return begins and reader.strict and "/DSS" not in reader.root and not reader.xrefs.hybrid_xrefs_present


def _signature(reader: PdfFileReader, field: Any, measured: Measured, made: Made, judged: _Judged,
               contents: bytes | None) -> SignatureReport | None:
    pattern = judged.report.signatures[0]
    holder = field.get_object()
    reference = holder.raw_get("/V").reference
    found = reference.get_object()
    first, behind = made.hole
    byte_range = [int(number) for number in found["/ByteRange"]]
    as_written = (found["/Type"] == "/Sig" and found["/Filter"] == "/Adobe.PPKLite"
                  and found["/SubFilter"] == "/ETSI.CAdES.detached"
                  and extract_contents(found) == contents
                  and byte_range == [0, first, behind, measured.size - behind])
    if not as_written:
        return None
    claimed = _utc(generic.parse_pdf_date(found["/M"], strict=reader.strict))
    remarks = time_remarks(claimed, claimed, None, datetime.now(UTC), judged.certificate)
    kept = [remark for remark in pattern.warnings if remark not in OF_TIME]
    # where the whole examination puts them: behind the one on trusted time
    cut = kept.index(Remark.NO_TRUSTED_TIME.value) + 1 if Remark.NO_TRUSTED_TIME.value in kept else 0
    return replace(
        pattern, field=made.field, kind=_kind(reader, reference), signing_time=claimed, covers_whole_file=True,
        changes_after=(), page=widget_page(reader, made.field), revision=reader.xrefs.get_last_change(reference),
        warnings=(*kept[:cut], *(remark.value for remark in remarks), *kept[cut:]))


def _kind(reader: PdfFileReader, reference: Any) -> SignatureKind:
    try:
        author = reader.root["/Perms"].raw_get("/DocMDP").reference
    except PARSER_ERRORS:
        return SignatureKind.APPROVAL
    return SignatureKind.CERTIFICATION if author == reference else SignatureKind.APPROVAL


def _utc(moment: datetime) -> datetime:
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
