"""A commune's year of mail through the door: afterwards the registers are the generator's own books, line by line."""

from __future__ import annotations

import pytest

from docclient.office.checking import check_office
from tests.generators.playing import Papers, Playing, make_papers
from tests.generators.year_of_mail import YearOfMail
from tests.offices import Material, OfficeToTest

SEED = 20_270_701


@pytest.fixture(scope="session")
def papers(material: Material, tmp_path_factory: pytest.TempPathFactory) -> Papers:
    return make_papers(material, tmp_path_factory.mktemp("papers"))


def test_a_seed_tells_the_whole_year() -> None:
    one, same, other = (YearOfMail.plan(400, seed) for seed in (1, 1, 2))
    assert one.acts == same.acts and one.books.registers == same.books.registers
    assert one.acts != other.acts


def test_the_books_begin_anew_with_the_year() -> None:
    books = YearOfMail.plan(2_000, SEED).books
    assert {kind for kind, _ in books.registers} == {"incoming", "outgoing"}
    for lines in books.registers.values():
        assert [line.number for line in lines] == list(range(1, len(lines) + 1))
        assert [line.day for line in lines] == sorted(line.day for line in lines)
        assert len({line.day.year for line in lines}) == 1
    assert len({year for _, year in books.registers}) == 2


@pytest.mark.timeout(900)
def test_some_of_the_year(office: OfficeToTest, papers: Papers) -> None:
    """So few have every kind of act, but none that is really signed and numbered: the long ones have those."""
    plan = YearOfMail.plan(120, SEED)
    assert {each.name for each in YearOfMail.plan(2_000, SEED).acts} - {each.name for each in plan.acts} == {
        "sign", "number"}
    playing = Playing(office, papers, plan)
    playing.play()
    assert sum(playing.given.values()) > 380
    assert check_office(office.engine).findings == ()


@pytest.mark.slow
@pytest.mark.timeout(1_800)
def test_fifteen_hundred_documents(office: OfficeToTest, papers: Papers) -> None:
    Playing(office, papers, YearOfMail.plan(1_500, SEED)).play()
    assert check_office(office.engine).findings == ()


@pytest.mark.slow
@pytest.mark.timeout(14_400)
def test_the_whole_year(office: OfficeToTest, papers: Papers) -> None:
    """20,000 documents, some 98,000 acts."""
    Playing(office, papers, YearOfMail.plan(20_000, SEED)).play()
    assert check_office(office.engine).findings == ()
