"""Case files over both databases: the year's list, one document in many files, closing, handing in (8.1, D1–D3, E2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from docclient.office.case_files import CaseFileState, Retention, hand_in_due, months_later
from docclient.office.checking import check_office
from docclient.office.commands.case_files import (
    BeginCaseFile,
    ChangeCaseFile,
    CloseCaseFile,
    HandIn,
    HandOverCaseFiles,
    KeepLonger,
    OpenCaseFile,
    ReopenCaseFile,
)
from docclient.office.commands.file_plan import (
    AddHeading,
    ApproveFilePlan,
    ChangeHeading,
    PlanCaseFile,
    PlanYear,
    RemoveHeading,
    RemovePlannedCaseFile,
)
from docclient.office.commands.filing import AddToCaseFile, RemoveFromCaseFile
from docclient.office.commands.notices import TellDeadlines
from docclient.office.errors import FieldWrong, NotFound, NotNow, NotYours, StaleDocument
from docclient.office.model import today
from docclient.office.notices import NoticeKind
from docclient.office.queries.case_files import CaseFilePage, CaseFiles, CaseFileView, FiledIn, FilePlan, roman
from docclient.office.queries.document_page import DocumentPage, OffersOn
from docclient.office.queries.notices import MyNotices
from tests.offices import OfficeToTest

YEAR = today().year
OFFICER, OTHER, HEAD = "officer_economy", "officer_culture_society", "head_economy"


def opened(office: OfficeToTest, slug: str = OFFICER, title: str = "Báo cáo công tác văn thư",
           retention: Retention = Retention.YEARS_10, start: date | None = None) -> str:
    return office.door(slug).do(OpenCaseFile(title, retention, start_date=start)).facts["case_file"]


def page(office: OfficeToTest, slug: str, case_file: str) -> CaseFileView:
    return office.door(slug).ask(CaseFilePage(case_file))


def offered(office: OfficeToTest, slug: str, case_file: str) -> set[str]:
    return {each.command for each in page(office, slug, case_file).offers}


def put_in(office: OfficeToTest, slug: str, document: str, case_file: str) -> None:
    version = office.view("clerk", document).document.version
    office.door(slug).do(AddToCaseFile(document, version, case_file))


# --- the year's list (D1) ------------------------------------------------------------------------------------------

def listed(office: OfficeToTest, *, per_heading: bool = False) -> list[str]:
    clerk = office.door("clerk")
    clerk.do(PlanYear(YEAR, per_heading))
    staff = clerk.do(AddHeading(YEAR, "Tổ chức cán bộ", "TCCB")).facts["heading"]
    small = clerk.do(AddHeading(YEAR, "Tuyển dụng", parent=staff)).facts["heading"]
    money = clerk.do(AddHeading(YEAR, "Tài chính", "TC")).facts["heading"]
    owner = office.person(OFFICER)
    return [clerk.do(PlanCaseFile(heading, title, Retention.YEARS_70, owner)).facts["case_file"]
            for heading, title in ((staff, "Bổ nhiệm"), (small, "Kỳ tuyển dụng"), (money, "Dự toán"))]


@pytest.mark.parametrize(("per_heading", "symbols"), [
    (False, ["01.TCCB", "02.TCCB", "03.TC"]), (True, ["01.TCCB", "02.TCCB", "01.TC"])])
def test_d1_the_years_list_gives_symbols_by_large_heading(office: OfficeToTest, per_heading: bool, symbols: list[str]):
    files = listed(office, per_heading=per_heading)
    assert [page(office, "clerk", each).file.notation for each in files] == symbols
    plan = office.door("clerk").ask(FilePlan(YEAR))
    assert [(each.number, each.name) for each in plan.headings] == [
        ("I", "Tổ chức cán bộ"), ("1", "Tuyển dụng"), ("II", "Tài chính")]
    assert [len(each.files) for each in plan.headings] == [1, 1, 1] and not plan.approved


def test_the_list_is_put_right_while_it_is_made_and_not_afterwards(office: OfficeToTest):
    first, _, money = listed(office)
    clerk, chairman = office.door("clerk"), office.door("chairman")
    staff, small, finance = clerk.ask(FilePlan(YEAR)).headings
    clerk.do(ChangeHeading(staff.id, "Tổ chức, cán bộ", "TCCB"))
    for wrong in (ChangeHeading(staff.id, "Tổ chức", "TC2"), ChangeHeading(staff.id, " ", "TCCB"),
                  ChangeHeading(staff.id, "Tổ chức"), RemoveHeading(staff.id), RemoveHeading(small.id)):
        with pytest.raises(FieldWrong):         # files stand under each, with the abbreviation in their symbols
            clerk.do(wrong)
    with pytest.raises(NotYours):
        office.door(OFFICER).do(RemoveHeading(staff.id))
    assert "RemovePlannedCaseFile" in offered(office, "clerk", money)
    assert "RemovePlannedCaseFile" not in offered(office, OFFICER, money)
    clerk.do(RemovePlannedCaseFile(money, 1))
    assert page(office, "clerk", money).file.state is CaseFileState.REMOVED
    assert money not in {row.file.id for row in clerk.ask(CaseFiles()).rows}
    clerk.do(ChangeHeading(finance.id, "Tài chính - kế toán", "TCKT"))
    again = clerk.do(PlanCaseFile(finance.id, "Dự toán", Retention.YEARS_70, office.person(OFFICER)))
    assert again.number == "04.TCKT"            # the symbol that was there is not given again
    clerk.do(RemovePlannedCaseFile(again.facts["case_file"], 1))
    clerk.do(RemoveHeading(finance.id))
    money_again = clerk.do(AddHeading(YEAR, "Tài chính", "TC")).facts["heading"]
    plan = clerk.ask(FilePlan(YEAR))
    assert [(each.number, each.name) for each in plan.headings] == [
        ("I", "Tổ chức, cán bộ"), ("1", "Tuyển dụng"), ("II", "Tài chính")]
    assert not plan.unlisted
    chairman.do(ApproveFilePlan(YEAR, "15/QĐ-UBND"))
    for late in (RemoveHeading(money_again), ChangeHeading(staff.id, "Khác", "TCCB")):
        with pytest.raises(NotNow):
            clerk.do(late)
    with pytest.raises(NotYours):
        clerk.do(RemovePlannedCaseFile(first, 1))
    clerk.do(PlanYear(YEAR + 1, copy_of=YEAR))
    assert [len(each.files) for each in clerk.ask(FilePlan(YEAR + 1)).headings] == [1, 1, 0]
    assert not check_office(office.engine).findings


def test_the_next_heading_after_a_removed_one_moves_up(office: OfficeToTest):
    clerk = office.door("clerk")
    clerk.do(PlanYear(YEAR))
    first, _, last = (clerk.do(AddHeading(YEAR, name, name)).facts["heading"] for name in ("A", "B", "C"))
    clerk.do(RemoveHeading(first))
    assert [(each.number, each.name) for each in clerk.ask(FilePlan(YEAR)).headings] == [("I", "B"), ("II", "C")]
    clerk.do(RemoveHeading(last))
    clerk.do(AddHeading(YEAR, "D", "D"))
    assert [(each.number, each.name) for each in clerk.ask(FilePlan(YEAR)).headings] == [("I", "B"), ("II", "D")]


def test_a_listed_file_is_opened_only_after_the_head_approved_the_list(office: OfficeToTest):
    first, *_ = listed(office)
    assert "BeginCaseFile" not in offered(office, OFFICER, first)
    with pytest.raises(NotYours):
        office.door(OFFICER).do(BeginCaseFile(first, 1))
    with pytest.raises(NotYours):
        office.door("clerk").do(ApproveFilePlan(YEAR, "15/QĐ-UBND"))
    office.door("chairman").do(ApproveFilePlan(YEAR, "15/QĐ-UBND"))
    assert office.door("clerk").ask(FilePlan(YEAR)).decision == "15/QĐ-UBND"
    assert any(each.case_file == first for each in office.door(OFFICER).ask(MyNotices()).rows)
    office.door(OFFICER).do(BeginCaseFile(first, 1))
    assert page(office, OFFICER, first).file.state is CaseFileState.OPEN
    with pytest.raises(NotNow):             # an issued list is not changed any more
        office.door("clerk").do(AddHeading(YEAR, "Thêm", "T"))
    assert check_office(office.engine).whole


def test_the_next_years_list_is_copied_from_this_one(office: OfficeToTest):
    listed(office)
    office.door("clerk").do(PlanYear(YEAR + 1, copy_of=YEAR))
    plan = office.door("clerk").ask(FilePlan(YEAR + 1))
    assert [row.file.notation for each in plan.headings for row in each.files] == ["01.TCCB", "02.TCCB", "03.TC"]
    assert {row.file.year for each in plan.headings for row in each.files} == {YEAR + 1}
    with pytest.raises(FieldWrong):
        office.door("clerk").do(PlanYear(YEAR))


def test_a_file_beside_the_list_is_opened_by_whoever_is_in_charge(office: OfficeToTest):
    one, two = opened(office), opened(office)
    symbols = [page(office, OFFICER, each).file.notation for each in (one, two)]
    assert symbols[0].startswith("01.") and symbols[1].startswith("02.")
    file = page(office, OFFICER, one).file
    assert file.code == f"{file.organ_id}.{YEAR}.{file.notation}"
    with pytest.raises(FieldWrong):         # a symbol is given once in a year
        office.door(OFFICER).do(OpenCaseFile("Khác", Retention.YEARS_5, notation=symbols[0]))
    with pytest.raises(FieldWrong):
        office.door(OFFICER).do(OpenCaseFile(" ", Retention.YEARS_5))
    with pytest.raises(FieldWrong):         # an officer opens files of their own
        office.door(OFFICER).do(OpenCaseFile("Của người khác", Retention.YEARS_5, owner=office.person(OTHER)))
    with pytest.raises(NotYours):
        office.door("administrator").do(OpenCaseFile("Không", Retention.YEARS_5))


# --- documents in files (D2, D3) -----------------------------------------------------------------------------------

def test_d3_one_document_lies_in_files_of_two_people_and_is_there_once(office: OfficeToTest):
    document = office.directed("1").document.id
    mine, theirs = opened(office), opened(office, OTHER, "Theo dõi chung")
    put_in(office, OFFICER, document, mine)
    with pytest.raises(NotFound):           # the other has no right to it yet
        office.door(OTHER).ask(DocumentPage(document))
    put_in(office, "clerk", document, theirs)
    assert office.door(OTHER).ask(DocumentPage(document)).document.id == document
    assert [each.file.id for each in office.door("clerk").ask(FiledIn(document))] == [mine, theirs]
    assert [each.file.id for each in office.door(OFFICER).ask(FiledIn(document))] == [mine]
    opened(office, title="Còn trống")
    with pytest.raises(FieldWrong):         # not twice in one
        put_in(office, OFFICER, document, mine)
    files = office.view("clerk", document).files
    assert len(files) == len({each.id for each in files})
    assert check_office(office.engine).whole


def test_documents_are_numbered_inside_and_putting_them_in_makes_nothing_stale(office: OfficeToTest):
    file = opened(office)
    documents = [office.directed(str(number)).document for number in (1, 2, 3)]
    for each in documents:
        put_in(office, OFFICER, each.id, file)
    inside = page(office, OFFICER, file).inside
    assert [(row.ordinal, row.document.id if row.document else "") for row in inside] == [
        (number, each.id) for number, each in enumerate(documents, start=1)]
    assert office.view(OFFICER, documents[0].id).document.version == documents[0].version
    office.door(OFFICER).do(RemoveFromCaseFile(documents[1].id, documents[1].version, file, "Nhầm hồ sơ"))
    put_in(office, OFFICER, documents[1].id, file)
    assert [row.ordinal for row in page(office, OFFICER, file).inside] == [1, 3, 4]     # a number is not given twice
    assert page(office, OFFICER, file).row.documents == 3


def test_files_are_offered_where_one_keeps_an_open_file(office: OfficeToTest):
    view = office.directed("1")
    assert "AddToCaseFile" not in {each.command for each in view.offers}
    file = opened(office)
    offers = {each.command: each for each in office.door(OFFICER).ask(OffersOn(view.document.id))}
    (ask,) = offers["AddToCaseFile"].fields
    assert [value for value, _ in ask.choices] == [file] and ask.default == file
    put_in(office, OFFICER, view.document.id, file)
    offers = {each.command: each for each in office.door(OFFICER).ask(OffersOn(view.document.id))}
    assert "AddToCaseFile" not in offers and "RemoveFromCaseFile" in offers


def test_who_may_see_a_file_and_what_lies_in_it(office: OfficeToTest):
    file = opened(office)
    put_in(office, OFFICER, office.directed("1").document.id, file)
    for slug in (OFFICER, HEAD, "clerk", "chairman", "chief_of_office"):
        assert page(office, slug, file).inside[0].document is not None, slug
    for slug in (OTHER, "administrator"):
        with pytest.raises(NotFound):
            page(office, slug, file)
        assert not office.door(slug).ask(CaseFiles()).rows
    assert offered(office, "chairman", file) == set()          # sees it, keeps it not
    with pytest.raises(NotYours):
        office.door("chairman").do(ChangeCaseFile(file, 1, "Khác", Retention.YEARS_5))
    with pytest.raises(NotFound):
        office.door(OTHER).do(ChangeCaseFile(file, 1, "Khác", Retention.YEARS_5))


def test_d2_all_files_of_an_account_are_listed_and_found(office: OfficeToTest):
    opened(office, title="Đề án thủy lợi"), opened(office, title="Chợ xã"), opened(office, OTHER)
    rows = office.door("clerk").ask(CaseFiles(owner=office.person(OFFICER)))
    assert [row.file.title for row in rows.rows] == ["Chợ xã", "Đề án thủy lợi"]
    assert rows.counts == {CaseFileState.OPEN: 2}
    assert [row.file.title for row in office.door("clerk").ask(CaseFiles(text="de an")).rows] == ["Đề án thủy lợi"]
    first = office.door("clerk").ask(CaseFiles(limit=2))
    rest = office.door("clerk").ask(CaseFiles(limit=2, after=first.next))
    assert len(first.rows) == 2 and len(rest.rows) == 1 and rest.next is None


# --- closing, keeping, handing in ----------------------------------------------------------------------------------

def test_closing_names_what_speaks_against_it_and_numbers_by_time(office: OfficeToTest):
    file = opened(office, start=date(YEAR - 1, 1, 2))
    with pytest.raises(FieldWrong):                            # empty: a warning that nobody has seen
        office.door(OFFICER).do(CloseCaseFile(file, 1, today()))
    view = office.drafted("1")
    answered = view.links[0].document
    put_in(office, OFFICER, view.document.id, file)
    put_in(office, OFFICER, answered, file)
    found = page(office, OFFICER, file).findings
    assert {(each.kind.value, each.document) for each in found} >= {
        ("draft", view.document.id), ("unfinished", answered)}
    with pytest.raises(FieldWrong):
        office.door(OFFICER).do(CloseCaseFile(file, 1, today()))
    with pytest.raises(FieldWrong):
        office.door(OFFICER).do(CloseCaseFile(file, 1, today() + timedelta(days=1), warnings_seen=True))
    office.door(OFFICER).do(CloseCaseFile(file, 1, today(), warnings_seen=True))
    closed = page(office, OFFICER, file)
    assert closed.file.state is CaseFileState.CLOSED
    assert [row.document.id for row in closed.inside if row.document] == [answered, view.document.id]   # by date
    assert [row.ordinal for row in closed.inside] == [1, 2]
    assert (closed.file.kept_from, closed.file.kept_to) == (date(YEAR + 1, 1, 1), date(YEAR + 10, 12, 31))
    version = office.view("clerk", answered).document.version
    with pytest.raises(NotYours):           # not offered: it lies in no open file
        office.door(OFFICER).do(RemoveFromCaseFile(answered, version, file, "x"))
    with pytest.raises(FieldWrong):
        office.door(OFFICER).do(ReopenCaseFile(file, closed.file.version, " "))
    with pytest.raises(StaleDocument):
        office.door(OFFICER).do(ReopenCaseFile(file, 1, "Bổ sung"))
    office.door(OFFICER).do(ReopenCaseFile(file, closed.file.version, "Bổ sung văn bản"))
    assert page(office, OFFICER, file).file.hand_in_due is None
    assert check_office(office.engine).whole


def closed_file(office: OfficeToTest, ended_on: date, retention: Retention = Retention.YEARS_10) -> str:
    file = opened(office, retention=retention, start=ended_on)
    office.door(OFFICER).do(CloseCaseFile(file, 1, ended_on, warnings_seen=True))
    return file


def test_when_files_are_handed_in():
    assert hand_in_due(date(2026, 3, 5), Retention.PERMANENT, construction=False) == date(2027, 3, 5)
    assert hand_in_due(date(2026, 3, 5), Retention.YEARS_5, construction=True) == date(2026, 6, 5)
    assert hand_in_due(date(2026, 3, 5), Retention.YEARS_2, construction=False) is None
    assert months_later(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert [roman(number) for number in (1, 4, 9, 14, 28)] == ["I", "IV", "IX", "XIV", "XXVIII"]
    assert [(each.code, each.years) for each in Retention] == [
        ("01", None), ("02", 70), ("03", 50), ("04", 30), ("05", 20), ("06", 10), ("07", 5), ("07", 2)]


def test_e2_the_unit_is_told_thirty_days_before_and_only_once(office: OfficeToTest):
    soon = months_later(today() + timedelta(days=30), -12)
    later = months_later(today() + timedelta(days=45), -12)
    due, not_yet = closed_file(office, soon), closed_file(office, later)
    administrator = office.door("administrator")
    administrator.do(TellDeadlines())
    administrator.do(TellDeadlines())
    for slug in (OFFICER, HEAD):
        told = [each.case_file for each in office.door(slug).ask(MyNotices()).rows if each.kind is NoticeKind.HAND_IN]
        assert told == [due], slug
    rows = office.door(OFFICER).ask(CaseFiles(due=True)).rows
    assert [(row.file.id, row.near_due, row.overdue) for row in rows] == [(due, True, False)]
    assert page(office, OFFICER, not_yet).row.near_due is False


def test_keeping_longer_needs_the_head_and_ends_after_two_years(office: OfficeToTest):
    file = closed_file(office, today())
    view = page(office, "chairman", file)
    due = view.file.hand_in_due
    assert due is not None and {each.command for each in view.offers} == {"KeepLonger"}
    with pytest.raises(NotYours):
        office.door(OFFICER).do(KeepLonger(file, view.file.version, due + timedelta(days=90), "12/UBND"))
    chairman = office.door("chairman")
    for until, basis in ((due, "12/UBND"), (months_later(due, 24) + timedelta(days=1), "12/UBND"),
                         (due + timedelta(days=90), " ")):
        with pytest.raises(FieldWrong):
            chairman.do(KeepLonger(file, view.file.version, until, basis))
    chairman.do(KeepLonger(file, view.file.version, months_later(due, 24), "12/UBND"))
    assert page(office, OFFICER, file).file.due == months_later(due, 24)


def test_the_archive_takes_in_closed_files_and_notes_what_came_late(office: OfficeToTest):
    in_time, late = closed_file(office, today()), closed_file(office, today() - timedelta(days=500))
    short = closed_file(office, today(), Retention.YEARS_2)
    with pytest.raises(NotYours):
        office.door(OFFICER).do(HandIn((in_time,)))
    with pytest.raises(FieldWrong):
        office.door("clerk").do(HandIn((in_time, short)))          # all or none
    assert page(office, OFFICER, in_time).file.state is CaseFileState.CLOSED
    receipt = office.door("clerk").do(HandIn((in_time, late)))
    assert receipt.facts == {"files": "2", "late": "1"}
    assert page(office, OFFICER, late).file.handed_in_late and not page(office, OFFICER, in_time).file.handed_in_late
    with pytest.raises(NotNow):
        office.door("clerk").do(HandIn((late,)))


def test_whoever_leaves_hands_all_files_over_with_what_lies_in_them(office: OfficeToTest):
    document = office.directed("1").document.id
    one, two = opened(office), opened(office, title="Việc khác")
    put_in(office, OFFICER, document, one)
    to = office.person(OTHER)
    with pytest.raises(NotFound):
        office.door(OTHER).do(HandOverCaseFiles((one,), to, "Lấy về"))
    with pytest.raises(FieldWrong):
        office.door(OFFICER).do(HandOverCaseFiles((one, two), to, " "))
    office.door(OFFICER).do(HandOverCaseFiles((one, two), to, "Nghỉ hưu"))
    assert [row.file.id for row in office.door(OTHER).ask(CaseFiles()).rows] == [two, one]
    assert office.door(OTHER).ask(DocumentPage(document)).document.id == document
    assert NoticeKind.HANDED_OVER in {each.kind for each in office.door(OTHER).ask(MyNotices()).rows}
    with pytest.raises(NotFound):
        page(office, OFFICER, one)
    assert check_office(office.engine).whole
