"""What is drawn: texts that fit and keep their accents, pictures that stay transparent."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

from signing import appearance
from signing.errors import FileNotReadable
from signing.form import LEADER, fields_of, issued_values
from signing.keys import Key
from signing.look import fitted
from signing.page import Box, Place
from signing.pictures import ImageNotUsable
from signing.sign import Role, SigningRequest, sign_pdf
from tests.signing.conftest import Stages
from tests.signing.looking import ink, part_of, picture_of, rows_with_fields

MOMENT = datetime(2026, 3, 5, 7, 30, 15, tzinfo=UTC)
ALL_VIETNAMESE = ("ăâđêôơư áàảãạ ắằẳẵặ ấầẩẫậ éèẻẽẹ ếềểễệ íìỉĩị óòỏõọ ốồổỗộ ớờởỡợ úùủũụ ứừửữự ýỳỷỹỵ "
                  "ĂÂĐÊÔƠƯ ÁÀẢÃẠ ẮẰẲẴẶ ẤẦẨẪẬ ÉÈẺẼẸ ẾỀỂỄỆ ÍÌỈĨỊ ÓÒỎÕỌ ỐỒỔỖỘ ỚỜỞỠỢ ÚÙỦŨỤ ỨỪỬỮỰ ÝỲỶỸỴ")


def test_the_decrees_lines() -> None:
    assert appearance.of_copy("UBND xã Tân Hiệp", MOMENT).lines == (
        "Sao y; UBND xã Tân Hiệp; 05/03/2026; 14:30:15 +07:00",)
    assert appearance.of_annex("15/QĐ-UBND", MOMENT).lines == ("Số: 15/QĐ-UBND; 05/03/2026; 14:30:15 +07:00",)
    assert appearance.of_copy("UBND xã", MOMENT).blocks[0].size == 10


def test_the_day_is_vietnams_whatever_the_machines_zone() -> None:
    late = datetime(2026, 12, 31, 18, 0, 0, tzinfo=UTC)

    assert (appearance.day_of(late), appearance.time_of(late)) == ("01/01/2027", "01:00:00 +07:00")


@pytest.mark.parametrize(("day", "expected"), [
    (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"), (date(2026, 1, 15), "ngày 15 tháng 01 năm 2026"),
    (date(2026, 10, 9), "ngày 09 tháng 10 năm 2026"), (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026")])
def test_dates_are_written_as_the_decree_writes_them(day: date, expected: str) -> None:
    assert issued_values("1", day)["IssuedDate"] == expected


def half_width(text: str) -> float:
    return len(text) / 2


def test_text_is_wrapped_before_it_shrinks() -> None:
    assert fitted(["Sao y; UBND xã Tân Hiệp; 05/03/2026"], 10, 200, 100, half_width) == (
        10, ["Sao y; UBND xã Tân Hiệp; 05/03/2026"])
    assert fitted(["Sao y; UBND xã Tân Hiệp; 05/03/2026"], 10, 130, 100, half_width) == (
        10, ["Sao y; UBND xã Tân Hiệp;", "05/03/2026"])
    size, lines = fitted(["Sao y; UBND xã Tân Hiệp; 05/03/2026"], 10, 130, 15, half_width)
    assert size < 10 and len(lines) * size * 1.107 <= 15


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_every_vietnamese_letter_is_embedded_and_can_be_read_back(stages: Stages, leader: Key, tmp_path: Path,
                                                                  form: str) -> None:
    text = unicodedata.normalize(form, ALL_VIETNAMESE)   # type: ignore[arg-type]
    signed = sign_pdf(stages.draft, tmp_path / "a.pdf", leader, SigningRequest(
        role=Role.COPY, agency=text, place=Place(1, Box(40, 560, 560, 640))))

    found = unicodedata.normalize("NFC", " ".join(rows_with_fields(signed.target)))
    assert all(word in found for word in ALL_VIETNAMESE.split())


def test_a_signature_picture_lets_the_page_shine_through(stages: Stages) -> None:
    """The alpha of the PNG becomes a soft mask; between the strokes the page stays what it was."""
    with stages.signed.open("rb") as file:
        field = fields_of(PdfFileReader(file))[LEADER]
        picture = field.widget["/AP"]["/N"]["/Resources"]["/XObject"]["/Picture"]
        assert "/SMask" in picture
        box = field.box
    before, after = picture_of(stages.prepared), picture_of(stages.signed)
    assert ink(part_of(before, box)) == 0
    white = sum(1 for pixel in part_of(after, box).get_flattened_data() if pixel == (255, 255, 255))
    assert white > 0.6 * part_of(after, box).width * part_of(after, box).height


def test_white_paper_around_a_scanned_signature_becomes_clear(tmp_path: Path) -> None:
    scan = Image.new("RGB", (100, 40), "white")
    scan.putpixel((50, 20), (20, 40, 160))
    scan.save(tmp_path / "scan.png")
    look = appearance.of_picture(tmp_path / "scan.png", width=100, height=40)

    assert look.picture is not None
    assert look.picture.getpixel((0, 0))[3] == 0   # type: ignore[index]
    assert look.picture.getpixel((50, 20)) == (20, 40, 160, 255)


def test_a_huge_picture_is_made_no_finer_than_needed(tmp_path: Path) -> None:
    Image.new("RGBA", (4000, 1600), (0, 0, 160, 255)).save(tmp_path / "huge.png")
    look = appearance.of_picture(tmp_path / "huge.png", width=144, height=57)

    assert look.picture is not None and max(look.picture.size) == 1200   # two inches at 600 dots


def test_what_is_no_picture_is_named(tmp_path: Path) -> None:
    wrong = tmp_path / "a.png"
    wrong.write_bytes(b"\x89PNG\r\n\x1a\n nothing")

    with pytest.raises(ImageNotUsable):
        appearance.of_picture(wrong, width=100, height=50)
    with pytest.raises(FileNotReadable):
        appearance.of_picture(tmp_path / "none.png", width=100, height=50)
