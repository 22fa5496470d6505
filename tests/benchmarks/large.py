"""The large office that the office's benchmarks share (tests/generators/kept.py), and how their times are told."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from docclient.office.engine import OfficeEngine
from tests.benchmarks.bench import Setting
from tests.generators.kept import large_office

ENGINES = ("sqlite", "postgresql")
DOCUMENTS = {False: 1_000_000, True: 200_000}
"""By whether it is a quick run."""


@contextmanager
def opened(name: str, setting: Setting) -> Iterator[OfficeEngine]:
    with large_office(name, DOCUMENTS[setting.quick]) as place:
        engine = OfficeEngine.open(place)
        try:
            yield engine
        finally:
            engine.close()


def median(times: Sequence[float]) -> float:
    return statistics.median(times)


def percentile(times: Sequence[float], percent: int) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
