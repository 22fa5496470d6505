"""What handlers say while they work: opinions in a thread, progress; and that somebody has opened what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, or_, select, update

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotYours, Why
from docclient.office.handling import Handling, must_read_content, sent_unopened
from docclient.office.model import (
    Actor,
    Document,
    DocumentId,
    HandlerRole,
    PersonId,
    Role,
    State,
    WaitKind,
    new_id,
)
from docclient.office.notices import NoticeKind, notify
from docclient.office.receipts import receipt_for
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work

SPOKEN_OF = frozenset({State.WAITING_DIRECTION, State.ASSIGNED, State.IN_WORK, State.FINISHED, State.KEPT})


@dataclass(frozen=True, slots=True)
class AddRemark(Command):
    """An opinion on an incoming document, open to all who handle it. asked: whose answer is wanted; they may then read
    the document. answers: an earlier opinion that this one answers."""

    document: DocumentId
    version: int
    words: str
    asked: PersonId | None = None
    answers: str = ""


def concerned(work: Work, me: Actor, document: Document) -> bool:
    """Leaders and the chief of office; whoever handles it, did, directed it, or was asked."""
    if me.roles & {Role.LEADER, Role.CHIEF_OF_OFFICE}:
        return True
    t = tables
    return any(work.connection.scalar(query.limit(1)) is not None for query in (
        select(t.handler.c.id).where(t.handler.c.document == document.id, t.handler.c.person == me.person),
        select(t.former_handler.c.id).where(
            t.former_handler.c.document == document.id, t.former_handler.c.person == me.person),
        select(t.direction.c.id).where(t.direction.c.document == document.id, t.direction.c.by == me.person),
        select(t.remark.c.id).where(t.remark.c.document == document.id,
                                    or_(t.remark.c.asked == me.person, t.remark.c.by == me.person))))


@rule(AddRemark, in_states=SPOKEN_OF, when=concerned, order=52, hidden={"answers"},
      kinds={"words": AskKind.LONG_TEXT, "asked": AskKind.PERSON})
def add_remark(work: Work, me: Actor, c: AddRemark) -> Receipt:
    if not c.words.strip():
        raise FieldWrong("words", Why.EMPTY)
    if c.asked is not None:
        must_read_content(work, c.asked, "asked")
    table, told = tables.remark, []
    if c.answers:
        earlier = work.connection.execute(select(table.c.by).where(
            table.c.id == c.answers, table.c.document == c.document)).first()
        if earlier is None:
            raise FieldWrong("answers", Why.UNKNOWN)
        told.append(earlier.by)
    identity = new_id()
    work.connection.execute(insert(table).values(
        id=identity, document=c.document, by=me.by, asked=c.asked, answers=c.answers or None, words=c.words,
        at=work.at))
    if c.asked is not None:
        waits = work.connection.scalar(select(tables.waiting.c.id).where(
            tables.waiting.c.document == c.document, tables.waiting.c.person == c.asked).limit(1))
        if waits is None and c.asked != me.person:
            work.wait_for(c.document, WaitKind.READ, person=c.asked)
        told.append(c.asked)
    holder = Handling.read(work, c.document).holder
    notify(work, [*told, *([holder.person] if holder else [])], NoticeKind.OPINION, document=c.document, words=c.words)
    work.nobody_waits(c.document, WaitKind.READ, person=me.person)
    return receipt_for(work, c, work.change(work.document(c.document)), remark=identity)


@dataclass(frozen=True, slots=True)
class NoteProgress(Command):
    """How far the work is, in words, in per cent, or both."""

    document: DocumentId
    version: int
    words: str = ""
    percent: int | None = None


def works_on_it(work: Work, me: Actor, document: Document) -> bool:
    return work.is_handler(document.id, me.person, HandlerRole.LEAD, HandlerRole.HELPING)


def last_percent(work: Work, me: Actor, document: Document) -> Mapping[str, Any]:
    table = tables.progress_note
    last = work.connection.scalar(select(func.max(table.c.percent)).where(
        table.c.document == document.id, table.c.by == me.person))
    return {"percent": last}


@rule(NoteProgress, in_states={State.ASSIGNED, State.IN_WORK}, when=works_on_it, order=50, prefill=last_percent,
      kinds={"words": AskKind.LONG_TEXT})
def note_progress(work: Work, me: Actor, c: NoteProgress) -> Receipt:
    if c.percent is not None and not 0 <= c.percent <= 100:
        raise FieldWrong("percent", Why.NOT_A_PERCENT)
    if c.percent is None and not c.words.strip():
        raise FieldWrong("words", Why.NOTHING_SAID)
    work.connection.execute(insert(tables.progress_note).values(
        id=new_id(), document=c.document, by=me.by, percent=c.percent, words=c.words, at=work.at))
    return receipt_for(work, c, work.change(work.document(c.document)))


@dataclass(frozen=True, slots=True)
class MarkOpened(Command):
    """Somebody to whom it was sent has opened it: from now on it cannot be taken back. Told by the window when it
    shows the page; changes nothing else, so that nobody's view of the document grows old."""

    document: DocumentId


@rule(MarkOpened)
def mark_opened(work: Work, me: Actor, c: MarkOpened) -> Receipt:
    if not sent_unopened(work, c.document, me.person):
        raise NotYours(command="MarkOpened")
    handler, presented = tables.handler, tables.presentation
    for table, person in ((handler, handler.c.person), (presented, presented.c.leader)):
        work.connection.execute(update(table).where(
            table.c.document == c.document, person == me.person, table.c.opened_at.is_(None)).values(opened_at=work.at))
    return receipt_for(work, c, work.document(c.document))
