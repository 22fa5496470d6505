"""Searches and columns that a person keeps; a whole result as a file (NĐ 30 Annex VI, F2)."""

from __future__ import annotations

import csv
import threading
from concurrent.futures import CancelledError
from datetime import date
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from docclient.desk.exporting import ColumnUnknown, KindUnknown, export_found
from docclient.desk.list_columns import COLUMNS, EVERYWHERE, USUAL
from docclient.office.commands.finding import ChooseColumns, ColumnChoice, RemoveSearch, SaveSearch
from docclient.office.errors import FieldWrong, NotFound
from docclient.office.model import Channel, Flow, State, Urgency
from docclient.office.queries.finding import Filter, FindDocuments, FoundCount, Sort
from docclient.office.queries.keeping import MyColumns, SavedSearches
from docclient.papers import table
from docclient.papers.table import TooLongToPrint
from docclient.store.finding import note_changed
from docclient.store.work import Work
from docclient.words import Language, has_words
from tests.offices import OfficeToTest

WHERE = Filter(flow=Flow.INCOMING, states=(State.WAITING_RECEIPT,), issued_from=date(2026, 3, 1),
               urgencies=(Urgency.NORMAL,), channels=(Channel.PACKET,), overdue=False)


def test_a_search_is_kept_with_all_its_filters(office: OfficeToTest):
    office.received("1")
    clerk = office.door("clerk")
    made = clerk.do(SaveSearch("Chờ tiếp nhận", "bao cao", WHERE, Sort.RELEVANCE, pinned=True)).facts["search"]
    clerk.do(SaveSearch("Khác", "x"))
    first, other = clerk.ask(SavedSearches(counted=True))
    assert (first.id, first.name, first.text, first.where, first.sort, first.pinned) == (
        made, "Chờ tiếp nhận", "bao cao", WHERE, Sort.RELEVANCE, True)
    assert first.count == FoundCount(1, more=False) and other.count is None
    assert clerk.ask(SavedSearches())[0].count is None
    assert clerk.do(SaveSearch("Chờ tiếp nhận", "khac")).facts["search"] == made       # the same name changes it
    assert [each.text for each in clerk.ask(SavedSearches())] == ["khac", "x"]
    clerk.do(RemoveSearch(made))
    assert [each.name for each in clerk.ask(SavedSearches())] == ["Khác"]


def test_each_person_keeps_their_own(office: OfficeToTest):
    made = office.door("clerk").do(SaveSearch("Của tôi")).facts["search"]
    chairman = office.door("chairman")
    assert chairman.ask(SavedSearches()) == ()
    with pytest.raises(NotFound):
        chairman.do(RemoveSearch(made))
    for name in (" ", "x" * 101):
        with pytest.raises(FieldWrong):
            chairman.do(SaveSearch(name))


def test_columns_are_kept_in_their_order_with_their_width(office: OfficeToTest):
    clerk, wanted = office.door("clerk"), (ColumnChoice("subject"), ColumnChoice("number", 120))
    assert clerk.ask(MyColumns("incoming")) == ()
    clerk.do(ChooseColumns("incoming", wanted))
    assert clerk.ask(MyColumns("incoming")) == wanted
    assert clerk.ask(MyColumns("outgoing")) == () and office.door("chairman").ask(MyColumns("incoming")) == ()
    clerk.do(ChooseColumns("incoming"))
    assert clerk.ask(MyColumns("incoming")) == ()
    with pytest.raises(FieldWrong):
        clerk.do(ChooseColumns("incoming", (ColumnChoice("number"), ColumnChoice("number"))))


def test_every_column_has_words_and_a_value(office: OfficeToTest):
    office.drafted("4")
    names = tuple(COLUMNS)
    rows = office.door("clerk").ask(FindDocuments(
        fields=tuple(each.field for each in COLUMNS.values() if each.field))).rows
    assert len(rows) == 2
    for language in Language:
        assert all(has_words(f"column.{COLUMNS[name].heading}", language) for name in names)
        told = {name: [COLUMNS[name].text(row, language) for row in rows] for name in names}
        for name in ("number", "issued", "type", "subject", "drafter", "signer_name", "created_at", "updated_at",
                     "state", "urgency", "lead", "unit"):
            assert any(told[name]), name
    assert {*EVERYWHERE, *USUAL[Flow.INCOMING], *USUAL[Flow.OUTGOING]} <= set(names)
    with pytest.raises(FieldWrong):
        office.door("clerk").ask(FindDocuments(fields=("folded",)))


