"""What the home screen shows: how much of each kind waits for me, and all of it, nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from docclient.office.deadlines import Timeliness
from docclient.office.model import WaitKind
from docclient.office.queries.documents import WaitingList
from ui.state.rows import HomeRow
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class WaitGroup:
    """One tile. kind None is everything."""

    kind: WaitKind | None
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class HomeView:
    """groups: everything first, then each kind in the order of the office's day. rows: in the office's order."""

    groups: tuple[WaitGroup, ...]
    rows: tuple[HomeRow, ...]
    overdue: int
    soon: int
    headline: str

    @classmethod
    def of(cls, waiting: WaitingList, today: date, texts: Texts) -> Self:
        total = sum(waiting.counts.values())
        groups = (WaitGroup(None, texts("home.all"), total), *(
            WaitGroup(kind, texts(f"wait.{kind}"), waiting.counts[kind])
            for kind in WaitKind if waiting.counts.get(kind)))
        rows = tuple(HomeRow.of(row, today, texts) for row in waiting.rows)
        overdue = sum(row.document.standing.timeliness is Timeliness.OVERDUE for row in waiting.rows)
        soon = sum(row.document.standing.timeliness is Timeliness.SOON for row in waiting.rows)
        return cls(groups, rows, overdue, soon, headline(total, overdue, soon, texts))

    def rows_of(self, kind: WaitKind | None) -> tuple[HomeRow, ...]:
        return self.rows if kind is None else tuple(row for row in self.rows if row.wait is kind)


def headline(total: int, overdue: int, soon: int, texts: Texts) -> str:
    """One sentence that says where the day stands."""
    if not total:
        return texts("home.nothing")
    if overdue:
        return texts("home.some_overdue", total=total, overdue=overdue)
    return texts("home.some_soon", total=total, soon=soon) if soon else texts("home.some", total=total)
