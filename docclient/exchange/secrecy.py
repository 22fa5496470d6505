"""Packets that carry a secrecy level (độ mật): they must not travel this way, and the office must refuse them.

QCVN 102:2016 leaves secret documents out; the older format had a field for the level, and some systems write one still.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from docclient.secrecy_words import bears_secrecy_mark

FIELDS = frozenset({
    "secret", "secretlevel", "secrecy", "secrecylevel", "security", "securitylevel", "securelevel", "confidential",
    "confidentiality", "confidentiallevel", "confidentialitylevel", "classification", "classificationlevel", "domat",
    "mucdomat", "madomat", "tendomat", "capdomat",
})
"""Names of elements and attributes that hold a level, case folded, without separators."""

TITLES = frozenset({"subject", "content", "attachmentname"})
"""Elements in whose words a mark may stand apart from the sentence."""

_NO_LEVEL = frozenset({"", "0", "00", "-1", "false", "no", "none", "null", "nil", "n/a", "normal", "public",
                       "unclassified", "thuong", "binh thuong", "khong", "khong mat", "khong co", "cong khai"})
_LEVELS = frozenset({"mật", "tối mật", "tuyệt mật", "toi mat", "tuyet mat"})
_LABEL = re.compile(r"^(độ mật|mức độ mật|do mat|muc do mat)\s*[:=-]?\s*")


def is_level(field: str, value: str) -> bool:
    """Whether an element of this local name and text declares a secrecy level.

    Either the field is one for secrecy and says anything but "none", or another field says nothing but a level's name,
    or a title bears a mark apart from its sentence.
    """
    text = unicodedata.normalize("NFC", value).strip().casefold()
    bare = _LABEL.sub("", text).strip(" .,;:()[]\"'“”")
    name = re.sub(r"[\W_]", "", field.casefold())
    if name in FIELDS:
        return _without_marks(bare) not in _NO_LEVEL
    return bare in _LEVELS or (name in TITLES and bears_secrecy_mark(value))


def levels(texts: Iterable[tuple[str, str]]) -> list[str]:
    """The names of the fields that declare a level, each once, in order."""
    return list(dict.fromkeys(field for field, value in texts if is_level(field, value)))


def _without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))
