"""Empty form fields put on the page before the first signature: number, date, leader's signature, agency's seal.

The leader's signature then permits form filling and further signatures (DocMDP 2); the clerk fills the fields and seals
in one revision, and every reader still shows the leader's signature as valid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, append_signature_field, enumerate_sig_fields

from signing.errors import NotAllowed
from signing.files import reading, replacing
from signing.fonts import ASCENT, DESCENT, FontStyle, field_font
from signing.form import (
    AGENCY,
    DAY,
    FONT_NAMES,
    ISSUED_DATE,
    LEADER,
    MONTH,
    NUMBER,
    SPOKEN,
    TEXT_FIELDS,
    YEAR,
    fields_of,
)
from signing.layout import Gap, Layout, read_layout
from signing.page import MM, Box, PageFrame, PageText, Place, frame_of, read_pages
from signing.pdf import PARSER_ERRORS, open_writer
from signing.sign_troubles import PlaceOutside

SEAL_DIAMETER_MM = 36.0
"""The decree says "real size" and gives no number; each agency sets its own measured diameter."""

SIGNATURE_WIDTH_MM, SIGNATURE_HEIGHT_MM = 50.0, 20.0
"""The personal signature's box at most: what a handwritten signature takes between title and name."""

TEXT_SIZE = 13.0


class AlreadySigned(NotAllowed):
    """Fields go in before the first signature. facts: file."""

    code = "prepare.already_signed"


@dataclass(frozen=True, slots=True)
class TextPlace(Place):
    """Where a text field goes, and how its text must look to sit on the line around it. size: points."""

    size: float = TEXT_SIZE
    italic: bool = False
    cover: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where each field goes; None leaves it out. notes: codes of what was not found and had to be guessed."""

    leader: Place | None
    agency: Place | None
    number: TextPlace | None = None
    day: TextPlace | None = None
    month: TextPlace | None = None
    year: TextPlace | None = None
    issued_date: TextPlace | None = None
    notes: tuple[str, ...] = ()

    def text_places(self) -> dict[str, TextPlace]:
        every = {NUMBER: self.number, DAY: self.day, MONTH: self.month, YEAR: self.year, ISSUED_DATE: self.issued_date}
        return {name: place for name, place in every.items() if place is not None}

    def signature_places(self) -> dict[str, Place]:
        return {name: place for name, place in ((LEADER, self.leader), (AGENCY, self.agency)) if place is not None}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The file with its fields. fields: names in the order they were put in."""

    source: Path
    target: Path
    fields: tuple[str, ...]
    places: Places


def propose_places(pdf: Path, *, seal_diameter_mm: float = SEAL_DIAMETER_MM) -> Places:
    """Where number, date, signature and seal belong on this document, from its text layer (an OCR layer counts).

    What is not found is put where Annex I draws it and marked `certain=False`, with a note.
    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted.
    """
    pages = read_pages(pdf)
    layout = read_layout(pages)
    notes: list[str] = []
    first = pages[0]

    number = _in_gap(layout.number, italic=False)
    if layout.number is None:
        notes.append("number_line_not_found")
        number = TextPlace(1, _from_fractions(first, 0.06, 0.055, 0.12, 0.02), certain=False)
    elif layout.number.filled:
        number = None
        notes.append("number_already_there")

    day, month, year, issued = _date_places(layout, first, notes)
    leader, agency = _signature_places(layout, pages, seal_diameter_mm, notes)
    return Places(leader, agency, number, day, month, year, issued, tuple(notes))


def prepare(source: Path, target: Path, places: Places) -> Prepared:
    """Put the fields in, as an incremental update, and write the result to `target`.

    Raises: AlreadySigned, PlaceOutside, FileNotReadable, NotAPdf, Damaged, Encrypted, UsesXfa, FolderNotWritable,
        DiskFull.
    """
    name = str(source)
    with reading(source) as stream:
        writer = open_writer(stream, name)
        if any(True for _ in enumerate_sig_fields(writer.prev, filled_status=True)):
            raise AlreadySigned(file=name)
        existing = fields_of(writer.prev)
        added = _add_text_fields(writer, places, existing.keys())
        added += _add_signature_fields(writer, places, existing.keys())
        with replacing(target, source=source) as part:
            writer.write(part)
    return Prepared(source, target, tuple(added), places)


