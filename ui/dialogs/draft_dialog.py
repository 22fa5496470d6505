"""A draft: choose the file (.docx or PDF), say what it is, to whom, who signs. Converting shows its progress here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from docclient.desk.drafting import ProposedDraft
from docclient.office.door import Ask, Receipt
from docclient.office.errors import FieldWrong
from docclient.office.queries.outgoing import NumberPreviewView
from signing.form import DAY, ISSUED_DATE, MONTH, NUMBER, YEAR
from signing.page import Place
from signing.prepare import Places
from ui.background import Background, Job, Lane, Report
from ui.dialogs.growing import GrowingDialog
from ui.dialogs.offer_dialog import scrolled
from ui.dialogs.placement_dialog import PlacementDialog
from ui.rendering.renderer import Renderer
from ui.state.offers import Choices
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.fields_form import FieldsForm
from ui.widgets.labels import muted, plain, strong, title
from ui.widgets.placement import PlacementTask
from ui.widgets.progress_strip import ProgressStrip

KINDS = ("*.docx", "*.doc", "*.odt", "*.rtf", "*.pdf")
SAMPLES = {NUMBER: "15", DAY: "05", MONTH: "03", YEAR: "2026", ISSUED_DATE: "ngày 05 tháng 03 năm 2026"}
"""What stands in the fields while they are moved about: a number of usual length, a date."""

Propose = Callable[[Path, Path, Report, Event], ProposedDraft]
"""Runs off the window's thread: file, folder for what is made of it, progress, stop → the draft and its places."""

CarryOut = Callable[[dict[str, Any], ProposedDraft, Places], Receipt]
"""Runs off the window's thread: fields (JSON-ready), draft, where its fields go → the office's receipt."""

Preview = Callable[[str, str], NumberPreviewView]
"""Runs off the window's thread: type, council → the number that the document would get now."""


