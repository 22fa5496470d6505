"""Finding documents: words of any field and of the files' text, filters that combine, four orders, page after page."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    RowMapping,
    Select,
    and_,
    bindparam,
    false,
    func,
    or_,
    select,
)

from docclient.office.access import sees_all, visible
from docclient.office.deadlines import ENDED
from docclient.office.door import Query
from docclient.office.errors import FieldWrong, Why
from docclient.office.finding_rank import LOOKED_THROUGH, Snippet, score, snippet_in_fields, snippet_of, sought_by
from docclient.office.finding_rights import in_part, within_rights
from docclient.office.model import (
    Actor,
    Channel,
    FileKind,
    Flow,
    HandlerRole,
    PersonId,
    RegisterId,
    State,
    UnitId,
    Urgency,
    start_of,
    today,
)
from docclient.office.queries.documents import DocumentRow, mine, rows_of
from docclient.office.queries.rows import COLUMNS, LATER
from docclient.office.registry import answers
from docclient.office.search import Asked
from docclient.store import tables
from docclient.store.finding_match import LOOKED_BACK, Match, in_words, match, newest_first
from docclient.store.prepared import Prepared
from docclient.store.work import Work

SLICE = 400
"""Ranking and sorting look at so many of the newest documents found: to rank a million takes seconds."""

COUNTED = 1_000
"""Counts stop here and say "more than"."""

MORE_FIELDS = frozenset({
    "arrival_date", "signer_name", "signer_position", "recipients_text", "issued_place", "drafter", "unit", "note",
    "page_amount", "language", "issued_amount", "reply_due_date", "created_at", "exchange_id"})
"""Fields of a document that a list may show beside those of DocumentRow."""

NAMED = frozenset({"drafter", "unit"})


class Sort(StrEnum):
    """NEWEST: newest arrival first. RELEVANCE: best fit among the newest. DUE: nearest deadline first; only what has
    one. NUMBER: newest register first, highest number first; only what is registered."""

    NEWEST = "newest"
    RELEVANCE = "relevance"
    DUE = "due"
    NUMBER = "number"


class PersonAs(StrEnum):
    DRAFTER = "drafter"
    SIGNER = "signer"
    LEAD = "lead"
    HANDLER = "handler"          # lead, helping or informed


@dataclass(frozen=True, slots=True)
class Filter:
    """Everything given must hold; of several values in one field, one. Dates include both ends.

    issuer: words of the issuer's name or code. recipient: an agency's code, or its name as written on the document.
    number: number and symbol or a part (`15/qd`). persons: as persons_as says, or in any way where that is empty.
    """

    flow: Flow | None = None
    states: tuple[State, ...] = ()
    types: tuple[str, ...] = ()
    units: tuple[UnitId, ...] = ()
    persons: tuple[PersonId, ...] = ()
    persons_as: tuple[PersonAs, ...] = ()
    issuer: str = ""
    recipient: str = ""
    number: str = ""
    issued_from: date | None = None
    issued_to: date | None = None
    arrived_from: date | None = None
    arrived_to: date | None = None
    created_from: date | None = None
    created_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    urgencies: tuple[Urgency, ...] = ()
    overdue: bool = False
    waiting_for_me: bool = False
    file_kinds: tuple[FileKind, ...] = ()
    case_file: str | None = None
    register: RegisterId | None = None
    channels: tuple[Channel, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundRow:
    """snippet: where the words stand, None where nothing was typed. more: the further fields asked for, as text (dates
    ISO); empty ones are absent."""

    document: DocumentRow
    snippet: Snippet | None = None
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundList:
    """next: give it as `after` for the rows that follow; None at the end. sliced: only the newest documents found were
    ranked or sorted; there are more, which NEWEST shows."""

    rows: tuple[FoundRow, ...]
    next: str | None
    sliced: bool = False


@dataclass(frozen=True, slots=True)
class FindDocuments(Query[FoundList]):
    """Documents this person may see. text: words, `"words next to each other"`, `-refused`, `15/qd`; with or without
    marks; the last word may be unfinished. Any text is a question, none is an error. fields: of MORE_FIELDS, to come
    with each row."""

    text: str = ""
    where: Filter = field(default_factory=Filter)
    sort: Sort = Sort.NEWEST
    after: str | None = None
    limit: int = 50
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundCount:
    """more: there are more than `number`, which is where counting stopped."""

    number: int
    more: bool


@dataclass(frozen=True, slots=True)
class CountFound(Query[FoundCount]):
    text: str = ""
    where: Filter = field(default_factory=Filter)


@answers(FindDocuments)
def find_documents(work: Work, me: Actor, q: FindDocuments) -> FoundList:
    asked, limit = Asked.of(q.text), max(1, min(q.limit, 1_000))
    found = match_of(work, me, asked, q.where)
    if found is None:
        return FoundList((), None)
    if q.sort is Sort.NEWEST:
        rows: Sequence[Mapping[Any, Any]]
        rows, after, sliced = newest(work, me, q, found, limit)
    elif asked.nothing and q.sort in KEYS:
        rows, after, sliced = in_order(work, me, q, limit)
    else:
        rows, after, sliced = best_of_newest(work, me, q, found, asked, limit)
    return FoundList(shown(work, me, rows, asked, q.fields), after, sliced)


@answers(CountFound)
def count_found(work: Work, me: Actor, q: CountFound) -> FoundCount:
    found = match_of(work, me, Asked.of(q.text), q.where)
    if found is None:
        return FoundCount(0, more=False)
    query = selected(work, me, q.where, found, tables.document.c.id).limit(COUNTED + 1)
    number = len(work.connection.scalars(query).all())
    return FoundCount(min(number, COUNTED), number > COUNTED)


def match_of(work: Work, me: Actor, asked: Asked, where: Filter) -> Match | None:
    issuer, number = Asked.of(where.issuer), Asked.of(where.number)
    both = Asked((*asked.wanted, *number.wanted), (*asked.refused, *number.refused), asked.marked)
    if both.nothing and issuer.nothing:
        return Match(tables.document, tables.document.c.id.is_not(None), tables.document.c.id)
    found = match(work.connection, both, issuer)
    return within_rights(work, me, found, both, issuer) if found is not None else None


def selected(work: Work, me: Actor, where: Filter, found: Match, *columns: Any) -> Select[Any]:
    query = select(*columns)
    if found.source is not tables.document:
        query = query.select_from(
            found.source.join(tables.document, tables.document.c.id == tables.finding.c.document))
    return query.where(found.condition, visible(me), *conditions(me, where))


def newest(work: Work, me: Actor, q: FindDocuments, found: Match, limit: int,
           ) -> tuple[Sequence[Mapping[Any, Any]], str | None, bool]:
    by_id = found.source is tables.document
    before = q.after if by_id else whole_number(q.after) if q.after else None
    if found.said and not q.fields and words_alone(me, q.where):
        as_typed = newest_in_words().rows(work.connection, {
            "said": found.said, "before": BEYOND if before is None else before, "at_most": limit + 1})
        return as_typed[:limit], str(as_typed[limit - 1]["at_place"]) if len(as_typed) > limit else None, False
    rows: Sequence[Mapping[Any, Any]] = newest_of(work, found, limit + 1, lambda within: selected(
        work, me, q.where, within, *columns_for(q), *texts_with(within), within.number.label("at_place")),
        before, alone=words_alone(me, q.where))
    return rows[:limit], str(rows[limit - 1]["at_place"]) if len(rows) > limit else None, False


BEYOND = 2**62
"""Behind every document's number."""


