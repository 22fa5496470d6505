"""The fields read from a page, the doubtful ones on top. Enter takes what is sure as it is and goes from one doubtful
field to the next, then to the button; Enter there, or Ctrl+Enter anywhere, registers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from docclient.desk.paper_words import NEVER_LEARNED
from docclient.office.errors import FieldWrong
from docclient.office.queries.duplicates import TwinView
from ui.state.intake import IntakeForm
from ui.state.offers import Choices
from ui.state.outlines import POINTS_PER_MM
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.flow_layout import FlowLayout, growing
from ui.widgets.labels import Toned, ToneMark, muted, strong
from ui.widgets.twin_bar import TwinBar


class ConfirmPanel(QFrame):
    """A form made anew for each letter."""

    entered = Signal(str)           # the field's name
    changed = Signal()              # what a field says
    confirmed = Signal(object)      # the fields, JSON-ready
    page_wanted = Signal()
    compare_wanted = Signal(object)     # TwinView
    words_wanted = Signal()             # to walk through the words that were read with doubt
    every_word_wanted = Signal()        # to read through the page's words from where the cursor is

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.setProperty("role", "card")
        self.intake: IntakeForm | None = None
        self.form: FieldsForm | None = None
        self._first: dict[str, Any] = {}        # as the form was when it came
        self._looked = set[str]()               # fields that were passed over with Enter
        self.last_field = ""                    # the one that had the cursor last, before a button took it
        self._mark, self._summary = ToneMark(Tone.GOOD, 20), Toned(Tone.GOOD)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.confirm = ActionButton(texts("paper.confirm"), keys="Ctrl+Return", picture="seal", rank=RANK_FIRST)
        self.confirm.clicked.connect(self._confirm)
        self.open_page = ActionButton(texts("paper.open_page"), keys="Alt+Return", picture="document")
        self.open_page.clicked.connect(self.page_wanted)
        self.words = ActionButton("", keys="Alt+S")
        self.words.clicked.connect(self.words_wanted)
        self.words.hide()
        self.every_word = ActionButton(texts("doubted.every"), keys="Alt+W")
        self.every_word.setToolTip(texts("doubted.every_hint"))
        self.every_word.clicked.connect(self.every_word_wanted)
        self.every_word.hide()
        self.next_number, self.watch = muted(small=True), muted(small=True)
        self.twin_bar = TwinBar(texts)
        self._twins: tuple[TwinView, ...] = ()
        self.twin_bar.hide()
        self.twin_bar.compare_wanted.connect(self.compare_wanted)
        self._since = QElapsedTimer()           # how long this letter takes: for whoever sits here, kept nowhere
        self._tick = QTimer(self, interval=1_000)
        self._tick.timeout.connect(self._show_time)
        about = QHBoxLayout()
        about.addWidget(self.next_number, 1)
        about.addWidget(self.watch)
        summary = QHBoxLayout()
        summary.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        summary.addWidget(self._summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 12, 14)
        layout.setSpacing(8)
        layout.addWidget(strong(texts("paper.check")))
        layout.addLayout(summary)
        layout.addLayout(about)
        layout.addWidget(self.twin_bar)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.confirm)
        beneath = QWidget()
        acts = FlowLayout(beneath)              # large type makes two lines of it
        for button in (self.words, self.every_word):
            acts.addWidget(growing(button))
        layout.addWidget(beneath)
        layout.addWidget(self.open_page)

    def clear(self) -> None:
        self.intake = self.form = None
        self._area.setWidget(QWidget())
        self.confirm.setEnabled(False)
        self._summary.setText("")
        self.next_number.setText("")
        self.watch.setText("")
        self._tick.stop()
        self._mark.hide()
        self.show_twins(())
        self.words.hide()
        self.every_word.hide()

    def show_words(self, count: int, *, some: bool) -> None:
        """count: words that were read with doubt and nobody has looked at. some: there are words to be put right."""
        self.words.setText(self._texts("doubted.button", count=count))
        self.words.setVisible(count > 0)
        self.every_word.setVisible(some)

    def put_right(self, page: int, box_mm: tuple[float, float, float, float], read: str, meant: str) -> None:
        """A word that stands within a field's place on the page is put right in the field too, where it stands there
        once as it was read. A number, a symbol and a date are the person's own to change."""
        if self.intake is None or self.form is None:
            return
        middle = [(box_mm[0] + box_mm[2]) / 2 * POINTS_PER_MM, (box_mm[1] + box_mm[3]) / 2 * POINTS_PER_MM]
        for outline in self.intake.outlines:
            field = self.form.inputs.get(outline.key)
            if outline.key in NEVER_LEARNED or outline.page != page \
                    or not outline.left <= middle[0] <= outline.left + outline.width \
                    or not outline.top <= middle[1] <= outline.top + outline.height:
                continue
            if isinstance(field, QLineEdit) and field.text().split().count(read) == 1:
                field.setText(replaced_word(field.text(), read, meant))
            elif isinstance(field, QPlainTextEdit) and field.toPlainText().split().count(read) == 1:
                field.setPlainText(replaced_word(field.toPlainText(), read, meant))

    def show_form(self, intake: IntakeForm, choices: Choices, today: date, *, may_confirm: bool) -> None:
        self.intake = intake
        form = self.form = FieldsForm(intake.asks, choices, self._texts, today, notes=intake.notes)
        form.setObjectName("scrolled")
        form.layout().setContentsMargins(0, 0, 10, 0)
        form.entered.connect(self._entered)
        form.changed.connect(self.changed)
        self._area.setWidget(form)
        self._first, self._looked, self.last_field = form.answers().fields, set[str](), ""
        doubtful = len(intake.doubtful)
        tone = Tone.DOUBT if doubtful else Tone.GOOD
        self._mark.show_tone(tone)
        self._mark.show()
        self._summary.show_tone(tone)
        self._summary.setText(self._texts("paper.doubtful", count=doubtful) if doubtful else
                              self._texts("paper.all_sure"))
        self.confirm.setEnabled(may_confirm)
        self._since.start()
        self._show_time()
        self._tick.start()

    def show_number(self, next_number: int | None) -> None:
        """The one it will get."""
        self.next_number.setText(
            self._texts("paper.next_number", number=next_number) if next_number is not None else "")

    def show_twins(self, twins: Sequence[TwinView]) -> None:
        """Documents that seem to be the same; of one that stands there already, what was said of it stays."""
        registered = tuple(each for each in twins if each.arrival_number is not None)
        if registered != self._twins:
            self._twins = registered
            self.twin_bar.show_twins(registered)
        self.twin_bar.setVisible(bool(registered))

    @property
    def twins(self) -> tuple[TwinView, ...]:
        """The registered ones that are told, also while the screen is hidden."""
        return self._twins

    @property
    def seconds(self) -> int:
        """Since this letter's form came, for the person before it."""
        return int(self._since.elapsed() // 1_000) if self._since.isValid() else 0

    def _show_time(self) -> None:
        self.watch.setText(self._texts("paper.watch", minutes=self.seconds // 60, seconds=f"{self.seconds % 60:02}"))

    def said(self) -> dict[str, Any]:
        """What the person typed here, and what they passed over with Enter: by field, as the form answers it."""
        if self.form is None:
            return {}
        now = self.form.answers().fields
        return {name: value for name, value in now.items() if value not in (None, "", [])
                and (name in self._looked or value != self._first.get(name))}

    @property
    def field_with_cursor(self) -> str:
        """The one that has it, or had it last; "" for none."""
        inside = self.focusWidget()
        if self.form is None or inside is None:
            return ""
        return next((name for name, field in self.form.inputs.items() if field is inside
                     or field.isAncestorOf(inside)), "")

    def begin(self, where: str = "") -> None:
        """The cursor into the first doubtful field; where all is sure, to the button: one Enter is enough. where: the
        field to go on in."""
        if self.form is not None and where in self.form.inputs and self.isVisible():
            self.form.inputs[where].setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.form is not None and self.intake is not None and self.isVisible():
            self._go_to(self.intake.doubtful[0] if self.intake.doubtful else "")

    def _go_to(self, name: str) -> None:
        """name: of a field; "" for the button, or the first field where nothing can be confirmed."""
        if name and self.form is not None:
            self.form.inputs[name].setFocus(Qt.FocusReason.TabFocusReason)
        elif self.confirm.isEnabled():
            self.confirm.setFocus(Qt.FocusReason.TabFocusReason)
        elif self.form is not None:
            self.form.setFocus(Qt.FocusReason.TabFocusReason)

    def _next_doubtful(self) -> str:
        """Behind the field that has the cursor, in the order of the form."""
        assert self.form is not None and self.intake is not None
        names = list(self.form.inputs)
        at = next((place for place, name in enumerate(names)
                   if self.form.inputs[name].isAncestorOf(self.focusWidget()) or
                   self.form.inputs[name] is self.focusWidget()), -1) if self.focusWidget() is not None else -1
        return next((name for name in names[at + 1:] if name in self.intake.doubtful), "")

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
        self.last_field = name
        if self.form is not None:
            self._area.ensureWidgetVisible(self.form.inputs[name], 20, 80)
        self.entered.emit(name)

    def _confirm(self) -> None:
        if self.form is None:
            return
        answers = self.form.answers()
        self.form.show_wrong(answers.wrong)
        if not answers.wrong:
            twin = self.twin_bar.seen_twin()
            self.confirmed.emit({**answers.fields, **({"duplicate_seen": twin} if twin is not None else {})})

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.confirm.hasFocus():
                self.confirm.click()
            elif self.form is not None:
                self._looked.add(self.field_with_cursor)
                self._go_to(self._next_doubtful())
            return
        super().keyPressEvent(event)


def replaced_word(text: str, read: str, meant: str) -> str:
    """The whole word `read`, which stands in `text` once, as a person saw it."""
    return re.sub(rf"(?<!\S){re.escape(read)}(?!\S)", lambda _: meant, text)
