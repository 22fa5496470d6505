"""Words that stand on nearly every letter, with their marks: a reader loses a dot or a hook, never the whole word.

Used for names of positions, places and bodies (of the sender and of those who receive); a number, a symbol or a date is
never changed by a list. Of a subject and of a person's name see `phrases` and `name_syllables`: what they put right is
never shown as sure.
Sources: Decree 30/2020, Article 13; Decree 150/2025 and Decree 45/2025 (provincial departments, commune units).
"""

from __future__ import annotations

import re

from docclient.capture.fields.slips import plain

POSITIONS = (
    "CHỦ TỊCH", "PHÓ CHỦ TỊCH", "GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "TỔNG GIÁM ĐỐC", "PHÓ TỔNG GIÁM ĐỐC", "BỘ TRƯỞNG",
    "THỨ TRƯỞNG", "CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG", "TỔNG CỤC TRƯỞNG", "CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG",
    "VỤ TRƯỞNG", "PHÓ VỤ TRƯỞNG", "VIỆN TRƯỞNG", "PHÓ VIỆN TRƯỞNG", "HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG", "HIỆU PHÓ",
    "TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN", "CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG",
    "CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA", "CHÁNH ÁN", "PHÓ CHÁNH ÁN", "TRƯỞNG CÔNG AN", "TRƯỞNG CÔNG AN XÃ",
    "PHÓ TRƯỞNG CÔNG AN XÃ", "TRƯỞNG CÔNG AN PHƯỜNG", "PHÓ TRƯỞNG CÔNG AN PHƯỜNG", "CHỦ TỌA", "THƯ KÝ", "BÍ THƯ",
    "PHÓ BÍ THƯ", "CHỦ NHIỆM", "PHÓ CHỦ NHIỆM", "THỦ TƯỚNG", "PHÓ THỦ TƯỚNG", "CHỈ HUY TRƯỞNG", "TRƯỞNG TRẠM",
    "TRƯỞNG PHÒNG KINH TẾ", "TRƯỞNG PHÒNG VĂN HÓA - XÃ HỘI", "ĐỘI TRƯỞNG", "PHÓ ĐỘI TRƯỞNG", "TỔ TRƯỞNG",
)
BODIES = (
    "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "SỞ TÀI CHÍNH", "SỞ XÂY DỰNG", "SỞ NỘI VỤ",
    "SỞ GIÁO DỤC VÀ ĐÀO TẠO", "SỞ Y TẾ", "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "SỞ CÔNG THƯƠNG",
    "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
    "SỞ VĂN HÓA VÀ THỂ THAO", "SỞ DU LỊCH", "SỞ TƯ PHÁP", "SỞ NGOẠI VỤ", "SỞ DÂN TỘC VÀ TÔN GIÁO", "THANH TRA TỈNH",
    "THANH TRA THÀNH PHỐ", "VĂN PHÒNG ỦY BAN NHÂN DÂN", "VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN VÀ ỦY BAN NHÂN DÂN",
    "PHÒNG KINH TẾ",
    "PHÒNG VĂN HÓA - XÃ HỘI", "PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "BỘ NỘI VỤ",
    "BỘ TÀI CHÍNH", "BỘ Y TẾ", "BỘ XÂY DỰNG", "BỘ TƯ PHÁP", "BỘ CÔNG AN", "BỘ QUỐC PHÒNG", "BỘ NGOẠI GIAO",
    "BỘ CÔNG THƯƠNG", "BỘ KHOA HỌC VÀ CÔNG NGHỆ", "BỘ GIÁO DỤC VÀ ĐÀO TẠO", "BỘ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",
    "BỘ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "BỘ DÂN TỘC VÀ TÔN GIÁO", "CÔNG AN", "BAN CHỈ HUY QUÂN SỰ", "BỘ CHỈ HUY QUÂN SỰ",
)
PROVINCES = (
    "TỈNH AN GIANG", "TỈNH BẮC NINH", "TỈNH CÀ MAU", "TỈNH CAO BẰNG", "TỈNH ĐẮK LẮK", "TỈNH ĐIỆN BIÊN", "TỈNH ĐỒNG NAI",
    "TỈNH ĐỒNG THÁP", "TỈNH GIA LAI", "TỈNH HÀ TĨNH", "TỈNH HƯNG YÊN", "TỈNH KHÁNH HÒA", "TỈNH LAI CHÂU",
    "TỈNH LẠNG SƠN", "TỈNH LÀO CAI", "TỈNH LÂM ĐỒNG", "TỈNH NGHỆ AN", "TỈNH NINH BÌNH", "TỈNH PHÚ THỌ",
    "TỈNH QUẢNG NGÃI", "TỈNH QUẢNG NINH", "TỈNH QUẢNG TRỊ", "TỈNH SƠN LA", "TỈNH TÂY NINH", "TỈNH THÁI NGUYÊN",
    "TỈNH THANH HÓA", "TỈNH TUYÊN QUANG", "TỈNH VĨNH LONG", "THÀNH PHỐ CẦN THƠ", "THÀNH PHỐ ĐÀ NẴNG",
    "THÀNH PHỐ HÀ NỘI", "THÀNH PHỐ HẢI PHÒNG", "THÀNH PHỐ HỒ CHÍ MINH", "THÀNH PHỐ HUẾ",
)
"""The 34 of Resolution 202/2025/QH15."""

