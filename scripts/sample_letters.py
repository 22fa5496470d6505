"""Write the sample office's letters as .docx, laid out by Nghị định 30/2020/NĐ-CP, Annex I and form 1.5 of Annex III.

    .venv/bin/python scripts/sample_letters.py           writes resources/sample_office/letters/

The results are committed and come out the same byte for byte. What is set where:

    page       A4, margins top 20, bottom 20, left 30, right 15 mm (allowed: 20–25, 20–25, 30–35, 15–20)
    font       Times New Roman, black; sizes of Annex I in brackets behind each element below
    boxes      1 State name and motto · 2 agency · 3 number · 4 place and date · 5b abstract · 9a addressee · 6 body
               7a, 7b authority and name, with 32 mm between them for signature (7c) and seal (8) · 9b recipients

A draft leaves the number, day and month blank: nine and six spaces, room for the digits that are filled in at issue.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from PIL import ImageFont

ROOT = Path(__file__).resolve().parent.parent
LETTERS = ROOT / "resources" / "sample_office" / "letters"
PICTURES = ROOT / "resources" / "sample_office" / "pictures"
FONTS = ROOT / "resources" / "fonts"

FACE = "Times New Roman"
LEFT_MM, RIGHT_MM, SIGNING_ROOM_MM = 64.0, 101.0, 32.0       # 165 mm between the margins
CENTRE, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
MADE = datetime(2026, 1, 2, 1, 0, tzinfo=UTC)                # the files' own date, fixed

NO_NUMBER = " " * 9
NO_DAY = " " * 6


@dataclass(frozen=True)
class Letter:
    """One official letter (công văn); texts as they are printed."""

    parent: str | None
    agency: tuple[str, ...]
    number: str
    symbol: str
    place: str
    day: str
    month: str
    year: str
    subject: str
    addressee: str
    body: tuple[str, ...]
    authority: tuple[str, ...]
    name: str
    recipients: tuple[str, ...]
    signature: str | None = None
    seal: str | None = None


DRAFT_ANSWER = Letter(
    parent=None,
    agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"),
    number=NO_NUMBER, symbol="/UBND-KT",
    place="Tân Hiệp", day=NO_DAY, month=NO_DAY, year="2026",
    subject="báo cáo kết quả số hóa tài liệu lĩnh vực kinh tế, đất đai năm 2026",
    addressee="Sở Nội vụ tỉnh.",
    body=(
        "Thực hiện Công văn số 1245/SNV-VTLT ngày 05 tháng 10 năm 2026 của Sở Nội vụ về việc báo cáo kết quả số hóa "
        "tài liệu lĩnh vực kinh tế, đất đai năm 2026, Ủy ban nhân dân xã Tân Hiệp báo cáo như sau:",
        "1. Đến ngày 31 tháng 10 năm 2026, xã đã số hóa 1.248 trong tổng số 1.300 hồ sơ theo kế hoạch (đạt 96%), với "
        "18.720 trang tài liệu. Tài liệu được quét màu, độ phân giải từ 200 dpi, tỷ lệ 100%, lưu ở định dạng PDF/A có "
        "lớp văn bản và được ký số của cơ quan.",
        "2. Hồ sơ công việc được lập trên Hệ thống quản lý tài liệu điện tử. Trong 10 tháng, 805 trong tổng số 812 văn "
        "bản đi (99,1%) có đủ chữ ký số của người có thẩm quyền và chữ ký số của cơ quan.",
        "3. Khó khăn: một số hồ sơ đất đai lập trước năm 2000 đã mờ, rách, phải tu bổ trước khi quét. Ủy ban nhân dân "
        "xã đề nghị Sở Nội vụ hướng dẫn việc tu bổ tài liệu và hỗ trợ 01 máy quét khổ A3.",
        "Ủy ban nhân dân xã Tân Hiệp báo cáo để Sở Nội vụ tổng hợp./.",
    ),
    authority=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    name="Chủ tịch UBND xã",
    recipients=("Như trên;", "Chủ tịch, Phó Chủ tịch UBND xã;", "Văn phòng HĐND và UBND xã;", "Lưu: VT, KT."),
)

INCOMING_REQUEST = Letter(
    parent="UBND TỈNH",
    agency=("SỞ NỘI VỤ",),
    number=" 1245", symbol="/SNV-VTLT",
    place="Phú An", day=" 05 ", month=" 10 ", year="2026",
    subject="báo cáo kết quả số hóa tài liệu lĩnh vực kinh tế, đất đai năm 2026",
    addressee="Ủy ban nhân dân xã Tân Hiệp.",
    body=(
        "Thực hiện Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư và kế hoạch "
        "số hóa tài liệu năm 2026 của Ủy ban nhân dân tỉnh, Sở Nội vụ đề nghị Ủy ban nhân dân xã Tân Hiệp báo cáo kết "
        "quả số hóa tài liệu lĩnh vực kinh tế, đất đai với các nội dung sau:",
        "1. Số lượng hồ sơ, số trang tài liệu giấy đã số hóa trong năm 2026; tỷ lệ so với kế hoạch; chất lượng bản số "
        "hóa.",
        "2. Việc lập hồ sơ điện tử; tỷ lệ văn bản đi có đủ chữ ký số của người có thẩm quyền và chữ ký số của cơ quan.",
        "3. Khó khăn, vướng mắc và đề xuất, kiến nghị (nếu có).",
        "Báo cáo gửi về Sở Nội vụ qua Trục liên thông văn bản quốc gia trước ngày 30 tháng 11 năm 2026 để tổng hợp, "
        "báo cáo Ủy ban nhân dân tỉnh.",
        "Đề nghị Ủy ban nhân dân xã Tân Hiệp quan tâm, phối hợp thực hiện./.",
    ),
    authority=("GIÁM ĐỐC",),
    name="Giám đốc Sở Nội vụ",
    recipients=("Như trên;", "UBND tỉnh (để báo cáo);", "Giám đốc, các Phó Giám đốc Sở;", "Lưu: VT, VTLT."),
)

PAPER_LETTER = Letter(
    parent=None,
    agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN BÌNH"),
    number=" 487", symbol="/UBND-KT",
    place="Tân Bình", day=" 09 ", month=" 11 ", year="2026",
    subject="phối hợp nạo vét tuyến kênh giáp ranh hai xã",
    addressee="Ủy ban nhân dân xã Tân Hiệp.",
    body=(
        "Tuyến kênh giáp ranh giữa xã Tân Bình và xã Tân Hiệp dài 2,4 km hiện bị bồi lắng, ảnh hưởng đến việc tưới, "
        "tiêu của khoảng 310 ha đất sản xuất của Nhân dân hai xã. Để bảo đảm nguồn nước cho vụ Đông Xuân 2026 - 2027, "
        "Ủy ban nhân dân xã Tân Bình đề nghị Ủy ban nhân dân xã Tân Hiệp phối hợp thực hiện các nội dung sau:",
        "1. Cử công chức Phòng Kinh tế tham gia khảo sát hiện trạng tuyến kênh trong tháng 12 năm 2026.",
        "2. Thống nhất phương án nạo vét, khối lượng và phần kinh phí của mỗi xã.",
        "3. Thông báo cho các hộ dân có đất dọc tuyến kênh để cùng phối hợp.",
        "Đề nghị Ủy ban nhân dân xã Tân Hiệp có ý kiến bằng văn bản trước ngày 10 tháng 12 năm 2026. Mọi vướng mắc "
        "xin trao đổi với Phòng Kinh tế xã Tân Bình để cùng giải quyết.",
        "Rất mong nhận được sự phối hợp của Ủy ban nhân dân xã Tân Hiệp./.",
    ),
    authority=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    name="Chủ tịch UBND xã Tân Bình",
    recipients=("Như trên;", "Chủ tịch, Phó Chủ tịch UBND xã;", "Lưu: VT, KT."),
    signature="signature-neighbour.png",
    seal="seal-tan-binh.png",
)

ALL = {"draft-answer": DRAFT_ANSWER, "incoming-request": INCOMING_REQUEST, "paper-letter": PAPER_LETTER}


def main() -> None:
    LETTERS.mkdir(parents=True, exist_ok=True)
    for name, letter in ALL.items():
        write(letter, LETTERS / f"{name}.docx")


def write(letter: Letter, target: Path) -> None:
    document = blank_page()
    head(document, letter)
    line = paragraph(document, f"Kính gửi: {letter.addressee}", 14, align=CENTRE)
    spaced(line, before=20, after=12)
    for text in letter.body:
        body = paragraph(document, text, 14, align=JUSTIFIED)
        body.paragraph_format.first_line_indent = Mm(12.7)
        body.paragraph_format.line_spacing = 1.1
        spaced(body, after=6)
    foot(document, letter)
    document.core_properties.title = f"V/v {letter.subject}"
    document.save(str(target))
    fix_dates(target)


# The page and its header


def blank_page() -> DocxDocument:
    """A4 with the margins of Annex I; page number centred in the top margin, hidden on page 1 (size 14)."""
    document = Document()
    own = document.core_properties
    own.author, own.comments, own.created, own.modified, own.last_modified_by = "", "", MADE, MADE, ""
    style = document.styles["Normal"]
    style.font.name, style.font.size = FACE, Pt(14)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FACE)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    style.element.rPr.append(language)
    style.paragraph_format.space_after = Pt(0)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = CENTRE
    number._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>2</w:t></w:r></w:fldSimple>'))
    return document


def head(document: DocxDocument, letter: Letter) -> None:
    """Boxes 1 to 5b: agency at the left, State name at the right, number and date level with each other under them."""
    table = columns(document, LEFT_MM, RIGHT_MM)
    left, right = table.rows[0].cells
    if letter.parent:
        put(left, letter.parent, 13, align=CENTRE)
    for text in letter.agency:
        put(left, text, 13, bold=True, align=CENTRE)
    rule(left, LEFT_MM, width_mm(letter.agency[-1], 13) * 0.45)
    put(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, bold=True, align=CENTRE)
    motto = "Độc lập - Tự do - Hạnh phúc"
    put(right, motto, 14, bold=True, align=CENTRE)
    rule(right, RIGHT_MM, width_mm(motto, 14))

    left, right = table.add_row().cells
    spaced(put(left, "Số:", 13, letter.number, letter.symbol, align=CENTRE), before=6)
    subject = put(left, f"V/v {letter.subject}", 12, align=CENTRE)
    subject.paragraph_format.left_indent = subject.paragraph_format.right_indent = Mm(2.5)
    spaced(subject, before=6)
    date = (letter.day, "tháng", letter.month, "năm ", letter.year)
    spaced(put(right, f"{letter.place}, ngày", 14, *date, italic=True, align=CENTRE), before=6)


def foot(document: DocxDocument, letter: Letter) -> None:
    """Boxes 9b at the left and 7 at the right; kept on one page."""
    table = columns(document, 75, 90)
    left, right = table.rows[0].cells
    spaced(put(left, "Nơi nhận:", 12, bold=True, italic=True), before=6)
    for text in letter.recipients:
        put(left, f"- {text}", 11)
    last = None
    for index, text in enumerate(letter.authority):
        last = put(right, text, 14, bold=True, align=CENTRE)
        last.paragraph_format.keep_with_next = True
        spaced(last, before=6 if index == 0 else 0)
    spaced(put(right, letter.name, 14, bold=True, align=CENTRE), before=SIGNING_ROOM_MM / 25.4 * 72)
    if last is not None and letter.signature and letter.seal:
        signed(last, letter.signature, letter.seal)


def signed(above: Paragraph, signature: str, seal: str) -> None:
    """Signature centred under the authority line; the seal over its left third (NĐ 30, art. 33)."""
    column_mm, wide, tall, across = 90.0, 46.0, 22.0, 36.0
    left = (column_mm - wide) / 2
    float_picture(above, PICTURES / signature, left, 9.0, wide, tall, order=1)
    float_picture(above, PICTURES / seal, left + wide / 3 - across, 2.5, across, across, order=2)


# Small parts


def columns(document: DocxDocument, *widths_mm: float) -> Table:
    """A table without lines whose columns keep their widths and whose cells have no inner margin."""
    table = document.add_table(rows=1, cols=len(widths_mm))
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    table._tbl.tblPr.append(parse_xml(
        f'<w:tblCellMar {nsdecls("w")}><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    ))
    for column, width in zip(table.columns, widths_mm, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def put(cell: _Cell, first: str, size: float, *more: str, bold: bool = False, italic: bool = False,
        align: WD_ALIGN_PARAGRAPH | None = None) -> Paragraph:
    """A paragraph in a cell; each text is a run of its own, so that a blank can be found and filled."""
    line = cell.paragraphs[0] if is_empty(cell) else cell.add_paragraph()
    line.alignment = align
    for text in (first, *more):
        run = line.add_run(text)
        run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return line


def is_empty(cell: _Cell) -> bool:
    return len(cell.paragraphs) == 1 and not cell.paragraphs[0].runs


def paragraph(document: DocxDocument, text: str, size: float, *, align: WD_ALIGN_PARAGRAPH) -> Paragraph:
    line = document.add_paragraph()
    line.alignment = align
    line.add_run(text).font.size = Pt(size)
    return line


def spaced(line: Paragraph, *, before: float = 0, after: float = 0) -> None:
    line.paragraph_format.space_before, line.paragraph_format.space_after = Pt(before), Pt(after)


def rule(cell: _Cell, column_mm: float, long_mm: float) -> None:
    """A thin solid line `long_mm` long, centred in the column: the upper border of an empty, 3-point-high paragraph."""
    line = cell.add_paragraph()
    form = line.paragraph_format
    form.left_indent = form.right_indent = Mm((column_mm - long_mm) / 2)
    form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
    form.space_before = Pt(2)
    line._p.get_or_add_pPr().append(parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="0" w:color="000000"/></w:pBdr>'
    ))


def width_mm(text: str, size: float) -> float:
    """How long a bold line is, measured in the metric twin of Times New Roman."""
    return ImageFont.truetype(str(FONTS / "LiberationSerif-Bold.ttf"), 1000).getlength(text) / 1000 * size / 72 * 25.4


def float_picture(line: Paragraph, picture: Path, x_mm: float, y_mm: float, wide_mm: float, tall_mm: float, *,
                  order: int) -> None:
    """A picture over the text, placed from the column's left edge and the paragraph's top."""
    inline = line.add_run().add_picture(str(picture), Mm(wide_mm), Mm(tall_mm))._inline
    anchor = parse_xml(
        f'<wp:anchor {nsdecls("wp", "a", "pic", "r")} distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{order}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="column"><wp:posOffset>{int(Mm(x_mm))}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{int(Mm(y_mm))}</wp:posOffset></wp:positionV>'
        f'<wp:extent cx="{int(Mm(wide_mm))}" cy="{int(Mm(tall_mm))}"/><wp:wrapNone/></wp:anchor>'
    )
    for part in list(inline):
        if part.tag != qn("wp:extent"):
            anchor.append(part)
    inline.getparent().replace(inline, anchor)


def fix_dates(target: Path) -> None:
    """Give every part of the .docx the same date, so that the same letter is the same file."""
    with zipfile.ZipFile(target) as packed:
        parts = [(name, packed.read(name)) for name in packed.namelist()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)


if __name__ == "__main__":
    main()
