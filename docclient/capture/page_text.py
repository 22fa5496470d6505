"""What a page says: its words and where they stand, whoever read them (the recogniser or the PDF's own letters)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A word on a page: box left, top, right, bottom in millimetres from the page's top left; certainty 0..1."""

    text: str
    certainty: float
    box_mm: tuple[float, float, float, float]
    coloured: bool = False
    line: int = 0
    """Words with the same number were read as one line."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page says. `words` are in reading order; `size_mm` is width and height of the page."""

    words: tuple[Word, ...]
    size_mm: tuple[float, float]

    @property
    def text(self) -> str:
        """The words, a line of text for a line of the page."""
        lines: dict[int, list[str]] = {}
        for word in self.words:
            lines.setdefault(word.line, []).append(word.text)
        return "\n".join(" ".join(words) for words in lines.values())
