"""Where number, date, signatures and seal belong on an office document: found on its page, or proposed as a guess."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from signing.errors import WrongUse
from signing.fonts import ASCENT, DESCENT
from signing.form import AGENCY, DAY, ISSUED_DATE, LEADER, MONTH, NUMBER, YEAR
from signing.layout import Gap, Layout, SignerBlock, pages_to_read, read_layout
from signing.page import MM, Box, PageFrame, Place
from signing.page_text import PageText, read_chosen

SEAL_DIAMETER_MM = 36.0
"""The decree says "real size" and gives no number; each agency sets its own measured diameter."""

SIGNATURE_WIDTH_MM, SIGNATURE_HEIGHT_MM = 50.0, 20.0
"""The personal signature's box at most: what a handwritten signature takes between title and name."""

TEXT_SIZE = 13.0

MOST_LEADERS = 9
"""Signers of one document that get a field each."""


class FieldUnknown(WrongUse):
    """No field of an office document has this name. facts: field."""

    code = "prepare.field_unknown"


@dataclass(frozen=True, slots=True)
class TextPlace(Place):
    """Where a text field goes, and how its text must look to sit on the line around it. size: points."""

    size: float = TEXT_SIZE
    italic: bool = False
    cover: bool = False


@dataclass(frozen=True, slots=True)
class Places:
    """Where each field goes; None leaves it out. notes: codes of what was not found and had to be guessed.

    further_leaders: of co-signers, in order, the fields LeaderSignature2, LeaderSignature3, …
    """

    leader: Place | None
    agency: Place | None
    number: TextPlace | None = None
    day: TextPlace | None = None
    month: TextPlace | None = None
    year: TextPlace | None = None
    issued_date: TextPlace | None = None
    notes: tuple[str, ...] = ()
    further_leaders: tuple[Place, ...] = ()

    def text_places(self) -> dict[str, TextPlace]:
        every = {NUMBER: self.number, DAY: self.day, MONTH: self.month, YEAR: self.year, ISSUED_DATE: self.issued_date}
        return {name: place for name, place in every.items() if place is not None}

    def signature_places(self) -> dict[str, Place]:
        found = {LEADER: self.leader, **{f"{LEADER}{number}": place for number, place
                                         in enumerate(self.further_leaders, start=2)}, AGENCY: self.agency}
        return {name: place for name, place in found.items() if place is not None}

    def by_field(self) -> dict[str, Place]:
        """Every field that has a place, in the order in which they are put in."""
        return {**self.text_places(), **self.signature_places()}

    def moved(self, field: str, place: Place) -> Places:
        """With `field` at `place`, which a person chose; a text field keeps its type. Raises FieldUnknown."""
        place = replace(place, certain=True)
        changed: dict[str, Any] = {}
        if field in _TEXT_ATTRIBUTES:
            old: TextPlace | None = getattr(self, _TEXT_ATTRIBUTES[field])
            changed[_TEXT_ATTRIBUTES[field]] = (
                TextPlace(place.page, place.box, True, old.size, old.italic, old.cover) if old else
                TextPlace(place.page, place.box, True, italic=field != NUMBER))
            return replace(self, **changed)
        if field in _SIGNATURE_ATTRIBUTES:
            changed[_SIGNATURE_ATTRIBUTES[field]] = place
            return replace(self, **changed)
        index = _further(field)
        if index > len(self.further_leaders):
            raise FieldUnknown(field=field)
        return replace(self, further_leaders=(*self.further_leaders[:index], place, *self.further_leaders[index + 1:]))

    def without(self, field: str) -> Places:
        """With `field` left out. Raises FieldUnknown."""
        attribute = {**_TEXT_ATTRIBUTES, **_SIGNATURE_ATTRIBUTES}.get(field)
        if attribute is not None:
            left_out: dict[str, Any] = {attribute: None}
            return replace(self, **left_out)
        index = _further(field)
        return replace(self, further_leaders=self.further_leaders[:index] + self.further_leaders[index + 1:])


_TEXT_ATTRIBUTES = {NUMBER: "number", DAY: "day", MONTH: "month", YEAR: "year", ISSUED_DATE: "issued_date"}
_SIGNATURE_ATTRIBUTES = {LEADER: "leader", AGENCY: "agency"}