def filled(office: OfficeToTest, number: int = 5) -> list[str]:
    return [str(office.received(str(n)).document.code_number) for n in range(1, number + 1)][::-1]


def test_the_whole_result_in_every_format(office: OfficeToTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    numbers = filled(office)
    monkeypatch.setattr("docclient.desk.exporting.PAGE", 2)             # more than a page
    clerk = office.door("clerk")
    for kind in ("xlsx", "csv", "pdf", "docx"):
        target = tmp_path / f"ds.{kind}"
        count = export_found(clerk, FindDocuments("bao cao", limit=1), ("number", "subject", "arrival_date", "issued"),
                             target, about=("Tìm: bao cao",))
        assert count == 5
        lines = lines_of(target)
        kept = [line for line in lines if any("SNV-VP" in cell for cell in line)]
        assert [cell.split("/")[0].strip() for line in kept for cell in line if "/SNV-VP" in cell] == numbers, kind
        whole = " ".join(cell for line in lines for cell in line)
        for said in ("Số, ký hiệu", "V/v báo cáo công tác văn thư", "05/03/2026"):
            assert said in whole, (kind, said)


def lines_of(file: Path) -> list[list[str]]:
    if file.suffix == ".xlsx":
        return [[str(cell.value or "") for cell in row] for row in load_workbook(file).active.iter_rows()]
    if file.suffix == ".csv":
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.reader(stream, delimiter=";"))
    if file.suffix == ".docx":
        (only,) = docx.Document(str(file)).tables
        return [[cell.text for cell in row.cells] for row in only.rows]
    return [[line] for page in PdfReader(file).pages for line in page.extract_text().splitlines()]


def test_text_stays_text(sqlite_office: OfficeToTest, tmp_path: Path):
    with sqlite_office.engine.writing() as connection:
        work = Work(connection, sqlite_office.engine.blobs, entry=0)
        work.new_document(flow=Flow.INCOMING, state=State.WAITING_RECEIPT, type_name="<b>&",
                          subject='=HYPERLINK("x")\x0b 😀')
        note_changed(work, work.touched)
    clerk = sqlite_office.door("clerk")
    for kind in ("xlsx", "csv", "pdf", "docx"):
        assert export_found(clerk, FindDocuments(), ("type", "subject"), tmp_path / f"ds.{kind}") == 1
    page = load_workbook(tmp_path / "ds.xlsx").active
    assert all(cell.data_type != "f" for row in page.iter_rows() for cell in row)
    assert lines_of(tmp_path / "ds.csv")[1][1].startswith("'=")
    assert lines_of(tmp_path / "ds.docx")[1][0] == "<b>&"


def test_only_what_may_be_seen_is_exported(sqlite_office: OfficeToTest, tmp_path: Path):
    filled(sqlite_office, 2)
    assert export_found(sqlite_office.door("officer_economy"), FindDocuments(), EVERYWHERE, tmp_path / "a.csv") == 0


def test_a_broken_off_or_refused_export_leaves_nothing(sqlite_office: OfficeToTest, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch):
    filled(sqlite_office, 2)
    clerk, stop = sqlite_office.door("clerk"), threading.Event()
    stop.set()
    with pytest.raises(CancelledError):
        export_found(clerk, FindDocuments(), EVERYWHERE, tmp_path / "a.xlsx", stop=stop)
    with pytest.raises(ColumnUnknown):
        export_found(clerk, FindDocuments(), ("nothing",), tmp_path / "a.xlsx")
    with pytest.raises(KindUnknown):
        export_found(clerk, FindDocuments(), EVERYWHERE, tmp_path / "a.doc")
    monkeypatch.setattr(table, "MOST_PRINTED", 1)
    for kind in ("pdf", "docx"):
        with pytest.raises(TooLongToPrint):
            export_found(clerk, FindDocuments(), EVERYWHERE, tmp_path / f"a.{kind}")
    assert list(tmp_path.iterdir()) == []
