"""What a signature, a seal, a number or a note of an agency looks like on the page: NĐ 30/2020 Annex I.

A competent person's signature is the handwritten signature's picture, blue, transparent, no text. An agency's is the
seal, red, transparent, in its real size. On a copy or on an annex in a file of its own no picture is shown, only one
line of text in Times New Roman 10, upright, black. Fonts are embedded; Vietnamese is shaped.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops, UnidentifiedImageError
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.content import AppearanceContent, ResourceType
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.stamp.base import BaseStampStyle

from signing.embedded_picture import embedded_picture
from signing.errors import BadInput, FileNotReadable, reason_of_os_error
from signing.fonts import ASCENT, DESCENT, FontStyle, letters_font

VIETNAM_TIME = timezone(timedelta(hours=7))
"""Vietnam is UTC+7 without summer time: the fixed offset, never the machine's zone."""

TEXT_SIZE = 10.0
"""Points; the decree's size for the text forms."""

OVERLAP_BY_SIGNATURE, OVERLAP_BY_SEAL = 0.17, 0.25
"""Seal and signature lie over each other; where they are texts, each yields half of that."""

MOST_PIXELS = 40_000_000
FINEST_DPI = 600


class ImageNotUsable(BadInput):
    """facts: file."""

    code = "image.not_usable"


class Align(StrEnum):
    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True)
class Look:
    """What is drawn in a box: a picture, or lines of text, or nothing.

    picture: RGBA, drawn as large as fits without distortion. lines: wrapped to the box where needed; the type shrinks
    only when they would not fit otherwise. size: points. left, right: parts of the width that text leaves free.
    """

    picture: Image.Image | None = None
    lines: tuple[str, ...] = ()
    size: float = TEXT_SIZE
    align: Align = Align.CENTRE
    style: FontStyle = FontStyle.REGULAR
    left: float = 0.0
    right: float = 0.0


def of_picture(path: Path, *, width: float, height: float) -> Look:
    """A signature or seal picture for a box of this size in points. Raises FileNotReadable, ImageNotUsable."""
    return Look(picture=_picture(path, width, height))


def of_person(name: str, moment: datetime) -> Look:
    """A personal signature without a picture: who and when, so that the box is never empty."""
    return Look(lines=("Ký bởi:", name, day_of(moment) + " " + time_of(moment)), size=9.0, left=OVERLAP_BY_SIGNATURE)


def of_agency(name: str, moment: datetime) -> Look:
    """An agency's signature without a picture of the seal."""
    return Look(lines=("Cơ quan:", name, day_of(moment), time_of(moment)), size=9.0, right=OVERLAP_BY_SEAL)


def of_copy(agency: str, moment: datetime, *, form: str = "Sao y") -> Look:
    """`<form of copy>; <copying agency>; <dd/mm/yyyy>; <hh:mm:ss +07:00>` (Annex I, box 14)."""
    return Look(lines=(f"{form}; {agency}; {day_of(moment)}; {time_of(moment)}",), align=Align.RIGHT)


def of_annex(number_and_symbol: str, moment: datetime) -> Look:
    """`Số: <number/symbol>; <dd/mm/yyyy>; <hh:mm:ss +07:00>` on an annex in a file of its own."""
    return Look(lines=(f"Số: {number_and_symbol}; {day_of(moment)}; {time_of(moment)}",), align=Align.RIGHT)


def day_of(moment: datetime) -> str:
    """05/03/2026, in Vietnam's zone."""
    return moment.astimezone(VIETNAM_TIME).strftime("%d/%m/%Y")


