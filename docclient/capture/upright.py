"""Which way is up: Tesseract's script detection; where that has no opinion, reading the page each way round."""

from __future__ import annotations

import tempfile
from pathlib import Path

import cv2
import numpy as np

from docclient.capture.pages import Grey, find_skew
from docclient.tools import tesseract
from docclient.tools.running import Stop

SURE = 3.0
"""Tesseract's confidence from which its opinion is taken without a second look."""

LOOKED_AT_DPI = 150.0


def find_turn(grey: Grey, dpi: float, stop: Stop | None = None) -> int:
    """Degrees clockwise (0, 90, 180, 270) that bring the page upright.

    Raises: ProgramMissing, ProgramFailed, LanguageMissing, CancelledError.
    """
    small = _reduced(grey, dpi)
    straight = _level(small)
    with tempfile.TemporaryDirectory(prefix="docclient-upright-") as work:
        image = Path(work) / "page.png"
        _write(image, straight)
        opinion = tesseract.orientation(image, dpi=int(LOOKED_AT_DPI), stop=stop)
        if opinion is not None and opinion.confidence >= SURE:
            return opinion.turn
        return _by_reading(straight, Path(work), stop)


def _level(grey: Grey) -> Grey:
    """The page with its tilt taken out, whether its lines run across or up and down."""
    across = find_skew(grey, LOOKED_AT_DPI)
    height, width = grey.shape
    back = cv2.getRotationMatrix2D((width / 2, height / 2), -across, 1.0)
    return np.asarray(cv2.warpAffine(grey, back, (width, height), borderValue=(255,)), np.uint8)


def _by_reading(grey: Grey, work: Path, stop: Stop | None) -> int:
    """Read the page each way round; the way with the most letters in words read well is up."""
    best, most = 0, -1.0
    for clockwise in (0, 180, 90, 270):
        image = work / f"turn-{clockwise}.png"
        _write(image, np.ascontiguousarray(np.rot90(grey, -(clockwise // 90))))
        words = tesseract.read_words(image, dpi=int(LOOKED_AT_DPI), layout=11, stop=stop)
        letters = sum(len(word.text) * (word.confidence / 100) ** 2 for word in words if word.confidence > 50)
        if letters > most * 1.05:
            best, most = clockwise, letters
    return best


def _reduced(grey: Grey, dpi: float) -> Grey:
    factor = min(1.0, LOOKED_AT_DPI / dpi)
    size = (round(grey.shape[1] * factor), round(grey.shape[0] * factor))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def _write(file: Path, grey: Grey) -> None:
    done, data = cv2.imencode(".png", grey, [cv2.IMWRITE_PNG_COMPRESSION, 1])
    assert done
    file.write_bytes(data.tobytes())

