"""A letter of three pages from the simulated scanner to the leader, by keyboard on the real window: median seconds."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence

from tests.benchmarks.bench import Figure, Setting

WANTED_S = 60.0


def run(setting: Setting) -> Sequence[Figure]:
    rounds = 4 if setting.quick else 20
    times = setting.folder / "times.json"
    environment = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"),
                   "OMP_THREAD_LIMIT": "1", "DOCCLIENT_PAPER_ROUNDS": str(rounds), "DOCCLIENT_PAPER_TIMES": str(times)}
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "window", "--timeout", "3000",
         "tests/flows/test_paper_minute.py"], env=environment, check=False, capture_output=True, text=True)
    if not times.is_file():
        return [Figure("paper to the leader", None, WANTED_S, ended.stdout.strip().rpartition("\n")[2], unit="s")]
    seconds = json.loads(times.read_text())
    return [Figure("paper to the leader, three pages", statistics.median(seconds), WANTED_S,
                   f"median of {len(seconds)}; slowest {max(seconds):.0f} s", unit="s")]
