"""Search without marks: `đ` included, for lists small enough to be searched where they are shown."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """Lower case without marks: `Ủy ban Đống Đa` → `uy ban dong da`."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def holds(text: str, typed: str) -> bool:
    """Whether each typed word occurs. Marks count where they were typed: `dinh` finds `định`, `định` not `dinh`."""
    there = unicodedata.normalize("NFC", text).casefold()
    folded = fold(text)
    return all(
        word in (folded if word == fold(word) else there)
        for word in unicodedata.normalize("NFC", typed).casefold().split()
    )
