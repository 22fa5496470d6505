"""Lines of widgets: what does not fit goes to the next line, what grows takes the rest, a field stays with its name."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.widgets.flow_layout import FlowLayout, growing, side_by_side

pytestmark = pytest.mark.window


def line_of(qtbot: QtBot, width: int, *widgets: QWidget) -> QWidget:
    held = QWidget()
    qtbot.addWidget(held)
    flow = FlowLayout(held, gap=10)
    for each in widgets:
        flow.addWidget(each)
    held.resize(width, max(60, flow.heightForWidth(width)))
    held.show()
    qtbot.waitExposed(held)
    return held


def test_what_grows_takes_what_its_line_has_left(qtbot: QtBot):
    heading, button = growing(QLabel("Văn bản đến")), QPushButton("Nhập từ bảng tính")
    held = line_of(qtbot, 700, heading, button)
    assert heading.x() == 0 and button.geometry().right() == held.width() - 1
    assert heading.geometry().right() + 10 < button.x() + 1
    assert abs(heading.geometry().center().y() - button.geometry().center().y()) <= 1


def test_what_does_not_fit_goes_to_the_next_line_and_nothing_is_squeezed(qtbot: QtBot):
    buttons = [QPushButton(f"Một nút khá rộng thứ {number}") for number in range(6)]
    held = line_of(qtbot, 420, *buttons)
    assert len({each.y() for each in buttons}) >= 3
    for each in buttons:
        assert each.width() >= each.sizeHint().width() and each.geometry().right() < held.width()
        assert each.geometry().bottom() < held.height()


def test_a_field_stays_beside_its_name(qtbot: QtBot):
    name, field = QLabel("Trạng thái"), QLineEdit()
    wide = QPushButton("Một nút khá rộng, sau nó còn chỗ cho tên mà không còn chỗ cho ô")
    held = line_of(qtbot, wide.sizeHint().width() + name.sizeHint().width() + 30, wide, side_by_side(name, field))
    assert held.isVisible() and name.parentWidget() is field.parentWidget() and name.parentWidget().y() > wide.y()
