"""The fields of a register entry, from pages whose letters are known exactly, and from pages with a reader's slips."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from docclient.capture import pdf_input
from docclient.capture.fields import NAMES, read_fields, secrecy_stamp
from docclient.capture.fields.agreement import Eyes
from docclient.capture.page_text import PageText, Word
from tests.capture import letters
from tests.capture.expected import expected
from tests.capture.letters import COMMUNE_DECISION, COMMUNE_LETTER, Letter, render_pdf


@pytest.fixture(scope="module")
def page_of(tmp_path_factory):
    """The words of a letter's first page, as they stand on it."""
    folder = tmp_path_factory.mktemp("letters")
    known: dict[Letter, PageText] = {}

    def read(letter: Letter) -> PageText:
        if letter not in known:
            file = folder / f"{len(known)}.pdf"
            file.write_bytes(render_pdf(letter))
            text = pdf_input.letters(file, 0)
            assert text is not None
            known[letter] = text
        return known[letter]

    return read


def misread(page: PageText, *slips: tuple[str, str], certainty: float | None = None) -> PageText:
    """The page with words misread: each slip is (what is printed, what was read); `certainty` of the misread words."""
    words = []
    for word in page.words:
        said = word.text
        for printed, read in slips:
            said = said.replace(printed, read)
        sure = word.certainty if said == word.text or certainty is None else certainty
        if said:
            words.append(replace(word, text=said, certainty=sure))
    return replace(page, words=tuple(words))


def page_with(*lines: tuple[float, float, str], coloured: bool = False) -> PageText:
    """A page made of lines: left and top in millimetres, text in letters 2.2 mm wide and 3.5 mm high."""
    words = []
    for number, (left, top, text) in enumerate(lines):
        for found in re.finditer(r"\S+", text):
            words.append(Word(found[0], 0.95, (left + 2.2 * found.start(), top, left + 2.2 * found.end(), top + 3.5),
                              coloured, number))
    return PageText(tuple(words), (210.0, 297.0))


