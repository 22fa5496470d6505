"""While a person does something elsewhere: types the PIN on the device, confirms on a phone, plugs a token in."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from signing.remote.key import Waiting
from signing.remote.provider import Stage
from ui.dialogs.growing import GrowingDialog
from ui.icons import pixmap
from ui.texts import Texts
from ui.theme import ACCENT, heading_font
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, strong, title

SHOWN_DOCUMENTS = 6


class WaitingDialog(GrowingDialog):
    """A picture, a heading, what to do, and a way out. Closed by whoever opened it."""

    given_up = Signal()

    def __init__(self, texts: Texts, picture: str, heading: str, what: str, *, way_out: str,
                 parent: QWidget | None = None) -> None:
        """way_out: what the button says that ends the waiting; empty where nothing can end it."""
        super().__init__(parent)
        self._texts, self._over = texts, False
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 66)
        image = QLabel()
        image.setPixmap(pixmap(picture, 44, ACCENT, self.devicePixelRatioF()))
        self.what = plain(what)
        self.column = QVBoxLayout()
        self.column.setSpacing(10)
        self.column.addWidget(title(heading, 1.3))
        self.column.addWidget(self.what)
        self.buttons = QHBoxLayout()
        self.buttons.addStretch(1)
        self.cancel = ActionButton(way_out, keys="Esc")
        if not way_out:
            self.cancel.hide()
        self.cancel.clicked.connect(self.reject)
        self.buttons.addWidget(self.cancel)
        body = QHBoxLayout()
        body.setSpacing(18)
        body.addWidget(image, 0, Qt.AlignmentFlag.AlignTop)
        body.addLayout(self.column, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(14)
        layout.addLayout(body)
        layout.addLayout(self.buttons)
        self.setAccessibleDescription(f"{heading} {what}")

    def over(self) -> None:
        """The waiting has ended by itself."""
        self._over = True
        self.accept()

    def reject(self) -> None:
        if not self._over and self.cancel.text():
            self._over = True
            self.given_up.emit()
            super().reject()


class OwnEntryDialog(WaitingDialog):
    """The token asks for its PIN by itself: nothing is typed here."""

    def __init__(self, texts: Texts, what: str, token: str, holder: str, tries: str,
                 parent: QWidget | None = None) -> None:
        """tries: the line about the tries left; empty where nothing is to be told."""
        super().__init__(texts, "token", texts("own_entry.heading"), what, way_out="", parent=parent)
        self.column.addWidget(muted(texts("pin_dialog.token", token=token, holder=holder) if holder else token))
        self.column.addWidget(strong(texts("own_entry.do")))
        if tries:
            self.column.addWidget(plain(tries))


class PlugInDialog(WaitingDialog):
    """The token was pulled out of a running batch."""

    again = Signal()

    def __init__(self, texts: Texts, token: str, serial: str, parent: QWidget | None = None) -> None:
        super().__init__(texts, "token", texts("plug_in.heading"), texts("plug_in.what", token=token, serial=serial),
                         way_out=texts("plug_in.stop"), parent=parent)
        self.column.addWidget(muted(texts("plug_in.promise")))
        self.look = ActionButton(texts("plug_in.look"), keys="Alt+Return", rank=RANK_FIRST)
        self.look.clicked.connect(self.again)
        self.buttons.addWidget(self.look)

    def tell(self, text: str) -> None:
        """Why it does not go on yet."""
        self.what.setText(text)


class PhoneDialog(WaitingDialog):
    """A signature waits for the person's phone: the documents' ids for comparing, the stage, the time left."""

    def __init__(self, texts: Texts, waiting: Waiting, note: str = "", parent: QWidget | None = None) -> None:
        """note: what a person should know about the provider."""
        super().__init__(texts, "lock", texts("remote_wait.heading"),
                         texts("remote_wait.open_phone", provider=waiting.provider),
                         way_out=texts("remote_wait.stop"), parent=parent)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for identifier, name in waiting.documents[:SHOWN_DOCUMENTS]:
            shown = plain(identifier, selectable=True)
            font = heading_font(shown.font(), 1.5)
            shown.setFont(font)
            shown.setAccessibleName(texts("remote_wait.document", id=" ".join(identifier), title=name))
            form.addRow(shown, plain(name or texts("remote_wait.untitled")))
        self.column.addLayout(form)
        if len(waiting.documents) > SHOWN_DOCUMENTS:
            self.column.addWidget(muted(texts("remote_wait.more", count=len(waiting.documents) - SHOWN_DOCUMENTS)))
        self.stage, self.left = strong(), plain()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(texts("remote_wait.time_left"))
        for part in (self.stage, self.bar, self.left):
            self.column.addWidget(part)
        if note:
            self.column.addWidget(muted(note, small=True))
        self.column.addWidget(muted(texts("remote_wait.cancel"), small=True))
        self.waiting = waiting
        self._clock = QTimer(self, interval=500)
        self._clock.timeout.connect(self._tick)
        self._clock.start()
        self.show_stage(waiting)

    def show_stage(self, waiting: Waiting) -> None:
        self.waiting = waiting
        self.stage.setText(self._texts(waiting.words))
        self.cancel.setEnabled(waiting.stage is not Stage.OVER)
        self._tick()

    def _tick(self) -> None:
        left = int(self.waiting.remaining(datetime.now(UTC)).total_seconds())
        whole = max(int((self.waiting.ends_at - self.waiting.begun_at).total_seconds()), 1)
        self.bar.setRange(0, whole)
        self.bar.setValue(min(left, whole))
        minutes, seconds = divmod(left, 60)
        self.left.setText(self._texts("remote_wait.remaining", minutes=minutes, seconds=seconds))
