"""The fields read from a page, the doubtful ones on top; Enter goes from field to field, Ctrl+Enter registers."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from docclient.office.errors import FieldWrong
from ui.state.intake import IntakeForm
from ui.state.offers import Choices
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.labels import Toned, ToneMark, strong


class ConfirmPanel(QFrame):
    """A form made anew for each letter."""

    entered = Signal(str)           # the field's name
    confirmed = Signal(object)      # the fields, JSON-ready
    page_wanted = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setProperty("role", "card")
        self.intake: IntakeForm | None = None
        self.form: FieldsForm | None = None
        self._mark, self._summary = ToneMark(Tone.GOOD, 20), Toned(Tone.GOOD)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.confirm = ActionButton(texts("paper.confirm"), keys="Ctrl+Return", picture="seal", rank=RANK_FIRST)
        self.confirm.clicked.connect(self._confirm)
        self.open_page = ActionButton(texts("paper.open_page"), keys="Alt+Return", picture="document")
        self.open_page.clicked.connect(self.page_wanted)
        summary = QHBoxLayout()
        summary.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        summary.addWidget(self._summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 12, 14)
        layout.setSpacing(8)
        layout.addWidget(strong(texts("paper.check")))
        layout.addLayout(summary)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.confirm)
        layout.addWidget(self.open_page)

    def clear(self) -> None:
        self.intake = self.form = None
        self._area.setWidget(QWidget())
        self.confirm.setEnabled(False)
        self._summary.setText("")
        self._mark.hide()

    def show_form(self, intake: IntakeForm, choices: Choices, today: date, *, may_confirm: bool) -> None:
        self.intake = intake
        form = self.form = FieldsForm(intake.asks, choices, self._texts, today, notes=intake.notes)
        form.setObjectName("scrolled")
        form.layout().setContentsMargins(0, 0, 10, 0)
        form.entered.connect(self._entered)
        self._area.setWidget(form)
        doubtful = len(intake.doubtful)
        tone = Tone.DOUBT if doubtful else Tone.GOOD
        self._mark.show_tone(tone)
        self._mark.show()
        self._summary.show_tone(tone)
        self._summary.setText(self._texts("paper.doubtful", count=doubtful) if doubtful else
                              self._texts("paper.all_sure"))
        self.confirm.setEnabled(may_confirm)

    def begin(self) -> None:
        """The cursor into the first field."""
        if self.form is not None and self.isVisible():
            self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def enable(self, on: bool) -> None:
        self.confirm.setEnabled(on)
        if self.form is not None:
            self.form.setEnabled(on)

    def show_picture(self, name: str, picture: QPixmap) -> None:
        if self.form is not None:
            self.form.show_picture(name, picture)

    def refuse(self, error: Exception) -> None:
        """The office did not accept a field: say so at the field."""
        if self.form is not None and isinstance(error, FieldWrong):
            name = str(error.facts.get("field"))
            if name in self.form.inputs:
                self.form.show_wrong({name: self._texts.trouble(error).sentence})

    def _entered(self, name: str) -> None:
        if self.form is not None:
            self._area.ensureWidgetVisible(self.form.inputs[name], 20, 80)
        self.entered.emit(name)

    def _confirm(self) -> None:
        if self.form is None:
            return
        answers = self.form.answers()
        self.form.show_wrong(answers.wrong)
        if not answers.wrong:
            self.confirmed.emit(answers.fields)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.focusNextChild()
            return
        super().keyPressEvent(event)
