"""The tab of a document's page that says who has it, how its time runs, who asked whom, and what was said."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.state.handling import Alarm, HandlingShown, Line, Section
from ui.texts import Texts
from ui.theme import LINE, TONES, Tone
from ui.widgets.labels import Toned, ToneMark, card, muted, plain, rule, strong
from ui.widgets.link_button import LinkButton

STEP_PX = 22        # how far one level is set in
DEEPEST = 5         # deeper ones stay there: the words need room


class DaysBar(QWidget):
    """Working days used of those given, as a bar; the words stand beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._part, self._tone = 0.0, Tone.GOOD
        self.setFixedHeight(8)

    def show_days(self, used: int, whole: int | None, tone: Tone) -> None:
        self._part = min(1.0, used / whole) if whole and whole > 0 else 1.0
        self._tone = tone
        self.setVisible(whole is not None)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        area = QRectF(self.rect())
        for width, colour in ((area.width(), LINE), (area.width() * self._part, TONES[self._tone].line)):
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(area.left(), area.top(), max(width, 0.0), area.height()), 4, 4)


class HandlingPanel(QScrollArea):
    """Copies a HandlingShown; rebuilt as a whole."""

    answer_wanted = Signal(str)         # the opinion that is to be answered
    compare_wanted = Signal(object)     # TwinView
    slip_wanted = Signal()
    label_wanted = Signal()

    def __init__(self, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.shown: HandlingShown | None = None
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(texts("handling.tab"))

    def show_handling(self, shown: HandlingShown, *, may_answer: bool, may_label: bool = False) -> None:
        """may_answer: the office offers to give an opinion now. may_label: it is registered and has its number."""
        place = self.verticalScrollBar().value() if self.shown is not None else 0
        self.shown = shown
        held = QWidget()
        held.setObjectName("scrolled")
        layout = QVBoxLayout(held)
        layout.setContentsMargins(4, 12, 8, 12)
        layout.setSpacing(8)
        for alarm in shown.alarms:
            layout.addWidget(self._alarm(alarm))
        layout.addWidget(self._now(shown))
        for number, section in enumerate(shown.sections):
            if number:
                layout.addWidget(rule())
            self._section(section, layout, may_answer)
        if shown.sections:
            slip = LinkButton(self._texts("prints.slip"), "paper")
            slip.clicked.connect(lambda _checked=False: self.slip_wanted.emit())
            layout.addWidget(rule())
            layout.addWidget(slip)
        if may_label:
            label = LinkButton(self._texts("scan_sheets.print_label"), "number")
            label.clicked.connect(lambda _checked=False: self.label_wanted.emit())
            layout.addWidget(label)
        layout.addStretch(1)
        self.setWidget(held)
        self.verticalScrollBar().setValue(place)

    def _now(self, shown: HandlingShown) -> QWidget:
        frame, column = card(padding=12, spacing=4)
        column.addWidget(muted(self._texts("handling.has_it"), small=True))
        column.addWidget(strong(shown.has_it))
        if shown.since:
            column.addWidget(muted(shown.since, small=True))
        tone = Tone(shown.days_tone) if shown.days_tone else Tone.QUIET
        row = QHBoxLayout()
        row.setSpacing(6)
        mark = ToneMark(tone, 18)
        mark.show_tone(tone, "clock")
        row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Toned(tone, shown.days), 1)
        bar = DaysBar()
        column.addSpacing(4)
        column.addLayout(row)
        column.addWidget(bar)
        bar.show_days(shown.used, shown.whole, tone)
        return frame

    def _alarm(self, alarm: Alarm) -> QWidget:
        frame, column = card(padding=12, spacing=4)
        tone = Tone(alarm.tone)
        frame.setStyleSheet(f"QFrame[role=\"card\"] {{ background: {TONES[tone].wash};"
                            f" border-color: {TONES[tone].line}; }}")
        row = QHBoxLayout()
        row.addWidget(ToneMark(tone), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Toned(tone, alarm.heading), 1)
        column.addLayout(row)
        column.addWidget(plain(alarm.words, selectable=True))
        if alarm.twin is not None:
            button = LinkButton(self._texts("twin.compare"), "document")
            button.clicked.connect(lambda _checked=False, twin=alarm.twin: self.compare_wanted.emit(twin))
            column.addWidget(button)
        return frame

    def _section(self, section: Section, layout: QVBoxLayout, may_answer: bool) -> None:
        layout.addWidget(strong(section.title))
        for line in section.lines:
            layout.addLayout(self._line(line, may_answer))

    def _line(self, line: Line, may_answer: bool) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addSpacing(min(line.depth, DEEPEST) * STEP_PX)
        if line.tone:
            row.addWidget(ToneMark(Tone(line.tone), 18), 0, Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        head: QWidget = Toned(Tone(line.tone), line.head) if line.tone else \
            (strong if line.depth == 0 else plain)(line.head)
        words.addWidget(head)
        if line.meta:
            words.addWidget(muted(line.meta, small=True))
        if line.words:
            words.addWidget(plain(line.words, selectable=True))
        row.addLayout(words, 1)
        if line.answers and may_answer:
            button = LinkButton(self._texts("handling.answer"), "back")
            button.clicked.connect(lambda _checked=False, remark=line.answers: self.answer_wanted.emit(remark))
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        return row
