"""Many documents from a spreadsheet: told before, then done row by row, once, whatever breaks off in between."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from docclient.desk.bulk import RowState, plan_sheet, run_sheet
from docclient.desk.bulk_report import write_report, write_template
from docclient.desk.bulk_sheet import (
    HEADINGS,
    Sheet,
    SheetUnreadable,
    SheetWithoutHeadings,
    cell_of,
    date_of,
    read_sheet,
)
from docclient.desk.reading_text import read_texts
from docclient.errors import FileNotReadable
from docclient.office.checking import check_office
from docclient.office.errors import NotYours
from docclient.office.model import Flow, State, Urgency
from docclient.office.queries.documents import ListDocuments
from docclient.office.queries.finding import FindDocuments
from tests.offices import OfficeToTest

HEAD = ["STT", "Số", "Ký hiệu", "NGÀY VĂN BẢN", "Cơ quan ban hanh", "Loại văn bản", "Trích yếu", "Độ khẩn", "Tệp",
        "Màu mực"]


def sheet_of(tmp_path: Path, *rows: Sequence[object], head: Sequence[object] = HEAD, flow: Flow = Flow.INCOMING,
             name: str = "den.xlsx") -> Sheet:
    book = Workbook()
    page = book.active
    page.append(["ỦY BAN NHÂN DÂN XÃ"])
    page.append([])
    page.append(head)
    for row in rows:
        page.append(row)
    book.save(tmp_path / name)
    return read_sheet(tmp_path / name, flow)


def row(number: int, **other: object) -> list[object]:
    values = {"day": date(2026, 3, 5), "issuer": "Sở Nội vụ tỉnh", "kind": "công văn", "subject": f"V/v việc {number}",
              "urgency": "", "file": "", **other}
    return [number, str(number), "SNV-VP", values["day"], values["issuer"], values["kind"], values["subject"],
            values["urgency"], values["file"], "xanh"]


def test_a_dry_run_tells_all_and_changes_nothing(office: OfficeToTest, tmp_path: Path):
    office.registered("77")
    clerk = office.door("clerk")
    before = clerk.ask(ListDocuments(Flow.INCOMING)).rows
    sheet = sheet_of(
        tmp_path, row(1), row(2, urgency="Hỏa tốc"), row(3, day="31/02/2026"), row(4, subject=""), row(1),
        row(77), row(5, kind="Thư ngỏ"), row(6, file="khong-co.pdf"), row(7, subject="Kế hoạch", urgency="Tối mật"),
        row(8, day="05/03/2026"))
    assert sheet.ignored == ("Màu mực",)
    plan = plan_sheet(clerk, sheet)
    told = {each.row: (each.state, each.number) for each in plan.results}
    assert told == {            # each row's truth
        4: (RowState.READY, "2"), 5: (RowState.READY, "3"), 6: (RowState.REFUSED, ""), 7: (RowState.REFUSED, ""),
        8: (RowState.REFUSED, ""), 9: (RowState.REFUSED, ""), 10: (RowState.REFUSED, ""), 11: (RowState.REFUSED, ""),
        12: (RowState.REFUSED, ""), 13: (RowState.READY, "4")}
    why = {each.row: each.why for each in plan.refused}
    assert "31/02/2026" in why[6] and "thiếu trích yếu" in why[7] and "“Thư ngỏ”" in why[10]
    assert "khong-co.pdf" in why[11] and "độ mật" in why[12]
    assert all(why[twin] for twin in (8, 9))
    secret = next(each for each in plan.results if each.row == 12)
    assert secret.subject == ""                                   # told without content
    assert plan.numbers == ("2", "4")
    assert clerk.ask(ListDocuments(Flow.INCOMING)).rows == before
    assert check_office(office.engine).whole


def test_each_row_is_registered_once_and_has_its_receipt(office: OfficeToTest, tmp_path: Path):
    clerk = office.door("clerk")
    office.material.letter("Kiểm kê đàn gia súc", tmp_path / "1.pdf")
    sheet = sheet_of(tmp_path, row(1, file="1.pdf"), row(2, issuer=" "), row(3, urgency="khẩn"))
    results = run_sheet(clerk, plan_sheet(clerk, sheet))
    assert [(each.row, each.state, each.number) for each in results] == [
        (4, RowState.DONE, "1"), (5, RowState.REFUSED, ""), (6, RowState.DONE, "2")]
    first, third = (office.view("clerk", results[place].document).document for place in (0, 2))
    assert (first.state, first.number_and_symbol, first.issued_date) == (State.REGISTERED, "1/SNV-VP", date(2026, 3, 5))
    assert third.urgency is Urgency.URGENT and third.type_name == "Công văn"
    read_texts(clerk)
    assert [each.document.id for each in clerk.ask(FindDocuments("gia suc")).rows] == [first.id]
    again = plan_sheet(clerk, sheet)
    assert [(each.state, each.number) for each in again.results] == [
        (RowState.ALREADY, "1"), (RowState.REFUSED, ""), (RowState.ALREADY, "2")]
    assert run_sheet(clerk, again) == list(again.results)
    assert len(clerk.ask(ListDocuments(Flow.INCOMING)).rows) == 2
    assert check_office(office.engine).whole


def test_broken_off_it_goes_on_where_it_ended(office: OfficeToTest, tmp_path: Path):
    clerk = office.door("clerk")
    sheet = sheet_of(tmp_path, *(row(number) for number in range(1, 7)))
    stop = threading.Event()
    results = run_sheet(clerk, plan_sheet(clerk, sheet), stop=stop,
                        progress=lambda done, _: stop.set() if done == 2 else None)
    assert [each.state for each in results] == [RowState.DONE] * 3 + [RowState.LEFT] * 3
    stale = plan_sheet(clerk, sheet)
    results = run_sheet(clerk, stale)
    assert [each.state for each in results] == [RowState.ALREADY] * 3 + [RowState.DONE] * 3
    assert [each.number for each in results] == ["1", "2", "3", "4", "5", "6"]
    # the plan of before the break, given once more: still once each
    assert {each.state for each in run_sheet(clerk, stale)} == {RowState.ALREADY}
    assert len(clerk.ask(ListDocuments(Flow.INCOMING)).rows) == 6


def test_what_changed_since_the_dry_run_is_a_failure_of_that_row(office: OfficeToTest, tmp_path: Path):
    clerk = office.door("clerk")
    plan = plan_sheet(clerk, sheet_of(tmp_path, row(123), row(2)))
    office.registered("123")
    results = run_sheet(clerk, plan)
    assert [(each.state, bool(each.why)) for each in results] == [(RowState.FAILED, True), (RowState.DONE, False)]
    assert results[1].number == "2"


def test_outgoing_rows_take_numbers_of_their_run(office: OfficeToTest, tmp_path: Path):
    clerk = office.door("clerk")
    signer = office.door("chairman").me.name
    head = ["Loại", "Trích yếu nội dung", "Người ký", "Đơn vị", "Nơi nhận", "Số bản"]
    sheet = sheet_of(tmp_path, ["Công văn", "V/v một", signer, "Phòng Kinh tế", "H99.07", 3],
                     ["Công văn", "V/v hai", "Không Ai", "Phòng Kinh tế", "", ""],
                     ["Công văn", "V/v ba", signer.upper(), "phong kinh te", "Nơi không có", "x"],
                     ["Công văn", "V/v bốn", signer, "KT", "", ""], head=head, flow=Flow.OUTGOING)
    plan = plan_sheet(clerk, sheet)
    assert [each.state for each in plan.results] == [
        RowState.READY, RowState.REFUSED, RowState.REFUSED, RowState.READY], [each.why for each in plan.results]
    results = run_sheet(clerk, plan)
    assert [each.state for each in results] == [RowState.DONE, RowState.REFUSED, RowState.REFUSED, RowState.DONE]
    numbers = [int(each.number.partition("/")[0]) for each in results if each.document]
    assert numbers == [1, 2]
    first = office.view("clerk", results[0].document)
    assert first.document.issued_amount == 3 and first.document.state is State.ISSUED
    assert {each.state for each in run_sheet(clerk, plan_sheet(clerk, sheet)) if each.document} == {RowState.ALREADY}
    assert check_office(office.engine).whole


def test_only_a_clerk_may(sqlite_office: OfficeToTest, tmp_path: Path):
    sheet = sheet_of(tmp_path, row(1))
    for slug in ("officer_economy", "administrator"):
        with pytest.raises(NotYours):
            plan_sheet(sqlite_office.door(slug), sheet)


def test_files_outside_the_folder_are_not_taken(sqlite_office: OfficeToTest, tmp_path: Path):
    (tmp_path / "secret.pdf").write_bytes(b"%PDF-")
    inner = tmp_path / "inner"
    inner.mkdir()
    sheet = sheet_of(inner, row(1, file="../secret.pdf"), row(2, file=str(tmp_path / "secret.pdf")))
    plan = plan_sheet(sqlite_office.door("clerk"), sheet)
    assert [each.state for each in plan.results] == [RowState.REFUSED] * 2


def test_csv_in_its_usual_forms(tmp_path: Path):
    text = "Trích yếu;Cơ quan ban hành;Ngày văn bản;Số, ký hiệu văn bản\nV/v một;Sở Nội vụ;5/3/2026;15/QĐ-UBND\n"
    for name, content in (("a.csv", text.encode("utf-8-sig")), ("b.csv", text.replace(";", "\t").encode("utf-16")),
                          ("c.csv", text.replace(";", ",").replace("Số, ký", "Số ký").encode())):
        (tmp_path / name).write_bytes(content)
        (found,) = read_sheet(tmp_path / name, Flow.INCOMING).rows
        assert found.number == 2
        assert found.cells == {"subject": "V/v một", "issuer_name": "Sở Nội vụ", "issued_date": "5/3/2026",
                               "number": "15/QĐ-UBND"}


def test_what_is_no_sheet_is_refused_with_its_reason(tmp_path: Path):
    for name, content, trouble in (
            ("a.xlsx", b"PK\x03\x04 no", SheetUnreadable), ("a.xls", b"\xd0\xcf\x11\xe0", SheetUnreadable),
            ("a.csv", b"a,b\n1,2\n", SheetWithoutHeadings), ("b.csv", b"", SheetWithoutHeadings),
            ("c.csv", b"\x00\x01\x02", SheetUnreadable)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(trouble):
            read_sheet(tmp_path / name, Flow.INCOMING)
    with pytest.raises(FileNotReadable):
        read_sheet(tmp_path / "none.xlsx", Flow.INCOMING)


@pytest.mark.parametrize("flow", list(Flow))
def test_the_template_is_read_back(tmp_path: Path, flow: Flow):
    file = write_template(flow, tmp_path / "mau.xlsx")
    book = load_workbook(file)
    headings = [cell.value for cell in book.active[1]]
    book.active.append([f"x {n}" for n in range(len(headings))])
    book.save(file)
    (found,) = read_sheet(file, flow).rows
    assert set(found.cells) == set(HEADINGS[flow]) - {"secrecy", "number"}


def test_the_report_names_every_row(sqlite_office: OfficeToTest, tmp_path: Path):
    clerk = sqlite_office.door("clerk")
    sheet = sheet_of(tmp_path, row(1, subject="@SUM(1;1)"), row(2, day="hôm qua"))
    results = run_sheet(clerk, plan_sheet(clerk, sheet))
    page = load_workbook(write_report(clerk, results, tmp_path / "report.xlsx", "den.xlsx")).active
    lines = [[cell.value for cell in line] for line in page.iter_rows()]
    assert ["4", "Đã vào sổ", "1", "@SUM(1;1)", None] in [[value or None for value in line] for line in lines]
    assert any(line[0] == "5" and "hôm qua" in line[4] for line in lines)
    assert all(cell.data_type == "s" or cell.value is None for line in page.iter_rows() for cell in line)


@pytest.mark.parametrize(("said", "day"), [
    ("5/3/2026", "2026-03-05"), ("05.03.26", "2026-03-05"), ("2026-03-05", "2026-03-05"), ("46086", "2026-03-05"),
    ("ngày 05 tháng 3 năm 2026", "2026-03-05"), ("2026-03-05T00:00:00", "2026-03-05"), ("5 - 3 - 2026", "2026-03-05"),
    ("31/02/2026", None), ("13/13/2026", None), ("hôm qua", None), ("", None), ("2026", None),
])
def test_dates_as_offices_write_them(said: str, day: str | None):
    assert date_of(said) == (date.fromisoformat(day) if day else None)


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2118, 1, 1)))
def test_every_day_is_read_in_every_form(day: date):
    serial = (day - date(1899, 12, 30)).days
    for said in (f"{day:%d/%m/%Y}", day.isoformat(), f"{day.day}-{day.month}-{day.year}", str(serial),
                 f"Ngày {day.day} tháng {day.month} năm {day.year}"):
        assert date_of(said) == day
    assert date_of(cell_of(datetime(day.year, day.month, day.day, tzinfo=UTC))) == day
    assert date_of(cell_of(float(serial))) == day


@given(st.text(max_size=30))
def test_no_text_breaks_the_reading_of_a_date(said: str):
    assert date_of(said) is None or isinstance(date_of(said), date)
