"""A search line as each database takes it: built from folded words alone, so that no text is ever a syntax error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Text,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
    true,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from docclient.office.search import Asked, Phrase
from docclient.store import tables
from docclient.store.finding import WEIGHTS
from docclient.store.prepared import Prepared

MOST_ENDINGS = 64
"""How many words an unfinished one may stand for before the index's own list of beginnings is cheaper."""

LONGEST_LISTED = 3
"""Beginnings of up to three letters have lists of their own in the index (migration 0009)."""

found_words = table("found_words", column("rowid"), column("found_words"))


@dataclass(frozen=True, slots=True)
class Match:
    """source: what to select from, `finding` in it. condition: which rows. number: what rises with arrival; ordering by
    it costs no sorting. said: what SQLite's index is asked with, where nothing else is asked; then a statement that was
    made before serves (`in_words`)."""

    source: FromClause
    condition: ColumnElement[bool]
    number: ColumnElement[int]
    said: str = ""


def in_words() -> Match:
    """`match` on SQLite for what is given later as `said`."""
    said = bindparam("said", type_=Text)
    return Match(found_words.join(tables.finding, tables.finding.c.number == found_words.c.rowid),
                 found_words.c.found_words.bool_op("MATCH")(said), found_words.c.rowid)


def match(connection: Connection, asked: Asked, issuer: Asked | None = None) -> Match | None:
    """Where `asked` is found, and `issuer` in the issuer's name; None where nothing can be found."""
    here = tables.finding
    if connection.dialect.name == "postgresql":
        said = " & ".join([*parts_for_postgresql(asked, ""), *(parts_for_postgresql(issuer, "B") if issuer else [])])
        if not said:
            return Match(here, true(), here.c.number)
        condition: ColumnElement[bool] = here.c.vector.bool_op("@@")(cast(literal(said, Text), TSQUERY))
        return Match(here, condition, here.c.number)
    wanted = [wanted_in_sqlite(connection, each, "") for each in asked.wanted]
    wanted += [wanted_in_sqlite(connection, each, "issuer") for each in (issuer.wanted if issuer else ())]
    if not all(wanted):
        return None
    refused = [phrase_for_sqlite(each.words) for each in asked.refused]
    if not wanted:
        if not refused:
            return Match(here, true(), here.c.number)
        against = select(found_words.c.rowid).where(found_words.c.found_words.bool_op("MATCH")(" OR ".join(refused)))
        return Match(here, here.c.number.not_in(against), here.c.number)
    said = " AND ".join(f"({each})" for each in wanted)
    if refused:
        said = f"({said}) NOT ({' OR '.join(refused)})"
    source = found_words.join(here, here.c.number == found_words.c.rowid)
    return Match(source, found_words.c.found_words.bool_op("MATCH")(said), found_words.c.rowid, said)


LOOKED_BACK = (4_000, 20_000)
"""Of the newest documents, so many are gone through one by one before the index of words is asked: some to see how
frequent the words are, then more."""


@contextmanager
def newest_first(connection: Connection, before: int | None = None) -> Iterator[int]:
    """While it is open, PostgreSQL goes through the documents from the newest back instead of gathering all in which
    the words stand; gives the number of the newest.

    Words go together: of five that each stand everywhere PostgreSQL expects a handful of documents, gathers forty
    thousand and sorts them for fifty. before: the number below which to begin; None for the newest.
    """
    top = before if before is not None else newest_number().scalar(connection) or 0
    connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off; SET LOCAL plan_cache_mode = force_custom_plan")
    yield top
    connection.exec_driver_sql("SET LOCAL enable_bitmapscan = on")     # unless it failed, and the transaction with it


@cache
def newest_number() -> Prepared:
    return Prepared(select(func.max(tables.finding.c.number)))


def phrase_for_sqlite(words: tuple[str, ...]) -> str:
    return '"' + " ".join(words) + '"'


def wanted_in_sqlite(connection: Connection, phrase: Phrase, within: str) -> str:
    """An unfinished last word becomes the few words it may be: FTS5 would first gather the places of all of them."""
    said = [phrase_for_sqlite(phrase.words)]
    if phrase.prefix:
        *before, last = phrase.words
        endings = terms_from(connection, last) if len(last) > LONGEST_LISTED else None
        said = ([phrase_for_sqlite((*before, each)) for each in endings] if endings is not None
                else [said[0] + " *"])
    return f"{within} : ({' OR '.join(said)})" if within and said else " OR ".join(said)


def terms_from(connection: Connection, beginning: str) -> list[str] | None:
    """The words that begin so; None for too many."""
    found = [term for term, in terms_between().tuples(connection, {"first": beginning,
                                                                  "behind": beginning + "\U0010ffff"})]
    return found if len(found) <= MOST_ENDINGS else None


@cache
def terms_between() -> Prepared:
    term = tables.found_term.c.term
    return Prepared(select(term).where(term >= bindparam("first", type_=Text), term < bindparam("behind", type_=Text))
                    .order_by(term).limit(MOST_ENDINGS + 1))


def parts_for_postgresql(asked: Asked, weight: str) -> list[str]:
    assert not weight or weight in WEIGHTS.values()
    said = [phrase_for_postgresql(each, weight) for each in asked.wanted]
    return said + [f"!({phrase_for_postgresql(each, weight)})" for each in asked.refused]


def phrase_for_postgresql(phrase: Phrase, weight: str) -> str:
    """`'so' <-> 'noi' <-> 'vu':*`: words next to each other, the last one unfinished."""
    *before, last = phrase.words
    end = "*" if phrase.prefix else ""
    words = [f"'{word}':{weight}" if weight else f"'{word}'" for word in before]
    words.append(f"'{last}':{end}{weight}" if end or weight else f"'{last}'")
    return "(" + " <-> ".join(words) + ")"
