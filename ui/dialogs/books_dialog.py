"""Which book of incoming documents, from which day to which: the hand-over list or the follow-up register, on paper."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.door import Ask, AskKind
from ui.dialogs.growing import GrowingDialog
from ui.state.offers import Choices
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.labels import muted, title

HAND_OVER, FOLLOW_UP = "hand_over", "follow_up"


class BooksDialog(GrowingDialog):
    answered = Signal(str, object, object)      # which book, first day, last day

    def __init__(self, texts: Texts, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts("prints.books"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 64)
        asks = (Ask("book", AskKind.CHOICE, True, HAND_OVER,
                    ((HAND_OVER, "prints.hand_over"), (FOLLOW_UP, "prints.follow_up"))),
                Ask("first_day", AskKind.DATE, True, today), Ask("last_day", AskKind.DATE, True, today))
        self.form = FieldsForm(asks, Choices(), texts, today)
        self.confirm = ActionButton(texts("prints.save"), keys="Ctrl+Return", rank=RANK_FIRST, picture="paper")
        self.confirm.clicked.connect(self._answer)
        cancel = ActionButton(texts("form.cancel"), keys="Esc")
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("prints.books"), 1.3))
        layout.addWidget(muted(texts("prints.books_more")))
        layout.addWidget(self.form, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.confirm)
        layout.addLayout(row)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def _answer(self) -> None:
        answers = self.form.answers()
        fields = answers.fields
        if not answers.wrong and fields["last_day"] < fields["first_day"]:
            answers.wrong["last_day"] = "prints.days_turned"
        self.form.show_wrong(answers.wrong)
        if not answers.wrong:
            self.answered.emit(fields["book"], date.fromisoformat(fields["first_day"]),
                               date.fromisoformat(fields["last_day"]))
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()
            return
        super().keyPressEvent(event)
