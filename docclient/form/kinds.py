"""The 29 types of administrative documents with their abbreviations (NĐ 30/2020, Article 7 and Annex III)."""

from __future__ import annotations

import re
import unicodedata

from signing.layout_parts import folded

OFFICIAL_LETTER = "Công văn"
PUBLIC_LETTER = "Thư công"

TYPES: dict[str, str | None] = {
    "Nghị quyết": "NQ", "Quyết định": "QĐ", "Chỉ thị": "CT", "Quy chế": "QC", "Quy định": "QyĐ", "Thông cáo": "TC",
    "Thông báo": "TB", "Hướng dẫn": "HD", "Chương trình": "CTr", "Kế hoạch": "KH", "Phương án": "PA", "Đề án": "ĐA",
    "Dự án": "DA", "Báo cáo": "BC", "Biên bản": "BB", "Tờ trình": "TTr", "Hợp đồng": "HĐ", OFFICIAL_LETTER: None,
    "Công điện": "CĐ", "Bản ghi nhớ": "BGN", "Bản thỏa thuận": "BTT", "Giấy ủy quyền": "GUQ", "Giấy mời": "GM",
    "Giấy giới thiệu": "GGT", "Giấy nghỉ phép": "GNP", "Phiếu gửi": "PG", "Phiếu chuyển": "PC", "Phiếu báo": "PB",
    PUBLIC_LETTER: None,
}
ABBREVIATIONS = frozenset(code for code in TYPES.values() if code)

WITH_BASES = frozenset({"Nghị quyết", "Quyết định"})
"""Types that name the laws they rest on before anything else (samples 1.1 to 1.3 of Annex III)."""

WITHOUT_RECIPIENTS = frozenset({"Hợp đồng", "Bản ghi nhớ", "Bản thỏa thuận", PUBLIC_LETTER})
"""Signed by two sides, or written to one person."""

SEVERAL_SIGNERS = frozenset({"Biên bản", "Hợp đồng", "Bản ghi nhớ", "Bản thỏa thuận"})
"""Those who sign are not one competent person with an authority (sample 1.9)."""

WITHOUT_NUMBER = frozenset({PUBLIC_LETTER})

_PLAIN = {folded(name): name for name in TYPES}
# old places of the tone mark, still typed everywhere
_PLAIN_EXACT = {unicodedata.normalize("NFC", name).lower(): name for name in TYPES}


def type_of_title(text: str) -> str | None:
    """The type whose name a whole line is, case and marks aside."""
    bare = re.sub(r"\s+", " ", text).strip(" :.*")
    return _PLAIN_EXACT.get(bare.lower()) or _PLAIN.get(folded(bare))
