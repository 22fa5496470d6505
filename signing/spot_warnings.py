"""What a person should know before something is drawn at a place: it would cover text, leave the page, be too small."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import IO, Any

import pypdfium2

from signing.drawing import drawn_in
from signing.files import reading
from signing.form import AGENCY, LEADER, FieldOnPage, fields_of
from signing.ink import Ink, ink_of
from signing.layout_signers import read_foot
from signing.look import Look
from signing.page import MM, Box, PageFrame, Place, frame_of
from signing.page_text import PageText, text_of
from signing.pdf import PARSER_ERRORS, Damaged, entry, open_reader, pages_of
from signing.pdfium import opened
from signing.spot import Spot

LEAST_WIDTH_MM, LEAST_HEIGHT_MM = 10.0, 4.0
"""What is drawn smaller than this cannot be recognised on paper."""

LEAST_TYPE = 6.0
"""Points: smaller letters cannot be read on paper."""

MOST_OF_SIGNATURE = 0.5
"""The seal covers about a third of the signature, at its left (NĐ 30/2020 Annex I); up to half of it is let pass."""

INK_SHARE = 0.015
"""More of a place than this drawn on already, text left out, is a picture, a line or a scan."""

HAIR = 1.0
"""Points by which boxes may lie over each other unseen."""


PDFA1 = re.compile(rb"pdfaid:part\s*(?:=\s*[\"']|>)\s*1\b")
"""PDF/A-1 (ISO 19005-1, 6.4) allows no transparency, and a signature's picture lives by it; PDF/A-2 does."""


class SpotWarning(StrEnum):
    COVERS_TEXT = "covers_text"
    COVERS_SIGNATURE = "covers_signature"
    LEAVES_PAGE = "leaves_page"
    LIES_ON_INK = "lies_on_ink"
    PAGE_TURNED = "page_turned"
    TOO_SMALL = "too_small"
    PLACE_GUESSED = "place_guessed"
    TRANSPARENT_IN_PDFA1 = "transparent_in_pdfa1"


@dataclass(frozen=True)
class PageFacts:
    """What lies on a page already. fields: its signature fields by name. is_pdfa1: the file says it is PDF/A-1."""

    number: int
    frame: PageFrame
    text: PageText
    ink: Ink
    fields: Mapping[str, FieldOnPage]
    is_pdfa1: bool = False

    @cached_property
    def signers(self) -> tuple[Box, ...]:
        """The signers' own lines: authority, title, name."""
        blocks = read_foot([self.text]).signers
        return tuple(box for block in blocks for box in (block.authority, block.name) if box is not None)


def warnings_for(pdf: Path, places: Mapping[str, Place]) -> dict[str, tuple[SpotWarning, ...]]:
    """The warnings for each named place, as if its whole box were drawn on; none for a place without faults.

    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted.
    """
    with reading(pdf) as stream:
        facts = page_facts(stream, str(pdf), {place.page for place in places.values()})
    return {name: spot_warnings(facts.get(place.page), name, place) for name, place in places.items()}


def page_facts(stream: IO[bytes], name: str, pages: Collection[int]) -> dict[int, PageFacts]:
    """What lies on these pages (numbered from 1); those that do not exist are left out.

    Raises: NotAPdf, Damaged, Encrypted.
    """
    reader = open_reader(stream, name)
    try:
        frames = {number: frame_of(page) for number, page in enumerate(pages_of(reader.root), start=1)
                  if number in pages}
        fields = {one.name: one for one in fields_of(reader).values() if one.kind == "/Sig"}
        stream.seek(0)
        with opened(stream) as document:
            archival = PDFA1.search(_metadata(reader.root)) is not None
            return {number: _facts(document, number, frame, fields, is_pdfa1=archival)
                    for number, frame in frames.items()}
    except (pypdfium2.PdfiumError, *PARSER_ERRORS) as error:
        raise Damaged(file=name) from error


def _facts(document: Any, number: int, frame: PageFrame, fields: Mapping[str, FieldOnPage], *,
           is_pdfa1: bool) -> PageFacts:
    text = text_of(document, number - 1, frame)
    return PageFacts(number, frame, text, ink_of(document, number - 1, frame),
                     {name: one for name, one in fields.items() if one.page == number}, is_pdfa1)


