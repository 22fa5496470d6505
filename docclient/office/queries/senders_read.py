"""What the office knows of those who write to it, so that the next page of theirs is read better: from its own
registered mail, and from what was read on paper beside what a clerk then confirmed. Nothing is kept for it: it follows
from these.

Names only. Numbers, symbols and dates of earlier letters say nothing about the next one's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from docclient.office.commands.paper_words import LEARNED
from docclient.office.door import Query
from docclient.office.errors import NotYours
from docclient.office.model import Actor, Channel, Flow, Role, State
from docclient.office.registry import answers
from docclient.office.search import fold
from docclient.store import tables
from docclient.store.work import Work

MOST_GROUPS = 5000
MOST_PAPERS = 1000

NAMED = {"organ_name": "issuer_name", "issued_place": "issued_place", "signer_name": "signer_name",
         "signer_position": "signer_position"}
"""What a page's reader calls it → the document's column. Never a number, a symbol or a date."""

NOT_CONFIRMED = (State.WAITING_RECEIPT, State.RETURNED)


@dataclass(frozen=True, slots=True)
class SenderRead:
    """One sender. values: of each name (as a page's reader calls it), how often it was registered; corrections: (name,
    what was read on paper without marks, what a person wrote instead), the newest for each; words: (single word as it
    was read, as a person put it right), those that were always put right in the same way."""

    name: str
    values: Mapping[str, Mapping[str, int]]
    corrections: tuple[tuple[str, str, str], ...]
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SendersRead(Query[tuple[SenderRead, ...]]):
    """For clerks: senders of registered incoming mail, the most frequent first. Raises: NotYours."""


@answers(SendersRead)
def senders_read(work: Work, me: Actor, q: SendersRead) -> tuple[SenderRead, ...]:
    if Role.CLERK not in me.roles:
        raise NotYours(command="SendersRead")
    table = tables.document
    columns = [table.c[name] for name in NAMED.values()]
    confirmed = (table.c.flow == Flow.INCOMING, table.c.state.not_in(NOT_CONFIRMED), table.c.issuer_name.is_not(None))
    rows = work.connection.execute(
        select(*columns, func.count().label("times")).where(*confirmed).group_by(*columns)
        .order_by(func.count().desc(), *columns).limit(MOST_GROUPS)).mappings()
    names: dict[str, str] = {}
    values: dict[str, dict[str, dict[str, int]]] = {}
    for row in rows:
        key = fold(row["issuer_name"])
        names.setdefault(key, row["issuer_name"])
        for name, column in NAMED.items():
            if row[column]:
                counts = values.setdefault(key, {}).setdefault(name, {})
                counts[row[column]] = counts.get(row[column], 0) + row["times"]
    corrections, words = _corrections(work)
    return tuple(SenderRead(name, values.get(key, {}), corrections.get(key, ()), words.get(key, ()))
                 for key, name in names.items())


def _corrections(work: Work) -> tuple[dict[str, tuple[tuple[str, str, str], ...]],
                                      dict[str, tuple[tuple[str, str], ...]]]:
    """By sender: what was read on its letters and what a person put in its place, in fields and in the text."""
    table = tables.document
    rows = work.connection.execute(
        select(tables.proposal.c.fields, *(table.c[column] for column in NAMED.values()))
        .join(table, table.c.id == tables.proposal.c.document)
        .where(table.c.channel == Channel.PAPER, table.c.state.not_in(NOT_CONFIRMED), table.c.issuer_name.is_not(None))
        .order_by(table.c.last_entry.desc()).limit(MOST_PAPERS)).mappings()
    found: dict[str, dict[tuple[str, str], str]] = {}
    words: dict[str, dict[str, set[str]]] = {}
    for row in rows:
        read = json.loads(row["fields"])
        for said, meant in read.get(LEARNED, ()):
            words.setdefault(fold(row["issuer_name"]), {}).setdefault(said, set()).add(meant)
        for name, column in NAMED.items():
            said = read.get(name, {}).get("value") if isinstance(read.get(name), dict) else None
            if isinstance(said, str) and said.strip() and row[column] and _differs(said, row[column]):
                found.setdefault(fold(row["issuer_name"]), {}).setdefault((name, said), row[column])
    return ({key: tuple((name, said, meant) for (name, said), meant in pairs.items()) for key, pairs in found.items()},
            {key: tuple((said, min(meant)) for said, meant in pairs.items() if len(meant) == 1)
             for key, pairs in words.items()})


def _differs(said: str, meant: str) -> bool:
    """Other letters or marks; capitals and spaces are the page's own."""
    return " ".join(said.upper().split()) != " ".join(meant.upper().split())
