"""Paper, margins, fonts, colour and page numbers: NĐ 30/2020 Annex I, Part I, Section I."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from docclient.form.elements import ADDRESSED
from docclient.form.judging import Judgement, millimetres, text_of
from docclient.form.model import Severity
from docclient.form.type import TIMES, TypedLine, TypedPage, family_kind, folded
from signing.layout_parts import PLACEHOLDERS
from signing.page import MM, Box

A4_MM = (210.0, 297.0)
PAGE_SLACK_MM = 1.5
MARGIN_SLACK_MM = 1.0
"""Letters reach a little over the line; word processors round centimetres to points."""

LEFT, RIGHT, TOP, BOTTOM = (30.0, 35.0), (15.0, 20.0), (20.0, 25.0), (20.0, 25.0)

_NUMERAL = re.compile(r"^[\s\-–—]*(?:Trang\s+)?(\d{1,4})(?:\s*/\s*\d+)?[\s\-–—]*$", re.IGNORECASE)


def judge_pages(to: Judgement, *, fonts: bool) -> tuple[str, ...]:
    """fonts: also the families (a Word document tells its own). Returns the families that carry text."""
    for page in to.elements.pages:
        _paper(to, page)
        _margins(to, page)
    _page_numbers(to)
    return _fonts(to, judged=fonts)


def _paper(to: Judgement, page: TypedPage) -> None:
    frame = page.frame
    wide, high = frame.width / MM, frame.height / MM
    size = f"{wide:.0f} × {high:.0f} mm"
    if abs(min(wide, high) - A4_MM[0]) > PAGE_SLACK_MM or abs(max(wide, high) - A4_MM[1]) > PAGE_SLACK_MM:
        to.add("page_size", (page.number, frame.as_box), size, "210 × 297 mm")
    elif wide > high and not page.uprights:
        to.add("page_orientation", (page.number, frame.as_box), size, "210 × 297 mm")


def numeral_of(page: TypedPage) -> tuple[TypedLine, int] | None:
    """The page number in a margin, and its value."""
    for line in (*page.rows[:1], *page.rows[-1:]):
        read = _NUMERAL.match(line.text)
        if read and (line.box.y0 > page.frame.height - 27 * MM or line.box.y1 < 27 * MM):
            return line, int(read[1])
    return None


def _margins(to: Judgement, page: TypedPage) -> None:
    """By what stands on the page: nothing may reach into a margin; body lines show where a margin ends."""
    numeral = numeral_of(page)
    rows = [row for row in page.rows if numeral is None or row is not numeral[0]]
    if not rows or page.frame.width > page.frame.height:
        return
    frame = page.frame
    body = [row for row in rows if row.box.width > 0.55 * frame.width and not any(
        line.y0 <= row.box.middle[1] <= line.y1 for line in page.uprights)]
    left, right = min(row.box.x0 for row in rows) / MM, (frame.width - max(row.box.x1 for row in rows)) / MM
    if left < LEFT[0] - MARGIN_SLACK_MM:
        off = [row for row in rows if row.box.x0 / MM < LEFT[0] - MARGIN_SLACK_MM]
        to.add("margin_left", off, millimetres(left), "30–35 mm", severity=_of_body(off, body))
    elif len(body) >= 3 and (near := min(row.box.x0 for row in body) / MM) > LEFT[1] + MARGIN_SLACK_MM:
        to.add("margin_left", body, millimetres(near), "30–35 mm")
    if right < RIGHT[0] - MARGIN_SLACK_MM:
        off = [row for row in rows if (frame.width - row.box.x1) / MM < RIGHT[0] - MARGIN_SLACK_MM]
        to.add("margin_right", off, millimetres(right), "15–20 mm", severity=_of_body(off, body))
    elif len(body) >= 3 and (near := (frame.width - max(row.box.x1 for row in body)) / MM) > RIGHT[1] + 2.0:
        to.add("margin_right", body, millimetres(near), "15–20 mm")
    top = (frame.height - rows[0].box.y1) / MM
    if top < TOP[0] - 1.5:
        stamp = rows[0].baseline > frame.height - 20 * MM and rows[0].box.x0 > frame.width * 0.5 and \
            rows[0].size <= 10.5                             # box 14: an agency's signature in the margin
        circulated = folded(rows[0].text) in ("xem xong tra lai", "luu hanh noi bo")    # box 11 lies in the margin
        if not stamp and not circulated:
            to.add("margin_top", rows[0], millimetres(top), "20–25 mm")
    elif top > TOP[1] + 4.0 and page.number == to.elements.head.number:
        to.add("margin_top", rows[0], millimetres(top), "20–25 mm")
    last = rows[-1]
    bottom = last.box.y0 / MM
    if bottom < BOTTOM[0] - 1.5 and last.size > 11.5:       # an address block (box 13) and notes are smaller
        to.add("margin_bottom", last, millimetres(bottom), "20–25 mm")


def _of_body(off: list[TypedLine], body: list[TypedLine]) -> Severity:
    """Tables of the head and foot often stick out by a hair; the body may not."""
    return Severity.WRONG if any(row in body for row in off) else Severity.DOUBTFUL


def _page_numbers(to: Judgement) -> None:
    e = to.elements
    starts = [e.head.number, *e.annexes]
    for page in e.pages:
        begun = max((start for start in starts if start <= page.number), default=1)
        numeral = numeral_of(page)
        if page.number in starts:
            if numeral is not None and page.number == e.head.number:
                to.add("page_number_on_first", numeral[0], numeral[0].text)
            continue
        if page.number < e.head.number:
            continue
        frame = page.frame
        if numeral is None:
            to.add("page_number_missing", (page.number, Box(frame.width * 0.35, frame.height - 20 * MM,
                                                            frame.width * 0.75, frame.height - 8 * MM)), "",
                   str(page.number))
            continue
        line, value = numeral
        # the middle of the paper and that of the text area (between the margins) both count as the middle
        centred = frame.width / 2 - 6 * MM <= line.middle <= frame.width / 2 + 13 * MM
        if line.box.y0 < frame.height / 2 or not centred:
            to.add("page_number_place", line, line.text)
        if value not in (page.number - e.head.number + 1, page.number - begun + 1):
            to.add("page_number_value", line, line.text, str(page.number - begun + 1))
        if not 12.7 <= line.size <= 14.3 or line.italic > 0.6 or line.bold > 0.6 or not line.text.strip().isdigit():
            to.add("page_number_type", line, f"{line.text} ({line.size:g} pt)", "13–14 pt")


def _fonts(to: Judgement, *, judged: bool) -> tuple[str, ...]:
    families: Counter[str] = Counter()
    for page in to.elements.pages:
        other: dict[str, list[TypedLine]] = {}
        coloured: list[TypedLine] = []
        unread: list[TypedLine] = []
        for line in page.lines:
            manners = line.manners_of()
            families.update(each.family for each in manners)
            names = Counter(each.family for each in manners if family_kind(each.family) not in ("times", "compatible"))
            for family, count in names.items():
                if count >= 3 or count == len(manners):
                    other.setdefault(family, []).append(line)
            dark = sum(each.black for each in manners)
            if manners and dark < 0.7 * len(manners) and line not in to.elements.stamps and not _is_mark(line):
                coloured.append(line)
            strange = [c for c in line.text if unicodedata.category(c) in ("Co", "Cn", "Cc") or c == "\ufffd"]
            if len(strange) > 1:
                unread.append(line)
        if judged:
            for family, lines in other.items():
                for run in _runs(lines):
                    to.add("font_family", run, family, TIMES)
                    if family_kind(family) == "legacy":
                        to.add("font_unicode", run, family)
        for run in _runs(coloured):
            to.add("font_colour", run, text_of(run))
        for run in _runs(unread):
            to.add("font_unicode", run, text_of(run))
    return tuple(name for name, _ in families.most_common())


def _is_mark(line: TypedLine) -> bool:
    """A signature's or copy's text, a web address: not the document's own letters."""
    return bool(re.search(r"https?://|www\.|\S@\S|^(Ký bởi|Người ký|Thời gian ký|Email|Cơ quan):", line.text)) and \
        not ADDRESSED.match(line.folded)


def _runs(lines: list[TypedLine]) -> list[list[TypedLine]]:
    """Lines that follow each other closely are one place."""
    runs: list[list[TypedLine]] = []
    for line in lines:
        if runs and 0 <= runs[-1][-1].baseline - line.baseline < 2.2 * max(line.size, 8):
            runs[-1].append(line)
        else:
            runs.append([line])
    return runs


def is_blank(text: str) -> bool:
    return not text.strip(PLACEHOLDERS + " ")
