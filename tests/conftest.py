"""What all tests share."""

from __future__ import annotations

import os

import pytest

os.environ["OMP_THREAD_LIMIT"] = "1"      # Tesseract on two cores is many times faster with one thread each
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_ignore_collect(collection_path: os.PathLike[str], config: pytest.Config) -> bool | None:
    """Without Qt, modules of window tests cannot even be imported."""
    parts = os.fspath(collection_path).replace(os.sep, "/").split("/")
    if not config.pluginmanager.hasplugin("pytest-qt") and {"ui", "flows"} & set(parts[-2:-1]) and "tests" in parts:
        return True
    return None
