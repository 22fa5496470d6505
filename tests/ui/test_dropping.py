"""What may be dragged onto the window: packets and letters are told from anything else by their names."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QUrl

from ui.workbench import dropped_packets, dropped_pdf

pytestmark = pytest.mark.window


def test_packets_and_letters_are_told_from_the_rest(tmp_path: Path) -> None:
    names = ("văn bản.edxml", "thư.EML", "15-UBND.docx", "edxml")
    dropped = QMimeData()
    dropped.setUrls([*(QUrl.fromLocalFile(str(tmp_path / name)) for name in names), QUrl("https://a.example/b.edxml")])
    assert [each.name for each in dropped_packets(dropped)] == ["văn bản.edxml", "thư.EML"]
    assert dropped_pdf(dropped) is None
