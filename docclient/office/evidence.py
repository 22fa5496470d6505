"""What the office itself finds in a file before it believes a command about it: signatures, order, bytes, numbers.

Whoever gives the command (a window, another program, a server's client) is not taken at its word. Found outside the
transaction, because verifying takes time; kept inside it.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import select

from docclient.office import numbering
from docclient.office.errors import FieldWrong, NumberDiffers, OriginalChanged, SignatureMissing, Why, WrongSigner
from docclient.office.model import Digest, Document, DocumentId, PersonId
from docclient.office.proof import proof_file
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.blobs import CHUNK, Blobs
from docclient.store.work import Work
from signing.files import reading
from signing.form import AGENCY, DAY, ISSUED_DATE, LEADER, MONTH, NUMBER, TEXT_FIELDS, fields_of, issued_values
from signing.layout import read_layout
from signing.page_text import read_pages
from signing.pdf import open_reader
from signing.report import FileReport, Reason, SignatureReport, Verdict
from signing.system_store import system_anchors
from signing.trust import TrustStore
from signing.verifier import Verifier
from signing.verify import verify_file

foreign_files = Verifier()
"""Files from outside are verified in a process of their own: one that hangs or eats memory costs itself a verdict."""
atexit.register(foreign_files.close)

ONLINE_EVIDENCE, SYSTEM_STORE = "online_evidence", "system_store"
"""The office's facts that let checks ask the network for certificates and revocation evidence, and believe what the
system itself believes. Neither holds unless an administrator says so."""
YES, NO = "yes", "no"

AGENCY_OWNER = "agency"
"""Whose certificate seals: the agency's own, as opposed to a person's."""

# A status that cannot be asked for now is a warning for our own, just made signature; everything else refuses it.
TOLERATED = frozenset({Reason.TRY_LATER})


@dataclass(slots=True)
class Evidence:
    """reports: what verification found, by digest. signer: the certificate (SHA-256) of the signature in question."""

    reports: dict[Digest, FileReport] = field(default_factory=dict)
    signer: str | None = None
    signer_name: str = ""
    online: bool = False

    def pages_of(self, digest: Digest) -> int | None:
        """As many as the file was found to state; None for one that was not looked at, or states nothing sensible."""
        report = self.reports.get(digest)
        return report.pages if report is not None else None

    def keep(self, work: Work, document: DocumentId, by: PersonId | None = None) -> None:
        """Write the reports down beside the document's files, with what they rest on (TT 15/2025 S10)."""
        for digest, report in self.reports.items():
            work.keep_verification(document, digest, report.conclusion.value, report.as_json(),
                                   evidence=kept_proof(work, report), by=by)

    def add(self, work: Work, document: DocumentId, by: PersonId) -> None:
        """Write the reports down as a later check: nothing that stands there is changed."""
        for digest, report in self.reports.items():
            work.add_verdict(document, digest, report.conclusion.value, report.as_json(),
                             evidence=kept_proof(work, report), online=self.online, by=by)

    def must_be_signed_by(self, work: Work, owner: str, name: str) -> None:
        """The certificate is the owner's (a person, or AGENCY): one of those registered to the owner, or, while there
        are none, one that is registered to nobody and, for the agency, issued to it by name and, for a person, not
        (records-work 13.1: one's own certificate; NĐ 30 Art 32: the agency's own). Raises: WrongSigner."""
        owners = {row.fingerprint.lower(): row.owner for row in work.connection.execute(select(
            tables.certificate.c.fingerprint, tables.certificate.c.owner))}
        found = owners.get((self.signer or "").lower())
        if found == owner:
            return
        names_agency = fold(self.signer_name) == fold(work.own_agency()["name"])
        if found is not None or owner in owners.values() or names_agency != (owner == AGENCY_OWNER):
            raise WrongSigner(person=name, subject=self.signer_name)


