"""Statistics over both databases: on time and late, signed, electronic, case files; rates never round up."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import update

from docclient.desk.reports import write_report
from docclient.office.case_files import Retention
from docclient.office.commands.case_files import CloseCaseFile, OpenCaseFile
from docclient.office.errors import FieldWrong, NotYours
from docclient.office.model import State, today
from docclient.office.queries.reports import GroupBy, OfficeReport, OfficeReportView
from docclient.office.rates import OnTime, Outcome, Rate, outcome_of
from docclient.store import tables
from tests.offices import OfficeToTest

DAY = date(2026, 3, 5)


def test_the_founding_figures_round_down_and_show_their_fraction():
    rate = Rate(6836, 6909)
    assert rate.percent == Decimal("98.94") and rate.text == "98,94 % (6.836/6.909)"
    assert Rate(99_999, 100_000).text == "99,99 % (99.999/100.000)"         # never 100 while one is missing
    assert Rate(999_999, 1_000_000).percent == Decimal("99.99")
    assert Rate(3, 3).text == "100 % (3/3)" and Rate(0, 4).text == "0 % (0/4)" and Rate(0, 0).text == "–"
    assert Rate(1, 10).text == "10 % (1/10)"


@pytest.mark.parametrize(("due", "solved", "outcome"), [
    (DAY, DAY, Outcome.ON_TIME), (DAY, DAY + timedelta(days=1), Outcome.LATE_SOLVED),
    (DAY - timedelta(days=1), None, Outcome.LATE_OPEN), (DAY, None, Outcome.NOT_DUE), (None, DAY, Outcome.OUTSIDE)])
def test_how_a_document_counts(due: date | None, solved: date | None, outcome: Outcome):
    assert outcome_of(due, solved, DAY) is outcome


def test_the_rates_base_leaves_out_what_is_not_due_and_has_no_deadline():
    found = OnTime()
    for outcome in (Outcome.ON_TIME, Outcome.ON_TIME, Outcome.LATE_OPEN, Outcome.LATE_SOLVED, Outcome.NOT_DUE,
                    Outcome.OUTSIDE):
        found = found.plus(outcome)
    assert found.rate == Rate(2, 4)


def report(office: OfficeToTest, slug: str = "clerk", group: GroupBy = GroupBy.UNIT) -> OfficeReportView:
    return office.door(slug).ask(OfficeReport(today() - timedelta(days=1), today(), group))


def due(office: OfficeToTest, document: str, day: date | None, **values: object) -> None:
    """As if it had been so: what a report reads, not how it came about."""
    with office.engine.writing() as connection:
        connection.execute(update(tables.document).where(tables.document.c.id == document)
                           .values(due_date=day, **values))


def test_incoming_documents_are_counted_by_how_they_stand(office: OfficeToTest):
    late, open_, none, done = (office.directed(str(number)).document.id for number in (1, 2, 3, 4))
    due(office, late, today() - timedelta(days=1))
    due(office, open_, today() + timedelta(days=5))
    due(office, none, None)
    due(office, done, today(), state=State.FINISHED)
    found = report(office)
    handling = found.total.incoming.handling
    assert (handling.on_time, handling.late_open, handling.not_due, handling.outside) == (1, 1, 1, 1)
    assert handling.rate == Rate(1, 2)
    assert found.total.incoming.registered == 4 and found.total.incoming.electronic == Rate(4, 4)
    assert [row.incoming.registered for row in found.rows] == [4]
    by_person = report(office, group=GroupBy.PERSON)
    assert [row.name for row in by_person.rows] == [office.door("officer_economy").me.name]
    assert [row.name for row in report(office, group=GroupBy.MONTH).rows] == [f"{today():%Y-%m}"]


def test_the_signed_rate_counts_what_was_verified_with_both_signatures(office: OfficeToTest):
    first, second = office.issued("1").document, office.issued("2").document
    found = report(office).total.outgoing
    assert (found.issued, found.both, found.agency_only, found.unsigned) == (2, 2, 0, 0)
    assert found.signed.text == "100 % (2/2)" and found.electronic == Rate(2, 2)
    assert (found.same_day, found.timed) == (2, 2)
    with office.engine.writing() as connection:
        connection.execute(update(tables.verdict).where(tables.verdict.c.document == second.id)
                           .values(conclusion="undetermined"))
    found = report(office).total.outgoing
    assert (found.both, found.unsigned, found.signed.text) == (1, 1, "50 % (1/2)") and first.id != second.id


def test_whose_share_one_sees(office: OfficeToTest):
    office.directed("1")
    office.directed("2", lead="officer_culture_society")
    assert report(office).total.incoming.registered == 2 and report(office).unit_name == ""
    share = report(office, "head_economy")
    assert share.total.incoming.registered == 1 and share.unit_name == office.door("head_economy").me.posts[0].unit_name
    for slug in ("officer_economy", "administrator"):
        with pytest.raises(NotYours):
            report(office, slug)
    with pytest.raises(FieldWrong):
        office.door("clerk").ask(OfficeReport(today(), today() - timedelta(days=1)))


def test_case_files_and_returns_of_the_period(office: OfficeToTest):
    officer = office.door("officer_economy")
    file = officer.do(OpenCaseFile("Việc", Retention.YEARS_10)).facts["case_file"]
    officer.do(OpenCaseFile("Việc khác", Retention.YEARS_10))
    officer.do(CloseCaseFile(file, 1, today(), warnings_seen=True))
    found = report(office).case_files
    assert (found.opened, found.closed, found.due, found.handed_in) == (2, 1, 0, 0)
    assert report(office).movements.returned == 0


def test_the_report_is_printed_and_saved_with_its_base(office: OfficeToTest, tmp_path: Path):
    office.issued("1")
    query = OfficeReport(today() - timedelta(days=1), today())
    pdf = PdfReader(write_report(office.door("clerk"), query, tmp_path / "report.pdf"))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "100 % (1/1)" in text and "Tỷ lệ ký số" in text and "Tổng cộng" in text and "làm tròn xuống" in text
    sheet = load_workbook(write_report(office.door("clerk"), query, tmp_path / "report.xlsx")).active
    assert sheet is not None
    assert [cell.value for cell in next(sheet.iter_rows(min_row=7, max_row=7))][:2] == ["Đơn vị", "Văn bản đến"]
