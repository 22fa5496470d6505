"""A look becomes the appearance stream of a widget: pictures transparent, type embedded, Vietnamese shaped."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStampStyle

from signing.embedded_picture import embedded_picture
from signing.fonts import ASCENT, DESCENT, FontStyle, advances, letters_font
from signing.look import Align, Block, Look, VerticalAlign, fitted, part_of, picture_box
from signing.page import Box

if TYPE_CHECKING:
    from pyhanko.pdf_utils.font.opentype import GlyphAccumulator

NOTHING = Look()

RULE_WIDTH = 0.6
"""Points."""


class Drawing(AppearanceContent):
    """A look as the appearance stream of a widget, upright on a page however that is turned."""

    def __init__(self, writer: BasePdfFileWriter, look: Look, *, width: float, height: float, rotation: int) -> None:
        """
        Args:
            width, height: of the box as shown, in points.
            rotation: the page's /Rotate; the drawing is turned against it.
        """
        super().__init__(writer, box=BoxConstraints(width=width, height=height))
        self.look, self.width, self.height, self.rotation = look, width, height, rotation
        self._engines: dict[FontStyle, GlyphAccumulator] = {}

    def render(self) -> bytes:
        return b" ".join([*self._picture(), *self._rules(), *(self._block(block) for block in self.look.blocks)])

    def as_form_xobject(self) -> generic.StreamObject:
        form: generic.StreamObject = super().as_form_xobject()
        turn = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}.get(self.rotation)
        if turn:
            # the reader fits the turned box into the annotation's rectangle (ISO 32000-2, 12.5.5, algorithm 8)
            form[pdf_name("/Matrix")] = generic.ArrayObject([generic.NumberObject(n) for n in (*turn, 0, 0)])
        form.compress()
        return form

    def _picture(self) -> list[bytes]:
        picture = self.look.picture
        if picture is None:
            return []
        assert self.writer is not None
        box = picture_box(picture, part_of(self.width, self.height, self.look.picture_part))
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Picture"), embedded_picture(picture, self.writer))
        return [b"q %.3f 0 0 %.3f %.3f %.3f cm /Picture Do Q" % (box.width, box.height, box.x0, box.y0)]

    def _rules(self) -> list[bytes]:
        if not self.look.rules:
            return []
        inset = RULE_WIDTH / 2
        wide, high = self.width - 2 * inset, self.height - 2 * inset
        lines = [b"%.3f %.3f m %.3f %.3f l S" % (inset + x0 * wide, inset + y0 * high, inset + x1 * wide,
                                                 inset + y1 * high) for x0, y0, x1, y1 in self.look.rules]
        return [b"q %.3f %.3f %.3f RG %.2f w 2 J" % (*self.look.rule_colour, RULE_WIDTH), *lines, b"Q"]

    def _block(self, block: Block) -> bytes:
        if not any(block.lines):
            return b""
        engine = self._engine(block.style)
        box = part_of(self.width, self.height, block.part)
        size, lines = set_lines(block, box)
        engine.font_size = size   # type: ignore[assignment]   # declared int, used as a factor
        commands = [b"q BT %.3f %.3f %.3f rg %s %.3f Tf" % (*block.colour, _resource(block.style).encode(), size)]
        top = _top(block, box, size, len(lines))
        for index, line in enumerate(lines):
            shaped = engine.shape(line)
            spare = box.width - shaped.x_advance * size
            x = box.x0 + {Align.LEFT: 0.0, Align.CENTRE: spare / 2, Align.RIGHT: spare}[block.align]
            y = top - size * (ASCENT + DESCENT) * index - size * ASCENT
            commands.append(b"1 0 0 1 %.3f %.3f Tm %s" % (max(x, 0), y, shaped.graphics_ops))
        commands.append(b"ET Q")
        return b" ".join(commands)

    def _engine(self, style: FontStyle) -> GlyphAccumulator:
        if style not in self._engines:
            # fontTools takes a while to load, and who shows a picture needs none of it
            from pyhanko.pdf_utils.font.opentype import GlyphAccumulator

            assert self.writer is not None
            engine = GlyphAccumulator(self.writer, io.BytesIO(letters_font(style)), font_size=10, bcp47_lang_code="vi")
            self._engines[style] = engine
            self.set_resource(ResourceType.FONT, pdf_name(_resource(style)), engine.as_resource())
        return self._engines[style]


@dataclass(frozen=True)
class DrawnStyle(BaseStampStyle):
    """Hands a look to pyHanko as the style of a signature's appearance. width, height: as shown, in points."""

    border_width: int = 0
    look: Look = NOTHING
    width: float = 0.0
    height: float = 0.0
    rotation: int = 0

    def create_stamp(self, writer: BasePdfFileWriter, box: Any, text_params: dict[str, Any]) -> Any:
        return Drawing(writer, self.look, width=self.width, height=self.height, rotation=self.rotation)


def set_lines(block: Block, box: Box) -> tuple[float, list[str]]:
    """The size and the lines with which a block stands in `box` (points)."""
    width_of = advances(block.style)
    composed = [unicodedata.normalize("NFC", line) for line in block.lines]
    return fitted(composed, block.size, box.width, box.height, width_of)


def drawn_in(look: Look, box: Box) -> tuple[Box | None, float | None]:
    """Which part of `box` will carry something, and the size of the smallest type there; None without any."""
    parts: list[Box] = []
    sizes: list[float] = []
    if look.picture is not None:
        parts.append(_shifted(picture_box(look.picture, part_of(box.width, box.height, look.picture_part)), box))
    if look.rules:
        parts.append(box)
    for block in look.blocks:
        if any(block.lines):
            room = part_of(box.width, box.height, block.part)
            size, lines = set_lines(block, room)
            sizes.append(size)
            parts.append(_shifted(_set_box(block, room, size, lines), box))
    return Box.around(parts) if parts else None, min(sizes, default=None)


def _set_box(block: Block, room: Box, size: float, lines: Sequence[str]) -> Box:
    width_of = advances(block.style)
    width = max(width_of(line) for line in lines) * size
    spare = room.width - width
    x0 = room.x0 + {Align.LEFT: 0.0, Align.CENTRE: spare / 2, Align.RIGHT: spare}[block.align]
    top = _top(block, room, size, len(lines))
    return Box(x0, top - len(lines) * size * (ASCENT + DESCENT), x0 + width, top)


def _top(block: Block, box: Box, size: float, count: int) -> float:
    return box.y1 if block.level is VerticalAlign.TOP else box.middle[1] + size * (ASCENT + DESCENT) * count / 2


def _shifted(part: Box, box: Box) -> Box:
    return Box(part.x0 + box.x0, part.y0 + box.y0, part.x1 + box.x0, part.y1 + box.y0)


def _resource(style: FontStyle) -> str:
    return f"/Serif{'' if style is FontStyle.REGULAR else style.value}"
