"""From scans to an archival file: the whole way on real pages, and every way it can go wrong."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event

import jsonschema
import pikepdf
import pytest
import typst
from pikepdf import pdfa
from PIL import Image

from docclient.capture import digitise as digitise_module
from docclient.capture.digitise import Digitised, digitise
from docclient.capture.errors import ImageDamaged, NothingToDigitise, OutIsInput, SecretFound, TooManyPages
from docclient.errors import DiskFull, FolderNotWritable, ProgramFailed
from tests.capture.expected import expected
from tests.capture.letters import COMMUNE_LETTER, DEPARTMENT_NOTICE, OFFICE_INVITATION, Wear, render, render_pdf, wear
from tests.tools.programs import put_before

SCHEMA = json.loads((Path(__file__).parents[1] / "contracts/schemas/digitise.schema.json").read_text())


@pytest.fixture(scope="module")
def scanned(tmp_path_factory) -> tuple[Digitised, list[tuple[int, int]]]:
    """A letter whose foot is on its second sheet, scanned with a blank one between, each lying another way."""
    folder = tmp_path_factory.mktemp("scanned")
    letter = render(DEPARTMENT_NOTICE, 200)[0]
    half = round(letter.height * 0.44)
    first, last = Image.new("RGB", letter.size, "white"), Image.new("RGB", letter.size, "white")
    first.paste(letter.crop((0, 0, letter.width, half)))
    last.paste(letter.crop((0, half, letter.width, letter.height)), (0, 200))
    wear(first, Wear(turn=90, skew=1.3, noise=5, shade=30, paper=(250, 245, 230))).save(
        folder / "1.jpg", quality=85, dpi=(200, 200))
    wear(Image.new("RGB", letter.size, "white"), Wear(noise=5, specks=40)).convert("L").save(
        folder / "2.png", dpi=(200, 200))
    wear(last, Wear(skew=-0.8, blur=0.5, noise=4)).save(folder / "3.tif", dpi=(200, 200))
    seen: list[tuple[int, int]] = []
    result = digitise([folder / name for name in ("1.jpg", "2.png", "3.tif")], folder / "out.pdf",
                      progress=lambda done, total: seen.append((done, total)))
    return result, seen


def test_the_fields_of_a_worn_letter(scanned):
    found = scanned[0].fields
    wanted = expected(DEPARTMENT_NOTICE)
    assert {name: field.value for name, field in found.items() if name not in {"recipients", "subject"}} == {
        name: value for name, value in wanted.items() if name not in {"recipients", "subject"}}
    assert len(found["recipients"].value) == len(wanted["recipients"])
    assert found["subject"].value.startswith("Kết quả")
    assert found["code_number"].page == 1
    assert found["signer_name"].page == 3
    left, top, right, bottom = found["code_number"].box_mm          # where it is printed, on the straightened page
    assert 40 < left < right < 90
    assert 45 < top < bottom < 65


def test_each_page_says_what_was_done_and_what_is_wrong(scanned):
    first, blank, last = scanned[0].pages
    assert (first.rotation, first.blank, first.warnings) == (90, False, ())
    assert first.skew_deg == pytest.approx(1.3, abs=0.1)
    assert (blank.blank, blank.skew_deg, blank.warnings) == (True, None, ("capture_warning.not_colour",))
    assert last.skew_deg == pytest.approx(-0.8, abs=0.1)
    assert [page.source for page in scanned[0].pages] == ["1.jpg", "2.png", "3.tif"]
    assert scanned[1] == [(1, 3), (2, 3), (3, 3)]


def test_the_file_is_checked_pdfa_of_true_size_in_colour_with_text_beneath(scanned):
    result = scanned[0]
    assert (result.pdf.pdfa, result.pdf.text_layer) == ("2B", True)
    assert pdfa.validate_written(result.file, "2b").passed
    assert subprocess.run(["qpdf", "--check", str(result.file)], capture_output=True, check=False).returncode == 0
    with pikepdf.open(result.file) as pdf:
        assert tuple(map(int, pdf.pdf_version.split("."))) >= (1, 4)
        assert len(pdf.pages) == 3
        for page in pdf.pages:
            assert [float(side) for side in page.MediaBox] == pytest.approx([0, 0, 595.3, 841.9], abs=1.5)
            (image,) = page.get_images().values()
            assert (image.ColorSpace, int(image.BitsPerComponent)) == ("/DeviceRGB", 8)
            assert image.Width / (float(page.MediaBox[2]) / 72) == pytest.approx(200, abs=1)


def test_a_reader_finds_the_vietnamese_words_where_they_stand(scanned):
    text = subprocess.run(["pdftotext", "-layout", str(scanned[0].file), "-"], capture_output=True, text=True,
                          check=True).stdout
    assert "Số: 1046/TB-SNNMT" in text
    assert "Lâm Đồng, ngày 09 tháng 10 năm 2026" in text
    assert "ý kiến chỉ đạo của cấp có thẩm quyền" in " ".join(text.split())
    boxes = subprocess.run(["pdftotext", "-bbox", "-l", "1", str(scanned[0].file), "-"], capture_output=True, text=True,
                           check=True).stdout
    (line,) = [line for line in boxes.splitlines() if line.endswith(">1046/TB-SNNMT</word>")]
    left, right = (float(line.split(f'{side}="')[1].split('"')[0]) / 72 * 25.4 for side in ("xMin", "xMax"))
    box = scanned[0].fields["code_number"].box_mm
    assert (left, right) == pytest.approx((box[0], box[2]), abs=1.0)


def test_the_answer_fits_its_schema(scanned):
    answer = json.loads(json.dumps(scanned[0].as_json()))
    jsonschema.validate(answer, SCHEMA)
    assert answer["fields"]["issued_date"]["value"] == "2026-10-09"
    assert "text" not in answer["pages"][0]


def test_a_word_processors_pdf_keeps_its_letters(tmp_path):
    (tmp_path / "letter.pdf").write_bytes(render_pdf(OFFICE_INVITATION))
    result = digitise([tmp_path / "letter.pdf"], tmp_path / "out.pdf")
    assert {name: field.value for name, field in result.fields.items()} == expected(OFFICE_INVITATION)
    assert result.pdf.pdfa == "2B"
    assert pdfa.validate_written(result.file, "2b").passed
    with pikepdf.open(result.file) as pdf:
        assert not pdf.pages[0].get_images()
        assert str(pdf.docinfo["/Title"]).startswith("88/GM-VP")


def test_what_pdfa_does_not_allow_is_kept_as_a_picture_over_its_own_words(tmp_path):
    with pikepdf.open(io.BytesIO(render_pdf(COMMUNE_LETTER))) as pdf:
        for thing in pdf.objects:
            if isinstance(thing, pikepdf.Dictionary) and "/FontFile2" in thing:
                del thing["/FontFile2"]                     # a font that is not embedded
        pdf.save(tmp_path / "letter.pdf")
    result = digitise([tmp_path / "letter.pdf"], tmp_path / "out.pdf")
    assert pdfa.validate_written(result.file, "2b").passed
    with pikepdf.open(result.file) as pdf:
        assert len(pdf.pages[0].get_images()) == 1
    assert result.fields["code_notation"].value == "UBND-VP"


def test_a_landscape_sheet_scanned_upright_is_turned(tmp_path):
    """Its lines run up the page, which Tesseract reads without complaint."""
    lying = render(COMMUNE_LETTER, 200)[0].crop((0, 0, 1654, 1170))
    lying.rotate(90, expand=True).save(tmp_path / "page.png", dpi=(200, 200))
    result = digitise([tmp_path / "page.png"], tmp_path / "out.pdf")
    assert result.pages[0].rotation == 90
    with pikepdf.open(result.file) as pdf:
        assert pdf.pages[0].MediaBox[2] > pdf.pages[0].MediaBox[3]
    assert result.fields["code_notation"].value == "UBND-VP"


@pytest.fixture
def page(tmp_path) -> Path:
    file = tmp_path / "page.png"
    render(COMMUNE_LETTER, 100)[0].save(file)
    return file


def test_a_secrecy_stamp_stops_everything_and_leaves_nothing(tmp_path):
    from dataclasses import replace

    secret = replace(COMMUNE_LETTER, secrecy="TỐI MẬT")
    file, out = tmp_path / "letter.png", tmp_path / "out.pdf"
    wear(render(secret, 200)[0], Wear(skew=0.6, noise=5)).save(file, dpi=(200, 200))
    with pytest.raises(SecretFound) as found:
        digitise([file], out)
    assert found.value.facts == {"file": "letter.png", "page": 1}
    assert not out.exists()


def test_a_secrecy_stamp_on_a_later_page_stops_everything_too(tmp_path):
    """Two letters scanned as one: the second begins within."""
    from dataclasses import replace

    files = []
    for name, secrecy in (("one.png", ""), ("two.png", "MẬT")):
        sheet = render(replace(COMMUNE_LETTER, secrecy=secrecy), 200)[0].convert("RGB")
        sheet.paste("white", (0, sheet.height // 3, *sheet.size))       # few words are read quickly
        files.append(tmp_path / name)
        sheet.save(files[-1], dpi=(200, 200))
    with pytest.raises(SecretFound) as found:
        digitise(files, tmp_path / "out.pdf")
    assert found.value.facts == {"file": "two.png", "page": 2} and not (tmp_path / "out.pdf").exists()


def letters_with(page: str) -> bytes:
    """A letter's PDF from a word processor, and behind it a page of that typst source."""
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(render_pdf(COMMUNE_LETTER))) as pdf, \
            pikepdf.open(io.BytesIO(typst.compile(page.encode(), format="pdf"))) as more:
        pdf.pages.extend(more.pages)
        pdf.save(made)
    return made.getvalue()


