"""Entering documents that came by post, by e-mail or by hand: asks, stores the files, gives the command."""

from __future__ import annotations

import mimetypes
from pathlib import Path
from threading import Event
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from docclient.desk.workplace import put_file
from docclient.office.commands.entering import EnterIncoming
from docclient.office.door import Ask, Receipt
from docclient.office.errors import FieldWrong
from docclient.office.model import new_id
from docclient.office.queries.entering import EnterIncomingAsks
from docclient.office.registry import from_json
from ui.background import Lane, Report
from ui.dialogs.enter_dialog import EnterDialog
from ui.recipients import with_recipients
from ui.session import Session
from ui.state.directory import Directory
from ui.state.offers import Choices


class Entering(QObject):
    """One dialog at a time."""

    document_wanted = Signal(object)        # DocumentId: to register it

    def __init__(self, session: Session, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._window = session, window
        self.dialog: EnterDialog | None = None

    def begin(self) -> None:
        office, session = self._session.office, self._session

        def read(_report: Report, _stop: Event) -> tuple[tuple[Ask, ...], Choices]:
            return office.ask(EnterIncomingAsks()), with_recipients(Directory.read(office).choices(), session)

        self._session.background.run(self, Lane.STORE, read, done=lambda found: self._open(*found),
                                     failed=self._session.tell.trouble)

    def _open(self, asks: tuple[Ask, ...], choices: Choices) -> None:
        if self.dialog is not None:
            return
        dialog = self.dialog = EnterDialog(self._session.texts, asks, choices, self._session.today(), self._window)
        dialog.answered.connect(self._give)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _give(self, fields: dict[str, Any], files: tuple[Path, ...], another: bool) -> None:
        office, key, dialog = self._session.office, new_id(), self.dialog

        def give(_report: Report, _stop: Event) -> Receipt:
            received = [{"name": file.name, "digest": put_file(office, file),
                         "media_type": mimetypes.guess_type(file.name)[0] or "application/octet-stream"}
                        for file in files]
            return office.do(from_json(EnterIncoming, {**fields, "files": received}), key=key)

        def refused(error: Exception) -> None:
            if dialog is None or dialog is not self.dialog:
                self._session.tell.trouble(error)
                return
            words = self._session.texts.trouble(error)
            name = str(error.facts.get("name")) if isinstance(error, FieldWrong) else ""
            known = {name: words.sentence} if name in dialog.form.inputs else {}
            dialog.refuse("" if known else f"{words.sentence} {words.advice}", known)

        def done(receipt: Receipt) -> None:
            self._session.tell.good("enter.done", subject=fields.get("subject", ""))
            if dialog is not None and dialog is self.dialog and another:
                dialog.go_on()
                return
            if dialog is not None and dialog is self.dialog:
                dialog.accept()
            self.document_wanted.emit(receipt.document)

        self._session.background.run(self, Lane.NET, give, done=done, failed=refused)
