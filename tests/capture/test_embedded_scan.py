"""A scanner's page is taken as the scanner wrote it; what is more than one plain picture is drawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream
from PIL import Image, ImageOps

from docclient.capture import pdf_input
from docclient.capture.embedded_scan import EmbeddedScan, embedded_scan
from docclient.capture.originals import PIXEL_LIMIT, SMALLEST_SIDE, pictures
from tests.capture.letters import COMMUNE_LETTER, render

DPI = 100


@pytest.fixture(scope="module")
def letter() -> Image.Image:
    return render(COMMUNE_LETTER, DPI)[0].convert("RGB")


def jpeg(image: Image.Image, **more: object) -> bytes:
    made = io.BytesIO()
    image.save(made, "JPEG", quality=92, **more)
    return made.getvalue()


def page_of(image: Image.Image, content: bytes | None = None, **more: object) -> Pdf:
    """A page with one picture over all of it, at true size; `more` are entries of the picture."""
    pdf = Pdf.new()
    wide, high = image.width / DPI * 72, image.height / DPI * 72
    picture = Stream(pdf, content or jpeg(image), Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=image.width, Height=image.height, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if image.mode == "L" else Name.DeviceRGB, Filter=Name.DCTDecode, **more))
    pdf.add_blank_page(page_size=(wide, high))
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Scan=pdf.make_indirect(picture)))
    pdf.pages[0].Contents = Stream(pdf, f"q {wide:.4f} 0 0 {high:.4f} 0 0 cm /Scan Do Q".encode())
    return pdf


def found_in(pdf: Pdf) -> EmbeddedScan | None:
    return embedded_scan(pdf.pages[0], PIXEL_LIMIT)


def drawn(pdf: Pdf, folder: Path) -> Image.Image:
    pdf.save(folder / "drawn.pdf")
    with Image.open(pdf_input.draw(folder / "drawn.pdf", 0, folder).image) as image:
        return image.convert("RGB")


@pytest.mark.parametrize("turn", [0, 90, 180, 270, -90])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_it_is_what_would_be_drawn(tmp_path: Path, letter: Image.Image, turn: int, mode: str) -> None:
    pdf = page_of(letter.convert(mode))
    pdf.pages[0].Rotate = turn
    found = found_in(pdf)
    assert found is not None and found.dpi == pytest.approx(DPI, abs=0.1) and found.colour == (mode == "RGB")
    shown = drawn(pdf, tmp_path)
    assert np.abs(np.subtract(found.image.size, shown.size)).max() <= 1, "drawn, a page is rounded up to whole points"
    one, other = (np.asarray(image.resize(found.image.size).reduce(4), np.int16) for image in (found.image, shown))
    assert np.abs(one - other).mean() < 2 < 6 < np.abs(one - other[::-1, ::-1]).mean(), "the same page and way up"
    (picture,) = pictures(tmp_path / "drawn.pdf", tmp_path)
    assert np.array_equal(picture.pixels[:, :, ::-1], np.asarray(found.image))


def test_the_pictures_own_notes_on_turning_do_not_turn_the_page(tmp_path: Path, letter: Image.Image) -> None:
    lying = Image.Exif()
    lying[0x0112] = 6
    pdf = page_of(letter, jpeg(letter, exif=lying))
    found = found_in(pdf)
    assert found is not None and found.image.size == letter.size
    assert ImageOps.exif_transpose(Image.open(io.BytesIO(jpeg(letter, exif=lying)))).size != letter.size


def _letters_over(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"BT 50 50 Td (x) Tj ET")


def _twice(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"q 9 0 0 9 0 0 cm /Scan Do Q")


def _line(pdf: Pdf) -> None:
    pdf.pages[0].contents_add(b"0 0 m 100 100 l S")


def _smaller(pdf: Pdf) -> None:
    pdf.pages[0].Contents = Stream(pdf, b"q 300 0 0 400 50 50 cm /Scan Do Q")


def _leaning(pdf: Pdf) -> None:
    pdf.pages[0].Contents = Stream(pdf, b"q 595 9 -9 842 0 0 cm /Scan Do Q")


def _matrix_given_back(pdf: Pdf) -> None:
    pdf.pages[0].Contents = Stream(pdf, b"q 595.44 0 0 841.68 0 0 cm Q /Scan Do")


def _cropped(pdf: Pdf) -> None:
    pdf.pages[0].CropBox = Array([100, 100, 400, 500])


def _noted(pdf: Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Square, Rect=[0, 0, 99, 99])])


def _scan(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.XObject.Scan


def _masked(pdf: Pdf) -> None:
    _scan(pdf).SMask = pdf.make_indirect(Stream(pdf, b"\0", Dictionary(Subtype=Name.Image, Width=1, Height=1,
                                                                       ColorSpace=Name.DeviceGray,
                                                                       BitsPerComponent=8)))


def _negative(pdf: Pdf) -> None:
    _scan(pdf).Decode = Array([1, 0, 1, 0, 1, 0])


def _other_colours(pdf: Pdf) -> None:
    _scan(pdf).ColorSpace = Array([Name.CalRGB, Dictionary(WhitePoint=[0.95, 1, 1.09])])


def _cut_off(pdf: Pdf) -> None:
    whole = _scan(pdf).read_raw_bytes()
    _scan(pdf).write(whole[:len(whole) // 2], filter=Name.DCTDecode)


def _lies_about_its_size(pdf: Pdf) -> None:
    _scan(pdf).Width = int(_scan(pdf).Width) * 2


def _no_picture(pdf: Pdf) -> None:
    _scan(pdf).write(b"no picture", filter=Name.DCTDecode)


def _without(pdf: Pdf) -> None:
    del pdf.pages[0].Resources.XObject["/Scan"]


def _empty(pdf: Pdf) -> None:
    del pdf.pages[0]["/Contents"]


@pytest.mark.parametrize("change", [
    _letters_over, _twice, _line, _smaller, _leaning, _matrix_given_back, _cropped, _noted, _masked, _negative,
    _other_colours, _cut_off, _lies_about_its_size, _no_picture, _without, _empty], ids=lambda change: change.__name__)
def test_what_is_more_or_other_than_one_plain_picture_is_left_to_be_drawn(letter: Image.Image,
                                                                          change: Callable[[Pdf], None]) -> None:
    pdf = page_of(letter)
    assert found_in(pdf) is not None
    change(pdf)
    assert found_in(pdf) is None


def test_four_inks_are_left_to_be_drawn(letter: Image.Image) -> None:
    pdf = page_of(letter, jpeg(letter.convert("CMYK")))
    _scan(pdf).ColorSpace = Name.DeviceCMYK
    assert found_in(pdf) is None


def test_a_picture_beyond_the_limit_is_not_unpacked(letter: Image.Image) -> None:
    assert embedded_scan(page_of(letter).pages[0], letter.width * letter.height - 1) is None


def test_a_page_whose_picture_has_few_pixels_is_drawn_not_refused(tmp_path: Path, letter: Image.Image) -> None:
    pdf = page_of(letter, jpeg(letter.resize((150, 212))))      # the same A4 page, at 18 dpi
    _scan(pdf).Width, _scan(pdf).Height = 150, 212
    assert embedded_scan(pdf.pages[0], PIXEL_LIMIT, 150) is not None
    assert embedded_scan(pdf.pages[0], PIXEL_LIMIT, SMALLEST_SIDE) is None
    pdf.save(tmp_path / "coarse.pdf")
    (picture,) = pictures(tmp_path / "coarse.pdf", tmp_path)
    assert picture.dpi is not None and picture.dpi >= 72 and min(picture.pixels.shape[:2]) >= SMALLEST_SIDE
