"""Pages from a source into a batch: each is safe on the disk before the next is asked for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docclient.capture.batch import Batch
from docclient.capture.sources.model import Profile, Source
from docclient.errors import Trouble
from docclient.tools.running import Stop

PageTaken = Callable[[int, Path], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """pages: those that are safe. trouble: why no more came, when it was not the end of the pile; the batch can be
    gone on with once it is mended."""

    pages: tuple[Path, ...]
    trouble: Trouble | None


def take(source: Source, profile: Profile, batch: Batch, stop: Stop,
         told: PageTaken = lambda number, page: None) -> Taken:
    """Take every page of the source into the batch.

    Whatever goes wrong after the first page leaves the pages that came; before it, the trouble is raised.
    Raises: as `Source.pages`; CancelledError (the pages that came stay in the batch).
    """
    pages: list[Path] = []
    waiting = Path(tempfile.mkdtemp(prefix=".coming-", dir=batch.folder))
    try:
        for sheet in source.pages(profile, waiting, stop):
            page = batch.add(sheet.read_bytes(), sheet.suffix)
            sheet.unlink(missing_ok=True)
            pages.append(page)
            told(len(pages), page)
    except Trouble as trouble:
        if not pages:
            raise
        return Taken(tuple(pages), trouble)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return Taken(tuple(pages), None)
