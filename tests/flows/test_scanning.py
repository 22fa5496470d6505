"""A pile of paper in the real window: scanner, jam, going on, reading, the form; and what an earlier run left."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from lxml import etree
from PySide6.QtCore import Qt

from docclient.capture.batch import Batch
from docclient.capture.errors import SecretFound
from docclient.capture.sources.discovery import Found
from docclient.capture.sources.model import Feed, FoundScanner
from docclient.desk.scanning import piles_folder, piles_left
from docclient.office.commands.scan_profiles import SetScanProfile
from docclient.office.model import WaitKind
from docclient.office.queries.documents import WaitingForMe
from docclient.office.scan_profiles import PaperFeed, ProfilePart, ScanResolution
from docclient.settings import load_settings
from tests.capture.letters import COMMUNE_LETTER, render
from tests.fakes import escl_scanner
from tests.fakes.escl_scanner import EsclScanner
from tests.flows.desk import ALT, CONTROL, Desk
from tests.flows.rounds import picture
from tests.offices import OfficeToTest
from ui.workbench import Workbench

pytestmark = pytest.mark.window


@pytest.fixture(scope="module")
def page() -> bytes:
    """The first page of a letter, as a scanner gives it."""
    content = io.BytesIO()
    render(COMMUNE_LETTER)[0].convert("RGB").save(content, "JPEG", dpi=(200, 200), quality=80)
    return content.getvalue()


@pytest.fixture
def scanner(page: bytes, monkeypatch: pytest.MonkeyPatch):
    """A scanner on the network with two sheets of that letter; no other is looked for."""
    monkeypatch.setattr(escl_scanner, "sheet", lambda _number: page)
    with EsclScanner(sheets=2).on() as made:
        found = Found((FoundScanner(made.address, "Máy quét văn thư", "eSCL"),), ())
        monkeypatch.setattr("ui.screens.paper.asking.discover", lambda _stop: found)
        yield made


def at_the_paper(desk: Desk) -> Workbench:
    bench = desk.sit("clerk")
    bench.go("paper")
    desk.settle()
    return bench


def start_scanning(desk: Desk, bench: Workbench) -> None:
    """F8, the scanner that was found, Enter."""
    desk.press(Qt.Key.Key_F8)
    scanning = bench.paper.scanning
    desk.until(lambda: scanning.dialog is not None and scanning.dialog.isVisible()
               and scanning.dialog.list.count() == 1)
    desk.press(Qt.Key.Key_Return, where=scanning.dialog.list)


def waiting(office: OfficeToTest) -> int:
    return office.door("clerk").ask(WaitingForMe()).counts.get(WaitKind.CONFIRM_PAPER, 0)


def test_two_keys_from_the_pile_to_the_form(desk: Desk, sqlite_office: OfficeToTest, scanner: EsclScanner,
                                            tmp_path: Path) -> None:
    bench = at_the_paper(desk)
    with desk.qtbot.waitSignal(bench.paper.taken_in, timeout=90_000):
        start_scanning(desk, bench)
    desk.until(lambda: bench.paper.confirm.form is not None and bench.paper.viewer.canvas.page_count == 2)
    assert waiting(sqlite_office) == 1
    assert piles_left(piles_folder()) == [], "the office has it: nothing is left here"
    assert load_settings(tmp_path / "settings").scanner == scanner.address


@pytest.mark.slow
def test_the_first_page_s_form_stands_ready_while_the_rest_is_scanned(
        desk: Desk, sqlite_office: OfficeToTest, scanner: EsclScanner) -> None:
    scanner.busy_after = 1                          # the second sheet takes its time
    bench = at_the_paper(desk)
    panel = bench.paper.confirm
    with desk.qtbot.waitSignal(bench.paper.early_shown, timeout=60_000):
        start_scanning(desk, bench)
    assert bench.paper.scanning.busy and scanner.given == 1 and waiting(sqlite_office) == 0
    assert panel.isVisible() and not bench.paper.pile.isVisible() and not panel.confirm.isEnabled()
    subject, symbol = panel.form.inputs["subject"], panel.form.inputs["code_notation"]
    assert "công tác văn thư" in subject.toPlainText()
    desk.until(lambda: bench.paper.viewer.canvas.is_shown(1))
    picture(desk, "paper-early", settled=False)
    symbol.setText("UBND-VP/GAP")                   # typed while the machine still works
    symbol.setFocus()
    with desk.qtbot.waitSignal(bench.paper.taken_in, timeout=90_000):
        scanner.busy_after = None
    desk.until(lambda: panel.confirm.isEnabled() and bench.paper.viewer.canvas.page_count == 2)
    assert panel.form.inputs["code_notation"].text() == "UBND-VP/GAP"
    assert panel.field_with_cursor == "code_notation", "the hand stays where it was"
    assert "code_notation" not in panel.intake.doubtful and waiting(sqlite_office) == 1


def upper_half(secrecy: str) -> bytes:
    """Of a letter's first page: what is not looked for need not be read."""
    content = io.BytesIO()
    page = render(replace(COMMUNE_LETTER, secrecy=secrecy))[0].convert("RGB")
    page.paste("white", (0, page.height // 2, *page.size))
    page.save(content, "JPEG", dpi=(200, 200), quality=80)
    return content.getvalue()


def test_a_secrecy_mark_on_the_first_page_stops_the_scan_and_nothing_more_is_seen(
        desk: Desk, sqlite_office: OfficeToTest, scanner: EsclScanner, monkeypatch: pytest.MonkeyPatch) -> None:
    content = upper_half("TỐI MẬT")
    monkeypatch.setattr(escl_scanner, "sheet", lambda _number: content)
    scanner.sheets, scanner.busy_after = 5, 1       # the second sheet takes its time
    bench = at_the_paper(desk)
    paper = bench.paper
    start_scanning(desk, bench)
    desk.until(paper.left.isVisible, timeout=60_000)
    assert desk.notice() == "Có dấu chỉ độ mật trên một trang của lô quét." and bench.session.tell.newest.tone == "bad"
    assert scanner.given == 1 and scanner.deleted == 1, "no further sheet is drawn in"
    assert not paper.pile.isVisible() and not paper.viewer.isVisible() and paper.viewer.source is None
    assert not paper.confirm.isVisible() and paper.confirm.form is None
    assert waiting(sqlite_office) == 0 and not bench.session.progress.isVisible()
    (left,) = piles_left(piles_folder())
    assert left.locked and "đã khóa" in paper.left.words.text() and not paper.left.use.isVisible()
    assert sorted(file.name for file in left.folder.iterdir()) == ["index.json", "lock", "page-0001.jpg"]
    desk.press(Qt.Key.Key_D, ALT)
    desk.settle()
    assert not paper.pile.isVisible(), "no key opens it"
    paper.left.throw_away.click()
    desk.until(lambda: not paper.left.isVisible())
    assert not left.folder.exists() and paper.scan.isEnabled()


def test_a_secrecy_mark_read_as_the_last_page_comes_is_not_lost(
        desk: Desk, sqlite_office: OfficeToTest, scanner: EsclScanner, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(_page: Path, *, stop: Event, **_more: object) -> None:
        assert stop.wait(60)                        # given up, for no further page comes: but the mark was read
        raise SecretFound(file="page-0001.jpg", page=1)

    monkeypatch.setattr("ui.screens.paper.early.read_first_page", read)
    scanner.fails_at, scanner.trouble = 2, "ScannerAdfJam"      # such a pile is shown, not read at once
    bench = at_the_paper(desk)
    paper = bench.paper
    start_scanning(desk, bench)
    desk.until(lambda: scanner.given == 1 and not paper.scanning.busy)
    assert desk.notice() == "Có dấu chỉ độ mật trên một trang của lô quét."
    assert not paper.pile.isVisible() and paper.scanning.pile is None
    desk.until(paper.left.isVisible)
    (left,) = piles_left(piles_folder())
    assert left.locked and waiting(sqlite_office) == 0


def test_a_secrecy_mark_on_a_later_page_takes_the_first_page_s_form_away(
        desk: Desk, sqlite_office: OfficeToTest, scanner: EsclScanner, monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [upper_half(""), upper_half("MẬT")]
    monkeypatch.setattr(escl_scanner, "sheet", lambda number: sheets[number - 1])
    scanner.busy_after = 1
    bench = at_the_paper(desk)
    paper = bench.paper
    with desk.qtbot.waitSignal(paper.early_shown, timeout=60_000):
        start_scanning(desk, bench)
    assert paper.confirm.form is not None and paper.viewer.source is not None
    scanner.busy_after = None
    desk.until(paper.left.isVisible, timeout=60_000)
    assert desk.notice() == "Có dấu chỉ độ mật trên một trang của lô quét." and waiting(sqlite_office) == 0
    assert paper.confirm.form is None and paper.confirm.intake is None and paper.viewer.source is None
    assert not paper.pile.isVisible() and not paper.confirm.isVisible() and paper.scan.isEnabled()


def test_after_a_jam_the_pages_are_kept_and_the_rest_is_scanned_on(desk: Desk, sqlite_office: OfficeToTest,
                                                                   scanner: EsclScanner) -> None:
    scanner.fails_at, scanner.trouble = 2, "ScannerAdfJam"
    bench = at_the_paper(desk)
    start_scanning(desk, bench)
    pile = bench.paper.pile
    desk.until(lambda: pile.isVisible() and pile.read.isEnabled())
    assert "kẹt giấy" in bench.session.tell.newest.spoken
    assert len(pile.shown.cards) == 1 and waiting(sqlite_office) == 0
    scanner.fails_at = None
    start_scanning(desk, bench)                     # F8: on into the same pile
    desk.until(lambda: len(pile.shown.cards) == 2 and pile.read.isEnabled())
    with desk.qtbot.waitSignal(bench.paper.taken_in, timeout=90_000):
        desk.press(Qt.Key.Key_Return, CONTROL)
    desk.until(lambda: not pile.isVisible() and bench.paper.viewer.canvas.page_count == 2)
    assert waiting(sqlite_office) == 1


def test_what_an_earlier_run_left_is_offered_and_can_be_thrown_away(desk: Desk, page: bytes) -> None:
    left = Batch.begin(piles_folder())
    left.add(page, ".jpg")
    left.close()
    bench = at_the_paper(desk)
    desk.until(bench.paper.left.isVisible)
    bench.paper.left.throw_away.click()
    desk.until(lambda: not bench.paper.left.isVisible())
    assert not left.folder.exists()


def test_an_empty_feeder_is_told_and_nothing_stays(desk: Desk, scanner: EsclScanner) -> None:
    scanner.sheets = 0
    bench = at_the_paper(desk)
    start_scanning(desk, bench)
    desk.until(lambda: bench.session.tell.newest is not None)
    assert "trống" in bench.session.tell.newest.heading
    desk.until(bench.paper.scan.isEnabled)
    assert not bench.paper.left.isVisible() and not bench.session.progress.isVisible()


def test_what_the_office_locked_is_seen_and_cannot_be_changed(desk: Desk, sqlite_office: OfficeToTest,
                                                              scanner: EsclScanner, tmp_path: Path) -> None:
    scanner.fails_at, scanner.trouble = 2, "ScannerAdfJam"
    sqlite_office.door("administrator").do(SetScanProfile(
        "Văn bản đến", "", PaperFeed.DUPLEX, resolution=ScanResolution.DPI_200,
        locked=(ProfilePart.RESOLUTION, ProfilePart.COLOUR)))
    bench = at_the_paper(desk)
    desk.until(lambda: bench.paper.scanning.profiles != ())
    desk.press(Qt.Key.Key_F8)
    dialog = bench.paper.scanning.dialog
    desk.until(lambda: dialog.isVisible() and dialog.list.count() == 1)
    assert dialog.profile.currentText() == "Văn bản đến" and dialog.resolution.currentText() == "200 dpi"
    assert not dialog.resolution.isEnabled() and not dialog.colour.isEnabled()
    assert dialog._buttons[Feed.DUPLEX].isChecked() and dialog._buttons[Feed.GLASS].isEnabled()
    assert dialog._locks[ProfilePart.RESOLUTION].isVisible() and not dialog._locks[ProfilePart.FEED].isVisible()
    dialog.resolution.setCurrentIndex(dialog.resolution.findData(600))          # by force, from a program
    dialog._buttons[Feed.FEEDER].click()
    with desk.qtbot.waitSignal(bench.paper.scanning.settings_changed) as kept:
        desk.press(Qt.Key.Key_Return, where=dialog.list)
    assert kept.args[0] == {"scanner": scanner.address, "scan_feed": "feeder", "scan_colour": "colour",
                            "scan_dots_per_inch": 200, "scan_profile": "Văn bản đến"}
    desk.until(lambda: bench.paper.pile.isVisible() and bench.paper.pile.read.isEnabled())
    asked = etree.fromstring(scanner.jobs[0])
    assert {etree.QName(each).localname: each.text for each in asked.iter(etree.Element)}["XResolution"] == "200"


def test_a_look_for_scanners_that_ends_after_the_dialog_is_gone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on = Event()
    monkeypatch.setattr("ui.screens.paper.asking.discover", lambda _stop: go_on.wait(20) and Found((), ()))
    bench = at_the_paper(desk)
    desk.press(Qt.Key.Key_F8)
    desk.until(bench.paper.scanning.dialog.isVisible)
    desk.press(Qt.Key.Key_Escape, where=bench.paper.scanning.dialog)
    desk.until(lambda: bench.paper.scanning.dialog is None)
    go_on.set()
    desk.settle()
    assert bench.paper.scan.isEnabled()
