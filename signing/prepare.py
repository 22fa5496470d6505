"""Empty form fields put on the page before the first signature: number, date, leader's signature, agency's seal.

The leader's signature then permits form filling and further signatures (DocMDP 2); the clerk fills the fields and seals
in one revision, and every reader still shows the leader's signature as valid.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, SigFieldSpec, append_signature_field, enumerate_sig_fields

from signing.errors import NotAllowed
from signing.files import reading, replacing
from signing.fonts import FontStyle, field_font
from signing.form import AGENCY, FONT_NAMES, TEXT_FIELDS, fields_of, spoken
from signing.page import PageFrame, Place, frame_of
from signing.pdf import PARSER_ERRORS, open_writer
from signing.places import SEAL_DIAMETER_MM, Places, TextPlace, propose_places, seal_box
from signing.sign_troubles import PlaceOutside
from signing.tagging import tag_widget

__all__ = ["SEAL_DIAMETER_MM", "AlreadySigned", "Places", "Prepared", "TextPlace", "prepare", "propose_places",
           "seal_box"]


class AlreadySigned(NotAllowed):
    """Fields go in before the first signature. facts: file."""

    code = "prepare.already_signed"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The file with its fields. fields: names in the order they were put in."""

    source: Path
    target: Path
    fields: tuple[str, ...]
    places: Places


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
            pdf_name("/TU"): generic.TextStringObject(spoken(name)),
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
        tag_widget(writer, page, reference, spoken(name))
    writer.update_container(fields)
    return list(wanted)


def _add_signature_fields(writer: IncrementalPdfFileWriter, places: Places, existing: Collection[str]) -> list[str]:
    added = []
    for name, place in places.signature_places().items():
        if name in existing:
            continue
        page, frame = _page_of(writer, place)
        # once the agency has sealed, number and date stand still (FieldMDP)
        lock = FieldMDPSpec(FieldMDPAction.INCLUDE, list(TEXT_FIELDS)) if name == AGENCY else None
        append_signature_field(writer, SigFieldSpec(
            name, on_page=place.page - 1, box=frame.to_user(place.box),   # type: ignore[arg-type]
            field_mdp_spec=lock, readable_field_name=spoken(name)))
        tag_widget(writer, page, fields_of(writer)[name].widget_ref, spoken(name))
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