def test_a_secrecy_stamp_on_a_later_page_of_letters_stops_everything_too(tmp_path):
    from dataclasses import replace

    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(render_pdf(COMMUNE_LETTER))) as pdf, \
            pikepdf.open(io.BytesIO(render_pdf(replace(COMMUNE_LETTER, secrecy="MẬT")))) as second:
        first_pages = len(pdf.pages)
        pdf.pages.extend(second.pages)
        pdf.save(made)
    (tmp_path / "two.pdf").write_bytes(made.getvalue())
    with pytest.raises(SecretFound) as found:
        digitise([tmp_path / "two.pdf"], tmp_path / "out.pdf")
    assert found.value.facts == {"file": "two.pdf", "page": first_pages + 1}
    assert not (tmp_path / "out.pdf").exists()


def test_words_on_secrecy_within_the_text_of_a_later_page_stop_nothing(tmp_path):
    (tmp_path / "letter.pdf").write_bytes(letters_with("""#set page("a4", margin: (left: 30mm, rest: 20mm))
        == QUY ĐỊNH VỀ ĐỘ MẬT
        BẢO MẬT THÔNG TIN LÀ TRÁCH NHIỆM CỦA MỌI NGƯỜI. #lorem(60) Đóng dấu MẬT, TỐI MẬT, TUYỆT MẬT lên văn bản.
        - MẬT: do người đứng đầu cơ quan quyết định;
        - TỐI MẬT: như trên.
        #table(columns: (1fr, 1fr), [Độ mật], [Người quyết định], [Mật], [Người đứng đầu])"""))
    assert digitise([tmp_path / "letter.pdf"], tmp_path / "out.pdf").pages[-1].text.text.count("MẬT") >= 6


