"""What a .docx says of itself: paper, margins, page numbers, fonts. Places come from the PDF made of it."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from docclient.errors import BadInput
from docclient.form.judging import MOST_OF_A_KIND, millimetres
from docclient.form.model import Finding
from docclient.form.page_rules import A4_MM, BOTTOM, LEFT, PAGE_SLACK_MM, RIGHT, TOP
from docclient.form.rules import RULES
from docclient.form.type import TIMES, TypedPage, family_kind, folded
from signing.page import MM, Box

SLACK_MM = 0.6
"""Word keeps twips, people type centimetres and inches."""


class WordFileDamaged(BadInput):
    """The file is not the Word document its name says. facts: file."""

    code = "form.word_file_damaged"


def judge_word_file(path: Path, pages: Sequence[TypedPage]) -> tuple[list[Finding], tuple[str, ...]]:
    """Findings, and the families of its text. pages: of the PDF made of it; empty: findings have no place.

    Raises: WordFileDamaged.
    """
    try:
        document: Any = docx.Document(str(path))
        return [*_sections(document, pages), *_page_numbers(document, pages), *_fonts(document, pages)], \
            tuple(name for name, _ in _families(document).most_common())
    except (OpcError, KeyError, ValueError, OSError, zipfile.BadZipFile, AttributeError, SyntaxError) as error:
        raise WordFileDamaged(file=path.name) from error


def _sections(document: Any, pages: Sequence[TypedPage]) -> Iterator[Finding]:
    first = document.sections[0]
    for section in document.sections:
        wide, high = section.page_width.mm, section.page_height.mm
        if abs(min(wide, high) - A4_MM[0]) > PAGE_SLACK_MM or abs(max(wide, high) - A4_MM[1]) > PAGE_SLACK_MM:
            yield _finding("page_size", pages, _whole(pages), f"{wide:.0f} × {high:.0f} mm", "210 × 297 mm")
        if wide > high:
            continue            # turned pages carry wide tables
        for code, length, (least, most) in (
                ("margin_left", section.left_margin.mm, LEFT), ("margin_right", section.right_margin.mm, RIGHT),
                ("margin_top", section.top_margin.mm, TOP), ("margin_bottom", section.bottom_margin.mm, BOTTOM)):
            if not least - SLACK_MM <= length <= most + SLACK_MM:
                yield _finding(code, pages, _strip(pages, code), millimetres(length), f"{least:.0f}–{most:.0f} mm")
        if section is first and len(document.sections) == 1:
            return


def _page_numbers(document: Any, pages: Sequence[TypedPage]) -> Iterator[Finding]:
    """Of a document of several pages: a number in the header, none on the first page."""
    if len(pages) == 1:
        return
    section = document.sections[0]
    headed, footed = _has_page_field(section.header), _has_page_field(section.footer)
    if footed and not headed:
        yield _finding("page_number_place", pages, None, "", "")
    if headed and not section.different_first_page_header_footer and len(pages) > 1:
        yield _finding("page_number_on_first", pages, None, "1", "")


def _has_page_field(part: Any) -> bool:
    if part.is_linked_to_previous:
        return False
    text = " ".join(node.text or "" for node in part._element.iter(qn("w:instrText")))
    fields = " ".join(node.get(qn("w:instr")) or "" for node in part._element.iter(qn("w:fldSimple")))
    return "PAGE" in f"{text} {fields}".upper().split()


def _fonts(document: Any, pages: Sequence[TypedPage]) -> Iterator[Finding]:
    told: Counter[str] = Counter()
    for paragraph in _paragraphs(document):
        other: dict[str, str] = {}
        for run in paragraph.runs:
            if not any(c.isalpha() for c in run.text):
                continue
            family = _family(document, paragraph, run)
            if family and family_kind(family) in ("other", "legacy"):
                other[family] = other.get(family, "") + run.text
        for family, text in other.items():
            told[family] += 1
            if told[family] <= MOST_OF_A_KIND:
                place = _place_of(text, pages)
                yield _finding("font_family", pages, place, family, TIMES)
                if family_kind(family) == "legacy":
                    yield _finding("font_unicode", pages, place, family, "")


def _families(document: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for paragraph in _paragraphs(document):
        for run in paragraph.runs:
            if run.text.strip():
                found[_family(document, paragraph, run) or TIMES] += len(run.text)
    return found


def _paragraphs(document: Any) -> Iterator[Any]:
    yield from document.paragraphs
    yield from _in_tables(document.tables)


def _in_tables(tables: Iterable[Any]) -> Iterator[Any]:
    for table in tables:
        for row in table.rows:
            for cell in row.cells:
                yield from cell.paragraphs
                yield from _in_tables(cell.tables)


def _family(document: Any, paragraph: Any, run: Any) -> str:
    """The run's own font, else its style's, its paragraph's style's, else the document's default; the first that says
    one. Empty: a font of the theme that the file does not name."""
    style = paragraph.style
    chain = [run._element.rPr, *_style_properties(run.style), *_style_properties(style)]
    for properties in chain:
        if properties is None:
            continue
        fonts = properties.find(qn("w:rFonts"))
        if fonts is not None:
            name = fonts.get(qn("w:ascii")) or fonts.get(qn("w:hAnsi"))
            if name:
                return str(name)
            if fonts.get(qn("w:asciiTheme")):
                return _theme_font(document, str(fonts.get(qn("w:asciiTheme"))))
    path = "/".join(qn(name) for name in ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:rFonts"))
    defaults = document.styles.element.find(path)
    if defaults is not None:
        return str(defaults.get(qn("w:ascii")) or _theme_font(document, str(defaults.get(qn("w:asciiTheme")) or "")))
    return TIMES            # Word's own default without a word about it


def _style_properties(style: Any) -> Iterator[Any]:
    while style is not None:
        yield style.element.find(qn("w:rPr"))
        style = getattr(style, "base_style", None)


def _theme_font(document: Any, theme: str) -> str:
    """The theme's latin font: `minor…` or `major…`."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith("/theme"):
            part = "minorFont" if theme.startswith("minor") else "majorFont"
            found = re.search(rf"<a:{part}>\s*<a:latin typeface=\"([^\"]*)\"",
                              relation.target_part.blob.decode("utf-8", "replace"))
            return found[1] if found else ""
    return ""


