"""A page set with LibreOffice from a .docx, as most offices write theirs: head and foot are tables without lines."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pypdfium2
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from docclient.tools import libreoffice
from tests.generators.pages.sheet import Sheet
from tests.generators.pages.typeset import DAY_MARK, MARK


def drawn(sheet: Sheet, dpi: float, folder: Path) -> list[bytes]:
    """The pages as PNG files. `folder` takes the draft and its PDF."""
    pages = []
    with pypdfium2.PdfDocument(as_pdf(sheet, folder)) as pdf:
        for page in pdf:
            stream = io.BytesIO()
            page.render(scale=dpi / 72).to_pil().convert("RGB").save(stream, "PNG", compress_level=1)
            pages.append(stream.getvalue())
    return pages


def as_pdf(sheet: Sheet, folder: Path) -> Path:
    draft, pdf = folder / f"{sheet.seed}.docx", folder / f"{sheet.seed}.pdf"
    if not pdf.exists():
        _document(sheet).save(str(draft))
        libreoffice.convert_to_pdf(draft, pdf)
    return pdf


def _document(sheet: Sheet) -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(sheet.margins[0]), Mm(sheet.margins[1])
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Liberation Serif", Pt(sheet.size)
    style.paragraph_format.space_after = style.paragraph_format.space_before = Pt(0)
    width = 210 - sum(sheet.margins)
    wide = width + 12           # head and foot of most letters are tables a little wider than the text
    left, right = _table(document, (wide * sheet.left_share, wide * (1 - sheet.left_share)), -6)
    for line in sheet.parent:
        _line(left, line, 12.5)
    for line in sheet.agency:
        _line(left, line, 12.5, bold=True)
    _line(left, "_______", 8)
    if sheet.number:
        paragraph = _line(left, "Số: ", 13)
        _said_or_marked(paragraph, sheet.number, sheet.by_hand, MARK, 13, sheet.gap_mm[0])
        _run(paragraph, f"/{sheet.notation}", 13)
    if not sheet.title and sheet.subject:
        _line(left, sheet.printed_subject, sheet.size - 1).paragraph_format.space_before = Pt(6)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12.5, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", 13, bold=True)
    _line(right, "______________________", 8)
    for _ in range(max(0, len(sheet.parent) + len(sheet.agency) - 2)):
        _line(right, "", 12.5)
    day, rest = sheet.date_words
    paragraph = _line(right, f"{sheet.place}, ngày ", 13, italic=True)
    _said_or_marked(paragraph, day, sheet.by_hand, DAY_MARK, 13, sheet.gap_mm[1], italic=True)
    _run(paragraph, f" {rest}", 13, italic=True)
    _paragraph(document, "", WD_ALIGN_PARAGRAPH.LEFT, sheet.size)
    if sheet.urgency:
        stamp = _paragraph(document, sheet.urgency, WD_ALIGN_PARAGRAPH.LEFT, 13, bold=True)
        stamp.runs[0].font.color.rgb = docx.shared.RGBColor(0xD2, 0x23, 0x2A)
    if sheet.title:
        _paragraph(document, sheet.title, WD_ALIGN_PARAGRAPH.CENTER, 14, bold=True)
        if sheet.subject:
            about = _paragraph(document, sheet.subject, WD_ALIGN_PARAGRAPH.CENTER, 14, bold=True)
            about.paragraph_format.left_indent = about.paragraph_format.right_indent = Mm(14)
            _paragraph(document, "_________", WD_ALIGN_PARAGRAPH.CENTER, 8)
    for place, name in enumerate(sheet.addressees):
        end = "." if place == len(sheet.addressees) - 1 else ";"
        alone = len(sheet.addressees) == 1
        if not alone and place == 0:
            _paragraph(document, "Kính gửi:", WD_ALIGN_PARAGRAPH.LEFT, sheet.size).paragraph_format.left_indent = Mm(26)
        said = _paragraph(document, f"Kính gửi: {name}{end}" if alone else f"- {name}{end}",
                          WD_ALIGN_PARAGRAPH.CENTER if alone else WD_ALIGN_PARAGRAPH.LEFT, sheet.size)
        said.paragraph_format.left_indent = Mm(0 if alone else 46)
    if sheet.deciding:
        _paragraph(document, sheet.deciding, WD_ALIGN_PARAGRAPH.CENTER, 13, bold=True)
    for line in sheet.body:
        text = _paragraph(document, line, WD_ALIGN_PARAGRAPH.CENTER if line.isupper() else WD_ALIGN_PARAGRAPH.JUSTIFY,
                          sheet.size, bold=line.isupper(), italic=line.startswith("Căn cứ"))
        text.paragraph_format.space_before = Pt(6)
        text.paragraph_format.first_line_indent = Mm(0 if line.isupper() else 12.7)
    _paragraph(document, "", WD_ALIGN_PARAGRAPH.LEFT, 8)
    left, right = _table(document, (width * 0.47, width * 0.53))
    if sheet.other_signer:
        *above, name = sheet.other_signer
        for line in above:
            _line(left, line, 13, bold=True)
        _line(left, name, 13, bold=True).paragraph_format.space_before = Mm(26)
    if sheet.recipients:
        _line(left, "Nơi nhận:", 12, bold=True, italic=True, align=WD_ALIGN_PARAGRAPH.LEFT)
        for place, name in enumerate(sheet.recipients):
            end = "." if place == len(sheet.recipients) - 1 else ";"
            _line(left, f"- {name}{end}", 11, align=WD_ALIGN_PARAGRAPH.LEFT)
    for line in sheet.authority:
        _line(right, line, 13, bold=True)
    _line(right, sheet.signer, 13.5, bold=True).paragraph_format.space_before = Mm(26)
    return document


def _table(document: Document, widths: tuple[float, float], indent_mm: float = 0) -> tuple[_Cell, _Cell]:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    indent = OxmlElement("w:tblInd")
    indent.set(qn("w:w"), str(round(indent_mm / 25.4 * 1440)))
    indent.set(qn("w:type"), "dxa")
    table._tbl.tblPr.append(indent)
    row = table.rows[0]
    keep = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(keep)
    for cell, wide in zip(row.cells, widths, strict=True):
        cell.width = Mm(wide)
    return row.cells[0], row.cells[1]


def _line(cell: _Cell, text: str, size: float, *, bold: bool = False, italic: bool = False,
          align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.CENTER) -> Paragraph:
    fresh = len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs
    paragraph = cell.paragraphs[0] if fresh else cell.add_paragraph()
    paragraph.alignment = align
    _run(paragraph, text, size, bold, italic)
    return paragraph


def _paragraph(document: Document, text: str, align: WD_ALIGN_PARAGRAPH, size: float, *, bold: bool = False,
               italic: bool = False) -> Paragraph:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    _run(paragraph, text, size, bold, italic)
    return paragraph


def _run(paragraph: Paragraph, text: str, size: float, bold: bool = False, italic: bool = False) -> Run:
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return run


def _said_or_marked(paragraph: Paragraph, said: str, by_hand: bool, mark: tuple[int, int, int], size: float,
                    wide_mm: float, italic: bool = False) -> None:
    if not by_hand:
        _run(paragraph, said, size, italic=italic)
        return
    # no-break spaces on a coloured ground: a space of this size is a quarter of it wide
    run = _run(paragraph, "\u00a0" * round(wide_mm / (size * 0.25 * 0.3528)), size)
    ground = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", "{:02X}{:02X}{:02X}".format(*mark))):
        ground.set(qn(name), value)
    run._r.get_or_add_rPr().append(ground)
