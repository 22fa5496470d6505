"""A pytest plugin that makes PySide6 unimportable: office and signer must do without (scripts/core_without_qt.py)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pytest

FORBIDDEN = {"PySide6", "shiboken6"}


class NoQt(MetaPathFinder):
    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        if name.partition(".")[0] in FORBIDDEN:
            raise ImportError(f"{name}: the core runs without Qt")


sys.meta_path.insert(0, NoQt())


def pytest_addoption(parser: pytest.Parser) -> None:
    """pytest-qt is off in this run; its settings in pyproject.toml must stay known words."""
    for name in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
        parser.addini(name, "of pytest-qt", type="linelist" if name == "qt_log_ignore" else "string")
