"""Roman numerals in running text: "Khu vực XIII", "quý III". Two strokes beside each other are taken for an H."""

from __future__ import annotations

import re

_VALUE = re.compile(r"X{0,3}(IX|IV|V?I{0,3})")
_STROKES = re.compile(r"(?<![\w-])[IVXH]*H[IVXH]*(?![\w-])")
_ASKED_FOR = re.compile(r"(vực|quý|khóa|khoá|kỳ|lần|phần|chương|hạng|loại|cấp|thứ|mục|lớp|đội|vùng)\W{0,2}\s*$",
                        re.IGNORECASE)
"""After these a numeral may be as short as two strokes; elsewhere "HI" may be anything."""


def mended_numerals(said: str) -> str:
    """The text with H as the two strokes it is, where that makes a numeral."""
    def numeral(found: re.Match[str]) -> str:
        meant = found[0].replace("H", "II")
        enough = len(found[0]) > 2 or bool(_ASKED_FOR.search(said[:found.start()]))
        return meant if enough and _VALUE.fullmatch(meant) else found[0]
    return _STROKES.sub(numeral, said)


def is_numeral(token: str) -> bool:
    return bool(token) and bool(_VALUE.fullmatch(token))


def is_like_numeral(token: str) -> bool:
    """A numeral, or one with strokes taken for other letters."""
    return bool(re.fullmatch(r"[IVXHNLlỊÌÍ]{2,}", token))