def _in_gap(gap: Gap | None, *, italic: bool) -> TextPlace | None:
    """A field on the line, as high as its type, with a hair's breadth left on both sides."""
    if gap is None or gap.filled:
        return None
    size = round(gap.size * 2) / 2
    hair = min(1.0, gap.box.width / 8)
    box = Box(gap.box.x0 + hair, gap.baseline - DESCENT * size, gap.box.x1 - hair, gap.baseline + ASCENT * size)
    if box.width < size * 0.9:
        # the drafter left no blank: take what two digits need, over the line's own spaces
        need = size * 1.05 - box.width
        box = replace(box, x0=box.x0 - need / 2, x1=box.x1 + need / 2)
    return TextPlace(gap.page, box, size=size, italic=italic, cover=gap.dotted)


def _date_places(layout: Layout, first: PageText, notes: list[str]) -> tuple[
        TextPlace | None, TextPlace | None, TextPlace | None, TextPlace | None]:
    if layout.date_line is None:
        notes.append("date_line_not_found")
        box = _from_fractions(first, 0.53, 0.055, 0.45, 0.02)
        return None, None, None, TextPlace(1, box, certain=False, italic=True)
    day, month, year = (_in_gap(gap, italic=True) for gap in (layout.day, layout.month, layout.year))
    if day is None and month is None and year is None:
        notes.append("date_already_there")
    return day, month, year, None


def _signature_places(layout: Layout, pages: list[PageText], diameter_mm: float,
                      notes: list[str]) -> tuple[Place, Place]:
    """Box 7c between title and name, and the seal (box 8) over its left third."""
    block = layout.signer
    if block is None:
        notes.append("signer_lines_not_found")
        page = pages[layout.recipients[0] - 1] if layout.recipients else pages[-1]
        middle = _free_middle(page)
        page_number, certain = page.number, False
        width, height = SIGNATURE_WIDTH_MM * MM, SIGNATURE_HEIGHT_MM * MM
    else:
        page = pages[block.page - 1]
        page_number, certain = block.page, True
        room = block.authority.y0 - block.name.y1
        height = max(min(SIGNATURE_HEIGHT_MM * MM, room - 2), 16.0)
        width = min(SIGNATURE_WIDTH_MM * MM, height * 2.5)
        middle = ((block.authority.middle[0] + block.name.middle[0]) / 2, (block.authority.y0 + block.name.y1) / 2)
    signature = Box.centred(middle, width, height)
    signature = _inside(signature, page.frame)
    return (Place(page_number, signature, certain),
            Place(page_number, seal_box(signature, page.frame, diameter_mm), certain))


def seal_box(signature: Box, frame: PageFrame, diameter_mm: float) -> Box:
    """The seal's circle in its real size, its right edge a third into the signature (NĐ 30/2020 Annex I)."""
    diameter = diameter_mm * MM
    centre = signature.x0 + signature.width / 3 - diameter / 2, signature.middle[1]
    return _inside(Box.centred(centre, diameter, diameter), frame)


def _free_middle(page: PageText) -> tuple[float, float]:
    """The middle of a signature at the right, below the last line when there is room, as Annex I draws it otherwise."""
    lowest = min((row.box.y0 for row in page.rows), default=page.frame.height)
    y = lowest - 45 if lowest > 130 else page.frame.height * 0.18
    return page.frame.width * 0.72, y


def _from_fractions(page: PageText, x: float, y: float, width: float, height: float) -> Box:
    """A box given in parts of the text area (margins 30, 20, 20, 20 mm), y downward from the top."""
    left, right, top, bottom = 30 * MM, 18 * MM, 20 * MM, 20 * MM
    wide, high = page.frame.width - left - right, page.frame.height - top - bottom
    upper = page.frame.height - top - y * high
    return Box(left + x * wide, upper - height * high, left + (x + width) * wide, upper)


def _inside(box: Box, frame: PageFrame) -> Box:
    dx = max(-box.x0, 0) + min(frame.width - box.x1, 0)
    dy = max(-box.y0, 0) + min(frame.height - box.y1, 0)
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def _page_of(writer: IncrementalPdfFileWriter, place: Place) -> tuple[generic.IndirectObject, PageFrame]:
    if place.page < 1:
        raise PlaceOutside(page=place.page)
    try:
        reference = writer.find_page_for_modification(place.page - 1)[0]
    except PARSER_ERRORS as error:
        raise PlaceOutside(page=place.page) from error
    frame = frame_of(reference.get_object())
    if not frame.contains(place.box):
        raise PlaceOutside(page=place.page)
    return reference, frame


