"""Our own line icons: SVG drawings with `currentColor`, drawn in the colour of the text beside them."""

from __future__ import annotations

from functools import cache
from importlib import resources

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from ui.theme import DISABLED_INK, INK

SIZES = (16, 20, 24, 32, 48)


@cache
def drawing(name: str) -> str:
    """The SVG text of one icon. Raises FileNotFoundError for a name without drawing."""
    return (resources.files("resources") / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, size: int, colour: str = INK, ratio: float = 1.0) -> QPixmap:
    """The icon as a square of `size` device-independent pixels, drawn for a screen of that pixel ratio."""
    picture = QPixmap(round(size * ratio), round(size * ratio))
    picture.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(drawing(name).replace("currentColor", colour).encode()))
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, size * ratio, size * ratio))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


@cache
def icon(name: str, colour: str = INK) -> QIcon:
    """The icon in every usual size, and greyed where its button is off."""
    found = QIcon()
    for size in SIZES:
        for ratio in (1.0, 2.0):
            found.addPixmap(pixmap(name, size, colour, ratio), QIcon.Mode.Normal)
            found.addPixmap(pixmap(name, size, DISABLED_INK, ratio), QIcon.Mode.Disabled)
    return found
