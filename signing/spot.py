"""Where on which page a signature goes: a prepared field, a given box, or the role's own place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec

from signing import appearance
from signing.form import AGENCY, LEADER, SPOKEN, FieldOnPage, fields_of, spoken
from signing.look import Look
from signing.order import Role
from signing.page import MM, Box, PageFrame, Place, frame_of
from signing.pdf import PARSER_ERRORS, entry, references
from signing.places import propose_places, seal_box
from signing.request import SigningRequest
from signing.sign_troubles import FieldFilled, FieldMissing, PlaceOutside, TextMissing

NOTE_WIDTH_MM, NOTE_HEIGHT_MM, NOTE_MARGIN_MM = 115.0, 9.0, 8.0
"""The text of copies and annexes: top right, in the margin (box 14)."""

FIELD_STEM = {Role.PERSONAL: LEADER, Role.AGENCY: AGENCY, Role.COPY: "CopySignature", Role.ANNEX: "AnnexSignature",
              Role.PLAIN: "Signature"}

SPOKEN_ROLE = {
    Role.PERSONAL: SPOKEN[LEADER], Role.AGENCY: SPOKEN[AGENCY],
    Role.COPY: "Chữ ký số của cơ quan, tổ chức trên bản sao", Role.ANNEX: "Chữ ký số của cơ quan, tổ chức trên phụ lục",
    Role.PLAIN: "Chữ ký số",
}


@dataclass(frozen=True)
class Spot:
    """The signature field to fill. box, page: None when it shows nothing. new_field: when it must be made first.

    certain: False when the place is a guess.
    """

    file: Path
    field: str
    page: int | None
    box: Box | None
    rotation: int = 0
    new_field: SigFieldSpec | None = None
    notes: tuple[str, ...] = ()
    certain: bool = True


def choose_spot(writer: IncrementalPdfFileWriter, source: Path, request: SigningRequest) -> Spot:
    """The field for this signature.

    Raises: FieldMissing (a name that is not there, and no place to make it), FieldFilled, PlaceOutside.
    """
    role, field, place = request.role, request.field, request.place
    present = {name: one for name, one in fields_of(writer.prev).items() if one.kind == "/Sig"}
    if field is not None and field in present:
        return _existing(source, present[field])
    if field is not None and place is None:
        empty = [name for name, one in present.items() if not one.filled]
        raise FieldMissing(field=field, fields=", ".join(empty))
    free_name = _free_name(FIELD_STEM[role], present)
    prepared = [one for name, one in sorted(present.items()) if not one.filled and _stem(name) == FIELD_STEM[role]]
    if place is not None and field is None and prepared and not any(one.filled for one in present.values()):
        return _moved(writer, source, prepared[0], place, request)
    if place is not None:
        return _new(writer, source, field or free_name, place, role)
    if prepared:
        return _existing(source, prepared[0])
    if role is Role.PLAIN:
        empty_ones = [one for name, one in present.items() if not one.filled and _stem(name) not in {LEADER, AGENCY}]
        return _existing(source, empty_ones[0]) if len(empty_ones) == 1 else _invisible(source, free_name)
    if role in {Role.COPY, Role.ANNEX}:
        return _new(writer, source, free_name, note_place(_frame(writer, 1)), role)
    found = _usual_place(writer, source, request, present)
    return _new(writer, source, free_name, found, role, () if found.certain else ("signer_lines_not_found",))


def _usual_place(writer: IncrementalPdfFileWriter, source: Path, request: SigningRequest,
                 present: Mapping[str, FieldOnPage]) -> Place:
    """The next signer's place; the seal's beside the personal signature that is there, else where it will be."""
    leaders_fields = [one for name, one in sorted(present.items()) if _stem(name) == LEADER]
    signed = [one for one in leaders_fields if one.filled and one.box.width > 1]
    if request.role is Role.AGENCY and signed:
        box = seal_box(signed[0].box, _frame(writer, signed[0].page), request.seal_diameter_mm)
        return Place(signed[0].page, box)
    places = propose_places(source, seal_diameter_mm=request.seal_diameter_mm)
    leaders = [place for place in (places.leader, *places.further_leaders) if place is not None]
    found = places.agency if request.role is Role.AGENCY else leaders[min(len(signed), len(leaders) - 1)]
    assert found is not None
    return found


def seal_place(spot: Spot, frame: PageFrame, diameter_mm: float) -> Place:
    """Where the seal will go beside a personal signature at `spot`: over its left third."""
    assert spot.box is not None and spot.page is not None
    return Place(spot.page, seal_box(spot.box, frame, diameter_mm))


def note_place(frame: PageFrame) -> Place:
    """Top right of page 1; narrower on a page that is too narrow for it (a receipt, a slip)."""
    width = min(NOTE_WIDTH_MM, frame.width / MM - 2 * NOTE_MARGIN_MM)
    return Place(1, frame.from_mm(frame.width / MM - NOTE_MARGIN_MM - width, NOTE_MARGIN_MM, width, NOTE_HEIGHT_MM))


def look_of(spot: Spot, request: SigningRequest, *, signer: str, moment: datetime) -> Look:
    """What is drawn there (NĐ 30/2020 Annex I), or by the request's template.

    signer: the certificate's name. Raises TextMissing, ImageNotUsable, FileNotReadable.
    """
    role, agency = request.role, request.agency
    if request.template is not None and spot.box is not None:
        return request.template.look(_blanks(request, signer, moment), request.image, spot.box)
    if role is Role.COPY:
        return appearance.of_copy(agency or signer, moment, form=request.copy_form)
    if role is Role.ANNEX:
        if not request.number_and_symbol:
            raise TextMissing(role=role.value, what="number_and_symbol")
        return appearance.of_annex(request.number_and_symbol, moment)
    if spot.box is None:
        return Look()
    if request.image is not None:
        return appearance.of_picture(request.image, width=spot.box.width, height=spot.box.height)
    if role is Role.AGENCY:
        return appearance.of_agency(agency or signer, moment)
    return appearance.of_person(signer, moment)


def _blanks(request: SigningRequest, signer: str, moment: datetime) -> dict[str, str]:
    """What a template's blanks are filled with; what the request gives by name goes before the rest."""
    return {"name": appearance.without_identifiers(signer), "position": request.position or "",
            "agency": appearance.without_identifiers(request.agency or ""), "date": appearance.day_of(moment),
            "time": appearance.time_of(moment), "reason": request.reason or "", "form": request.copy_form,
            "number": request.number_and_symbol or "", **dict(request.blanks)}


