"""The editor of places in a dialog: before a draft is kept, and before something is signed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.background import Background
from ui.rendering.renderer import Renderer
from ui.texts import Texts
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import muted, plain, title
from ui.widgets.placement import PlacementEditor, PlacementTask

WIDE, HIGH = 0.92, 0.92         # parts of the window it stands over


class PlacementDialog(QDialog):
    """Ctrl+Enter takes the places as they stand, Esc leaves everything as it was."""

    taken = Signal(object)      # dict of field's name to Place

    def __init__(self, texts: Texts, background: Background, renderer: Renderer, task: PlacementTask, *, about: str,
                 explain: str, parent: QWidget | None = None) -> None:
        """about: which document, one line. explain: the words code of what is to be done here."""
        super().__init__(parent)
        self._texts = texts
        self.setWindowTitle(texts("placement.title"))
        self.setModal(True)
        self.editor = PlacementEditor(texts, background, renderer, task)
        self.take = ActionButton(texts("placement.take"), keys="Ctrl+Return", picture="check", rank=RANK_FIRST)
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self._trouble = plain()
        self._trouble.setProperty("role", "wrong")
        self._trouble.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(8)
        layout.addWidget(title(texts("placement.title"), 1.3))
        layout.addWidget(muted(f"{about}\n{texts(explain)}"))
        layout.addWidget(self.editor, 1)
        layout.addWidget(self._trouble)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.take)
        layout.addLayout(row)
        self.take.setEnabled(False)         # until the page has been seen
        self.editor.ready.connect(lambda: self.take.setEnabled(True))
        self.editor.failed.connect(self._tell)
        self.take.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        if parent is not None:
            under = parent.window()
            while (over := under.parentWidget()) is not None:       # a dialog itself: as large as the main window lets
                under = over.window()
            self.resize(round(under.width() * WIDE), round(under.height() * HIGH))
        self.editor.setFocus()

    def _tell(self, error: Exception) -> None:
        words = self._texts.trouble(error)
        self._trouble.setText(f"{words.sentence} {words.advice}")
        self._trouble.show()

    def _take(self) -> None:
        places = self.editor.places
        self.accept()
        self.taken.emit(places)
