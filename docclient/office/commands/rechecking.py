"""Checking the signatures of a document again: with the trust and the evidence of now, beside what was found before."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from docclient.office.door import Act, Command, Receipt
from docclient.office.evidence import Evidence, examine_files, may_ask_network
from docclient.office.model import Actor, Digest, Document, DocumentId, FileKind, State
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.blobs import Blobs
from docclient.store.work import Work

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class RecheckSignatures(Command):
    """Verify the document's current files again. What is found is added to the history of verdicts; nothing that was
    found earlier is changed. The network is asked only where the administrator allows it (`online_evidence`)."""

    document: DocumentId
    version: int


def current_pdfs(work: Work, document: DocumentId) -> list[Digest]:
    """The newest version of each PDF of the document."""
    newest = select(
        tables.file_version.c.digest, tables.file_version.c.media_type,
        func.row_number().over(partition_by=tables.file_version.c.file,
                               order_by=tables.file_version.c.number.desc()).label("place"),
    ).join(tables.file, tables.file.c.id == tables.file_version.c.file).where(
        tables.file.c.document == document, tables.file.c.kind != FileKind.PACKET).subquery()
    rows = work.connection.scalars(
        select(newest.c.digest).where(newest.c.place == 1, newest.c.media_type == PDF).order_by(newest.c.digest))
    return [Digest(each) for each in rows]


def has_signatures(work: Work, me: Actor, document: Document) -> bool:
    """A current file was found to be signed, or could not be read: then a second look may say more."""
    return work.connection.scalar(
        select(tables.verdict.c.digest).where(
            tables.verdict.c.document == document.id, tables.verdict.c.conclusion != "unsigned",
            tables.verdict.c.digest.in_(current_pdfs(work, document.id))).limit(1)) is not None


def examine_again(blobs: Blobs, work: Work, c: RecheckSignatures) -> Evidence:
    return examine_files(blobs, work, current_pdfs(work, c.document), online=may_ask_network(work))


@rule(RecheckSignatures, in_states=frozenset(State), when=has_signatures, examine=examine_again, act=Act.RECHECK,
      order=95)
def recheck_signatures(work: Work, me: Actor, c: RecheckSignatures, evidence: Evidence) -> Receipt:
    document = work.document(c.document)
    evidence.add(work, document.id, me.person)
    conclusions = sorted({report.conclusion.value for report in evidence.reports.values()})
    return receipt_for(work, c, document, conclusions=", ".join(conclusions))