def office_trust(blobs: Blobs, work: Work) -> TrustStore:
    """Whom the office trusts: what its administrators confirmed or added. Put together once for the same items, which
    go by their digests: it takes longer than everything else about a packet that arrives."""
    items = tuple((row.kind, row.digest) for row in work.connection.execute(
        select(tables.trust_item.c.kind, tables.trust_item.c.digest)))
    if work.fact(SYSTEM_STORE) == YES:              # what the system believes changes without us
        return trust_from(((kind, blobs.open(digest)) for kind, digest in items), system_store=True)
    known = _latest_trust.get(items)
    if known is None:
        known = trust_from((kind, blobs.open(digest)) for kind, digest in items)
        _latest_trust.clear()
        _latest_trust[items] = known
    return known


_latest_trust: dict[tuple[tuple[str, str], ...], TrustStore] = {}


@cache
def shipped() -> TrustStore:
    """What comes with the program, read once."""
    return TrustStore.standard()


def trust_from(items: Iterable[tuple[str, BinaryIO]], *, system_store: bool = False) -> TrustStore:
    """What was confirmed or added (anchor, intermediate or crl; content); closes what it reads.

    Of what comes with the program only the authorities in between are in it by themselves: they are believed through
    an anchor, and an anchor is believed once an administrator has compared its fingerprint.
    """
    content: dict[str, list[bytes]] = {"anchor": [], "intermediate": [], "crl": []}
    for kind, stream in items:
        with stream:
            content[kind].append(stream.read())
    standard = shipped()
    confirmed = replace(standard, anchors=tuple(each for each in standard.anchors if each in content["anchor"]))
    return (confirmed.with_certificates([*content["anchor"], *(system_anchors() if system_store else ())])
            .with_intermediates(content["intermediate"]).with_crls(content["crl"]))


def kept_proof(work: Work, report: FileReport) -> Digest | None:
    """The file with what the report rests on, put among the office's bytes."""
    proof = proof_file(report)
    return work.blobs.put(proof) if proof is not None else None


def may_ask_network(work: Work) -> bool:
    """Has the administrator allowed certificates and revocation evidence to be fetched? Not unless it was said."""
    return work.fact(ONLINE_EVIDENCE) == YES


def examine_files(blobs: Blobs, work: Work, digests: Iterable[Digest], *, online: bool = False) -> Evidence:
    """Verify received files; whatever they turn out to be is for the clerk to judge."""
    trust = office_trust(blobs, work)
    return Evidence({digest: foreign_files.verify(blobs.path(digest), trust, online=online)
                     for digest in dict.fromkeys(digests)}, online=online)


def examine_prepared(blobs: Blobs, work: Work, pdf: Digest, prepared: Digest) -> Evidence:
    """The prepared file is the converted one with fields appended, the signer's field among them."""
    must_begin_with(blobs, prepared, pdf)
    fields = text_of_fields(blobs.path(prepared))
    for name in (LEADER, AGENCY):
        if name not in fields:
            raise FieldWrong("prepared", Why.NO_SIGNATURE_FIELD, name)
    if not has_number_and_date(fields):
        raise FieldWrong("prepared", Why.NO_NUMBER_FIELD)
    if any(fields[name] for name in TEXT_FIELDS if name in fields):
        raise FieldWrong("prepared", Why.ALREADY_FILLED)
    return Evidence()


def has_number_and_date(fields: Mapping[str, str]) -> bool:
    """Is there a place for the number and for the date that the register will give?"""
    return NUMBER in fields and (ISSUED_DATE in fields or {DAY, MONTH} <= fields.keys())


def printed_year(path: Path) -> int | None:
    """The year that already stands in the page's date line; None where it is still to be filled in."""
    year = read_layout(read_pages(path)).year
    return int(year.filled) if year is not None and year.filled.isdecimal() else None


