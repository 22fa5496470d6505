"""What comes in is told by its bytes; what cannot be taken is refused by name, before or while it is decoded."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pikepdf
import pytest
from PIL import Image

from docclient.capture import originals, pdf_input
from docclient.capture.errors import (
    ImageDamaged,
    ImageTooLarge,
    ImageTooSmall,
    NotAnImage,
    PdfDamaged,
    PdfEncrypted,
    PdfSigned,
    TooManyPages,
)
from docclient.capture.originals import page_count, pictures
from docclient.errors import FileNotReadable, NotAllowed, ProgramFailed
from tests.capture.letters import COMMUNE_LETTER, render, render_pdf


@pytest.fixture(scope="module")
def letter() -> Image.Image:
    return render(COMMUNE_LETTER, 100)[0]


def scan_pdf(pages: list[Image.Image], dpi: float = 100.0) -> bytes:
    """A PDF of scans: one picture a page, at true size."""
    file = io.BytesIO()
    pages[0].save(file, "PDF", resolution=dpi, save_all=True, append_images=pages[1:])
    return file.getvalue()


@pytest.mark.parametrize(("name", "dpi"), [("a.png", (200, 200)), ("a.jpg", (200, 200)), ("a.tif", (200, 200))])
def test_images_come_with_their_resolution(tmp_path, letter, name, dpi):
    letter.save(tmp_path / name, dpi=dpi)
    (picture,) = pictures(tmp_path / name, tmp_path)
    assert picture.dpi == pytest.approx(200, abs=0.1)
    assert picture.colour
    assert picture.pixels.shape == (letter.height, letter.width, 3)


def test_the_name_does_not_matter(tmp_path, letter):
    letter.save(tmp_path / "scan.dat", "PNG")
    assert page_count(tmp_path / "scan.dat") == 1


def test_a_tiff_of_many_pages_comes_page_by_page(tmp_path, letter):
    others = [letter.rotate(180), letter.convert("L").convert("RGB")]
    letter.save(tmp_path / "many.tif", save_all=True, append_images=others, dpi=(100, 100), compression="tiff_lzw")
    assert page_count(tmp_path / "many.tif") == 3
    found = list(pictures(tmp_path / "many.tif", tmp_path))
    assert np.array_equal(found[1].pixels, found[0].pixels[::-1, ::-1])


def test_fax_pixels_become_square(tmp_path):
    Image.new("1", (1728, 1143), 1).save(tmp_path / "fax.tif", dpi=(204, 98), compression="group4")
    (picture,) = pictures(tmp_path / "fax.tif", tmp_path)
    assert picture.dpi == pytest.approx(204, abs=0.5)
    assert picture.pixels.shape[0] == pytest.approx(1143 * 204 / 98, abs=3)
    assert not picture.colour


def test_transparency_is_white_paper_and_sixteen_bits_are_read(tmp_path):
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    clear.save(tmp_path / "clear.png")
    deep = Image.fromarray(np.full((300, 300), 65535, np.uint16))
    deep.save(tmp_path / "deep.png")
    for name in ("clear.png", "deep.png"):
        (picture,) = pictures(tmp_path / name, tmp_path)
        assert picture.pixels.min() == 255, name


def test_a_phone_that_was_held_sideways_is_believed(tmp_path, letter):
    exif = Image.Exif()
    exif[0x0112] = 6                                        # to be shown turned a quarter clockwise
    letter.rotate(90, expand=True).save(tmp_path / "phone.jpg", exif=exif)
    (picture,) = pictures(tmp_path / "phone.jpg", tmp_path)
    assert picture.pixels.shape[:2] == (letter.height, letter.width)


def test_scans_in_a_pdf_come_at_their_own_resolution(tmp_path, letter):
    (tmp_path / "scan.pdf").write_bytes(scan_pdf([letter, letter.convert("L")]))
    assert page_count(tmp_path / "scan.pdf") == 2
    first, second = pictures(tmp_path / "scan.pdf", tmp_path)
    assert first.dpi == pytest.approx(100, abs=1)
    assert first.pixels.shape[1] == pytest.approx(letter.width, abs=2)
    assert (first.colour, second.colour) == (True, False)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["scan.pdf"]


def test_a_turned_pdf_page_comes_as_it_is_shown(tmp_path, letter):
    with pikepdf.open(io.BytesIO(scan_pdf([letter]))) as pdf:
        pdf.pages[0].Rotate = 90
        pdf.save(tmp_path / "turned.pdf")
    (picture,) = pictures(tmp_path / "turned.pdf", tmp_path)
    assert picture.pixels.shape[0] < picture.pixels.shape[1]


def test_letters_in_a_pdf_are_told_from_scans(tmp_path, letter):
    (tmp_path / "letters.pdf").write_bytes(render_pdf(COMMUNE_LETTER))
    (tmp_path / "scan.pdf").write_bytes(scan_pdf([letter]))
    words = pdf_input.letters(tmp_path / "letters.pdf", 0)
    assert words is not None
    assert "05/UBND-VP" in words.text
    assert pdf_input.letters(tmp_path / "scan.pdf", 0) is None


def huge_png(width: int, height: int) -> bytes:
    """A PNG that claims its size honestly and holds nothing: reading its header must be enough to refuse it."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(30_000, 30_000), (9_000, 9_000), (21_000, 300), (60_000, 60_000)])
