"""Notices as lines of a list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from docclient.office.model import VIETNAM
from docclient.office.notices import NoticeKind
from docclient.office.queries.notices import NoticeView
from ui.texts import Texts

TONES = {NoticeKind.OVERDUE: "bad", NoticeKind.URGED: "bad", NoticeKind.TOMORROW: "doubt", NoticeKind.SOON: "doubt",
         NoticeKind.RETURNED: "doubt", NoticeKind.TAKEN_BACK: "doubt", NoticeKind.HAND_IN: "doubt"}


@dataclass(frozen=True, slots=True)
class NoticeShown:
    """title: empty where this person may not see the thing any more."""

    id: str
    kind: str
    tone: str | None
    title: str
    what: str
    by: str
    at: str
    read: bool
    document: str | None
    task: str | None
    case_file: str | None

    @classmethod
    def of(cls, row: NoticeView, today: date, texts: Texts) -> Self:
        named = " · ".join(part for part in (row.number_and_symbol, row.title) if part)
        what = named or texts("notices_window.gone")
        if row.words:
            what = f"{what}\n“{row.words}”"
        local = row.at.astimezone(VIETNAM)
        at = f"{local:%H:%M}" if local.date() == today else texts.date(local.date())
        return cls(row.id, texts(f"notice.{row.kind}"), None if row.read else TONES.get(row.kind), row.title, what,
                   row.by_name, at, row.read, row.document, row.task, row.case_file)
