"""The last look before the PIN: every page that will be signed, its signature in its place, what is doubtful first."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from docclient.office.model import DocumentId
from docclient.office.queries.documents import QueuedForSigning
from ui.plans import Plans
from ui.state.contact_sheet import Sheet, SheetItem
from ui.texts import Texts
from ui.theme import Tone
from ui.widgets.action_button import RANK_FIRST, ActionButton
from ui.widgets.labels import Toned, ToneMark, muted, plain, title
from ui.widgets.sheet_view import SheetView

WIDE, HIGH = 0.94, 0.94         # parts of the window it stands over
SIDE, SIDE_PART = 58, 0.45      # the page at the side: in average letters, as a part of the dialog at most


class PagePicture(QLabel):
    """One picture as large as there is room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setMinimumSize(160, 160)

    def show_png(self, png: bytes | None) -> None:
        self._image = QImage.fromData(png) if png is not None else QImage()
        self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if self._image.isNull():
            self.clear()
            return
        ratio = self.devicePixelRatioF()
        picture = QPixmap.fromImage(self._image.scaled(
            self.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation))
        picture.setDevicePixelRatio(ratio)
        self.setPixmap(picture)


class ContactSheetDialog(QDialog):
    """Enter goes on to the PIN with everything that is not left out; nothing has been signed until then."""

    taken = Signal(object)              # the documents, in order
    move_wanted = Signal(object)        # QueuedForSigning
    skip_wanted = Signal(bool)          # next time without this page, if nothing is doubtful

    def __init__(self, texts: Texts, sheet: Sheet, plans: Plans, *, skips: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._plans, self.sheet = texts, plans, sheet
        self._chosen_by_hand = False
        self.setWindowTitle(texts("places_sheet.title"))
        self.setModal(True)
        self.list = SheetView(texts)
        self.go_on = ActionButton("", keys_shown="Enter", picture="sign", rank=RANK_FIRST)
        self.go_on.setDefault(True)
        self.move_place = ActionButton(texts("places_sheet.move"), keys="Ctrl+M", picture="fit_page")
        self.leave_out = ActionButton(texts("places_sheet.leave_out"), keys="Del", picture="close")
        self.cancel = ActionButton(texts("form.cancel"), keys_shown="Esc")
        self.skip = QCheckBox(texts("places_sheet.skip"))
        self.skip.setChecked(skips)
        self._headline, self._subject, self._place = muted(), plain(), muted()
        self._doubt, self._mark = Toned(Tone.DOUBT), ToneMark(Tone.DOUBT, 20)
        self._picture = PagePicture()
        self._build()
        self.list.chosen.connect(lambda _: self._show_chosen())
        self.list.itemPressed.connect(lambda _: self._by_hand())
        self.list.itemDoubleClicked.connect(lambda _: self._move())
        self.move_place.clicked.connect(self._move)
        self.leave_out.clicked.connect(self._leave_out)
        self.go_on.clicked.connect(self._take)
        self.cancel.clicked.connect(self.reject)
        self.skip.toggled.connect(self.skip_wanted)
        plans.planned.connect(self._planned)        # a method, so that Qt lets go of it with the dialog
        if parent is not None:
            self.resize(round(parent.window().width() * WIDE), round(parent.window().height() * HIGH))
        self._show()
        self._choose_doubtful()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _build(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 18, 24, 18)
        layout.setSpacing(8)
        layout.addWidget(title(self._texts("places_sheet.title"), 1.3))
        layout.addWidget(self._headline)
        side = QVBoxLayout()
        side.setSpacing(8)
        doubt = QHBoxLayout()
        doubt.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        doubt.addWidget(self._doubt, 1)
        side.addWidget(self._subject)
        side.addWidget(self._place)
        side.addLayout(doubt)
        side.addWidget(self._picture, 1)
        acts = QHBoxLayout()
        acts.addWidget(self.move_place)
        acts.addWidget(self.leave_out)
        side.addLayout(acts)
        held = self._side = QWidget()
        held.setLayout(side)
        side.setContentsMargins(0, 0, 0, 0)
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addWidget(self.list, 1)
        middle.addWidget(held)
        layout.addLayout(middle, 1)
        row = QHBoxLayout()
        row.addWidget(self.skip)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.go_on)
        layout.addLayout(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The page at the side as wide as it is read well, the sheet the larger part in any case."""
        super().resizeEvent(event)
        self._side.setFixedWidth(round(min(self.fontMetrics().averageCharWidth() * SIDE, self.width() * SIDE_PART)))

    @property
    def current(self) -> SheetItem | None:
        row = self.list.currentRow()
        return self.sheet.items[row] if 0 <= row < len(self.sheet.items) else None

    def _planned(self, _document: DocumentId) -> None:
        self.sheet = self.sheet.planned(self._plans.of)
        self._show()
        if not self._chosen_by_hand:
            self._choose_doubtful()

    def _choose_doubtful(self) -> None:
        """What wants looking at stands large at the side, until the person looks at another."""
        document = self.sheet.first_doubtful or (self.sheet.items[0].id if self.sheet.items else None)
        if document is not None:
            self.list.choose(document)

    def _by_hand(self) -> None:
        self._chosen_by_hand = True

    def _show(self) -> None:
        self._headline.setText(self.sheet.headline(self._texts))
        self.list.show_items(self.sheet.items)
        count = len(self.sheet.to_sign)
        self.go_on.setText(self._texts("places_sheet.go_on", count=count))
        self.go_on.setEnabled(self.sheet.complete and count > 0)
        self._show_chosen()

    def _show_chosen(self) -> None:
        shown, texts = self.current, self._texts
        plan = shown.plan.plan if shown is not None and shown.plan is not None else None
        self._subject.setText(f"{shown.kind}: {shown.subject}" if shown is not None else "")
        self._place.setText(texts("places_sheet.place", page=plan.page) if plan is not None and plan.page else "")
        said = shown.warnings(texts) if shown is not None else ()
        tone = Tone(shown.tone) if shown is not None else Tone.QUIET
        self._doubt.setText("\n".join(said))
        self._doubt.show_tone(tone)
        self._mark.show_tone(tone, "warning" if tone is Tone.DOUBT else "")
        for part in (self._doubt, self._mark):
            part.setVisible(bool(said))
        self._picture.show_png(plan.picture if plan is not None else None)
        self._picture.setAccessibleName(texts("places_sheet.page_of", subject=shown.subject) if shown else "")
        self.move_place.setEnabled(plan is not None and not (shown and shown.hopeless))
        self.leave_out.setEnabled(shown is not None and not shown.hopeless)
        self.leave_out.setText(texts("places_sheet.take_in" if shown is not None and shown.left_out
                                     else "places_sheet.leave_out"))

    def _move(self) -> None:
        shown = self.current
        if shown is not None and self.move_place.isEnabled():
            self._by_hand()
            self.move_wanted.emit(shown.queued)

    def moved(self, queued: QueuedForSigning) -> None:
        """The person has put a signature elsewhere: its plan is being made anew."""
        self._planned(queued.document.id)

    def _leave_out(self) -> None:
        shown = self.current
        if shown is not None:
            self._by_hand()
            self.sheet = self.sheet.turned(shown.id)
            self._show()

    def _take(self) -> None:
        documents: tuple[DocumentId, ...] = self.sheet.to_sign
        if self.sheet.complete and documents:
            self.accept()
            self.taken.emit(documents)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.go_on.isEnabled():
            self._take()
            return
        super().keyPressEvent(event)
