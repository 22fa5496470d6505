"""Fields put on the page before the first signature."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.files import SameFile
from signing.form import AGENCY, DAY, LEADER, MONTH, NUMBER, SPOKEN, YEAR, fields_of
from signing.page import Box, Place
from signing.page_text import read_pages
from signing.prepare import AlreadySigned, TextPlace, prepare, propose_places
from signing.sign_troubles import PlaceOutside
from tests.signing.conftest import Stages
from tests.signing.drafts import Draft, write_draft, write_turned
from tests.signing.looking import picture_of


def test_every_field_is_empty_named_spoken_and_printed(stages: Stages) -> None:
    with stages.prepared.open("rb") as file:
        fields = fields_of(PdfFileReader(file))
        assert set(fields) == {NUMBER, DAY, MONTH, LEADER, AGENCY}
        for name, field in fields.items():
            assert not field.filled and field.page == 1
            assert str(field.field["/TU"]) == SPOKEN[name]
            assert int(field.widget["/F"]) & 4, "not printed"


def test_the_page_looks_the_same_with_empty_fields(stages: Stages) -> None:
    assert picture_of(stages.prepared).tobytes() == picture_of(stages.draft).tobytes()


def test_number_and_date_fields_carry_the_lines_font_and_size(stages: Stages) -> None:
    with stages.prepared.open("rb") as file:
        reader = PdfFileReader(file)
        fields = fields_of(reader)
        fonts = reader.root["/AcroForm"]["/DR"]["/Font"]
        for name, face in ((NUMBER, "LiberationSerif"), (DAY, "LiberationSerif-Italic")):
            font, size = str(fields[name].widget["/DA"]).split()[:2]
            assert float(size) == 13
            described = fonts[font]
            assert str(described["/BaseFont"]).endswith(face)
            assert described["/FontDescriptor"]["/FontFile2"].data
            assert [int(n) for n in described["/Widths"]][ord("5") - 32] == 500


def test_the_seal_locks_number_and_date(stages: Stages) -> None:
    with stages.prepared.open("rb") as file:
        lock = fields_of(PdfFileReader(file))[AGENCY].field["/Lock"]
        assert str(lock["/Action"]) == "/Include"
        assert {str(name) for name in lock["/Fields"]} >= {NUMBER, DAY, MONTH, YEAR}


def test_dots_of_the_drafter_are_covered_by_the_filled_field(tmp_path: Path) -> None:
    draft = write_draft(tmp_path / "d.pdf", Draft(number=" …… "))
    places = propose_places(draft)

    assert places.number is not None and places.number.cover
    prepare(draft, tmp_path / "p.pdf", places)
    with (tmp_path / "p.pdf").open("rb") as file:
        assert "/BG" in fields_of(PdfFileReader(file))[NUMBER].widget["/MK"]


def test_fields_lie_on_the_line_between_its_words(stages: Stages) -> None:
    (page,) = read_pages(stages.prepared)
    row = next(row for row in page.rows if "tháng" in row.text)
    with stages.prepared.open("rb") as file:
        fields = fields_of(PdfFileReader(file))
        for name in (NUMBER, DAY, MONTH):
            box = fields[name].box
            assert not any(word.box.x0 + 0.5 < box.x1 and box.x0 + 0.5 < word.box.x1 for word in row.words), name
            assert box.y0 < row.baseline < box.y1


def test_boxes_are_the_same_on_a_turned_page(stages: Stages, tmp_path: Path) -> None:
    turned = write_turned(stages.draft, tmp_path / "t.pdf", angle=90, offset=(40, 20), unit=2)
    prepare(turned, tmp_path / "p.pdf", propose_places(turned))

    with (tmp_path / "p.pdf").open("rb") as one, stages.prepared.open("rb") as other:
        found, expected = fields_of(PdfFileReader(one)), fields_of(PdfFileReader(other))
        for name, field in expected.items():
            assert found[name].box.as_tuple() == pytest.approx(field.box.as_tuple(), abs=0.7), name
        assert str(found[NUMBER].widget["/DA"]).split()[1] == "6.5"   # 13 points in units of two


def test_places_may_be_given_by_hand(stages: Stages, tmp_path: Path) -> None:
    places = replace(propose_places(stages.draft), number=TextPlace(1, Box(100, 700, 160, 715)),
                     leader=Place(1, Box(300, 300, 420, 350)), agency=None)
    made = prepare(stages.draft, tmp_path / "p.pdf", places)

    assert made.fields == (NUMBER, DAY, MONTH, LEADER)
    with made.target.open("rb") as file:
        assert fields_of(PdfFileReader(file))[LEADER].box == Box(300, 300, 420, 350)


def test_what_is_refused(stages: Stages, tmp_path: Path) -> None:
    places = propose_places(stages.draft)

    with pytest.raises(AlreadySigned):
        prepare(stages.signed, tmp_path / "a.pdf", places)
    with pytest.raises(PlaceOutside):
        prepare(stages.draft, tmp_path / "a.pdf", replace(places, leader=Place(4, Box(0, 0, 50, 50))))
    with pytest.raises(PlaceOutside):
        prepare(stages.draft, tmp_path / "a.pdf", replace(places, leader=Place(1, Box(560, 0, 640, 50))))
    with pytest.raises(SameFile):
        prepare(stages.draft, stages.draft, places)
    assert not list(tmp_path.iterdir())


def test_preparing_twice_adds_nothing_twice(stages: Stages, tmp_path: Path) -> None:
    made = prepare(stages.prepared, tmp_path / "p.pdf", propose_places(stages.draft))

    assert made.fields == ()
