"""Series of numbers on both databases (NĐ 30 Art 15.1, Annex I; the test vectors of the year's end)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from docclient.desk.printing import register_paper
from docclient.desk.signing_desk import number_and_seal
from docclient.office.checking import check_office
from docclient.office.commands.issuing import NumberOutgoing
from docclient.office.commands.numbers import EndNumberSeries, RegisterOutgoingPaper, SetNumberSeries
from docclient.office.commands.outgoing import ReturnDraft, SubmitDraft
from docclient.office.commands.people import AddDocumentType
from docclient.office.commands.withdrawing import CancelNumber, TakeBackSigned
from docclient.office.errors import BackDated, CouncilEnded, FieldWrong, NotNow, NotYours, NumberTaken
from docclient.office.model import DocumentId, State, Step
from docclient.office.queries.office import RegisterPage, Registers, RegisterView
from docclient.office.queries.outgoing import NumberPreview, NumberSeries
from docclient.store import tables
from tests.drafts import draft, give, new_file, now, offered, page, person, sign, to_signer
from tests.generators.clock import playing_from
from tests.offices import OfficeToTest, document_of


def on_paper(office: OfficeToTest, type_name: str = "Quyết định", subject: str = "Về việc khen thưởng") -> str:
    """The number and symbol that a document signed on paper gets now."""
    unit = person(office, "officer_economy")
    receipt = office.door("clerk").do(RegisterOutgoingPaper(
        type_name, subject, office.person("chairman"), unit, ("H99.07",)))
    return receipt.number or ""


def registers(office: OfficeToTest, kind: str = "outgoing") -> dict[tuple[str, int], RegisterView]:
    return {(each.title, each.year): each for each in office.door("clerk").ask(Registers()) if each.kind == kind}


def test_one_run_is_shared_by_all_types_on_paper_and_electronic(office: OfficeToTest):
    assert [on_paper(office, each) for each in ("Quyết định", "Báo cáo", "Công văn")] == [
        "01/QĐ-UBND", "02/BC-UBND", "03/UBND-KT"]
    document = draft(office)
    to_signer(office, document)
    assert page(office, document).next_number == "Số: 04/UBND-KT"
    sign(office, document)
    give(office, "clerk", NumberOutgoing, document)
    assert now(office, document).number_and_symbol == "04/UBND-KT"
    assert page(office, document).next_number == ""
    assert check_office(office.engine).whole


def test_types_groups_and_normative_texts_have_runs_of_their_own(office: OfficeToTest):
    administrator = office.door("administrator")
    administrator.do(AddDocumentType("Quyết định quy phạm pháp luật", "QĐ"))
    year = datetime.now(UTC).year
    administrator.do(SetNumberSeries("Quyết định quy phạm pháp luật", ("Quyết định quy phạm pháp luật",),
                                     normative=True))
    administrator.do(SetNumberSeries("Quyết định", ("Quyết định",)))
    administrator.do(SetNumberSeries("Báo cáo, kế hoạch", ("Báo cáo", "Kế hoạch")))
    assert [on_paper(office, each) for each in (
        "Quyết định", "Quyết định", "Báo cáo", "Kế hoạch", "Công văn", "Quyết định quy phạm pháp luật", "Tờ trình",
        "Quyết định quy phạm pháp luật")] == [
        "01/QĐ-UBND", "02/QĐ-UBND", "01/BC-UBND", "02/KH-UBND", "01/UBND-KT", f"01/{year}/QĐ-UBND", "02/TTr-UBND",
        f"02/{year}/QĐ-UBND"]
    runs = {each.name: each.next_number for each in administrator.ask(NumberSeries())}
    assert runs == {"Quyết định quy phạm pháp luật": 3, "Quyết định": 3, "Báo cáo, kế hoạch": 3}
    assert office.door("officer_economy").ask(NumberPreview("Quyết định")).line == "Số: 03/QĐ-UBND"
    assert check_office(office.engine).whole


def test_a_council_that_uses_the_seal_has_its_own_run_and_symbol(office: OfficeToTest):
    office.door("administrator").do(SetNumberSeries("Hội đồng thi đua", council="HĐTĐKT"))
    named, letter = (draft(office, type_name=kind, council="HĐTĐKT", file=False) for kind in ("Quyết định", "Công văn"))
    assert now(office, named).code_notation == "QĐ-HĐTĐKT"
    assert now(office, letter).code_notation == "HĐTĐKT"
    assert page(office, named).next_number == "Số: 01/QĐ-HĐTĐKT"
    on_paper(office)
    assert page(office, named).next_number == "Số: 01/QĐ-HĐTĐKT"
    with pytest.raises(FieldWrong):
        draft(office, council="Không có hội đồng này", file=False)
    with pytest.raises(FieldWrong):
        office.door("administrator").do(SetNumberSeries("Hội đồng khác", council="HĐTĐKT"))
    with pytest.raises(FieldWrong):
        office.door("administrator").do(SetNumberSeries("Ủy ban", council="UBND"))


def test_a_council_whose_run_has_ended_never_draws_from_the_common_run(office: OfficeToTest):
    administrator, year = office.door("administrator"), datetime.now(UTC).year
    run = administrator.do(SetNumberSeries("Hội đồng thi đua", council="HĐTĐKT")).facts["series"]
    with playing_from(datetime(year, 12, 31, 8, tzinfo=UTC)) as clock:
        signed, later = draft(office, council="HĐTĐKT"), draft(office, council="HĐTĐKT")
        to_signer(office, signed)
        sign(office, signed)
        administrator.do(EndNumberSeries(run))
        assert "NumberOutgoing" in offered(office, "clerk", signed)                    # until the year ends
        clock.go_to(datetime(year, 12, 31, 17, 0, 1, tzinfo=UTC))                      # the new year in Vietnam
        for document, slug, command in ((signed, "clerk", NumberOutgoing), (later, "officer_economy", SubmitDraft)):
            view = page(office, document)
            assert (view.next_number, view.council_ended) == ("", "Hội đồng thi đua")
            assert command.__name__ not in offered(office, slug, document)
            with pytest.raises(CouncilEnded) as refused:
                give(office, slug, command, document)
            assert refused.value.facts == {"council": "Hội đồng thi đua", "year": year + 1}
        assert on_paper(office) == "01/QĐ-UBND"
        administrator.do(SetNumberSeries("Hội đồng thi đua khóa mới", council="HĐTĐKT"))
        assert page(office, later).next_number == "Số: 01/HĐTĐKT"    # the same council again
        assert "SubmitDraft" in offered(office, "officer_economy", later)
    with office.engine.reading() as work:
        councils = set(work.connection.scalars(select(tables.given_number.c.code_notation)))
    assert councils == {"QĐ-UBND"}


def test_a_run_that_would_give_a_number_twice_is_not_opened(office: OfficeToTest):
    administrator = office.door("administrator")
    year = datetime.now(UTC).year
    on_paper(office, "Báo cáo")
    for wrong in (SetNumberSeries("Báo cáo", ("Báo cáo",)),                       # 01/BC-UBND stands already
                  SetNumberSeries("Công văn", ("Công văn",)),                     # Thư công would share its symbol
                  SetNumberSeries("Trống"), SetNumberSeries("Hai", ("Quyết định",), council="HĐ"),
                  SetNumberSeries("Lạ", ("Không có",)), SetNumberSeries("Lùi", ("Quyết định",), from_year=year - 1),
                  SetNumberSeries("Quy phạm", ("Quyết định", "Nghị quyết"), normative=True)):
        with pytest.raises(FieldWrong):
            administrator.do(wrong)
    with pytest.raises(NotYours):
        office.door("clerk").do(SetNumberSeries("Quyết định", ("Quyết định",)))
    administrator.do(SetNumberSeries("Báo cáo", ("Báo cáo",), from_year=year + 1))    # from the next year on it may
    assert on_paper(office, "Báo cáo") == "02/BC-UBND"
    with pytest.raises(FieldWrong):
        administrator.do(SetNumberSeries("Báo cáo khác", ("Báo cáo",), from_year=year + 1))


def test_the_new_year_begins_at_01_and_a_series_may_end(office: OfficeToTest):
    year = datetime.now(UTC).year
    receipt = office.door("administrator").do(SetNumberSeries("Quyết định", ("Quyết định",)))
    with playing_from(datetime(year, 12, 31, 8, tzinfo=UTC)) as clock:
        assert on_paper(office) == "01/QĐ-UBND"
        with office.engine.writing() as connection:
            connection.execute(update(tables.register).where(tables.register.c.series.is_not(None))
                               .values(last_number=811))
        assert on_paper(office) == "812/QĐ-UBND"
        office.door("administrator").do(EndNumberSeries(receipt.facts["series"]))
        assert on_paper(office) == "813/QĐ-UBND"            # it serves until the year ends
        clock.go_to(datetime(year, 12, 31, 17, 0, 1, tzinfo=UTC))         # one second into the new year in Vietnam
        assert on_paper(office) == "01/QĐ-UBND"
        assert on_paper(office, "Báo cáo") == "02/BC-UBND"
    assert (f"{'Quyết định'}", year) in registers(office)


def test_no_number_with_an_earlier_date(office: OfficeToTest):
    year = datetime.now(UTC).year
    with playing_from(datetime(year, 12, 20, 3, tzinfo=UTC)):
        on_paper(office)
    with playing_from(datetime(year, 12, 19, 3, tzinfo=UTC)), pytest.raises(BackDated):
        on_paper(office)
    with playing_from(datetime(year, 12, 20, 4, tzinfo=UTC)):
        assert on_paper(office) == "02/QĐ-UBND"


def test_twenty_at_once_get_twenty_numbers(office: OfficeToTest):
    office.door("administrator").do(SetNumberSeries("Quyết định", ("Quyết định",)))
    with ThreadPoolExecutor(4) as pool:
        given = list(pool.map(lambda number: on_paper(
            office, "Quyết định" if number % 2 else "Báo cáo"), range(20)))
    assert sorted(given) == sorted([*(f"{n:02d}/QĐ-UBND" for n in range(1, 11)),
                                    *(f"{n:02d}/BC-UBND" for n in range(1, 11))])
    assert check_office(office.engine).whole


def test_a_cancelled_number_keeps_its_row_and_is_never_given_again(office: OfficeToTest):
    document = draft(office)
    to_signer(office, document)
    sign(office, document)
    number_and_seal(office.door("clerk"), document, office.material.key("agency"))
    with pytest.raises(FieldWrong):
        give(office, "clerk", CancelNumber, document, reason=" ")
    give(office, "clerk", CancelNumber, document, reason="Nhầm sổ")
    at = now(office, document)
    assert (at.state, at.code_number, at.issued_date) == (State.SIGNED, None, None)
    assert office.view("clerk", document).main_file().current.step is Step.SIGNED
    assert on_paper(office) == "02/QĐ-UBND"
    number_and_seal(office.door("clerk"), document, office.material.key("agency"))   # signed once, numbered anew
    assert now(office, document).number_and_symbol == "03/UBND-KT"
    assert office.view("clerk", document).main_file().current.conclusion == "valid"
    (cancelled,) = page(office, document).cancelled
    assert (cancelled.number_and_symbol, cancelled.reason) == ("01/UBND-KT", "Nhầm sổ")
    (register,) = registers(office).values()
    rows = office.door("clerk").ask(RegisterPage(register.id)).rows
    assert [(row.number, row.columns[0], row.columns[9]) for row in rows] == [
        (1, "01/UBND-KT", "Đã hủy số: Nhầm sổ"), (2, "02/QĐ-UBND", ""), (3, "03/UBND-KT", "")]
    printed = register_paper(office.door("clerk"), register.id)
    assert "Đã hủy số: Nhầm sổ" in repr(printed.rows[0])
    assert check_office(office.engine).whole


def test_taken_back_with_its_number_and_given_another(office: OfficeToTest):
    document = draft(office)
    to_signer(office, document)
    sign(office, document)
    give(office, "clerk", NumberOutgoing, document)
    with pytest.raises(NotNow):
        give(office, "clerk", ReturnDraft, document, reason="Sai")
    give(office, "chief_of_office", TakeBackSigned, document, reason="Sai tên người nhận")
    assert now(office, document).state is State.DRAFT and now(office, document).code_number is None
    new_file(office, "officer_economy", document)
    to_signer(office, document)
    sign(office, document)
    give(office, "clerk", NumberOutgoing, document)
    assert now(office, document).number_and_symbol == "02/UBND-KT"
    assert check_office(office.engine).whole


def test_the_same_number_and_symbol_never_stand_twice_in_a_year(sqlite_office: OfficeToTest):
    """Whatever somebody does to the counter."""
    office = sqlite_office
    on_paper(office)
    with office.engine.writing() as connection:
        connection.execute(update(tables.register).where(tables.register.c.kind == "outgoing").values(last_number=0))
    with pytest.raises(NumberTaken):
        on_paper(office)
    with office.engine.reading() as work:
        given: list[DocumentId] = list(work.connection.scalars(select(tables.given_number.c.document)))
    assert len(given) == 1


def test_only_the_clerk_enters_what_was_signed_on_paper(office: OfficeToTest):
    unit = person(office, "officer_economy")
    with pytest.raises(NotYours):
        office.door("officer_economy").do(RegisterOutgoingPaper("Quyết định", "x", office.person("chairman"), unit))
    for wrong in (RegisterOutgoingPaper("Quyết định", " ", office.person("chairman"), unit),
                  RegisterOutgoingPaper("Quyết định", "x", office.person("officer_economy"), unit),
                  RegisterOutgoingPaper("Quyết định", "x", office.person("chairman"), unit, copies=0)):
        with pytest.raises(FieldWrong):
            office.door("clerk").do(wrong)
    document = document_of(office.door("clerk").do(RegisterOutgoingPaper(
        "Quyết định", "Khen thưởng", office.person("chairman"), unit, ("H99.07",), copies=12)))
    view = office.view("clerk", document)
    assert [each.transport_state for each in view.deliveries] == ["paper"]
    (register,) = registers(office).values()
    (row,) = office.door("clerk").ask(RegisterPage(register.id)).rows
    assert row.columns[6] == "12"