@cache
def newest_in_words() -> Prepared:
    """What is asked most, each letter anew, by whoever sees everything: made once, for making it takes longer than
    asking it."""
    found = in_words()
    return Prepared(
        select(*COLUMNS, *texts_with(found), found.number.label("at_place"))
        .select_from(found.source.join(tables.document, tables.document.c.id == tables.finding.c.document))
        .where(found.condition, found.number < bindparam("before", type_=BigInteger))
        .order_by(found.number.desc()).limit(bindparam("at_most", type_=Integer)))


def newest_of(work: Work, found: Match, most: int, query: Callable[[Match], Select[Any]],
              before: int | str | None = None, *, alone: bool) -> Sequence[RowMapping]:
    """The newest of the rows that `query` asks for. before: the number below which they are. alone: nothing but the
    words decides."""
    if before is not None:
        found = replace(found, condition=found.condition & (found.number < before))
    if found.source is tables.finding:                     # PostgreSQL; SQLite's own index is in this order
        with newest_first(work.connection, int(before) if before is not None else None) as top:
            for back in LOOKED_BACK:
                rows = in_order_of(work, query(
                    replace(found, condition=found.condition & (found.number > top - back))), found, most)
                if len(rows) == most or back >= top:
                    return rows
                if len(rows) * LOOKED_BACK[-1] < most * back:
                    break                                  # too rare to be enough of them further back
        if alone:                   # of many that are found, lines are read of the newest only
            numbers = select(found.number).where(found.condition).order_by(found.number.desc()).limit(most)
            found = replace(found, condition=found.number.in_(numbers.subquery().select()))
    return in_order_of(work, query(found), found, most)


