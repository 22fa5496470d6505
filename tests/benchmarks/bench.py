"""What every benchmark gives back, and how long it may take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One line of the table. ratio: measured against something done in the same run; limit: what it is to keep, None
    where it only stands beside others. at_most: whether smaller is better."""

    name: str
    ratio: float | None
    limit: float | None
    detail: str
    at_most: bool = True
    unit: str = "×"

    @property
    def verdict(self) -> str:
        if self.limit is None or self.ratio is None:
            return ""
        held = self.ratio <= self.limit if self.at_most else self.ratio >= self.limit
        return "held" if held else "missed"


@dataclass(frozen=True)
class Setting:
    """folder: empty, on a real disk. quick: a fifth of the work, for a look; its figures are no statement."""

    folder: Path
    quick: bool


Benchmark = Callable[[Setting], Sequence[Figure]]


def require_signed(folder: Path, count: int) -> None:
    """What is compared with must have done the work: `count` files with a signature in each."""
    made = sorted(folder.glob("*.pdf"))
    assert len(made) == count and all(b"/ETSI.CAdES.detached" in file.read_bytes() for file in made)
