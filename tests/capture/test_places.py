"""Where a pen wrote is found by the print around it, whatever the reader made of the line; names get their marks back
where a closed list knows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from docclient.capture import pdf_input
from docclient.capture.fields import SURE, read_fields, read_page, usual
from docclient.capture.fields.agreement import Eyes, Look
from docclient.capture.fields.handwriting import cropper
from docclient.capture.fields.head import read_head
from docclient.capture.fields.model import Box, Field
from docclient.capture.fields.names import surname
from docclient.capture.page_text import PageText, Word
from tests.capture.test_fields import HEAD, page_with
from tests.generators.pages import TUNING, Drawn, draw, hand, invent, typeset

BY_PEN = [seed for seed in TUNING[:60] if invent(seed).by_hand and invent(seed).maker == "typst"][:4]
BLACK = (40, 35, 35)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory) -> dict[int, tuple[Drawn, PageText]]:
    """Pages whose number and day a black pen wrote, not worn, with their printed words."""
    folder = tmp_path_factory.mktemp("pages")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hand, "INKS", (BLACK,))
        for seed in BY_PEN:
            file = folder / f"{seed}-words.pdf"
            file.write_bytes(typeset.as_pdf(invent(seed)))
            text = pdf_input.letters(file, 0)
            assert text is not None
            found[seed] = draw(seed, folder, clean=True), text
    return found


def look_at(page: PageText) -> Look:
    """A second look that reads all print well: the words whose middle lies in the box."""
    def look(box: Box, eyes: Eyes = Eyes.OTHER) -> Sequence[Word]:
        return [replace(word, certainty=0.95) for word in page.words
                if box[0] - 1.2 < (word.box_mm[0] + word.box_mm[2]) / 2 < box[2] + 1.2
                and box[1] - 1.2 < (word.box_mm[1] + word.box_mm[3]) / 2 < box[3] + 1.2]

    return look


def covers(box: Box | None, ink: Box) -> bool:
    assert box is not None
    return box[0] < ink[0] + 1 and box[2] > ink[2] - 1 and box[1] < ink[1] + 2 and box[3] > ink[3] - 2 \
        and box[2] - box[0] < 50


@pytest.mark.parametrize("seed", BY_PEN)
def test_the_pens_figures_may_spoil_the_print_after_them(seed, drawn):
    made, text = drawn[seed]
    (slash,) = (word for word in text.words if word.text.startswith("/") and word.box_mm[0] < 100
                and word.box_mm[1] < 80)
    left, ink = slash.box_mm[0], made.hand_mm["code_number"]
    spoilt = replace(slash, text=f"4Ô{slash.text[1:]}", certainty=0.4,
                     box_mm=(min(left, ink[0] + 2), ink[1], *slash.box_mm[2:]))
    page = replace(text, words=tuple(spoilt if word is slash else word for word in text.words))
    head = read_head(page, look_at(text), crop=cropper(made.pages[0], made.dpi))
    assert head.code_number.value is None and covers(head.code_number.box_mm, ink)
    assert head.code_notation.value == made.sheet.notation


@pytest.mark.parametrize("seed", BY_PEN)
def test_a_day_read_into_the_word_before_it_is_found(seed, drawn):
    made, text = drawn[seed]
    at = next(index for index, word in enumerate(text.words) if word.text == "ngày" and word.box_mm[0] > 100)
    before, after, ink = text.words[at], text.words[at + 1], made.hand_mm["issued_date"]
    assert after.text == "tháng"
    wide = replace(before, text="ngày.", certainty=0.4, box_mm=(*before.box_mm[:2], after.box_mm[0] - 0.3, ink[3]))
    page = replace(text, words=(*text.words[:at], wide, *text.words[at + 1:]))
    head = read_head(page, look_at(page), crop=cropper(made.pages[0], made.dpi))
    assert head.issued_date.value is None and covers(head.issued_date.box_mm, ink)


def test_without_the_word_before_it_a_days_place_is_left_of_the_month():
    head = read_head(page_with(*HEAD, (35, 36, "Số: 05/BNV-VP"), (132, 36, "tháng 7 năm 2026")))
    assert head.issued_date.value is None
    assert head.issued_date.box_mm is not None and head.issued_date.box_mm[0] < 120 < 131 < head.issued_date.box_mm[2]


def test_a_number_line_that_was_not_read_is_looked_for_beside_the_date():
    page = page_with(*HEAD, (100, 36, "Hà Nội, ngày 05 tháng 3 năm 2026"))
    beside = page_with((35, 36, "Số: 05/BNV-VP"))
    head = read_head(page, lambda box, eyes=Eyes.OTHER: beside.words if box[0] < 20 else ())
    assert (head.code_number.value, head.code_notation.value) == ("05", "BNV-VP")


def test_a_long_place_is_not_cut_at_the_column():
    page = page_with(*HEAD, (35, 36, "Số: 05/BNV-VP"), (90, 36, "Thủ Dầu Một, ngày 05 tháng 3 năm 2026"))
    assert read_fields([page])["issued_place"].value == "Thủ Dầu Một"


def test_where_two_sign_the_list_may_stand_below_them():
    page = page_with(*HEAD, (35, 36, "Số: 05/BB-BNV"), (95, 36, "Hà Nội, ngày 05 tháng 3 năm 2026"),
                     (45, 150, "THƯ KÝ"), (140, 150, "CHỦ TỌA"), (42, 185, "Lê Thị Yến"), (138, 185, "Y Đức Vượng"),
                     (30, 200, "Nơi nhận:"), (30, 206, "- Sở Nội vụ;"), (30, 211, "- Lưu: VT, VP."))
    found = read_fields([page])
    assert (found["signer_name"].value, found["signer_position"].value) == ("Y Đức Vượng", "CHỦ TỌA")
    assert found["recipients"].value == ("Sở Nội vụ", "Lưu: VT, VP")


def test_a_schools_name_is_not_cut_in_the_middle():
    page = page_with((30, 20, "ỦY BAN NHÂN DÂN XÃ NẬM NHÙN"), (30, 26, "TRƯỜNG TRUNG HỌC CƠ"), (32, 32, "SỞ NGUYỄN DU"),
                     (105, 20, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), (112, 26, "Độc lập - Tự do - Hạnh phúc"),
                     (35, 42, "Số: 05/QĐ-THCSND"))
    assert read_fields([page])["organ_name"].value == "TRƯỜNG TRUNG HỌC CƠ SỞ NGUYỄN DU"


@pytest.mark.parametrize(("read", "meant"), [("Định", "Đinh"), ("Đỉnh", "Đinh"), ("Nguyễn", "Nguyễn"),
                                             ("Nguyên", "Nguyễn"), ("Xyz", None), ("Ha", None)])
def test_a_surname_gets_its_marks_where_only_one_is_meant(read, meant):
    assert surname(read) == meant


def test_a_name_with_a_surname_from_the_list_is_never_sure():
    page = page_with(*HEAD, (35, 36, "Số: 05/BNV-VP"), (30, 200, "Nơi nhận:"), (30, 206, "- Lưu: VT, VP."),
                     (140, 200, "BỘ TRƯỞNG"), (136, 235, "Định Công Trường"))
    name = read_fields([page])["signer_name"]
    assert name.value == "Đinh Công Trường" and name.alternatives[0] == "Định Công Trường"
    assert name.certainty <= 0.8


def test_provinces_and_usual_receivers_get_their_marks_back():
    assert usual.body("ỦY BAN NHÂN DÂN THÀNH PHỐ CÂN THƠ") == "ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ"
    assert usual.body("SỞ Y TẾ TỈNH KHÔNG CÓ") == "SỞ Y TẾ TỈNH KHÔNG CÓ"
    assert usual.receiver("Cống thông tin điện tử") == "Cổng thông tin điện tử"
    assert usual.receiver("Trưởng thôn, tố dân phố") == "Trưởng thôn, tổ dân phố"
    assert usual.receiver("Đội tố tụng") == "Đội tố tụng"
    assert usual.position("PHÓ CHÁNH V ĂN PHÒNG") == ("PHÓ CHÁNH VĂN PHÒNG", True)


def beneath_a_seal(other: str, same: str) -> Field:
    """A foot whose name was not read, and what is read of its place by other eyes and by the same."""
    page = page_with(*HEAD, (35, 36, "Số: 05/BNV-VP"), (30, 200, "Nơi nhận:"), (30, 206, "- Lưu: VT, VP."),
                     (140, 200, "BỘ TRƯỞNG"))
    said = {Eyes.OTHER_AMONG_STROKES: page_with((120, 214, "Z^ «"), (132, 235, other)).words,
            Eyes.SAME_AMONG_STROKES: page_with((132, 235, same)).words}
    return read_fields([page], lambda box, eyes=Eyes.OTHER: said.get(eyes, ()))["signer_name"]


def test_a_name_beneath_pen_and_seal_is_looked_for_among_the_strokes():
    agreed = beneath_a_seal("Đặng Anh Vượng", "Đặng Anh Vượng")
    assert (agreed.value, agreed.alternatives) == ("Đặng Anh Vượng", ())
    disputed = beneath_a_seal("Võ Thị Quỳnh", "Rõ Thị Quỳnh")
    assert (disputed.value, disputed.alternatives) == ("Võ Thị Quỳnh", ("Rõ Thị Quỳnh",))
    assert disputed.certainty < agreed.certainty
    assert beneath_a_seal("„ @ |", "NHÀ NƯỚC").value in (None, "NHÀ NƯỚC")


def test_of_disputed_readings_of_a_name_the_one_that_is_a_name_is_taken():
    page = page_with(*HEAD, (35, 36, "Số: 05/BNV-VP"), (30, 200, "Nơi nhận:"), (30, 206, "- Lưu: VT, VP."),
                     (140, 200, "BỘ TRƯỞNG"), (136, 235, "Đặng tông Thủy"))
    other = page_with((136, 235, "Đặng Công Thủy")).words
    name = read_fields([page], lambda box, eyes=Eyes.OTHER: other if eyes is Eyes.OTHER else page.words[-3:]
                       )["signer_name"]
    assert (name.value, name.alternatives[0]) == ("Đặng Công Thủy", "Đặng tông Thủy")
    assert name.certainty < 0.97


def test_a_surname_of_two_syllables_alone_is_no_name_and_gets_its_marks_back():
    foot = (*HEAD, (35, 36, "Số: 05/BNV-VP"), (30, 200, "Nơi nhận:"), (30, 206, "- Lưu: VT, VP."),
            (140, 200, "BỘ TRƯỞNG"))
    assert read_fields([page_with(*foot, (140, 235, "Rơ Châm"))])["signer_name"].certainty < 0.97
    cut = page_with(*foot, (140, 235, "Công Hương"))
    read = read_fields([cut], lambda box, eyes=Eyes.OTHER: [word for word in cut.words if word.box_mm[1] == 235])
    assert (read["signer_name"].value, read["signer_name"].certainty < SURE) == ("Công Hương", True)
    assert read_fields([page_with(*foot, (136, 235, "Rợ Châm Yến"))])["signer_name"].value == "Rơ Châm Yến"


def test_a_peoples_committee_of_no_place_was_read_in_part():
    page = page_with((20, 20, "ỦY BAN NHÂN DÂN"), *HEAD[1:], (35, 36, "Số: 05/UBND-VP"))
    assert read_fields([page])["organ_name"].certainty < 0.97


def test_a_symbol_may_go_on_below_its_dash():
    page = page_with((35, 20, "BỘ TƯ PHÁP"), *HEAD[1:], (40, 46, "Số: 589/HD-"), (40, 52, "KTVB&QLXLVPHC"),
                     (110, 46, "Hà Nội, ngày 12 tháng 11 năm 2026"), (97, 71, "HƯỚNG DẪN"))
    found = read_fields([page])
    assert (found["code_number"].value, found["code_notation"].value) == ("589", "HD-KTVB&QLXLVPHC")
    cut = read_fields([page_with(*HEAD, (40, 46, "Số: 589/HD"))])["code_notation"]
    assert cut.certainty < 0.97, "who drew it up is missing"


def test_the_date_of_another_paper_is_not_taken_where_a_pen_wrote_the_day():
    page = page_with(*HEAD, (35, 37, "Số: 05/QĐ-BNV"), (112, 37, "Hà Nội, ngày 4s tháng 9 năm 2026"),
                     (98, 54, "QUYẾT ĐỊNH"), (113, 75, "ngày 05 tháng 3 năm 2020 của Chính phủ về"))
    found = read_fields([page])
    assert found["issued_date"].value is None and found["issued_place"].value == "Hà Nội"


def test_a_subject_goes_on_with_a_symbol_and_past_a_speck():
    page = page_with(*HEAD, (35, 37, "Số: 05/KH-BNV"), (112, 37, "Hà Nội, ngày 05 tháng 9 năm 2026"),
                     (101, 54, "KẾ HOẠCH"), (110, 60, "-_"), (103, 68, "57-NQ/TW"),
                     (60, 62, "Tăng cường công tác văn thư theo Nghị quyết số"),
                     (30, 84, "Thực hiện chương trình công tác năm và ý kiến chỉ đạo của cấp có thẩm quyền về"))
    assert read_fields([page])["subject"].value == "Tăng cường công tác văn thư theo Nghị quyết số 57-NQ/TW"


def test_a_province_is_not_the_words_before_addressees():
    page = page_with((45, 25, "TỈNH GIA LAI"), *HEAD[1:], (35, 37, "Số: 05/KH-SXD"))
    assert read_page([page]).further["addressees"].value is None


def test_a_sentence_that_goes_on_with_so_is_not_the_number():
    page = page_with(*HEAD, (112, 37, "Hà Nội, ngày 05 tháng 9 năm 2026"), (99, 54, "THƯ CÔNG"),
                     (61, 62, "Tăng cường công tác văn thư theo Nghị quyết"), (96, 68, "số 57-NQ/TW"))
    found = read_fields([page])
    assert (found["code_notation"].value, found["type_name"].value) == (None, "Thư công")
    assert found["subject"].value == "Tăng cường công tác văn thư theo Nghị quyết số 57-NQ/TW"


def test_a_paragraph_is_no_subject_though_one_line_reaches_into_the_margin():
    line = "Thực hiện chương trình công tác năm và ý kiến chỉ đạo của cấp có thẩm"
    page = page_with(*HEAD, (35, 37, "Số: 05/GNP-BNV"), (112, 37, "Hà Nội, ngày 05 tháng 9 năm 2026"),
                     (93, 56, "GIẤY NGHỈ PHÉP"), (44, 68, line), (2, 110, "——————" + line + " quyền"),
                     *((31, 74 + 6 * at, line + " quyền") for at in range(5)))
    assert read_fields([page])["subject"].value is None


@pytest.mark.parametrize(("subject", "green"), [
    ("Rà soát công tác văn thư", True), ("soát công tác văn thư", False), ("Rà soát công tác văn thư theo", False)])
def test_a_subject_that_cannot_be_whole_is_not_green(subject: str, green: bool):
    page = page_with(*HEAD, (35, 37, "Số: 05/KH-BNV"), (112, 37, "Hà Nội, ngày 05 tháng 9 năm 2026"),
                     (101, 54, "KẾ HOẠCH"), (110 - 1.1 * len(subject), 62, subject))
    other = tuple(word for word in page.words if word.box_mm[1] == 62)
    read = read_fields([page], lambda box, eyes=Eyes.OTHER: other if 55 < box[1] < 65 else ())["subject"]
    assert (read.value, read.certainty >= SURE) == (subject, green)


def test_a_province_keeps_its_marks_and_a_name_with_an_odd_mark_is_doubted():
    page = page_with(*HEAD, (35, 37, "Số: 05/BNV-VP"), (112, 37, "Vĩnh Lọng, ngày 05 tháng 9 nắm 2026"),
                     (30, 200, "Nơi nhận:"), (30, 206, "- Như trên,"), (30, 212, "Sở Nội vụ;"),
                     (30, 218, "- Lưu: VT, VP."), (140, 200, "BỘ TRƯỞNG"), (136, 235, "Lý Mình Sơn"))

    def look(box: Box, eyes: Eyes = Eyes.OTHER) -> list[Word]:
        return [word for word in page.words if box[0] - 1 < word.box_mm[0] < box[2]
                and box[1] - 1 < word.box_mm[1] < box[3]]

    found = read_fields([page], look)
    assert found["issued_place"].value == "Vĩnh Long" and found["issued_date"].value == "2026-09-05"
    assert found["signer_name"].value == "Lý Mình Sơn" and found["signer_name"].certainty < SURE
    assert found["recipients"].value == ("Như trên", "Sở Nội vụ", "Lưu: VT, VP")


def test_a_school_bears_the_name_of_a_nguyen():
    page = page_with((20, 20, "TRƯỜNG TIỂU HỌC NGUYÊN DU"), *HEAD[1:], (35, 37, "Số: 05/KH-TH"))
    organ = read_fields([page])["organ_name"]
    assert organ.value == "TRƯỜNG TIỂU HỌC NGUYỄN DU" and organ.certainty < SURE


@pytest.mark.parametrize("subject", [
    "Quy định tại khoản 2 Điều 5", "Xây dựng nhà đa năng", "Theo dõi diễn biến dịch bệnh",
    "Báo cáo quý, 6 tháng đầu năm",
    "Rà soát văn bản hằng năm"])
@pytest.mark.parametrize("sure", [0.95, 1.0])
def test_what_all_eyes_read_is_not_rewritten(subject: str, sure: float):
    page = page_with(*HEAD, (35, 37, "Số: 05/KH-BNV"), (112, 37, "Hà Nội, ngày 05 tháng 9 năm 2026"),
                     (101, 54, "KẾ HOẠCH"), (110 - 1.1 * len(subject), 62, subject))
    page = replace(page, words=tuple(replace(word, certainty=sure) for word in page.words))
    other = tuple(word for word in page.words if word.box_mm[1] == 62)
    read = read_fields([page], lambda box, eyes=Eyes.OTHER: other if 55 < box[1] < 65 else ())["subject"]
    assert read.value == subject


def test_what_a_list_put_right_and_nobody_read_is_doubted():
    subject = "Công tác thu, chỉ ngân sách"
    page = page_with(*HEAD, (35, 37, "Số: 05/KH-BNV"), (112, 37, "la Grai, ngày 05 tháng 9 năm 2026"),
                     (101, 54, "KẾ HOẠCH"), (80, 62, subject))

    def look(box: Box, eyes: Eyes = Eyes.OTHER) -> list[Word]:
        return [word for word in page.words if box[0] - 1 < word.box_mm[0] < box[2]
                and box[1] - 1 < word.box_mm[1] < box[3]]

    found = read_fields([page], look)
    assert found["subject"].value == "Công tác thu, chi ngân sách" and subject in found["subject"].alternatives
    assert found["issued_place"].value == "Ia Grai" and "la Grai" in found["issued_place"].alternatives
    assert max(found["subject"].certainty, found["issued_place"].certainty) < SURE


def test_a_position_that_a_fold_parts_is_read_again_by_itself():
    page = page_with(*HEAD, (35, 36, "Số: 05/SYT-VP"), (30, 200, "Nơi nhận:"), (30, 206, "- Lưu: VT, VP."),
                     (133, 200, "GLAM"), (136, 235, "Hoàng Thế Dũng"))
    again = page_with((133, 200, "GIÁM"), (150, 200.4, "ĐỐC")).words
    found = read_fields([page], lambda box, eyes=Eyes.OTHER: again if box[0] == 105 and box[1] < 200 else ())
    assert (found["signer_position"].value, found["signer_name"].value) == ("GIÁM ĐỐC", "Hoàng Thế Dũng")


def test_a_subject_goes_on_with_the_end_of_a_span_of_years_and_of_a_symbol():
    page = page_with(*HEAD, (35, 37, "Số: 05/KH-BNV"), (112, 37, "Hà Nội, ngày 05 tháng 9 năm 2026"),
                     (101, 54, "KẾ HOẠCH"), (59, 62, "Bầu cử theo Nghị quyết số 57-NQ/TW giai đoạn 2026"),
                     (104, 68, "- 2030"))
    assert read_fields([page])["subject"].value == "Bầu cử theo Nghị quyết số 57-NQ/TW giai đoạn 2026 - 2030"
    page = page_with(*HEAD, (35, 37, "Số: 05/KH-BNV"), (112, 37, "Hà Nội, ngày 05 tháng 9 năm 2026"),
                     (101, 54, "KẾ HOẠCH"), (78, 62, "Bầu cử theo Nghị quyết số 57-"), (104, 68, "NQ/TW"))
    assert read_fields([page])["subject"].value == "Bầu cử theo Nghị quyết số 57-NQ/TW"
