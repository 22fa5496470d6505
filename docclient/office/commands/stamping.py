"""A time-stamp comes to a signed document afterwards: no number, no state changes, only what is known of its age."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, NotNow, SignatureMissing, StaleDocument, Why
from docclient.office.evidence import Evidence, must_begin_with, office_trust, text_of_fields, words_on
from docclient.office.model import Actor, Digest, Document, DocumentId, Role, State, Step
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store.blobs import Blobs
from docclient.store.work import Work
from signing.report import ChangeKind, FileReport, SignatureKind, Verdict
from signing.verify import verify_file

STAMPABLE = frozenset({State.SIGNED, State.NUMBERED, State.SEALED, State.ISSUED, State.CORRECTED,
                       State.REPLACED})
ALLOWED = frozenset({ChangeKind.TIMESTAMP_ADDED, ChangeKind.VALIDATION_DATA_ADDED, ChangeKind.METADATA_CHANGED})


@dataclass(frozen=True, slots=True)
class AddStamp(Command):
    """The document's file with a document time-stamp, and evidence perhaps, appended (ETSI EN 319 142-1, 5.4.3).

    Given by a desk's background work, never asked of a person. seen: the file that was stamped; stamped: the result.
    Counts only when the result begins with every byte of the seen file, every signature in it holds as before, and
    nothing but stamps and validation data came.
    """

    document: DocumentId
    version: int
    seen: Digest
    stamped: Digest


def may_be_stamped(work: Work, c: AddStamp) -> Document:
    document = work.document(c.document, lock=True)
    if document.state not in STAMPABLE:
        raise NotNow(command="AddStamp", state=document.state.value)
    if document.version != c.version:
        raise StaleDocument(seen=c.version, current=document.version)
    newest = work.latest(c.document)
    if newest is None or newest["digest"] != c.seen:
        raise FieldWrong("seen", Why.NOT_NEWEST)
    return document


def examine_stamped(blobs: Blobs, work: Work, c: AddStamp) -> Evidence:
    may_be_stamped(work, c)
    must_begin_with(blobs, c.stamped, c.seen)
    seen, stamped = blobs.path(c.seen), blobs.path(c.stamped)
    trust = office_trust(blobs, work)
    before, after = verify_file(seen, trust), verify_file(stamped, trust)
    must_only_be_stamped(before, after)
    if text_of_fields(seen).items() - text_of_fields(stamped).items() or words_on(seen) != words_on(stamped):
        raise FieldWrong("stamped", Why.MORE_THAN_STAMPED)
    return Evidence({c.stamped: after})


def must_only_be_stamped(before: FileReport, after: FileReport) -> None:
    """Raises: SignatureMissing, FieldWrong."""
    now = {each.field: each for each in after.signatures}
    for earlier in before.signatures:
        found = now.pop(earlier.field, None)
        if found is None:
            raise SignatureMissing(whose="person", reason="missing")
        worse = found.verdict is Verdict.INVALID and earlier.verdict is not Verdict.INVALID
        if worse or found.intact != earlier.intact:
            raise SignatureMissing(whose="person", reason=found.reason.value)
        came = set(found.changes_after) - set(earlier.changes_after)
        if not all(change.allowed and change.kind in ALLOWED for change in came):
            raise FieldWrong("stamped", Why.MORE_THAN_STAMPED)
    new = now.values()
    if any(each.kind is not SignatureKind.TIMESTAMP or not each.intact for each in new):
        raise FieldWrong("stamped", Why.MORE_THAN_STAMPED)


@rule(AddStamp, by={Role.CLERK, Role.LEADER, Role.CHIEF_OF_OFFICE}, examine=examine_stamped, offered=False)
def add_stamp(work: Work, me: Actor, c: AddStamp, evidence: Evidence) -> Receipt:
    document = may_be_stamped(work, c)
    newest = work.latest(c.document)
    assert newest is not None
    work.add_version(newest["file"], c.stamped, Step.STAMPED, me.person, "application/pdf")
    evidence.keep(work, c.document, me.person)
    return receipt_for(work, c, work.change(document))
