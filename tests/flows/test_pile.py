"""A pile in the real window: arranged by keyboard, one page scanned again in its place, letters split, labels found."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent

from docclient.capture.arranging import Aside
from docclient.capture.batch import Batch
from docclient.capture.sources.discovery import Found
from docclient.capture.sources.model import FoundScanner
from docclient.desk.labels import print_label_of
from docclient.desk.scanning import piles_folder, piles_left
from docclient.office.model import WaitKind, now
from docclient.office.queries.documents import WaitingForMe
from docclient.papers.scan_sheets import print_separators
from tests.capture.letters import ALL, COMMUNE_LETTER, Wear, render, wear
from tests.fakes import escl_scanner
from tests.fakes.escl_scanner import EsclScanner
from tests.flows.desk import ALT, CONTROL, Desk
from tests.flows.rounds import picture
from tests.offices import OfficeToTest
from tests.papers.test_scan_sheets import drawn
from ui.screens.paper.pile import PilePanel
from ui.workbench import Workbench

pytestmark = pytest.mark.window


def jpeg(image: Image.Image, dpi: int = 150) -> bytes:
    content = io.BytesIO()
    image.convert("RGB").save(content, "JPEG", dpi=(dpi, dpi), quality=80)
    return content.getvalue()


@pytest.fixture(scope="module")
def page() -> Image.Image:
    return render(COMMUNE_LETTER, 200)[0].convert("RGB")


@pytest.fixture(scope="module")
def blank() -> Image.Image:
    return Image.fromarray(np.full((2339, 1654, 3), 250, np.uint8))


def left_pile(*pages: Image.Image) -> Batch:
    batch = Batch.begin(piles_folder())
    for image in pages:
        batch.add(jpeg(image, 200), ".jpg")
    batch.close()
    return batch


def opened(desk: Desk) -> tuple[Workbench, PilePanel]:
    bench = desk.sit("clerk")
    bench.go("paper")
    desk.settle()
    desk.until(bench.paper.left.isVisible)
    desk.press(Qt.Key.Key_D, ALT)
    pile = bench.paper.pile
    desk.until(lambda: pile.isVisible() and pile.read.isEnabled())
    return bench, pile


def order(pile: PilePanel) -> list[tuple[str, int]]:
    """(page, turn) of those that will be read."""
    return [(card.name[5:9].lstrip("0"), card.turn) for card in pile.shown.cards if card.place is not None]


def test_a_pile_is_arranged_by_keyboard_undone_and_done_again(desk: Desk, page: Image.Image,
                                                             blank: Image.Image) -> None:
    left = left_pile(page, page, blank)
    bench, pile = opened(desk)
    assert order(pile) == [("1", 0), ("2", 0)], "the blank sheet stands aside"
    assert pile.shown.cards[2].place is None and "trang trắng" in pile.shown.cards[2].title
    pile.view.setCurrentRow(0)
    steps = [(Qt.Key.Key_R, Qt.KeyboardModifier.NoModifier, [("1", 90), ("2", 0)]),
             (Qt.Key.Key_Right, ALT, [("2", 0), ("1", 90)]),
             (Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier, [("2", 0), ("1", 90), ("3", 0)]),
             (Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier, [("2", 0), ("1", 90)])]
    seen = [order(pile)]
    for key, modifiers, wanted in steps:
        desk.press(key, modifiers, pile.view)
        assert order(pile) == wanted
        seen.append(wanted)
    pile.view.setCurrentRow(1)
    desk.press(Qt.Key.Key_S, where=pile.view)
    assert pile.shown.headline.startswith("Lô quét: 2 trang, 2 văn bản")
    assert pile.shown.cards[1].letter.startswith("Văn bản 2")
    for wanted in reversed(seen):
        desk.press(Qt.Key.Key_Z, CONTROL, pile.view)
        assert order(pile) == wanted
    for wanted in seen[1:]:
        desk.press(Qt.Key.Key_Y, CONTROL, pile.view)
        assert order(pile) == wanted
    desk.press(Qt.Key.Key_Escape, where=pile.view)              # for later
    desk.until(bench.paper.left.isVisible)
    again = Batch.reopen(left.folder)
    assert [(leaf.name[8], leaf.turn) for leaf in again.arrangement.leaves] == [("2", 0), ("1", 90)]
    assert [why for _, why in again.arrangement.aside] == [Aside.TAKEN_OUT]
    again.close()


def page_of_bars(number: int) -> Image.Image:
    """A page whose content does not matter."""
    made = Image.new("RGB", (1240, 1754), "white")
    for line in range(12):
        ImageDraw.Draw(made).rectangle((180, 300 + 60 * line, 400 + 40 * number + 30 * line, 320 + 60 * line), "black")
    return made


def test_pages_are_carried_by_the_mouse_interleaved_and_inserted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    left_pile(*map(page_of_bars, range(4)))
    bench, pile = opened(desk)
    names = [name for name, _ in order(pile)]
    assert names == ["1", "2", "3", "4"]
    pile.view.setCurrentRow(0)
    onto, carried = pile.view.visualItemRect(pile.view.item(2)).center(), pile.view.mimeData([pile.view.item(0)])
    assert pile.view.dragEnabled() and pile.view.viewport().acceptDrops()
    # a drop as the view gets it from its own drag; what no program can send is the drag that it comes from
    pile.view.dropEvent(QDropEvent(QPointF(onto), Qt.DropAction.MoveAction, carried, Qt.MouseButton.LeftButton,
                                   Qt.KeyboardModifier.NoModifier))
    assert [name for name, _ in order(pile)] == ["2", "3", "1", "4"] and pile.view.card.name == "page-0001.jpg"
    desk.press(Qt.Key.Key_Z, CONTROL, pile.view)
    desk.press(Qt.Key.Key_I, where=pile.view)                   # fronts 1 2, then the backs as they come: 4 behind 1
    assert [name for name, _ in order(pile)] == ["1", "4", "2", "3"]
    desk.press(Qt.Key.Key_Z, CONTROL, pile.view)
    pile.view.setCurrentRow(1)
    content = jpeg(page_of_bars(9), 150)
    monkeypatch.setattr(escl_scanner, "sheet", lambda _number: content)
    with EsclScanner(sheets=1).on() as scanner:
        monkeypatch.setattr("ui.screens.paper.asking.discover", lambda _stop: Found(
            (FoundScanner(scanner.address, "Máy quét văn thư", "eSCL"),), ()))
        desk.press(Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier, pile.view)
        dialog = bench.paper.scanning.dialog
        desk.until(lambda: dialog.isVisible() and dialog.list.count() == 1)
        desk.press(Qt.Key.Key_Return, where=dialog.list)
        desk.until(lambda: len(order(pile)) == 5 and pile.read.isEnabled())
    assert [name for name, _ in order(pile)] == ["1", "5", "2", "3", "4"], "before the page that was chosen"


def test_only_the_bad_page_is_asked_for_again_and_replaced_in_its_place(
        desk: Desk, page: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    left_pile(page, wear(page, Wear(blur=3.0, noise=4)), page)
    bench, pile = opened(desk)
    assert pile.shown.bad == ("page-0002.jpg",) and pile.view.card.name == "page-0002.jpg"
    picture(desk, "paper-pile")
    assert "mờ" in pile.view.card.notes[0] and pile.shown.summary.startswith("1 trang nên quét lại")
    monkeypatch.setattr(escl_scanner, "sheet", lambda _number: jpeg(page, 200))
    with EsclScanner(sheets=1).on() as scanner:
        monkeypatch.setattr("ui.screens.paper.asking.discover", lambda _stop: Found(
            (FoundScanner(scanner.address, "Máy quét văn thư", "eSCL"),), ()))
        desk.press(Qt.Key.Key_F9)
        dialog = bench.paper.scanning.dialog
        desk.until(lambda: dialog.isVisible() and dialog.list.count() == 1)
        desk.press(Qt.Key.Key_Return, where=dialog.list)
        desk.until(lambda: pile.shown is not None and not pile.shown.bad and pile.read.isEnabled())
    assert order(pile) == [("1", 0), ("4", 0), ("3", 0)]
    assert [card.title for card in pile.shown.cards if card.place is None] == ["Để riêng: đã thay bằng bản quét khác"]
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert order(pile) == [("1", 0), ("2", 0), ("3", 0)], "undone: the earlier scan is there again"


def test_a_separator_makes_two_letters_and_stands_aside(desk: Desk, sqlite_office: OfficeToTest, page: Image.Image,
                                                        tmp_path: Path) -> None:
    sheet = Image.fromarray(drawn(print_separators(tmp_path / "sheet.pdf", now()), 200))
    left_pile(page, sheet, render(ALL[1], 200)[0])
    bench, pile = opened(desk)
    assert pile.shown.headline.startswith("Lô quét: 2 trang, 2 văn bản")
    assert [card.title for card in pile.shown.cards if card.place is None] == ["Để riêng: tờ phân cách"]
    desk.press(Qt.Key.Key_Return, CONTROL)
    clerk = sqlite_office.door("clerk")
    desk.qtbot.waitUntil(lambda: clerk.ask(WaitingForMe()).counts.get(WaitKind.CONFIRM_PAPER, 0) == 2, timeout=90_000)
    desk.until(lambda: not pile.isVisible() and bench.paper.confirm.form is not None)
    assert piles_left(piles_folder()) == []


def test_a_photo_of_a_labelled_sheet_opens_its_document(desk: Desk, sqlite_office: OfficeToTest, page: Image.Image,
                                                        tmp_path: Path) -> None:
    document = sqlite_office.registered("301").document.id
    label = drawn(print_label_of(sqlite_office.door("clerk"), document, tmp_path / "label.pdf"), 200)
    sheet = page.copy()
    sheet.paste(Image.fromarray(label), (1000, 40))
    (tmp_path / "photo.jpg").write_bytes(jpeg(sheet, 200))
    bench = desk.sit("clerk")
    bench.go("paper")
    desk.settle()
    bench.paper.take_in([tmp_path / "photo.jpg"])
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == document)
    assert piles_left(piles_folder()) == [] and (tmp_path / "photo.jpg").is_file()
    target = tmp_path / "again.pdf"
    bench.document.handling.save_label(target)
    desk.until(lambda: target.is_file() and target.read_bytes().startswith(b"%PDF"))


def test_files_that_are_no_pages_are_told_and_the_good_one_is_read(desk: Desk, page: Image.Image,
                                                                  tmp_path: Path) -> None:
    (tmp_path / "a-note.jpg").write_text("không phải ảnh")
    (tmp_path / "b-half.jpg").write_bytes(jpeg(page)[:20_000])
    (tmp_path / "c-good.jpg").write_bytes(jpeg(page, 200))
    bench = desk.sit("clerk")
    bench.go("paper")
    desk.settle()
    bench.paper.take_in(sorted(tmp_path.glob("?-*.jpg")))
    pile = bench.paper.pile
    desk.until(lambda: pile.isVisible() and pile.read.isEnabled())
    assert [line.split(":")[0] for line in pile.refused.text().splitlines()] == [
        "Không nhận a-note.jpg", "Không nhận b-half.jpg"]
    assert "2 tệp không nhận được" in desk.notice() and order(pile) == [("1", 0)]
