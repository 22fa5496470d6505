"""Text as it is searched: without case and marks, đ included (SQLite's and PostgreSQL's own folding miss it).

Both databases are given words that were folded and cut here, when a document is put into the index and when somebody
asks: neither database's own idea of a word, a number or a hyphen has a say, so `15/QĐ-UBND` is found as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_WORD = 60
"""Letters of a word that are kept: what is longer is no word of any language, and PostgreSQL takes 2 KB at most."""

MOST_PARTS = 24
"""Parts of one question that are looked at; a pasted page would be thousands."""

_PARTS = re.compile(r'(-?)"([^"]*)"?|(\S+)')


def fold(text: str) -> str:
    """`Quyết định số 05/QĐ-UBND` → `quyet dinh so 05/qd-ubnd`."""
    return " ".join(plain(text).split())


class _Letters(dict[int, str | None]):
    """What becomes of each letter, found once: str.translate is many times faster than going through a text here."""

    def __init__(self, becomes: Callable[[str], str | None]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str | None:
        found = self[code] = self._becomes(chr(code))
        return found


_WITHOUT_MARKS = _Letters(lambda c: None if unicodedata.combining(c) else "d" if c == "đ" else c)
_PARTED = _Letters(lambda c: c if c.isalnum() else " ")


def plain(text: str) -> str:
    """Without case and marks, spaces as they are."""
    return unicodedata.normalize("NFD", text.casefold()).translate(_WITHOUT_MARKS)


def words_of(text: str) -> list[str]:
    """The words to be found, folded, in order: whatever is neither a letter nor a digit parts them."""
    return [word[:LONGEST_WORD] for word in plain(text).translate(_PARTED).split()]


def has_marks(text: str) -> bool:
    """Whether marks were typed: then a text that has them too is meant before one that has not."""
    lowered = unicodedata.normalize("NFC", text).casefold()
    return plain(lowered) != lowered


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow each other. prefix: the last one may go on (it is still being typed)."""

    words: tuple[str, ...]
    prefix: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search line asks for. wanted: all of these; refused: none of these. marked: the wanted parts in which
    marks were typed, as they stand in a text (NFC, lower case)."""

    wanted: tuple[Phrase, ...]
    refused: tuple[Phrase, ...]
    marked: tuple[str, ...]

    @property
    def nothing(self) -> bool:
        return not self.wanted and not self.refused

    @classmethod
    def of(cls, text: str) -> Asked:
        """Any text is a question: quotes hold words together, a minus before a word refuses it, a number with its
        symbol (`15/qd`) is one phrase, the last word may be unfinished."""
        wanted: list[Phrase] = []
        refused: list[Phrase] = []
        marked: list[str] = []
        parts = list(_PARTS.finditer(text))[:MOST_PARTS]
        for place, part in enumerate(parts):
            minus, quoted, single = part.groups()
            said = quoted if single is None else single
            if single is not None and len(single) > 1 and single[0] == "-" and single[1].isalnum():
                minus, said = "-", single[1:]
            words = tuple(words_of(said))
            if not words:
                continue
            if minus:
                refused.append(Phrase(words, prefix=False))
                continue
            numbered = single is not None and len(words) > 1
            wanted.append(Phrase(words, prefix=single is not None and (numbered or place == len(parts) - 1)))
            if has_marks(said):
                marked.append(" ".join(unicodedata.normalize("NFC", said).casefold().split()))
        return cls(tuple(wanted), tuple(refused), tuple(marked))
