"""Whatever a scanner or a file does wrong is told in one sentence at the screen, and work goes on."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from PySide6.QtCore import Qt

from docclient.capture.sources import escl
from docclient.capture.sources.discovery import Found
from docclient.capture.sources.model import FoundScanner
from docclient.desk.scanning import piles_folder, piles_left
from tests.capture.test_originals import huge_png
from tests.fakes.escl_scanner import EsclScanner
from tests.flows.desk import Desk
from ui.screens.paper.screen import PaperScreen
from ui.workbench import Workbench

pytestmark = pytest.mark.window

OUTCOMES = (        # how the scanner is set up, what the screen says
    ({"sheets": 0}, "Khay nạp giấy đang trống."),
    ({"fails_at": 1, "trouble": "ScannerAdfJam"}, "Máy quét bị kẹt giấy."),
    ({"fails_at": 1, "trouble": "ScannerAdfHatchOpen"}, "Nắp máy quét đang mở."),
    ({"fails_at": 1, "trouble": "cancelled"}, "Việc quét đã bị dừng tại máy."),
    ({"fails_at": 1, "trouble": "cut"}, "Không liên lạc được với máy quét {address}."),
    ({"busy": 1000}, "Máy quét đang bận."),
)


@pytest.fixture
def paper(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> PaperScreen:
    monkeypatch.setattr("ui.screens.paper.asking.discover", lambda _stop: Found((), ()))
    monkeypatch.setattr(escl, "BUSY_TRIES", 2)
    bench: Workbench = desk.sit("clerk")
    bench.go("paper")
    desk.settle()
    return bench.paper


def scan_from(desk: Desk, paper: PaperScreen, scanner: EsclScanner) -> None:
    desk.press(Qt.Key.Key_F8)
    dialog = paper.scanning.dialog
    desk.until(dialog.isVisible)
    dialog.show_found((FoundScanner(scanner.address, "Máy quét văn thư", "eSCL"),))
    dialog.list.setCurrentRow(dialog.list.count() - 1)
    desk.press(Qt.Key.Key_Return, where=dialog.list)


def told(desk: Desk, paper: PaperScreen, scanner: EsclScanner) -> tuple[str, str]:
    """Scan; the notice's heading and the whole of it, once the scanner may be used again."""
    tell = desk.bench.session.tell
    before = tell.newest
    scan_from(desk, paper, scanner)
    desk.until(lambda: tell.newest is not before and not paper.scanning.busy)
    return tell.newest.heading, tell.newest.spoken


def test_each_way_a_scan_ends_is_told_and_the_next_may_begin(desk: Desk, paper: PaperScreen) -> None:
    for set_up, said in OUTCOMES:
        with EsclScanner(**{"sheets": 2, **set_up}).on() as scanner:
            heading, spoken = told(desk, paper, scanner)
            assert heading == said.format(address=scanner.address), set_up
            assert len(spoken) > len(heading), "and what to do"
        assert paper.scan.isEnabled() and not paper.left.isVisible() and piles_left(piles_folder()) == []
    assert told(desk, paper, scanner)[0] == f"Không liên lạc được với máy quét {scanner.address}.", "switched off"
    assert paper.scan.isEnabled() and piles_left(piles_folder()) == []


