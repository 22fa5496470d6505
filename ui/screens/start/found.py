"""Found a new office: the agency's few facts."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from docclient.office.door import Ask, AskKind
from docclient.office.errors import FieldWrong
from docclient.office.founding import FoundOffice
from docclient.office.model import today
from ui.dialogs.offer_dialog import scrolled
from ui.state.offers import Choices
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.labels import muted, plain, title

# field of FoundOffice → words code of its label
ASKED = ("name", "parent_name", "code", "symbol", "place", "administrator")


class FoundDialog(QDialog):
    """Says which office is to be founded."""

    wanted = Signal(object)         # FoundOffice

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setWindowTitle(texts("start.found_title"))
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 80)
        asks = tuple(Ask(f"found_{name}", AskKind.TEXT, name != "parent_name") for name in ASKED)
        self.form = FieldsForm(asks, Choices(), texts, today())
        self._trouble = plain()
        self._trouble.setProperty("role", "wrong")
        self._trouble.hide()
        self.confirm = ActionButton(texts("start.found"), keys="Ctrl+Return", rank=RANK_FIRST, picture="office")
        self.confirm.clicked.connect(self._confirm)
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        cancel.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(texts("start.found_title"), 1.3))
        layout.addWidget(muted(texts("start.found_explain")))
        layout.addWidget(scrolled(self.form), 1)
        layout.addWidget(self._trouble)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.confirm)
        layout.addLayout(row)

    def refuse(self, error: Exception) -> None:
        """Founding failed: say why, keep what was typed."""
        self.confirm.setEnabled(True)
        words = self._texts.trouble(error)
        wrong: Mapping[str, str] = {}
        if isinstance(error, FieldWrong):
            wrong = {f"found_{error.facts.get('field')}": words.sentence}
        self.form.show_wrong(dict(wrong))
        self._trouble.setText(f"{words.sentence} {words.advice}")
        self._trouble.setVisible(not set(wrong) & set(self.form.inputs))

    def _confirm(self) -> None:
        answers = self.form.answers()
        self.form.show_wrong(answers.wrong)
        self._trouble.hide()
        if answers.wrong:
            return
        self.confirm.setEnabled(False)
        given = {name.removeprefix("found_"): value for name, value in answers.fields.items()}
        self.wanted.emit(FoundOffice(**given))