def examine_personal_signature(blobs: Blobs, work: Work, seen: Digest, signed: Digest) -> Evidence:
    """The signed file is the seen one and a signature, nothing more: no field filled, no word changed."""
    must_begin_with(blobs, signed, seen)
    before, after = blobs.path(seen), blobs.path(signed)
    if text_of_fields(before) != text_of_fields(after) or words_on(before) != words_on(after):
        raise FieldWrong("signed", Why.MORE_THAN_SIGNED)
    report = verify_file(blobs.path(signed), office_trust(blobs, work))
    found = holding(report, LEADER, "person")
    return Evidence({signed: report}, found.certificate_sha256, found.signer)


def examine_seal(blobs: Blobs, work: Work, document: Document, seen: Digest, sealed: Digest) -> Evidence:
    """Both signatures hold; after the person's there is only what that signature allows (form filling, further
    signatures: DocMDP 2); number and date on the page are the register's."""
    must_begin_with(blobs, sealed, seen)
    report = verify_file(blobs.path(sealed), office_trust(blobs, work))
    personal = holding(report, LEADER, "person")
    agency = holding(report, AGENCY, "agency")
    if not all(change.allowed for change in personal.changes_after):
        raise SignatureMissing(whose="person", reason="changed")
    if document.code_number is None or document.issued_date is None:
        raise FieldWrong("document", Why.NO_NUMBER)
    shown = text_of_fields(blobs.path(sealed))
    expected = issued_values(document.code_number, document.issued_date)
    wrong = {name: shown[name] for name in TEXT_FIELDS if name in shown and shown[name] != expected[name]}
    if wrong or not has_number_and_date(shown):
        raise NumberDiffers(expected=f"{document.number_and_symbol}, {numbering.date_line(document.issued_date)}",
                            found=", ".join(each or "–" for each in wrong.values()))
    return Evidence({sealed: report}, agency.certificate_sha256, agency.signer)


def examine_agency_copy(blobs: Blobs, work: Work, document: DocumentId, signed: Digest) -> Evidence:
    """The digitised file with the agency's signature appended."""
    newest = work.latest(document)
    if newest is None:
        raise FieldWrong("document", Why.NO_FILE)
    return examine_agency_signature(blobs, work, Digest(newest["digest"]), signed)


def examine_agency_signature(blobs: Blobs, work: Work, seen: Digest, signed: Digest) -> Evidence:
    """The seen file with a signature of the agency appended: an annex, a copy."""
    must_begin_with(blobs, signed, seen)
    report = verify_file(blobs.path(signed), office_trust(blobs, work))
    if not report.signatures:
        raise SignatureMissing(whose="agency", reason="missing")
    last = holding(report, report.signatures[-1].field, "agency")
    return Evidence({signed: report}, last.certificate_sha256, last.signer)


def text_of_fields(path: Path) -> dict[str, str]:
    """Every form field of the file with its text; empty for one that is not filled."""
    with reading(path) as stream:
        fields = fields_of(open_reader(stream, path.name))
        return {name: str(field.field.get("/V", "")) if name in TEXT_FIELDS else "" for name, field in fields.items()}


def words_on(path: Path) -> list[list[str]]:
    """The words of every page's own content; form fields and signatures are not part of it."""
    return [[word.text for row in page.rows for word in row.words] for page in read_pages(path)]


def must_begin_with(blobs: Blobs, longer: Digest, shorter: Digest) -> None:
    """A signed PDF only ever grows: the new file begins with every byte of the old one. Raises: OriginalChanged."""
    if blobs.size(longer) <= blobs.size(shorter):
        raise OriginalChanged()
    with blobs.open(longer) as after, blobs.open(shorter) as before:
        while expected := before.read(CHUNK):
            if after.read(len(expected)) != expected:
                raise OriginalChanged()


def holding(report: FileReport, field_name: str, whose: str) -> SignatureReport:
    """The signature in that field, if it holds. Raises: SignatureMissing."""
    found = next((each for each in report.signatures if each.field == field_name), None)
    if found is None:
        raise SignatureMissing(whose=whose, reason="missing")
    if found.verdict is not Verdict.VALID and found.reason not in TOLERATED:
        raise SignatureMissing(whose=whose, reason=found.reason.value)
    return found