def test_huge_pictures_are_refused_by_their_header(tmp_path, size):
    (tmp_path / "huge.png").write_bytes(huge_png(*size))
    with pytest.raises(ImageTooLarge) as refused:
        page_count(tmp_path / "huge.png")
    assert {name: refused.value.facts[name] for name in ("file", "width", "height")} == {
        "file": "huge.png", "width": size[0], "height": size[1]}


def test_a_very_fine_scan_is_made_coarser_at_once(tmp_path):
    Image.new("RGB", (7016, 9922), "white").save(tmp_path / "a3.jpg", dpi=(600, 600), quality=20)
    (picture,) = pictures(tmp_path / "a3.jpg", tmp_path)
    assert (picture.reduced, picture.dpi) == (2, 300)
    assert picture.pixels.shape[:2] == (4961, 3508)


def test_a_thumbnail_is_refused(tmp_path):
    Image.new("RGB", (120, 90)).save(tmp_path / "tiny.png")
    with pytest.raises(ImageTooSmall):
        page_count(tmp_path / "tiny.png")


@pytest.mark.parametrize("content", [b"", b"hello", b"GIF89a" + b"\0" * 50, b"\x89PNG\r\n\x1a\n",
                                     b"II*\0\xff\xff\xff\xff", b"\xff\xd8\xff\xe0",
                                     b"\0\0\0\x18ftypheic" + b"\0" * 100, b"PK\x03\x04"])
def test_what_is_no_picture_is_refused(tmp_path, content):
    (tmp_path / "odd.jpg").write_bytes(content)
    with pytest.raises(NotAnImage):
        page_count(tmp_path / "odd.jpg")


@pytest.mark.parametrize("name", ["cut.jpg", "cut.png", "cut.tif"])
def test_a_picture_that_breaks_off_is_damaged(tmp_path, letter, name):
    letter.save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(whole[:len(whole) // 2])
    with pytest.raises((ImageDamaged, NotAnImage)):          # a TIFF keeps its directory at the end
        list(pictures(tmp_path / name, tmp_path))


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(FileNotReadable):
        page_count(tmp_path / "nowhere.png")
    with pytest.raises(FileNotReadable):
        page_count(tmp_path)


def test_a_pdf_with_a_password_is_refused(tmp_path, letter):
    with pikepdf.open(io.BytesIO(scan_pdf([letter]))) as pdf:
        pdf.save(tmp_path / "locked.pdf", encryption=pikepdf.Encryption(user="secret", owner="owner"))
        pdf.save(tmp_path / "kept.pdf", encryption=pikepdf.Encryption(
            user="", owner="owner", allow=pikepdf.Permissions(extract=False)))
        pdf.save(tmp_path / "open.pdf", encryption=pikepdf.Encryption(user="", owner="owner"))
    for name in ("locked.pdf", "kept.pdf"):
        with pytest.raises(PdfEncrypted):
            page_count(tmp_path / name)
    assert page_count(tmp_path / "open.pdf") == 1


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>",
                                     b"%PDF-1.7\n" + b"\0" * 5000])
def test_a_broken_pdf_is_damaged(tmp_path, content):
    (tmp_path / "broken.pdf").write_bytes(content)
    with pytest.raises(PdfDamaged):
        page_count(tmp_path / "broken.pdf")


@pytest.mark.parametrize("standing", ["by reference", "in its field", "forgotten"])
def test_a_signed_pdf_is_left_alone(tmp_path, letter, standing):
    """Also when the signature is written right into its field, or no form field leads to it any more."""
    with pikepdf.open(io.BytesIO(scan_pdf([letter]))) as pdf:
        signature = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig, Filter=pikepdf.Name("/Adobe.PPKLite"), ByteRange=pikepdf.Array([0, 1, 2, 3]),
            Contents=pikepdf.String(b"\x30\x80"))
        if standing != "in its field":
            signature = pdf.make_indirect(signature)
        if standing != "forgotten":
            field = pdf.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("S"), V=signature))
            pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([field]), SigFlags=3)
        else:
            pdf.Root.Kept = signature
        pdf.save(tmp_path / "signed.pdf")
    with pytest.raises(PdfSigned) as refused:
        page_count(tmp_path / "signed.pdf")
    assert isinstance(refused.value, NotAllowed)


def test_thousands_of_pages_are_refused_unread(tmp_path):
    with pikepdf.Pdf.new() as pdf:
        for _ in range(originals.PAGE_LIMIT + 1):
            pdf.add_blank_page(page_size=(200, 200))
        pdf.save(tmp_path / "book.pdf")
    with pytest.raises(TooManyPages) as refused:
        page_count(tmp_path / "book.pdf")
    assert refused.value.facts["pages"] == originals.PAGE_LIMIT + 1


def test_a_page_that_never_finishes_costs_only_itself(tmp_path, letter, monkeypatch):
    with pikepdf.open(io.BytesIO(scan_pdf([letter]))) as pdf:
        pdf.pages[0].contents_add(b"0 0 m 9 9 l S")         # more than a scan alone: it must be drawn
        pdf.save(tmp_path / "scan.pdf")
    monkeypatch.setattr(pdf_input, "DRAW_DEADLINE_S", 0.01)
    with pytest.raises(ProgramFailed):
        list(pictures(tmp_path / "scan.pdf", tmp_path))
