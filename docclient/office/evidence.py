"""What the office itself finds in a file before it believes a command about it: signatures, order, bytes, numbers.

Whoever gives the command (a window, another program, a server's client) is not taken at its word. Found outside the
transaction, because verifying takes time; kept inside it.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import select

from docclient.office import numbering
from docclient.office.errors import FieldWrong, NumberDiffers, OriginalChanged, SignatureMissing, Why, WrongSigner
from docclient.office.model import Digest, Document, DocumentId, PersonId
from docclient.store import tables
from docclient.store.blobs import CHUNK, Blobs
from docclient.store.work import Work
from signing.files import reading
from signing.form import AGENCY, LEADER, TEXT_FIELDS, fields_of, issued_values
from signing.pdf import open_reader
from signing.report import FileReport, Reason, SignatureReport, Verdict
from signing.trust import TrustStore
from signing.verifier import Verifier
from signing.verify import verify_file

foreign_files = Verifier()
"""Files from outside are verified in a process of their own: one that hangs or eats memory costs itself a verdict."""
atexit.register(foreign_files.close)

# A status that cannot be asked for now is a warning for our own, just made signature; everything else refuses it.
TOLERATED = frozenset({Reason.TRY_LATER})


@dataclass(slots=True)
class Evidence:
    """reports: what verification found, by digest. signer: the certificate (SHA-256) of the signature in question."""

    reports: dict[Digest, FileReport] = field(default_factory=dict)
    signer: str | None = None
    signer_name: str = ""

    def keep(self, work: Work) -> None:
        """Write the reports down beside the files."""
        for digest, report in self.reports.items():
            work.keep_verification(digest, report.conclusion.value, report.as_json())

    def must_be_signed_by(self, work: Work, person: PersonId) -> None:
        """The certificate must not be another's; once a person's certificates are registered, it must be one of them
        (records-work 13.1: signing always with one's own certificate). Raises: WrongSigner."""
        owners = {row.fingerprint.lower(): row.person for row in work.connection.execute(select(
            tables.person_certificate.c.fingerprint, tables.person_certificate.c.person))}
        owner = owners.get((self.signer or "").lower())
        if owner != person and (owner is not None or person in owners.values()):
            raise WrongSigner(person=work.person_name(person), subject=self.signer_name)


def office_trust(blobs: Blobs, work: Work) -> TrustStore:
    """Whom the office trusts: the public authorities that come with the program, and what administrators added."""
    store = TrustStore.standard()
    content: dict[str, list[bytes]] = {"anchor": [], "intermediate": [], "crl": []}
    for row in work.connection.execute(select(tables.trust_item.c.kind, tables.trust_item.c.digest)):
        with blobs.open(row.digest) as stream:
            content[row.kind].append(stream.read())
    return (store.with_certificates(content["anchor"]).with_intermediates(content["intermediate"])
            .with_crls(content["crl"]))


def examine_files(blobs: Blobs, work: Work, digests: Iterable[Digest]) -> Evidence:
    """Verify received files; whatever they turn out to be is for the clerk to judge."""
    trust = office_trust(blobs, work)
    return Evidence({digest: foreign_files.verify(blobs.path(digest), trust) for digest in dict.fromkeys(digests)})


def examine_prepared(blobs: Blobs, work: Work, pdf: Digest, prepared: Digest) -> Evidence:
    """The prepared file is the converted one with fields appended, the signer's field among them."""
    must_begin_with(blobs, prepared, pdf)
    if LEADER not in text_of_fields(blobs.path(prepared)):
        raise FieldWrong("prepared", Why.NO_SIGNATURE_FIELD, LEADER)
    return Evidence()


def examine_personal_signature(blobs: Blobs, work: Work, seen: Digest, signed: Digest) -> Evidence:
    must_begin_with(blobs, signed, seen)
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
    if wrong:
        raise NumberDiffers(expected=f"{document.number_and_symbol}, {numbering.date_line(document.issued_date)}",
                            found=", ".join(each or "–" for each in wrong.values()))
    return Evidence({sealed: report}, agency.certificate_sha256, agency.signer)


def examine_agency_copy(blobs: Blobs, work: Work, document: DocumentId, signed: Digest) -> Evidence:
    """The digitised file with the agency's signature appended."""
    newest = work.latest(document)
    if newest is None:
        raise FieldWrong("document", Why.NO_FILE)
    must_begin_with(blobs, signed, Digest(newest["digest"]))
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
