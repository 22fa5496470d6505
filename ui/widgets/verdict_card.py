"""One signature: who and the verdict first, then when, by whom certified, what came after, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from docclient.signature_words import LineTold
from ui.icons import icon
from ui.state.signatures import SignatureShown
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import ActionButton
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import Toned, ToneMark, muted, plain, strong
from ui.widgets.link_button import LinkButton


class SignatureCard(QFrame):
    """Copies a SignatureShown."""

    page_wanted = Signal(int)               # from 1: where a change or the signature stands
    revision_wanted = Signal(str)           # the field: show what was signed beside what is there now
    revision_save_wanted = Signal(str)      # the field: save what was signed as a file of its own

    def __init__(self, texts: Texts, signature: SignatureShown, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self.signature = texts, signature
        self.setProperty("role", "card")
        self.setAccessibleName(signature.spoken)
        self.changes: list[LinkButton] = []
        self.technical = QWidget()
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(8)
        self._head()
        self._next_step()
        layout.addLayout(facts(signature.told.lines))
        self._what_came_after()
        self._remarks()
        self._more()

    def _head(self) -> None:
        told, tone = self.signature.told, Tone(self.signature.verdict.tone)
        row, names = QHBoxLayout(), QVBoxLayout()
        row.setSpacing(10)
        names.setSpacing(1)
        row.addWidget(ToneMark(tone, 26), 0, Qt.AlignmentFlag.AlignTop)
        names.addWidget(strong(told.signer))
        for part in told.who:
            names.addWidget(plain(part))
        names.addWidget(muted(self._texts("verdict_panel.kind", number=told.number, kind=told.kind), small=True))
        names.addWidget(Toned(tone, self.signature.verdict.word))
        row.addLayout(names, 1)
        if told.page:
            page = QToolButton()
            page.setIcon(icon("eye"))
            page.setAccessibleName(self._texts("verdict_panel.show_place", page=told.page))
            page.setToolTip(page.accessibleName())
            page.clicked.connect(partial(self.page_wanted.emit, told.page))
            row.addWidget(page, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)
        self._column.addWidget(plain(told.sentence, selectable=True))

    def _next_step(self) -> None:
        if self.signature.told.advice:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(ToneMark(Tone.NEWS, 20), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(plain(self._texts("verdict_panel.next", advice=self.signature.told.advice)), 1)
            self._column.addLayout(row)

    def _what_came_after(self) -> None:
        told, texts = self.signature.told, self._texts
        self._column.addWidget(strong(texts("verdict_panel.after")))
        self._column.addWidget(plain(told.changes_word))
        for change in told.changes:
            tone = Tone.GOOD if change.allowed else Tone.BAD
            words = texts("verdict_panel.allowed" if change.allowed else "verdict_panel.forbidden", change=change.words)
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(ToneMark(tone, 18), 0, Qt.AlignmentFlag.AlignVCenter)
            if change.page is None:
                row.addWidget(Toned(tone, words), 1)
            else:
                link = LinkButton(words, "next")
                link.setToolTip(texts("verdict_panel.go_to_page", page=change.page))
                link.clicked.connect(partial(self.page_wanted.emit, change.page))
                self.changes.append(link)
                row.addWidget(link, 1)
            self._column.addLayout(row)
        if not self.signature.changed:
            return
        held, field = QWidget(), told.field
        acts = FlowLayout(held)
        acts.setContentsMargins(0, 0, 0, 0)
        self.compare = ActionButton(texts("verdict_panel.compare"), picture="copy")
        self.compare.clicked.connect(lambda: self.revision_wanted.emit(field))
        self.save_revision = ActionButton(texts("verdict_panel.save_revision"), picture="save")
        self.save_revision.clicked.connect(lambda: self.revision_save_wanted.emit(field))
        for button in (self.compare, self.save_revision):
            acts.addWidget(button)
        self._column.addWidget(held)

    def _remarks(self) -> None:
        if self.signature.told.warnings:
            self._column.addWidget(strong(self._texts("verdict_panel.remarks")))
        for remark in self.signature.told.warnings:
            row = QHBoxLayout()
            row.setSpacing(8)
            row.addWidget(ToneMark(Tone.QUIET, 18), 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(plain(remark), 1)
            self._column.addLayout(row)

    def _more(self) -> None:
        """What a specialist wants, folded away."""
        texts = self._texts
        self.more = QToolButton()
        self.more.setCheckable(True)
        self.more.setText(texts("verdict_panel.technical"))
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setIcon(icon("down"))
        self.more.setAccessibleName(texts("verdict_panel.technical"))
        self.technical.setLayout(facts(self.signature.told.technical))
        self.technical.hide()
        self.more.toggled.connect(self._fold)
        self._column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.technical)

    def _fold(self, open_: bool) -> None:
        self.technical.setVisible(open_)
        self.more.setIcon(icon("up" if open_ else "down"))


def facts(lines: Iterable[LineTold]) -> QGridLayout:
    """Labels at the left, values at the right, to be marked and copied."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(14)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    for row, line in enumerate(lines):
        label = muted(line.label)
        label.setMinimumWidth(110)
        label.setMaximumWidth(170)
        grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop)
        value = plain(line.value, selectable=True)
        value.setAlignment(Qt.AlignmentFlag.AlignTop)
        grid.addWidget(value, row, 1)
    return grid
