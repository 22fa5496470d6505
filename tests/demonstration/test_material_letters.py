"""The sample letters, converted as the program converts drafts, are laid out as NĐ 30 wants them."""

import hashlib
import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from docclient.demonstration.material import SampleLetter, sample_letters, write_draft_answer
from docclient.tools.libreoffice import convert_to_pdf

LETTERS = ("draft_answer", "incoming_request", "paper_letter")
MM = 72 / 25.4

Box = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, pypdfium2.PdfDocument]]:
    folder = tmp_path_factory.mktemp("letters")
    opened = {name: pypdfium2.PdfDocument(convert_to_pdf(letter(name).path, folder / f"{name}.pdf"))
              for name in LETTERS}
    yield opened
    for document in opened.values():
        document.close()


def letter(name: str) -> SampleLetter:
    found = getattr(sample_letters(), name)
    assert isinstance(found, SampleLetter)
    return found


def words_of(document: pypdfium2.PdfDocument) -> str:
    """The page's text, runs of white space as one space."""
    page = document[0]
    return " ".join(page.get_textpage().get_text_range().split())


def boxes_of(document: pypdfium2.PdfDocument, words: str, start: int = 0) -> list[Box]:
    """Loose boxes (left, bottom, right, top; points) of each letter of the first place where `words` stand."""
    text = document[0].get_textpage()
    whole = text.get_text_range()
    at = whole.index(words, start)
    return [text.get_charbox(index, loose=True) for index in range(at, at + len(words))]


@pytest.mark.parametrize("name", LETTERS)
def test_one_page_of_a4_with_the_decrees_margins(pages, name):
    assert len(pages[name]) == 1
    width, height = pages[name][0].get_size()
    assert (round(width / MM), round(height / MM)) == (210, 297)
    text = pages[name][0].get_textpage()
    boxes = [text.get_charbox(index) for index in range(text.count_chars()) if text.get_text_range(index, 1).strip()]
    assert min(box[0] for box in boxes) >= 29.5 * MM
    assert max(box[2] for box in boxes) <= width - 14.5 * MM
    assert max(box[3] for box in boxes) <= height - 19.5 * MM
    assert min(box[1] for box in boxes) >= 19.5 * MM


@pytest.mark.parametrize("name", LETTERS)
def test_the_page_says_what_the_facts_say(pages, name):
    facts, said = letter(name), words_of(pages[name])
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc" in said
    assert f"Số: {facts.number}/{facts.symbol}" in said
    assert f"V/v {facts.subject}" in said
    assert f"Kính gửi: {facts.addressee_name}." in said
    assert facts.issuer_name.removesuffix(" tỉnh") in said
    for line in (*facts.authority, facts.signer_name, *facts.recipients, "Nơi nhận:"):
        assert line in said
    if facts.issued:
        day, month = facts.issued.day, facts.issued.month
        assert f"{facts.place}, ngày {day:02} tháng {month:02} năm {facts.issued.year}" in said
    if facts.reply_by:
        assert f"trước ngày {facts.reply_by.day:02} tháng {facts.reply_by.month} năm {facts.reply_by.year}" in said


def test_the_draft_keeps_room_for_number_day_and_month(pages):
    draft = pages["draft_answer"]
    colon, *_, slash = boxes_of(draft, "Số: /UBND-KT")[2:5]
    assert slash[0] - colon[2] > 9 * MM                                  # four digits of size 13 take 9.2 mm
    line = boxes_of(draft, "Tân Hiệp, ngày tháng năm")
    ends_of = {"ngày": len("Tân Hiệp, ngày") - 1, "tháng": len("Tân Hiệp, ngày tháng") - 1}
    for end in ends_of.values():
        assert line[end + 2][0] - line[end][2] > 6 * MM                  # two digits of size 14 take 4.9 mm
    assert abs(colon[1] - line[0][1]) < 2                                # boxes 3 and 4 are level


@pytest.mark.parametrize("name", LETTERS)
def test_thirty_millimetres_for_the_signature(pages, name):
    facts, text = letter(name), pages[name][0].get_textpage().get_text_range()
    authority_at = text.index(facts.authority[0])
    position = boxes_of(pages[name], facts.authority[-1], authority_at)
    signer = boxes_of(pages[name], facts.signer_name, authority_at)
    assert min(box[1] for box in position) - max(box[3] for box in signer) >= 30 * MM
    middle = [(min(b[0] for b in line) + max(b[2] for b in line)) / 2 for line in (position, signer)]
    assert abs(middle[0] - middle[1]) < 1                                # centred on each other


def test_sizes_and_styles_are_those_of_annex_i():
    """Size and style of one run of each element; the draft stands for all three, which one function writes."""
    draft = Document(str(sample_letters().draft_answer.path))
    lines = [line for table in draft.tables for row in table.rows for cell in row.cells for line in cell.paragraphs]
    runs = {run.text: (run.font.size.pt, bool(run.bold), bool(run.italic))
            for line in (*lines, *draft.paragraphs) for run in line.runs}
    assert runs["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"] == (13, True, False)
    assert runs["Độc lập - Tự do - Hạnh phúc"] == (14, True, False)
    assert runs["XÃ TÂN HIỆP"] == (13, True, False)
    assert runs["Số:"] == runs["/UBND-KT"] == (13, False, False)
    assert runs["Tân Hiệp, ngày"] == (14, False, True)
    assert runs["CHỦ TỊCH"] == runs["Chủ tịch UBND xã"] == (14, True, False)
    assert runs["Nơi nhận:"] == (12, True, True)
    assert runs["- Lưu: VT, KT."] == (11, False, False)
    assert draft.styles["Normal"].font.name == "Times New Roman"


def test_the_paper_letter_carries_signature_and_seal_over_its_left_third(pages):
    page = pages["paper_letter"][0]
    pictures = [thing.get_bounds() for thing in page.get_objects()
                if thing.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
    signature, seal = sorted(pictures, key=lambda bounds: bounds[3] - bounds[1])
    assert round((seal[2] - seal[0]) / MM) == 36
    assert abs((seal[2] - signature[0]) / (signature[2] - signature[0]) - 1 / 3) < 0.02
    assert seal[0] < signature[0]


def test_a_draft_for_another_year_differs_in_its_date_line_alone(tmp_path):
    target = write_draft_answer(tmp_path / "draft.docx", year=2031)
    old, new = (run_texts(path) for path in (sample_letters().draft_answer.path, target))
    assert [(a, b) for a, b in zip(old, new, strict=True) if a != b] == [("2026", "2031")]


def test_the_committed_letters_are_what_the_script_writes(tmp_path, monkeypatch):
    script = Path(__file__).resolve().parents[2] / "scripts" / "sample_letters.py"
    spec = importlib.util.spec_from_file_location("sample_letters_script", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    for name, content in module.ALL.items():
        again = tmp_path / f"{name}.docx"
        module.write(content, again)
        assert run_texts(again) == run_texts(module.LETTERS / f"{name}.docx")
        module.write(content, tmp_path / "twice.docx")
        assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(
            (tmp_path / "twice.docx").read_bytes()).digest()


def run_texts(path: Path) -> list[str]:
    document = Document(str(path))
    lines = [line for table in document.tables for row in table.rows for cell in row.cells for line in cell.paragraphs]
    return [run.text for line in (*lines, *document.paragraphs) for run in line.runs]
