"""The boxes of an NĐ 30 page, found in a draft whatever their mistakes: a misspelled motto is still the motto.

Found by what the lines say and how they lie to each other (NĐ 30/2020 Annex I, Part I, Section IV), not by millimetres.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import pairwise

from docclient.form.kinds import OFFICIAL_LETTER, TYPES, type_of_title
from docclient.form.type import TypedLine, TypedPage
from signing.layout import Layout, read_layout
from signing.layout_parts import folded, segments_of
from signing.layout_signers import ANNEX
from signing.page import Box
from signing.page_text import PageText

STATE_NAME = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
URGENCIES = ("HỎA TỐC HẸN GIỜ", "HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")
SECRECIES = ("TUYỆT MẬT", "TỐI MẬT", "MẬT")

_NUMBER = re.compile(r"^s[o06]\s*[:.]?\s*[\d.…_\-/]|^s[o0]\s*:|^[\d.…_ ]*/\s*[a-z]{1,6}\s*-")
_NUMBER_ROW = re.compile(r"^s[o0]\s*[:.]")
_DATE = re.compile(r"\bngay\b.*\bthang\b.*\bnam\b|\d{1,2}/\d{1,2}/\d{4}$")
_ABOUT = re.compile(r"^(v\s*/\s*v|v\.v|ve viec)\b")
ADDRESSED = re.compile(r"^kinh (gui|trinh|chuyen|thua)\b")
_RECIPIENTS = re.compile(r"^noi\s*nhan\s*($|[:;.])")


@dataclass(slots=True)
class Elements:
    """What was found; empty where nothing was. head: the page with the State's name. boundary: the line between the
    head's two columns, points from the left. mirrored: the State's name stands at the left. annexes: the pages on which
    annexes begin."""

    pages: tuple[TypedPage, ...]
    layout: Layout
    head: TypedPage
    boundary: float
    mirrored: bool = False
    state_name: TypedLine | None = None
    motto: TypedLine | None = None
    agency: list[TypedLine] = field(default_factory=list)
    number: TypedLine | None = None
    date: TypedLine | None = None
    about: list[TypedLine] = field(default_factory=list)
    title: TypedLine | None = None
    type_name: str = ""
    abstract: list[TypedLine] = field(default_factory=list)
    addressee: list[TypedLine] = field(default_factory=list)
    stamps: list[TypedLine] = field(default_factory=list)
    secrecy: list[TypedLine] = field(default_factory=list)
    authority: list[TypedLine] = field(default_factory=list)
    name: TypedLine | None = None
    recipients_head: TypedLine | None = None
    recipients: list[TypedLine] = field(default_factory=list)
    annexes: list[int] = field(default_factory=list)

    @property
    def body_begins(self) -> float:
        """On the head page: the baseline of the last line before the body, in points from the bottom."""
        heads = [*self.abstract, *self.addressee, *self.about, *(each for each in (self.title, self.number, self.date)
                                                                   if each)]
        return min((line.box.y0 for line in heads if line.page == self.head.number),
                   default=self.head.frame.height * 0.8)

    @property
    def foot(self) -> tuple[int, float]:
        """Page and height at which the body ends: the top of the signature block or of the recipients."""
        tops = [line for line in (*self.authority[:1], self.recipients_head) if line is not None]
        if not tops:
            last = self.annexes[0] - 1 if self.annexes else len(self.pages)
            return last, 0.0
        page = min(line.page for line in tops)
        return page, max(line.box.y1 for line in tops if line.page == page)

    def page_of(self, number: int) -> TypedPage:
        return self.pages[number - 1]


def find_elements(pages: tuple[TypedPage, ...]) -> Elements:
    layout = read_layout([page.text for page in pages])
    head = pages[layout.head - 1]
    found = Elements(pages, layout, head, head.frame.width * 0.45)
    found.annexes = [page.number for page in pages[layout.head:] if _begins_annex(page)]
    found.state_name = _most_alike(head.lines, STATE_NAME, head.frame.height * 0.5, 0.8)
    found.motto = _most_alike(head.lines, MOTTO, head.frame.height * 0.5, 0.72)
    if beside := found.state_name or found.motto:
        found.mirrored = beside.middle < head.frame.width * 0.42
        found.boundary = beside.box.x1 + 2 if found.mirrored else min(beside.box.x0 - 2, head.frame.width * 0.55)
    lines = _head_lines(head, found.boundary)
    _find_head(found, lines)
    _find_title(found, lines)
    _find_addressee(found, lines)
    _find_stamps(found, lines)
    _find_foot(found)
    return found


def similarity(one: str, other: str) -> float:
    return SequenceMatcher(None, folded(one), folded(other), autojunk=False).ratio()


def _most_alike(lines: Sequence[TypedLine], wanted: str, lowest: float, least: float) -> TypedLine | None:
    """The line, or the part of one, that says what is wanted: also where two columns lie close together."""
    best: tuple[float, TypedLine] | None = None
    count = len(wanted.split())
    for line in lines:
        if line.baseline < lowest:
            continue
        words = len(line.segment.words)
        parts = [line]
        if words > count + 1:
            parts += [line.part(words - size, words) for size in (count - 1, count, count + 1) if 0 < size < words]
        for part in parts:
            alike = similarity(part.text, wanted)
            if alike >= least and (best is None or alike > best[0]):
                best = alike, part
    return best[1] if best else None


def _head_lines(page: TypedPage, boundary: float) -> list[TypedLine]:
    """The page's lines, those of the head parted at the boundary between its columns."""
    lines = []
    for line in _columns(page, boundary):
        words = line.segment.words
        if line.box.x0 < boundary - 30 and line.box.x1 > boundary + 60 and line.baseline > page.frame.height * 0.6:
            gaps = [(right.box.x0 - left.box.x1, index) for index, (left, right) in enumerate(pairwise(words), 1)
                    if abs((left.box.x1 + right.box.x0) / 2 - boundary) < 60]
            if gaps and max(gaps)[0] > 0.6 * line.size:
                at = max(gaps)[1]
                lines += [line.part(0, at), line.part(at, len(words))]
                continue
        lines.append(line)
    return lines


