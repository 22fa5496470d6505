"""Phrases at hand: a person's own, and the office's for everybody; what is used most comes first."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from docclient.office.model import Actor
from docclient.store import tables
from docclient.store.work import Work

KINDS = ("direction", "return_incoming", "return_draft", "finish")
"""What phrases are for; `finish` also for reasons to end without an answer."""


def count_use(work: Work, me: Actor, kind: str, words: str) -> None:
    """If these words are one of the person's phrases, or begin with one, it was used once more."""
    said = words.strip()
    if not said:
        return
    phrase, use = tables.phrase, tables.phrase_use
    known = work.connection.execute(select(phrase.c.id, phrase.c.words).where(
        phrase.c.kind == kind, or_(phrase.c.person == me.person, phrase.c.person.is_(None))))
    for row in known:
        if said.startswith(row.words) and not work.insert_once(use, phrase=row.id, person=me.person, uses=1,
                                                               last_at=work.at):
            work.connection.execute(update(use).where(use.c.phrase == row.id, use.c.person == me.person).values(
                uses=use.c.uses + 1, last_at=work.at))
