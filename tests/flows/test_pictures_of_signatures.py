"""An administrator gives a leader a signature's picture: chosen, cleaned of its paper, seen in its real size, kept."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import Qt

from docclient.office.model import Digest
from docclient.office.queries.office import MySignaturePicture
from tests.flows.desk import CONTROL, Desk
from tests.flows.rounds import picture
from tests.offices import OfficeToTest

pytestmark = pytest.mark.window


def photographed(target: Path) -> Path:
    """A stroke in black on paper that is not quite white."""
    paper = Image.new("RGB", (600, 260), (246, 244, 238))
    ImageDraw.Draw(paper).line([(40, 210), (160, 50), (260, 220), (380, 70), (560, 160)], (25, 25, 30), 9)
    paper.save(target, quality=90)
    return target


def test_the_paper_is_made_clear_and_the_ink_blue(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    bench = desk.sit("administrator")
    desk.press(Qt.Key.Key_P, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    desk.until(lambda: bench.pictures.dialog is not None and bench.pictures.dialog.isVisible())
    dialog = bench.pictures.dialog
    assert dialog is not None and not dialog.keep.isEnabled()
    dialog.owner.setCurrentIndex(next(place for place in range(dialog.owner.count()) if dialog.owner.itemData(
        place).person == sqlite_office.person("chairman")))
    with desk.qtbot.waitSignal(dialog.shown, timeout=30_000):
        dialog.take_file(photographed(tmp_path / "chu-ky.jpg"))
    width, height = dialog.real_size(dialog.cleaned)
    assert (width == pytest.approx(50) or height == pytest.approx(20)) and width <= 50.01 and height <= 20.01
    assert dialog._size.text() and not dialog.after.pixmap().isNull()
    picture(desk, "picture")
    desk.press(Qt.Key.Key_Return, CONTROL, dialog.choose)
    desk.until(lambda: bench.pictures.dialog is None)
    desk.settle()
    chairman = sqlite_office.door("chairman")
    with chairman.read(Digest(chairman.ask(MySignaturePicture()).digest)) as stream:
        kept = Image.open(io.BytesIO(stream.read())).convert("RGBA")
    corner, inked = kept.getpixel((0, 0)), max(kept.get_flattened_data(), key=lambda pixel: pixel[3])
    assert corner[3] == 0 and inked[3] > 200 and inked[2] > inked[0] + 40


def test_what_is_no_picture_is_told_and_the_dialog_stays(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "no.png").write_bytes(b"no picture")
    bench = desk.sit("administrator")
    bench.pictures.begin()
    desk.until(lambda: bench.pictures.dialog is not None and bench.pictures.dialog.isVisible())
    dialog = bench.pictures.dialog
    assert dialog is not None
    dialog.take_file(tmp_path / "no.png")
    desk.until(dialog._wrong.isVisible)
    assert not dialog.keep.isEnabled() and dialog.isVisible()
    dialog.reject()
