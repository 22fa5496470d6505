"""Dates as Vietnamese papers write them, and texts as our typeface and a spreadsheet can carry them."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib import resources

from fontTools.ttLib import TTFont

from docclient.papers.model import JournalHead
from docclient.words import Language, phrase

VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
NOT_IN_OUR_FACE = "□"
DOTS = "…………"


def day_text(day: date | None) -> str:
    """05/03/2026, or nothing."""
    return f"{day:%d/%m/%Y}" if day else ""


def date_line(day: date | None) -> str:
    """ngày 05 tháng 3 năm 2026: zero before days under 10 and before months 1 and 2 (NĐ 30, Annex I); dots for None."""
    if day is None:
        return "ngày …… tháng …… năm ……"
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def journal_line(head: JournalHead, printed_at: datetime) -> str:
    """What binds a print to the journal: entry, hash in groups that the eye can compare, time in Vietnam."""
    groups = " ".join(head.hash[start:start + 8] for start in range(0, len(head.hash), 8))
    at = printed_at.astimezone(VIETNAM)
    return phrase("papers.journal_line", Language.VIETNAMESE, number=grouped(head.number), hash=groups,
                  at=f"{at:%H:%M:%S} {day_text(at.date())}")


def grouped(number: int) -> str:
    """1.234: thousands as Vietnamese writes them."""
    return f"{number:,}".replace(",", ".")


def printable(text: str) -> str:
    """`text` with composed letters and without what our typeface lacks (shown as □) or a page cannot hold.

    PDF/A forbids a letter without a glyph (ISO 19005-2, 6.2.11.8): one pictograph in one subject must not keep a whole
    register from being printed. Line ends and tabs stay; other control and format characters go.
    """
    kept = []
    for letter in unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n"):
        if letter in "\n\t":
            kept.append(letter)
        elif unicodedata.category(letter) not in {"Cc", "Cf", "Cs"}:
            kept.append(letter if ord(letter) in letters_of_our_face() else NOT_IN_OUR_FACE)
    return "".join(kept)


@cache
def letters_of_our_face() -> frozenset[int]:
    """The code points that every style of our typeface has."""
    fonts = resources.files("resources") / "fonts"
    found: frozenset[int] | None = None
    for style in ("Regular", "Bold", "Italic", "BoldItalic"):
        with (fonts / f"LiberationSerif-{style}.ttf").open("rb") as stream, TTFont(stream) as font:
            letters = frozenset(font.getBestCmap())
        found = letters if found is None else found & letters
    assert found is not None
    return found
