"""Large text in a small window: panes that do not overlap, dialogs that are no larger than there is room."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from ui.dialogs.growing import GrowingDialog, room_for
from ui.widgets.labels import plain
from ui.widgets.panes import Panes

pytestmark = pytest.mark.window


@pytest.mark.parametrize("part", [0.5, 0.9, 1.0, 2.0])
def test_panes_never_overlap_and_stay_inside(qtbot, part: float) -> None:
    panes = Panes(((QLabel("a"), 31, 27), (QLabel("b"), 0, 31), (QLabel("c"), 34, 26)))
    qtbot.addWidget(panes)
    needed = panes.fontMetrics().averageCharWidth() * (27 + 31 + 26) + 2 * panes.handleWidth()
    panes.resize(round(needed * part), 200)
    panes.show()
    shown = [panes.widget(place).geometry() for place in range(panes.count())]
    assert all(left.right() < right.left() for left, right in pairwise(shown))
    assert shown[-1].right() < panes.width() and all(each.width() > 0 for each in shown)


def test_panes_have_their_least_widths_again_once_there_is_room(qtbot) -> None:
    label = QLabel("a")
    panes = Panes(((label, 31, 27), (QLabel("b"), 0, 31)))
    qtbot.addWidget(panes)
    one = panes.fontMetrics().averageCharWidth()
    panes.resize(one * 30, 200)
    panes.show()
    assert label.minimumWidth() < 27 * one
    panes.resize(one * 90, 200)
    assert label.minimumWidth() == 27 * one


@pytest.mark.parametrize("sentences", [1, 12, 400])
def test_a_dialog_shows_all_its_words_while_there_is_room(qtbot, sentences: int) -> None:
    window = QWidget()
    window.resize(1280, 800)
    qtbot.addWidget(window)
    window.show()
    dialog = GrowingDialog(window)
    dialog.setMinimumWidth(5_000)
    words = plain("Văn bản vẫn chờ trong danh sách. " * sentences)
    QVBoxLayout(dialog).addWidget(words)
    dialog.open()
    room = room_for(dialog)
    assert dialog.width() <= room.width() and dialog.height() <= room.height()
    assert words.height() >= min(words.heightForWidth(words.width()), room.height() - 100)
    dialog.reject()
