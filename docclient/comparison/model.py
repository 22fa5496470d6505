"""The answer of a comparison."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from signing.page import Box


class ChangeKind(StrEnum):
    """What the change is about; the narrowest that fits. SETTING: the same words, set otherwise (weight, size, font,
    colour). PICTURE: what is drawn differs and no text tells why."""

    WORDS = "words"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    AMOUNT = "amount"
    TABLE = "table"
    RECIPIENTS = "recipients"
    SETTING = "setting"
    PAGE = "page"
    FIELD = "field"
    SIGNATURE = "signature"
    PICTURE = "picture"


class Action(StrEnum):
    INSERTED = "inserted"
    DELETED = "deleted"
    REPLACED = "replaced"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Spot:
    """page: from 1. box: points from the bottom left of the page as shown. box_mm: x, y, width, height from its top
    left, in millimetres."""

    page: int
    box: Box
    box_mm: tuple[float, float, float, float]

    def as_json(self) -> dict[str, Any]:
        return {"page": self.page, "box": [round(each, 2) for each in self.box.as_tuple()],
                "box_mm": [round(each, 2) for each in self.box_mm]}


@dataclass(frozen=True, slots=True)
class Change:
    """before, after: the words there; of a field its value; empty where there are none. spots_before, spots_after:
    where, in the earlier and in the later version; one for each line."""

    kind: ChangeKind
    action: Action
    before: str
    after: str
    spots_before: tuple[Spot, ...]
    spots_after: tuple[Spot, ...]

    def as_json(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "action": self.action.value, "before": self.before, "after": self.after,
                "places_before": [each.as_json() for each in self.spots_before],
                "places_after": [each.as_json() for each in self.spots_after]}


@dataclass(frozen=True, slots=True)
class Proof:
    """What was compared besides the changes, and found equal.

    words: so many stand in both, set alike. moved: how many of these only changed their place (a line before them
    grew). pages: pairs of pages rendered and compared dot by dot outside the changes. dpi: dots per inch of that.
    tolerance: by how many of 255 grey levels two dots may differ (smoothing of edges).
    neighbours: by how many dots the same drawing may stand aside.
    """

    words: int
    moved: int
    pages: int
    dpi: int
    tolerance: int
    neighbours: int


@dataclass(frozen=True, slots=True)
class Changes:
    """changes: in the order of the later version. Whatever is not among them was compared and is equal (`proof`)."""

    changes: tuple[Change, ...]
    pages_before: int
    pages_after: int
    proof: Proof

    @property
    def same(self) -> bool:
        return not self.changes

    def as_json(self) -> dict[str, Any]:
        return {"same": self.same, "pages_before": self.pages_before, "pages_after": self.pages_after,
                "changes": [each.as_json() for each in self.changes],
                "no_other_change": {"words": self.proof.words, "moved": self.proof.moved, "pages": self.proof.pages,
                                    "dpi": self.proof.dpi, "tolerance": self.proof.tolerance,
                                    "neighbours": self.proof.neighbours}}
