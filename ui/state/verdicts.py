"""How a verdict is shown: a tone, a word, one sentence. Four outcomes and never two: a doubt is not a denial."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from ui.texts import Texts


class Conclusion(StrEnum):
    """The verdict on a file or a signature, as `docclient verify` names it."""

    VALID = "valid"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"
    CHECKING = "checking"          # still being looked at


TONE_OF = {
    Conclusion.VALID: "good",
    Conclusion.INVALID: "bad",
    Conclusion.UNDETERMINED: "doubt",
    Conclusion.UNSIGNED: "quiet",
    Conclusion.UNREADABLE: "bad",
    Conclusion.CHECKING: "news",
}


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """tone: a theme tone's name. word: the verdict in one or two words. sentence: why, and what it means."""

    conclusion: Conclusion
    tone: str
    word: str
    sentence: str

    @classmethod
    def of(cls, conclusion: str, sentence: str, texts: Texts) -> Self:
        """A verdict we do not know is a doubt: it must never look valid."""
        known = {c.value for c in Conclusion}
        which = Conclusion(conclusion) if conclusion in known else Conclusion.UNDETERMINED
        return cls(which, TONE_OF[which], texts(f"verdict_word.{which}"), sentence or texts(f"verdict_says.{which}"))
