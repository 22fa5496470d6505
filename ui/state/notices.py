"""Messages to the person, before any widget: three texts, a tone, and details ready to be copied."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from signing.errors import KeyTrouble, Trouble
from ui.texts import Texts


@dataclass(frozen=True, slots=True)
class Notice:
    """heading, explanation, advice: what happened, why, what to do. details: for whoever is asked for help. about_keys:
    the screen of devices has more about it."""

    tone: str
    heading: str
    explanation: str = ""
    advice: str = ""
    details: str = ""
    about_keys: bool = False

    @property
    def spoken(self) -> str:
        return " ".join(part for part in (self.heading, self.explanation, self.advice) if part)

    @classmethod
    def of_trouble(cls, error: BaseException, texts: Texts) -> Self:
        """Anything that went wrong. A Trouble's facts hold neither PIN nor document text, so they may be copied."""
        words = texts.trouble(error)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        if isinstance(error, Trouble):
            facts = "\n".join(f"  {name}: {value}" for name, value in error.facts.items())
            details = f"{when}\n{error.code}\n{facts}".rstrip()
        else:
            # the places only: an exception's own text may quote a document
            places = "".join(traceback.format_tb(error.__traceback__))
            details = f"{when}\n{type(error).__name__}\n{places}".rstrip()
        return cls("bad", words.heading, words.explanation, words.advice, details, isinstance(error, KeyTrouble))

    @classmethod
    def good(cls, texts: Texts, code: str, **blanks: object) -> Self:
        return cls("good", texts(code, **blanks))

    @classmethod
    def news(cls, texts: Texts, code: str, **blanks: object) -> Self:
        return cls("news", texts(code, **blanks))
