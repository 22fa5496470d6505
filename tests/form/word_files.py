"""Drafts as a word processor keeps them: an honest letter of several pages, and the same with mistakes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from tests.form.letters import PROSE


@dataclass(frozen=True, slots=True)
class WordDraft:
    """margins: top, right, bottom, left in millimetres. alien: a font for the second paragraph. numbered: `header`,
    `first` (also on page 1), `footer`, `none`."""

    paper: tuple[float, float] = (210, 297)
    margins: tuple[float, float, float, float] = (20, 15, 20, 30)
    font: str = "Times New Roman"
    alien: str = ""
    numbered: str = "header"
    repeats: int = 4
    kind: str = ""


def write(draft: WordDraft, target: Path) -> Path:
    document: Any = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(draft.paper[0]), Mm(draft.paper[1])
    section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, draft.margins)
    section.header_distance = section.footer_distance = Mm(10)
    style = document.styles["Normal"]
    style.font.name, style.font.size = draft.font, Pt(14)
    style.paragraph_format.space_after = Pt(0)
    number_pages(section, draft.numbered)
    head = document.add_table(2, 2)
    head.alignment = WD_TABLE_ALIGNMENT.CENTER
    head.autofit = False
    head.columns[0].width, head.columns[1].width = Mm(66), Mm(99)
    for row in head.rows:
        row.cells[0].width, row.cells[1].width = Mm(66), Mm(99)
    column(head.cell(0, 0), ("ỦY BAN NHÂN DÂN", 12.5, True, False), ("XÃ TÂN HIỆP", 12.5, True, False), rule=13)
    column(head.cell(0, 1), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12.5, True, False),
           ("Độc lập - Tự do - Hạnh phúc", 13.5, True, False), rule=64)
    symbol = "TB" if draft.kind else "UBND"
    column(head.cell(1, 0), (f"Số:         /{symbol}-{'UBND' if draft.kind else 'VP'}", 13, False, False),
           *([] if draft.kind else [("V/v tăng cường công tác văn thư, lưu trữ", 12.5, False, False)]))
    column(head.cell(1, 1), ("Tân Hiệp, ngày      tháng      năm 2026", 13.5, False, True))
    if draft.kind:
        line(document, draft.kind, 14, bold=True, before=12)
        line(document, "Kết quả công tác văn thư, lưu trữ năm 2026", 14, bold=True)
        rule_below(document.paragraphs[-1], 60)
    else:
        line(document, "Kính gửi: Sở Nội vụ tỉnh Phú An", 14, before=12)
    for index, words in enumerate(PROSE * draft.repeats):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(words)
        if draft.alien and index == 1:
            run.font.name = draft.alien
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        form = paragraph.paragraph_format
        form.first_line_indent, form.space_before, form.space_after = Mm(12.7), Pt(6), Pt(0)
        form.line_spacing = 1.0
    foot = document.add_table(1, 2)
    left, right = foot.cell(0, 0), foot.cell(0, 1)
    add(left.paragraphs[0], "Nơi nhận:", 12, bold=True, italic=True)
    for words in ("- Như trên;" if not draft.kind else "- Các phòng chuyên môn;", "- Thường trực Đảng ủy xã;",
                  "- Lưu: VT, VP."):
        add(left.add_paragraph(), words, 11)
    column(right, ("TM. ỦY BAN NHÂN DÂN", 13.5, True, False), ("CHỦ TỊCH", 13.5, True, False), ("", 14, False, False),
           ("", 14, False, False), ("", 14, False, False), ("", 14, False, False),
           ("Trần Thị Hồng Nhung", 14, True, False))
    document.save(str(target))
    return target


def add(paragraph: Any, words: str, size: float, *, bold: bool = False, italic: bool = False) -> None:
    run = paragraph.add_run(words)
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic


def line(document: Any, words: str, size: float, *, bold: bool = False, before: float = 0) -> None:
    paragraph = document.add_paragraph()
    add(paragraph, words, size, bold=bold)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = Pt(before)


def column(cell: Any, *lines: tuple[str, float, bool, bool], rule: float = 0) -> None:
    for number, (words, size, bold, italic) in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        add(paragraph, words, size, bold=bold, italic=italic)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if rule:
        rule_below(cell.paragraphs[-1], rule)


def rule_below(paragraph: Any, width_mm: float) -> None:
    """A drawn line under the words, as people draw it in Word (a VML line anchored in the paragraph)."""
    paragraph.add_run()._r.append(parse_xml(
        '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
        '<v:line style="position:absolute;z-index:1;mso-position-horizontal:center;'
        'mso-position-horizontal-relative:margin;mso-position-vertical-relative:text" '
        f'from="0,17pt" to="{width_mm * 72 / 25.4:.1f}pt,17pt" strokeweight=".75pt"/></w:pict>'))


def number_pages(section: Any, where: str) -> None:
    if where == "none":
        return
    part = section.footer if where == "footer" else section.header
    paragraph = part.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    run.font.size = Pt(13.5)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        node = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            node.set(qn("w:fldCharType"), kind)
        else:
            node.text = text
        run._r.append(node)
    section.different_first_page_header_footer = where != "first"
