"""Registers on paper (NĐ 30, Annex IV). One kept in the system is printed with all columns and bound (art. 16, 22)."""

from __future__ import annotations

from pathlib import Path

from docclient.papers.columns import form_of
from docclient.papers.layout import DOTS, day_text, grouped, journal_line
from docclient.papers.model import RegisterKind, RegisterPaper
from docclient.papers.typeset import typeset
from docclient.words import Language, phrase


def print_register(register: RegisterPaper, target: Path) -> Path:
    """Write the register to `target` as PDF/A-2b: cover, every row and column, closing note; A4 landscape.

    Raises: FolderNotWritable, DiskFull.
    """
    form = form_of(register.kind)
    fields = [column.field for column in form.columns]
    return typeset("register", {
        "title": form.title,
        "parent": register.cover.parent,
        "agency": register.cover.agency,
        "year": str(register.cover.year),
        "cover_lines": cover_lines(register),
        "columns": [{"heading": column.heading, "width_mm": column.width_mm, "align": column.align}
                    for column in form.columns],
        "rows": [[getattr(row, name) for name in fields] for row in register.rows],
        "closing_line": closing_line(register),
        "journal_line": journal_line(register.journal_head, register.printed_at),
    }, register.printed_at, target, tagged=False)


def cover_lines(register: RegisterPaper) -> list[str]:
    """Period, numbers (but not on the follow-up register), volume; dots where a fact is not known yet."""
    cover = register.cover
    lines = [phrase("papers.cover_period", Language.VIETNAMESE,
                    first=day_text(cover.first_day) or DOTS, last=day_text(cover.last_day) or DOTS)]
    if register.kind not in (RegisterKind.FOLLOW_UP, RegisterKind.HAND_OVER):
        lines.append(phrase("papers.cover_numbers", Language.VIETNAMESE,
                            first=cover.first_number or DOTS, last=cover.last_number or DOTS))
    lines.append(phrase("papers.cover_volume", Language.VIETNAMESE, volume=cover.volume or DOTS))
    return lines


def closing_line(register: RegisterPaper) -> str:
    """How many rows the register holds, and who printed it if that is told."""
    count = grouped(len(register.rows))
    if register.printed_by:
        return phrase("papers.closing_by", Language.VIETNAMESE, count=count, person=register.printed_by)
    return phrase("papers.closing", Language.VIETNAMESE, count=count)