def time_of(moment: datetime) -> str:
    """14:30:15 +07:00."""
    return moment.astimezone(VIETNAM_TIME).strftime("%H:%M:%S") + " +07:00"


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

    def render(self) -> bytes:
        if self.look.picture is not None:
            return self._picture(self.look.picture)
        return self._text() if self.look.lines else b""

    def as_form_xobject(self) -> generic.StreamObject:
        form: generic.StreamObject = super().as_form_xobject()
        turn = {90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}.get(self.rotation)
        if turn:
            # the reader fits the turned box into the annotation's rectangle (ISO 32000-2, 12.5.5, algorithm 8)
            form[pdf_name("/Matrix")] = generic.ArrayObject([generic.NumberObject(n) for n in (*turn, 0, 0)])
        form.compress()
        return form

    def _picture(self, picture: Image.Image) -> bytes:
        assert self.writer is not None
        scale = min(self.width / picture.width, self.height / picture.height)
        width, height = picture.width * scale, picture.height * scale
        self.set_resource(ResourceType.XOBJECT, pdf_name("/Picture"), embedded_picture(picture, self.writer))
        return b"q %.3f 0 0 %.3f %.3f %.3f cm /Picture Do Q" % (
            width, height, (self.width - width) / 2, (self.height - height) / 2)

    def _text(self) -> bytes:
        # fontTools takes a while to load, and who shows a picture needs none of it
        from pyhanko.pdf_utils.font.opentype import GlyphAccumulator

        assert self.writer is not None
        look = self.look
        engine = GlyphAccumulator(
            self.writer, io.BytesIO(letters_font(look.style)), font_size=look.size, bcp47_lang_code="vi")

        def width_of(text: str) -> float:
            return float(engine.shape(text, with_actual_text=False).x_advance)

        composed = [unicodedata.normalize("NFC", line) for line in look.lines]
        room = self.width * (1 - look.left - look.right)
        size, lines = fitted(composed, look.size, room, self.height, width_of)
        engine.font_size = size   # type: ignore[assignment]   # declared int, used as a factor
        self.set_resource(ResourceType.FONT, pdf_name("/Serif"), engine.as_resource())
        leading = size * (ASCENT + DESCENT)
        top = (self.height + leading * len(lines)) / 2 if look.align is Align.CENTRE else self.height
        commands = [b"q BT 0 g /Serif %.3f Tf" % size]
        for index, line in enumerate(lines):
            shaped = engine.shape(line)
            spare = room - shaped.x_advance * size
            x = self.width * look.left + {Align.LEFT: 0.0, Align.CENTRE: spare / 2, Align.RIGHT: spare}[look.align]
            y = top - leading * index - size * ASCENT
            commands.append(b"1 0 0 1 %.3f %.3f Tm %s" % (max(x, 0), y, shaped.graphics_ops))
        commands.append(b"ET Q")
        return b" ".join(commands)


@dataclass(frozen=True)
class DrawnStyle(BaseStampStyle):
    """Hands a look to pyHanko as the style of a signature's appearance. width, height: as shown, in points."""

    border_width: int = 0
    look: Look = Look()
    width: float = 0.0
    height: float = 0.0
    rotation: int = 0

    def create_stamp(self, writer: BasePdfFileWriter, box: Any, text_params: dict[str, Any]) -> Any:
        return Drawing(writer, self.look, width=self.width, height=self.height, rotation=self.rotation)


def fitted(lines: Sequence[str], size: float, width: float, height: float,
           width_of: Any) -> tuple[float, list[str]]:
    """Size and lines that fit into `width` × `height` points: wrapped first, smaller only when that does not help.

    width_of: the width of a text in parts of the size.
    """
    while True:
        wrapped = [part for line in lines for part in _wrapped(line, width / size, width_of)]
        fits = (len(wrapped) * size * (ASCENT + DESCENT) <= height + 0.01
                and all(width_of(part) * size <= width + 0.01 for part in wrapped))
        if fits or size <= 4:
            return size, wrapped
        size = max(4.0, size - 0.5)


def _wrapped(line: str, width: float, width_of: Any) -> list[str]:
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


def _picture(path: Path, width: float, height: float) -> Image.Image:
    try:
        stamp = path.stat()
    except OSError as error:
        raise FileNotReadable(file=str(path), reason=reason_of_os_error(error)) from error
    return _cached_picture(path, stamp.st_mtime_ns, stamp.st_size, round(width, 1), round(height, 1))


@lru_cache(maxsize=16)
def _cached_picture(path: Path, _changed_ns: int, _size: int, width: float, height: float) -> Image.Image:
    """Opened once per batch; no finer than the page needs, so that each signed file stays small."""
    try:
        with Image.open(path) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise ImageNotUsable(file=str(path))
            has_alpha = "A" in opened.getbands() or "transparency" in opened.info
            picture = opened.convert("RGBA")
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, ValueError, SyntaxError) as error:
        raise ImageNotUsable(file=str(path)) from error
    if not has_alpha:
        picture = _white_made_clear(picture)
    finest = max(width, height) / 72 * FINEST_DPI
    if max(picture.size) > finest:
        picture.thumbnail((round(finest), round(finest)), Image.Resampling.LANCZOS)
    return picture


def _white_made_clear(picture: Image.Image) -> Image.Image:
    """Paper becomes transparent, ink keeps its colour: the darker of the channels tells how much ink there is."""
    red, green, blue, _ = picture.split()
    alpha = ImageChops.invert(ImageChops.darker(ImageChops.darker(red, green), blue))
    ink = [channel.point(lambda value: value) for channel in (red, green, blue)]
    return Image.merge("RGBA", (*ink, alpha.point(lambda value: 0 if value < 12 else min(255, round(value * 1.25)))))
