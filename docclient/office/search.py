"""Text as it is searched: without case and marks, đ included (SQLite's and PostgreSQL's own folding miss it)."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """`Quyết định số 05/QĐ-UBND` → `quyet dinh so 05/qd-ubnd`."""
    plain = "".join(c for c in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.replace("đ", "d").split())
