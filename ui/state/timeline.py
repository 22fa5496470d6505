"""The trail of a document as a list of moments."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the trail. when: as text. what: the act. who: who did it. words: what was said with it, or empty."""

    when: str
    what: str
    who: str = ""
    words: str = ""
    tone: str = "quiet"

    @property
    def spoken(self) -> str:
        """The whole line, as a screen reader says it."""
        return ". ".join(part for part in (self.what, self.who, self.when, self.words) if part)
