"""Words at hand: each person's own phrases, and the office's for everybody."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, NotFound, NotYours, Why
from docclient.office.model import Actor, Role, new_id
from docclient.office.registry import rule
from docclient.office.wording import KINDS
from docclient.store import tables
from docclient.store.work import Work

FOR_EVERYBODY = frozenset({Role.CHIEF_OF_OFFICE, Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True)
class AddPhrase(Command):
    """kind: direction, return_incoming, return_draft, finish. everybody: the office's (chief of office,
    administrator); else one's own."""

    words: str
    kind: str = "direction"
    everybody: bool = False


@rule(AddPhrase, kinds={"words": AskKind.LONG_TEXT})
def add_phrase(work: Work, me: Actor, c: AddPhrase) -> Receipt:
    words, table = c.words.strip(), tables.phrase
    if not words:
        raise FieldWrong("words", Why.EMPTY)
    if c.kind not in KINDS:
        raise FieldWrong("kind", Why.UNKNOWN, c.kind)
    if c.everybody and not me.roles & FOR_EVERYBODY:
        raise NotYours(command="AddPhrase")
    owner = None if c.everybody else me.person
    of_owner = table.c.person.is_(None) if owner is None else table.c.person == owner
    if work.connection.scalar(select(table.c.id).where(of_owner, table.c.kind == c.kind, table.c.words == words)):
        raise FieldWrong("words", Why.TAKEN)
    position = work.connection.scalar(select(func.coalesce(func.max(table.c.position), 0)).where(of_owner)) or 0
    identity = new_id()
    work.connection.execute(insert(table).values(
        id=identity, person=owner, kind=c.kind, words=words, position=position + 1))
    return Receipt(type(c).__name__, work.entry, facts={"phrase": identity})


@dataclass(frozen=True, slots=True)
class RemovePhrase(Command):
    """One's own; the office's by whoever may add those."""

    phrase: str


@rule(RemovePhrase)
def remove_phrase(work: Work, me: Actor, c: RemovePhrase) -> Receipt:
    table = tables.phrase
    row = work.connection.execute(select(table.c.person).where(table.c.id == c.phrase)).first()
    if row is None or row.person not in (None, me.person):
        raise NotFound(what="item", id=c.phrase)
    if row.person is None and not me.roles & FOR_EVERYBODY:
        raise NotYours(command="RemovePhrase")
    work.connection.execute(delete(tables.phrase_use).where(tables.phrase_use.c.phrase == c.phrase))
    work.connection.execute(delete(table).where(table.c.id == c.phrase))
    return Receipt(type(c).__name__, work.entry)
