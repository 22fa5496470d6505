"""Bad pages are named, good ones are not: each fault at the page that has it and at no other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from docclient.capture.originals import Picture
from docclient.capture.page_text import PageText, Word
from docclient.capture.pages import clean
from docclient.capture.quality import (
    BLURRED,
    CUT,
    PAGE_MISSING,
    PAGE_TWICE,
    TOO_DARK,
    faults_of,
    printed_number,
    sequence_faults,
)
from tests.capture.letters import ALL, COMMUNE_LETTER, Wear, render, wear


def faults(image: Image.Image, dpi: float) -> tuple[str, ...]:
    picture = Picture(np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1]), dpi, True)
    page = clean(picture, lambda grey, dpi: 0)
    return faults_of(picture.pixels, page.pixels, page.dpi)


@pytest.mark.parametrize("dpi", [150, 200, 300])
@pytest.mark.parametrize("letter", ALL, ids=lambda letter: letter.symbol if hasattr(letter, "symbol") else "letter")
def test_an_ordinary_scan_has_no_fault(letter: object, dpi: int):
    for page in render(letter, dpi):      # type: ignore[arg-type]
        worn = wear(page, Wear(skew=1.4, noise=7, blur=0.8 * dpi / 200, shade=40, paper=(246, 240, 226), specks=60))
        assert faults(worn, dpi) == ()


@pytest.mark.parametrize("dpi", [150, 200, 300])
def test_a_blurred_page(dpi: int):
    page = render(COMMUNE_LETTER, dpi)[0]
    assert faults(wear(page, Wear(blur=3.0 * dpi / 200, noise=4)), dpi) == (BLURRED,)


def test_a_dark_page():
    page = np.asarray(render(COMMUNE_LETTER, 200)[0], np.float32)
    assert TOO_DARK in faults(Image.fromarray((page * 0.3).astype(np.uint8)), 200)


@pytest.mark.parametrize("left", [True, False])
def test_text_that_runs_off_the_sheet(left: bool):
    page = render(COMMUNE_LETTER, 200)[0]
    mm = 200 / 25.4
    off = Image.new("RGB", page.size, "white")
    off.paste(page, (round(-42 * mm), 0) if left else (round(32 * mm), 0))
    assert faults(off, 200) == (CUT,)


def test_a_shadow_or_punch_holes_at_the_edge_cut_nothing():
    page = np.asarray(render(COMMUNE_LETTER, 200)[0]).copy()
    page[:, :4] = 40
    for y in (600, 1200):
        page[y:y + 45, 30:75] = 20
    assert faults(Image.fromarray(page), 200) == ()


def numbered(number: int | None, *, more: str = "", x: float = 105.0, y: float = 12.0) -> PageText:
    words = [Word("Nội", 0.9, (30, 40, 40, 45))]
    if number is not None:
        words.append(Word(f"{more}{number}", 0.9, (x - 2, y, x + 2, y + 4)))
    return PageText(tuple(words), (210.0, 297.0))


def test_the_number_in_the_top_margin():
    assert printed_number(numbered(7)) == 7
    assert printed_number(numbered(7, more="- ")) == 7
    assert printed_number(numbered(7, y=30)) is None and printed_number(numbered(7, x=190)) is None
    assert printed_number(numbered(2026, more="1")) is None


@pytest.mark.parametrize(("numbers", "found"), [
    ([None, 2, 3, 4], {}), ([None, 2, 4, 5], {2: PAGE_MISSING}), ([None, 2, 2, 3], {2: PAGE_TWICE}),
    ([None, 3], {1: PAGE_MISSING}), ([None, 2, None, 4], {}), ([None, 2, 8, 4, 5], {}),
    ([None, 2, 3, None, 2, 3], {}), ([None, 2, 3, 1, 2], {}), ([None, None, None], {}), ([None], {}), ([], {}),
    ([None, 2, None, 2, 4], {4: PAGE_MISSING})])
def test_numbers_that_do_not_follow(numbers: list[int | None], found: dict[int, str]):
    assert sequence_faults([numbered(number) for number in numbers]) == found


@given(st.lists(st.integers(2, 9), min_size=1, max_size=5))
def test_documents_one_after_the_other_have_no_fault(lengths: list[int]):
    texts = [numbered(None if page == 1 else page) for length in lengths for page in range(1, length + 1)]
    assert sequence_faults(texts) == {}


@given(st.integers(4, 20), st.data())
def test_a_sheet_left_out_is_seen(length: int, data: st.DataObject):
    gone = data.draw(st.integers(2, length - 2))
    texts = [numbered(None if page == 1 else page) for page in range(1, length + 1) if page != gone]
    assert list(sequence_faults(texts).values()) == [PAGE_MISSING]
