"""Item models over plain lists, held against Qt's own rules for models."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from ui.state.timeline import Moment
from ui.tables.rows import ROW_ROLE, Column, RowsModel
from ui.theme import Tone
from ui.widgets.rows_view import RowsView
from ui.widgets.timeline import Timeline, TimelineModel

pytestmark = pytest.mark.window

COLUMNS = (
    Column("Số", lambda row: str(row[0]), 6, strong=lambda row: row[0] == 1),
    Column("Trích yếu", lambda row: row[1]),
    Column("Hạn", lambda row: "quá hạn" if row[0] > 1 else "", 10, tone=lambda row: Tone.BAD if row[0] > 1 else None,
           picture="clock"),
)
ROWS = [(1, "một"), (2, "hai"), (3, "ba")]


def test_the_rows_model_keeps_qts_rules(qtmodeltester) -> None:
    model = RowsModel(COLUMNS)
    qtmodeltester.check(model, force_py=True)
    model.show_rows(ROWS)
    model.add_rows([(4, "bốn")])
    model.change_row(0, (1, "một khác"))
    qtmodeltester.check(model, force_py=True)
    assert model.index(0, 1).data() == "một khác"
    assert model.index(3, 0).data(ROW_ROLE) == (4, "bốn")


def test_a_tone_comes_with_an_icon_and_a_word(qapp) -> None:
    model = RowsModel(COLUMNS)
    model.show_rows(ROWS)
    late, in_time = model.index(1, 2), model.index(0, 2)
    assert late.data() == "quá hạn"
    assert late.data(Qt.ItemDataRole.ForegroundRole) is not None
    assert not late.data(Qt.ItemDataRole.DecorationRole).isNull()
    assert in_time.data(Qt.ItemDataRole.DecorationRole) is None


def test_the_timeline_model_keeps_qts_rules_and_speaks_whole_lines(qtmodeltester) -> None:
    model = TimelineModel()
    model.show_moments([Moment("05/03/2026 14:30", "Chỉ đạo", "Chủ tịch", "Giao Văn phòng"), Moment("", "Vào sổ")])
    qtmodeltester.check(model, force_py=True)
    assert model.index(0, 0).data() == "Chỉ đạo. Chủ tịch. 05/03/2026 14:30. Giao Văn phòng"


def test_the_timeline_makes_room_for_long_words(qtbot) -> None:
    view = Timeline("Diễn biến")
    qtbot.addWidget(view)
    view.resize(260, 400)
    view.show_moments([Moment("05/03/2026", "Chỉ đạo", "Chủ tịch", "Giao Phòng Kinh tế chủ trì. " * 8),
                       Moment("04/03/2026", "Vào sổ")])
    view.show()
    first, second = (view.visualRect(view.model().index(n, 0)) for n in range(2))
    assert first.height() > 3 * second.height() / 2
    assert first.bottom() < second.top() + 1


def test_enter_opens_the_current_row(qtbot) -> None:
    view = RowsView(COLUMNS, "Danh sách")
    qtbot.addWidget(view)
    view.show()
    view.show_rows(ROWS)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    with qtbot.waitSignal(view.row_opened) as opened:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert opened.args == [(2, "hai")]


def test_a_refresh_keeps_the_chosen_row_where_it_went(qtbot) -> None:
    view = RowsView(COLUMNS, "Danh sách")
    qtbot.addWidget(view)
    view.show_rows(ROWS)
    view.choose(1)
    view.show_rows([(9, "mới"), *ROWS], same=lambda old, new: old[0] == new[0])
    assert view.current_row() == (2, "hai")
    view.show_rows([(9, "mới"), (1, "một"), (3, "ba")], same=lambda old, new: old[0] == new[0])
    assert view.current_row() == (3, "ba"), "the row that took its place"
    with qtbot.waitSignal(view.row_chosen) as chosen:
        view.show_rows([])
    assert chosen.args == [None]
