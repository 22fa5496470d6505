"""Run every test that is not about the window, with PySide6 unimportable: the core proves that it knows no Qt.

Several at once, as many as there are processors; `-n 0` runs them one by one. Each begins with a stretch of its own
(worksteal), so what is made once for a module or a session is mostly made in one process only.
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
    # the many programs that tests start read what is compiled, whatever this machine's habit
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    sys.exit(subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.without_qt", "-p", "no:pytest-qt",
         "-m", "not window and not slow", "-n", str(min(os.cpu_count() or 1, MOST_AT_ONCE)), "--dist", "worksteal",
         *sys.argv[1:]],
        cwd=ROOT, env=environment, check=False).returncode)
