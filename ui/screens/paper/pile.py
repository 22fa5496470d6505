"""The pile before it is read: its pages, what is wrong with each, and every act on it by a key or a click."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QPixmap, QShortcut, QTransform
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.state.pile import PageCard, PileShown
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Toned, ToneMark, muted, plain, strong
from ui.widgets.panes import Panes
from ui.widgets.pile_view import PileView

ACTS = (        # act, its keys
    ("scan_again", "F9"), ("turn_right", "R"), ("turn_left", "Shift+R"), ("earlier", "Alt+Left"),
    ("later", "Alt+Right"), ("take_out", "Del"), ("bring_back", "B"), ("split", "S"), ("scan_more", "F8"),
    ("insert", "Shift+F8"), ("interleave", "I"), ("undo", "Ctrl+Z"), ("redo", "Ctrl+Y"))


class PilePanel(QWidget):
    """Shows what it is given; says which act is wanted on which page."""

    act = Signal(str, object)               # one of ACTS, PageCard or None
    carried = Signal(int, int)              # a page from one place to another
    read_wanted = Signal()
    throw_away_wanted = Signal()
    later_wanted = Signal()
    document_wanted = Signal(str)           # the identity on the chosen page's label

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.shown: PileShown | None = None
        self._busy = True
        self.view = PileView(texts)
        self._headline, self._mark, self._summary = strong(), ToneMark(Tone.QUIET, 20), Toned(Tone.QUIET)
        self.refused = muted()
        self._title, self._notes, self._picture = strong(), plain(), QLabel()
        self._notes_mark = ToneMark(Tone.DOUBT, 18)
        self.buttons = {name: ActionButton(texts(f"pile.{name}"), keys=keys) for name, keys in ACTS}
        self.read = ActionButton(texts("pile.read"), keys="Ctrl+Return", picture="check", rank=RANK_FIRST)
        self.later = ActionButton(texts("pile.keep"), keys="Esc")
        self.throw_away = ActionButton(texts("scan_window.throw_away"))
        self.open_labelled = ActionButton(texts("pile.open_labelled"), keys="Alt+Return", picture="document")
        self._lay_out()
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _checked=False, name=name: self.act.emit(name, self.view.card))
        self.read.clicked.connect(self.read_wanted)
        self.later.clicked.connect(self.later_wanted)
        self.throw_away.clicked.connect(self.throw_away_wanted)
        self.open_labelled.clicked.connect(self._open_labelled)
        self.view.chosen.connect(self._show_page)
        self.view.moved_by_hand.connect(self.carried)
        QShortcut(QKeySequence("Ctrl+Shift+Z"), self, activated=self.buttons["redo"].click)

    def _lay_out(self) -> None:
        head, line = QWidget(), QHBoxLayout()
        line.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._summary, 1)
        acts = FlowLayout(head)                 # large type makes two lines of it
        for button in (self.read, self.later, self.throw_away):
            acts.addWidget(button)
        side = QFrame()
        side.setProperty("role", "card")
        beside = QVBoxLayout(side)
        beside.setContentsMargins(14, 12, 14, 12)
        beside.setSpacing(8)
        beside.addWidget(self._title)
        said = QHBoxLayout()
        said.addWidget(self._notes_mark, 0, Qt.AlignmentFlag.AlignTop)
        said.addWidget(self._notes, 1)
        beside.addLayout(said)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        beside.addWidget(self._picture, 1)
        beside.addWidget(self.open_labelled)
        beside.addWidget(self.buttons["scan_again"])
        tools = QWidget()
        flow = FlowLayout(tools)
        for name, button in self.buttons.items():
            if name != "scan_again":
                flow.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._headline)
        layout.addLayout(line)
        layout.addWidget(head)
        layout.addWidget(self.refused)
        layout.addWidget(Panes(((self.view, 0, 40), (side, 36, 28))), 1)
        layout.addWidget(tools)

    def show_pile(self, shown: PileShown, *, busy: bool, wanted: str = "") -> None:
        """busy: pages are coming or being looked at: they can be seen, but nothing moves."""
        self.shown = shown
        self._headline.setText(shown.headline)
        self._summary.setText(shown.summary)
        for mark in (self._mark, self._summary):
            mark.show_tone(Tone(shown.tone))
        self.refused.setText("\n".join(shown.refused))
        self.refused.setVisible(bool(shown.refused))
        self._busy = busy
        self.view.show_cards(shown.cards, wanted)
        for button in (*self.buttons.values(), self.read, self.later, self.throw_away):
            button.setEnabled(not busy)
        self.buttons["undo"].setEnabled(shown.can_undo and not busy)
        self.buttons["redo"].setEnabled(shown.can_redo and not busy)
        self.read.setEnabled(not busy and any(card.place is not None for card in shown.cards))
        self._enable_for(self.view.card)

    def begin(self) -> None:
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _enable_for(self, card: PageCard | None) -> None:
        if self.shown is None or self._busy:
            return
        placed = card is not None and card.place is not None
        for name in ("scan_again", "turn_right", "turn_left", "earlier", "later", "take_out", "split", "insert"):
            self.buttons[name].setEnabled(placed)
        last = sum(each.place is not None for each in self.shown.cards) - 1
        self.buttons["earlier"].setEnabled(placed and card is not None and card.place != 0)
        self.buttons["later"].setEnabled(placed and card is not None and card.place != last)
        self.buttons["split"].setEnabled(placed and card is not None and card.place != 0)
        self.buttons["bring_back"].setEnabled(any(each.place is None for each in self.shown.cards))
        self.buttons["interleave"].setEnabled(last > 0 and last % 2 == 1)

    def _show_page(self, card: PageCard | None) -> None:
        self._title.setText(card.title if card is not None else "")
        self._notes.setText("\n".join(card.notes) if card is not None else "")
        tone = Tone(card.tone) if card is not None else Tone.QUIET
        self._notes_mark.setVisible(bool(card is not None and card.notes))
        self._notes_mark.show_tone(tone, "warning" if tone is Tone.DOUBT else "")
        self.open_labelled.setVisible(bool(card is not None and card.label))
        self._draw(card)
        self._enable_for(card)

    def _draw(self, card: PageCard | None) -> None:
        drawn = QPixmap(str(card.picture)) if card is not None else QPixmap()
        if drawn.isNull() or card is None:
            self._picture.clear()
            return
        ratio = self.devicePixelRatioF()
        room = self._picture.size() * ratio if self._picture.width() > 60 else QSize(260, 360) * ratio
        drawn = drawn.transformed(QTransform().rotate(card.turn)).scaled(
            room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        drawn.setDevicePixelRatio(ratio)
        self._picture.setPixmap(drawn)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)      # type: ignore[arg-type]
        self._draw(self.view.card)

    def _open_labelled(self) -> None:
        card = self.view.card
        if card is not None and card.label:
            self.document_wanted.emit(card.label)
