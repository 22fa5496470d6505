"""Pages from a source into a batch: each is safe on the disk before the next is asked for."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from docclient.capture.batch import Batch, origins_below
from docclient.capture.originals import page_count
from docclient.capture.sources.model import Profile, Refused, Source
from docclient.capture.sources.splitting import single_pages
from docclient.errors import Trouble
from docclient.tools.running import Stop

PageTaken = Callable[[int, Path], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """pages: those that are safe. trouble: why no more came, when it was not the end of the pile; the batch can be
    gone on with once it is mended. refused: files that hold no page; the others went on."""

    pages: tuple[Path, ...]
    trouble: Trouble | None
    refused: tuple[Refused, ...] = ()


def take(source: Source, profile: Profile, batch: Batch, stop: Stop,
         told: PageTaken = lambda number, page: None, *, instead_of: str | None = None, at: int | None = None) -> Taken:
    """Take every page of the source into the batch.

    Whatever goes wrong after the first page leaves the pages that came; before it, the trouble is raised. A file that
    an earlier run had taken, but could not put by before it was cut off, is not taken again.

    Args:
        instead_of: the page that the first one is a better scan of; further ones follow it.
        at: the place of the first page; without it, at the end.
    Raises: as `Source.pages`; CancelledError (the pages that came stay in the batch).
    """
    pages: list[Path] = []
    refused: list[Refused] = []
    known = (origins_below(batch.folder.parent) | batch.origins) if source.gives_files else frozenset()
    if instead_of is not None:
        at = batch.arrangement.place_of(instead_of)
    waiting = Path(tempfile.mkdtemp(prefix=".coming-", dir=batch.folder))
    try:
        for sheet in source.pages(profile, waiting, stop):
            if isinstance(sheet, Refused):
                refused.append(sheet)
                continue
            origin = origin_of(sheet) if source.gives_files else ""
            parts = single_pages(sheet, page_count(sheet), waiting, stop) if source.gives_files else iter((sheet,))
            for number, part in enumerate(parts, 1):
                named = f"{origin}#{number}" if origin else ""
                content = part.read_bytes()
                if named not in known:
                    replaced = instead_of if not pages else None
                    page = batch.add(content, part.suffix, instead_of=replaced, origin=named,
                                     at=None if at is None or replaced else at + len(pages))
                    pages.append(page)
                    part.unlink(missing_ok=True)
                    told(len(pages), page)
                part.unlink(missing_ok=True)
            sheet.unlink(missing_ok=True)
    except Trouble as trouble:
        if not pages:
            raise
        return Taken(tuple(pages), trouble, tuple(refused))
    finally:
        shutil.rmtree(waiting, ignore_errors=True)
    return Taken(tuple(pages), None, tuple(refused))


def origin_of(sheet: Path) -> str:
    """Which file this is, wherever it lies: its content and when it was written."""
    with sheet.open("rb") as file:
        return f"{hashlib.file_digest(file, 'sha256').hexdigest()}@{sheet.stat().st_mtime_ns}"
