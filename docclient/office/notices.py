"""Notices: what a person is told of, written in the transaction of the act it tells of.

Rules call `notify`; whatever starts to wait for somebody (`Work.wait_for`) tells them without a rule's doing. What
nears or passes its deadline is told by a sweep (commands/notices.py). Each thing is told once: `about` names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, String, bindparam, select

from docclient.office.model import DocumentId, PersonId, Role, UnitId, WaitKind, new_id
from docclient.office.posts import persons_with
from docclient.store import tables
from docclient.store.prepared import Prepared

if TYPE_CHECKING:
    from docclient.store.work import Work


class NoticeKind(StrEnum):
    """What is told; words codes `notice.<value>`."""

    NEW = "new"                            # something has come that waits for this person
    TO_READ = "to_read"                    # came for information
    RETURNED = "returned"                  # trả lại
    TAKEN_BACK = "taken_back"              # thu hồi, lấy lại
    SENDER_CHANGED = "sender_changed"      # its sender updated or replaced a document that this person handles
    DIRECTION_CHANGED = "direction_changed"
    DEADLINE_CHANGED = "deadline_changed"
    OPINION = "opinion"                    # somebody gave an opinion, or asks for one
    URGED = "urged"                        # đôn đốc
    PROGRESS = "progress"                  # of a task that this person gave
    FINISHED = "finished"
    SOON = "soon"                          # three working days are left
    TOMORROW = "tomorrow"                  # one is left
    OVERDUE = "overdue"
    HAND_IN = "hand_in"                    # a case file is due at the archive within thirty days
    HANDED_OVER = "handed_over"            # a case file is now this person's
    SECRET_FOUND = "secret_found"          # a secrecy mark stands in a file that came in


class Manner(StrEnum):
    """How a person wants a kind of notice; words codes `manner.<value>`."""

    TELL = "tell"              # counted, and shown when it comes
    QUIET = "quiet"            # in the list, not counted
    NEVER = "never"            # not kept at all


USUAL: Mapping[NoticeKind, Manner] = dict.fromkeys(NoticeKind, Manner.TELL) | {
    NoticeKind.TO_READ: Manner.QUIET, NoticeKind.PROGRESS: Manner.QUIET}
"""Where a person has chosen nothing."""

ALWAYS = frozenset({NoticeKind.URGED, NoticeKind.OVERDUE, NoticeKind.TAKEN_BACK, NoticeKind.SECRET_FOUND})
"""May be quiet, never left out: somebody relies on their being received."""


def notify(work: Work, persons: Iterable[PersonId | str], kind: NoticeKind, *, document: DocumentId | str | None = None,
           task: str | None = None, case_file: str | None = None, words: str = "", about: str = "") -> int:
    """Tell these persons, in the transaction of the act. Returns how many were told.

    Whoever acts is not told of it, nobody is told twice. words: what the person who acts wrote (a reason, an opinion).
    about: what it is told once for; usually the journal entry, so that each act is told; a deadline names its date.
    """
    wanted = [PersonId(each) for each in dict.fromkeys(persons) if each != work.by]
    if not wanted:
        return 0
    chosen = manners_of(work, kind, wanted)
    thing = document or task or case_file or ""
    told = 0
    for person in wanted:
        if chosen.get(person, USUAL[kind]) is Manner.NEVER and kind not in ALWAYS:
            continue
        told += work.insert_once(
            tables.notice, id=new_id(), person=person, kind=kind, document=document, task=task, case_file=case_file,
            by=work.by, words=words, about=f"{kind}:{thing}:{about or work.entry}", at=work.at)
    return told


def manners_of(work: Work, kind: NoticeKind, persons: list[PersonId]) -> Mapping[str, Manner]:
    """What these persons have chosen; whoever is missing has chosen nothing."""
    if len(persons) == 1:
        manner = one_manner().scalar(work.connection, {"of_kind": kind, "person": persons[0]})
        return {} if manner is None else {persons[0]: Manner(manner)}
    return {row.person: Manner(row.manner) for row in work.connection.execute(
        chosen_manners(), {"of_kind": kind, "persons": persons})}


@cache
def one_manner() -> Prepared:
    choice = tables.notice_choice.c
    return Prepared(select(choice.manner).where(choice.kind == bindparam("of_kind", type_=String),
                                                choice.person == bindparam("person", type_=String)))


@cache
def chosen_manners() -> Select[Any]:
    choice = tables.notice_choice
    return select(choice.c.person, choice.c.manner).where(
        choice.c.kind == bindparam("of_kind", type_=String),
        choice.c.person.in_(bindparam("persons", type_=String, expanding=True)))


def tell_of_waiting(work: Work, document: DocumentId, kind: WaitKind, *, person: PersonId | None, role: Role | None,
                    unit: UnitId | None) -> None:
    """Something waits: for a person, or for everybody who has the role (of the unit)."""
    persons = [person] if person is not None else with_role(work, role, unit) if role is not None else []
    told = kind_of_waiting(work, document, kind, persons)
    notify(work, persons, told, document=document, about=f"{work.entry}:{kind}")


def kind_of_waiting(work: Work, document: DocumentId, kind: WaitKind, persons: list[PersonId]) -> NoticeKind:
    if kind is WaitKind.READ:
        return NoticeKind.TO_READ
    if kind is WaitKind.DRAFT and work.by is not None and work.by not in persons:
        return NoticeKind.RETURNED          # a draft that somebody else puts back on its drafter's desk
    return NoticeKind.NEW


def with_role(work: Work, role: Role, unit: UnitId | None = None) -> list[PersonId]:
    """Everybody who has this role today; in a unit, its head (the chief of office heads his own)."""
    return persons_with(work.connection, role, unit)
