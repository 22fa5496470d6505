"""Where on which page a signature goes: a prepared field, a given box, or the role's own place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec

from signing import appearance
from signing.appearance import Look
from signing.form import AGENCY, LEADER, SPOKEN, FieldOnPage, fields_of
from signing.order import Role
from signing.page import MM, Box, PageFrame, Place, frame_of
from signing.pdf import PARSER_ERRORS
from signing.places import SEAL_DIAMETER_MM, propose_places, seal_box
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
    """The signature field to fill. box, page: None when it shows nothing. new_field: when it must be made first."""

    file: Path
    field: str
    page: int | None
    box: Box | None
    rotation: int = 0
    new_field: SigFieldSpec | None = None
    notes: tuple[str, ...] = ()


def choose_spot(writer: IncrementalPdfFileWriter, source: Path, role: Role, *, field: str | None,
                place: Place | None) -> Spot:
    """The field for this signature.

    Raises: FieldMissing (a name that is not there, and no place to make it), FieldFilled, PlaceOutside.
    """
    present = {name: one for name, one in fields_of(writer.prev).items() if one.kind == "/Sig"}
    if field is not None and field in present:
        return _existing(source, present[field])
    if field is not None and place is None:
        empty = [name for name, one in present.items() if not one.filled]
        raise FieldMissing(field=field, fields=", ".join(empty))
    if place is not None:
        return _new(writer, source, field or _free_name(FIELD_STEM[role], present), place, role)
    prepared = present.get(FIELD_STEM[role])
    if prepared is not None and not prepared.filled:
        return _existing(source, prepared)
    empty_ones = [one for name, one in present.items() if not one.filled and name not in {LEADER, AGENCY}]
    if role is Role.PLAIN:
        if len(empty_ones) == 1:
            return _existing(source, empty_ones[0])
        return _invisible(source, _free_name(FIELD_STEM[role], present))
    if role in {Role.COPY, Role.ANNEX}:
        return _new(writer, source, _free_name(FIELD_STEM[role], present), note_place(_frame(writer, 1)), role)
    places = propose_places(source)
    found = places.leader if role is Role.PERSONAL else places.agency
    assert found is not None
    notes = () if found.certain else ("signer_lines_not_found",)
    return _new(writer, source, _free_name(FIELD_STEM[role], present), found, role, notes)


def seal_place(spot: Spot, frame: PageFrame) -> Place:
    """Where the seal will go beside a personal signature at `spot`: over its left third."""
    assert spot.box is not None and spot.page is not None
    return Place(spot.page, seal_box(spot.box, frame, SEAL_DIAMETER_MM))


def note_place(frame: PageFrame) -> Place:
    """Top right of page 1."""
    return Place(1, frame.from_mm(frame.width / MM - NOTE_MARGIN_MM - NOTE_WIDTH_MM, NOTE_MARGIN_MM, NOTE_WIDTH_MM,
                                  NOTE_HEIGHT_MM))


def look_of(spot: Spot, role: Role, *, image: Path | None, signer: str, moment: datetime, agency: str | None,
            copy_form: str, number_and_symbol: str | None) -> Look:
    """What is drawn there (NĐ 30/2020 Annex I). Raises TextMissing, ImageNotUsable, FileNotReadable."""
    if role is Role.COPY:
        return appearance.of_copy(agency or signer, moment, form=copy_form)
    if role is Role.ANNEX:
        if not number_and_symbol:
            raise TextMissing(role=role.value, what="number_and_symbol")
        return appearance.of_annex(number_and_symbol, moment)
    if spot.box is None:
        return Look()
    if image is not None:
        return appearance.of_picture(image, width=spot.box.width, height=spot.box.height)
    if role is Role.AGENCY:
        return appearance.of_agency(agency or signer, moment)
    return appearance.of_person(signer, moment)


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
                       readable_field_name=SPOKEN_ROLE[role])
    return Spot(source, name, place.page, box, frame.rotation, new, notes)


def _invisible(source: Path, name: str) -> Spot:
    return Spot(source, name, None, None, 0, SigFieldSpec(name, readable_field_name=SPOKEN_ROLE[Role.PLAIN]))


def _frame(writer: IncrementalPdfFileWriter, page: int) -> PageFrame:
    try:
        if page < 1:
            raise PlaceOutside(page=page)
        return frame_of(writer.find_page_for_modification(page - 1)[0].get_object())
    except PARSER_ERRORS as error:
        raise PlaceOutside(page=page) from error


def _free_name(stem: str, taken: object) -> str:
    names = set(taken)   # type: ignore[call-overload]
    if stem not in names:
        return stem
    number = 2
    while f"{stem}{number}" in names:
        number += 1
    return f"{stem}{number}"
