"""What the panel about a document's signatures asks for: a check again, report, evidence, the signed revision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal

from docclient.desk import rechecking
from docclient.desk.rechecking import Revisions
from docclient.desk.workplace import fetch_file
from docclient.office.door import Offer, Receipt
from docclient.office.model import Digest, DocumentId, new_id
from docclient.office.queries.verdicts import VerdictHistory, VerdictView
from ui.background import Lane, Report
from ui.screens.screen import Screen
from ui.screens.verification.comparison import Comparison, open_comparison
from ui.screens.verification.saving import ask_target
from ui.state.document_page import DocumentShown
from ui.state.signatures import checks_of
from ui.state.verdicts import Conclusion, VerdictShown
from ui.widgets.verdict_banner import VerdictBanner
from ui.widgets.verdict_panel import VerdictPanel


class SignatureActs(QObject):
    """Serves one panel of a screen; everything slow runs on lanes."""

    rechecked = Signal(object)              # the Receipt
    trust_wanted = Signal()

    def __init__(self, screen: Screen, panel: VerdictPanel, banner: VerdictBanner) -> None:
        super().__init__(screen)
        self._screen, self._panel, self._banner = screen, panel, banner
        self.shown: DocumentShown | None = None
        self.comparison: Comparison | None = None
        panel.recheck_wanted.connect(self.recheck)
        panel.report_wanted.connect(lambda _answer: self.ask_report())
        panel.evidence_wanted.connect(self.ask_evidence)
        panel.revision_wanted.connect(self.compare)
        panel.revision_save_wanted.connect(self.ask_revision)
        panel.trust_wanted.connect(self.trust_wanted)

    def show(self, shown: DocumentShown) -> None:
        """The panel of that document; its history follows when the office has answered."""
        earlier, self.shown = self.shown, shown
        panel = shown.panel
        if earlier is not None and earlier.id == shown.id and earlier.panel.report == panel.report:
            panel = shown.panel_with(self._panel.shown.checks)      # nothing new: no flicker while it is asked again
        self._panel.show_panel(panel)
        digest = shown.verified
        if digest is not None:
            self._screen.ask(VerdictHistory(shown.id, digest), lambda found: self._show_history(shown.id, found),
                             place="verdicts")

    def _show_history(self, document: DocumentId, history: tuple[VerdictView, ...]) -> None:
        if self.shown is not None and self.shown.id == document:
            self._panel.show_panel(self.shown.panel_with(checks_of(history, self._screen.texts)))

    # again

    def recheck(self, offer: Offer) -> None:
        """Verify again, off the window's thread; the banner says so until the new verdict is there."""
        screen, office = self._screen, self._screen.session.office
        before = self.shown.verdict if self.shown is not None else None
        self._banner.show_verdict(VerdictShown.of(Conclusion.CHECKING, "", screen.texts))
        self._panel.recheck.setEnabled(False)
        key = new_id()

        def done(receipt: Receipt) -> None:
            self._panel.recheck.setEnabled(True)
            screen.session.tell.good("verdict_panel.rechecked")
            self.rechecked.emit(receipt)

        def failed(error: Exception) -> None:
            self._panel.recheck.setEnabled(True)
            if self.shown is not None and self.shown.id == offer.document:
                self._banner.show_verdict(before)
            screen.session.tell.trouble(error)

        screen.background.run(
            self, Lane.NET, lambda _report, _stop: rechecking.recheck(office, offer.document, offer.version, key=key),
            done=done, failed=failed)

    # taken away

    def ask_report(self) -> None:
        if self.shown is not None:
            texts = self._screen.texts
            ask_target(self._screen, texts("saving.report"),
                       f"{Path(self.shown.panel.name).stem}-{texts('saving.report_name')}.pdf", self.save_report,
                       filters=texts("saving.report_kinds"))

    def save_report(self, target: Path) -> None:
        found = self._verified()
        if found is not None:
            office, language = self._screen.session.office, self._screen.texts.language
            shown, digest = found
            answer, name = dict(shown.panel.report or {}), shown.panel.name
            self._save(lambda: rechecking.save_report(office, answer, digest, name, target, language))

    def ask_evidence(self, digest: Digest) -> None:
        if self.shown is not None:
            texts = self._screen.texts
            ask_target(self._screen, texts("saving.evidence"),
                       f"{Path(self.shown.panel.name).stem}-{texts('saving.evidence_name')}.zip",
                       lambda target: self.save_evidence(digest, target))

    def save_evidence(self, digest: Digest, target: Path) -> None:
        office = self._screen.session.office
        self._save(lambda: fetch_file(office, digest, target))

    def ask_revision(self, field: str) -> None:
        if self.shown is not None:
            texts = self._screen.texts
            ask_target(self._screen, texts("saving.revision"),
                       f"{Path(self.shown.panel.name).stem}-{texts('saving.revision_name')}.pdf",
                       lambda target: self.save_revision(field, target))

    def save_revision(self, field: str, target: Path) -> None:
        found = self._verified()
        if found is not None:
            office, digest = self._screen.session.office, found[1]
            self._save(lambda: rechecking.save_signed_revision(office, digest, field, target))

    def compare(self, field: str) -> None:
        """The signed revision beside the file as it is now."""
        found = self._verified()
        card = next((each for each in self._panel.shown.signatures if each.told.field == field), None)
        if found is None or card is None:
            return
        office, (shown, digest) = self._screen.session.office, found

        def cut(_report: Report, _stop: Event) -> Revisions:
            return rechecking.document_revisions(office, digest, field)

        def show(revisions: Revisions) -> None:
            screen = self._screen
            self.comparison = open_comparison(screen.session, screen, shown.panel.name, card.told, revisions)

        self._screen.work(cut, show, place="compare", lane=Lane.NET)

    def _verified(self) -> tuple[DocumentShown, Digest] | None:
        """The document with the file that the panel speaks of."""
        shown = self.shown
        return (shown, shown.verified) if shown is not None and shown.verified is not None else None

    def _save(self, write: Callable[[], Any]) -> None:
        tell = self._screen.session.tell
        self._screen.background.run(self, Lane.NET, lambda _report, _stop: write(),
                                    done=lambda target: tell.good("document.saved", file=target.name),
                                    failed=tell.trouble)
