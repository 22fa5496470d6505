"""The window's fixtures, where there is a window; without PySide6 nothing in here is collected."""

from __future__ import annotations

try:
    import PySide6  # noqa: F401
except ImportError:
    collect_ignore_glob = ["*"]
else:
    from tests.ui.fixtures import background, each_language, renderer, texts, themed, three_pages

    __all__ = ["background", "each_language", "renderer", "texts", "themed", "three_pages"]