def _columns(page: TypedPage, boundary: float) -> list[TypedLine]:
    """As `TypedPage.lines`; rows with number and date are parted at the boundary alone, for the blanks that wait for
    them are as wide as a gap between columns."""
    found: list[TypedLine] = []
    for row in page.rows:
        if row.baseline > page.frame.height * 0.55 and (_NUMBER_ROW.match(row.folded) or _DATE.search(row.folded)):
            found += _parted_at(row, boundary)
        else:
            found += [TypedLine(page.number, each, page.manners)
                      for each in segments_of(PageText(page.number, page.frame, (row.segment,)))]
    return found


def _parted_at(row: TypedLine, boundary: float) -> list[TypedLine]:
    """A row of the head as its two columns: at the widest blank about the boundary."""
    words = row.segment.words
    gaps = [(right.box.x0 - left.box.x1, index) for index, (left, right) in enumerate(pairwise(words), 1)
            if boundary - 100 < (left.box.x1 + right.box.x0) / 2 < boundary + 70
            and not left.text.endswith(":") and not right.text.startswith("/")]
    if not gaps or max(gaps)[0] <= 0.6 * row.size:
        return [row]
    at = max(gaps)[1]
    return [row.part(0, at), row.part(at, len(words))]


def _find_head(found: Elements, lines: Sequence[TypedLine]) -> None:
    page, boundary = found.head, found.boundary
    upper = [line for line in lines if line.baseline > page.frame.height * 0.5]
    lefts = [line for line in upper if (line.middle > boundary if found.mirrored else line.middle < boundary + 10)]
    found.number = next((line for line in lefts if _NUMBER.match(line.folded)), None)
    if found.number is None:
        found.number = next((line for line in upper if _NUMBER.match(line.folded) and len(line.text) < 40), None)
    found.date = next((line for line in upper if _DATE.search(line.folded) and len(line.text) < 70
                       and line is not found.number and (found.mirrored or line.middle > page.frame.width * 0.3)
                       and not line.folded.startswith(("can cu", "theo"))), None)
    tops = [line.box.y1 for line in (found.state_name, found.motto) if line]
    top = max(tops, default=page.frame.height)
    under = found.number.box.y1 if found.number is not None else min(tops, default=page.frame.height * 0.9) - 45
    found.agency = [line for line in lefts if under <= line.baseline <= top + 30 and line is not found.number
                    and (found.mirrored or line.box.x0 < boundary - 20) and not _is_stamp(line)
                    and any(c.isalpha() for c in line.text) and not _DATE.search(line.folded)
                    and line not in (found.state_name, found.motto)]
    at = next((index for index, line in enumerate(found.agency) if _ABOUT.match(line.folded)), None)
    if at is not None:
        found.agency, found.about = found.agency[:at], found.agency[at:]
    if found.number is not None:
        column = [line for line in lefts if found.mirrored or line.box.x1 < boundary + 16]
        found.about = _block(column, found.number, first=_ABOUT)


def _block(lines: Sequence[TypedLine], above: TypedLine, *, first: re.Pattern[str]) -> list[TypedLine]:
    """The lines under `above` in its column, from the one that begins with `first`, as long as they follow closely."""
    taken: list[TypedLine] = []
    for line in lines:
        if line.baseline >= above.baseline - 1 or ADDRESSED.match(line.folded):
            continue
        if _is_stamp(line):
            continue
        if not taken:
            if above.baseline - line.baseline > 4.5 * above.size:
                break
            if first.match(line.folded):
                taken.append(line)
            continue
        if taken[-1].baseline - line.baseline > 1.9 * taken[-1].size or type_of_title(line.text):
            break
        taken.append(line)
    return taken


