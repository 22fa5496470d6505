"""Finding number, date, authority, name and recipients on pages as offices write them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from signing.layout import Layout, read_layout
from signing.page_text import read_pages
from signing.prepare import propose_places
from tests.signing.drafts import Draft, write_draft


def layout_of(tmp_path: Path, draft: Draft) -> Layout:
    return read_layout(read_pages(write_draft(tmp_path / "draft.pdf", draft)))


def test_number_and_date_gaps_lie_between_their_words(tmp_path: Path) -> None:
    found = layout_of(tmp_path, Draft())

    assert found.number is not None and found.symbol == "/UBND-VP"
    assert found.number.box.width == pytest.approx(34, abs=1)
    assert found.number.size == pytest.approx(13, abs=0.2)
    assert found.day is not None and found.day.box.width == pytest.approx(24, abs=4)
    assert found.month is not None and found.month.filled == ""
    assert found.year is not None and found.year.filled == "2026"


@pytest.mark.parametrize(("label", "number", "dotted"), [
    ("Số:", "", False), ("Số :", "", False), ("Số:", " ......", True), ("Số:", " ……", True), ("Số:", "____", True)])
def test_the_number_gap_is_found_however_the_drafter_left_it(tmp_path: Path, label: str, number: str,
                                                             dotted: bool) -> None:
    found = layout_of(tmp_path, Draft(label=label, number=number))

    assert found.number is not None
    assert found.number.filled == ""
    assert found.number.dotted is dotted
    assert found.number.box.width > 15


def test_a_number_that_is_there_is_not_covered(tmp_path: Path) -> None:
    draft = Draft(number=" 15", day=" 05 ", month=" 3 ")
    found = layout_of(tmp_path, draft)
    places = propose_places(tmp_path / "draft.pdf")

    assert found.number is not None and found.number.filled == "15"
    assert places.number is places.day is places.month is places.year is places.issued_date is None
    assert set(places.notes) == {"number_already_there", "date_already_there"}


def test_a_blank_year_gets_a_place_too(tmp_path: Path) -> None:
    write_draft(tmp_path / "draft.pdf", Draft(year=""))
    places = propose_places(tmp_path / "draft.pdf")

    assert places.year is not None and places.day is not None
    assert places.year.box.width > 25


def test_without_a_date_line_there_is_one_place_for_the_whole_date(tmp_path: Path) -> None:
    write_draft(tmp_path / "draft.pdf", Draft(head=False))
    places = propose_places(tmp_path / "draft.pdf")

    assert places.day is places.month is places.year is None
    assert places.issued_date is not None and not places.issued_date.certain
    assert {"number_line_not_found", "date_line_not_found"} <= set(places.notes)


@pytest.mark.parametrize(("authority", "name"), [
    (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Trần Văn Đức"),
    (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Lê Thị Ngọc Ánh"),
    (("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "Phạm Hồng Quân"),
    (("TUQ. GIÁM ĐỐC", "TRƯỞNG PHÒNG TỔ CHỨC"), "Đặng Quốc Ý"),
    (("Q. CHỦ TỊCH",), "Hoàng Yến"),
    (("GIÁM ĐỐC",), "Giám đốc Sở Nội vụ"),
    (("CHỈ HUY TRƯỞNG",), "Thượng tá Nguyễn Văn Ân"),
])
def test_the_signature_goes_between_title_and_name(tmp_path: Path, authority: tuple[str, ...], name: str) -> None:
    found = layout_of(tmp_path, Draft(authority=authority, name=name))
    places = propose_places(tmp_path / "draft.pdf")

    assert found.signer is not None
    assert (found.signer.name_text, found.signer.authority_text) == (name, " / ".join(authority))
    assert places.leader is not None and places.leader.certain
    box = places.leader.box
    assert found.signer.name.y1 <= box.y0 < box.y1 <= found.signer.authority.y0
    assert box.middle[0] == pytest.approx(found.signer.name.middle[0], abs=2)


def test_recipients_are_the_block_at_the_left(tmp_path: Path) -> None:
    found = layout_of(tmp_path, Draft())

    assert found.recipients is not None
    page, box = found.recipients
    assert page == 1
    assert box.x1 < 300 and box.height > 45


def test_the_signer_is_found_on_the_page_where_the_letter_ends(tmp_path: Path) -> None:
    found = layout_of(tmp_path, Draft(paragraphs=25))

    assert found.signer is not None and found.signer.page == 2
    assert found.number is not None and found.number.page == 1


def test_without_signer_lines_the_places_are_a_guess_and_say_so(tmp_path: Path) -> None:
    write_draft(tmp_path / "draft.pdf", replace(Draft(), foot=False))
    places = propose_places(tmp_path / "draft.pdf")

    assert places.leader is not None and places.agency is not None
    assert not places.leader.certain and not places.agency.certain
    assert "signer_lines_not_found" in places.notes


def test_little_room_makes_the_signature_smaller_not_the_lines_covered(tmp_path: Path) -> None:
    found = layout_of(tmp_path, Draft(room=34))
    places = propose_places(tmp_path / "draft.pdf")

    assert found.signer is not None and places.leader is not None
    assert places.leader.box.y0 >= found.signer.name.y1 - 0.1
    assert places.leader.box.y1 <= found.signer.authority.y0 + 0.1
