"""The issuing agency and its parent (box 2): names in capitals, one below the other."""

from __future__ import annotations

import re
from dataclasses import replace

from docclient.capture.fields import usual
from docclient.capture.fields.agreement import DISPUTED, Look, confirmed
from docclient.capture.fields.lines import Line, around, certainty_of
from docclient.capture.fields.model import UNREAD, Field
from docclient.capture.fields.slips import is_upper, plain

# First words of a body's name. A line that begins with one begins a body; any other line goes on with the one above.
BODIES = (
    "ủy ban", "uỷ ban", "ubnd", "hội đồng", "hđnd", "bộ", "tổng cục", "cục", "chi cục", "vụ", "sở", "ban", "phòng",
    "văn phòng", "thanh tra", "trung tâm", "trường", "đại học", "học viện", "viện", "bệnh viện", "trạm", "công an",
    "tòa án", "viện kiểm sát", "kho bạc", "ngân hàng", "bảo hiểm", "chi nhánh", "đảng ủy", "mặt trận", "liên đoàn",
    "hội", "đoàn", "tổng công ty", "công ty", "tập đoàn", "quỹ", "thành đoàn", "chính phủ", "quốc hội", "tỉnh ủy",
    "thành ủy", "kiểm toán", "thư viện", "bảo tàng", "nhà xuất bản", "ban quản lý", "hạt kiểm lâm", "thủ tướng",
    "chủ tịch", "đài", "báo", "tạp chí", "nhà", "đội", "tổ", "hợp tác xã", "quân khu", "bộ chỉ huy", "ban chỉ huy",
)
# ... unless the words there mean something else
NOT_BODIES = ("phòng chống", "phòng cháy", "phòng ngừa", "phòng thủ", "hội nhập", "ban hành", "báo chí", "vụ việc",
              "tổ chức", "quỹ đất", "đội ngũ", "hội và", "ban nhân dân", "đoàn kết", "hội chủ nghĩa")


_ASKS_MORE = re.compile(r"(\b(VÀ|XÃ|PHƯỜNG|ĐẶC KHU|TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|TRUNG HỌC CƠ|CỦA|CÁC)|[,\-–])\s*$")
_LOST_APOSTROPHE = re.compile(r"\bM[BCDGLN]", re.IGNORECASE)
_NGUYEN = re.compile(r"(?<!THÁI )(?<!TÂY )(?<!TÀI )(?<!CAO )(?<!BÌNH )(?<!TRUNG )\bNGUYÊN\b")


_SCHOOL_OF_NGUYEN = re.compile(
    r"(?<=CƠ SỞ )NGUYÊN(?= \w)|(?<=HỌC )NGUYÊN(?= \w)|(?<=THÔNG )NGUYÊN(?= \w)|(?<=NON )NGUYÊN(?= \w)")


def read_issuer(lines: list[Line], look: Look | None = None) -> Field:
    """The last body named in the left column: above it stands its parent (box 2)."""
    bodies = _bodies(lines)
    if not bodies:
        return UNREAD
    last = bodies[-1]
    words = [word for line in last for word in line.words if any(letter.isalnum() for letter in word.text)
             or word.certainty > 0.6]           # a dash hardly read is a speck
    name = _full_name(" ".join(word.text for word in words))
    factor = 1.0 if begins_body(name) else 0.6
    parents = tuple(clean_name(" ".join(line.text for line in body)) for body in bodies[:-1])
    read = Field(name, certainty_of(words) * factor, 1, around(word.box_mm for word in words), parents[::-1])
    return _whole(_with_nguyen(confirmed(read, words, look, _full_name)))


def _whole(name: Field) -> Field:
    """There is a people's committee in every commune: without its place the name was read in part. And M before a
    consonant (Cư M'gar) has lost its apostrophe."""
    if isinstance(name.value, str) and name.certainty < 1 and (
            plain(name.value) in ("uy ban nhan dan", "hoi dong nhan dan") or _LOST_APOSTROPHE.search(name.value)):
        return replace(name, certainty=min(name.certainty, DISPUTED))
    return name


def _with_nguyen(name: Field) -> Field:
    """Many schools bear the name of a Nguyễn, whose tilde the reader loses in capitals: without it the name is doubted,
    unless it is one of the places and things called so; a reading that has the tilde is taken."""
    if not isinstance(name.value, str) or name.certainty == 1 or not _NGUYEN.search(name.value.upper()):
        return name
    meant = next((other for other in name.alternatives if plain(other) == plain(name.value)
                  and "NGUYỄN" in other.upper()), None)
    if meant is not None:
        others = (name.value, *(other for other in name.alternatives if other != meant))
        return replace(name, value=meant, certainty=min(name.certainty, DISPUTED), alternatives=others)
    if _SCHOOL_OF_NGUYEN.search(name.value.upper()):
        value = _SCHOOL_OF_NGUYEN.sub("NGUYỄN", name.value.upper())
        return replace(name, value=value, certainty=min(name.certainty, DISPUTED),
                       alternatives=tuple(dict.fromkeys((name.value, *name.alternatives))))
    return replace(name, certainty=min(name.certainty, DISPUTED))


def _bodies(lines: list[Line]) -> list[list[Line]]:
    """The lines of capitals, those of one body together, from top to bottom."""
    bodies: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.top):
        if not is_upper(line.text) or sum(letter.isalpha() for letter in line.text) < 2:
            continue
        if not bodies or (begins_body(line.text) and not _goes_on(bodies[-1][-1].text)):
            bodies.append([line])
        else:
            bodies[-1].append(line)
    return bodies


def read_parent(lines: list[Line], look: Look | None = None) -> Field:
    """The body right above the issuing one (box 2), where one is named."""
    bodies = _bodies(lines)
    if len(bodies) < 2:
        return UNREAD
    words = [word for line in bodies[-2] for word in line.words]
    name = _full_name(" ".join(word.text for word in words))
    if not name:
        return UNREAD
    factor = 1.0 if begins_body(name) else 0.6
    read = Field(name, certainty_of(words) * factor, 1, around(word.box_mm for word in words))
    return _whole(_with_nguyen(confirmed(read, words, look, _full_name)))


def begins_body(text: str) -> bool:
    bare = f"{plain(text)} "
    if len(bare.split()) < 2:           # one syllable left over from the line above ("… TRẬT TỰ XÃ / HỘI")
        return False
    return (any(bare.startswith(f"{plain(body)} ") for body in BODIES)
            and not any(bare.startswith(f"{plain(other)} ") for other in NOT_BODIES))


def _goes_on(text: str) -> bool:
    """Does a name's line ask for more: it ends with "và", a comma or a dash, the kind of a place, or in the middle of
    "trung học cơ sở"?"""
    return bool(_ASKS_MORE.search(text.upper()))


def _full_name(text: str) -> str:
    return usual.body(clean_name(text))


def clean_name(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"(^[^\w(]+|[^\w)]+$)", "", text.replace("|", " ").replace("_", " "))).strip()
