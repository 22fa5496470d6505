"""Which subjects say of themselves that they are secret, and which only speak of such things."""

from __future__ import annotations

import unicodedata

import pytest

from docclient.secrecy_words import bears_secrecy_mark, name_bears_secrecy_mark

MARKED = (
    "MẬT", "Mật", "[TỐI MẬT]", "Tuyệt mật", "(Mật) V/v phương án phòng thủ", "[MẬT] Kế hoạch diễn tập",
    "Kế hoạch diễn tập (TỐI MẬT)", "Kế hoạch diễn tập (mật)", "MẬT: Kế hoạch diễn tập", "Mật - Kế hoạch diễn tập",
    "TUYỆT MẬT – Phương án tác chiến", "Kế hoạch diễn tập - MẬT", "Kế hoạch diễn tập – Tối mật",
    "Kế hoạch diễn tập. Độ mật: Mật", "Mức độ mật: TỐI MẬT. Kế hoạch", "(Độ mật: Tuyệt mật)", "MẬT Kế hoạch diễn tập",
    "TỐI MẬT V/v phương án", "MẬT\nKế hoạch diễn tập", "Kế hoạch (Khẩn, Mật)", "Kế hoạch (MẬT - KHẨN)",
    "[TOI MAT] Ke hoach dien tap", "TUYET MAT: phuong an", "M\u200bẬT: Kế hoạch",
)
INNOCENT = (
    "V/v bảo đảm bảo mật thông tin", "BẢO MẬT THÔNG TIN", "Công tác bảo mật", "Mật độ dân số xã Tân Hiệp",
    "MẬT ĐỘ DÂN SỐ XÃ TÂN HIỆP", "MẬT ĐỘ dân số", "Công tác bảo vệ bí mật nhà nước", "V/v giải mật tài liệu lưu trữ",
    "Ban hành Danh mục bí mật nhà nước độ Tuyệt mật, Tối mật của ngành", "Mật ong rừng", "Đổi mật khẩu thư công vụ",
    "MẬT KHẨU thư công vụ", "Nuôi ong lấy mật", "Phát triển nghề nuôi ong (mật ong)", "Sản xuất đường - mật",
    "Tập huấn nhận biết dấu MẬT, TỐI MẬT", "Độ mật: không", "Độ mật: Thường", "Nông sản (đường, mật)", "Túi mật",
    "Bảo hiểm mắt - mat", "Kế hoạch mua sắm (khẩn)", "", "Tuyệt mật là gì?", "Hội thảo: mật mã học", "Mật mã học",
)


@pytest.mark.parametrize("subject", MARKED)
def test_a_level_that_stands_apart_is_a_mark(subject: str):
    assert bears_secrecy_mark(subject)
    assert bears_secrecy_mark(unicodedata.normalize("NFD", subject))


@pytest.mark.parametrize("subject", INNOCENT)
def test_the_same_letters_within_a_sentence_are_words(subject: str):
    assert not bears_secrecy_mark(subject)


def test_a_file_is_looked_at_by_its_name_without_the_ending():
    assert name_bears_secrecy_mark("MẬT.pdf") and name_bears_secrecy_mark("Kế hoạch (MẬT).docx")
    assert name_bears_secrecy_mark("MẬT_ke hoach.pdf")
    assert not name_bears_secrecy_mark("bao-mat.pdf") and not name_bears_secrecy_mark("mật-ong.pdf")
