"""Check every signature of a PDF. Whatever the file or a library comes up with becomes a verdict with a reason.

Order of the stages: form, digest, signature value, what was added afterwards, chain, revocation, time.
Source: ETSI EN 319 102-1, clauses 5.2 to 5.6; TT 15/2025/TT-BKHCN, Điều 6 and Annex II.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar

from asn1crypto import cms, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.general import byte_range_digest, extract_certificate_info
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko_certvalidator.ltv.poe import ValidationObject
from pypdfium2 import PdfiumError

from signing.changes import changes_after, review, widget_page
from signing.errors import FileNotReadable
from signing.evidence_used import Gathered
from signing.files import CHUNK, digest_of, reading
from signing.judgement import Bench, Judgement, judge_signature, judge_timestamp
from signing.outside import Tail, is_signed, numbers_of, padding_is_plain, ranges_in, tail_of
from signing.page_count import pages_stated_by
from signing.pdf import PARSER_ERRORS, Damaged, Encrypted, NotAPdf, entry
from signing.pdfium import opened
from signing.report import (
    Change,
    ChangeKind,
    Conclusion,
    FileReport,
    Reason,
    Remark,
    SignatureKind,
    SignatureReport,
    Verdict,
)
from signing.revocation import knowledge_in, knowledge_inside, knowledge_of
from signing.revocation_facts import revocation_facts
from signing.signature_facts import (
    KNOWN_SUBFILTERS,
    algorithms_of,
    claimed_time,
    dictionary_time,
    is_document_stamp,
    level_of,
    missing_issuer,
    other_certificates,
    signer_certificate,
    signer_facts,
    stamped_time,
    stamping_authority,
    time_remarks,
    timestamp_tokens,
)
from signing.signed_reader import open_signed
from signing.trust import TrustStore, fingerprint, readable_name

T = TypeVar("T")
DEADLINE_S = 60.0

log = logging.getLogger(__name__)

Digests = Callable[[tuple[int, ...], str], bytes | None]
"""The digest over a byte range by an algorithm's name; None when it is not known."""


def verify_file(path: Path, trust: TrustStore, *, at: datetime | None = None, online: bool = False,
                deadline_s: float = DEADLINE_S) -> FileReport:
    """The verdict on every signature of the file and on the file. Never raises for what the file contains.

    Args:
        trust: whom to believe; nothing else is believed, the system's store included.
        at: the moment to judge for, aware; now without it.
        online: whether certificates and revocation evidence may be fetched from addresses named in the certificates.
        deadline_s: seconds after which no further stage is begun; what is not judged by then is undetermined.
    """
    moment = at or datetime.now(UTC)
    if moment.tzinfo is None:
        raise ValueError("the moment must carry its zone")
    name = str(path)
    try:
        with reading(path) as stream:
            return verify_stream(stream, name, trust, moment, historical=at is not None, online=online,
                                 deadline_s=deadline_s)
    except FileNotReadable:
        return FileReport.unreadable(name, Reason.NOT_READABLE, checked_at=moment)
    except Encrypted:
        return FileReport.unreadable(name, Reason.ENCRYPTED, checked_at=moment)
    except NotAPdf:
        return FileReport.unreadable(name, Reason.NOT_PDF, checked_at=moment)
    except Damaged:
        return _damaged(path, name, moment)
    except Exception as error:
        # nothing below is meant to come this far; if it does, the file is not called good. Messages may hold its text
        log.error("a file could not be judged to the end: %s", type(error).__name__)
        return FileReport(name, Conclusion.UNDETERMINED, Reason.GENERIC, checked_at=moment,
                          warnings=(Remark.STRUCTURE_IRREGULAR.value,))


def verify_stream(stream: IO[bytes], name: str, trust: TrustStore, moment: datetime, *, historical: bool = False,
                  online: bool = False, deadline_s: float = DEADLINE_S, sha256: str | None = None,
                  digests: Digests | None = None) -> FileReport:
    """As `verify_file`, over an open file. sha256: of the whole, when it is known or not wanted ("").

    digests: asked first for what is signed; whoever reads the file anyway need not have it read twice.
    Raises: NotAPdf, Damaged, Encrypted.
    """
    opening = open_signed(stream, name)
    reader, remarks = opening.reader, [remark.value for remark in opening.remarks]
    stored = knowledge_in(reader)
    if stored.broken:
        remarks.append(Remark.VALIDATION_DATA_BROKEN.value)
    if not trust.anchors:
        remarks.append(Remark.NO_TRUST_ANCHOR.value)
    bench = Bench(trust, knowledge_of(trust).plus(stored), moment, historical, online)
    examination = _Examination(reader, bench, time.monotonic() + deadline_s, digests)
    reports = _run(examination.reports())
    if opening.is_cut:
        reports = [replace(report, covers_whole_file=False) for report in reports]
    if reports and tail_of(reader) is Tail.HARMLESS:
        remarks.append(Remark.BYTES_AFTER_END.value)
    return FileReport.of(name, tuple(reports), checked_at=moment, warnings=tuple(remarks),
                       sha256=digest_of(stream) if sha256 is None else sha256, evidence=examination.gathered.used(),
                       pages=pages_stated_by(reader))


