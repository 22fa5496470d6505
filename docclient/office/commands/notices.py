"""Notices and urging: the sweep of deadlines, what was seen and read, what one wants to hear; urging with its proof."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from docclient.office.deadline_notices import still_to_tell
from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    HandlerRole,
    PersonId,
    Role,
    State,
    UnitId,
    new_id,
    today,
)
from docclient.office.notices import ALWAYS, Manner, NoticeKind, notify, with_role
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.office.tasks import OPEN, Task, gave, load_task, persons_of
from docclient.office.things import thing_rule
from docclient.store import tables
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class TellDeadlines(Command):
    """Tell everybody what nears or has passed its deadline and was not told yet. Any window may give it at any time."""


@rule(TellDeadlines)
def tell_deadlines(work: Work, me: Actor, c: TellDeadlines) -> Receipt:
    work.by = None                  # the calendar's doing: whoever opened the window is told too
    told = sum(notify(work, [each.person], each.kind, document=each.document, task=each.task, case_file=each.case_file,
                      about=each.about) for each in still_to_tell(work, today()))
    return Receipt(type(c).__name__, work.entry, facts={"told": str(told)})


@dataclass(frozen=True, slots=True)
class SeeNotices(Command):
    """These notices came before this person's eyes: for an urging, the proof that it was received. Unknown ones and
    those of others are passed over."""

    notices: tuple[str, ...]


@rule(SeeNotices)
def see_notices(work: Work, me: Actor, c: SeeNotices) -> Receipt:
    return mark(work, me, c, c.notices, read=False)


@dataclass(frozen=True, slots=True)
class ReadNotices(Command):
    """These notices are done with. Without any, all of this person's."""

    notices: tuple[str, ...] = ()


@rule(ReadNotices)
def read_notices(work: Work, me: Actor, c: ReadNotices) -> Receipt:
    return mark(work, me, c, c.notices, read=True)


def mark(work: Work, me: Actor, c: Command, notices: tuple[str, ...], *, read: bool) -> Receipt:
    notice, urging = tables.notice, tables.urging
    mine = [notice.c.person == me.person, *([notice.c.id.in_(notices)] if notices or not read else [])]
    urged = work.connection.execute(select(notice.c.document, notice.c.task).where(
        *mine, notice.c.told_at.is_(None), notice.c.kind == NoticeKind.URGED)).all()
    work.connection.execute(update(notice).where(*mine, notice.c.told_at.is_(None)).values(told_at=work.at))
    marked = 0
    if read:
        marked = work.connection.execute(update(notice).where(*mine, notice.c.read_at.is_(None)).values(
            read_at=work.at), execution_options={"preserve_rowcount": True}).rowcount
    for row in urged:
        of_this = urging.c.document == row.document if row.document else urging.c.task == row.task
        work.connection.execute(update(urging).where(
            of_this, urging.c.person == me.person, urging.c.seen_at.is_(None)).values(seen_at=work.at))
    return Receipt(type(c).__name__, work.entry, facts={"read": str(marked), "urged": str(len(urged))})


@dataclass(frozen=True, slots=True)
class ChooseNotices(Command):
    """How this person wants to hear of a kind. Urging, overdue and what was taken back may be quiet, never left out."""

    kind: NoticeKind
    manner: Manner


@rule(ChooseNotices)
def choose_notices(work: Work, me: Actor, c: ChooseNotices) -> Receipt:
    if c.manner is Manner.NEVER and c.kind in ALWAYS:
        raise FieldWrong("manner", Why.UNKNOWN)
    choice = tables.notice_choice
    work.connection.execute(delete(choice).where(choice.c.person == me.person, choice.c.kind == c.kind))
    work.connection.execute(insert(choice).values(person=me.person, kind=c.kind, manner=c.manner))
    return Receipt(type(c).__name__, work.entry)


# --- urging --------------------------------------------------------------------------------------------------------

URGE = frozenset({Role.LEADER, Role.CHIEF_OF_OFFICE, Role.HEAD_OF_UNIT, Role.CLERK})


@dataclass(frozen=True, slots=True)
class Urge(Command):
    """Chase those whom the document waits for (đôn đốc). persons: only these of them; empty for all."""

    document: DocumentId
    version: int
    words: str = ""
    persons: tuple[PersonId, ...] = ()


def waited_for(work: Work, document: DocumentId) -> list[PersonId]:
    """Everybody the document waits for, by name or by role, in the order in which it came to them."""
    rows = work.connection.execute(select(tables.waiting.c.person, tables.waiting.c.role, tables.waiting.c.unit).where(
        tables.waiting.c.document == document).order_by(tables.waiting.c.id)).all()
    found: list[PersonId] = []
    for row in rows:
        if row.person is not None:
            found.append(PersonId(row.person))
        elif row.role is not None:
            found += with_role(work, Role(row.role), UnitId(row.unit) if row.unit else None)
    return list(dict.fromkeys(found))


def waits_for_others(work: Work, me: Actor, document: Document) -> bool:
    return any(each != me.person for each in waited_for(work, document.id))


@rule(Urge, by=URGE, in_states=frozenset(State), when=waits_for_others, order=75, hidden={"persons"},
      kinds={"words": AskKind.LONG_TEXT})
def urge(work: Work, me: Actor, c: Urge) -> Receipt:
    possible = [each for each in waited_for(work, c.document) if each != me.person]
    for person in c.persons:
        if person not in possible:
            raise FieldWrong("persons", Why.UNKNOWN)
    urged = list(c.persons) or possible
    write_urging(work, me, urged, c.words, document=c.document)
    return receipt_for(work, c, work.document(c.document), urged=str(len(urged)))


def write_urging(work: Work, me: Actor, persons: list[PersonId], words: str, *, document: str | None = None,
                 task: str | None = None) -> None:
    for person in persons:
        work.connection.execute(insert(tables.urging).values(
            id=new_id(), document=document, task=task, by=me.person, person=person, words=words.strip(), at=work.at))
    notify(work, persons, NoticeKind.URGED, document=document, task=task, words=words.strip())


@dataclass(frozen=True, slots=True)
class UrgeTask(Command):
    """Chase those who work on a task."""

    task: str
    version: int
    words: str = ""


def gave_to_others(work: Work, me: Actor, task: Task) -> bool:
    return gave(work, me, task) and any(each != me.person for each in persons_of(work, task.id))


@thing_rule(UrgeTask, "task", load_task, in_states=OPEN, when=gave_to_others, order=40,
            kinds={"words": AskKind.LONG_TEXT})
def urge_task(work: Work, me: Actor, c: UrgeTask, task: Task) -> Receipt:
    leads = persons_of(work, task.id, HandlerRole.LEAD)
    others = [each for each in persons_of(work, task.id) if each != me.person]
    urged = [each for each in leads if each != me.person] or others
    write_urging(work, me, urged, c.words, task=task.id)
    return Receipt(type(c).__name__, work.entry, facts={"task": task.id, "urged": str(len(urged))})
