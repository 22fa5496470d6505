"""Speed and memory, each figure a ratio within one run.

    python -m tests.benchmarks [--quick] [NAME…]
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from tests.benchmarks.bench import Figure, Setting

NAMES = ("slow_token", "fast_token", "large_scan", "window_gaps", "verify_letters", "verify_large",
         "first_verdict", "office_reading", "office_search", "office_commands", "office_opening", "directory",
         "packets", "reading", "paper_minute")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--quick", action="store_true", help="a fifth of the work; the figures are no statement")
    chosen = parser.parse_args()
    figures: list[Figure] = []
    for name in chosen.names or NAMES:
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            figures += importlib.import_module(f"tests.benchmarks.{name}").run(Setting(Path(folder), chosen.quick))
        sys.stderr.write(f"{name}: {time.monotonic() - begun:.0f} s\n")
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    sys.stdout.write(f"{os.cpu_count()} processors{load}{', quick' if chosen.quick else ''}\n")
    sys.stdout.write("\n".join(table(figures)) + "\n")


def table(figures: Iterable[Figure]) -> list[str]:
    rows = [("figure", "found", "limit", "", "")]
    for figure in figures:
        sign = "≤" if figure.at_most else "≥"
        rows.append((
            figure.name, "-" if figure.ratio is None else f"{figure.ratio:.2f} {figure.unit}",
            "" if figure.limit is None else f"{sign} {figure.limit:g} {figure.unit}", figure.verdict, figure.detail))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return ["  ".join([*(cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True)), row[4]]).rstrip()
            for row in rows]


if __name__ == "__main__":
    main()
