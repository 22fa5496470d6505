"""Names that seal and pen cut into: of several readings each syllable is taken from the one that has a name there.

What is mended so is never shown as certain. Names that are read alike, and rare ones that are written as Vietnamese is,
stay as they were read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from docclient.capture.fields.names import DOUBLE, SURNAMES
from docclient.capture.fields.slips import TONES, letters_of, plain

USUAL = frozenset("""
An Anh Ánh Ân Ấn Bách Bạch Bảo Bằng Bích Biên Bình Bộ Bội Bửu Cảnh Cao Cẩm Cẩn Cầu Châu Chi Chí Chiến Chinh Chính
Chung Chương Công Cúc Cương Cường Cửu Danh Dân Dần Diễm Diễn Diện Diệp Diệu Doanh Du Dung Duy Duyên Dũng Dương Dự Đan
Đài Đàn Đại Đàm Đạo Đạt Đăng Điền Điệp Đình Định Đoan Đoàn Đô Đông Đồng Đức Đường Gấm Gia Giang Giao Giáp Hà Hạ Hải
Hàm Hàn Hán Hạnh Hảo Hào Hân Hằng Hậu Hiên Hiến Hiền Hiển Hiệp Hiếu Hiệu Hinh Hòa Hoa Hoài Hoàn Hoàng Hoạt Hoằng Hồ
Hội Hồng Hợp Huân Huấn Huế Huệ Hùng Huy Huyên Huyền Huỳnh Hưng Hương Hường Hưởng Hướng Hữu Hỷ Khai Khải Khang Khanh
Khánh Khiêm Khoa Khoát Khôi Khuê Khương Kiên Kiều Kim Kỳ Kỷ Lam Lâm Lan Lành Lân Lập Lê Lệ Lễ Len Liêm Liên Liễu Linh
Loan Long Lộc Lợi Luân Luận Luật Lục Lụa Lực Lương Lượng Lưu Ly Lý Mai Mạnh Mẫn Mận Mậu Mến Mi Minh Mơ Mùi Mười My Mỹ
Nam Năm Nga Ngà Ngân Nghị Nghĩa Nghiêm Ngoan Ngọc Ngôn Nguyên Nguyệt Nhã Nhàn Nhạn Nhâm Nhân Nhẫn Nhật Nhi Nhiên Nho
Như Nhung Nhuận Nhựt Nương Oanh Phan Phát Phấn Phi Phong Phòng Phú Phúc Phụng Phước Phương Phượng Quang Quảng Quân Quế
Quốc Quy Quý Quyên Quyền Quyết Quỳnh Sa San Sang Sáng Sâm Sen Sinh Sĩ Sơn Song Sương Tài Tám Tâm Tân Tấn Thạch Thái
Thanh Thành Thao Thảo Thạnh Thắm Thắng Thăng Thân Thất Thế Thể Thi Thị Thiên Thiện Thiệp Thiệu Thịnh Thọ Thoa Thoại
Thoan Thông Thơ Thơm Thu Thuận Thục Thuần Thủy Thúy Thùy Thuyên Thuyết Thư Thương Thường Thượng Thức Thy Tiên Tiến
Tiền Tiệp Tiếp Tín Tính Tình Tịnh Toàn Toản Toán Tố Tới Trang Tráng Trâm Trân Trí Trinh Trình Trọng Trung Trúc Trực
Trường Trưởng Tú Tuân Tuấn Tuất Tuệ Tùng Tuyên Tuyền Tuyến Tuyết Tư Từ Tường Tưởng Tý Uy Uyên Út Ứng Vân Vàng Văn Vân
Vi Viên Viện Việt Vinh Vĩnh Vịnh Vọng Vũ Vui Vương Vượng Vỹ Vy Xoan Xuân Xuyên Xuyến Y Yên Yến Ý Ước
""".split())  # noqa: SIM905 - as a list of strings it would fill ten times the lines
"""Given and middle names that are met every day; written by hand, taken from no register."""

_LETTERS_OF_USUAL = frozenset(plain(syllable) for syllable in USUAL)
_SYLLABLE = re.compile(r"(ngh(?=[iey])|gh(?=[iey])|ng|nh|ch|gi|g|kh|k(?=[iey])|ph|qu|th|tr|c(?![iey])|[bdhlmnprstvx])?"
                       r"[aeiouy]{1,3}(ch|ng|nh|[cmnpt])?")
FARTHEST = 1.5

COMMON_SURNAMES = frozenset(("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
                             "Hồ", "Ngô", "Dương", "Lý"))
"""Those of nine in ten people: of two that are equally near, one of these is meant."""


def is_written_like_a_name(syllable: str) -> bool:
    """Capital, letters alone, built as a Vietnamese syllable is; or a name that is known."""
    return syllable in USUAL or syllable in SURNAMES or (
        syllable.isalpha() and syllable.istitle() and bool(_SYLLABLE.fullmatch(plain(syllable))))


def may_have_lost_a_mark(name: str) -> bool:
    """Is a syllable no usual one, but for another mark it would be (Mình, Báo)?"""
    return any(syllable not in USUAL and syllable not in SURNAMES and plain(syllable) in _LETTERS_OF_USUAL
               for syllable in name.split())


def mended_name(readings: Sequence[str]) -> str:
    """The name that the readings mean: the first, each of its syllables as those of equal length have it best."""
    parts = [_parts(reading) for reading in readings]
    alike = [syllables for syllables in parts if len(syllables) == len(parts[0])]
    return " ".join(_meant(tuple(same_place), first=place == 0)
                    for place, same_place in enumerate(zip(*alike, strict=True)))


def _parts(reading: str) -> list[str]:
    # "YQuang": the one letter that begins names in the Central Highlands is set close
    return re.sub(r"^([YAHK])(?=[A-ZĐ])", r"\1 ", reading).split()


@cache
def _meant(same_place: tuple[str, ...], *, first: bool) -> str:
    names = (SURNAMES | {part for double in DOUBLE for part in double.split()}) if first else USUAL | SURNAMES
    known = [syllable for syllable in same_place if syllable in names]
    if known:
        return max(known, key=known.count)
    read = set(same_place)
    rare = len(read) == 1 and is_written_like_a_name(same_place[0])
    if rare and not first:                  # but read alike
        return same_place[0]
    near = {name: sum(_apart(syllable, name) for syllable in read) / len(read) for name in names}
    least = min(near.values())
    nearest = [name for name, distance in near.items() if distance < least + 0.01]
    if first and (rare or len(nearest) > 1):
        nearest = [name for name in nearest if name in COMMON_SURNAMES]
    if len(nearest) > 1:                    # nothing speaks for a tone
        nearest = [name for name in nearest if not any(sign in TONES for sign in unicodedata.normalize("NFD", name))]
    farthest = 1.0 if rare else FARTHEST
    return nearest[0] if least <= farthest and len(nearest) == 1 else same_place[0]


def _apart(read: str, name: str) -> float:
    """How far the two are apart; a small letter at the beginning tells that the capital before it was lost."""
    whole = _distance(read, name)
    return min(whole, 0.5 + _distance(read, name[1:])) if read[:1].islower() and len(name) > 2 else whole


def _distance(read: str, name: str) -> float:
    """Letters to change; a mark, and a sign that stands for a letter, count half, a tone less."""
    if abs(len(read) - len(name)) > FARTHEST:
        return 9.0
    row = [float(at) for at in range(len(name) + 1)]
    for letter in read:
        beside, row[0] = row[0], row[0] + _weight(letter)
        for at, meant in enumerate(name, 1):
            change = beside + _change(letter, meant)
            beside = row[at]
            row[at] = min(change, row[at] + _weight(letter), row[at - 1] + 1)
    return row[-1]


def _weight(letter: str) -> float:
    return 1.0 if letter.isalpha() else 0.5


def _change(read: str, meant: str) -> float:
    if read == meant:
        return 0.0
    if not read.isalpha():
        return 0.5
    if plain(read) != plain(meant):
        return 1.0
    return 0.3 if letters_of(read) == letters_of(meant) else 0.5
