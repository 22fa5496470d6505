"""What a person was told: the list behind the bell, its counts, the choices; and the proofs of urging."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from docclient.office.access import visible
from docclient.office.case_files import visible_files
from docclient.office.commands.notices import waited_for
from docclient.office.deadline_notices import still_to_tell
from docclient.office.door import Query
from docclient.office.model import Actor, DocumentId, Flow, PersonId, today
from docclient.office.notices import ALWAYS, USUAL, Manner, NoticeKind
from docclient.office.queries.document_page import seen_whole
from docclient.office.registry import answers
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class NoticeView:
    """title: what it is about, as one line; empty where this person may not see the thing any more. by_name: whose
    act; empty for the calendar's. manner: how they want to hear of this kind."""

    id: str
    kind: NoticeKind
    manner: Manner
    title: str
    number_and_symbol: str
    flow: Flow | None
    document: DocumentId | None
    task: str | None
    case_file: str | None
    by_name: str
    words: str
    at: datetime
    told: bool
    read: bool


@dataclass(frozen=True, slots=True)
class NoticeList:
    """rows: newest first. unread: of the kinds that are told, not the quiet ones. untold: those that did not come
    before the person's eyes yet, newest first. next: give it as `after`; None at the end."""

    rows: tuple[NoticeView, ...]
    unread: int
    untold: tuple[str, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class MyNotices(Query[NoticeList]):
    unread_only: bool = False
    after: str | None = None
    limit: int = 100


@dataclass(frozen=True, slots=True)
class NoticeChoice:
    """fixed: may not be left out."""

    kind: NoticeKind
    manner: Manner
    fixed: bool


@dataclass(frozen=True, slots=True)
class MyNoticeChoices(Query[tuple[NoticeChoice, ...]]):
    """Every kind with how this person wants to hear of it."""


@dataclass(frozen=True, slots=True)
class DeadlinesToTell(Query[int]):
    """How many notices of deadlines are due and not told yet: where it is none, nobody need sweep."""


@dataclass(frozen=True, slots=True)
class UrgingView:
    """seen_at: when the notice came before the person's eyes; None: not yet."""

    by_name: str
    person: PersonId
    person_name: str
    words: str
    at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """Somebody the document waits for now. urged: how often they were urged about it."""

    person: PersonId
    name: str
    urged: int


@dataclass(frozen=True, slots=True)
class UrgingOf:
    urgings: tuple[UrgingView, ...]
    waits_for: tuple[WaitedFor, ...]


@dataclass(frozen=True, slots=True)
class Urgings(Query[UrgingOf]):
    """Who was urged about a document, when, and when they saw it. Raises: NotFound."""

    document: DocumentId


@answers(MyNotices)
def my_notices(work: Work, me: Actor, q: MyNotices) -> NoticeList:
    limit = max(1, min(q.limit, 500))
    notice, document, task, file, person = (tables.notice, tables.document, tables.task, tables.case_file,
                                            tables.person)
    manners = manners_of(work, me)
    loud = [kind for kind, manner in manners.items() if manner is Manner.TELL]
    unread = work.connection.scalar(select(func.count()).select_from(notice).where(
        notice.c.person == me.person, notice.c.read_at.is_(None), notice.c.kind.in_(loud))) or 0
    untold = work.connection.scalars(select(notice.c.id).where(
        notice.c.person == me.person, notice.c.read_at.is_(None), notice.c.told_at.is_(None), notice.c.kind.in_(loud))
        .order_by(notice.c.id.desc()).limit(500)).all()
    query = (
        select(notice, person.c.name.label("by_name"), document.c.flow, document.c.subject, document.c.code_number,
               document.c.code_notation, task.c.title.label("task_title"), file.c.title.label("file_title"),
               file.c.notation)
        .outerjoin(person, person.c.id == notice.c.by)
        .outerjoin(document, and_(document.c.id == notice.c.document, visible(me)))
        .outerjoin(task, task.c.id == notice.c.task)
        .outerjoin(file, and_(file.c.id == notice.c.case_file, visible_files(me)))
        .where(notice.c.person == me.person))
    if q.unread_only:
        query = query.where(notice.c.read_at.is_(None))
    if q.after:
        query = query.where(notice.c.id < q.after)
    found = work.connection.execute(query.order_by(notice.c.id.desc()).limit(limit + 1)).mappings().all()
    rows = []
    for row in found[:limit]:
        number = f"{row['code_number']}/{row['code_notation']}" if row["code_number"] else row["code_notation"] or ""
        kind = NoticeKind(row["kind"])
        rows.append(NoticeView(
            row["id"], kind, manners[kind], row["subject"] or row["task_title"] or row["file_title"] or "",
            number or row["notation"] or "", Flow(row["flow"]) if row["flow"] else None, row["document"], row["task"],
            row["case_file"], row["by_name"] or "", row["words"], row["at"], row["told_at"] is not None,
            row["read_at"] is not None))
    return NoticeList(tuple(rows), unread, tuple(untold), rows[-1].id if len(found) > limit else None)


def manners_of(work: Work, me: Actor) -> dict[NoticeKind, Manner]:
    choice = tables.notice_choice
    chosen = {NoticeKind(row.kind): Manner(row.manner) for row in work.connection.execute(
        select(choice.c.kind, choice.c.manner).where(choice.c.person == me.person))}
    return {**USUAL, **chosen}


@answers(MyNoticeChoices)
def my_notice_choices(work: Work, me: Actor, q: MyNoticeChoices) -> tuple[NoticeChoice, ...]:
    return tuple(NoticeChoice(kind, manner, kind in ALWAYS) for kind, manner in manners_of(work, me).items())


@answers(DeadlinesToTell)
def deadlines_to_tell(work: Work, me: Actor, q: DeadlinesToTell) -> int:
    return len(still_to_tell(work, today()))


@answers(Urgings)
def urgings(work: Work, me: Actor, q: Urgings) -> UrgingOf:
    seen_whole(work, me, q.document)
    urging, person, urged = tables.urging, tables.person, tables.person.alias("urged")
    rows = work.connection.execute(
        select(urging, person.c.name.label("by_name"), urged.c.name.label("person_name"))
        .join(person, person.c.id == urging.c.by).join(urged, urged.c.id == urging.c.person)
        .where(urging.c.document == q.document).order_by(urging.c.id)).mappings().all()
    views = tuple(UrgingView(row["by_name"], row["person"], row["person_name"], row["words"], row["at"],
                             row["seen_at"]) for row in rows)
    waits = tuple(WaitedFor(each, work.person_name(each), sum(view.person == each for view in views))
                  for each in waited_for(work, q.document))
    return UrgingOf(views, waits)
