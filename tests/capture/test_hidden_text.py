"""Words read with doubt: found again in the archival file, put right beneath a picture that stays as it is."""

from __future__ import annotations

from pathlib import Path

import pikepdf
import pypdfium2
import pytest
from pikepdf import pdfa
from PIL import Image

from docclient.capture import archive_pdf
from docclient.capture.archive_pdf import ArchivePage
from docclient.capture.errors import PdfSigned
from docclient.capture.hidden_text import correct, doubted_words
from docclient.capture.page_text import PageText, Word

LINE = (Word("V/v", 0.96, (30, 50, 37, 55), line=1), Word("báo", 0.97, (39, 50, 46, 55), line=1),
        Word("cáo", 0.42, (48, 50, 55, 55), line=1), Word("thấm", 0.95, (57, 50, 67, 55), line=1),
        Word("|", 0.1, (69, 50, 75, 55), line=1), Word("số12", 0.5, (30, 60, 40, 65), line=2))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two pages, the second with one word."""
    Image.effect_noise((413, 584), 80).convert("RGB").save(tmp_path / "page.jpg", quality=60)
    made = tmp_path / "archive.pdf"
    pages = (LINE, (Word("mờ", 0.3, (100, 200, 108, 206), line=1),))
    archive_pdf.write((ArchivePage(tmp_path / "page.jpg", (413, 584), PageText(words, (210, 297))) for words in pages),
                      made, title="Thử")
    return made


def text_of(file: Path, page: int = 0) -> str:
    document = pypdfium2.PdfDocument(file)
    try:
        return " ".join(document[page].get_textpage().get_text_bounded().split())
    finally:
        document.close()


def test_doubted_words_are_told_with_their_places_and_specks_are_none(file: Path) -> None:
    found = doubted_words(file)
    assert [(each.place[0], each.text, each.certainty) for each in found] == [
        (1, "cáo", 0.42), (1, "số12", 0.5), (2, "mờ", 0.3)]
    assert found[0].box_mm == pytest.approx((48, 50, 55, 55), abs=0.1)
    assert found[2].box_mm == pytest.approx((100, 200, 108, 206), abs=0.1)


def test_what_was_wrong_before_is_doubted_however_sure_it_is(file: Path) -> None:
    assert [each.text for each in doubted_words(file, {"thấm"})] == ["cáo", "thấm", "số12", "mờ"]


def test_corrections_go_beneath_the_picture_and_nothing_else_changes(file: Path, tmp_path: Path) -> None:
    report, number, pale = doubted_words(file)
    facts = correct(file, tmp_path / "right.pdf", {report.place: "cáo tổng hợp", number.place: "số 12", pale.place: ""})
    made = tmp_path / "right.pdf"
    assert facts.pdfa == "2B" and pdfa.validate_written(made, "2b").passed
    assert text_of(made) == "V/v báo cáo tổng hợp thấm số 12" and text_of(made, 1) == ""
    assert doubted_words(made) == ()
    with pikepdf.open(file) as before, pikepdf.open(made) as after:
        for old, new in zip(before.pages, after.pages, strict=True):
            assert new.mediabox == old.mediabox
            assert new.Resources.XObject.Page.read_raw_bytes() == old.Resources.XObject.Page.read_raw_bytes()
    drawn = [pypdfium2.PdfDocument(each)[0].render(scale=1).to_pil().tobytes() for each in (file, made)]
    assert drawn[0] == drawn[1]


def test_a_word_stays_where_it_stood_and_one_that_is_confirmed_is_no_longer_doubted(file: Path, tmp_path: Path) -> None:
    report = doubted_words(file)[0]
    once = tmp_path / "once.pdf"
    correct(file, once, {report.place: "cáo dài hơn"})
    again = next(each for each in doubted_words(once, {"cáo dài hơn"}))
    assert again.place == report.place and again.box_mm == pytest.approx(report.box_mm, abs=0.1)
    correct(once, tmp_path / "twice.pdf", {each.place: each.text for each in doubted_words(once)})
    assert doubted_words(tmp_path / "twice.pdf") == () and "số12" in text_of(tmp_path / "twice.pdf")


def test_a_place_where_no_word_is_and_a_file_of_others_are_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        correct(file, tmp_path / "out.pdf", {(1, 99): "chữ"})
    with pytest.raises(KeyError):
        correct(file, tmp_path / "out.pdf", {(3, 0): "chữ"})
    with pikepdf.Pdf.new() as other:
        other.add_blank_page()
        other.save(tmp_path / "other.pdf")
    assert doubted_words(tmp_path / "other.pdf") == ()
    with pytest.raises(KeyError):
        correct(tmp_path / "other.pdf", tmp_path / "out.pdf", {(1, 0): "chữ"})
    assert not (tmp_path / "out.pdf").exists()


def test_a_signed_file_is_never_changed(file: Path, tmp_path: Path) -> None:
    with pikepdf.open(file, allow_overwriting_input=True) as pdf:
        pdf.Root.Kept = pdf.make_indirect(pikepdf.Dictionary(ByteRange=[0, 1, 2, 3], Contents=b"\x00"))
        pdf.save(file)
    with pytest.raises(PdfSigned):
        correct(file, tmp_path / "out.pdf", {doubted_words(file)[0].place: "báo"})
    assert not (tmp_path / "out.pdf").exists()
