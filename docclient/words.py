"""The words a person reads: whole sentences by code, in Vietnamese and English.

Each file `resources/words/<language>/<area>.toml` holds tables of sentences; a table and key make the code:

    [packet]
    not_xml = { heading = "…", explanation = "… {file} …", advice = "…" }     # an error: three texts
    [state]
    registered = "Đã vào sổ"                                                   # a plain phrase

Blanks are named (`{file}`) and filled from an error's facts. A code without words is a fault the test suite finds.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from string import Formatter

from signing.errors import Trouble


class Language(StrEnum):
    VIETNAMESE = "vi"
    ENGLISH = "en"


REASONS = ("os_error", "timestamp_failure")
"""Tables whose keys stand as facts in errors, for a sentence to take the words."""


@dataclass(frozen=True, slots=True)
class ErrorWords:
    """heading: what happened, in one short sentence; explanation: why, as far as known; advice: what to do next."""

    heading: str
    explanation: str
    advice: str

    @property
    def sentence(self) -> str:
        """Heading and explanation as one line, for a terminal or a notice."""
        return f"{self.heading} {self.explanation}".strip()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A fact that is itself words: the plain phrase of `code`, said in the language of the sentence it fills. facts:
    what fills the phrase's own blanks."""

    code: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """As it is written down where no reader is known yet."""
        return phrase(self.code, Language.VIETNAMESE, **self.facts)


@dataclass(frozen=True, slots=True)
class Phrases:
    """A fact that is several phrases, one after the other."""

    parts: tuple[Phrase, ...]

    def __str__(self) -> str:
        return " ".join(str(part) for part in self.parts)


@cache
def catalogue(language: Language) -> Mapping[str, str | ErrorWords]:
    """Every code of one language. Raises ValueError when two files give the same code."""
    found: dict[str, str | ErrorWords] = {}
    folder = resources.files("resources") / "words" / language.value
    for file in sorted(folder.iterdir(), key=lambda f: f.name):
        if not file.name.endswith(".toml"):
            continue
        for table, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for key, text in entries.items():
                code = f"{table}.{key}"
                if code in found:
                    raise ValueError(f"{code} has words in two files; the second is {file.name}")
                found[code] = ErrorWords(**text) if isinstance(text, dict) else text
    return found


def phrase(code: str, language: Language = Language.VIETNAMESE, **blanks: object) -> str:
    """The plain phrase of `code`. Raises KeyError for a code without words."""
    text = catalogue(language)[code]
    if isinstance(text, ErrorWords):
        return fill(text.heading, blanks)
    return fill(text, blanks)


def has_words(code: str, language: Language = Language.VIETNAMESE) -> bool:
    return code in catalogue(language)


def words_of(trouble: Trouble, language: Language = Language.VIETNAMESE) -> ErrorWords:
    """The three texts of a trouble, its facts filled in; the bug text for a code that has none."""
    return words_of_code(trouble.code, trouble.facts, language)


def words_of_code(code: str, told: Mapping[str, object], language: Language = Language.VIETNAMESE) -> ErrorWords:
    """The same for a trouble of which only code and facts were kept."""
    text = catalogue(language).get(code)
    if not isinstance(text, ErrorWords):
        text = catalogue(language)["bug.unexpected"]
        assert isinstance(text, ErrorWords)
    facts = {name: said(fact, language) for name, fact in told.items()}
    return ErrorWords(fill(text.heading, facts), fill(text.explanation, facts), fill(text.advice, facts))


def said(fact: object, language: Language) -> object:
    """A fact as a sentence takes it: phrases (several, one after the other) and reasons (the system's `ENOENT`) in the
    reader's words."""
    if isinstance(fact, Phrases):
        return " ".join(str(said(part, language)) for part in fact.parts)
    if isinstance(fact, Phrase):
        return phrase(fact.code, language, **fact.facts)
    if isinstance(fact, str):
        for table in REASONS:
            if has_words(f"{table}.{fact}", language):
                return phrase(f"{table}.{fact}", language)
    return fact


def fill(text: str, blanks: Mapping[str, object]) -> str:
    """Fill the named blanks; one for which no fact came stays empty rather than failing in front of a person."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**{name: blanks.get(name, "") for name in names}) if names else text
