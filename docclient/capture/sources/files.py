"""Files as a source: chosen, dropped on the window, or laid into a folder that a machine scans into.

A file that is still being written is waited for: it counts as whole when two looks, a while apart, find the same size
and time and nobody has it open for writing alone. What was taken from a watched folder moves into `da-nhan` beside it,
what cannot be a page into `khong-nhan`.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from threading import Event

from docclient.capture.errors import PdfSigned
from docclient.capture.sources.model import Profile, Refused
from docclient.capture.sources.splitting import must_be_usable
from docclient.capture.sources.troubles import NoImageFormat
from docclient.errors import BadInput, FileNotReadable, trouble_of_os_error
from docclient.tools.running import Stop

TAKEN, REFUSED = "da-nhan", "khong-nhan"
LOOK_EVERY_S = 1.0
QUIET_S = 2.0
"""How long a file must not have changed: machines write a page at a stroke, with pauses between pages."""
READ = frozenset({".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff"})
PHONES = frozenset({".heic", ".heif"})
UNFINISHED = (".part", ".tmp", ".crdownload", ".filepart")


class FilesSource:
    """Files that a person has named, in their order."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = tuple(files)

    address = "files"
    gives_files = True

    def pages(self, profile: Profile, folder: Path, stop: Stop) -> Iterator[Path | Refused]:
        """Raises: FolderNotWritable, DiskFull; CancelledError."""
        for number, file in enumerate(self._files[:profile.most], 1):
            if stop.is_set():
                raise CancelledError
            yield usable(file, folder / f"sheet-{number:04d}", stop)


class WatchedFolder:
    """A folder that machines scan into."""

    def __init__(self, folder: Path, *, watch: bool = False, look_every_s: float = LOOK_EVERY_S,
                 quiet_s: float = QUIET_S) -> None:
        """watch: wait for further files until stopped; else what lies there now, once it is whole, is all."""
        self._folder, self._watch, self._look_every_s, self._quiet_s = folder, watch, look_every_s, quiet_s

    gives_files = True

    @property
    def address(self) -> str:
        return f"folder:{self._folder}"

    def pages(self, profile: Profile, folder: Path, stop: Stop) -> Iterator[Path | Refused]:
        """Raises: FileNotReadable (no such folder), FolderNotWritable, DiskFull; CancelledError, not when watching."""
        number = 0
        seen: dict[Path, tuple[int, int, float]] = {}
        while profile.most is None or number < profile.most:
            waiting = self._waiting()
            whole = next((file for file in waiting if self._whole(file, seen)), None)
            if whole is not None:
                number += 1
                page = usable(whole, folder / f"sheet-{number:04d}", stop)
                yield page                       # safe elsewhere when this goes on
                self._put_by(whole, REFUSED if isinstance(page, Refused) else TAKEN)
                continue
            if not waiting and not self._watch:
                return
            if stop.is_set():
                if self._watch:
                    return
                raise CancelledError
            Event().wait(self._look_every_s)

    def _waiting(self) -> list[Path]:
        try:
            return sorted((file for file in self._folder.iterdir() if file.is_file() and file.suffix.lower() in READ
                           and not file.name.startswith((".", "~")) and not file.name.lower().endswith(UNFINISHED)),
                          key=lambda file: (file.stat().st_mtime_ns, file.name))
        except FileNotFoundError as error:
            if self._folder.is_dir():
                return []                        # somebody else took a file between two looks
            raise trouble_of_os_error(error, self._folder) from error
        except OSError as error:
            raise trouble_of_os_error(error, self._folder) from error

    def _whole(self, file: Path, seen: dict[Path, tuple[int, int, float]]) -> bool:
        try:
            found = file.stat()
            with file.open("r+b" if os.access(file, os.W_OK) else "rb"):
                pass                             # on Windows this fails while the writer has it
        except OSError:
            return False
        present = time.monotonic()
        size, changed, since = seen.get(file, (-1, -1, present))
        if (size, changed) != (found.st_size, found.st_mtime_ns):
            seen[file] = found.st_size, found.st_mtime_ns, present
            return False
        return found.st_size > 0 and present - since >= self._quiet_s

    def _put_by(self, file: Path, where: str) -> None:
        """Raises: FolderNotWritable, DiskFull. What was taken is known by its content until the pile is a letter."""
        beside = self._folder / where
        try:
            beside.mkdir(exist_ok=True)
            target, number = beside / file.name, 2
            while target.exists():
                target, number = beside / f"{file.stem}-{number}{file.suffix}", number + 1
            file.replace(target)
        except OSError as error:
            raise trouble_of_os_error(error, beside) from error


def usable(file: Path, target: Path, stop: Stop) -> Path | Refused:
    """A copy of the file under `target` with its suffix, or why it is none.

    Raises: FolderNotWritable, DiskFull; CancelledError.
    """
    try:
        copy = copied(file, target.with_suffix(suffix_of(file)))
    except (NoImageFormat, FileNotReadable) as trouble:
        return Refused(file.name, trouble)
    try:
        must_be_usable(copy, stop)
    except (BadInput, PdfSigned) as trouble:
        copy.unlink(missing_ok=True)
        trouble.facts["file"] = file.name       # not the copy's
        return Refused(file.name, trouble)
    return copy


def suffix_of(file: Path) -> str:
    """Raises: NoImageFormat."""
    suffix = file.suffix.lower()
    if suffix in PHONES:
        raise NoImageFormat(file=file.name)
    return suffix


def copied(file: Path, target: Path) -> Path:
    """A copy whose bytes are on the disk. Raises: FileNotReadable, FolderNotWritable, DiskFull."""
    try:
        with file.open("rb") as source:
            try:
                with target.open("wb") as copy:
                    shutil.copyfileobj(source, copy, 1 << 20)
                    copy.flush()
                    os.fsync(copy.fileno())
            except OSError as error:
                with suppress(OSError):
                    target.unlink(missing_ok=True)
                raise trouble_of_os_error(error, target) from error
    except OSError as error:
        raise FileNotReadable(file=str(file), reason=error.strerror or type(error).__name__) from error
    written = file.stat()
    os.utime(target, ns=(written.st_atime_ns, written.st_mtime_ns))
    return target
