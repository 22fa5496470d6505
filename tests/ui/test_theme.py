"""Colours that can be read, and drawings that exist."""

from __future__ import annotations

from importlib import resources

import pytest

from ui import theme
from ui.icons import drawing, icon
from ui.theme import TONES, Tone, contrast

pytestmark = pytest.mark.window


def test_contrast_is_the_ratio_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("tone", list(Tone))
def test_text_of_a_tone_can_be_read_on_its_ground(tone: Tone) -> None:
    for ground in (TONES[tone].wash, theme.SURFACE, theme.GROUND, "#d9e6f8"):
        assert contrast(TONES[tone].ink, ground) >= 4.5
    for ground in (TONES[tone].wash, theme.SURFACE):
        assert contrast(TONES[tone].line, ground) >= 3.0


@pytest.mark.parametrize(("ink", "ground", "least"), [
    (theme.INK, theme.GROUND, 7.0), (theme.MUTED, theme.GROUND, 4.5), (theme.MUTED, "#eef1f5", 4.5),
    ("#ffffff", theme.ACCENT, 4.5), ("#ffffff", theme.ACCENT_HOVER, 4.5), (theme.RAIL_INK, theme.RAIL, 7.0),
    (theme.RAIL_INK, "#2f5699", 4.5),
    (theme.FOCUS, theme.SURFACE, 3.0), (theme.FOCUS, theme.GROUND, 3.0), (theme.FOCUS_ON_DARK, theme.RAIL, 3.0),
    (theme.FOCUS_ON_DARK, theme.ACCENT, 3.0), (theme.EDGE, theme.SURFACE, 3.0),
])
def test_what_must_be_seen_stands_out(ink: str, ground: str, least: float) -> None:
    assert contrast(ink, ground) >= least


def test_the_font_has_every_vietnamese_letter(qapp) -> None:
    from PySide6.QtGui import QFontInfo, QRawFont

    font = theme.ordinary_font(11)
    assert QFontInfo(font).family() == font.family()
    raw = QRawFont.fromFont(font)
    assert all(raw.supportsCharacter(ord(c)) for c in "ĂÂĐÊÔƠƯăâđêôơưẤầẨẫẬắẲẵặẾềểỄệỐồổỗỘớỜởỡợỨừỬữựỳỵỷỹýạảãáà")


def test_every_drawing_can_be_drawn(qapp) -> None:
    names = [file.name.removesuffix(".svg") for file in (resources.files("resources") / "icons").iterdir()
             if file.name.endswith(".svg")]
    assert set(theme.ICON_OF_TONE.values()) <= set(names)
    for name in names:
        assert drawing(name).startswith("<svg")
        picture = icon(name).pixmap(24, 24).toImage()
        assert any(picture.pixelColor(x, y).alpha() for x in range(24) for y in range(24)), name
