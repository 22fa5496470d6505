"""The document page's way to its packets as files: of a document that goes out, one for each recipient, written without
a network; of one that came, the packet as it was received."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QMenu

from docclient.desk.packet_files import packet_file_name, packets_of, save_packet, save_packets
from docclient.desk.saved_copy import save_copy
from docclient.exchange.names import safe_file_name
from docclient.office.model import ISSUED_STATES, DocumentId, FileKind, Flow, Role
from docclient.office.queries.document_page import DocumentView
from docclient.office.queries.office import OutboxItem
from ui.background import Lane, Report
from ui.screens.screen import Screen
from ui.screens.verification.saving import ask_target
from ui.widgets.action_button import ActionButton


class PacketCare(QObject):
    """Works for the document's screen. The button is there where there is a packet to save."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._view: DocumentView | None = None
        self.button = ActionButton(screen.texts("packet_save.button"), picture="save", keys="Alt+G", parent=screen)
        self.button.hide()
        self.button.clicked.connect(self.begin)
        self.menu = QMenu(self.button)

    def show(self, view: DocumentView) -> None:
        self._view = view
        clerk = Role.CLERK in self._screen.session.office.me.roles
        self.button.setVisible(self._received() is not None if view.document.flow is Flow.INCOMING
                               else clerk and view.document.state in ISSUED_STATES)

    def _received(self) -> str | None:
        """The digest of the packet that the document came in."""
        files = self._view.files if self._view is not None else ()
        return next((file.current.digest for file in files if file.kind is FileKind.PACKET), None)

    def begin(self) -> None:
        view, screen = self._view, self._screen
        if view is None:
            return
        received = self._received()
        if received is not None:
            name = safe_file_name(f"{view.document.number_and_symbol or 'goi-tin'}.edxml")
            self._ask_file(name, partial(self.save_received, view.document.id, received))
            return
        office, document = screen.session.office, view.document.id
        screen.work(lambda _report, _stop: packets_of(office, document), self._offer, place="packets")

    def _offer(self, items: tuple[OutboxItem, ...]) -> None:
        texts = self._screen.texts
        if not items:
            self._screen.session.tell.news("packet_save.none")
        elif len(items) == 1:
            self._ask_one(items[0])
        else:
            self.menu.clear()
            self.menu.addAction(texts("packet_save.choose")).setEnabled(False)
            for item in items:
                self.menu.addAction(item.recipient_name, partial(self._ask_one, item))
            self.menu.addSeparator()
            self.menu.addAction(texts("packet_save.all", count=len(items)), partial(self._ask_folder, items))
            self.menu.popup(self.button.mapToGlobal(self.button.rect().bottomLeft()))

    def _ask_one(self, item: OutboxItem) -> None:
        self._ask_file(packet_file_name(item), partial(self.save_one, item))

    def _ask_file(self, name: str, then: Callable[[Path], object]) -> None:
        ask_target(self._screen, self._screen.texts("packet_save.button"), name, then,
                   filters=self._screen.texts("packet_save.files"))

    def _ask_folder(self, items: tuple[OutboxItem, ...]) -> None:
        dialog = QFileDialog(self._screen, self._screen.texts("packet_save.button"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(lambda chosen: self.save_all(items, Path(chosen)))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # what is saved

    def save_received(self, document: DocumentId, digest: str, target: Path) -> None:
        office = self._screen.session.office
        self._save(lambda: save_copy(office, document, digest, target), "packet_save.saved", file=str(target))

    def save_one(self, item: OutboxItem, target: Path) -> None:
        office = self._screen.session.office
        self._save(lambda: save_packet(office, item, target), "packet_save.saved", file=str(target))

    def save_all(self, items: tuple[OutboxItem, ...], folder: Path) -> None:
        office = self._screen.session.office
        self._save(lambda: save_packets(office, items, folder), "packet_save.saved_all", count=len(items),
                   folder=str(folder))

    def _save(self, save: Callable[[], object], told: str, **blanks: object) -> None:
        session = self._screen.session

        def work(_report: Report, _stop: Event) -> object:
            return save()

        session.background.run(self, Lane.STORE, work, done=lambda _saved: session.tell.good(told, **blanks),
                               failed=session.tell.trouble)
