"""The changes between two versions as a screen shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from docclient.comparison import Action, Change, ChangeKind, Changes, Spot
from ui.state.outlines import Outline
from ui.texts import Texts

TONES = {Action.INSERTED: "good", Action.DELETED: "bad", Action.REPLACED: "doubt", Action.MOVED: "news"}
CLOSER = 2.0


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """key: of its outlines on both sides."""

    key: str
    what: str
    words: str
    tone: str
    page_before: int | None
    page_after: int | None

    @property
    def page(self) -> int | None:
        return self.page_after or self.page_before


@dataclass(frozen=True, slots=True)
class ChangesShown:
    """words: the line that says that nothing else changed, and how it is known."""

    rows: tuple[ChangeShown, ...]
    words: str
    tone: str
    before: tuple[Outline, ...]
    after: tuple[Outline, ...]

    @classmethod
    def of(cls, found: Changes, texts: Texts) -> Self:
        rows = tuple(_shown(number, each, texts) for number, each in enumerate(found.changes))
        proof = found.proof
        code = "comparison_line.same" if found.same else "comparison_line.rest"
        words = texts(code, words=proof.words, pages=proof.pages, dpi=proof.dpi, tolerance=proof.tolerance)
        return cls(rows, words, "good" if found.same else "news",
                   _outlines([each.spots_before for each in found.changes], rows),
                   _outlines([each.spots_after for each in found.changes], rows))


def _shown(number: int, each: Change, texts: Texts) -> ChangeShown:
    what = texts("versions.change", kind=texts(f"change_kind.{each.kind.value}"),
                 action=texts(f"change_action.{each.action.value}"))
    words = texts("versions.picture") if each.kind is ChangeKind.PICTURE else \
        " → ".join(part for part in (each.before, each.after) if part)
    return ChangeShown(str(number), what, words, TONES[each.action],
                       each.spots_before[0].page if each.spots_before else None,
                       each.spots_after[0].page if each.spots_after else None)


def _outlines(places: Sequence[Sequence[Spot]], rows: Sequence[ChangeShown]) -> tuple[Outline, ...]:
    made = []
    for row, spots in zip(rows, places, strict=True):
        for spot in spots:
            x, y, wide, high = (length * 72 / 25.4 for length in spot.box_mm)
            made.append(Outline(spot.page, x - CLOSER, y - CLOSER, wide + 2 * CLOSER, high + 2 * CLOSER, row.tone,
                                row.what, row.key))
    return tuple(made)
