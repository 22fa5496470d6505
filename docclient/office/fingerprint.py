"""The print of a document: a digest of everything the office says of it, written into the journal with each command.

`office check` takes it again and compares: a row changed behind the office's back no longer fits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Select, String, Table, bindparam, literal_column, select

from docclient.office.journal import canonical
from docclient.store import tables
from docclient.store.prepared import Prepared
from docclient.store.work import Work

LEFT_OUT = frozenset({"last_entry", "folded", "updated_at", "due"})
"""Columns that follow from others, or from the entry itself."""

LATER = frozenset({"language", "page_amount", "note", "issued_amount", "reply_due_date", "paper_follows", "series",
                   "copy_kind", "copy_of", "frozen_at", "signed_at", "issued_moment",
                   "upper", "origin", "routing", "ended_at", "level", "level_role", "limit_date", "opened_at",
                   "hand", "tried_at", "refused"})
"""Columns that came after the first shape: left out while they are empty, so that older prints stay as they were."""


Of = str | BindParameter[str]
DOCUMENT: BindParameter[str] = bindparam("document_of_print", type_=String)

SHAPE = "2:"
"""Before prints of the present shape. Those of the first have nothing before them and leave out who waits, who sees."""


def document_print(work: Work, document: str, shape: str = SHAPE) -> str:
    """SHA-256 over the document's facts, files, verdicts, directions, handlers, links, deliveries, outbox, whoever it
    waits for and whoever may see it. shape: `SHAPE`, or "" for the first one."""
    first, places, later = statements()
    given, run = {DOCUMENT.key: document}, work.connection
    there = present().tuples(run, given)[0]

    def rows(part: tuple[int, Prepared]) -> list[dict[str, Any]]:
        place, query = part
        return [plain(row) for row in query.rows(run, given)] if there[place] else []

    parts = list(enumerate((*first, *places, *later)))
    always = len(first) + len(places)
    facts = [rows(part) for part in parts[:always if shape else len(first)]]
    # what came into use later leaves the prints of documents without it as they were
    facts += [found for found in map(rows, parts[always:]) if found]
    return shape + hashlib.sha256(canonical(facts).encode()).hexdigest()


@cache
def statements() -> tuple[list[Prepared], list[Prepared], list[Prepared]]:
    """The queries of a print, made once: making them takes longer than asking them."""
    return ([*map(Prepared, facts_of(DOCUMENT))], [*map(Prepared, places_of(DOCUMENT))],
            [*map(Prepared, later_facts_of(DOCUMENT))])


@cache
def present() -> Prepared:
    """Which of them have rows, in one question: of thirty tables most say nothing of a document."""
    queries = (*facts_of(DOCUMENT), *places_of(DOCUMENT), *later_facts_of(DOCUMENT))
    return Prepared(select(*(query.order_by(None).with_only_columns(literal_column("1")).exists()
                             for query in queries)))


def shape_of(print_: str) -> str:
    """The shape that a print was made in."""
    return SHAPE if print_.startswith(SHAPE) else ""


@cache
def document_tables() -> frozenset[str]:
    """The tables that a document's print covers."""
    queries = [*facts_of(""), *places_of(""), *later_facts_of("")]
    return frozenset(found.name for query in queries for found in query.get_final_froms() if isinstance(found, Table))


def facts_of(document: Of) -> list[Select[Any]]:
    t = tables
    files = select(t.file.c.id).where(t.file.c.document == document)
    deliveries = select(t.delivery.c.id).where(t.delivery.c.document == document)
    return [
        select(t.document).where(t.document.c.id == document),
        select(t.file).where(t.file.c.document == document).order_by(t.file.c.id),
        select(t.file_version).where(t.file_version.c.file.in_(files)).order_by(t.file_version.c.id),
        select(t.verdict.c.digest, t.verdict.c.conclusion, t.verdict.c.report)
        .where(t.verdict.c.document == document, t.verdict.c.number == 1).order_by(t.verdict.c.digest),
        select(t.direction).where(t.direction.c.document == document).order_by(t.direction.c.id),
        select(t.handler).where(t.handler.c.document == document).order_by(t.handler.c.id),
        select(t.link).where(t.link.c.source == document).order_by(t.link.c.target, t.link.c.kind),
        select(t.delivery).where(t.delivery.c.document == document).order_by(t.delivery.c.id),
        select(t.delivery_status).where(t.delivery_status.c.delivery.in_(deliveries)).order_by(t.delivery_status.c.id),
        select(t.outbox).where(t.outbox.c.document == document).order_by(t.outbox.c.id),
    ]


def places_of(document: Of) -> list[Select[Any]]:
    """For whom it waits, and who may see it."""
    t = tables
    return [
        select(t.waiting).where(t.waiting.c.document == document).order_by(t.waiting.c.id),
        select(t.access).where(t.access.c.document == document).order_by(t.access.c.person),
    ]


def later_facts_of(document: Of) -> list[Select[Any]]:
    """Facts that an office of the first shape did not have."""
    checked = tables.verdict
    return [
        select(checked.c.digest, checked.c.number, checked.c.conclusion, checked.c.report, checked.c.evidence,
               checked.c.online, checked.c.by)
        .where(checked.c.document == document, (checked.c.number > 1) | checked.c.evidence.is_not(None))
        .order_by(checked.c.digest, checked.c.number),
        select(tables.granted_right).where(tables.granted_right.c.document == document)
        .order_by(tables.granted_right.c.id),
        select(tables.deadline_change).where(tables.deadline_change.c.document == document)
        .order_by(tables.deadline_change.c.id),
        *(select(each).where(each.c.document == document).order_by(each.c.id) for each in (
            tables.former_handler, tables.presentation, tables.remark, tables.progress_note, tables.extension_request,
            tables.closing)),
        *(select(each).where(each.c.document == document) for each in (tables.recall_notice, tables.paper_copy)),
        select(tables.given_number).where(tables.given_number.c.document == document,
                                          tables.given_number.c.cancelled_at.is_not(None))
        .order_by(tables.given_number.c.id),
        *(select(each).where(each.c.document == document).order_by(each.c.id) for each in (
            tables.opinion_round, tables.opinion, tables.approval, tables.draft_change, tables.inside_recipient,
            tables.recall, tables.form_check, tables.form_excuse, tables.asked_change, tables.recipient_urging)),
    ]


def plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: text_of(value) for name, value in row.items()
            if name not in LEFT_OUT and not (value is None and name in LATER)}


AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def text_of(value: Any) -> Any:
    """JSON-ready, the same text on every database."""
    if type(value) in AS_THEY_ARE:
        return value
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date | datetime) else value