def _existing(source: Path, field: FieldOnPage) -> Spot:
    if field.filled:
        raise FieldFilled(file=str(source), field=field.name)
    if field.box.width < 1 or field.box.height < 1:
        return Spot(source, field.name, None, None)
    return Spot(source, field.name, field.page, field.box, field.frame.rotation)


def _new(writer: IncrementalPdfFileWriter, source: Path, name: str, place: Place, role: Role,
         notes: tuple[str, ...] = ()) -> Spot:
    frame = _frame(writer, place.page)
    box = place.box
    if not frame.contains(box) or box.width < 1 or box.height < 1:
        raise PlaceOutside(page=place.page)
    new = SigFieldSpec(name, on_page=place.page - 1, box=frame.to_user(box),   # type: ignore[arg-type]
                       readable_field_name=spoken(name) if _stem(name) == LEADER else SPOKEN_ROLE[role])
    return Spot(source, name, place.page, box, frame.rotation, new, notes, place.certain)


def _moved(writer: IncrementalPdfFileWriter, source: Path, field: FieldOnPage, place: Place,
           request: SigningRequest) -> Spot:
    """A prepared field put elsewhere, which is nobody's harm while nothing is signed; no empty one is left behind. The
    seal's field goes with the first signer's, over whose left third it lies."""
    frame = _frame(writer, place.page)
    if not frame.contains(place.box) or place.box.width < 1 or place.box.height < 1:
        raise PlaceOutside(page=place.page)
    present = fields_of(writer)
    move_field(writer, present[field.name], place, frame)
    seal = present.get(AGENCY)
    if field.name == LEADER and seal is not None and not seal.filled:
        diameter = min(seal.box.width, seal.box.height) / MM
        move_field(writer, seal, Place(place.page, seal_box(place.box, frame, diameter)), frame)
    return Spot(source, field.name, place.page, place.box, frame.rotation)


def move_field(writer: IncrementalPdfFileWriter, field: FieldOnPage, place: Place, frame: PageFrame) -> None:
    """Give a field's widget another rectangle, and its page's list of annotations the widget where it changes page."""
    field.widget[pdf_name("/Rect")] = generic.ArrayObject(
        [generic.FloatObject(round(side, 3)) for side in frame.to_user(place.box)])
    writer.update_container(field.widget)
    if place.page == field.page:
        return
    old, new = (writer.find_page_for_modification(page - 1)[0] for page in (field.page, place.page))
    field.widget[pdf_name("/P")] = new
    here = old.get_object()
    here[pdf_name("/Annots")] = generic.ArrayObject(
        [one for one in references(entry(here, "/Annots")) if one != field.widget_ref])
    writer.update_container(here)
    writer.register_annotation(new, field.widget_ref)


def _invisible(source: Path, name: str) -> Spot:
    return Spot(source, name, None, None, 0, SigFieldSpec(name, readable_field_name=SPOKEN_ROLE[Role.PLAIN]))


def _frame(writer: IncrementalPdfFileWriter, page: int) -> PageFrame:
    try:
        if page < 1:
            raise PlaceOutside(page=page)
        return frame_of(writer.find_page_for_modification(page - 1)[0].get_object())
    except PARSER_ERRORS as error:
        raise PlaceOutside(page=page) from error


def _stem(name: str) -> str:
    """The field's name without the number that counts those of one kind."""
    return name.rstrip("0123456789")


def _free_name(stem: str, taken: object) -> str:
    names = set(taken)   # type: ignore[call-overload]
    if stem not in names:
        return stem
    number = 2
    while f"{stem}{number}" in names:
        number += 1
    return f"{stem}{number}"
