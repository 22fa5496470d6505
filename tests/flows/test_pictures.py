"""The pictures that the demonstration keeps: taken without a person, the office left as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from docclient.office.queries.office import JournalHead
from tests.offices import OfficeToTest
from ui.pictures import main

pytestmark = pytest.mark.window


def test_at_least_five_screens_are_pictured_and_nothing_is_changed(sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    sqlite_office.received("101")
    sqlite_office.registered("103")
    sqlite_office.queued("106")
    before = sqlite_office.door("clerk").ask(JournalHead())
    out = tmp_path / "screens"
    assert main(["--office", sqlite_office.place.name, "--out", str(out)]) == 0
    pictures = sorted(out.glob("*.png"))
    assert len(pictures) >= 5
    for picture in pictures:
        image = QImage(str(picture))
        assert (image.width(), image.height()) == (1440, 900)
        assert len({image.pixel(x, y) for x in range(0, 1440, 40) for y in range(0, 900, 40)}) > 5, picture
    assert sqlite_office.door("clerk").ask(JournalHead()) == before


def test_no_office_is_no_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--office", str(tmp_path / "none"), "--out", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err