class DraftDialog(GrowingDialog):
    """Stays open until the office has the draft; nothing typed is lost when the file turns out bad.

    Where a place is a guess the person looks at it before the draft is kept; elsewhere only who wants to.
    """

    drafted = Signal(object)        # Receipt

    def __init__(self, texts: Texts, background: Background, heading: str, asks: Sequence[Ask], choices: Choices,
                 today: date, propose: Propose, carry_out: CarryOut, renderer: Renderer,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._background, self._renderer = texts, background, renderer
        self._propose, self._carry_out = propose, carry_out
        self._stop: Event | None = None
        self._folder = TemporaryDirectory(prefix="docclient-", ignore_cleanup_errors=True)
        self._fields: dict[str, Any] = {}
        self.placing: PlacementDialog | None = None
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setAcceptDrops(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 88)
        self.file = QLineEdit()
        self.file.setPlaceholderText(texts("draft.file_hint"))
        self.file.setAccessibleName(texts("draft.file"))
        self.browse = ActionButton(texts("draft.browse"), picture="folder", keys="Ctrl+O")
        self.browse.clicked.connect(self._browse)
        self.form = FieldsForm(asks, choices, texts, today)
        self.number = muted()
        self.number.hide()
        self._previewed: tuple[str, str] | None = None
        self.look = QCheckBox(texts("placement.before_saving"))
        self.progress = ProgressStrip(texts)
        self._trouble = plain()
        self._trouble.setProperty("role", "wrong")
        self._trouble.hide()
        self.confirm = ActionButton(texts("draft.confirm"), keys="Ctrl+Return", rank=RANK_FIRST, picture="draft")
        self.confirm.clicked.connect(self._begin)
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.cancel.clicked.connect(self.reject)
        self._build(heading, bool(asks))

    def _build(self, heading: str, has_fields: bool) -> None:
        texts, layout = self._texts, QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(10)
        layout.addWidget(title(heading, 1.3))
        layout.addWidget(muted(texts("draft.explain")))
        label = strong(texts("draft.file"))
        label.setBuddy(self.file)
        layout.addWidget(label)
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.browse)
        layout.addLayout(row)
        if has_fields:
            layout.addSpacing(4)
            layout.addWidget(scrolled(self.form), 1)
        layout.addWidget(self.number)
        layout.addWidget(self.look)
        layout.addWidget(self._trouble)
        layout.addWidget(self.progress)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.confirm)
        layout.addLayout(buttons)
        self.file.setFocus(Qt.FocusReason.OtherFocusReason)

    def preview_number(self, ask: Preview) -> None:
        """Tell, as the type is chosen, which number the document would get now. Nothing is taken."""

        def show(found: NumberPreviewView) -> None:
            self.number.setText(self._texts("outgoing.preview", number=found.line.removeprefix("Số: "),
                                            register=found.register))
            self.number.setVisible(bool(found.line))

        def look() -> None:
            fields = self.form.answers().fields
            asked = (str(fields.get("type_name", "")), str(fields.get("council", "")))
            if asked != self._previewed and asked[0]:
                self._previewed = asked
                self._background.run(self, Lane.STORE, lambda _report, _stop: ask(*asked), done=show,
                                     failed=lambda _error: self.number.hide())      # the type is still being typed

        self.form.changed.connect(look)
        look()

    def choose_file(self, file: Path) -> None:
        self.file.setText(str(file))
        if self.form.inputs:
            self.form.setFocus()

    def _browse(self) -> None:
        texts = self._texts
        dialog = QFileDialog(self, texts("draft.browse"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{texts('draft.kinds')} ({' '.join(KINDS)})")
        dialog.fileSelected.connect(lambda chosen: self.choose_file(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _begin(self) -> None:
        answers, file = self.form.answers(), self.file.text().strip()
        self.form.show_wrong(answers.wrong)
        self._say("" if file else self._texts("draft.no_file"))
        if answers.wrong or not file:
            return
        propose, folder, path = self._propose, Path(self._folder.name), Path(file).expanduser()
        self._fields = answers.fields
        self._work(lambda report, stop: propose(path, folder, report, stop), self._proposed)

    def _work(self, job: Job, done: Callable[[Any], None]) -> None:
        self._enable(False)
        self._stop = self._background.run(
            self, Lane.PROCESSOR, job, progress=self.progress.progress, done=done, failed=self._failed,
            stopped=self._stopped)
        self.progress.begin(self._texts("draft.converting"), self._stop)

    def _proposed(self, draft: ProposedDraft) -> None:
        """The places are known: whoever wants to, or has to, looks at them first."""
        self._ended()
        guessed = any(not place.certain for place in draft.places.by_field().values())
        if guessed or self.look.isChecked():
            self._place(draft)
        else:
            self._keep(draft, draft.places)

    def _place(self, draft: ProposedDraft) -> None:
        task = PlacementTask(draft.pdf, draft.places.by_field(), samples=SAMPLES)
        dialog = self.placing = PlacementDialog(
            self._texts, self._background, self._renderer, task, about=draft.name, explain="placement.explain_draft",
            parent=self)

        def taken(places: dict[str, Place]) -> None:
            chosen = draft.places
            for field, place in places.items():
                chosen = chosen.moved(field, place)
            self._keep(draft, chosen)

        dialog.taken.connect(taken)
        dialog.finished.connect(self._placed)
        dialog.open()

    def _placed(self) -> None:
        if self.placing is not None:
            self.placing.deleteLater()
            self.placing = None

    def _keep(self, draft: ProposedDraft, places: Places) -> None:
        carry_out, fields = self._carry_out, self._fields
        self._work(lambda _report, _stop: carry_out(fields, draft, places), self._done)

    def _done(self, receipt: Receipt) -> None:
        self._ended()
        self.accept()
        self.drafted.emit(receipt)

    def _failed(self, error: Exception) -> None:
        self._ended()
        words = self._texts.trouble(error)
        name = str(error.facts.get("field")) if isinstance(error, FieldWrong) else ""
        if name in self.form.inputs:
            self.form.show_wrong({name: words.sentence})
        else:
            self._say(f"{words.sentence} {words.advice}")

    def _stopped(self) -> None:
        self._ended()

    def _ended(self) -> None:
        self._stop = None
        self.progress.end()
        self._enable(True)

    def _enable(self, on: bool) -> None:
        for part in (self.confirm, self.browse, self.file, self.form, self.look):
            part.setEnabled(on)

    def _say(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def reject(self) -> None:
        """Esc while a file is being converted stops that first."""
        if self._stop is not None:
            self.progress.cancel.click()
            return
        super().reject()

    def done(self, result: int) -> None:
        self._folder.cleanup()
        super().done(result)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.choose_file(files[0])
            event.acceptProposedAction()
