"""Words that the reader gets wrong in the same way however often it is asked: no agreement makes them certain."""

from __future__ import annotations

import re

from docclient.capture.fields.slips import plain

_NUMERAL = re.compile(r"^\W*[IVXLHl1]*(?:II|IH|HI|IV|VI|XI|XV|IX|ll|11)[IVXLHl]*\W*$")
"""Roman numerals of some length: II and III, XIII and XIH look alike to it."""

_AFTER_CHI = frozenset(("đạo", "thị", "huy", "số", "tiêu", "dẫn", "đường", "định", "tịch", "rõ", "có", "được"))
"""What follows "chỉ". It puts the hook on "chi" of its own accord ("thu, chi ngân sách")."""

_LOST_HOOK = frozenset(("kiếm", "tống", "cống"))
"""Seldom meant, but for "tìm kiếm": kiểm, tổng, cổng stand in every office's letters; worn hooks look like acutes."""

_BROKEN_DATE = re.compile(r"\b(năm|tháng|ngày|quý)[:;.,]\s*\d", re.IGNORECASE)

_STRAY = re.compile(r"[`|~^*=<>{}\\_¬]|;\s*[-–—]")
"""Dust read as signs."""

_SYLLABLE = re.compile(
    r"^(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(ch|ng|nh|[cmnpt])?$")


def bare_of(word: str) -> str:
    return word.strip(".,;:()\"'“”-–/")


def may_have_lost_strokes(text: str) -> bool:
    """Is there a numeral that could have more strokes (XI, but not XIII)? In the small print of lists they are lost to
    all eyes."""
    return any(_NUMERAL.match(word) and not bare_of(word).endswith("III") for word in text.split())


def is_shaky(text: str, *, agreed: bool = False) -> bool:
    """Does the text hold such a word, or one that is no syllable (two run together, a letter lost)? agreed: other eyes
    read the same: for numerals that is enough."""
    if _BROKEN_DATE.search(text) or _STRAY.search(text):
        return True
    words = text.split()
    for at, word in enumerate(words):
        if not agreed and _NUMERAL.match(word):
            return True
        bare = bare_of(word)
        before = bare_of(words[at - 1]).lower() if at else ""
        after = words[at + 1].strip(".,;:()").lower() if at + 1 < len(words) else ""
        if (bare.lower() == "chỉ" and after not in _AFTER_CHI) or (
                bare.lower() in _LOST_HOOK and before != "tìm"):
            return True
        if bare.isalpha() and bare.islower() and not _SYLLABLE.match(plain(bare)):
            return True
    return False
