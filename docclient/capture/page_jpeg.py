"""A clean page as the JPEG that is kept: as small as a page of text can be without loss that is seen."""

from __future__ import annotations

import io
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image

from docclient.capture.originals import Pixels
from docclient.capture.pages import LOWEST_DPI, MM_PER_INCH, darkest, made_smaller

QUALITIES = (75, 65, 55)
"""Tried in this order. Measured on scanned letters at 200 dpi, along the ink alone: structural similarity to the clean
page 0.997 at 75, 0.994 at 55; over the whole page 42 and 39 dB."""

ENOUGH = 150_000
"""Bytes of a page at 200 dpi; a finer one may have as many for each pixel. A page that is neither
below it at any of these nor with `headroom` (photographs) is kept at the first: to lose more would gain nothing that
was asked for."""

PLAIN_TO_KEPT = 0.81
SHARE_AT = {75: 1.0, 65: 0.88, 55: 0.78}
"""A page's size in its kept form (progressive, its own Huffman tables) to that of a quick encoding, which costs a sixth
of the time; and the least at each quality to that at 75. Pages of text differ by a few per cent."""

FULL, PAPER, PAPER_FROM = 210, 232, 246
"""With headroom: white ink is kept as 210 and shown as 255; all that is paper (246 and more) lies above it, at 232. The
ripples that coarse steps leave around letters rise and fall about 232, where all is shown as white."""

COLOUR_STEP = 30
"""For the colours, which take a fiftieth of such a page: a pen's thin strokes are to stay blue."""

FINEST_STEP, COARSEST_STEP = 40, 72
"""The steps of all frequencies alike: letters are edges, and edges need their high frequencies. Along the ink of dense
pages, similarity is 0.991 at 50 and 0.984 at 70. Beyond this, specks begin to be seen beside letters and on seals."""

FIRST_TO_KEPT = 0.56
"""Size with headroom at steps of 50, to that at quality 75; it falls with the steps' power of -0.58."""

SOLID_MM, SOLID_MM2 = 4.0, 400.0
"""No stroke, and hardly a seal's star, is as wide as this; a page with as much of it shows a picture."""


@dataclass(frozen=True, slots=True)
class PageJpeg:
    """content: a progressive JPEG in RGB. full: the value that is shown as 255, higher ones likewise."""

    content: bytes
    full: int = 255


def page_jpeg(pixels: Pixels, dpi: float = LOWEST_DPI) -> PageJpeg:
    """All three colours of a clean page of `dpi`."""
    enough = int(ENOUGH * max(1.0, (dpi / LOWEST_DPI) ** 2))
    guess = PLAIN_TO_KEPT * len(_plain(pixels))
    for quality in QUALITIES:
        if guess * SHARE_AT[quality] < enough and len(content := _encoded(pixels, quality)) < enough:
            return PageJpeg(content)
    if not _shows_pictures(pixels, dpi):
        step = 50 * (FIRST_TO_KEPT * guess / (0.96 * enough)) ** (1 / 0.58)
        for tried in (step, min(1.15 * step, COARSEST_STEP)):
            if tried <= COARSEST_STEP and len(content := headroom(pixels, max(FINEST_STEP, round(tried)))) < enough:
                return PageJpeg(content, FULL)
    return PageJpeg(_encoded(pixels, QUALITIES[0]))


def headroom(pixels: Pixels, step: int) -> bytes:
    """The page with its whites drawn in, so that what coarse steps do to bare paper is not shown (see `FULL`)."""
    values = np.round(np.arange(256) * FULL / 255).astype(np.uint8)
    values[PAPER_FROM:] = PAPER
    picture = Image.fromarray(np.asarray(cv2.cvtColor(cv2.LUT(pixels, values), cv2.COLOR_BGR2RGB), np.uint8))
    written = io.BytesIO()
    picture.save(written, "JPEG", qtables=[[step] * 64, [COLOUR_STEP] * 64], optimize=True, progressive=True,
                 subsampling="4:2:0")
    return written.getvalue()


def _shows_pictures(pixels: Pixels, dpi: float) -> bool:
    """Photographs and shaded areas, whose soft tones coarse steps would make blotchy."""
    step = max(1, round(dpi / 50))
    mm = dpi / step / MM_PER_INCH
    shaded = (darkest(made_smaller(pixels, step)) < PAPER_FROM - 20).astype(np.uint8)
    solid = cv2.morphologyEx(shaded, cv2.MORPH_OPEN, np.ones((round(SOLID_MM * mm), round(SOLID_MM * mm)), np.uint8))
    return int(np.asarray(solid).sum()) / mm**2 > SOLID_MM2


def _plain(pixels: Pixels) -> bytes:
    written, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, QUALITIES[0]])
    assert written
    return data.tobytes()


def _encoded(pixels: Pixels, quality: int) -> bytes:
    written, data = cv2.imencode(".jpg", pixels, [
        cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1, cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    assert written
    return data.tobytes()
