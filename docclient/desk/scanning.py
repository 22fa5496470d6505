"""A pile of paper from the scanner to a letter of the office: kept on disk page by page until the office has it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from platformdirs import user_data_path

from docclient.capture.batch import Batch, LeftBatch, recoverable
from docclient.capture.sources.model import Profile, Source
from docclient.capture.sources.taking import PageTaken, take
from docclient.desk.drafting import Progress, silent
from docclient.desk.paper import take_in_paper
from docclient.errors import Trouble
from docclient.office.door import Office, Receipt
from docclient.office.model import VIETNAM


@dataclass(frozen=True, slots=True)
class Pile:
    """Pages that are safe. trouble: why no more came, when it was not the end of the paper."""

    folder: Path
    pages: int
    trouble: Trouble | None


def piles_folder() -> Path:
    """Where piles lie until they are letters: on this machine, this user's alone."""
    return user_data_path("docclient", appauthor=False) / "scans"


def scan_pile(root: Path, source: Source, profile: Profile, *, folder: Path | None = None,
              told: PageTaken = lambda number, page: None, stop: threading.Event) -> Pile:
    """Scan what lies there. folder: of a pile that is gone on with; without it a new one begins below `root`.

    Raises: what the source raises before its first page; CancelledError with the pages that came kept, if any did.
    """
    batch = Batch.reopen(folder) if folder is not None else Batch.begin(root)
    try:
        taken = take(source, profile, batch, stop, told)
    finally:
        pages = len(batch.pages())
        if pages:
            batch.close()
        else:
            batch.discard()
    return Pile(batch.folder, pages, taken.trouble)


def letter_of(office: Office, folder: Path, *, progress: Progress = silent,
              stop: threading.Event | None = None) -> Receipt:
    """Digitise a pile as one letter; once the office has it, the pile is taken away."""
    batch = Batch.reopen(folder)
    try:
        scanned = batch.begun.astimezone(VIETNAM)
        receipt = take_in_paper(office, batch.pages(), progress=progress, stop=stop, name=pile_name(scanned))
    except BaseException:
        batch.close()
        raise
    batch.discard()
    return receipt


def pile_name(begun: datetime) -> str:
    """The file's name: nothing of its content is known yet."""
    return f"quet-{begun:%Y%m%d-%H%M%S}.pdf"


def piles_left(root: Path) -> list[LeftBatch]:
    """Piles that an earlier run left: a crash, a power cut, a jam that nobody cleared. The oldest first."""
    return recoverable(root) if root.is_dir() else []


def throw_away(folder: Path) -> None:
    """A person said that these pages are not wanted. Raises: BatchInUse, BatchDamaged."""
    Batch.reopen(folder).discard()