HEAD = ((35, 20, "BỘ NỘI VỤ"), (95, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (112, 26, "Độc lập - Tự do - Hạnh phúc"))


@pytest.mark.parametrize("letter", letters.ALL, ids=lambda letter: letter.notation)
def test_every_field_of_a_clean_letter(page_of, letter):
    found = read_fields([page_of(letter)])
    assert {name: field.value for name, field in found.items()} == expected(letter)
    for field in found.values():
        assert (field.certainty > 0.85) == (field.value is not None)
    for name in ("code_number", "issued_date", "organ_name", "signer_name"):
        assert found[name].page == 1
        left, top, right, bottom = found[name].box_mm
        assert 20 < left < right < 200
        assert 10 < top < bottom < 280


def test_a_page_without_text_gives_nothing():
    for pages in ([], [PageText((), (210.0, 297.0))]):
        found = read_fields(pages)
        assert tuple(found) == NAMES
        assert all(field.value is None and field.certainty == 0 for field in found.values())


def test_the_signer_is_on_the_last_page_and_the_head_on_the_first_with_text(page_of):
    first = page_of(COMMUNE_LETTER)
    top = replace(first, words=tuple(word for word in first.words if word.box_mm[1] < 140))
    foot = replace(first, words=tuple(word for word in first.words if word.box_mm[1] >= 140))
    blank = PageText((), first.size_mm)
    found = read_fields([blank, top, foot, blank])
    assert {name: field.value for name, field in found.items()} == expected(COMMUNE_LETTER)
    assert (found["code_number"].page, found["signer_name"].page) == (2, 3)


def test_a_foot_that_runs_over_the_page_is_read_on_both():
    first = page_with(*HEAD, (35, 36, "Số: 05/BNV-VP"), (30, 262, "Nơi nhận:"), (30, 268, "- Như trên;"),
                      (130, 262, "KT. BỘ TRƯỞNG"), (130, 268, "THỨ TRƯỞNG"))
    second = page_with((105, 12, "2"), (30, 22, "- Các Thứ trưởng;"), (30, 28, "- Lưu: VT, VP."),
                       (130, 40, "Phạm Hải Yến"), (30, 90, "Phụ lục"))
    found = read_fields([first, second])
    assert found["recipients"].value == ("Như trên", "Các Thứ trưởng", "Lưu: VT, VP")
    assert (found["signer_name"].value, found["signer_name"].page) == ("Phạm Hải Yến", 2)
    assert (found["signer_position"].value, found["authority_form"].value) == ("THỨ TRƯỞNG", "KT.")


@pytest.mark.parametrize(("lines", "form", "position"), [
    (("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "TM.", "CHỦ TỊCH"),
    (("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "KT.", "PHÓ CHỦ TỊCH"),
    (("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"), "KT.", "PHÓ CHÁNH VĂN PHÒNG"),
    (("Q. GIÁM ĐỐC",), "Q.", "GIÁM ĐỐC"),
    (("KT.GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "KT.", "PHÓ GIÁM ĐỐC"),
    (("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG KINH TẾ,", "HẠ TẦNG VÀ ĐÔ THỊ"), "TUQ.",
     "TRƯỞNG PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ"),
    (("HIỆU TRƯỞNG",), None, "HIỆU TRƯỞNG"),
])
def test_authority_and_position(lines, form, position):
    block = [(120, 150 + 6 * at, text) for at, text in enumerate(lines)]
    found = read_fields([page_with(*HEAD, (30, 150, "Nơi nhận:"), (30, 156, "- Lưu: VT."), *block,
                                   (125, 195, "Nguyễn Văn Minh"))])
    assert (found["authority_form"].value, found["signer_position"].value) == (form, position)
    assert found["signer_name"].value == "Nguyễn Văn Minh"


@pytest.mark.parametrize(("lines", "organ", "parents"), [
    (("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"), "ỦY BAN NHÂN DÂN XÃ TÂN HIỆP", ()),
    (("UBND TỈNH LÂM ĐỒNG", "SỞ TÀI CHÍNH"), "SỞ TÀI CHÍNH", ("UBND TỈNH LÂM ĐỒNG",)),
    (("CÔNG AN TỈNH LÂM ĐỒNG", "PHÒNG CẢNH SÁT QUẢN LÝ", "HÀNH CHÍNH VỀ TRẬT TỰ XÃ", "HỘI"),
     "PHÒNG CẢNH SÁT QUẢN LÝ HÀNH CHÍNH VỀ TRẬT TỰ XÃ HỘI", ("CÔNG AN TỈNH LÂM ĐỒNG",)),
    (("ỦY BAN NHÂN DÂN XÃ", "HỘI AN"), "ỦY BAN NHÂN DÂN XÃ HỘI AN", ()),
    (("UBND TỈNH LÂM ĐỒNG", "BAN CHỈ HUY", "PHÒNG THỦ DÂN SỰ"), "BAN CHỈ HUY PHÒNG THỦ DÂN SỰ",
     ("UBND TỈNH LÂM ĐỒNG",)),
    (("ĐẠI HỌC QUỐC GIA HÀ NỘI", "TRƯỜNG ĐẠI HỌC", "CÔNG NGHỆ"), "TRƯỜNG ĐẠI HỌC CÔNG NGHỆ",
     ("ĐẠI HỌC QUỐC GIA HÀ NỘI",)),
])
def test_the_issuer_is_told_from_its_parent(lines, organ, parents):
    names = [(30, 20 + 5 * at, text) for at, text in enumerate(lines)]
    found = read_fields([page_with(*names, *HEAD[1:], (35, 45, "Số: 05/BNV-VP"))])["organ_name"]
    assert (found.value, found.alternatives) == (organ, parents)


@pytest.mark.parametrize(("slips", "number", "notation"), [
    ((("127/", "I27/"),), "127", "QĐ-UBND"),
    ((("127/", "l27/"),), "127", "QĐ-UBND"),
    ((("QĐ-UBND", "QD-UBND"),), "127", "QĐ-UBND"),
    ((("QĐ-UBND", "QĐ-UBNĐ"),), "127", "QĐ-UBND"),
    ((("127/QĐ", "127QĐ"),), "127", "QĐ-UBND"),
    ((("127/QĐ-UBND", "127 / QĐ - UBND"),), "127", "QĐ-UBND"),
])
def test_slips_in_number_and_symbol_are_mended_and_doubted(page_of, slips, number, notation):
    found = read_fields([misread(page_of(COMMUNE_DECISION), *slips, certainty=0.8)])
    assert (found["code_number"].value, found["code_notation"].value) == (number, notation)
    assert min(found["code_number"].certainty, found["code_notation"].certainty) < 0.85


def test_a_slip_in_the_sign_itself_does_not_matter(page_of):
    found = read_fields([misread(page_of(COMMUNE_DECISION), ("Số:", "SỐ"))])
    assert (found["code_number"].value, found["code_notation"].value) == ("127", "QĐ-UBND")


def test_a_stop_after_the_symbol_is_none_of_it(page_of):
    found = read_fields([misread(page_of(COMMUNE_DECISION), ("Số:", "Só:"), ("UBND", "UBND."), certainty=0.8)])
    assert (found["code_number"].value, found["code_notation"].value) == ("127", "QĐ-UBND")


def test_a_number_and_day_written_by_hand_are_left_to_the_clerk(page_of):
    page = misread(page_of(COMMUNE_DECISION), ("127/QĐ-UBND", "/QĐ-UBND"), ("15", ""))
    found = read_fields([page])
    assert (found["code_number"].value, found["code_number"].certainty) == (None, 0)
    assert found["code_notation"].value == "QĐ-UBND"
    assert (found["issued_date"].value, found["issued_date"].certainty) == (None, 0)
    assert found["issued_date"].box_mm is not None          # where to look
    assert found["issued_place"].value == "Tân Hiệp"


@pytest.mark.parametrize(("line", "number", "notation"), [
    ("Số: 15/2026/QĐ-UBND", "15", "2026/QĐ-UBND"),
    ("Số: 05/BNV-VP", "05", "BNV-VP"),
    ("Số: 812/SNN&MT-TCCB", "812", "SNN&MT-TCCB"),
    ("Số: 03/SY-UBND", "03", "SY-UBND"),
    ("Số: 1046/KH-BCĐ389", "1046", "KH-BCĐ389"),
])
def test_the_grammar_of_symbols(line, number, notation):
    found = read_fields([page_with(*HEAD, (35, 36, line))])
    assert (found["code_number"].value, found["code_notation"].value) == (number, notation)
    assert found["code_number"].certainty > 0.85


def test_two_readings_that_differ_are_doubted_and_both_shown(page_of):
    page = page_of(COMMUNE_DECISION)
    number_line = [word for word in page.words if word.text.startswith(("Số:", "127/"))]
    other = [replace(word, text=word.text.replace("127", "121"), certainty=0.7) for word in number_line]
    doubted = read_fields([page], lambda box, eyes=Eyes.OTHER: other)["code_number"]
    assert (doubted.value, doubted.alternatives) == ("127", ("121",))
    assert doubted.certainty <= 0.55
    assert read_fields([page], lambda box, eyes=Eyes.OTHER: number_line)["code_number"].certainty > 0.95


@pytest.mark.parametrize(("line", "iso"), [
    ("Tân Hiệp, ngày 05 tháng 3 năm 2026", "2026-03-05"),
    ("TP. Hồ Chí Minh, ngày 31 tháng 12 năm 2025", "2025-12-31"),
    ("Hà Nội, ngay O9 tháng 10 nam 2O25", "2025-10-09"),
    ("Hà Nội, ngày 31 tháng 02 năm 2026", None),
    ("Hà Nội, ngày    tháng 02 năm 2026", None),
])
def test_the_grammar_of_dates(line, iso):
    field = read_fields([page_with(*HEAD, (95, 36, line))])["issued_date"]
    assert field.value == iso
    assert (field.certainty > 0) == (iso is not None)


def test_a_date_far_off_is_doubted():
    field = read_fields([page_with(*HEAD, (95, 36, "Hà Nội, ngày 05 tháng 3 năm 2062"))])["issued_date"]
    assert field.certainty < 0.5


def test_the_type_in_the_symbol_is_a_second_witness():
    agreed = page_with(*HEAD, (35, 36, "Số: 05/TB-BNV"), (95, 36, "Hà Nội, ngày 05 tháng 3 năm 2026"),
                       (102, 50, "THÔNG BÁO"), (80, 56, "Kết quả kiểm tra"))
    contrary = misread(agreed, ("05/TB", "05/BC"))
    assert read_fields([agreed])["type_name"].certainty > 0.9
    doubted = read_fields([contrary])["type_name"]
    assert (doubted.value, doubted.alternatives[0]) == ("Thông báo", "Báo cáo")
    assert doubted.certainty < 0.8


@pytest.mark.parametrize("printed", ["MẬT", "TỐI MẬT", "TUYỆT MẬT"])
@pytest.mark.parametrize("coloured", [True, False])
def test_a_secrecy_stamp_raises_the_alarm(printed, coloured):
    stamp = page_with((34, 70, printed), coloured=coloured)
    body = page_with(*HEAD, (30, 90, "Căn cứ các quy định của pháp luật về công tác văn thư"))
    assert secrecy_stamp(replace(body, words=body.words + stamp.words))
    misread_stamp = misread(stamp, ("MẬT", "MẶT"))
    assert secrecy_stamp(misread_stamp)


@pytest.mark.parametrize("text", ["BẢO MẬT", "MẬT ĐỘ", "BẢO MẬT THÔNG TIN", "Mật", "mật", "bí mật", "KHẨN", "MẶT TRẬN"])
def test_other_words_raise_none(text):
    assert not secrecy_stamp(page_with(*HEAD, (34, 70, text)))


def test_a_secrecy_word_in_the_text_raises_none():
    assert not secrecy_stamp(page_with(*HEAD, (30, 200, "MẬT"), (30, 90, "Công tác bảo vệ bí mật và độ MẬT của tin")))
