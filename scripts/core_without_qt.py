"""Run every test that is not about the window, with PySide6 unimportable: the core proves that it knows no Qt.

Several at once, as many as there are processors; `-n 0` runs them one by one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_AT_ONCE = 4
"""Each has a database server and tokens of its own."""

if __name__ == "__main__":
    sys.exit(subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.without_qt", "-p", "no:pytest-qt",
         "-m", "not window and not slow", "-n", str(min(os.cpu_count() or 1, MOST_AT_ONCE)), *sys.argv[1:]],
        cwd=ROOT, check=False).returncode)
