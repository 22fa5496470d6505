"""What the home screen shows: how much of each kind waits for me, and all of it, nearest deadline first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from docclient.office.deadlines import Timeliness
from docclient.office.model import WaitKind
from docclient.office.queries.documents import WaitingList
from docclient.office.queries.tasks import TaskList, TaskSide
from ui.state.rows import TASK, HomeRow
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class WaitGroup:
    """One tile. kind None is everything."""

    kind: WaitKind | str | None
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
    def of(cls, waiting: WaitingList, today: date, texts: Texts, tasks: TaskList | None = None) -> Self:
        """tasks: those given to this person stand among the documents, by their deadlines."""
        given = tasks.open[TaskSide.MINE] if tasks else 0
        total = sum(waiting.counts.values()) + given
        groups = (WaitGroup(None, texts("home.all"), total), *(
            WaitGroup(kind, texts(f"wait.{kind}"), waiting.counts[kind])
            for kind in WaitKind if waiting.counts.get(kind)), *(
            [WaitGroup(TASK, texts("shell.tasks"), given)] if given else []))
        mine = tasks.rows if tasks else ()
        lines = [(row.document.due_date, HomeRow.of(row, today, texts)) for row in waiting.rows]
        lines += [(row.task.due_date, HomeRow.of_task(row, today, texts)) for row in mine]
        lines.sort(key=lambda line: (line[0] is None, line[0] or today))        # a stable sort: else the office's order
        rows = tuple(line for _, line in lines)
        standings = [*(row.document.standing for row in waiting.rows), *(row.standing for row in mine)]
        overdue = sum(each.timeliness is Timeliness.OVERDUE for each in standings)
        soon = sum(each.timeliness is Timeliness.SOON for each in standings)
        return cls(groups, rows, overdue, soon, headline(total, overdue, soon, texts))

    def rows_of(self, kind: WaitKind | str | None) -> tuple[HomeRow, ...]:
        return self.rows if kind is None else tuple(row for row in self.rows if row.wait is kind)


def headline(total: int, overdue: int, soon: int, texts: Texts) -> str:
    """One sentence that says where the day stands."""
    if not total:
        return texts("home.nothing")
    if overdue:
        return texts("home.some_overdue", total=total, overdue=overdue)
    return texts("home.some_soon", total=total, soon=soon) if soon else texts("home.some", total=total)
