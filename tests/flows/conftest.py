"""The window's fixtures, where there is a window; without PySide6 nothing in here is collected."""

from __future__ import annotations

try:
    import PySide6  # noqa: F401
except ImportError:
    collect_ignore_glob = ["*"]
else:
    import gc

    # as ui.app does: a worker thread must never be the one that ends a widget; make_desk collects between tests
    gc.disable()

    from tests.flows.desk import desk, locking_token, make_desk, no_stray_windows, themed, token_store

    __all__ = ["desk", "locking_token", "make_desk", "no_stray_windows", "themed", "token_store"]