def test_an_original_is_never_overwritten(page):
    before = page.read_bytes()
    with pytest.raises(OutIsInput):
        digitise([page], page)
    assert page.read_bytes() == before


def test_no_input_is_wrong_use(tmp_path):
    with pytest.raises(NothingToDigitise):
        digitise([], tmp_path / "out.pdf")


@pytest.mark.parametrize("out", ["nowhere/out.pdf", "."])
def test_a_result_that_cannot_be_written_is_told_before_the_work(page, tmp_path, monkeypatch, out):
    monkeypatch.setattr(digitise_module, "_read_all", lambda *_: pytest.fail("began to work"))
    with pytest.raises(FolderNotWritable):
        digitise([page], tmp_path / out)


def no_reading(monkeypatch: pytest.MonkeyPatch, folder: Path, body: str = "") -> None:
    """A recogniser that finds no words at once: for what happens around the reading."""
    put_before(monkeypatch, folder, "tesseract", body or
               "columns = 'level page_num block_num par_num line_num word_num left top width height conf text'\n"
               "print(columns.replace(' ', '\\t') if 'tsv' in sys.argv else 'Rotate: 0\\nOrientation confidence: 9')")


@pytest.mark.skipif(sys.platform == "win32", reason="the recogniser's stand-in is a POSIX script")
class TestAroundTheReading:
    def test_a_full_disk_leaves_the_old_result(self, page, tmp_path, monkeypatch):
        no_reading(monkeypatch, tmp_path)
        out = tmp_path / "out.pdf"
        out.write_bytes(b"the earlier result")

        def full(made, target):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(digitise_module.archive_pdf, "deliver", full)
        with pytest.raises(DiskFull):
            digitise([page], out)
        assert out.read_bytes() == b"the earlier result"

    def test_a_damaged_page_names_itself_and_ends_the_others(self, page, tmp_path, monkeypatch):
        no_reading(monkeypatch, tmp_path)
        bad = tmp_path / "bad.jpg"
        Image.open(page).save(bad)
        bad.write_bytes(bad.read_bytes()[:3000])
        with pytest.raises(ImageDamaged) as damaged:
            digitise([page, bad, page], tmp_path / "out.pdf")
        assert damaged.value.facts == {"file": "bad.jpg", "page": 1}
        assert not (tmp_path / "out.pdf").exists()

    def test_a_wish_to_stop_is_not_a_failure(self, page, tmp_path, monkeypatch):
        no_reading(monkeypatch, tmp_path)
        stop = Event()
        with pytest.raises(CancelledError):
            digitise([page] * 8, tmp_path / "out.pdf", stop=stop, progress=lambda done, total: stop.set())
        assert not (tmp_path / "out.pdf").exists()

    def test_a_reader_that_crashes_is_named(self, page, tmp_path, monkeypatch):
        no_reading(monkeypatch, tmp_path, "os.kill(os.getpid(), signal.SIGSEGV)")
        with pytest.raises(ProgramFailed) as failed:
            digitise([page, page], tmp_path / "out.pdf")
        assert failed.value.facts == {"program": "Tesseract", "reason": "SIGSEGV"}

    def test_too_many_pages_in_all(self, page, tmp_path, monkeypatch):
        monkeypatch.setattr(digitise_module, "PAGE_LIMIT", 2)
        with pytest.raises(TooManyPages):
            digitise([page] * 3, tmp_path / "out.pdf")

    def test_a_document_without_words_has_no_text_layer(self, page, tmp_path, monkeypatch):
        no_reading(monkeypatch, tmp_path)
        result = digitise([page], tmp_path / "sách số 1.pdf")
        assert not result.pdf.text_layer
        assert all(field.value is None for field in result.fields.values())
        with pikepdf.open(result.file) as pdf:
            assert str(pdf.docinfo["/Title"]) == "sách số 1"