def _add_text_fields(writer: IncrementalPdfFileWriter, places: Places, existing: Collection[str]) -> list[str]:
    wanted = {name: place for name, place in places.text_places().items() if name not in existing}
    if not wanted:
        return []
    form = _form(writer)
    fonts = _form_fonts(writer, form, {FontStyle.ITALIC if p.italic else FontStyle.REGULAR for p in wanted.values()})
    fields = form["/Fields"]
    for name, place in wanted.items():
        page, frame = _page_of(writer, place)
        font = fonts[FontStyle.ITALIC if place.italic else FontStyle.REGULAR]
        characteristics = generic.DictionaryObject()
        if frame.rotation:
            characteristics[pdf_name("/R")] = generic.NumberObject(frame.rotation)
        if place.cover:
            characteristics[pdf_name("/BG")] = generic.ArrayObject([generic.FloatObject(1)] * 3)
        widget = generic.DictionaryObject({
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/FT"): pdf_name("/Tx"),
            pdf_name("/T"): generic.pdf_string(name),
            pdf_name("/TU"): generic.TextStringObject(SPOKEN[name]),
            pdf_name("/F"): generic.NumberObject(4),   # print
            pdf_name("/Q"): generic.NumberObject(1),   # centred
            pdf_name("/DA"): generic.pdf_string(f"/{font} {place.size / frame.user_unit:g} Tf 0 g"),
            pdf_name("/MK"): characteristics,
            pdf_name("/Rect"): _numbers(frame.to_user(place.box)),
            pdf_name("/P"): page,
        })
        reference = writer.add_object(widget)
        empty = generic.StreamObject({
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): _numbers((0, 0, place.box.width, place.box.height)),
            pdf_name("/Resources"): generic.DictionaryObject(),
        }, stream_data=b"/Tx BMC EMC")
        widget[pdf_name("/AP")] = generic.DictionaryObject({pdf_name("/N"): writer.add_object(empty)})
        fields.append(reference)
        writer.register_annotation(page, reference)
    writer.update_container(fields)
    return list(wanted)


def _add_signature_fields(writer: IncrementalPdfFileWriter, places: Places, existing: Collection[str]) -> list[str]:
    added = []
    for name, place in places.signature_places().items():
        if name in existing:
            continue
        _, frame = _page_of(writer, place)
        # once the agency has sealed, number and date stand still (FieldMDP)
        lock = FieldMDPSpec(FieldMDPAction.INCLUDE, list(TEXT_FIELDS)) if name == AGENCY else None
        append_signature_field(writer, SigFieldSpec(
            name, on_page=place.page - 1, box=frame.to_user(place.box),   # type: ignore[arg-type]
            field_mdp_spec=lock, readable_field_name=SPOKEN[name]))
        added.append(name)
    return added


def _numbers(values: Iterable[float]) -> generic.ArrayObject:
    return generic.ArrayObject([generic.FloatObject(round(n, 3)) for n in values])


def _form(writer: IncrementalPdfFileWriter) -> generic.DictionaryObject:
    root = writer.root
    if "/AcroForm" not in root:
        root[pdf_name("/AcroForm")] = writer.add_object(generic.DictionaryObject({
            pdf_name("/Fields"): generic.ArrayObject()}))
        writer.update_root()
    form = root["/AcroForm"]
    assert isinstance(form, generic.DictionaryObject)
    if "/Fields" not in form:
        form[pdf_name("/Fields")] = generic.ArrayObject()
    writer.update_container(form)
    return form


def _form_fonts(writer: IncrementalPdfFileWriter, form: generic.DictionaryObject, styles: set[FontStyle]) -> dict[
        FontStyle, str]:
    """Put the fonts into the form's own resources, where readers look when they draw a field anew."""
    if "/DR" not in form:
        form[pdf_name("/DR")] = generic.DictionaryObject()
    resources = form["/DR"]
    if "/Font" not in resources:
        resources[pdf_name("/Font")] = generic.DictionaryObject()
    fonts = resources["/Font"]
    for style in styles:
        fonts[pdf_name(f"/{FONT_NAMES[style]}")] = field_font(writer, style)
    form.setdefault(pdf_name("/DA"), generic.pdf_string(f"/{FONT_NAMES[FontStyle.REGULAR]} 13 Tf 0 g"))
    writer.update_container(fonts)
    writer.update_container(resources)
    return {style: FONT_NAMES[style] for style in styles}
