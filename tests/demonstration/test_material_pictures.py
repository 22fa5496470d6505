"""Signatures are blue, seals red and of real size, both transparent; the same seed wears a page out the same way."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from docclient.demonstration.material import sample_folder, worn_page_image
from docclient.errors import FileNotReadable

PICTURES = sorted((sample_folder() / "pictures").glob("*.png"))


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_ink_of_one_colour_on_nothing(path):
    with Image.open(path) as picture:
        assert picture.mode == "RGBA"
        assert [round(side) for side in picture.info["dpi"]] == [600, 600]
        red, green, blue, ink = (np.asarray(part, dtype=int) for part in picture.split())
    assert ink[0, 0] == ink[-1, -1] == 0
    assert 0.01 < (ink > 128).mean() < 0.5                        # some ink, most of it nothing
    drawn = ink > 0
    if path.stem.startswith("seal-"):
        assert (red[drawn] > green[drawn] + 100).all() and (red[drawn] > blue[drawn] + 100).all()
        assert abs(ink.shape[0] / 600 * 25.4 - 36.0) < 0.1        # millimetres
        assert ink.shape[0] == ink.shape[1]
    else:
        assert (blue[drawn] > red[drawn] + 80).all()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with one long black line across its upper half and a square at its top left."""
    sheet = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((140, 500, 1100, 506), fill="black")
    draw.rectangle((140, 140, 260, 260), fill="black")
    target = tmp_path_factory.mktemp("page") / "page.pdf"
    sheet.save(target, resolution=150)
    return target


def test_the_page_lies_askew_and_turned_as_told_in_full_size_and_colour(page, tmp_path):
    worn = worn_page_image(page, tmp_path / "worn.jpg", 7, turned_degrees=0)
    with Image.open(worn.path) as picture:
        assert [round(side) for side in picture.info["dpi"]] == [300, 300]
        assert picture.mode == "RGB"
        assert np.allclose(np.array(picture.size) / 300 * 25.4, (210, 297), atol=0.3)
        grey = np.asarray(picture.convert("L"), dtype=int)
    height, width = grey.shape
    columns = range(width // 4, 3 * width // 4, 20)
    band = slice(height // 5, 2 * height // 5)
    line = [(column, int(np.argmin(grey[band, column]))) for column in columns]
    slope = np.polyfit([x for x, _ in line], [y for _, y in line], 1)[0]
    assert abs(np.degrees(np.arctan(slope)) - worn.skew_degrees) < 0.1    # y grows downward: clockwise is positive
    assert 1.5 < abs(worn.skew_degrees) < 1.9
    assert grey[2, 2:60].min() < 110 or grey[2, -60:-2].min() < 110       # the lid shows at a corner


def test_the_same_seed_gives_the_same_pixels_turned_as_it_says_and_another_gives_others(page, tmp_path):
    seen = []
    for seed, turned in ((8, 180), (9, 90)):
        told = worn_page_image(page, tmp_path / "turned.png", seed)
        straight = worn_page_image(page, tmp_path / "straight.png", seed, turned_degrees=0)
        assert (told.turned_degrees, straight.turned_degrees) == (turned, 0)
        assert told.skew_degrees == straight.skew_degrees
        with Image.open(told.path) as picture, Image.open(straight.path) as upright:
            back = picture.rotate(turned, expand=True)                    # Pillow turns counter-clockwise
            assert back.size == upright.size
            assert back.tobytes() == upright.tobytes()
            seen.append(upright.tobytes())
    assert seen[0] != seen[1]


def test_what_is_no_pdf_is_said(tmp_path):
    wrong = tmp_path / "page.pdf"
    wrong.write_bytes(b"not a page")
    with pytest.raises(FileNotReadable):
        worn_page_image(wrong, tmp_path / "worn.jpg", 1)
    assert not (tmp_path / "worn.jpg").exists()
