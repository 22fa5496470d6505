"""Word documents: checked on what they say of themselves and on the PDF that LibreOffice makes of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from docclient.form import Expected, Finding, Severity, check_form
from docclient.form.word_file import WordFileDamaged
from docclient.tools.libreoffice import convert_to_pdf
from tests.form.word_files import WordDraft, write

LETTER = Expected(type_name="Công văn", agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"), place="Tân Hiệp", notation="UBND-VP",
                  signer="Trần Thị Hồng Nhung", authority=(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),))
NOTICE = replace(LETTER, type_name="Thông báo", abbreviation="TB", notation="TB-UBND")


@pytest.mark.parametrize(("draft", "expected"), [
    (WordDraft(), LETTER), (WordDraft(kind="THÔNG BÁO", margins=(25, 20, 25, 35), repeats=1), NOTICE),
], ids=["letter of several pages", "notice"])
def test_an_honest_word_document_raises_no_alarm(draft: WordDraft, expected: Expected, tmp_path: Path) -> None:
    word = write(draft, tmp_path / "draft.docx")
    rendering = convert_to_pdf(word, tmp_path / "draft.pdf")
    for report in (check_form(word, expected, rendering=rendering), check_form(rendering, expected)):
        assert [(each.code, each.found) for each in report.findings if each.severity is Severity.WRONG] == []
        assert [(each.code, each.found) for each in report.findings] == []
    assert check_form(word, expected, rendering=rendering).fonts == ("Times New Roman",)


def test_mistakes_of_a_word_document_have_their_places(tmp_path: Path) -> None:
    word = write(WordDraft(margins=(20, 10, 20, 25), alien="Arial", numbered="footer"), tmp_path / "draft.docx")
    report = check_form(word, LETTER, rendering=convert_to_pdf(word, tmp_path / "draft.pdf"))
    found = {each.code: each for each in report.findings if each.severity is Severity.WRONG}
    assert {"margin_left", "margin_right", "font_family", "page_number_place"} <= set(found)
    assert found["margin_left"].found == "25 mm" and found["margin_right"].found == "10 mm"
    assert found["font_family"].found == "Arial" and found["font_family"].page == 1
    box = box_mm(found["font_family"])
    assert 80 < box[1] < 160 and box[2] > 140 and box[3] > 12     # the second paragraph, all its lines


def box_mm(finding: Finding) -> tuple[float, float, float, float]:
    assert finding.box_mm is not None
    return finding.box_mm


@pytest.mark.parametrize(("draft", "code", "found"), [
    (WordDraft(paper=(215.9, 279.4)), "page_size", "216 × 279 mm"),
    (WordDraft(margins=(15, 15, 20, 30)), "margin_top", "15 mm"),
    (WordDraft(margins=(20, 15, 32, 30)), "margin_bottom", "32 mm"),
    (WordDraft(font="Calibri"), "font_family", "Calibri"),
    (WordDraft(alien=".VnTime"), "font_unicode", ".VnTime"),
    (WordDraft(numbered="footer"), "page_number_place", ""),
])
def test_without_libreoffice_the_structure_is_checked_alone(draft: WordDraft, code: str, found: str,
                                                            tmp_path: Path) -> None:
    report = check_form(write(draft, tmp_path / "draft.docx"), LETTER)
    assert (code, found) in {(each.code, each.found) for each in report.findings}
    assert report.notes == ("structure_read", "not_rendered") and all(each.page is None for each in report.findings)
    honest = check_form(write(WordDraft(), tmp_path / "honest.docx"), LETTER)
    assert honest.findings == ()


def test_what_is_no_word_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "draft.docx").write_bytes(b"PK\x03\x04 nothing of the kind")
    with pytest.raises(WordFileDamaged):
        check_form(tmp_path / "draft.docx")