def in_order_of(work: Work, query: Select[Any], found: Match, most: int) -> Sequence[RowMapping]:
    return work.connection.execute(query.order_by(found.number.desc()).limit(most)).mappings().all()


def words_alone(me: Actor, where: Filter) -> bool:
    return where == Filter() and sees_all(me) and not me.marked


KEYS: dict[Sort, Callable[[Filter], tuple[tuple[Any, bool], ...]]] = {
    Sort.DUE: lambda _: ((tables.document.c.due_date, False), (tables.document.c.id, False)),
    Sort.NUMBER: lambda where: (
        (tables.document.c.register, True),
        (tables.document.c.out_number if where.flow is Flow.OUTGOING else tables.document.c.arrival_number, True)),
}
"""The columns of each order, and whether it falls; both have an index that is in this order already."""


def in_order(work: Work, me: Actor, q: FindDocuments, limit: int,
             ) -> tuple[Sequence[RowMapping], str | None, bool]:
    """By a key of two columns, from the row that `after` names."""
    (first, falls), (second, _) = KEYS[q.sort](q.where)
    everything = Match(tables.document, first.is_not(None) & second.is_not(None), tables.document.c.id)
    query = selected(work, me, q.where, everything, tables.document)
    if q.after:
        last = work.connection.execute(select(first, second).where(
            tables.document.c.id == q.after, visible(me))).first()
        if last is None:
            raise FieldWrong("after", Why.UNKNOWN)
        past = operator.lt if falls else operator.gt
        query = query.where(or_(past(first, last[0]), and_(first == last[0], past(second, last[1]))))
    order = [key.desc() if falls else key for key in (first, second)]
    rows = work.connection.execute(query.order_by(*order).limit(limit + 1)).mappings().all()
    return rows[:limit], rows[limit - 1]["id"] if len(rows) > limit else None, False


def best_of_newest(work: Work, me: Actor, q: FindDocuments, found: Match, asked: Asked, limit: int,
                   ) -> tuple[Sequence[RowMapping], str | None, bool]:
    """`after` counts within the slice, which is looked for anew: nothing of a question is kept. Only what the order
    needs is read of the whole slice, the lines of those that are shown."""
    here, d = tables.finding.c, tables.document.c
    by_key = q.sort in KEYS
    keys = [key for key, _ in KEYS[q.sort](q.where)] if by_key else []
    texts = [*texts_with(found)] if not by_key else []
    if texts and asked.marked and not me.marked:
        texts.append(func.substr(here.words, 1, LOOKED_THROUGH).label("words"))
    rows = list(newest_of(work, found, SLICE + 1, lambda within: selected(
        work, me, q.where, within, d.id, *keys, *texts), alone=words_alone(me, q.where)))
    sliced, rows = len(rows) > SLICE, rows[:SLICE]
    if by_key:
        (first, falls), (second, _) = KEYS[q.sort](q.where)
        rows = [row for row in rows if row[first.name] is not None and row[second.name] is not None]
        rows.sort(key=lambda row: (row[first.name], row[second.name]), reverse=falls)
    elif texts:
        rows.sort(key=lambda row: -score(row, asked))        # stable: of equals the newest first
    start = whole_number(q.after) if q.after else 0
    end = start + limit
    lines = lines_of(work, q, found, [row["id"] for row in rows[start:end]])
    return lines, str(end) if end < len(rows) else None, sliced


def lines_of(work: Work, q: FindDocuments, found: Match, documents: Sequence[str]) -> list[RowMapping]:
    """The lines of these documents, in this order."""
    d = tables.document.c
    query = select(*columns_for(q), *texts_with(found)).where(d.id.in_(documents))
    if texts_with(found):
        query = query.select_from(tables.document.join(tables.finding, tables.finding.c.document == d.id))
    rows = {row["id"]: row for row in work.connection.execute(query).mappings()}
    return [rows[document] for document in documents if document in rows]


def columns_for(q: FindDocuments) -> tuple[Any, ...]:
    """Of `document`: what a list's line needs, all of it where further fields are asked for."""
    return (*tables.document.c, *LATER) if q.fields else COLUMNS


def texts_with(found: Match) -> tuple[Any, ...]:
    """The texts in which the words are shown; a file's own text may be long and is asked for where it is needed."""
    here = tables.finding.c
    return () if found.source is tables.document else (here.head, here.issuer, here.rest)


def whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise FieldWrong("after", Why.UNKNOWN)
    return int(text)


