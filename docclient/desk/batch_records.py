"""A batch of the desk on this machine's disk, from its first document until the office has the last one.

    <data folder>/batches/<person>/<batch>/
        desk.json       which documents, which act, when begun
        batch/          the signer's own record of it (signing.batch.FolderStore)
        in/, out/       the files in hand; each goes when the office has its result
        check.zip       what was found about the certificate before it signed

No PIN and no key is in it. A batch that is over is taken away; one that was broken off stays until somebody goes on
with it or gives it up.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from platformdirs import user_data_path

from docclient.desk.signing_results import Outcome, result_of
from docclient.errors import BadInput, PlaceTrouble, Trouble, trouble_of_os_error
from docclient.office.door import Office
from docclient.office.model import Digest, DocumentId, PersonId, new_id
from signing.batch import BatchUnreadable, FolderStore, Item, State, is_busy
from signing.files import replacing

DESK, BATCH, CHECK = "desk.json", "batch", "check.zip"
FORM = 1
ABANDONED_S = 3_600.0
"""A folder without its record is left from a program killed in the moment of making it, once it is this old."""


class BatchAct(StrEnum):
    SIGN = "sign"
    SEAL = "seal"


@dataclass(frozen=True, slots=True)
class Entry:
    """A document of a batch. version, file: what was seen; a document to be sealed has none before it is numbered.
    acting_for: the absent person whose it is. annex: the file of it that is signed here, before the document itself;
    None for the document."""

    document: DocumentId
    title: str
    version: int | None = None
    file: Digest | None = None
    acting_for: PersonId | None = None
    annex: str | None = None


@dataclass(frozen=True, slots=True)
class KeptDocument:
    document: DocumentId
    title: str
    outcome: Outcome
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class UnfinishedBatch:
    """begun_at: aware UTC. entries and items go together, in the order of the batch."""

    folder: Path
    act: BatchAct
    begun_at: datetime
    entries: tuple[Entry, ...]
    items: tuple[Item, ...]

    @property
    def pairs(self) -> tuple[tuple[Item, Entry], ...]:
        """The documents themselves, without their annexes."""
        return tuple((item, entry) for item, entry in zip(self.items, self.entries, strict=True)
                     if entry.annex is None)

    @property
    def documents(self) -> tuple[KeptDocument, ...]:
        results = ((entry, result_of(item, entry.document, None)) for item, entry in self.pairs)
        return tuple(KeptDocument(entry.document, entry.title, result.outcome, result.trouble)
                     for entry, result in results)

    @property
    def returned(self) -> int:
        """How many the office has."""
        return sum(item.state is State.DELIVERED for item, _ in self.pairs)

    @property
    def signed(self) -> int:
        """How many the key has signed that the office has not: they need no PIN any more."""
        return len(self.signed_documents)

    @property
    def signed_documents(self) -> tuple[DocumentId, ...]:
        """Which ones those are."""
        return tuple(entry.document for item, entry in self.pairs if is_signed(item))

    @property
    def left(self) -> int:
        """How many still need the key, for themselves or for an annex."""
        return len({entry.document for item, entry in zip(self.items, self.entries, strict=True)
                    if not is_over(item) and not is_signed(item)})


def is_signed(item: Item) -> bool:
    """Signed and not handed over."""
    return item.state in {State.SIGNED, State.VERIFIED} or (
        item.state is State.FAILED and not is_over(item) and item.target.exists())


def is_over(item: Item) -> bool:
    """Nothing is left to be done for it: the office has it, or it failed for its own sake, or it was called off."""
    if item.state is State.FAILED:
        return not (item.target.exists() and isinstance(item.trouble, Trouble) and may_be_well_again(item.trouble))
    return item.state in {State.DELIVERED, State.CANCELLED}


def may_be_well_again(trouble: Trouble) -> bool:
    """Whether handing over what is signed may succeed later: the office was out of reach, the disk was full."""
    return isinstance(trouble, PlaceTrouble) or (not isinstance(trouble, BadInput) and trouble.exit_code.value == 5)


def batches_folder(office: Office) -> Path:
    """Where this person's batches lie: in the user's own data folder, on this machine. Persons' identities are unique
    over all offices."""
    return user_data_path("docclient", appauthor=False) / "batches" / office.me.person


@dataclass(frozen=True, slots=True)
class DeskBatch:
    """A batch that this program works on."""

    folder: Path
    act: BatchAct
    entries: tuple[Entry, ...]

    @classmethod
    def begin(cls, where: Path, act: BatchAct, entries: Sequence[Entry]) -> Self:
        """A new folder. Raises: FolderNotWritable, DiskFull."""
        folder = where / new_id()
        try:
            for name in ("in", "out"):
                (folder / name).mkdir(parents=True, mode=0o700)
            where.chmod(0o700)
        except OSError as error:
            raise trouble_of_os_error(error, folder / DESK) from error
        return cls(folder, act, tuple(entries))

    @property
    def store(self) -> Path:
        return self.folder / BATCH

    @property
    def check(self) -> Path:
        return self.folder / CHECK

    def source(self, index: int) -> Path:
        return self.folder / "in" / f"{index}.pdf"

    def target(self, index: int) -> Path:
        return self.folder / "out" / f"{index}.pdf"

    def write(self) -> None:
        """Raises: FolderNotWritable, DiskFull."""
        record: dict[str, Any] = {
            "form": FORM, "act": self.act, "begun_at": datetime.now(UTC).isoformat(),
            "documents": [{"document": each.document, "title": each.title, "version": each.version, "file": each.file,
                           "acting_for": each.acting_for, "annex": each.annex} for each in self.entries]}
        with replacing(self.folder / DESK) as file:
            file.write(json.dumps(record, ensure_ascii=False).encode())

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    @classmethod
    def of(cls, batch: UnfinishedBatch) -> Self:
        return cls(batch.folder, batch.act, batch.entries)


def unfinished_batches(office: Office, keep: Path | None = None) -> list[UnfinishedBatch]:
    """This person's batches that were broken off on this machine, oldest first. One that is being worked on now, by
    this or another window, is left out; one that is over and was only not taken away is taken away."""
    where = batches_folder(office) if keep is None else keep
    found = []
    for folder in sorted(where.iterdir()) if where.is_dir() else ():
        with suppress(Trouble, OSError):
            batch = _looked_at(folder)
            if batch is not None:
                found.append(batch)
    return sorted(found, key=lambda batch: batch.begun_at)


def _looked_at(folder: Path) -> UnfinishedBatch | None:
    if (folder / BATCH).is_dir() and is_busy(folder / BATCH):
        return None
    if not (folder / DESK).exists():
        if time.time() - folder.stat().st_mtime > ABANDONED_S:
            shutil.rmtree(folder, ignore_errors=True)
        return None
    batch = read_batch(folder)
    if all(is_over(item) for item in batch.items):
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return batch


def read_batch(folder: Path) -> UnfinishedBatch:
    """Raises: BatchUnreadable, FileNotReadable."""
    try:
        record = json.loads((folder / DESK).read_bytes())
        if record["form"] != FORM:
            raise BatchUnreadable(folder=str(folder))
        entries = tuple(Entry(DocumentId(each["document"]), each["title"], each["version"], each["file"],
                              each.get("acting_for"), each.get("annex"))
                        for each in record["documents"])
        items = tuple(FolderStore.look(folder / BATCH))
        if len(items) != len(entries):
            raise BatchUnreadable(folder=str(folder))
        return UnfinishedBatch(folder, BatchAct(record["act"]), datetime.fromisoformat(record["begun_at"]), entries,
                               items)
    except OSError as error:
        raise trouble_of_os_error(error, folder / DESK) from error
    except (KeyError, ValueError, TypeError) as error:
        raise BatchUnreadable(folder=str(folder)) from error


def give_up(batch: UnfinishedBatch) -> None:
    """The rest is not signed, and what was signed and not handed over is thrown away; in the office every document
    stands as it stood. Raises: BatchBusy, FolderNotWritable."""
    if (batch.folder / BATCH).is_dir():
        FolderStore.open(batch.folder / BATCH).close()     # nobody works on it
    DeskBatch.of(batch).remove()
