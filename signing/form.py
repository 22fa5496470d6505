"""The form fields of an office document: their names, where they are, and how number and date are written into them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.pdf_utils.writer import BasePdfFileWriter

from signing.drawing import Drawing
from signing.fonts import FontStyle
from signing.look import Block, Look
from signing.page import Box, PageFrame, frame_of
from signing.pdf import elements, entry, pages_of, references

NUMBER = "DocNumber"
DAY = "IssuedDay"
MONTH = "IssuedMonth"
YEAR = "IssuedYear"
ISSUED_DATE = "IssuedDate"
LEADER = "LeaderSignature"
AGENCY = "AgencySeal"

TEXT_FIELDS = (NUMBER, DAY, MONTH, YEAR, ISSUED_DATE)

SPOKEN = {
    NUMBER: "Số văn bản, văn thư điền khi cấp số",
    DAY: "Ngày ban hành, văn thư điền khi cấp số",
    MONTH: "Tháng ban hành, văn thư điền khi cấp số",
    YEAR: "Năm ban hành, văn thư điền khi cấp số",
    ISSUED_DATE: "Ngày, tháng, năm ban hành, văn thư điền khi cấp số",
    LEADER: "Chữ ký số của người có thẩm quyền",
    AGENCY: "Chữ ký số của cơ quan, tổ chức (con dấu)",
}
"""What a screen reader says for each field (/TU)."""



def spoken(name: str) -> str:
    """What a screen reader says for the field `name`; co-signers' fields are counted."""
    number = name.removeprefix(LEADER)
    return SPOKEN[name] if name in SPOKEN else f"{SPOKEN[LEADER]} thứ {number}"


FONT_NAMES = {FontStyle.REGULAR: "DocSerif", FontStyle.ITALIC: "DocSerifItalic"}


@dataclass(frozen=True)
class FieldOnPage:
    """A form field and its first widget. box: as shown; page: counted from 1; frame: of that page."""

    name: str
    kind: str
    filled: bool
    page: int
    box: Box
    frame: PageFrame
    field: Any
    widget: Any
    widget_ref: Any


def fields_of(handler: PdfHandler) -> dict[str, FieldOnPage]:
    """Every form field that a page shows, by full name. Invisible ones are on page 1 with an empty box."""
    found: dict[str, FieldOnPage] = {}
    for number, page in enumerate(pages_of(handler.root), start=1):
        frame = frame_of(page)
        annotations = entry(page, "/Annots")
        for reference, widget in zip(references(annotations), elements(annotations), strict=True):
            if entry(widget, "/Subtype") != "/Widget":
                continue
            name, kind, value, field = _named(widget)
            if name and name not in found:
                box = frame.from_user([float(n) for n in widget["/Rect"]])
                found[name] = FieldOnPage(name, kind, value is not None, number, box, frame, field, widget, reference)
    return found


def issued_values(number: str, issued: date) -> dict[str, str]:
    """What goes into each field: a day below 10 and the months 1 and 2 carry a leading zero (NĐ 30/2020 Annex I)."""
    month = f"{issued.month:02d}" if issued.month <= 2 else str(issued.month)
    day, year = f"{issued.day:02d}", str(issued.year)
    return {NUMBER: number, DAY: day, MONTH: month, YEAR: year,
            ISSUED_DATE: f"ngày {day} tháng {month} năm {year}"}


def fill_text(writer: BasePdfFileWriter, field: FieldOnPage, text: str) -> None:
    """Write `text` into a text field, value and appearance, in the font and size of its default appearance."""
    style, size = _default_appearance(field.field, field.widget)
    size *= field.frame.user_unit
    field.field[pdf_name("/V")] = generic.TextStringObject(text)
    drawing = TextInField(writer, text, style, size, field)
    field.widget[pdf_name("/AP")] = drawing.as_appearances().as_pdf_object()
    writer.update_container(field.field)
    writer.update_container(field.widget)


class TextInField(Drawing):
    """One line in a text field, its baseline where a reader would put it when it draws the field anew."""

    def __init__(self, writer: BasePdfFileWriter, text: str, style: FontStyle, size: float, field: FieldOnPage) -> None:
        look = Look(blocks=(Block((text,), size=size, style=style),) if text else ())
        super().__init__(writer, look, width=field.box.width, height=field.box.height, rotation=field.frame.rotation)
        self.opaque = "/BG" in entry(field.widget, "/MK", {})

    def render(self) -> bytes:
        ground = b"q 1 g 0 0 %.3f %.3f re f Q " % (self.width, self.height) if self.opaque else b""
        return ground + b"/Tx BMC " + super().render() + b" EMC"


def _default_appearance(field: Any, widget: Any) -> tuple[FontStyle, float]:
    tokens = str(entry(widget, "/DA", entry(field, "/DA", ""))).split()
    style, size = FontStyle.REGULAR, 13.0
    for index, token in enumerate(tokens):
        if token == "Tf" and index >= 2:
            style = FontStyle.ITALIC if "Italic" in tokens[index - 2] else FontStyle.REGULAR
            try:
                size = float(tokens[index - 1]) or 13.0
            except ValueError:
                size = 13.0
    return style, size


def _named(widget: Any) -> tuple[str, str, Any, Any]:
    """Full name, field type, value and the dictionary that holds the value, of the field a widget belongs to."""
    names: list[str] = []
    kind, value, field, node = "", None, widget, widget
    for _ in range(50):
        if "/T" in node:
            if not names:
                field = node
            names.append(str(node["/T"]))
        kind = kind or str(entry(node, "/FT", ""))
        value = entry(node, "/V") if value is None else value
        if "/Parent" not in node:
            break
        node = node["/Parent"]
    return ".".join(reversed(names)), kind, value, field