def _find_title(found: Elements, lines: Sequence[TypedLine]) -> None:
    """A line that is a type's name and stands alone, about the middle of the text."""
    page = found.head
    for line in lines:
        named = type_of_title(line.text)
        off = abs(line.middle - page.frame.width * 0.535) > page.frame.width * 0.2
        if off and not (line.all_upper and line.bold > 0.5):
            continue
        if named is None or line in found.agency or line.text.rstrip().endswith(":"):    # QUYẾT ĐỊNH: after the bases
            continue
        if named == OFFICIAL_LETTER or line.baseline < page.frame.height * 0.3:
            continue
        alone = [other for other in page.rows if abs(other.baseline - line.baseline) < 2]
        if line.has_lower and alone and len(alone[0].segment.words) > len(line.segment.words):
            continue
        found.title, found.type_name = line, named
        found.abstract = _abstract(found, line, lines)
        return
    if found.about:
        found.type_name = OFFICIAL_LETTER


def _abstract(found: Elements, title: TypedLine, lines: Sequence[TypedLine]) -> list[TypedLine]:
    """The centred lines below the title, up to a rule, a wider gap or the body."""
    taken: list[TypedLine] = []
    for line in lines:
        last = taken[-1] if taken else title
        if line.baseline >= last.baseline - 1:
            continue
        step = last.baseline - line.baseline
        ruled = any(line.box.y1 - 3 < rule.y0 < last.baseline and abs(rule.middle[0] - title.middle) < 40
                    for rule in found.head.rules)
        begins = line.folded.startswith(("can cu", "kinh gui", "kinh trinh", "dieu 1", "phan i", "chuong i", "i."))
        if step > (2.7 if taken else 3.4) * last.size or ruled or begins or abs(line.middle - title.middle) > 14 \
                or (line.all_upper and len(line.text) > 8) or len(taken) > 6:
            break
        if taken and taken[0].bold > 0.6 and line.bold < 0.4:
            break
        taken.append(line)
    return taken


def _find_addressee(found: Elements, lines: Sequence[TypedLine]) -> None:
    first = next((line for line in lines if ADDRESSED.match(line.folded) and line not in found.about), None)
    if first is None:
        return
    found.addressee = [first]
    for line in lines:
        last = found.addressee[-1]
        if line.baseline >= last.baseline - 1:
            continue
        listed = line.text.lstrip().startswith(("-", "–", "+"))
        if last.baseline - line.baseline > 2.4 * last.size or last.text.rstrip().endswith("."):
            break
        if listed or line.box.x0 > first.box.x0 + 18:
            found.addressee.append(line)
        else:
            break


def _is_stamp(line: TypedLine) -> bool:
    bare = line.text.strip(" .*").upper()
    return bare in URGENCIES or bare in SECRECIES


def _find_stamps(found: Elements, lines: Iterable[TypedLine]) -> None:
    for line in lines:
        bare = line.text.strip(" .*").upper()
        if line.baseline < found.head.frame.height * 0.45:
            break
        if bare in URGENCIES:
            found.stamps.append(line)
        elif bare in SECRECIES and line.all_upper:
            found.secrecy.append(line)


def _begins_annex(page: TypedPage) -> bool:
    tops = [line for line in page.lines[:6] if not line.text.strip(" -").isdigit()][:2]
    return any(ANNEX.match(line.folded) for line in tops)


def _find_foot(found: Elements) -> None:
    last = (found.annexes[0] - 1) if found.annexes else len(found.pages)
    signer = found.layout.signer
    if signer is not None and signer.page <= last:
        page = found.page_of(signer.page)
        inside = _grown(signer.authority)
        found.authority = [line for line in page.lines if _within(line.box, inside)
                           and not line.text.startswith("(")]
        if signer.name is not None:
            found.name = next((line for line in page.lines if _within(line.box, _grown(signer.name))), None)
    for page in found.pages[:last]:
        head = next((line for line in page.lines if _RECIPIENTS.match(line.folded)
                     and line.box.x0 < page.frame.width * 0.45), None)
        if head is not None:
            found.recipients_head = head
            found.recipients = _recipient_lines(found, page, head)
            return


def _recipient_lines(found: Elements, page: TypedPage, head: TypedLine) -> list[TypedLine]:
    right = found.authority[0].box.x0 if found.authority and found.authority[0].page == page.number \
        else page.frame.width * 0.6
    taken: list[TypedLine] = []
    for line in page.lines:
        last = taken[-1] if taken else head
        if line.baseline >= last.baseline - 1 or line.box.x0 > head.box.x0 + 40 or line.box.x0 < head.box.x0 - 12:
            continue
        far = last.baseline - line.baseline > 2.6 * max(last.size, line.size)
        if far or line.middle > max(right, head.box.x1 + 60):
            continue
        if taken and re.match(r"^\W*luu\b", taken[-1].folded) and taken[-1].text.rstrip().endswith("."):
            break
        taken.append(line)
    return taken


def _grown(box: Box) -> Box:
    return Box(box.x0 - 1, box.y0 - 1, box.x1 + 1, box.y1 + 1)


def _within(box: Box, outer: Box) -> bool:
    return outer.x0 <= box.x0 and box.x1 <= outer.x1 and outer.y0 <= box.y0 and box.y1 <= outer.y1


__all__ = ["ADDRESSED", "MOTTO", "STATE_NAME", "TYPES", "Elements", "find_elements", "similarity"]
