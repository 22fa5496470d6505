"""Phrases at hand: a person's own, and the office's for everybody; what is used most comes first."""

from __future__ import annotations

from functools import cache

from sqlalchemy import String, bindparam, or_, select, update

from docclient.office.model import Actor
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work

KINDS = ("direction", "return_incoming", "return_draft", "finish")
"""What phrases are for; `finish` also for reasons to end without an answer."""


def count_use(work: Work, me: Actor, kind: str, words: str) -> None:
    """If these words are one of the person's phrases, or begin with one, it was used once more."""
    said = words.strip()
    if not said:
        return
    use = tables.phrase_use
    for phrase, begins in phrases_at_hand().tuples(work.connection, {"of_kind": kind, "person": me.person}):
        if said.startswith(begins) and not work.insert_once(use, phrase=phrase, person=me.person, uses=1,
                                                            last_at=work.at):
            work.connection.execute(update(use).where(use.c.phrase == phrase, use.c.person == me.person).values(
                uses=use.c.uses + 1, last_at=work.at))


@cache
def phrases_at_hand() -> Prepared:
    phrase = tables.phrase.c
    return Prepared(select(phrase.id, phrase.words).where(
        phrase.kind == bindparam("of_kind", type_=String),
        or_(phrase.person == bindparam("person", type_=String), phrase.person.is_(None))))
