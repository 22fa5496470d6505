"""Search where somebody may read only some of a document's files: its fields answer them, the words of files do not.

A line that is found, or not found, tells whether the words stand in the text. So documents of which a person may not
read every file are looked at here by their fields alone; they are few, for each was named in a change of rights.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, or_, select

from docclient.office.access import every_file, speaks_of, visible
from docclient.office.model import Actor
from docclient.office.search import Asked, Phrase, words_of
from docclient.store import tables
from docclient.store.finding_match import Match
from docclient.store.work import Work

FIELDS = ("head", "issuer", "rest")


def within_rights(work: Work, me: Actor, found: Match, asked: Asked, issuer: Asked | None = None) -> Match:
    """`found`, without what only the words of files that this person may not read would have brought."""
    if not me.marked:
        return found
    allowed: ColumnElement[bool] = or_(every_file(me), tables.document.c.id.in_(by_fields(work, me, asked, issuer)))
    return replace(found, condition=found.condition & allowed, said="")


def by_fields(work: Work, me: Actor, asked: Asked, issuer: Asked | None) -> list[str]:
    """Documents read only in part whose fields have everything that is asked for. A word that is refused would tell of
    the files' words by what is missing then: with one, none is found."""
    if asked.refused or (issuer is not None and issuer.refused):
        return []
    rights, here = tables.granted_right.c, tables.finding.c
    rows = work.connection.execute(
        select(here.document, here.head, here.issuer, here.rest)
        .join(tables.document, tables.document.c.id == here.document)
        .where(here.document.in_(select(rights.document).where(speaks_of(me))), visible(me), ~every_file(me))
    ).mappings()
    found = []
    for row in rows:
        fields = [f" {' '.join(words_of(row[name]))} " for name in FIELDS]
        if all(any(stands_in(each, field) for field in fields) for each in asked.wanted) and all(
                stands_in(each, fields[1]) for each in (issuer.wanted if issuer is not None else ())):
            found.append(row["document"])
    return found


def stands_in(phrase: Phrase, folded: str) -> bool:
    return f" {' '.join(phrase.words)}{'' if phrase.prefix else ' '}" in folded


def in_part(work: Work, me: Actor, documents: list[str]) -> set[str]:
    """Those of these documents of which this person may not read every file."""
    if not me.marked:
        return set()
    return set(documents) - set(work.connection.scalars(
        select(tables.document.c.id).where(tables.document.c.id.in_(documents), every_file(me))))
