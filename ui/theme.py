"""How the window looks: one light theme, large calm type, a focus ring that cannot be missed.

Colours hold WCAG 2.1 AA on their grounds (text 4.5:1, outlines 3:1; a test computes it). A verdict or a deadline is
never told by colour alone: each tone comes with its icon and its word. The tones keep apart for the common kinds of
colour blindness (bluish green, vermilion, amber-brown after Okabe and Ito's palette).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from pathlib import Path

from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

# the first that this machine has; each covers Vietnamese with stacked marks
FAMILIES = (
    "Segoe UI", "Noto Sans", "Inter", "SF Pro Text", "Helvetica Neue", "Liberation Sans", "Arial", "DejaVu Sans",
)


class Tone(StrEnum):
    """What a coloured piece wants to say."""

    GOOD = "good"
    BAD = "bad"
    DOUBT = "doubt"
    QUIET = "quiet"
    NEWS = "news"


@dataclass(frozen=True, slots=True)
class Colours:
    """Ink: text and icons. Wash: the ground under it. Line: outlines of that tone."""

    ink: str
    wash: str
    line: str


TONES = {
    Tone.GOOD: Colours("#00594a", "#e3f4ef", "#00806b"),
    Tone.BAD: Colours("#9c1f14", "#fdeae7", "#c62f20"),
    Tone.DOUBT: Colours("#6f4700", "#fdf2d9", "#a66b00"),
    Tone.QUIET: Colours("#414b59", "#eceff3", "#6b7787"),
    Tone.NEWS: Colours("#17427f", "#e6eefa", "#2b62b0"),
}

INK = "#1a1f27"
MUTED = "#4b5665"
GROUND = "#f3f5f8"
SURFACE = "#ffffff"
LINE = "#c3cad4"
EDGE = "#7c8796"            # outlines of what can be typed into: 3:1 on white
ACCENT = "#1c4f9c"
ACCENT_PRESSED = "#143c78"
ACCENT_HOVER = "#2560b8"
ACCENT_WASH = "#e6eefa"
RAIL = "#15305c"
RAIL_INK = "#ffffff"
FOCUS = "#0b57d0"
FOCUS_ON_DARK = "#ffc24b"
DISABLED_INK = "#6d7785"

ICON_OF_TONE = {
    Tone.GOOD: "check", Tone.BAD: "cross", Tone.DOUBT: "question", Tone.QUIET: "dash", Tone.NEWS: "information",
}


def apply(application: QApplication, *, text_points: float = 11.0) -> None:
    """Give the application its style, font, palette and sheet. Sizes follow `text_points` (points)."""
    application.setStyle(QStyleFactory.create("Fusion"))
    font = ordinary_font(text_points)
    application.setFont(font)
    application.setPalette(light_palette())
    application.setStyleSheet(sheet(text_points))


def ordinary_font(points: float) -> QFont:
    """The first family this machine has, at `points`."""
    here = set(QFontDatabase.families())
    font = QFont(next((name for name in FAMILIES if name in here), QFont().family()))
    font.setPointSizeF(points)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def heading_font(base: QFont, times: float = 1.35) -> QFont:
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * times)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def fixed_font(base: QFont) -> QFont:
    """Letters of one width, for what is compared digit by digit; as large as the rest."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPointSizeF(base.pointSizeF())
    return font


def strong_font(base: QFont) -> QFont:
    font = QFont(base)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def small_font(base: QFont, times: float = 0.9) -> QFont:
    font = QFont(base)
    font.setPointSizeF(base.pointSizeF() * times)
    return font


def light_palette() -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in {
        role.Window: GROUND, role.WindowText: INK, role.Base: SURFACE, role.AlternateBase: "#f7f9fb",
        role.Text: INK, role.Button: SURFACE, role.ButtonText: INK, role.ToolTipBase: SURFACE, role.ToolTipText: INK,
        role.Highlight: ACCENT, role.HighlightedText: "#ffffff", role.Link: ACCENT, role.LinkVisited: ACCENT,
        role.PlaceholderText: "#5f6a79", role.BrightText: "#ffffff", role.Accent: ACCENT,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(DISABLED_INK))
    return palette


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21. Source: WCAG 2.1, "contrast ratio" and "relative luminance"."""
    def luminance(colour: str) -> float:
        parts = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def picture_path(name: str) -> str:
    """The file of a drawing, as a style sheet's url() wants it: forward slashes on every system."""
    return Path(str(resources.files("resources") / "icons" / f"{name}.svg")).as_posix()


