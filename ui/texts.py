"""What the window says, in the person's language: sentences by code, dates and numbers as an office writes them.

No Qt here, so that view models can speak too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from docclient.office.model import VIETNAM
from docclient.words import ErrorWords, Language, catalogue, has_words, phrase, words_of
from signing.errors import Trouble


@dataclass(frozen=True, slots=True)
class Texts:
    """Speaks one language. `texts("home.title")` is a phrase; blanks by name: `texts("home.count", n=3)`."""

    language: Language = Language.VIETNAMESE

    def __call__(self, code: str, **blanks: object) -> str:
        """The phrase of `code`. Raises KeyError for a code without words: the test suite finds those."""
        return phrase(code, self.language, **blanks)

    def known(self, code: str) -> bool:
        return has_words(code, self.language)

    def or_else(self, code: str, otherwise: str, **blanks: object) -> str:
        """The phrase of `code`, or `otherwise`: for codes that another office or program made up."""
        return phrase(code, self.language, **blanks) if has_words(code, self.language) else otherwise

    def sentences(self, code: str) -> str:
        """What, why and what to do of a code with three texts; empty for one without words."""
        words = catalogue(self.language).get(code)
        if isinstance(words, ErrorWords):
            return " ".join(part for part in (words.heading, words.explanation, words.advice) if part)
        return words or ""

    def trouble(self, error: BaseException) -> ErrorWords:
        """The three texts of any failure; a failure that is no Trouble is our own bug and says so."""
        return words_of(error if isinstance(error, Trouble) else Trouble(), self.language)

    def date(self, day: date | None) -> str:
        """`05/03/2026`, as registers write it (NĐ 30 Annex IV); empty for none."""
        return day.strftime("%d/%m/%Y") if day else ""

    def moment(self, when: datetime | None) -> str:
        """`05/03/2026 14:30` in Vietnam's time; empty for none. Raises ValueError for a naive time."""
        if when is None:
            return ""
        if when.tzinfo is None:
            raise ValueError("a time without zone")
        return when.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")

    def number(self, value: int) -> str:
        """Thousands set apart as the language does: `6.836` or `6,836`."""
        plain = f"{value:,}"
        return plain.replace(",", ".") if self.language is Language.VIETNAMESE else plain

    def size(self, octets: int) -> str:
        """A file's size in the unit a person thinks in: `2,1 MB`."""
        for unit, factor in (("MB", 1_000_000), ("kB", 1_000)):
            if octets >= factor:
                text = f"{octets / factor:.1f} {unit}"
                return text.replace(".", ",") if self.language is Language.VIETNAMESE else text
        return f"{octets} B"
