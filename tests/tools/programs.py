"""Outside programs that misbehave, put before the real ones on PATH."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest


def put_before(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, body: str) -> Path:
    """A program `name` whose Python text is `body`, found before any other of that name."""
    place = folder / "programs"
    place.mkdir(exist_ok=True)
    program = place / name
    program.write_text(f"#!{sys.executable}\nimport os, signal, subprocess, sys, time\n{body}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    return program
