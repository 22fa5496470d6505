"""What is asked of a scanner, and what a source of pages is, wherever they come from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from docclient.errors import Trouble
from docclient.tools.running import Stop

A4_MM = (210.0, 297.0)
DOTS_PER_INCH = 300
LEAST_DOTS_PER_INCH = 200
"""NĐ 30/2020 Art 25 and Annex VI: archival scans at 200 dpi and more."""


class Feed(StrEnum):
    """Where the paper lies."""

    GLASS = "glass"
    FEEDER = "feeder"
    DUPLEX = "duplex"            # the feeder, both sides of each sheet


class Colour(StrEnum):
    COLOUR = "colour"            # what the decree asks for: stamps are red, signatures blue
    GREY = "grey"


@dataclass(frozen=True, slots=True)
class Profile:
    """How to scan. dots_per_inch: of both directions. width_mm, height_mm: of the sheet, from its top left corner.
    most: pages after which the scan ends by itself; None: when the paper does (the glass always gives one)."""

    feed: Feed = Feed.FEEDER
    colour: Colour = Colour.COLOUR
    dots_per_inch: int = DOTS_PER_INCH
    width_mm: float = A4_MM[0]
    height_mm: float = A4_MM[1]
    most: int | None = None


@dataclass(frozen=True, slots=True)
class FoundScanner:
    """A scanner within reach. address: what `--source` takes. title: maker and model."""

    address: str
    title: str
    kind: str

    @property
    def tried(self) -> bool:
        """False where a real one was never here to try the program with."""
        return self.kind != "WIA"


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be a page, by its name, and why; it lies where it was, or beside the folder's other files."""

    file: str
    trouble: Trouble


class Source(Protocol):
    """Gives pages one by one, each a file that is whole when it is given."""

    @property
    def gives_files(self) -> bool:
        """Files that somebody else made, of one page or many; not sheets as a scanner delivers them."""

    @property
    def address(self) -> str:
        """As `--source` takes it."""

    def pages(self, profile: Profile, folder: Path, stop: Stop) -> Iterator[Path | Refused]:
        """The pages in order, each written into `folder` (on the same disk as the batch, empty at first).

        The next page is asked for only when the caller takes the next item: until then the scanner waits, so that
        what was given can be brought to safety. Setting `stop` ends it between or within pages.
        Raises: the troubles of `sources.troubles`, FolderNotWritable, DiskFull, ProgramMissing; CancelledError.
        """
