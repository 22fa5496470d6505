"""First syllables of people's names in Vietnam: they raise the certainty of a name, and tell which marks it lost."""

from __future__ import annotations

from docclient.capture.fields.slips import plain

SURNAMES = frozenset((
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đào", "Đoàn", "Vương", "Trịnh", "Trương", "Đinh", "Lâm", "Phùng", "Mai", "Tô", "Hà", "Tạ", "Lương", "Tống",
    "Thái", "Cao", "Châu", "Chu", "Lại", "La", "Quách", "Kiều", "Thân", "Tăng", "Văn", "Bạch", "Lục", "Khổng", "Từ",
    "Triệu", "Viên", "Nông", "Vi", "Lò", "Quàng", "Cầm", "Hứa", "Hờ", "Giàng", "Vàng", "Sùng", "Thào", "Lầu", "Ma",
    "Tòng", "Lường", "Hoa", "Ông", "Nghiêm", "Mạc", "Đàm", "Đồng", "Doãn", "Giang", "Hán", "Kim", "Khuất", "Lưu",
    "Ninh", "Phí", "Quản", "Tôn", "Trang", "Ung", "Vòng", "Y", "A", "K", "H", "Bế", "Chẩu", "Điêu", "Hạ", "Khương",
    "Lữ", "Mã", "Âu", "Bành", "Biện", "Cù", "Cung", "Diệp", "Đậu", "Điền", "Hình", "Kha", "Thạch", "Sơn", "Danh",
    "Rơ", "Siu", "Ksor", "Nay", "Hồng", "Tiêu", "Mẫn", "Nhữ", "Thiều", "Thẩm", "Trình", "Ứng", "Văng", "Xa", "Lã",
))
_BY_LETTERS: dict[str, list[str]] = {}
for _name in SURNAMES:
    _BY_LETTERS.setdefault(plain(_name), []).append(_name)


DOUBLE = frozenset(("Rơ Châm", "Rơ Mah", "Rơ Lan", "Rơ Ô", "Rah Lan", "Tôn Nữ", "Tôn Thất", "Công Tằng"))
"""Surnames of two syllables: alone they are no name."""
for _name in DOUBLE:
    _BY_LETTERS.setdefault(plain(_name), []).append(_name)


def is_surname_alone(name: str) -> bool:
    return any(plain(name) == plain(double) for double in DOUBLE)


def parted(name: str) -> tuple[str, str]:
    """Surname and the rest of a name."""
    syllables = name.split()
    count = 2 if len(syllables) > 2 and is_surname_alone(" ".join(syllables[:2])) else 1
    return " ".join(syllables[:count]), " ".join(syllables[count:])


def surname(read: str) -> str | None:
    """The surname that `read` is, or is but for its marks where only one such is known; None where there is none."""
    if read in SURNAMES or read in DOUBLE:
        return read
    alike = _BY_LETTERS.get(plain(read), [])
    return alike[0] if len(alike) == 1 else None
