"""What is drawn in a box, as data: a picture, blocks of text, thin lines; and how text is made to fit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from PIL import Image

from signing.fonts import ASCENT, DESCENT, FontStyle
from signing.page import Box

TEXT_SIZE = 10.0
"""Points; the decree's size for the text forms."""

SMALLEST_TYPE = 4.0

Part = tuple[float, float, float, float]
"""x0, y0, x1, y1 as parts of the box, y upward: (0, 0, 1, 1) is all of it."""

WHOLE: Part = (0.0, 0.0, 1.0, 1.0)
BLACK = (0.0, 0.0, 0.0)


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


class VerticalAlign(StrEnum):
    """Where the lines of a block stand in their part of the box."""

    TOP = "top"
    MIDDLE = "middle"


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of text in a part of the box: wrapped where needed; smaller only when they would not fit otherwise.

    size: points. colour: red, green, blue from 0 to 1.
    """

    lines: tuple[str, ...]
    size: float = TEXT_SIZE
    align: Align = Align.CENTRE
    level: VerticalAlign = VerticalAlign.MIDDLE
    style: FontStyle = FontStyle.REGULAR
    part: Part = WHOLE
    colour: tuple[float, float, float] = BLACK


@dataclass(frozen=True)
class Look:
    """picture: RGBA, drawn as large as fits into its part without distortion. rules: thin lines from point to point, in
    parts of the box. Drawn in the order picture, rules, blocks."""

    picture: Image.Image | None = None
    picture_part: Part = WHOLE
    blocks: tuple[Block, ...] = ()
    rules: tuple[Part, ...] = ()
    rule_colour: tuple[float, float, float] = BLACK

    @property
    def lines(self) -> tuple[str, ...]:
        """Everything it says, from the first block on."""
        return tuple(line for block in self.blocks for line in block.lines)


def part_of(width: float, height: float, part: Part) -> Box:
    """A part of a box of this size."""
    return Box(part[0] * width, part[1] * height, part[2] * width, part[3] * height)


def picture_box(picture: Image.Image, room: Box) -> Box:
    """Where the picture lies when it is as large as fits into `room`, in its middle."""
    scale = min(room.width / picture.width, room.height / picture.height)
    return Box.centred(room.middle, picture.width * scale, picture.height * scale)


def fitted(lines: Sequence[str], size: float, width: float, height: float,
           width_of: Callable[[str], float]) -> tuple[float, list[str]]:
    """Size and lines that fit into `width` × `height` points: wrapped first, smaller only when that does not help.

    width_of: the width of a text in parts of the size.
    """
    while True:
        wrapped = [part for line in lines for part in _wrapped(line, width / size, width_of)]
        fits = (len(wrapped) * size * (ASCENT + DESCENT) <= height + 0.01
                and all(width_of(part) * size <= width + 0.01 for part in wrapped))
        if fits or size <= SMALLEST_TYPE:
            return size, wrapped
        size = max(SMALLEST_TYPE, size - 0.5)


def _wrapped(line: str, width: float, width_of: Callable[[str], float]) -> list[str]:
    """Broken at blanks, after a semicolon where that keeps parts together."""
    if width_of(line) <= width:
        return [line]
    parts = line.replace("; ", ";\n").split("\n") if "; " in line else line.split(" ")
    glue = " "
    rows: list[str] = []
    for part in parts:
        joined = f"{rows[-1]}{glue}{part}" if rows else part
        if rows and width_of(joined) <= width:
            rows[-1] = joined
        elif width_of(part) > width and " " in part:
            rows.extend(_wrapped(part, width, width_of))
        else:
            rows.append(part)
    return rows
