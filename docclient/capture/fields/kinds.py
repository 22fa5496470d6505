"""The 29 types of administrative documents and their abbreviations (Decree 30/2020, Article 7 and Annex III), and the
normative types that arrive beside them."""

from __future__ import annotations

import re

from docclient.capture.fields.slips import likeness, plain

OFFICIAL_LETTER = "Công văn"

ADMINISTRATIVE = {
    "Nghị quyết": "NQ", "Quyết định": "QĐ", "Chỉ thị": "CT", "Quy chế": "QC", "Quy định": "QyĐ", "Thông cáo": "TC",
    "Thông báo": "TB", "Hướng dẫn": "HD", "Chương trình": "CTr", "Kế hoạch": "KH", "Phương án": "PA", "Đề án": "ĐA",
    "Dự án": "DA", "Báo cáo": "BC", "Biên bản": "BB", "Tờ trình": "TTr", "Hợp đồng": "HĐ", OFFICIAL_LETTER: None,
    "Công điện": "CĐ", "Bản ghi nhớ": "BGN", "Bản thỏa thuận": "BTT", "Giấy ủy quyền": "GUQ", "Giấy mời": "GM",
    "Giấy giới thiệu": "GGT", "Giấy nghỉ phép": "GNP", "Phiếu gửi": "PG", "Phiếu chuyển": "PC", "Phiếu báo": "PB",
    "Thư công": None,
}
NORMATIVE = {"Luật": "L", "Pháp lệnh": "PL", "Lệnh": "L", "Nghị định": "NĐ", "Thông tư": "TT",
             "Thông tư liên tịch": "TTLT"}
ALL = {**ADMINISTRATIVE, **NORMATIVE}
BY_CODE = {code: name for name, code in reversed(ALL.items()) if code is not None and code != "L"}
COPIES = {"SY": "Sao y", "TrS": "Trích sao", "SL": "Sao lục"}


def of_title(text: str) -> tuple[str, float] | None:
    """The type whose name a line of capitals is, and how alike the two are (1 for the very letters)."""
    best = max(ALL, key=lambda name: _alike(text, name))
    alike = _alike(text, best)
    # short names must match better: one wrong letter of "Dự án" makes "Đề án"
    return (best, alike) if alike >= (0.8 if len(best) > 6 else 0.86) else None


def _alike(text: str, name: str) -> float:
    """Without marks mostly; marks decide between names that differ in nothing else."""
    bare = likeness(text, name)
    if bare < 0.7:
        return bare
    with_marks = sum(a == b for a, b in zip(text.upper(), name.upper(), strict=False)) / max(len(text), len(name))
    return 0.9 * bare + 0.1 * with_marks


def code_of_notation(notation: str) -> str | None:
    """The type's abbreviation a symbol begins with ("QĐ" of "QĐ-UBND" and of "2026/QĐ-UBND"); None for a letter's."""
    for group in notation.replace("/", "-").split("-")[:2]:
        if group in BY_CODE:
            return group
    return None


def repaired_code(group: str) -> str | None:
    """The abbreviation that a group of a symbol is, but for Đ read as D or a letter's case; None when it is one."""
    if group in BY_CODE:
        return None
    group = re.sub(r"(.)\1+", r"\1", group)             # the reader sometimes says a letter twice
    if group in BY_CODE:
        return group
    # the small r stands in two abbreviations alone; the T before it is often taken for an I
    straight = re.sub(r"[Il1|](?=r$)", "T", group)
    alike = [code for code in BY_CODE if plain(code) == plain(straight)]
    return alike[0] if len(alike) == 1 else None
