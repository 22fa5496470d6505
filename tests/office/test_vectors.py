"""The test vectors of the records-work rules (NĐ 30/2020 and its annexes) for which the office itself answers.

Elsewhere, so that none stands twice: numbers, symbols and date lines as written in tests/office/test_numbering.py;
next, three and five working days in tests/office/test_working_days.py; the lines on annexes and copies in
tests/signing/test_appearance.py; an unreachable status and a revocation after the time-stamp in tests/signing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import update

from docclient.office import numbering
from docclient.office.checking import check_office
from docclient.office.commands.issuing import NumberOutgoing, SealOutgoing
from docclient.office.errors import DuplicateFound, NotNow
from docclient.office.model import today
from docclient.office.queries.duplicates import Duplicates
from docclient.office.queries.office import Registers
from docclient.office.twins import number_key
from docclient.store import tables
from docclient.store.work import Work
from tests.offices import OfficeToTest, registration


def test_after_number_812_on_the_last_day_comes_01_on_the_first(office: OfficeToTest):
    """31 December number 812 → 1 January 01, in every register that an office keeps."""
    year = today().year
    for register in office.door("clerk").ask(Registers()):
        with office.engine.writing() as connection:
            work = Work(connection, office.engine.blobs, entry=0)
            connection.execute(update(tables.register).where(tables.register.c.id == register.id)
                               .values(last_number=811))
            assert work.take_number(register.id) == 812
            of_next_year = work.register_for(register.kind, year + 1)
            assert numbering.written_number(work.take_number(of_next_year)) == "01"
            assert work.take_number(register.id) == 813         # the old year's stays what it was


@pytest.mark.parametrize(("one", "other"), [
    (("15", "QĐ-UBND"), ("15", "QĐ-UBND")), (("05", "QĐ-UBND"), ("5", "qđ-ubnd")),
    (("15", "UBND-VP"), ("15", "UBND - VP")),
])
def test_the_same_number_and_symbol_of_one_year_have_one_key(one: tuple[str, str], other: tuple[str, str]):
    assert number_key(*one, date(2026, 3, 5)) == number_key(*other, date(2026, 12, 31))


def test_the_same_number_symbol_and_issuer_twice_is_warned_of(office: OfficeToTest):
    """A6. The second comes with another identifier, as from another system."""
    first = office.registered("15").document
    second = office.received("15", sender="H99.07", file=office.material.letter(
        "Văn bản gửi lần hai.", office.engine.place.blobs.parent / "again.pdf"))
    (twin,) = office.door("clerk").ask(Duplicates(second.document.id))
    assert twin.document == first.id
    with pytest.raises(DuplicateFound):
        office.door("clerk").do(registration(second, None))
    receipt = office.door("clerk").do(replace(registration(second, None), duplicate_seen=first.id))
    assert receipt.number == "2"
    assert check_office(office.engine).whole


def test_the_agency_signs_nothing_that_no_person_has_signed(office: OfficeToTest):
    """Neither number nor seal before the competent person's signature (NĐ 30 Art 32)."""
    queued = office.queued("15")
    clerk, main = office.door("clerk"), queued.main_file()
    assert main is not None
    with pytest.raises(NotNow):
        clerk.do(NumberOutgoing(queued.document.id, queued.document.version))
    with pytest.raises(NotNow):
        clerk.do(SealOutgoing(queued.document.id, queued.document.version, main.current.digest, main.current.digest))