def _further(field: str) -> int:
    """The index among the further leaders: LeaderSignature2 is the first of them. Raises FieldUnknown."""
    number = field.removeprefix(LEADER)
    if number == field or not number.isdecimal() or not 2 <= int(number) <= MOST_LEADERS:
        raise FieldUnknown(field=field)
    return int(number) - 2


def propose_places(pdf: Path, *, seal_diameter_mm: float = SEAL_DIAMETER_MM) -> Places:
    """Where number, date, signature and seal belong on this document, from its text layer (an OCR layer counts).

    What is not found is put where Annex I draws it and marked `certain=False`, with a note.
    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted.
    """
    pages = read_chosen(pdf, pages_to_read)
    layout = read_layout(pages)
    notes: list[str] = []
    first = pages[layout.head - 1]

    number = _in_gap(layout.number, italic=False)
    if layout.number is None:
        notes.append("number_line_not_found")
        number = TextPlace(first.number, _from_fractions(first, 0.06, 0.055, 0.12, 0.02), certain=False)
    elif layout.number.filled:
        number = None
        notes.append("number_already_there")

    day, month, year, issued = _date_places(layout, first, notes)
    leaders = _leaders(pdf, layout, pages, notes)
    frame = pages[leaders[0].page - 1].frame
    agency = Place(leaders[0].page, seal_box(leaders[0].box, frame, seal_diameter_mm), leaders[0].certain)
    return Places(leaders[0], agency, number, day, month, year, issued, tuple(notes), tuple(leaders[1:]))


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
        return None, None, None, TextPlace(first.number, box, certain=False, italic=True)
    day, month, year = (_in_gap(gap, italic=True) for gap in (layout.day, layout.month, layout.year))
    if day is None and month is None and year is None:
        notes.append("date_already_there")
    return day, month, year, None


def _leaders(pdf: Path, layout: Layout, pages: list[PageText], notes: list[str]) -> list[Place]:
    """Box 7c of every signer, between title and name; the principal's first."""
    if not layout.signers:
        notes.append("signer_lines_not_found")
        page = pages[layout.recipients[0] - 1] if layout.recipients else pages[-1]
        wanted = Box.centred(_usual_middle(page), SIGNATURE_WIDTH_MM * MM, SIGNATURE_HEIGHT_MM * MM)
        wanted = inside(wanted, page.frame)
        from signing.ink import read_ink  # rendering and numpy load only for a page without signer's lines

        free = read_ink(pdf, page.number).nearest_free(wanted, taken=[row.box for row in page.rows])
        return [Place(page.number, free or wanted, certain=False)]
    if any(block.name is None for block in layout.signers):
        notes.append("signer_name_not_found")
    if len(layout.signers) > 1:
        notes.append("several_signers")
    return [_leader(block, pages[block.page - 1].frame) for block in layout.signers[:MOST_LEADERS]]


def _leader(block: SignerBlock, frame: PageFrame) -> Place:
    """As large as the room between the lines allows, and never over what stands at its sides."""
    if block.name is None:
        height, width = SIGNATURE_HEIGHT_MM * MM, SIGNATURE_WIDTH_MM * MM
        middle = block.authority.middle[0], block.authority.y0 - 4 - height / 2
        return Place(block.page, inside(Box.centred(middle, width, height), frame), certain=False)
    room = block.authority.y0 - block.name.y1
    height = max(min(SIGNATURE_HEIGHT_MM * MM, room - 2), min(room, 14.0))
    middle = (block.authority.middle[0] + block.name.middle[0]) / 2, (block.authority.y0 + block.name.y1) / 2
    beside = 2 * min(middle[0] - block.left - 2, block.right - 2 - middle[0])
    width = min(SIGNATURE_WIDTH_MM * MM, height * 2.5, max(beside, height))
    return Place(block.page, inside(Box.centred(middle, width, height), frame))


def seal_box(signature: Box, frame: PageFrame, diameter_mm: float) -> Box:
    """The seal's circle in its real size, its right edge a third into the signature (NĐ 30/2020 Annex I)."""
    diameter = diameter_mm * MM
    centre = signature.x0 + signature.width / 3 - diameter / 2, signature.middle[1]
    return inside(Box.centred(centre, diameter, diameter), frame)


def _usual_middle(page: PageText) -> tuple[float, float]:
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


def inside(box: Box, frame: PageFrame) -> Box:
    """The box shifted until it lies on the page."""
    dx = max(-box.x0, 0) + min(frame.width - box.x1, 0)
    dy = max(-box.y0, 0) + min(frame.height - box.y1, 0)
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)