RECEIVERS = (
    "Cổng thông tin điện tử", "Trang thông tin điện tử", "tổ dân phố", "Ban Tuyên giáo", "Dân vận", "Ủy ban nhân dân",
    "Hội đồng nhân dân", "Thường trực Đảng ủy", "Thường trực Tỉnh ủy", "Văn phòng Đảng ủy", "Văn phòng Chính phủ",
    "Mặt trận Tổ quốc", "Ủy ban Mặt trận", "Như trên", "Như Điều", "Lãnh đạo", "Công báo",
)
"""Bodies and places that stand in nearly every list of recipients, written as there."""

_PROVINCE_NAMES = {plain(name): name
                   for name in (re.sub(r"^(TỈNH|THÀNH PHỐ) ", "", full).title() for full in PROVINCES)}
_MARKED_RECEIVERS = {plain(name): name for name in RECEIVERS}
_PROVINCES_BY_LETTERS = {plain(name).replace(" ", ""): name for name in PROVINCES}
_MARKED_POSITIONS = {plain(name).replace(" ", ""): name for name in POSITIONS}
_MARKED_BODIES = {plain(name): name for name in BODIES}


def position(said: str) -> tuple[str, bool]:
    """The position with its marks, and whether it is a usual one."""
    usual = _MARKED_POSITIONS.get(plain(said).replace(" ", ""))
    return (usual, True) if usual is not None else (said, False)


def province_name(said: str) -> str:
    """A province's name as a place ("Vĩnh Long") with its marks; any other name as it is."""
    return _PROVINCE_NAMES.get(plain(said), said)


def receiver(said: str) -> str:
    """An entry of the list of recipients with the marks of its usual words; capitals stay as they were read."""
    parts = said.split(" ")
    for start in range(len(parts)):
        for length in range(min(5, len(parts) - start), 1, -1):
            some = " ".join(parts[start:start + length])
            usual = _MARKED_RECEIVERS.get(plain(some))
            if usual is not None and len(usual) == len(some) and some != usual and some.casefold() != usual.casefold():
                parts[start:start + length] = (some[0] + usual[1:] if some[0].isascii() else usual).split(" ")
    return " ".join(parts)


def body(said: str) -> str:
    """The body's name with the marks of its usual words: "SỞ VĂN HÓA, THẾ THAO VÀ DU LỊCH" has lost a hook."""
    # no syllable goes on after these: a space was lost
    said = re.sub(r"(?<=\w)(?=M['’][A-Z])", " ", said)              # Cư M'gar
    return _begun(_of_province(re.sub(r"\b(TỈNH|PHƯỜNG|NHÂN|THÀNH)(?=[A-ZĐ])", r"\1 ", said)))


def _of_province(said: str) -> str:
    """With the marks of the province it ends with, and with the spaces in its name."""
    parts = said.split()
    for length in range(2, min(len(parts), 6) + 1):
        province = _PROVINCES_BY_LETTERS.get(plain(" ".join(parts[-length:])).replace(" ", ""))
        if province is not None:
            return " ".join((*parts[:-length], province))
    return said


def _begun(said: str) -> str:
    parts = said.split()
    for length in range(min(len(parts), 11), 1, -1):
        usual = _MARKED_BODIES.get(plain(" ".join(parts[:length])))
        if usual is not None and len(usual.split()) == length:
            return " ".join((usual, *parts[length:]))
    return said