def _metadata(root: Any) -> bytes:
    stream = entry(root, "/Metadata")
    return bytes(stream.data) if stream is not None else b""


def spot_warnings(page: PageFacts | None, name: str, place: Place, *, drawn: Box | None = None,
                  type_size: float | None = None) -> tuple[SpotWarning, ...]:
    """What speaks against drawing at `place`.

    Args:
        page: None when there is no such page.
        name: of the field: the seal (AgencySeal) may lie over a third of a personal signature and over its lines.
        drawn: the part of the box that will carry something; all of it without.
        type_size: the size of the letters that will stand there, in points; None for a picture.
    """
    if page is None:
        return (SpotWarning.LEAVES_PAGE,)
    box = drawn or place.box
    is_seal = name == AGENCY
    covered = [one.box for one in page.fields.values() if one.name != name and one.box.width > 1 and one.filled
               and not (is_seal and _lawful_overlap(box, one))]
    own = [*page.signers, *(one.box for one in page.fields.values() if one.name.startswith(LEADER))] if is_seal else []
    words = [word.box for word in page.text.words_in(box) if _core_overlaps(word.box, word.baseline, word.size, box)
             and not any(line.overlaps(word.box) for line in own)]
    found = {
        SpotWarning.LEAVES_PAGE: not page.frame.contains(place.box),
        SpotWarning.COVERS_TEXT: bool(words),
        SpotWarning.COVERS_SIGNATURE: any(_inset(one).overlaps(box) for one in covered),
        SpotWarning.LIES_ON_INK: not words and _on_ink(page, box, own),
        SpotWarning.TOO_SMALL: (box.width < LEAST_WIDTH_MM * MM or box.height < LEAST_HEIGHT_MM * MM)
        if type_size is None else type_size < LEAST_TYPE,
        SpotWarning.PAGE_TURNED: page.frame.rotation != 0,
        SpotWarning.PLACE_GUESSED: not place.certain,
    }
    return tuple(warning for warning, is_so in found.items() if is_so)


def look_at(stream: IO[bytes], name: str, spot: Spot, look: Look) -> tuple[PageFacts | None, tuple[SpotWarning, ...]]:
    """What lies on the page of `spot`, and what speaks against drawing `look` there: the part that carries ink counts.

    Raises: NotAPdf, Damaged, Encrypted.
    """
    assert spot.page is not None and spot.box is not None
    drawn, type_size = drawn_in(look, spot.box)
    facts = page_facts(stream, name, {spot.page}).get(spot.page)
    place = Place(spot.page, spot.box, spot.certain)
    found = spot_warnings(facts, spot.field, place, drawn=drawn, type_size=type_size)
    if look.picture is not None and facts is not None and facts.is_pdfa1:
        found = (*found, SpotWarning.TRANSPARENT_IN_PDFA1)
    return facts, found


def _lawful_overlap(seal: Box, signature: FieldOnPage) -> bool:
    """The seal's right part over the left part of a personal signature."""
    box = signature.box
    return signature.name.startswith(LEADER) and seal.x0 < box.x0 + box.width / 2 and \
        seal.x1 - box.x0 <= MOST_OF_SIGNATURE * box.width


def _core_overlaps(word: Box, baseline: float, size: float, box: Box) -> bool:
    """Whether the letters themselves are touched: the type's box reaches well above and below them."""
    return Box(word.x0 + HAIR / 2, baseline, word.x1 - HAIR / 2, baseline + 0.6 * size).overlaps(box)


def _inset(box: Box) -> Box:
    return Box(box.x0 + HAIR, box.y0 + HAIR, box.x1 - HAIR, box.y1 - HAIR)


def _on_ink(page: PageFacts, box: Box, own: Collection[Box]) -> bool:
    """Drawn on already by something that is neither text nor a signature field's own picture."""
    grid = Ink(page.frame, page.ink.drawn.copy())
    for known in (*(row.box for row in page.text.rows_in(box)), *(one.box for one in page.fields.values()), *own):
        grid.cells(Box(known.x0 - 2, known.y0 - 2, known.x1 + 2, known.y1 + 2))[...] = False
    return grid.share(box) > INK_SHARE
