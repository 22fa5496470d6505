"""Doubted words one after another: each shown enlarged where it stands on the page, typed over, Enter, the next."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from docclient.capture.hidden_text import Place
from docclient.desk.paper_words import WordToLook
from ui.dialogs.growing import GrowingDialog
from ui.rendering.renderer import PageSource
from ui.state.outlines import POINTS_PER_MM, Outline
from ui.texts import Texts
from ui.theme import LINE, TONES, Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.crops import MARGIN_POINTS, Crops
from ui.widgets.labels import muted, plain, strong, title

BESIDE_MM, ABOVE_MM = 32.0, 4.0
"""How much of the page is shown around a word: what it stands between."""
DOTS_PER_POINT = 3.4            # about 245 dpi: twice as large as on paper
PICTURE = QSize(720, 190)


CUT_AT_ONCE = 12
"""Pieces of a page kept as pictures: a page of text has hundreds of words."""


class DoubtedWordsDialog(GrowingDialog):
    """Walks once through the words. However it is closed, what was looked at until then counts."""

    TITLE, EXPLAIN = "doubted.title", "doubted.explain"

    ended = Signal(object)          # dict of Place to the word as the person sees it; empty where nothing was looked at

    def __init__(self, texts: Texts, words: Sequence[WordToLook], source: PageSource | None,
                 parent: QWidget | None = None, *, at: int = 0) -> None:
        """at: with which of the words to begin."""
        super().__init__(parent)
        self._texts, self._words, self._source = texts, tuple(words), source
        self._said: dict[Place, str] = {}
        self._at = at
        self._pictures: dict[str, QPixmap] = {}
        self._asked = frozenset[int]()          # whose pieces are there, or on their way
        self.setWindowTitle(texts(self.TITLE))
        self.setModal(True)
        self._crops = Crops(self, dots_per_point=DOTS_PER_POINT)
        self._crops.cut.connect(self._cut)
        self._headline, self._read = strong(), plain()
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._picture.setStyleSheet(f"background: white; border: 1px solid {LINE}; border-radius: 4px;")
        self.line = QLineEdit()
        font = self.line.font()
        font.setPointSizeF(font.pointSizeF() * 1.3)
        self.line.setFont(font)
        self.line.setAccessibleName(texts("doubted.word"))
        self.line.returnPressed.connect(self._take)
        self.back = ActionButton(texts("doubted.back"), keys="Alt+Left")
        self.stop = ActionButton(texts("doubted.stop"), keys_shown="Esc")
        self.take = ActionButton(texts("doubted.take"), keys_shown="Enter", picture="check", rank=RANK_FIRST)
        self.back.clicked.connect(self._go_back)
        self.stop.clicked.connect(self.reject)
        self.take.clicked.connect(self._take)
        self.finished.connect(lambda _: self._end())
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        layout, row = QVBoxLayout(self), QHBoxLayout()
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(self._texts(self.TITLE), 1.3))
        layout.addWidget(muted(self._texts(self.EXPLAIN)))
        layout.addWidget(self._headline)
        layout.addWidget(self._picture)
        layout.addWidget(self.line)
        layout.addWidget(self._read)
        row.addWidget(self.back)
        row.addStretch(1)
        row.addWidget(self.stop)
        row.addWidget(self.take)
        layout.addLayout(row)

    @property
    def word(self) -> WordToLook:
        return self._words[self._at]

    def _show(self) -> None:
        texts, each = self._texts, self.word
        self._headline.setText(texts("doubted.where", number=self._at + 1, count=len(self._words),
                                     page=each.word.place[0]))
        said = texts("doubted.read", word=each.word.text, percent=int(each.word.certainty * 100))
        if not each.word.doubted:
            said = texts("doubted.sure", word=each.word.text)
        if each.proposal != each.word.text:
            said = texts("doubted.before", word=each.word.text, meant=each.proposal)
        elif each.fixed and each.word.doubted:
            said = texts("doubted.fixed", word=each.word.text, percent=int(each.word.certainty * 100))
        self._read.setText(said)
        self.line.setText(self._said.get(each.word.place, each.proposal))
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.OtherFocusReason)
        self.back.setEnabled(self._at > 0)
        self._draw()

    def _draw(self) -> None:
        """The word's piece of the page; those of the next words on it are cut at the same time."""
        page = self.word.word.place[0]
        if self._at not in self._asked and self._source is not None and not self._source.closed:
            begin = max(0, self._at - 2)
            near = {number: each for number, each in enumerate(self._words[begin:begin + CUT_AT_ONCE], begin)
                    if each.word.place[0] == page}
            self._asked = frozenset(near)
            self._pictures.clear()
            self._crops.ask(self._source, [around(number, each) for number, each in near.items()])
        picture = self._pictures.get(str(self._at))
        if picture is None:
            self._picture.setText(self._texts("viewer.loading"))
        else:
            self._picture.setPixmap(picture)

    def _cut(self, key: str, piece: QPixmap) -> None:
        each = self._words[int(key)]
        left, top, right, bottom = each.word.box_mm
        begin_x = max(0.0, left - BESIDE_MM) * POINTS_PER_MM - MARGIN_POINTS
        begin_y = max(0.0, top - ABOVE_MM) * POINTS_PER_MM - MARGIN_POINTS
        marked = QPixmap(piece)
        painter = QPainter(marked)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(TONES[Tone.DOUBT].line), 2))
        rim = 2.0
        painter.drawRoundedRect(QRectF(
            (left * POINTS_PER_MM - max(0.0, begin_x) - rim) * DOTS_PER_POINT,
            (top * POINTS_PER_MM - max(0.0, begin_y) - rim) * DOTS_PER_POINT,
            ((right - left) * POINTS_PER_MM + 2 * rim) * DOTS_PER_POINT,
            ((bottom - top) * POINTS_PER_MM + 2 * rim) * DOTS_PER_POINT), 4, 4)
        painter.end()
        ratio = self.devicePixelRatioF()
        marked = marked.scaled((PICTURE - QSize(8, 8)) * ratio, Qt.AspectRatioMode.KeepAspectRatio,
                               Qt.TransformationMode.SmoothTransformation)
        marked.setDevicePixelRatio(ratio)
        self._pictures[key] = marked
        if int(key) == self._at:
            self._picture.setPixmap(marked)

    def _take(self) -> None:
        self._keep(self.word, " ".join(self.line.text().split()))
        if self._at + 1 == len(self._words):
            self.accept()
        else:
            self._at += 1
            self._show()

    def _keep(self, each: WordToLook, meant: str) -> None:
        self._said[each.word.place] = meant

    def _go_back(self) -> None:
        self._go_to(self._at - 1)

    def _go_to(self, at: int) -> None:
        """Another word, nothing said of this one."""
        if 0 <= at < len(self._words):
            self._at = at
            self._show()

    def _end(self) -> None:
        self._crops.ask(None, ())
        self.ended.emit(dict(self._said))


def around(number: int, each: WordToLook) -> Outline:
    """The word with what stands beside it on its line."""
    left, top, right, bottom = each.word.box_mm
    return Outline.from_mm(each.word.place[0], (max(0.0, left - BESIDE_MM), max(0.0, top - ABOVE_MM),
                                                right + BESIDE_MM, bottom + ABOVE_MM), "doubt", key=str(number))
