"""One way of carrying: which kind, where, as whom; what opens it is typed and never shown again."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from docclient.carriers import KINDS, AnyWay, CarrierIncomplete, setup_of
from docclient.exchange.transports.gateway_profile import families, profile_of
from docclient.exchange.transports.mail_account import Entry, Security
from signing.errors import Trouble
from ui.dialogs.growing import GrowingDialog, grow_to_fit
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, plain, title

Tried = Callable[[str, Tone], None]
Trier = Callable[[AnyWay, dict[str, bytearray], Tried], Event]
"""Tries what is typed, off the window's thread, and says in one sentence what came of it."""

FIELDS = {
    "folder": ("inbox", "outbox"),
    "mail": ("address", "user", "entry", "secret", "token_address", "client", "incoming", "outgoing", "folder",
             "done_folder"),
    "axis": ("address", "system", "sender", "secret"),
    "gateway": ("family", "address", "system", "user", "application", "secret", "second"),
}
"""What each kind asks for, beside its name."""
OF_OAUTH = ("token_address", "client")
TYPED = ("inbox", "outbox", "address", "user", "token_address", "client", "folder", "done_folder", "system", "sender",
         "application")


class ServerLine(QWidget):
    """Host, port and how the line is guarded, side by side."""

    def __init__(self, texts: Texts, name: str, port: int) -> None:
        super().__init__()
        self.host, self.port, self.security = QLineEdit(), QLineEdit(str(port)), QComboBox()
        self.port.setValidator(QIntValidator(1, 65535, self))
        self.port.setFixedWidth(self.fontMetrics().averageCharWidth() * 12)
        self.security.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.security.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.security.setMinimumContentsLength(14)
        for each in Security:
            self.security.addItem(texts(f"mail_security.{each.value}"), each.value)
        self.host.setAccessibleName(name)
        self.port.setAccessibleName(texts("way_field.port"))
        self.security.setAccessibleName(texts("way_field.security"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.host, 1)
        row.addWidget(self.port)
        row.addWidget(self.security)
        self.setFocusProxy(self.host)


class FolderLine(QWidget):
    """A folder, typed or chosen."""

    def __init__(self, texts: Texts, name: str) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setAccessibleName(name)
        self.browse = ActionButton(texts("settings.browse"), picture="folder")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.line, 1)
        row.addWidget(self.browse)
        self.setFocusProxy(self.line)

    def _browse(self) -> None:
        dialog = QFileDialog(self)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self.line.setText)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class WayDialog(GrowingDialog):
    """Fields follow the kind; an existing way keeps its name and kind."""

    given = Signal(object, object)          # the setup; what was typed of its secrets, for the taker to overwrite

    def __init__(self, texts: Texts, trier: Trier, known: AnyWay | None = None, *, has_safe: bool,
                 parent: QWidget | None = None) -> None:
        """has_safe: what opens the way can be kept beyond this session."""
        super().__init__(parent)
        self._texts, self._trier, self._known = texts, trier, known
        self._trial: Event | None = None
        heading = texts("ways.change_title", name=known.name) if known is not None else texts("ways.add_title")
        self.setWindowTitle(heading)
        self.setModal(True)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 96)
        self.kind, self.name = QComboBox(), QLineEdit()
        for each in KINDS:
            self.kind.addItem(texts(f"way_kind.{each}"), each)
        self.family, self.entry = QComboBox(), QComboBox()
        for each in families():
            self.family.addItem(profile_of(each).name, each)
        for entry in Entry:
            self.entry.addItem(texts(f"mail_entry.{entry.value}"), entry.value)
        self.secret, self.second = QLineEdit(), QLineEdit()
        for line in (self.secret, self.second):
            line.setEchoMode(QLineEdit.EchoMode.Password)
            if known is not None:
                line.setPlaceholderText(texts("ways.secret_kept"))
        self.inputs: dict[str, QWidget] = {"kind": self.kind, "name": self.name, "family": self.family}
        for name in ("inbox", "outbox"):
            self.inputs[name] = FolderLine(texts, texts(f"way_field.{name}"))
        for name in ("address", "system", "sender", "user"):
            self.inputs[name] = QLineEdit()
        self.inputs |= {"application": QLineEdit(), "entry": self.entry, "secret": self.secret, "second": self.second,
                        "token_address": QLineEdit(), "client": QLineEdit(),
                        "incoming": ServerLine(texts, texts("way_field.incoming"), 993),
                        "outgoing": ServerLine(texts, texts("way_field.outgoing"), 465),
                        "folder": QLineEdit("INBOX"), "done_folder": QLineEdit()}
        self._form = QFormLayout()
        self._form.setVerticalSpacing(8)
        self._form.setHorizontalSpacing(16)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in self.inputs.items():
            if not isinstance(field, ServerLine | FolderLine):
                field.setAccessibleName(texts(f"way_field.{name}"))
            self._form.addRow(texts(f"way_field.{name}"), field)
        self._lay_out(heading, has_safe=has_safe)
        if known is not None:
            self._fill(known)
        self.kind.currentIndexChanged.connect(lambda _: self._show_fields())
        self.entry.currentIndexChanged.connect(lambda _: self._show_fields())
        self._show_fields()
        (self.name if known is None else self.inputs[FIELDS[known.kind][0]]).setFocus()

    def _lay_out(self, heading: str, *, has_safe: bool) -> None:
        texts = self._texts
        self._note_mark, self._note = ToneMark(Tone.DOUBT, 20), plain(texts("carrier_note.not_tried"))
        self._secret_note = muted(texts("secret_kept.safe" if has_safe else "secret_kept.session"), small=True)
        self._came_mark, self._came = ToneMark(Tone.QUIET, 20), Toned(Tone.QUIET)
        self.test = ActionButton(texts("ways.try"), keys="Alt+T", picture="refresh")
        self.save = ActionButton(texts("ways.save"), keys="Ctrl+Return", picture="save", rank=RANK_FIRST)
        cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        for button in (self.test, self.save, cancel):
            button.setAutoDefault(False)
        held = QWidget()
        held.setObjectName("scrolled")
        held.setLayout(self._form)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setWidget(held)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(8)
        layout.addWidget(title(heading, 1.3))
        layout.addWidget(self._area, 1)
        for mark, words in ((self._note_mark, self._note), (self._came_mark, self._came)):
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(mark)
            row.addWidget(words, 1)
            layout.addLayout(row)
        layout.addWidget(self._secret_note)
        row = QHBoxLayout()
        row.addWidget(self.test)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self.save)
        layout.addLayout(row)
        self._say("", Tone.QUIET)
        self.test.clicked.connect(self._try)
        self.save.clicked.connect(self._give)
        cancel.clicked.connect(self.reject)

    # the fields

    @property
    def wanted(self) -> tuple[str, ...]:
        fields = FIELDS[self.kind.currentData()]
        if "entry" in fields and self.entry.currentData() != Entry.OAUTH.value:
            return tuple(name for name in fields if name not in OF_OAUTH)
        return fields

    def _show_fields(self) -> None:
        wanted = self.wanted
        for name, field in self.inputs.items():
            self._form.setRowVisible(field, name in {"kind", "name", *wanted})
        self._form.labelForField(self.secret).setText(self._texts(f"way_secret.{self._secret_kind()}"))
        folder = self.kind.currentData() == "folder"
        for part in (self._note, self._note_mark, self._secret_note):
            part.setVisible(not folder)
        self._area.setMinimumHeight(min(self._area.widget().sizeHint().height() + 4, 500))
        if self.isVisible():
            grow_to_fit(self)

    def _secret_kind(self) -> str:
        kind = str(self.kind.currentData())
        return self.entry.currentData() if kind == "mail" else kind

    def _fill(self, known: AnyWay) -> None:
        values = known.model_dump(mode="json")
        self.kind.setCurrentIndex(self.kind.findData(known.kind))
        self.kind.setEnabled(False)
        self.name.setText(known.name)
        self.name.setEnabled(False)
        for name in TYPED:
            if name in values and name in FIELDS[known.kind]:
                line(self.inputs[name]).setText(str(values[name] or ""))
        for name in ("family", "entry"):
            box = self.inputs[name]
            if name in values and isinstance(box, QComboBox):
                box.setCurrentIndex(box.findData(values[name]))
        for name in ("incoming", "outgoing"):
            server = self.inputs[name]
            if f"{name}_host" in values and isinstance(server, ServerLine):
                server.host.setText(values[f"{name}_host"])
                server.port.setText(str(values[f"{name}_port"]))
                server.security.setCurrentIndex(server.security.findData(values[f"{name}_security"]))

    def setup(self) -> AnyWay:
        """As typed; what the form does not show of a known way stays. Raises: CarrierIncomplete, LineUnguarded."""
        wanted = self.wanted
        found: dict[str, Any] = self._known.model_dump(mode="json") if self._known is not None else {}
        found |= {"kind": self.kind.currentData(), "name": self.name.text()}
        found |= {name: line(self.inputs[name]).text().strip() for name in TYPED if name in wanted}
        found |= {name: box.currentData() for name, box in (("family", self.family), ("entry", self.entry))
                  if name in wanted}
        for name in ("incoming", "outgoing"):
            server = self.inputs[name]
            if name in wanted and isinstance(server, ServerLine):
                found |= {f"{name}_host": server.host.text().strip(), f"{name}_port": server.port.text(),
                          f"{name}_security": server.security.currentData()}
        return setup_of(found)

    def typed(self, setup: AnyWay) -> dict[str, bytearray]:
        return {name: bytearray(field.text().encode("utf-8"))
                for name, field in zip(setup.secrets, (self.secret, self.second), strict=False) if field.text()}

    # what is done

    def _checked(self) -> AnyWay | None:
        """The setup, or None with the field that is wrong in front of the person."""
        try:
            setup = self.setup()
        except Trouble as trouble:
            words = self._texts.trouble(trouble)
            field = str(trouble.facts.get("field", "")) if isinstance(trouble, CarrierIncomplete) else ""
            name = self._shown_name(field)
            named = self._texts("ways.field_wrong", field=self._texts(f"way_field.{name}")) if name else words.sentence
            self._say(named, Tone.BAD)
            if name:
                self.inputs[name].setFocus()
            return None
        if setup.secrets and not self.secret.text() and self._known is None:
            self._say(self._texts("ways.secret_missing"), Tone.BAD)
            self.secret.setFocus()
            return None
        return setup

    def _shown_name(self, field: str) -> str:
        """The input that a setup's field is typed in; empty for none."""
        name = field.partition("_")[0] if field.startswith(("incoming_", "outgoing_")) else field
        return name if name in self.inputs else ""

    def _give(self) -> None:
        setup = self._checked()
        if setup is not None:
            typed = self.typed(setup)
            self.accept()
            self.given.emit(setup, typed)

    def _try(self) -> None:
        if self._trial is not None:
            self._trial.set()
            self._end_trial()
            self._say(self._texts("ways.stopped"), Tone.QUIET)
            return
        setup = self._checked()
        if setup is None:
            return
        self._say(self._texts("ways.trying"), Tone.QUIET)
        self._show_test("ways.stop")
        mine: list[Event] = []

        def came(words: str, tone: Tone) -> None:
            if mine and self._trial is mine[0]:         # an earlier trial that was given up says nothing
                self._end_trial()
                self._say(words, tone)

        self._trial = self._trier(setup, self.typed(setup), came)
        mine.append(self._trial)

    def _end_trial(self) -> None:
        self._trial = None
        self._show_test("ways.try")

    def _show_test(self, code: str) -> None:
        self.test.setText(self._texts(code))
        self.test.setAccessibleName(self._texts(code))

    def _say(self, words: str, tone: Tone) -> None:
        self._came.setText(words)
        self._came.show_tone(tone)
        self._came_mark.show_tone(tone)
        for part in (self._came, self._came_mark):
            part.setVisible(bool(words))
        if self.isVisible():
            grow_to_fit(self)

    def done(self, result: int) -> None:
        """However it is closed: nothing typed stays behind, and a trial is asked to end."""
        if self._trial is not None:
            self._trial.set()
            self._trial = None
        super().done(result)
        for field in (self.secret, self.second):
            field.clear()


def line(field: QWidget) -> QLineEdit:
    found = field.line if isinstance(field, FolderLine) else field
    assert isinstance(found, QLineEdit)
    return found
