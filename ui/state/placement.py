"""Fields of a document that a person moves about: where each stands, which is chosen, what can be taken back. No Qt.

Places are in points from the bottom left of the page as shown (`signing.page`); what a person types is in millimetres
from its top left, as one measures on paper.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from docclient.words import Language
from signing.form import AGENCY, TEXT_FIELDS
from signing.page import MM, Box, PageFrame, Place
from signing.placement import Edge, clamped, moved, resized
from ui.texts import Texts

STEP_MM, FINE_MM, COARSE_MM = 1.0, 0.1, 5.0
"""What an arrow key moves: alone, with Ctrl, with Shift."""

SMALLEST_MM = 2.0
"""No side of a field becomes smaller than this."""


class Kind(StrEnum):
    """What a field holds decides how it may be stretched: a text keeps the height of its type, a seal is shown in its
    real size (NĐ 30/2020 Annex I), a signature's picture fits itself into any box."""

    TEXT = "text"
    SIGNATURE = "signature"
    SEAL = "seal"

    @classmethod
    def of(cls, field: str) -> Self:
        if field == AGENCY:
            return cls("seal")
        return cls("text" if field in TEXT_FIELDS else "signature")

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Where it can be taken hold of."""
        if self is Kind.SEAL:
            return ()
        return (Edge.LEFT, Edge.RIGHT) if self is Kind.TEXT else tuple(Edge)


@dataclass(frozen=True, slots=True)
class Movable:
    """One field. proposed: where the program would put it (or where it stood before)."""

    name: str
    place: Place
    proposed: Place

    @property
    def kind(self) -> Kind:
        return Kind.of(self.name)

    @property
    def guessed(self) -> bool:
        """Nothing on the page says that it belongs there, and nobody has put it there yet."""
        return not self.place.certain

    @property
    def moved(self) -> bool:
        return self.place != self.proposed

    def at(self, page: int, box: Box) -> Movable:
        """Put somewhere by a person, who knows: no guess any more."""
        return replace(self, place=replace(self.place, page=page, box=box, certain=True))


@dataclass(frozen=True, slots=True)
class PlacementView:
    """frames: of every page. chosen: the field's name. past, future: for undo and redo, the newest last."""

    frames: tuple[PageFrame, ...]
    fields: tuple[Movable, ...]
    chosen: str = ""
    past: tuple[tuple[Movable, ...], ...] = ()
    future: tuple[tuple[Movable, ...], ...] = ()

    @classmethod
    def of(cls, frames: Sequence[PageFrame], places: Mapping[str, Place],
           proposed: Mapping[str, Place] | None = None) -> Self:
        """Fields in reading order; the first guessed one is chosen, since that is what wants looking at.

        proposed: where each belongs, if that is another place than where it stands.
        """
        fields = [Movable(name, place, (proposed or {}).get(name, place)) for name, place in places.items()
                  if 1 <= place.page <= len(frames)]
        fields.sort(key=lambda each: (each.place.page, -round(each.place.box.y1 / 6), each.place.box.x0))
        first = next((each for each in fields if each.guessed), fields[0] if fields else None)
        return cls(tuple(frames), tuple(fields), first.name if first else "")

    @property
    def places(self) -> dict[str, Place]:
        return {each.name: each.place for each in self.fields}

    @property
    def current(self) -> Movable | None:
        return self.field(self.chosen)

    def field(self, name: str) -> Movable | None:
        return next((each for each in self.fields if each.name == name), None)

    def frame_of(self, field: Movable) -> PageFrame:
        return self.frames[field.place.page - 1]

    def mm(self, field: Movable) -> tuple[float, float, float, float]:
        """x, y of its top left corner, width, height; millimetres."""
        return self.frame_of(field).to_mm(field.place.box)

    # choosing

    def choose(self, name: str) -> PlacementView:
        return replace(self, chosen=name) if self.field(name) is not None else self

    def neighbour(self, step: int) -> str | None:
        """The field so many steps on in reading order; None past either end, where the keyboard moves on."""
        names = [each.name for each in self.fields]
        place = names.index(self.chosen) + step if self.chosen in names else 0
        return names[place] if 0 <= place < len(names) else None

    # moving

    def shifted(self, right_mm: float, down_mm: float) -> PlacementView:
        """The chosen field moved; it stays whole on its page."""
        field = self.current
        if field is None:
            return self
        return self.put(field.place.page, moved(field.place.box, self.frame_of(field), right_mm * MM, -down_mm * MM))

    def stretched(self, edge: Edge, right: float, up: float) -> PlacementView:
        """One edge or corner of the chosen field moved, in points."""
        field = self.current
        if field is None or edge not in field.kind.edges:
            return self
        box = resized(field.place.box, self.frame_of(field), edge, right, up, least_mm=SMALLEST_MM)
        return self.put(field.place.page, box)

    def typed(self, page: int, x: float, y: float, width: float, height: float) -> PlacementView:
        """The chosen field at exact millimetres from the top left of a page; what its kind keeps, it keeps."""
        field = self.current
        if field is None or not 1 <= page <= len(self.frames):
            return self
        frame, box = self.frames[page - 1], field.place.box
        if field.kind is not Kind.SIGNATURE:
            height = box.height / MM
        if field.kind is Kind.SEAL:
            width = box.width / MM
        return self.put(page, clamped(frame.from_mm(x, y, max(width, SMALLEST_MM), max(height, SMALLEST_MM)), frame))

    def put(self, page: int, box: Box) -> PlacementView:
        """The chosen field there: one step that can be taken back."""
        field = self.current
        if field is None or (field.place.page == page and near(field.place.box, box)):
            return self
        return self._with(tuple(each.at(page, box) if each is field else each for each in self.fields))

    def proposed_again(self) -> PlacementView:
        """Every field back where the program would put it."""
        fields = tuple(replace(each, place=each.proposed) for each in self.fields)
        return self if fields == self.fields else self._with(fields)

    def _with(self, fields: tuple[Movable, ...]) -> PlacementView:
        return replace(self, fields=fields, past=(*self.past, self.fields), future=())

    @property
    def changed(self) -> bool:
        return any(each.moved for each in self.fields)

    def undone(self) -> PlacementView:
        if not self.past:
            return self
        return replace(self, fields=self.past[-1], past=self.past[:-1], future=(*self.future, self.fields))

    def redone(self) -> PlacementView:
        if not self.future:
            return self
        return replace(self, fields=self.future[-1], past=(*self.past, self.fields), future=self.future[:-1])


def near(one: Box, other: Box) -> bool:
    """Less than a hundredth of a millimetre apart: rounding, and no movement."""
    return all(abs(a - b) < 0.01 * MM for a, b in zip(one.as_tuple(), other.as_tuple(), strict=True))


def name_of(field: str, texts: Texts) -> str:
    """What a field is called; one that another program made keeps its own name."""
    stem = field.rstrip("0123456789")
    number = field[len(stem):]
    return " ".join(part for part in (texts.or_else(f"placement_field.{stem}", stem), number) if part)


def spoken(view: PlacementView, field: Movable, warnings: Sequence[str], texts: Texts) -> str:
    """A field as a screen reader says it: what, where, and what is doubtful about it."""
    x, y, width, height = (millimetres(length, texts) for length in view.mm(field))
    said = [texts("placement.spoken", field=name_of(field.name, texts), page=field.place.page, x=x, y=y, width=width,
                  height=height)]
    if field.guessed:
        said.append(texts("placement.guessed"))
    return " ".join([*said, *warnings])


def millimetres(length: float, texts: Texts) -> str:
    """`12,5`, with the language's own mark."""
    written = f"{length:.1f}"
    return written.replace(".", ",") if texts.language is Language.VIETNAMESE else written
