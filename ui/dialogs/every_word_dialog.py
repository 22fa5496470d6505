"""Every word of a letter, from one place on: for those that were misread with certainty, which no doubt points to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.desk.paper_words import WordToLook
from ui.dialogs.doubted_words_dialog import DoubtedWordsDialog
from ui.rendering.renderer import PageSource
from ui.texts import Texts
from ui.widgets.action_button import ActionButton

NEAR_MM = 1.5
"""A click beside a word still means it."""


class EveryWordDialog(DoubtedWordsDialog):
    """Reads on word by word; a line up or down by a key. A word that was sure and is right is left as it stands."""

    TITLE, EXPLAIN = "doubted.every_title", "doubted.every_explain"

    def __init__(self, texts: Texts, words: Sequence[WordToLook], source: PageSource | None,
                 parent: QWidget | None = None, *, at: int = 0) -> None:
        super().__init__(texts, words, source, parent, at=at)

    def _lay_out(self) -> None:
        super()._lay_out()
        self.above = ActionButton(self._texts("doubted.above"), keys="Alt+Up")
        self.below = ActionButton(self._texts("doubted.below"), keys="Alt+Down")
        self.above.clicked.connect(lambda: self._go_to(beyond(self._words, self._at, down=False)))
        self.below.clicked.connect(lambda: self._go_to(beyond(self._words, self._at, down=True)))
        lines = QHBoxLayout()
        for button in (self.back, self.above, self.below):
            lines.addWidget(button)
        lines.addStretch(1)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertLayout(layout.count() - 1, lines)

    def _keep(self, each: WordToLook, meant: str) -> None:
        if each.word.doubted or meant != each.word.text:
            super()._keep(each, meant)
        else:
            self._said.pop(each.word.place, None)       # typed over, then put back


def place_of(words: Sequence[WordToLook], page: int, left_mm: float, top_mm: float, *, only_on: bool) -> int | None:
    """The word at that place; without `only_on` the first on the page that ends to the right of it and below it, else
    the page's first. None where there is none."""
    on_page = [(number, each.word.box_mm) for number, each in enumerate(words) if each.word.place[0] == page]
    for number, (left, top, right, bottom) in on_page:
        if left - NEAR_MM <= left_mm <= right + NEAR_MM and top - NEAR_MM <= top_mm <= bottom + NEAR_MM:
            return number
    if only_on or not on_page:
        return None
    return next((number for number, box in on_page if box[2] > left_mm and box[3] > top_mm), on_page[0][0])


def beyond(words: Sequence[WordToLook], at: int, *, down: bool) -> int:
    """The word above or below on the page: of the next line that way, the one nearest across; itself at the edge."""
    here = words[at].word
    middle, centre = (here.box_mm[1] + here.box_mm[3]) / 2, (here.box_mm[0] + here.box_mm[2]) / 2
    others = [(number, (each.word.box_mm[1] + each.word.box_mm[3]) / 2 - middle, each.word.box_mm)
              for number, each in enumerate(words) if each.word.place[0] == here.place[0]]
    apart = max(1.0, (here.box_mm[3] - here.box_mm[1]) / 2)
    that_way = [(number, abs(away), box) for number, away, box in others if (away > apart if down else away < -apart)]
    if not that_way:
        return at
    nearest = min(away for _, away, _ in that_way)
    line = [(abs((box[0] + box[2]) / 2 - centre), number) for number, away, box in that_way if away < nearest + apart]
    return min(line)[1]
