"""Everything about one document, as its page shows it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select

from docclient.office.access import visible
from docclient.office.deadlines import Standing, office_calendar
from docclient.office.door import Offer, Query
from docclient.office.errors import NotFound
from docclient.office.model import (
    Actor,
    Digest,
    Document,
    DocumentId,
    FileKind,
    Flow,
    HandlerRole,
    LinkKind,
    PersonId,
    State,
    Step,
    today,
)
from docclient.office.offers import offers_on
from docclient.office.queries.verdicts import newest_verdicts
from docclient.office.registry import answers
from docclient.office.rights import Right, may, sees_whole
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class FileVersion:
    """conclusion and report: of the signatures in this version (`docclient verify`'s answer), None if not verified; the
    newest of `checks` ones (`VerdictHistory` has them all). evidence: the file with what it rests on."""

    number: int
    digest: Digest
    step: Step
    media_type: str
    by_name: str
    at: datetime
    size: int
    conclusion: str | None
    report: Mapping[str, Any] | None
    checks: int = 0
    checked_at: datetime | None = None
    evidence: Digest | None = None


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """versions: oldest first; the last is current."""

    id: str
    kind: FileKind
    name: str
    versions: tuple[FileVersion, ...]

    @property
    def current(self) -> FileVersion:
        return self.versions[-1]


@dataclass(frozen=True, slots=True)
class HandlerView:
    role: HandlerRole
    person: PersonId | None
    name: str
    unit_name: str
    accepted_at: datetime | None
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class DirectionView:
    """hand_name: who wrote it, standing in for whom it is by; empty where they wrote it themselves."""

    by_name: str
    words: str
    due_date: date | None
    at: datetime
    hand_name: str = ""


@dataclass(frozen=True, slots=True)
class DeadlineChangeView:
    """One extension: who, why, from which date (None: nothing was due) to which."""

    by_name: str
    previous: date | None
    due_date: date
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StatusView:
    code: str
    description: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """transport_state (waiting, sent, failed) and the recipient's own status are two different things."""

    agency_code: str
    agency_name: str
    transport_state: str
    status_code: str | None
    statuses: tuple[StatusView, ...]


@dataclass(frozen=True, slots=True)
class LinkView:
    """kind: answers (this document answers that one), answered_by (the other way round), same_identifier."""

    kind: str
    document: DocumentId
    flow: Flow
    state: State
    number_and_symbol: str
    subject: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """entry: the journal's number. command: words code `done.<command>`. words: what the person wrote, if anything.
    acting_for_name: the absent person for whom it was done; empty where it was their own."""

    entry: int
    at: datetime
    actor_name: str
    command: str
    words: str
    acting_for_name: str = ""


@dataclass(frozen=True, slots=True)
class DocumentView:
    document: Document
    standing: Standing
    drafter_name: str
    register_title: str
    files: tuple[DocumentFile, ...]
    handlers: tuple[HandlerView, ...]
    directions: tuple[DirectionView, ...]
    deadline_changes: tuple[DeadlineChangeView, ...]
    deliveries: tuple[DeliveryView, ...]
    links: tuple[LinkView, ...]
    timeline: tuple[TimelineEntry, ...]
    offers: tuple[Offer, ...]
    proposed_fields: Mapping[str, Any] | None

    def main_file(self) -> DocumentFile | None:
        return next((each for each in self.files if each.kind is FileKind.MAIN), None)


@dataclass(frozen=True, slots=True)
class DocumentPage(Query[DocumentView]):
    """offers: False for whoever shows the page to nobody; what may be done now takes as long to find out as all the
    rest. Raises: NotFound."""

    document: DocumentId
    offers: bool = True


@dataclass(frozen=True, slots=True)
class OffersOn(Query[tuple[Offer, ...]]):
    """What this person may do with the document now. Raises: NotFound."""

    document: DocumentId


def seen_document(work: Work, me: Actor, identity: DocumentId) -> Document:
    found = work.connection.scalar(select(tables.document.c.id).where(tables.document.c.id == identity, visible(me)))
    if found is None:
        raise NotFound(what="document", id=identity)
    return work.document(identity)


def seen_whole(work: Work, me: Actor, identity: DocumentId) -> Document:
    """Whoever was granted one file alone learns nothing of what was done with the document. Raises: NotFound."""
    found = seen_document(work, me, identity)
    if me.marked and not sees_whole(work, me, identity):
        raise NotFound(what="document", id=identity)
    return found


@answers(OffersOn)
def offers_answer(work: Work, me: Actor, q: OffersOn) -> tuple[Offer, ...]:
    document = seen_document(work, me, q.document)
    return () if me.marked and not sees_whole(work, me, document.id) else offers_on(work, me, document)


@answers(DocumentPage)
def document_page(work: Work, me: Actor, q: DocumentPage) -> DocumentView:
    document = seen_document(work, me, q.document)
    if me.marked and not sees_whole(work, me, document.id):
        return page_of_files(work, me, document)
    proposed = work.connection.scalar(
        select(tables.proposal.c.fields).where(tables.proposal.c.document == document.id))
    return DocumentView(
        document=document, standing=Standing.of(document.state, document.due_date, today(), office_calendar(work)),
        drafter_name=work.person_name(document.drafter) if document.drafter else "",
        register_title=register_title(work, document), files=readable(work, me, document),
        handlers=handlers_of(work, document.id), directions=directions_of(work, document.id),
        deadline_changes=deadline_changes_of(work, document.id),
        deliveries=deliveries_of(work, document.id), links=links_of(work, me, document.id),
        timeline=timeline_of(work, document.id), offers=offers_on(work, me, document) if q.offers else (),
        proposed_fields=json.loads(proposed) if proposed else None)


def page_of_files(work: Work, me: Actor, document: Document) -> DocumentView:
    """For whoever was granted single files: those, and by what the document is known (number, subject, dates); nothing
    of who handles it, what was directed and said, to whom it goes and what it belongs to."""
    known = replace(document, note=None)
    return DocumentView(
        document=known, standing=Standing.of(document.state, document.due_date, today(), office_calendar(work)),
        drafter_name="", register_title="", files=readable(work, me, document), handlers=(), directions=(),
        deadline_changes=(), deliveries=(), links=(), timeline=(), offers=(), proposed_fields=None)


def readable(work: Work, me: Actor, document: Document) -> tuple[DocumentFile, ...]:
    """The files this person may read; the report on signatures names what stands in them."""
    return tuple(each for each in files_of(work, document.id)
                 if not me.marked or may(work, me, Right.READ, document.id, each.id))


def register_title(work: Work, document: Document) -> str:
    if document.register is None:
        return ""
    row = work.connection.execute(select(tables.register.c.title, tables.register.c.year).where(
        tables.register.c.id == document.register)).one()
    return f"{row[0]} {row[1]}"


def files_of(work: Work, document: DocumentId) -> tuple[DocumentFile, ...]:
    newest = newest_verdicts(tables.verdict.c.document == document)
    rows = work.connection.execute(
        select(tables.file.c.id.label("file"), tables.file.c.kind, tables.file.c.name, tables.file_version.c.number,
               tables.file_version.c.digest, tables.file_version.c.step, tables.file_version.c.media_type,
               tables.file_version.c.at, tables.person.c.name.label("by_name"), tables.blob.c.size,
               newest.c.conclusion, newest.c.report, newest.c.count.label("checks"), newest.c.evidence,
               newest.c.at.label("checked_at"))
        .join(tables.file_version, tables.file_version.c.file == tables.file.c.id)
        .join(tables.person, tables.person.c.id == tables.file_version.c.by)
        .join(tables.blob, tables.blob.c.digest == tables.file_version.c.digest)
        .outerjoin(newest, and_(newest.c.digest == tables.file_version.c.digest, newest.c.place == 1))
        .where(tables.file.c.document == document)
        .order_by(tables.file.c.position, tables.file_version.c.number)).mappings()
    files: dict[str, tuple[FileKind, str, list[FileVersion]]] = {}
    for row in rows:
        _, _, versions = files.setdefault(row["file"], (FileKind(row["kind"]), row["name"], []))
        versions.append(FileVersion(
            row["number"], Digest(row["digest"]), Step(row["step"]), row["media_type"], row["by_name"], row["at"],
            row["size"], row["conclusion"], json.loads(row["report"]) if row["report"] else None,
            row["checks"] or 0, row["checked_at"], row["evidence"]))
    return tuple(DocumentFile(identity, kind, name, tuple(versions))
                 for identity, (kind, name, versions) in files.items())


def handlers_of(work: Work, document: DocumentId) -> tuple[HandlerView, ...]:
    rows = work.connection.execute(
        select(tables.handler, tables.person.c.name.label("name"), tables.unit.c.name.label("unit_name"))
        .outerjoin(tables.person, tables.person.c.id == tables.handler.c.person)
        .outerjoin(tables.unit, tables.unit.c.id == tables.handler.c.unit)
        .where(tables.handler.c.document == document).order_by(tables.handler.c.id)).mappings()
    return tuple(HandlerView(HandlerRole(row["role"]), row["person"], row["name"] or "", row["unit_name"] or "",
                             row["accepted_at"], row["finished_at"]) for row in rows)


def directions_of(work: Work, document: DocumentId) -> tuple[DirectionView, ...]:
    hand = tables.person.alias()
    rows = work.connection.execute(
        select(tables.direction, tables.person.c.name, hand.c.name.label("hand_name"))
        .join(tables.person, tables.person.c.id == tables.direction.c.by)
        .outerjoin(hand, hand.c.id == tables.direction.c.hand)
        .where(tables.direction.c.document == document).order_by(tables.direction.c.id)).mappings()
    return tuple(DirectionView(row["name"], row["words"], row["due_date"], row["at"], row["hand_name"] or "")
                 for row in rows)


def deadline_changes_of(work: Work, document: DocumentId) -> tuple[DeadlineChangeView, ...]:
    changes = tables.deadline_change
    rows = work.connection.execute(
        select(changes, tables.person.c.name).join(tables.person, tables.person.c.id == changes.c.by)
        .where(changes.c.document == document).order_by(changes.c.id)).mappings()
    return tuple(DeadlineChangeView(row["name"], row["previous"], row["due_date"], row["reason"], row["at"])
                 for row in rows)


def deliveries_of(work: Work, document: DocumentId) -> tuple[DeliveryView, ...]:
    statuses: dict[str, list[StatusView]] = {}
    for row in work.connection.execute(
            select(tables.delivery_status)
            .join(tables.delivery, tables.delivery.c.id == tables.delivery_status.c.delivery)
            .where(tables.delivery.c.document == document).order_by(tables.delivery_status.c.at)).mappings():
        statuses.setdefault(row["delivery"], []).append(StatusView(row["code"], row["description"], row["at"]))
    rows = work.connection.execute(select(tables.delivery).where(tables.delivery.c.document == document)
                                   .order_by(tables.delivery.c.id)).mappings()
    return tuple(DeliveryView(row["agency_code"], row["agency_name"], row["transport_state"], row["status_code"],
                              tuple(statuses.get(row["id"], ()))) for row in rows)


OTHER_WAY = {"answers": "answered_by", "replaces": "replaced_by", "corrects": "corrected_by", "updates": "updated_by",
             "copy_of": "copied_as"}
"""How a link reads from the document that it points at."""


def links_of(work: Work, me: Actor, document: DocumentId) -> tuple[LinkView, ...]:
    rows = work.connection.execute(
        select(tables.link.c.source, tables.link.c.kind, tables.document)
        .join(tables.document, or_(
            (tables.link.c.source == document) & (tables.link.c.target == tables.document.c.id),
            (tables.link.c.target == document) & (tables.link.c.source == tables.document.c.id)))
        .where(visible(me))).mappings().all()
    views = []
    for row in rows:
        kind = LinkKind(row["kind"]).value
        if row["source"] != document:
            kind = OTHER_WAY.get(kind, kind)
        number = f"{row['code_number']}/{row['code_notation']}" if row["code_number"] else row["code_notation"] or ""
        views.append(LinkView(kind, DocumentId(row["id"]), Flow(row["flow"]), State(row["state"]), number,
                              row["subject"]))
    return tuple(views)


def timeline_of(work: Work, document: DocumentId) -> tuple[TimelineEntry, ...]:
    rows = work.connection.execute(
        select(tables.journal.c.number, tables.journal.c.at, tables.journal.c.actor_name, tables.journal.c.command,
               tables.journal.c.fields, tables.journal.c.effect)
        .where(tables.journal.c.document == document).order_by(tables.journal.c.number))
    return tuple(TimelineEntry(number, datetime.fromisoformat(at), actor, command, words_in(fields),
                               acting_for_in(effect))
                 for number, at, actor, command, fields, effect in rows)


def acting_for_in(effect: str) -> str:
    """The name of the absent person for whom it was done; empty where nobody was stood in for."""
    return str(json.loads(effect).get("acting_for", {}).get("name", "")) if '"acting_for"' in effect else ""


def words_in(fields: str) -> str:
    """What the person wrote with the command: a reason, a direction, an opinion, a result."""
    given = json.loads(fields)
    said = (given.get(name) for name in ("reason", "words", "opinion", "result", "description"))
    return next((each for each in said if each), "")