def sheet(points: float) -> str:
    """The style sheet. Lengths in px scale with the text, so that large type is not cut."""
    unit = points / 11.0

    def px(length: float) -> str:
        return f"{round(length * unit)}px"

    return f"""
* {{ outline: none; }}
QToolTip {{ color: {INK}; background: {SURFACE}; border: 1px solid {EDGE}; padding: {px(6)}; }}
QMainWindow, QDialog, QWidget#page {{ background: {GROUND}; }}
QLabel {{ background: transparent; }}
QLabel[role="title"] {{ color: {INK}; }}
QLabel[role="muted"] {{ color: {MUTED}; }}
QLabel[role="wrong"] {{ color: {TONES[Tone.BAD].ink}; }}
QFrame[role="card"] {{ background: {SURFACE}; border: 1px solid {LINE}; border-radius: {px(8)}; }}
QFrame[role="rule"] {{ background: {LINE}; max-height: 1px; min-height: 1px; border: none; }}

QPushButton, QToolButton {{
  background: {SURFACE}; color: {INK}; border: 1px solid {EDGE}; border-radius: {px(6)};
  padding: {px(7)} {px(14)}; min-height: {px(22)};
}}
QToolButton {{ padding: {px(5)} {px(8)}; }}
QPushButton:hover, QToolButton:hover {{ background: {ACCENT_WASH}; border-color: {ACCENT}; }}
QPushButton:pressed, QToolButton:pressed {{ background: #d3e0f4; }}
QPushButton:focus, QToolButton:focus {{ border: 2px solid {FOCUS}; padding: {px(6)} {px(13)}; }}
QToolButton:focus {{ padding: {px(4)} {px(7)}; }}
QToolButton:checked {{ background: {ACCENT_WASH}; border-color: {ACCENT}; color: {ACCENT}; }}
QPushButton:disabled, QToolButton:disabled {{ color: {DISABLED_INK}; background: #eceff3; border-color: {LINE}; }}
QPushButton[rank="first"] {{
  background: {ACCENT}; color: #ffffff; border: 2px solid {ACCENT}; padding: {px(6)} {px(13)};
}}
QPushButton[rank="first"]:hover {{ background: {ACCENT_HOVER}; border-color: {ACCENT_HOVER}; }}
QPushButton[rank="first"]:pressed {{ background: {ACCENT_PRESSED}; }}
QPushButton[rank="first"]:focus {{ border: 2px solid {FOCUS_ON_DARK}; }}
QPushButton[rank="first"]:disabled {{ background: #dfe4ea; color: {DISABLED_INK}; border-color: #dfe4ea; }}
QPushButton[rank="against"] {{ color: {TONES[Tone.BAD].ink}; border-color: {TONES[Tone.BAD].line}; }}
QPushButton[rank="against"]:hover {{ background: {TONES[Tone.BAD].wash}; }}
QPushButton[rank="against"]:focus {{ border: 2px solid {FOCUS}; }}
QPushButton[rank="against"]:disabled {{ color: {DISABLED_INK}; border-color: {LINE}; }}
QToolButton[rank="plain"] {{ border: 2px solid transparent; background: transparent; padding: {px(4)}; }}
QToolButton[rank="plain"]:hover {{ background: rgba(20, 60, 120, 28); }}
QToolButton[rank="plain"]:focus {{ border: 2px solid {FOCUS}; }}

QLineEdit, QPlainTextEdit, QTextEdit, QComboBox, QSpinBox {{
  background: {SURFACE}; color: {INK}; border: 1px solid {EDGE}; border-radius: {px(5)};
  padding: {px(6)} {px(8)}; min-height: {px(22)};
  selection-background-color: {ACCENT}; selection-color: #ffffff;
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QComboBox:focus, QSpinBox:focus {{
  border: 2px solid {FOCUS}; padding: {px(5)} {px(7)};
}}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{
  background: #eceff3; color: {DISABLED_INK}; border-color: {LINE};
}}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"],
QListWidget[wrong="true"] {{ border: 2px solid {TONES[Tone.BAD].line}; }}
QLineEdit[certainty="low"] {{ background: {TONES[Tone.DOUBT].wash}; border: 1px solid {TONES[Tone.DOUBT].line}; }}
QLineEdit[certainty="low"]:focus {{ border: 2px solid {FOCUS}; }}
QComboBox {{ padding-right: {px(30)}; }}
QComboBox::drop-down {{ border: none; width: {px(28)}; }}
QComboBox::down-arrow {{ image: url("{picture_path("control_down")}"); width: {px(16)}; height: {px(16)}; }}
QComboBox QAbstractItemView {{
  background: {SURFACE}; border: 1px solid {EDGE}; selection-background-color: {ACCENT_WASH};
  selection-color: {INK}; padding: {px(4)};
}}
QCheckBox, QRadioButton {{ spacing: {px(8)}; padding: {px(4)}; border: 2px solid transparent; border-radius: {px(5)}; }}
QCheckBox:focus, QRadioButton:focus {{ border: 2px solid {FOCUS}; }}
QCheckBox::indicator, QListView::indicator {{
  width: {px(16)}; height: {px(16)}; border: 2px solid {EDGE}; border-radius: {px(4)}; background: {SURFACE};
}}
QCheckBox::indicator:checked, QListView::indicator:checked {{
  background: {ACCENT}; border-color: {ACCENT}; image: url("{picture_path("control_check")}");
}}
QCheckBox::indicator:disabled {{ background: #eceff3; border-color: {LINE}; }}

QTableView, QListView, QListWidget, QTreeView {{
  background: {SURFACE}; alternate-background-color: #f7f9fb; border: 1px solid {LINE}; border-radius: {px(8)};
  selection-background-color: {ACCENT_WASH}; selection-color: {INK}; gridline-color: #e3e7ec;
}}
QTableView:focus, QListView:focus, QListWidget:focus, QTreeView:focus {{ border: 2px solid {FOCUS}; }}
QTableView::item {{ padding: {px(4)} {px(10)}; border-bottom: 1px solid #e3e7ec; }}
QTableView::item:selected {{ background: #d9e6f8; color: {INK}; border-bottom: 1px solid {ACCENT}; }}
QListWidget::item {{ padding: {px(5)} {px(6)}; border-radius: {px(4)}; }}
QListView::item:selected, QListWidget::item:selected {{ background: #d9e6f8; color: {INK}; }}
QHeaderView {{ background: {SURFACE}; }}
QHeaderView::section {{
  background: #eef1f5; color: {MUTED}; border: none; border-bottom: 1px solid {LINE};
  padding: {px(8)} {px(10)}; font-weight: 600;
}}
QTableCornerButton::section {{ background: #eef1f5; border: none; }}

QScrollBar:vertical {{ background: transparent; width: {px(12)}; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: {px(12)}; margin: 0; }}
QScrollBar::handle {{
  background: #9aa4b2; border-radius: {px(4)}; margin: {px(2)}; min-height: {px(36)}; min-width: {px(36)};
}}
QScrollBar::handle:hover {{ background: {EDGE}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; }}

QProgressBar {{
  background: #dfe4ea; border: none; border-radius: {px(5)}; color: transparent;
  min-height: {px(10)}; max-height: {px(10)};
}}
QProgressBar::chunk {{ background: {ACCENT}; border-radius: {px(5)}; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {LINE}; }}
QTabBar {{ background: transparent; }}
QTabBar::tab {{
  background: transparent; color: {MUTED}; padding: {px(8)} {px(10)}; min-height: {px(22)};
  border: 2px solid transparent; border-bottom: 3px solid transparent;
}}
QTabBar::tab:selected {{ color: {ACCENT}; border-bottom: 3px solid {ACCENT}; font-weight: 600; }}
QTabBar::tab:hover {{ background: {ACCENT_WASH}; }}
QTabBar::tab:focus {{ border: 2px solid {FOCUS}; }}
QSplitter::handle {{ background: {GROUND}; }}
QSplitter::handle:hover {{ background: {ACCENT_WASH}; }}
QMenu {{ background: {SURFACE}; border: 1px solid {EDGE}; padding: {px(4)}; }}
QMenu::item {{ padding: {px(7)} {px(18)}; border-radius: {px(4)}; }}
QMenu::item:selected {{ background: {ACCENT_WASH}; color: {INK}; }}
QCalendarWidget QAbstractItemView {{ border-radius: 0; }}

QWidget#rail {{ background: {RAIL}; }}
QWidget#rail QLabel {{ color: {RAIL_INK}; }}
QWidget#railPlaces {{ background: {RAIL}; }}
QWidget#railPlaces QPushButton {{ min-height: 0; padding: 0; }}
QScrollArea#railPlaces QScrollBar:vertical {{ background: {RAIL}; width: 8px; margin: 0; }}
QScrollArea#railPlaces QScrollBar::handle:vertical {{ background: #5578b4; border-radius: 4px; min-height: 32px; }}
QWidget#rail QToolButton {{
  color: {RAIL_INK}; background: transparent; border: 2px solid transparent; border-radius: {px(8)};
  text-align: left; padding: {px(8)} {px(10)};
}}
QWidget#rail QToolButton:hover {{ background: #24457c; }}
QWidget#rail QToolButton:checked {{ background: #2f5699; color: {RAIL_INK}; }}
QWidget#rail QToolButton:focus {{ border: 2px solid {FOCUS_ON_DARK}; }}
"""