def test_stopped_by_the_person_what_came_is_kept(desk: Desk, paper: PaperScreen,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    with EsclScanner(sheets=3, busy_after=2).on() as scanner:
        monkeypatch.setattr(escl, "BUSY_TRIES", 1000)
        scan_from(desk, paper, scanner)
        desk.until(lambda: scanner.given == 2 and paper.pile.isVisible() and len(paper.pile.shown.cards) == 2)
        desk.bench.session.progress.cancel.click()
        desk.until(lambda: not paper.scanning.busy)
    assert len(paper.pile.shown.cards) == 2 and paper.pile.read.isEnabled()


def test_an_address_is_typed_a_scanner_s_or_a_folder_s(desk: Desk, paper: PaperScreen, tmp_path: Path) -> None:
    def begin(address: str) -> None:
        desk.press(Qt.Key.Key_F8)
        dialog = paper.scanning.dialog
        desk.until(dialog.isActiveWindow)
        dialog.address.setFocus()
        desk.type(address)
        desk.press(Qt.Key.Key_Return)

    with EsclScanner(sheets=0).on() as scanner:
        begin(scanner.address)
        desk.until(lambda: desk.notice() == "Khay nạp giấy đang trống." and not paper.scanning.busy)
    folder = tmp_path / "may-quet"
    folder.mkdir()
    no_picture(folder / "1-ghi-chu.jpg")
    Image.effect_noise((1240, 1754), 40).convert("RGB").save(folder / "2-tot.jpg", dpi=(150, 150))
    begin(f"folder:{folder}")
    pile = paper.pile
    desk.until(lambda: pile.isVisible() and not paper.scanning.busy and bool(pile.shown.refused))
    assert desk.notice().startswith("Tệp 1-ghi-chu.jpg"), "what the scanner told before is gone"
    assert [card.name for card in pile.shown.cards if card.place is not None] == ["page-0001.jpg"]
    assert [file.name for file in (folder / "khong-nhan").iterdir()] == ["1-ghi-chu.jpg"]
    assert [file.name for file in (folder / "da-nhan").iterdir()] == ["2-tot.jpg"]


def no_picture(file: Path) -> Path:
    file.write_text("không phải ảnh")
    return file


def enormous(file: Path) -> Path:
    """Its head says 30,000 × 30,000: nothing that large is unpacked to find out."""
    file.write_bytes(huge_png(30_000, 30_000))
    return file


def cut_short(file: Path) -> Path:
    content = io.BytesIO()
    Image.effect_noise((1200, 1700), 60).convert("RGB").save(content, "JPEG", dpi=(150, 150))
    file.write_bytes(content.getvalue()[:30_000])
    return file


def book(file: Path) -> Path:
    with pikepdf.Pdf.new() as pdf:
        for _ in range(2_000):
            pdf.add_blank_page(page_size=(595, 842))
        pdf.save(file)
    return file


def locked(file: Path) -> Path:
    with pikepdf.Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(file, encryption=pikepdf.Encryption(owner="chủ", user="mật khẩu"))
    return file


def of_a_phone(file: Path) -> Path:
    file.write_bytes(b"\0\0\0\x18ftypheic" + b"\0" * 64)
    return file


BAD: dict[str, tuple[Callable[[Path], Path], str]] = {
    "1-ghi-chu.jpg": (no_picture, "không"), "2-rat-lon.png": (enormous, "30000 × 30000"),
    "3-cut.jpg": (cut_short, "hỏng"), "4-sach.pdf": (book, "2000"), "5-khoa.pdf": (locked, "mật khẩu"),
    "6-dien-thoai.heic": (of_a_phone, "HEIC"),
}


def test_each_bad_file_is_told_by_name_and_the_good_one_is_taken(desk: Desk, paper: PaperScreen,
                                                                 tmp_path: Path) -> None:
    files = [make(tmp_path / name) for name, (make, _) in BAD.items()]
    Image.effect_noise((1240, 1754), 40).convert("RGB").save(tmp_path / "7-tot.jpg", dpi=(150, 150))
    paper.take_in([*files, tmp_path / "7-tot.jpg"])
    pile = paper.pile
    desk.until(lambda: pile.isVisible() and not paper.scanning.busy and bool(pile.shown.refused), timeout=60_000)
    lines = pile.refused.text().splitlines()
    assert [line.split(":")[0] for line in lines] == [f"Không nhận {name}" for name in BAD]
    for line, (_, word) in zip(lines, BAD.values(), strict=True):
        assert word in line and line.endswith("."), line
    assert len({line.split(":", 1)[1] for line in lines}) == len(lines), "each its own sentence"
    assert "6 tệp không nhận được" in desk.notice()
    assert [card.name for card in pile.shown.cards if card.place is not None] == ["page-0001.jpg"]
    assert all(file.is_file() for file in files), "nothing of theirs is touched"
