"""Verifying any PDF from outside: drop it or choose it; nothing is registered. The verdict comes first and grows."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from docclient.desk import rechecking
from docclient.desk.rechecking import Checked, Rechecked, Revisions
from docclient.office.queries.verdicts import DocumentInDoubt, DocumentsInDoubt
from signing.revisions import extract_revision
from signing.verifier import Verifier
from ui.background import Lane, Report
from ui.screens.screen import Screen
from ui.screens.verification.comparison import Comparison, open_comparison
from ui.screens.verification.saving import ask_target
from ui.session import Session
from ui.state.signatures import PanelShown, panel_of, verdict_of_answer
from ui.state.verdicts import Conclusion, VerdictShown
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.empty import Empty
from ui.widgets.labels import muted, title
from ui.widgets.panes import Panes
from ui.widgets.pdf_viewer import PdfViewer
from ui.widgets.verdict_banner import VerdictBanner
from ui.widgets.verdict_panel import VerdictPanel


class VerificationScreen(Screen):
    """One file at a time."""

    trust_wanted = Signal()
    told = Signal(str)              # a conclusion stands on the screen, the first or a later one

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        texts = self.texts
        self.file: Path | None = None
        self.checked: Checked | None = None
        self.comparison: Comparison | None = None
        self._verifier = Verifier()
        self.choose = ActionButton(texts("verification.choose"), picture="folder", keys="Ctrl+O", rank=RANK_FIRST)
        self.again = ActionButton(texts("verification.recheck_all"), picture="refresh")
        self._name, self._note = title(times=1.2), muted(texts("verification.not_kept"))
        self.viewer = PdfViewer(texts, self.background, session.renderer)
        self.banner = VerdictBanner()
        self.panel = VerdictPanel(texts, nothing="verification.no_signatures")
        self._stack = QStackedWidget()
        self._build()
        self.choose.clicked.connect(self.choose_file)
        self.again.clicked.connect(self.recheck_all)
        self.panel.page_wanted.connect(self.viewer.canvas.go_to)
        self.panel.report_wanted.connect(lambda _answer: self.ask_report())
        self.panel.evidence_wanted.connect(lambda _digest: self.ask_evidence())
        self.panel.revision_wanted.connect(self.compare)
        self.panel.revision_save_wanted.connect(self.ask_revision)
        self.panel.trust_wanted.connect(self.trust_wanted)

    def _build(self) -> None:
        texts = self.texts
        head = QHBoxLayout()
        head.addWidget(title(texts("verification.title")), 1)
        head.addWidget(self.again)
        head.addWidget(self.choose)
        self.page.addLayout(head)
        self.again.hide()
        side, right = QVBoxLayout(), QWidget()
        right.setLayout(side)
        side.setContentsMargins(6, 0, 0, 0)
        side.setSpacing(8)
        side.addWidget(self._name)
        side.addWidget(self._note)
        side.addWidget(self.banner)
        side.addWidget(self.panel, 1)
        self._stack.addWidget(Empty("verify", texts("verification.empty"), texts("verification.empty_more")))
        self._stack.addWidget(Panes(((self.viewer, 0, 40), (right, 62, 44))))
        self.page.addWidget(self._stack, 1)

    # what is shown

    def enter(self, target: Any = None) -> None:
        super().enter(target)
        self._warm()
        if isinstance(target, Path):
            self.open_file(target)
        elif self.file is None:
            self.choose.setFocus()

    def refresh(self) -> None:
        self.ask(DocumentsInDoubt(), self._count_in_doubt, place="doubt")

    def _count_in_doubt(self, found: tuple[DocumentInDoubt, ...]) -> None:
        self.again.setVisible(bool(found))
        self.again.setText(self.texts("verification.recheck_all_count", count=len(found)))
        self.again.setAccessibleName(self.again.text())

    def _warm(self) -> None:
        """The verifying process comes up while the person chooses a file: a file that is not there costs nothing."""
        verifier = self._verifier

        def warm(_report: Report, _stop: Event) -> None:
            verifier.warm()

        self.background.run(self, Lane.PROCESSOR, warm)

    def choose_file(self) -> None:
        dialog = QFileDialog(self, self.texts("verification.choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.texts("verification.files") + " (*.pdf)", "* (*)"])
        dialog.fileSelected.connect(lambda chosen: self.open_file(Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def open_file(self, file: Path) -> None:
        """Show its pages and begin to verify it; an earlier file's verdict is gone at once."""
        self.file, self.checked = file, None
        self._name.setText(file.name)
        self._stack.setCurrentIndex(1)
        self.banner.show_verdict(VerdictShown.of(Conclusion.CHECKING, "", self.texts))
        self.panel.show_panel(PanelShown(file.name, None, ()))
        self.viewer.clear("viewer.loading")
        self.viewer.show_file(file)
        office, verifier = self.session.office, self._verifier

        def check(report: Report, _stop: Event) -> Checked:
            return rechecking.check_file(office, file, verifier, report)

        self.background.run(self, Lane.PROCESSOR, check, progress=self._grown, done=self._show,
                            failed=self.session.tell.trouble)

    def _grown(self, checked: Checked) -> None:
        """The first word, while the network is still asked."""
        if checked.file == self.file:
            self._show(checked)
            verdict = verdict_of_answer(checked.answer, self.texts)
            so_far = self.texts("verification.asking", so_far=verdict.sentence)
            self.banner.show_verdict(VerdictShown(verdict.conclusion, verdict.tone, verdict.word, so_far))

    def _show(self, checked: Checked) -> None:
        if checked.file != self.file:           # another one was opened meanwhile
            return
        self.checked = checked
        answer = checked.answer
        self.banner.show_verdict(verdict_of_answer(answer, self.texts))
        self.panel.show_panel(panel_of(answer, self.texts, name=checked.file.name))
        self.panel.evidence.setVisible(bool(checked.report.signatures) and checked.report.evidence is not None)
        self.told.emit(checked.report.conclusion.value)

    # what is done with it

    def ask_report(self) -> None:
        checked = self.checked
        if checked is not None:
            ask_target(self, self.texts("saving.report"), f"{checked.file.stem}-{self.texts('saving.report_name')}.pdf",
                       self.save_report, filters=self.texts("saving.report_kinds"))

    def save_report(self, target: Path) -> None:
        checked, office, language = self.checked, self.session.office, self.texts.language
        if checked is not None:
            self._save(lambda: rechecking.save_file_report(office, checked, target, language))

    def ask_evidence(self) -> None:
        checked = self.checked
        if checked is not None:
            ask_target(self, self.texts("saving.evidence"),
                       f"{checked.file.stem}-{self.texts('saving.evidence_name')}.zip", self.save_evidence)

    def save_evidence(self, target: Path) -> None:
        checked = self.checked
        if checked is not None:
            self._save(lambda: rechecking.save_file_evidence(checked, target))

    def ask_revision(self, field: str) -> None:
        file = self.file
        if file is not None:
            ask_target(self, self.texts("saving.revision"), f"{file.stem}-{self.texts('saving.revision_name')}.pdf",
                       lambda target: self.save_revision(field, target))

    def save_revision(self, field: str, target: Path) -> None:
        file = self.file
        if file is not None:
            self._save(lambda: extract_revision(file, field, target))

    def _save(self, write: Any) -> None:
        tell = self.session.tell
        self.background.run(self, Lane.NET, lambda _report, _stop: write(),
                            done=lambda target: tell.good("document.saved", file=target.name), failed=tell.trouble)

    def compare(self, field: str) -> None:
        """The signed revision beside the file as it is."""
        file = self.file
        card = next((each for each in self.panel.shown.signatures if each.told.field == field), None)
        if file is None or card is None:
            return

        def cut(_report: Report, _stop: Event) -> Revisions:
            return rechecking.revisions_of(file, field)

        def show(revisions: Revisions) -> None:
            self.comparison = open_comparison(self.session, self, file.name, card.told, revisions)

        self.work(cut, show, place="compare", lane=Lane.NET)

    def recheck_all(self) -> None:
        """Every document in doubt, with the trust and the evidence of now."""
        office = self.session.office
        self.again.setEnabled(False)

        def again(report: Report, stop: Event) -> Rechecked:
            return rechecking.recheck_all_in_doubt(office, report, stop)

        def done(found: Rechecked) -> None:
            self.again.setEnabled(True)
            self.session.tell.good("verification.rechecked", done=found.done, settled=found.settled)
            for trouble in found.troubles[:1]:
                self.session.tell.trouble(trouble)
            self.refresh()

        def failed(error: Exception) -> None:
            self.again.setEnabled(True)
            self.session.tell.trouble(error)

        def progress(number: int, count: int) -> None:
            self.again.setText(self.texts("verification.rechecking", number=number, count=count))

        self.background.run(self, Lane.NET, again, progress=progress, done=done, failed=failed)

    def end(self) -> None:
        """The desk closes."""
        self._verifier.close()
