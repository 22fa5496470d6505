"""Finding in the window: as typed, filters, kept searches, columns, a file, many at once, a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent, QFontMetrics

from docclient.desk.bulk import RowState
from docclient.desk.many import ItemState
from docclient.office.commands.incoming import FinishIncoming, RegisterIncoming
from docclient.office.model import DocumentId, Flow, State
from docclient.office.queries.documents import ListDocuments
from docclient.office.queries.finding import Sort
from docclient.office.queries.keeping import MyColumns, SavedSearches
from docclient.office.queries.notices import Urgings
from docclient.words import Language
from tests.flows.desk import CONTROL, Desk
from tests.offices import OfficeToTest, registration
from ui.dialogs.columns_dialog import ColumnsDialog
from ui.dialogs.many_dialog import ManyDialog
from ui.dialogs.save_search_dialog import SaveSearchDialog
from ui.dialogs.sheet_dialog import SheetDialog
from ui.dialogs.urge_dialog import UrgeDialog
from ui.theme import strong_font

pytestmark = pytest.mark.window
SHIFT = Qt.KeyboardModifier.ShiftModifier


def test_words_of_files_are_found_once_they_are_read(desk: Desk, sqlite_office: OfficeToTest) -> None:
    document = sqlite_office.received("101").document.id
    sqlite_office.received("102", sender="H99.08")
    bench = desk.sit("clerk")
    bench.go("finding")
    desk.settle()
    assert len(bench.finding.list.rows_model.rows) == 2
    bench.reading.run()
    desk.until(lambda: bench.reading._running is None)
    desk.type("101/snv thuc hien yeu cau", bench.finding.search)
    desk.until(lambda: [row.id for row in bench.finding.list.rows_model.rows] == [document])
    row = bench.finding.list.rows_model.rows[0]
    assert "Thực hiện yêu cầu" in row.snippet
    desk.press(Qt.Key.Key_Return, where=bench.finding.search)
    desk.press(Qt.Key.Key_Return, where=bench.finding.list)
    desk.until(lambda: bench.document.shown is not None and bench.document.shown.id == document)
    desk.press(Qt.Key.Key_Escape)


def test_a_search_is_kept_and_taken_away(desk: Desk, sqlite_office: OfficeToTest) -> None:
    one = sqlite_office.received("101").document.id
    sqlite_office.registered("102")
    bench = desk.sit("clerk")
    bench.go("finding")
    desk.settle()
    screen = bench.finding
    screen.search.setText("bao cao")
    screen.states.setCurrentIndex(screen.states.findText("Chờ tiếp nhận"))
    screen.sort.setCurrentIndex(screen.sort.findData(Sort.RELEVANCE))
    desk.until(lambda: [row.id for row in screen.list.rows_model.rows] == [one])
    screen.keep.click()
    dialog = screen.tools.dialog
    assert isinstance(dialog, SaveSearchDialog)
    dialog.name.setText("Báo cáo chờ tiếp nhận")
    dialog.keep.click()
    desk.until(lambda: bool(sqlite_office.door("clerk").ask(SavedSearches())))
    desk.settle()
    screen.search.setText("")
    screen.states.setCurrentIndex(0)
    desk.until(lambda: len(screen.list.rows_model.rows) == 2)
    screen.refresh()
    desk.until(lambda: [button.text() for button in screen.buttons] == ["Báo cáo chờ tiếp nhận  (1)"])
    screen.buttons[0].click()
    desk.until(lambda: [row.id for row in screen.list.rows_model.rows] == [one])
    assert screen.search.text() == "bao cao" and Sort(screen.sort.currentData()) is Sort.RELEVANCE
    screen.remove.click()
    desk.until(lambda: not screen.buttons)
    assert sqlite_office.door("clerk").ask(SavedSearches()) == ()


def test_filters_narrow_and_are_cleared(desk: Desk, sqlite_office: OfficeToTest) -> None:
    sqlite_office.received("101")
    sqlite_office.issued("102")
    bench = desk.sit("clerk")
    bench.go("finding")
    desk.settle()
    screen = bench.finding
    everything = len(screen.list.rows_model.rows)
    screen.more_filters.click()
    desk.settle()
    assert screen.filters.type.findText("Công văn") > 0 and screen.filters.unit.count() > 1
    screen.filters.waiting.setChecked(True)
    desk.until(lambda: 0 < len(screen.list.rows_model.rows) < everything)
    screen.filters.issued_from.line.setText("01/01/2099")
    desk.until(lambda: screen._empty.isVisible())
    screen.filters.clear.click()
    desk.until(lambda: len(screen.list.rows_model.rows) == everything)


def test_columns_are_chosen_and_come_back(desk: Desk, sqlite_office: OfficeToTest) -> None:
    sqlite_office.received("101")
    bench = desk.sit("clerk")
    bench.go("incoming")
    desk.settle()
    screen = bench.incoming
    screen.columns_button.click()
    dialog = screen.tools.dialog
    assert isinstance(dialog, ColumnsDialog)
    dialog._fill(("subject", "number", "signer_name", "issued_place"))
    dialog.down.click()
    assert dialog.names() == ("number", "subject", "signer_name", "issued_place")
    dialog.ok.click()
    wanted = ("number", "subject", "signer_name", "issued_place")
    desk.until(lambda: tuple(each.name for each in sqlite_office.door("clerk").ask(MyColumns("incoming"))) == wanted)
    desk.settle()
    model = screen.list.rows_model
    assert [column.title for column in model.columns] == ["Số, ký hiệu", "Trích yếu", "Người ký", "Địa danh"]
    assert model.index(0, 3).data() == "Phú An"
    bench = desk.sit("clerk")
    bench.go("incoming")
    desk.until(lambda: bench.incoming.chosen == wanted)


def test_a_head_sorts_where_the_office_can_and_the_choice_follows(desk: Desk, sqlite_office: OfficeToTest) -> None:
    office = sqlite_office
    first, second, third = (office.received(number).document.id for number in ("101", "102", "103"))
    for document in (second, first, third):         # arrival numbers 1, 2, 3 in this order
        office.door("clerk").do(registration_of(office, document))
    bench = desk.sit("clerk")
    bench.go("incoming")
    desk.settle()
    screen, header = bench.incoming, bench.incoming.list.horizontalHeader()

    def shown() -> list[str]:
        return [row.id for row in screen.list.rows_model.rows]

    def click(name: str) -> None:
        place = screen.chosen.index(name)
        at = QPoint(header.sectionViewportPosition(place) + 30, header.height() // 2)
        desk.qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        desk.settle()

    def heads() -> list[str]:
        model = screen.list.rows_model
        return [model.headerData(place, Qt.Orientation.Horizontal) for place in range(model.columnCount())]

    def arrows() -> list[str]:
        return [said for said in heads() if said.endswith(("▲", "▼"))]

    assert shown() == [third, second, first] and arrows() == []
    plain = heads()
    click("issuer")                                 # no order belongs to it
    assert shown() == [third, second, first] and screen.sort.currentData() == Sort.NEWEST and heads() == plain
    click("arrival_number")
    assert shown() == [third, first, second] and screen.sort.currentData() == Sort.NUMBER
    assert arrows() == [f"{plain[0]} ▼"]
    click("deadline")
    assert screen.sort.currentData() == Sort.DUE and arrows() == [f"{plain[screen.chosen.index('deadline')]} ▲"]
    assert shown() == [] and screen.list.isVisible() and "chỉ văn bản có hạn" in screen._found.text()
    click("deadline")                               # once more: as it was
    assert screen.sort.currentData() == Sort.NEWEST and arrows() == [] and shown() == [third, second, first]
    orders = []
    for _ in range(3):
        desk.press(Qt.Key.Key_F2, where=screen.list)
        desk.settle()
        orders.append(Sort(screen.sort.currentData()))
    assert orders == [Sort.NUMBER, Sort.DUE, Sort.NEWEST]
    screen.sort.setCurrentIndex(screen.sort.findData(Sort.NUMBER))
    desk.settle()
    assert shown() == [third, first, second] and arrows() == [f"{plain[0]} ▼"]


@pytest.mark.parametrize("language", list(Language))
def test_a_sorted_list_stands_whole(make_desk: Callable[..., Desk], sqlite_office: OfficeToTest, tmp_path: Path,
                                    language: Language) -> None:
    sqlite_office.directed("101")
    sqlite_office.registered("102")
    desk = make_desk(sqlite_office.place, office=sqlite_office, language=language)
    desk.until(lambda: bool(desk.program.people))
    bench = desk.sit("clerk")
    desk.program.window.resize(1280, 800)
    bench.go("incoming")
    desk.settle()
    for order in (Sort.NUMBER, Sort.DUE):
        bench.incoming.sort_by(order)
        desk.settle()
        assert desk.program.window.grab().save(str(tmp_path / f"sorted-{order}-{language}.png"))
        model = bench.incoming.list.rows_model
        place = next(n for n, column in enumerate(model.columns) if column.order == order)
        said = model.headerData(place, Qt.Orientation.Horizontal)
        room, font = bench.incoming.list.columnWidth(place) - 20, strong_font(bench.incoming.list.font())
        assert said[-1] in "▲▼" and QFontMetrics(font).horizontalAdvance(said) <= room


def test_the_whole_result_becomes_a_file(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path) -> None:
    for number in range(3):
        sqlite_office.received(str(number))
    bench = desk.sit("clerk")
    bench.go("incoming")
    desk.settle()
    bench.incoming.tools.export_to(tmp_path / "ds.xlsx")
    desk.until(lambda: (tmp_path / "ds.xlsx").exists())
    desk.settle()
    lines = [[cell.value for cell in row] for row in load_workbook(tmp_path / "ds.xlsx").active.iter_rows()]
    assert sum("0/SNV-VP" in line or "1/SNV-VP" in line or "2/SNV-VP" in line for line in lines) == 3
    assert "3" in desk.notice()


def test_many_are_registered_with_a_truth_each(desk: Desk, sqlite_office: OfficeToTest) -> None:
    documents = [sqlite_office.received(str(number)).document.id for number in range(4)]
    bench = desk.sit("clerk")
    bench.go("incoming")
    desk.settle()
    screen = bench.incoming
    assert not screen.many.isVisible()
    screen.list.choose(0)
    screen.list.clearSelection()
    for _ in range(2):
        desk.press(Qt.Key.Key_Space, where=screen.list)
    assert len(screen.marked_documents()) == 2
    desk.press(Qt.Key.Key_A, CONTROL, screen.list)
    assert len(screen.marked_documents()) == 4
    desk.press(Qt.Key.Key_Home, CONTROL, screen.list)
    for _ in range(2):
        desk.press(Qt.Key.Key_Down, SHIFT, screen.list)
    assert screen.marked_documents() == documents[:0:-1]
    screen.many.click()
    desk.until(lambda: isinstance(screen.tools.dialog, ManyDialog) and screen.tools.dialog.isVisible())
    dialog = screen.tools.dialog
    assert isinstance(dialog, ManyDialog)
    place = next(n for n, each in enumerate(dialog._offers) if each.command == "RegisterIncoming")
    dialog.acts.setCurrentIndex(place)
    sqlite_office.door("clerk").do(registration_of(sqlite_office, documents[2]))     # somebody is quicker
    assert {each.state for each in dialog.table.rows_model.rows} == {ItemState.WAITING}
    dialog.go.click()
    desk.until(lambda: len(dialog.results) == 3 and dialog._stop is None)
    states = {document: dialog.results[document].state for document in documents[1:]}
    assert states == {documents[1]: ItemState.DONE, documents[2]: ItemState.REFUSED, documents[3]: ItemState.DONE}
    assert dialog.go.text() == "Làm tiếp 1 văn bản" and dialog.save.isVisible()
    dialog.close_button.click()
    desk.settle()
    states_now = [sqlite_office.view("clerk", each).document.state for each in documents]
    assert states_now[0] is State.WAITING_RECEIPT and State.WAITING_RECEIPT not in states_now[1:]


@pytest.mark.parametrize("language", list(Language))
def test_chosen_persons_are_urged_about_marked_documents(make_desk: Callable[..., Desk], tmp_path: Path,
                                                         sqlite_office: OfficeToTest, language: Language) -> None:
    office = sqlite_office
    first, other = office.directed("101").document.id, office.directed("102", lead="head_economy").document.id
    third = office.directed("103").document.id
    desk = make_desk(office.place, office=office, language=language)
    desk.until(lambda: bool(desk.program.people))
    bench = desk.sit("chairman")
    desk.program.window.resize(1280, 800)
    bench.go("incoming")
    desk.settle()
    screen = bench.incoming
    desk.press(Qt.Key.Key_A, CONTROL, screen.list)
    assert len(screen.marked_documents()) == 3 and screen.urge.isVisible()
    assert desk.program.window.grab().save(str(tmp_path / f"marked-{language}.png"))
    desk.press(Qt.Key.Key_U, CONTROL, screen.list)
    desk.until(lambda: isinstance(screen.tools.dialog, UrgeDialog) and screen.tools.dialog.isVisible())
    dialog = screen.tools.dialog
    assert isinstance(dialog, UrgeDialog)
    assert {each.document for each in dialog.chosen()} == {first, other, third}
    officer, head = office.person("officer_economy"), office.person("head_economy")
    dialog.people.setCurrentIndex(dialog.people.findData(officer))
    assert {(each.document, each.person) for each in dialog.chosen()} == {(first, officer), (third, officer)}
    desk.type("Bao cao truoc 16 gio", dialog.words)
    assert dialog.grab().save(str(tmp_path / f"urge-{language}.png"))
    desk.press(Qt.Key.Key_Return, CONTROL, dialog)
    desk.until(lambda: screen.tools.dialog is None)
    chairman = office.door("chairman")
    assert [(each.person, each.words) for document in (first, third)
            for each in chairman.ask(Urgings(document)).urgings] == [(officer, "Bao cao truoc 16 gio")] * 2
    assert chairman.ask(Urgings(other)).urgings == ()
    # one document, one person; another one has left it meanwhile
    screen.list.mark(lambda row: row.id == other)
    screen.urge.click()
    desk.until(lambda: isinstance(screen.tools.dialog, UrgeDialog) and screen.tools.dialog.isVisible())
    dialog = screen.tools.dialog
    assert isinstance(dialog, UrgeDialog) and {each.person for each in dialog.chosen()} == {head}
    view = office.view("head_economy", other)
    office.door("head_economy").do(FinishIncoming(other, view.document.version, "Đã trả lời"))
    dialog.go.click()
    desk.until(lambda: dialog.results.get(other) is not None and dialog._stop is None)
    assert dialog.results[other].state is ItemState.REFUSED and dialog._told.isVisible() and dialog._told.text()
    assert chairman.ask(Urgings(other)).urgings == ()
    dialog.close_button.click()


def test_an_officer_has_no_button_to_urge(desk: Desk, sqlite_office: OfficeToTest) -> None:
    sqlite_office.directed("101")
    bench = desk.sit("officer_economy")
    bench.go("incoming")
    desk.settle()
    assert bench.incoming.marked_documents() and not bench.incoming.urge.isVisible()


def registration_of(office: OfficeToTest, document: DocumentId) -> RegisterIncoming:
    return registration(office.view("clerk", document), None)


def sheet(tmp_path: Path) -> Path:
    book = Workbook()
    book.active.append(["Số", "Ký hiệu", "Ngày văn bản", "Cơ quan ban hành", "Trích yếu"])
    for number in range(1, 4):
        book.active.append([number, "SNV-VP", "05/03/2026" if number != 2 else "hôm qua", "Sở Nội vụ tỉnh", "V/v việc"])
    book.save(tmp_path / "den.xlsx")
    return tmp_path / "den.xlsx"


def test_a_spreadsheet_dropped_on_the_list_is_tried_first(desk: Desk, sqlite_office: OfficeToTest, tmp_path: Path,
                                                          ) -> None:
    bench = desk.sit("clerk")
    bench.go("incoming")
    desk.settle()
    screen, dropped = bench.incoming, QMimeData()
    dropped.setUrls([QUrl.fromLocalFile(str(sheet(tmp_path)))])
    screen.dropEvent(QDropEvent(QPoint(10, 10), Qt.DropAction.CopyAction, dropped, Qt.MouseButton.LeftButton,
                                Qt.KeyboardModifier.NoModifier))
    desk.until(lambda: isinstance(screen.tools.dialog, SheetDialog) and screen.tools.dialog.isVisible())
    dialog = screen.tools.dialog
    assert isinstance(dialog, SheetDialog)
    assert [each.state for each in dialog.results] == [RowState.READY, RowState.REFUSED, RowState.READY]
    assert sqlite_office.door("clerk").ask(ListDocuments(Flow.INCOMING)).rows == ()
    assert dialog.register.text() == "Đăng ký 2 văn bản"
    dialog.register.click()
    desk.until(lambda: dialog._stop is None and dialog.results[0].state is RowState.DONE)
    assert [(each.state, each.number) for each in dialog.results] == [
        (RowState.DONE, "1"), (RowState.REFUSED, ""), (RowState.DONE, "2")]
    assert not dialog.register.isVisible()
    dialog.close_button.click()
    desk.until(lambda: len(screen.list.rows_model.rows) == 2)


def test_an_officer_is_offered_no_spreadsheet(desk: Desk) -> None:
    bench = desk.sit("officer_economy")
    bench.go("incoming")
    desk.settle()
    assert bench.incoming.sheet is None
