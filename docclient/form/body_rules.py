"""Box 6: legal bases, size, justification, indent, spacing, articles and points (NĐ 30/2020 Annex I, Part I, II.6)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from docclient.form import kinds
from docclient.form.elements import Elements
from docclient.form.judging import SIZE_SLACK, Judgement, points
from docclient.form.model import Severity
from docclient.form.paragraphs import BodyPage, Paragraph, read_body
from signing.page import MM, Box

INDENTS_MM = (10.0, 12.7)
INDENT_SLACK_MM = 0.8
JUSTIFIED_SLACK = 3.5
"""Points by which a justified line may end before the edge: signs of punctuation hang, converters round."""

SINGLE, ONE_AND_A_HALF = 1.06, 1.80
"""Baseline to baseline in parts of the size. Times at single spacing gives 1.15, at 1.5 lines 1.725; exact spacing set
in points comes a little below."""

LEAST_BETWEEN = 6.0
BETWEEN_SLACK = 1.2

ALPHABET = ("a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t", "u", "v",
            "x", "y")
"""Of points, as the decree prints it."""

_BASE = re.compile(r"^(Căn cứ|Theo đề nghị|Xét đề nghị|Xét Tờ trình|"
                   r"Thực hiện (Nghị quyết|Quyết định|Kế hoạch|Công văn))\b")
_ARTICLE = re.compile(r"^Điều\s+(\d+)\s*[.:]?")
_POINT = re.compile(r"^([a-zđ])\)\s", re.IGNORECASE)
_CLAUSE = re.compile(r"^(\d+)\.\s")


def judge_body(to: Judgement) -> list[BodyPage]:
    pages = read_body(to.elements)
    if not pages:
        head = to.elements.head.frame
        place = Box(85, head.height * 0.4, head.width - 43, head.height * 0.6)
        to.add("body_missing", (to.elements.head.number, place))
        return pages
    bases = _bases(to, [paragraph for page in pages for paragraph in page.paragraphs])
    for page in pages:
        _type(to, page, bases)
        _justified(to, page)
        _indents(to, page, bases)
        _spacing(to, page)
    _articles(to, pages)
    _points(to, pages)
    return pages


def _bases(to: Judgement, paragraphs: Sequence[Paragraph]) -> list[Paragraph]:
    """The paragraphs that name the legal bases; tested where the type has them."""
    found: list[Paragraph] = []
    for paragraph in paragraphs[:30]:
        if _BASE.match(paragraph.text):
            found.append(paragraph)
        elif found or (not paragraph.is_centred and not paragraph.lines[0].all_upper):
            break
    if to.type_name in kinds.WITH_BASES:
        if not found and paragraphs:
            first = next((each for each in paragraphs if not each.is_centred), paragraphs[0])
            to.add("bases_missing", first.lines)
    elif len(found) < 2 or not all(each.text.rstrip().endswith((";", ".", ",")) for each in found) \
            or any(len(each.text) > 450 for each in found):
        return []           # a sentence that begins with "Căn cứ" and goes on
    if found and to.type_name not in kinds.WITH_BASES and not any(each.italic > 0.5 for each in found):
        return []
    off = [each for each in found if each.italic < 0.7]
    for each in off:
        to.add("bases_italic", each.lines, each.text)
    for each in found:
        end = "." if each is found[-1] else ";"
        last = each.text.rstrip()[-1:]
        if last != end and each.closed:
            to.add("bases_end", each.lines[-1], each.lines[-1].text[-60:], end)
        if not 13 - SIZE_SLACK <= each.size <= 14 + SIZE_SLACK:
            to.add("bases_size", each.lines, points(each.size), "13–14 pt")
    return found


def _type(to: Judgement, page: BodyPage, bases: Sequence[Paragraph]) -> None:
    for paragraph in page.paragraphs:
        if paragraph in bases:
            continue
        letters = sum(c.isalpha() for c in paragraph.text)
        off = [line for line in paragraph.lines if not 13 - SIZE_SLACK <= line.size <= 14 + SIZE_SLACK
               and sum(c.isalnum() for c in line.text) > 3]
        if off:
            to.add("body_size", off, points(off[0].size), "13–14 pt")
        if letters < 40 or paragraph.is_centred:
            continue
        if paragraph.italic > 0.8 and not paragraph.text.startswith(("(", "“", '"')):
            to.add("body_upright", paragraph.lines, paragraph.text)
        if paragraph.bold > 0.8 and len(paragraph.lines) > 2:
            to.add("body_regular", paragraph.lines, paragraph.text)


def _justified(to: Judgement, page: BodyPage) -> None:
    """All lines but the last end at the same edge."""
    for paragraph in page.paragraphs:
        full = paragraph.lines[:-1] if paragraph.closed else paragraph.lines
        if len(full) < 2 or paragraph.is_centred:
            continue
        short = [line for line in full if page.edges[1] - line.box.x1 > JUSTIFIED_SLACK]
        if len(short) >= 2 and len(short) > 0.5 * len(full):
            to.add("body_justified", paragraph.lines)


def _indents(to: Judgement, page: BodyPage, bases: Sequence[Paragraph]) -> None:
    for paragraph in page.paragraphs:
        if not paragraph.opened or paragraph.is_centred or paragraph.lines[0].all_upper:
            continue
        if len(paragraph.lines) < 2 and paragraph.lines[0].box.width < 0.5 * (page.edges[1] - page.edges[0]):
            continue
        moved = paragraph.indent / MM
        if any(abs(moved - right) <= INDENT_SLACK_MM for right in INDENTS_MM):
            continue
        # lists may be set deeper in
        severity = Severity.DOUBTFUL if paragraph.is_listed or moved > INDENTS_MM[1] else Severity.WRONG
        to.add("body_indent", paragraph.lines[0], f"{moved:.1f} mm".replace(".", ","), "10 / 12,7 mm",
               severity=severity)


def _spacing(to: Judgement, page: BodyPage) -> None:
    for paragraph in page.paragraphs:
        steps = [above.baseline - below.baseline for above, below in pairwise(paragraph.lines)]
        if len(steps) >= 2:
            step = sorted(steps)[len(steps) // 2]
            parts = step / paragraph.size
            if not SINGLE <= parts <= ONE_AND_A_HALF:
                to.add("body_line_spacing", paragraph.lines, f"{parts / 1.15:.2f}".replace(".", ","), "1–1,5")
    if not page.step:
        return
    close = [(above, below) for above, below in pairwise(page.paragraphs)
             if above.lines[-1].page == below.lines[0].page and below.opened
             and not above.is_centred and not below.is_centred
             and page.step * 0.9 < above.lines[-1].baseline - below.lines[0].baseline
             < page.step + LEAST_BETWEEN - BETWEEN_SLACK]
    for above, below in close:
        between = max(above.lines[-1].baseline - below.lines[0].baseline - page.step, 0.0)
        to.add("body_paragraph_spacing", [above.lines[-1], below.lines[0]], points(round(between, 1)), "≥ 6 pt")


def _articles(to: Judgement, pages: Sequence[BodyPage]) -> None:
    """`Điều n.` in bold, one after the other."""
    last = 0
    for paragraph in (each for page in pages for each in page.paragraphs):
        found = _ARTICLE.match(paragraph.text)
        if found is None or not paragraph.opened or paragraph.indent < -1:
            continue
        if not re.match(r"^Điều\s+\d+\s*[.:]", paragraph.text) and last == 0:
            continue            # a sentence that begins with an article of some law
        words = paragraph.lines[0].part(0, min(2, len(paragraph.lines[0].segment.words)))
        if words.bold < 0.7:
            to.add("article_bold", words, words.text)
        number = int(found[1])
        if number not in (last + 1, 1) and last:
            to.add("article_order", words, words.text, f"Điều {last + 1}")
        last = number


def _points(to: Judgement, pages: Sequence[BodyPage]) -> None:
    """Points go a, b, c, d, đ, e, g …: no f, j, w, z, and đ is not left out."""
    last = -1
    for paragraph in (each for page in pages for each in page.paragraphs):
        found = _POINT.match(paragraph.text)
        if found is None:
            if _CLAUSE.match(paragraph.text) or _ARTICLE.match(paragraph.text):
                last = -1
            continue
        letter = found[1].lower()
        follows = ALPHABET[last + 1] if last + 1 < len(ALPHABET) else ""
        if letter == "a":
            last = 0
        elif letter == follows:
            last += 1
        else:
            if last >= 0 or letter not in ALPHABET:
                to.add("point_alphabet", paragraph.lines[0], paragraph.lines[0].text[:40], f"{follows})" if follows
                       else "")
            last = ALPHABET.index(letter) if letter in ALPHABET else last + 1


def elements_body_text(e: Elements, pages: Sequence[BodyPage]) -> list[Paragraph]:
    return [paragraph for page in pages for paragraph in page.paragraphs]
