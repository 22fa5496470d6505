"""What is doubtful about places that a person moves about. Reads the document: off the window's thread. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from signing.page import Place
from signing.places import TextPlace
from signing.spot_warnings import PageFacts, SpotWarning, page_facts, spot_warnings

ABOUT_PICTURES = frozenset({SpotWarning.LIES_ON_INK, SpotWarning.TOO_SMALL})
"""A number stands on a line or dots that somebody drew for it, and two digits are small."""


@dataclass(frozen=True, slots=True)
class Checked:
    """pages: what was read of the document so far, for the next time. warnings: by field's name."""

    pages: Mapping[int, PageFacts] = field(default_factory=dict)
    warnings: Mapping[str, tuple[SpotWarning, ...]] = field(default_factory=dict)


def check_places(file: Path, places: Mapping[str, Place], proposed: Mapping[str, Place], before: Checked) -> Checked:
    """Raises: FileNotReadable, NotAPdf, Damaged, Encrypted; OSError."""
    pages = dict(before.pages)
    wanted = {place.page for place in places.values()} - pages.keys()
    if wanted:
        with file.open("rb") as stream:
            pages.update(page_facts(stream, file.name, wanted))
    return Checked(pages, {name: warnings_of(pages.get(place.page), name, place, proposed.get(name))
                           for name, place in places.items()})


def warnings_of(page: PageFacts | None, name: str, place: Place, proposed: Place | None) -> tuple[SpotWarning, ...]:
    """That a place was guessed is marked where it is shown and not warned of a second time; a turned page is shown as
    the reader sees it."""
    silent = {SpotWarning.PLACE_GUESSED, SpotWarning.PAGE_TURNED}
    size = None
    if isinstance(place, TextPlace):
        silent |= ABOUT_PICTURES
        size = place.size
        if place.cover and proposed is not None and place.box == proposed.box:
            silent.add(SpotWarning.COVERS_TEXT)     # the dots that it is there to cover
    return tuple(each for each in spot_warnings(page, name, place, type_size=size) if each not in silent)
