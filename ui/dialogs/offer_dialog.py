"""The form of one offer in a dialog of its own; also the question before a refusal that asks for nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from docclient.office.queries.duplicates import TwinView
from ui.dialogs.growing import GrowingDialog, grow_to_fit
from ui.state.offers import Choices, OfferButton
from ui.texts import Texts
from ui.widgets.action_button import RANK_AGAINST, RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.labels import muted, plain, title
from ui.widgets.twin_bar import TwinBar

LEAST_PX = 200      # of a form that is scrolled


class OfferDialog(GrowingDialog):
    """Asks what the offer asks for. Stays open until the office has accepted, so that nothing typed is lost."""

    answered = Signal(object)       # the fields, JSON-ready
    compare_wanted = Signal(object)     # the twin's TwinView: show both beside each other

    def __init__(self, texts: Texts, shown: OfferButton, about: str, choices: Choices, today: date,
                 parent: QWidget | None = None) -> None:
        """about: which document, one line."""
        super().__init__(parent)
        self._texts, self.shown = texts, shown
        named = shown.title.rstrip("…")         # it asks now; the button said that it would
        self.setWindowTitle(named)
        self.setModal(True)
        wide = len(shown.offer.fields) > 4
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * (84 if wide else 70))
        self.form = FieldsForm(shown.offer.fields, choices, texts, today, command=shown.offer.command)
        self.twin_bar = TwinBar(texts)
        self.twin_bar.hide()
        self.twin_bar.compare_wanted.connect(self.compare_wanted)
        self._area: QScrollArea | None = None
        self._trouble = plain()
        self._trouble.setProperty("role", "wrong")
        self._trouble.hide()
        negative = shown.offer.negative
        self.confirm = ActionButton(named, keys="Ctrl+Return", rank=RANK_AGAINST if negative else RANK_FIRST)
        self.confirm.clicked.connect(self._answer)
        self.cancel = ActionButton(texts("form.cancel"), keys="Esc")
        self.cancel.clicked.connect(self.reject)
        self._build(about)

    def _build(self, about: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(self.shown.title.rstrip("…"), 1.3))
        if about:
            layout.addWidget(muted(about))
        if self.shown.hint:
            layout.addWidget(plain(self.shown.hint))
        if self.shown.offer.fields:
            layout.addSpacing(4)
            self._area = scrolled(self.form)
            layout.addWidget(self._area, 1)
        elif self.shown.offer.negative:
            layout.addWidget(plain(self._texts("form.sure")))
        layout.addWidget(self.twin_bar)
        layout.addWidget(self._trouble)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.confirm)
        layout.addLayout(row)
        (self.form if self.form.inputs else self.confirm).setFocus(Qt.FocusReason.OtherFocusReason)

    def make_room(self) -> None:
        """The form has become longer: show more of it, as far as the screen allows."""
        if self._area is not None:
            self._area.updateGeometry()
        grow_to_fit(self)

    def refuse(self, words: str, wrong: Mapping[str, str]) -> None:
        """The office did not accept: say why, keep what was typed."""
        self.confirm.setEnabled(True)
        self.form.show_wrong(dict(wrong))
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def show_twins(self, twins: Sequence[TwinView]) -> None:
        """The office will not register it before its twin was seen: say which, and how to go on."""
        self.confirm.setEnabled(True)
        self.twin_bar.show_twins(twins)
        self.twin_bar.setVisible(bool(twins))
        self.twin_bar.compare.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        answers = self.form.answers()
        self.form.show_wrong(answers.wrong)
        self._trouble.hide()
        if answers.wrong:
            return
        self.confirm.setEnabled(False)      # until the office has answered: nothing is given twice
        seen = self.twin_bar.seen_twin()
        self.answered.emit({**answers.fields, **({"duplicate_seen": seen} if seen else {})})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()           # Enter goes on to the next field; Ctrl+Enter confirms
            return
        super().keyPressEvent(event)


class Scrolled(QScrollArea):
    """Wants all of its form to be seen."""

    def sizeHint(self) -> QSize:
        return self.widget().sizeHint() + QSize(8, 8) if self.widget() is not None else super().sizeHint()


def scrolled(form: QWidget) -> QScrollArea:
    """The form with a scroll bar where the screen is low."""
    area = Scrolled()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    form.setObjectName("scrolled")
    area.setWidget(form)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setMinimumHeight(min(form.sizeHint().height() + 8, LEAST_PX))
    return area