def _damaged(path: Path, name: str, moment: datetime) -> FileReport:
    """A file pyHanko cannot follow: if other readers show it and it holds a signature, that signature is broken."""
    with reading(path) as stream:
        try:
            with opened(stream) as document:
                shown = len(document) > 0
        except (PdfiumError, OSError):
            shown = False
        if not shown:
            return FileReport.unreadable(name, Reason.DAMAGED, checked_at=moment)
        signed = is_signed(stream)
    conclusion = Conclusion.INVALID if signed else Conclusion.UNSIGNED
    return FileReport(name, conclusion, Reason.FORMAT_FAILURE if signed else None, checked_at=moment,
                      warnings=(Remark.STRUCTURE_IRREGULAR.value,))


def _run(coroutine: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(coroutine)


class _Examination:
    """One file's signatures, looked at together: later time-stamps prove that earlier signatures existed."""

    def __init__(self, reader: PdfFileReader, bench: Bench, deadline: float, digests: Digests | None = None) -> None:
        self.reader, self.bench, self.deadline, self.digests = reader, bench, deadline, digests
        self.proofs: list[tuple[int, datetime]] = []   # revision of a trusted document time-stamp, its time
        self.gathered = Gathered()

    async def reports(self) -> list[SignatureReport]:
        readable: list[EmbeddedPdfSignature] = []
        broken: list[SignatureReport] = []
        for name, value, field in _filled_fields(self.reader):
            try:
                readable.append(_InLargePieces(self.reader, field, name, self.digests))
            except PARSER_ERRORS as error:
                broken.append(_broken(name, value, repr(error)))
        readable.sort(key=lambda s: s.signed_revision)
        found: dict[str, SignatureReport] = {}
        # newest first: a time-stamp is proof for everything below it
        for embedded in reversed(readable):
            if time.monotonic() > self.deadline:
                found[embedded.fq_name] = _unjudged(embedded, Reason.TIME_OVER)
                continue
            try:
                found[embedded.fq_name] = await self._report(embedded, readable)
            except PARSER_ERRORS as error:
                found[embedded.fq_name] = _broken(embedded.fq_name, embedded.sig_object, repr(error))
        return [*(found[s.fq_name] for s in readable), *broken, *self._lost(readable)]

    def _lost(self, readable: Sequence[EmbeddedPdfSignature]) -> list[SignatureReport]:
        """Signatures that stand in the file and that nothing leads to any more: somebody took them out."""
        known = {numbers_of(s) for s in readable}
        return [_removed(found.content) for found in ranges_in(self.reader.stream) if found.numbers not in known]

    async def _report(self, embedded: EmbeddedPdfSignature, others: Sequence[EmbeddedPdfSignature]) -> SignatureReport:
        is_stamp = is_document_stamp(embedded.sig_object)
        reviewed = review(embedded, others)
        bench = self.bench.knowing(knowledge_inside(embedded))
        later = min((when for revision, when in self.proofs if revision > embedded.signed_revision), default=None)
        remarks: list[Remark] = []
        rests_on: list[Judgement] = []
        certificate = signer_certificate(embedded)
        claimed = None if is_stamp else claimed_time(embedded)

        stamped: datetime | None = None
        if is_stamp:
            judged = await judge_timestamp(embedded.signed_data, bench, embedded.compute_digest, proven_at=later)
            stamped = proven = stamped_time(embedded.signed_data)
            stamped_by = stamping_authority(embedded.signed_data)
            if judged.verdict is Verdict.VALID and reviewed.allowed and stamped is not None:
                self.proofs.append((embedded.signed_revision, stamped))
        else:
            stamps = await _Stamps.of(embedded, bench, later)
            self.gathered.add(stamps.objects)
            rests_on += stamps.judged
            stamped, stamped_by = stamps.shown, stamps.shown_by
            proven = min((t for t in (stamps.proven, later) if t is not None), default=None)
            judged = await judge_signature(embedded, bench, proven_at=proven, claimed_at=claimed)
            if stamps.worst is not None and judged.verdict is Verdict.VALID:
                judged = Judgement(Verdict.UNDETERMINED, stamps.worst.reason, judged.path, status=judged.status,
                                   technical=stamps.worst.technical)
                remarks.append(Remark.TIMESTAMP_NOT_TRUSTED)
            if proven is None:
                remarks.append(Remark.NO_TRUSTED_TIME)
        self.gathered.add(judged.objects, certificate)
        verdict, reason, technical = judged.verdict, judged.reason, judged.technical
        if verdict is not Verdict.INVALID and not (reviewed.structure_sound and reviewed.allowed):
            # the signed bytes hold, the file does not: what was added is not allowed, or bytes lie outside
            verdict, reason, technical = Verdict.INVALID, Reason.FORMAT_FAILURE, reviewed.technical or technical
        if verdict is Verdict.VALID and not padding_is_plain(bytes(embedded.pkcs7_content)):
            verdict, reason = Verdict.UNDETERMINED, Reason.SIG_CONSTRAINTS_FAILURE
            technical = "something stands behind the signature value in its place"

        remarks += list(time_remarks(claimed, dictionary_time(embedded), stamped, bench.moment, certificate))
        remarks += _remarks(embedded, judged)
        if reviewed.fields_came:
            remarks.append(Remark.FIELD_ADDED_AFTER_CERTIFICATION)
        facts = signer_facts(certificate) if certificate is not None else None
        state = _revocation(judged)
        fresh = revocation_facts(certificate, judged.objects, bench.trust, bench.knowledge) \
            if certificate is not None and state in {"good", "revoked"} else None
        anchor = _anchor(judged)
        if not all(_rests_on_confirmed(each, bench.trust) for each in (judged, *rests_on)):
            remarks.append(Remark.ANCHOR_UNCONFIRMED)
        needs = certificate is not None and judged.reason in {
            Reason.NO_CERTIFICATE_CHAIN_FOUND, Reason.CERTIFICATE_CHAIN_GENERAL_FAILURE}
        missing = _missing(certificate, embedded, bench) if needs and certificate is not None else None
        if missing is not None:
            remarks.append(Remark.CHAIN_INCOMPLETE)
        return SignatureReport(
            field=embedded.fq_name,
            signer=facts.subject if facts else "",
            issuer=facts.issuer if facts else "",
            serial=facts.serial if facts else "",
            verdict=verdict,
            reason=reason,
            kind=_kind(embedded, is_stamp=is_stamp),
            covers_whole_file=reviewed.covers_whole_file,
            changes_after=changes_after(embedded, reviewed, others),
            signing_time=claimed,
            timestamp_time=stamped,
            proven_at=proven,
            level=None if is_stamp else level_of(embedded, has_store=bench.knowledge.from_store,
                                                 stamped_later=later is not None),
            algorithms=algorithms_of(embedded),
            trust_anchor=readable_name(anchor.subject) if anchor is not None else None,
            trust_anchor_sha256=fingerprint(anchor.dump()) if anchor is not None else None,
            trust_anchor_confirmed=_rests_on_confirmed(judged, bench.trust) if anchor is not None else None,
            missing_issuer=missing,
            certificate_valid_from=facts.valid_from if facts else None,
            certificate_valid_to=facts.valid_to if facts else None,
            certificate_sha256=facts.sha256 if facts else None,
            signer_organisation=facts.organisation if facts else None,
            signer_title=facts.title if facts else None,
            timestamp_authority=stamped_by,
            revocation=state,
            revocation_source=fresh.source if fresh else None,
            revocation_from=fresh.since if fresh else None,
            revocation_until=fresh.until if fresh else None,
            revoked_at=judged.revoked_at,
            warnings=tuple(dict.fromkeys(remark.value for remark in remarks)),
            intact=judged.intact,
            page=widget_page(self.reader, embedded.fq_name),
            revision=embedded.signed_revision,
            technical=technical,
        )


class _Stamps:
    """The time-stamps over a signature value: the time shown, the time proven, and the first that does not hold."""

    def __init__(self) -> None:
        self.shown: datetime | None = None
        self.shown_by: str | None = None
        self.proven: datetime | None = None
        self.worst: Judgement | None = None
        self.objects: list[ValidationObject] = []
        self.judged: list[Judgement] = []

    @classmethod
    async def of(cls, embedded: EmbeddedPdfSignature, bench: Bench, later: datetime | None) -> _Stamps:
        from pyhanko.sign.validation.generic_cms import message_imprint_checker

        found = cls()
        failed: Judgement | None = None
        for token in timestamp_tokens(embedded):
            when = stamped_time(token)
            judged = await judge_timestamp(token, bench, message_imprint_checker(embedded.signer_info), proven_at=later)
            if found.shown is None and when is not None:
                found.shown, found.shown_by = when, stamping_authority(token)
            found.objects += judged.objects
            found.judged.append(judged)
            if judged.verdict is Verdict.VALID and when is not None:
                found.proven = min(found.proven or when, when)
            else:
                failed = failed or judged
        if found.proven is None:
            found.worst = failed
        return found


def _filled_fields(reader: PdfFileReader) -> list[tuple[str, Any, Any]]:
    try:
        return [(str(name), value.get_object(), field) for name, value, field in
                enumerate_sig_fields(reader, filled_status=True)]
    except PARSER_ERRORS as error:
        raise Damaged(file="") from error


class _InLargePieces(EmbeddedPdfSignature):
    """pyHanko reads what is signed 4,096 bytes at a time, which takes longer than the digest itself."""

    def __init__(self, reader: PdfFileReader, field: Any, name: str, digests: Digests | None) -> None:
        super().__init__(reader, field, name)
        self._digests = digests

    def compute_digest(self, hash_algo: str | None = None) -> bytes:
        algorithm = hash_algo or self.external_md_algorithm
        known = self._digests(tuple(self.byte_range), algorithm) if self._digests is not None else None
        if known is not None:
            self.external_digests[algorithm] = known
        if algorithm not in self.external_digests:
            _, self.external_digests[algorithm] = byte_range_digest(
                self.reader.stream, byte_range=self.byte_range, md_algorithm=algorithm, chunk_size=CHUNK)
        return self.external_digests[algorithm]


def _kind(embedded: EmbeddedPdfSignature, *, is_stamp: bool) -> SignatureKind:
    if is_stamp:
        return SignatureKind.TIMESTAMP
    try:
        author = embedded.reader.root["/Perms"].raw_get("/DocMDP").reference
        own = embedded.sig_field.raw_get("/V").reference
        return SignatureKind.CERTIFICATION if author == own else SignatureKind.APPROVAL
    except PARSER_ERRORS:
        return SignatureKind.APPROVAL


def _remarks(embedded: EmbeddedPdfSignature, judged: Judgement) -> list[Remark]:
    remarks = []
    if embedded.md_algorithm == "sha1":
        remarks.append(Remark.SHA1_USED)
    if judged.reason is Reason.TRY_LATER:
        remarks.append(Remark.REVOCATION_UNREACHABLE)
    if str(entry(embedded.sig_object, "/SubFilter", "")) not in KNOWN_SUBFILTERS:
        remarks.append(Remark.ODD_SUBFILTER)
    return remarks


def _anchor(judged: Judgement) -> x509.Certificate | None:
    anchor = getattr(judged.path, "trust_anchor", None)
    found = getattr(anchor, "certificate", None)
    return found if isinstance(found, x509.Certificate) else None


def _rests_on_confirmed(judged: Judgement, trust: TrustStore) -> bool:
    anchor = _anchor(judged)
    return anchor is None or fingerprint(anchor.dump()) not in trust.unconfirmed


def _missing(certificate: x509.Certificate, embedded: EmbeddedPdfSignature, bench: Bench) -> str | None:
    try:
        known = [*other_certificates(embedded.signed_data), *bench.knowledge.certificates]
        return missing_issuer(certificate, known, bench.trust)
    except PARSER_ERRORS:
        return None


def _revocation(judged: Judgement) -> str | None:
    if judged.revoked_at is not None:
        return "revoked"
    if judged.verdict is Verdict.VALID:
        return "good"
    if judged.reason is Reason.TRY_LATER:
        return "unreachable"
    return None


def _broken(name: str, value: Any, technical: str) -> SignatureReport:
    """A signature dictionary nobody can read: no byte range, no contents, no CMS (the universal forgery's forms)."""
    is_stamp = is_document_stamp(value)
    kind = SignatureKind.TIMESTAMP if is_stamp else SignatureKind.APPROVAL
    return SignatureReport(name, "", "", "", Verdict.INVALID, Reason.FORMAT_FAILURE, kind, covers_whole_file=False,
                           technical=technical)


def _removed(content: bytes) -> SignatureReport:
    """A signature that a later update took out of the form; `content`: its CMS object."""
    try:
        certificate = extract_certificate_info(cms.ContentInfo.load(content)["content"]).signer_cert
        facts = signer_facts(certificate)
        who = facts.subject, facts.issuer, facts.serial
    except PARSER_ERRORS:
        who = "", "", ""
    return SignatureReport("", *who, Verdict.INVALID, Reason.FORMAT_FAILURE, SignatureKind.APPROVAL,
                           covers_whole_file=False,
                           changes_after=(Change(ChangeKind.SIGNATURE_REMOVED, allowed=False),),
                           technical="no reference leads to this signature any more")


def _unjudged(embedded: EmbeddedPdfSignature, reason: Reason) -> SignatureReport:
    certificate = signer_certificate(embedded)
    facts = signer_facts(certificate) if certificate is not None else None
    return SignatureReport(
        embedded.fq_name, facts.subject if facts else "", facts.issuer if facts else "", facts.serial if facts else "",
        Verdict.UNDETERMINED, reason, SignatureKind.APPROVAL, covers_whole_file=False)
