"""Run every test that is not about the window, with PySide6 unimportable: the core proves that it knows no Qt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    sys.exit(subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.without_qt", "-p", "no:pytest-qt", "-m", "not window",
         *sys.argv[1:]], cwd=ROOT, check=False).returncode)
