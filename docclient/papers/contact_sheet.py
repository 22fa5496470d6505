"""The contact sheet of a batch: each document's page with its signature in place, its name, and what to look at twice.

Made from plans (`signing.plan`), before any key is asked for anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docclient.papers.layout import VIETNAM, day_text, grouped
from docclient.papers.typeset import typeset
from docclient.words import Language, phrase, words_of
from signing.plan import Plan

PICTURE_MM = (45.0, 64.0)
"""The room for a page's picture on the sheet."""


def print_contact_sheet(plans: Sequence[Plan], target: Path, made_at: datetime,
                        language: Language = Language.VIETNAMESE, *, names: Sequence[str] = ()) -> Path:
    """Write the sheet to `target` as PDF/A-2b, A4, six documents on a page.

    Args:
        made_at: aware. names: what the documents are called; without them their files' names.
    Raises: FolderNotWritable, DiskFull.
    """
    at = made_at.astimezone(VIETNAM)
    pictures: dict[str, bytes] = {}
    items = [_card(number, plan, names[number - 1] if names else plan.source.name, pictures, language)
             for number, plan in enumerate(plans, start=1)]
    doubtful = sum(1 for plan in plans if plan.warnings or plan.trouble is not None)
    return typeset("contact_sheet", {
        "title": _say("title", language),
        "language": language.value,
        "summary": _say("summary", language, total=grouped(len(plans)), doubtful=grouped(doubtful)),
        "made_line": _say("made_line", language, at=f"{at:%H:%M:%S} {day_text(at.date())}"),
        "no_picture": _say("no_picture", language),
        "items": items,
    }, made_at, target, tagged=False, pictures=pictures)


def place_words(plan: Plan, language: Language = Language.VIETNAMESE) -> str:
    """`Trang 1; cách mép trái 125 mm, mép trên 130 mm; 50 × 20 mm`."""
    if plan.trouble is not None:
        return ""
    if plan.page is None or plan.box_mm is None:
        return _say("invisible", language)
    x, y, width, height = (round(part) for part in plan.box_mm)
    return _say("place", language, page=plan.page, x=x, y=y, width=width, height=height)


def _card(number: int, plan: Plan, name: str, pictures: dict[str, bytes], language: Language) -> dict[str, Any]:
    files = {}
    for key, data in (("picture", plan.picture), ("close_up", plan.close_up)):
        files[key] = f"{key}-{number}.png" if data is not None else ""
        if data is not None:
            pictures[files[key]] = data
    shown, mark = _shown(plan)
    warnings = [phrase(f"spot_warning.{warning.value}", language) for warning in plan.warnings]
    if plan.trouble is not None:
        warnings.append(words_of(plan.trouble, language).sentence)
    return {"number": str(number), "name": name, "place": place_words(plan, language), **files,
            "shown": shown, "mark": mark, "warnings": warnings,
            "remarks": [phrase(f"sign_remark.{note}", language) for note in plan.notes]}


def _shown(plan: Plan) -> tuple[list[float], list[float]]:
    """Width and height of the page's picture on the sheet, and the place in it (x, y, width, height); millimetres."""
    if plan.page_mm is None or plan.box_mm is None:
        return [PICTURE_MM[0], PICTURE_MM[1]], []
    scale = min(PICTURE_MM[0] / plan.page_mm[0], PICTURE_MM[1] / plan.page_mm[1])
    return [part * scale for part in plan.page_mm], [part * scale for part in plan.box_mm]


def _say(key: str, language: Language, **blanks: object) -> str:
    return phrase(f"contact_sheet.{key}", language, **blanks)
