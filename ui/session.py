"""What every screen is given: the office's door, the language, the lanes, the keys, the one road for messages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from docclient.office.door import Office
from docclient.office.model import today
from docclient.settings import Settings
from ui.background import Background
from ui.keys import KeyCare
from ui.rendering.renderer import Renderer
from ui.texts import Texts
from ui.widgets.notice_bar import NoticeBar
from ui.widgets.progress_strip import ProgressStrip


@dataclass(frozen=True, slots=True)
class Session:
    """One person at one office, until somebody else sits down.

    today: the day it is in Vietnam, asked anew each time: a window stays open over midnight.
    """

    office: Office
    texts: Texts
    background: Background
    renderer: Renderer
    keys: KeyCare
    tell: NoticeBar
    progress: ProgressStrip
    settings: Settings
    today: Callable[[], date] = today
