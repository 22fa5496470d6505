"""The columns of lists of documents: those usual for each list, and any that a person chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from docclient.desk.list_columns import COLUMNS, ListColumn
from docclient.office.model import Flow
from docclient.office.queries.finding import Sort
from ui.screens.home.screen import tone_of
from ui.state.finding import heading_of
from ui.state.rows import ListRow
from ui.tables.rows import Column
from ui.texts import Texts

USUAL: dict[Flow | None, tuple[str, ...]] = {
    Flow.INCOMING: ("arrival_number", "number", "issued", "what", "issuer", "lead", "signatures", "deadline", "state"),
    Flow.OUTGOING: ("number", "issued", "what", "signatures", "deadline", "state"),
    None: ("number", "issued", "what", "issuer", "deadline", "state"),
}
CHOOSABLE = ("what", "signatures", *COLUMNS)
CHARACTERS_PER_MM = 0.42
FALLS = {Sort.NEWEST: True, Sort.NUMBER: True, Sort.DUE: False}
"""The orders that belong to a column, and whether the highest comes first."""


def columns_of(names: Sequence[str], flow: Flow | None, texts: Texts) -> tuple[Column, ...]:
    return tuple(with_order(name, column_of(name, flow, texts), flow, texts) for name in names)


def order_of(name: str, flow: Flow | None) -> Sort | None:
    """The order that a column stands for: the office sorts by the number of the own register, by deadline, and by when
    a document came in here."""
    if name == "deadline":
        return Sort.DUE
    if name == ("number" if flow is Flow.OUTGOING else "arrival_number"):
        return Sort.NUMBER
    return Sort.NEWEST if name == "created_at" else None


def with_order(name: str, column: Column, flow: Flow | None, texts: Texts) -> Column:
    order = order_of(name, flow)
    if order is None:
        return column
    return replace(column, order=order.value, falls=FALLS[order],
                   order_hint=texts("lists.sort_by", order=texts(f"sort.{order}")))


def column_of(name: str, flow: Flow | None, texts: Texts) -> Column:
    title = heading_of(name, texts)
    usual = {
        "arrival_number": Column(title, lambda row: row.arrival_number, 5, strong=lambda _row: True),
        "number": Column(title, lambda row: row.number, 11, strong=lambda _row: flow is not Flow.INCOMING),
        "issued": Column(title, lambda row: row.issued, 9, may_go=2),
        "what": Column(title, what_shown, hint=what_shown),
        "subject": Column(title, lambda row: with_snippet(row, row.subject)),
        "issuer": Column(title, lambda row: row.issuer, 16, may_go=3),
        "lead": Column(title, lambda row: row.lead, 14, may_go=1),
        "signatures": Column(title, lambda row: row.signatures, 12, tone=lambda row: tone_of(row.signatures_tone),
                             may_go=4),
        "deadline": Column(title, lambda row: row.deadline.words, 15, tone=lambda row: tone_of(row.deadline.tone),
                           picture="clock"),
        "state": Column(title, lambda row: row.state, 14, tone=lambda row: tone_of(row.state_tone)),
    }
    return usual.get(name) or further(title, COLUMNS[name], texts)


def further(title: str, column: ListColumn, texts: Texts) -> Column:
    def said(row: ListRow) -> str:
        return column.text(row.found, texts.language) if row.found is not None else ""

    return Column(title, said, max(6, round(column.width_mm * CHARACTERS_PER_MM)))


def what_shown(row: ListRow) -> str:
    return with_snippet(row, row.what)


def with_snippet(row: ListRow, said: str) -> str:
    """The place in a file where the words stand, under what the list says anyway."""
    return f"{said}\n{row.snippet}" if row.snippet else said
