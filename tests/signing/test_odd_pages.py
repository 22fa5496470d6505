"""Number, date, signers and recipients on pages that are each odd in their own way."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from signing.layout import pages_to_read, read_layout
from signing.page import Place
from signing.page_text import read_pages
from signing.places import propose_places
from tests.signing.drafts import write_draft, write_turned
from tests.signing.odd_pages import ODD_PAGES, OddPage


@pytest.mark.parametrize("odd", ODD_PAGES, ids=[odd.name for odd in ODD_PAGES])
def test_what_stands_on_the_page_is_found(tmp_path: Path, odd: OddPage) -> None:
    found = read_layout(read_pages(odd.write(tmp_path / "odd.pdf")))

    assert tuple((signer.page, signer.name_text) for signer in found.signers) == odd.signers
    assert found.signer is not None and found.signer.authority_text == odd.authority
    assert (None if found.number is None else found.number.filled) == odd.number
    assert found.number is None or found.symbol == odd.symbol
    assert (found.date_line is not None) == odd.dated
    assert (found.recipients[0] if found.recipients else None) == odd.recipients


@pytest.mark.parametrize("odd", ODD_PAGES, ids=[odd.name for odd in ODD_PAGES])
def test_signatures_are_proposed_between_title_and_name_and_over_nothing(tmp_path: Path, odd: OddPage) -> None:
    pdf = odd.write(tmp_path / "odd.pdf")
    pages = read_pages(pdf)
    layout, places = read_layout(pages), propose_places(pdf)
    leaders = [place for name, place in places.by_field().items() if name.startswith("LeaderSignature")]

    assert len(leaders) == len(layout.signers)
    for signer, place in zip(layout.signers, leaders, strict=True):
        page = pages[place.page - 1]
        assert page.frame.contains(place.box)
        if signer.name is not None:
            assert signer.name.y1 - 0.1 <= place.box.y0 and place.box.y1 <= signer.authority.y0 + 0.1
            assert not page.words_in(place.box)
        else:
            assert not place.certain and place.box.y1 <= signer.authority.y0


@pytest.mark.parametrize("name", ["two_signers", "dots_everywhere", "signer_on_page_two", "landscape"])
@pytest.mark.parametrize(("angle", "unit", "offset"), [
    (0, 0.5, (30, 50)), (90, 2.0, (40, 20)), (180, 0.5, (0, 120)), (270, 1.0, (13, 7)), (0, 2.0, (50, 5)),
    (270, 2.0, (100, 3)), (90, 1.0, (0, 0)), (180, 1.0, (7, 77))])
def test_the_same_places_however_the_page_lies(tmp_path: Path, name: str, angle: int, unit: float,
                                               offset: tuple[int, int]) -> None:
    odd = next(odd for odd in ODD_PAGES if odd.name == name)
    plain = odd.write(tmp_path / "plain.pdf")
    turned = write_turned(plain, tmp_path / "turned.pdf", angle=angle, offset=offset, unit=unit)
    expected, found = propose_places(plain), propose_places(turned)

    assert found.notes == expected.notes
    assert found.by_field().keys() == expected.by_field().keys()
    for field, place in expected.by_field().items():
        assert found.by_field()[field].page == place.page
        assert found.by_field()[field].box.as_tuple() == pytest.approx(place.box.as_tuple(), abs=1.0), field


def test_decomposed_text_is_read_as_composed(tmp_path: Path) -> None:
    odd = next(odd for odd in ODD_PAGES if odd.name == "decomposed_letters")
    rows = [row.text for page in read_pages(odd.write(tmp_path / "odd.pdf")) for row in page.rows]

    assert any("TM. ỦY BAN NHÂN DÂN" in text for text in rows)
    assert all(unicodedata.is_normalized("NFC", text) for text in rows)


def test_a_field_is_moved_or_left_out(tmp_path: Path) -> None:
    places = propose_places(write_draft(tmp_path / "draft.pdf"))
    chosen = Place(1, places.by_field()["AgencySeal"].box)
    changed = places.moved("DocNumber", chosen).moved("LeaderSignature2", chosen).without("AgencySeal")

    assert changed.number is not None and (changed.number.box, changed.number.size) == (chosen.box, 13)
    assert changed.further_leaders == (chosen,)
    assert "AgencySeal" not in changed.by_field() and "AgencySeal" in places.by_field()


def test_of_a_long_document_only_what_matters_is_read(tmp_path: Path) -> None:
    long = OddPage("long", "#start #plain(150)" + "#usual((\"GIÁM ĐỐC\",), [Đặng Quốc Ý])#pagebreak()#align(center)["
                   "*PHỤ LỤC*]#plain(60)", (), "").write(tmp_path / "long.pdf")
    places, pages = propose_places(long), read_pages(long)
    signer = read_layout(pages).signer

    assert len(pages) > 14 and signer is not None and signer.name_text == "Đặng Quốc Ý"
    assert places.leader is not None and places.leader.certain and places.leader.page == signer.page
    assert places.number is not None and places.number.page == 1
    worth = pages_to_read(["Số: /UBND"] + ["chữ"] * 28 + ["Nơi nhận:"] + ["Phụ lục I"] + ["chữ"] * 20)
    assert {1, 29, 30, 31} <= worth and len(worth) < 14