def _place_of(text: str, pages: Sequence[TypedPage]) -> tuple[int, Box] | None:
    """Where the words stand on the pages: the lines that say their beginning and what follows it."""
    wanted = re.sub(r"\s+", "", folded(text))[:400]
    for page in pages:
        lines = [(line, re.sub(r"\s+", "", line.folded)) for line in page.lines]
        for at, (line, said) in enumerate(lines):
            if not said:
                continue
            if wanted[:40] in said or (said in wanted[:len(said)] and len(said) > 3):
                boxes, rest = [line.box], wanted.replace(said, "", 1) if said in wanted else ""
                for more, words in lines[at + 1:]:
                    if not rest or not words or not (rest.startswith(words) or words.startswith(rest)):
                        break
                    boxes.append(more.box)
                    rest = rest[len(words):]
                return page.number, Box.around(boxes)
    return None


def _whole(pages: Sequence[TypedPage]) -> tuple[int, Box] | None:
    return (1, pages[0].frame.as_box) if pages else None


def _strip(pages: Sequence[TypedPage], code: str) -> tuple[int, Box] | None:
    """The margin itself, on page 1."""
    if not pages:
        return None
    frame = pages[0].frame
    rows = pages[0].rows
    left = min((row.box.x0 for row in rows), default=30 * MM)
    right = max((row.box.x1 for row in rows), default=frame.width - 15 * MM)
    top = max((row.box.y1 for row in rows), default=frame.height - 20 * MM)
    low = min((row.box.y0 for row in rows), default=20 * MM)
    return 1, {"margin_left": Box(0, 0, max(left, 20), frame.height),
               "margin_right": Box(min(right, frame.width - 20), 0, frame.width, frame.height),
               "margin_top": Box(0, min(top, frame.height - 20), frame.width, frame.height),
               "margin_bottom": Box(0, 0, frame.width, max(low, 20))}[code]


def _finding(code: str, pages: Sequence[TypedPage], place: tuple[int, Box] | None, found: str,
             expected: str) -> Finding:
    rule = RULES[code]
    if place is None:
        return Finding(code, rule.severity, None, None, None, found, expected, rule.source)
    number, box = place
    return Finding(code, rule.severity, number, box, pages[number - 1].frame.to_mm(box), found, expected, rule.source)