def shown(work: Work, me: Actor, rows: Sequence[Mapping[Any, Any]], asked: Asked, fields: Sequence[str],
          ) -> tuple[FoundRow, ...]:
    documents = rows_of(work, rows)
    snippets = snippets_of(work, me, rows, asked) if asked.wanted and rows and "head" in rows[0] else {}
    more = further(work, rows, fields) if fields else {}
    return tuple(FoundRow(each, snippets.get(each.id), more.get(each.id, {})) for each in documents)


def snippets_of(work: Work, me: Actor, rows: Sequence[Mapping[Any, Any]], asked: Asked) -> dict[str, Snippet | None]:
    """Where the words stand in each: in its fields, else in the text of its files, which is read only then, and only
    for whoever may read them all."""
    sought = sought_by(asked)
    found = {row["id"]: snippet_in_fields(row, sought) for row in rows}
    missing = [document for document, snippet in found.items() if snippet is None]
    if missing:
        here, partly = tables.finding.c, in_part(work, me, missing)
        shortened = func.substr(here.words, 1, LOOKED_THROUGH).label("words")
        for row in work.connection.execute(
                select(here.document, here.head, here.issuer, here.rest, shortened)
                .where(here.document.in_(missing))).mappings():
            found[row["document"]] = snippet_of(
                dict(row) | ({"words": ""} if row["document"] in partly else {}), sought)
    return found


def further(work: Work, rows: Sequence[Mapping[Any, Any]], fields: Sequence[str]) -> dict[str, dict[str, str]]:
    """The values of further fields; people and units by name. Raises: FieldWrong."""
    for name in fields:
        if name not in MORE_FIELDS:
            raise FieldWrong("fields", Why.UNKNOWN, name)
    names: dict[str, str] = {}
    for key, table in (("drafter", tables.person), ("unit", tables.unit)):
        if key in fields:
            wanted = {row[key] for row in rows if row[key]}
            names.update({row.id: row.name for row in work.connection.execute(
                select(table.c.id, table.c.name).where(table.c.id.in_(wanted)))})
    return {row["id"]: {name: names.get(row[name], "") if name in NAMED else written(row[name])
                        for name in fields if row[name] not in (None, "")} for row in rows}


def written(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def conditions(me: Actor, w: Filter) -> list[ColumnElement[bool]]:
    """What the filters ask of `document`."""
    d, t = tables.document.c, tables
    asked: list[ColumnElement[bool]] = []
    for values, key in ((w.states, d.state), (w.types, d.type_name), (w.units, d.unit), (w.urgencies, d.urgency),
                        (w.channels, d.channel)):
        if values:
            asked.append(key.in_(values))
    if w.flow is not None:
        asked.append(d.flow == w.flow)
    for first, last, day in ((w.issued_from, w.issued_to, d.issued_date),
                             (w.arrived_from, w.arrived_to, d.arrival_date), (w.due_from, w.due_to, d.due_date)):
        asked += [day >= first] if first else []
        asked += [day <= last] if last else []
    asked += [d.created_at >= start_of(w.created_from)] if w.created_from else []
    asked += [d.created_at < start_of(w.created_to + timedelta(days=1))] if w.created_to else []
    if w.register is not None:
        asked.append(d.register == w.register)
    if w.overdue:
        asked += [d.due_date < today(), d.state.not_in(ENDED)]
    if w.waiting_for_me:
        asked.append(d.id.in_(select(t.waiting.c.document).where(mine(me))))
    if w.file_kinds:
        asked.append(d.id.in_(select(t.file.c.document).where(t.file.c.kind.in_(w.file_kinds))))
    if w.case_file is not None:
        asked.append(d.id.in_(select(t.case_file_document.c.document).where(
            t.case_file_document.c.case_file == w.case_file)))
    if w.recipient:
        asked.append(d.id.in_(select(t.delivery.c.document).where(
            or_(t.delivery.c.agency_code == w.recipient, t.delivery.c.agency_name == w.recipient))))
    if w.persons:
        asked.append(concerning(w))
    return asked


def concerning(w: Filter) -> ColumnElement[bool]:
    d, handler = tables.document.c, tables.handler.c
    ways = w.persons_as or (PersonAs.DRAFTER, PersonAs.SIGNER, PersonAs.HANDLER)
    held: list[ColumnElement[bool]] = []
    for way in ways:
        if way is PersonAs.DRAFTER:
            held.append(d.drafter.in_(w.persons))
        elif way is PersonAs.SIGNER:
            held.append(d.signer_person.in_(w.persons))
        else:
            handled = select(handler.document).where(handler.person.in_(w.persons))
            held.append(d.id.in_(handled.where(handler.role == HandlerRole.LEAD) if way is PersonAs.LEAD else handled))
    return or_(false(), *held)
