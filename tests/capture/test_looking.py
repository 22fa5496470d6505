"""The first look at the pages of a pile: bad ones are named, good ones let be, blank sheets and separators found."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from docclient.capture.arranging import Arrangement, Aside, Leaf, of_names
from docclient.capture.looking import (
    STEEP,
    UNREADABLE,
    PageLook,
    arranged_by,
    bad_pages,
    look_at,
    look_file,
    small_picture,
    with_sequence,
)
from docclient.capture.quality import BLURRED, PAGE_MISSING
from tests.capture.letters import COMMUNE_LETTER, Wear, render, wear


@pytest.fixture(scope="module")
def letter() -> list[Image.Image]:
    return [page.convert("RGB") for page in render(COMMUNE_LETTER, 200)]


def kept(folder: Path, number: int, image: Image.Image) -> Path:
    page = folder / f"page-{number:04d}.jpg"
    image.convert("RGB").save(page, dpi=(200, 200), quality=85)
    return page


def test_a_clear_page_has_no_fault_and_is_looked_at_once(tmp_path: Path, letter: list[Image.Image]):
    page = kept(tmp_path, 1, letter[0])
    look = look_at(page)
    assert look.bad == () and not look.blank and not look.separator and look.dpi == 200
    with Image.open(small_picture(page)) as small:
        assert max(small.size) == 340
    page.write_bytes(b"gone bad meanwhile")
    assert look_at(page) == look, "what was seen is kept beside the page"


def test_a_blurred_and_a_steep_page_are_asked_for_again(tmp_path: Path, letter: list[Image.Image]):
    blurred = look_at(kept(tmp_path, 1, wear(letter[0], Wear(blur=3.0, noise=4))))
    steep = look_at(kept(tmp_path, 2, wear(letter[0], Wear(skew=4.5))))
    assert blurred.bad == (BLURRED,) and STEEP in steep.bad


def test_a_blank_sheet_is_set_aside_and_said_to_be_blank(tmp_path: Path, letter: list[Image.Image]):
    blank = Image.fromarray(np.full((2339, 1654, 3), 250, np.uint8))
    looks = [look_at(kept(tmp_path, 1, letter[0])), look_at(kept(tmp_path, 2, blank))]
    arranged = arranged_by(of_names([look.name for look in looks]), looks)
    assert [leaf.name for leaf in arranged.leaves] == ["page-0001.jpg"]
    assert [(leaf.name, why) for leaf, why in arranged.aside] == [("page-0002.jpg", Aside.BLANK)]


@pytest.mark.parametrize("content", [b"not an image", b""])
def test_a_page_that_cannot_be_opened_is_a_bad_page_not_an_end(tmp_path: Path, content: bytes):
    page = tmp_path / "page-0001.jpg"
    page.write_bytes(content)
    look = look_at(page)
    assert look.bad == (UNREADABLE,) and look.trouble == "capture.not_an_image" and small_picture(page).is_file()


def test_half_a_jpeg_is_a_bad_page(tmp_path: Path, letter: list[Image.Image]):
    whole = io.BytesIO()
    letter[0].save(whole, "JPEG", dpi=(200, 200))
    page = tmp_path / "page-0001.jpg"
    page.write_bytes(whole.getvalue()[:len(whole.getvalue()) // 2])
    assert look_at(page).trouble == "capture.image_damaged"


def test_a_spoiled_look_is_made_anew(tmp_path: Path, letter: list[Image.Image]):
    page = kept(tmp_path, 1, letter[0])
    first = look_at(page)
    look_file(page).write_text("{")
    assert look_at(page) == first


def test_numbers_are_followed_within_each_letter():
    names = [f"page-000{number}.jpg" for number in range(1, 7)]
    numbers = dict(zip(names, (None, 2, 4, None, 2, 3), strict=True))
    looks = {name: PageLook(name, number=number) for name, number in numbers.items()}
    arranged = Arrangement(tuple(Leaf(name, begins=name == names[3]) for name in names))
    found = with_sequence(arranged, looks)
    assert {name: look.bad for name, look in found.items() if look.bad} == {names[2]: (PAGE_MISSING,)}
    assert list(bad_pages(arranged, found)) == [names[2]]
