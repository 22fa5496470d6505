"""Packets through a pair of folders: another program lays files into the inbox and takes them from the outbox.

    inbox/            what waits; a file is listed when two looks find it unchanged and it can be opened
    inbox/done/       confirmed and taken in          inbox/failed/   set aside, each with its reason beside it
    outbox/           <key>.edxml, each appearing whole under its name in one step

No name in here comes from a packet's content, and nothing is ever overwritten or deleted.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime
from pathlib import Path

from docclient.errors import Trouble, reason_of_os_error
from docclient.exchange.directory import Unit
from docclient.exchange.errors import InboxNotReadable, ItemGone, ItemNotReadable
from docclient.exchange.names import unique_file_name
from docclient.exchange.transports.base import Outcome, Outgoing, Sent, TransportId, Waiting
from signing.files import replacing, trouble_of_writing

UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".writing", "~")
"""Endings under which programs write a file before they give it its name."""
_NOT_PACKETS = {"desktop.ini", "thumbs.db"}


class FolderTransport:
    """One pair of folders. Makes them when they are missing.

    Raises: FolderNotWritable when a folder cannot be made.
    """

    def __init__(self, inbox: Path, outbox: Path, *, done: Path | None = None, failed: Path | None = None,
                 units: Sequence[Unit] = ()) -> None:
        self.inbox, self.outbox = inbox, outbox
        self.done, self.failed = done or inbox / "done", failed or inbox / "failed"
        self._units = tuple(units)
        self._last_look: dict[str, tuple[int, int]] = {}
        for folder in (self.inbox, self.outbox, self.done, self.failed):
            _make(folder)

    def list(self) -> Sequence[Waiting]:
        """The files that have not changed since the last call and can be opened; oldest first.

        A file is therefore listed by the second call that sees it at the earliest. Nothing is waited for in here.
        Raises: InboxNotReadable.
        """
        looked: dict[str, tuple[int, int]] = {}
        found: list[tuple[int, Waiting]] = []
        try:
            entries = [entry for entry in os.scandir(self.inbox) if _may_be_packet(entry)]
        except OSError as error:
            raise InboxNotReadable(folder=str(self.inbox), reason=reason_of_os_error(error)) from error
        for entry in entries:
            with suppress(OSError):    # gone between the two calls: another look will tell
                state = entry.stat(follow_symlinks=False)
                looked[entry.name] = (state.st_size, state.st_mtime_ns)
                if self._last_look.get(entry.name) == looked[entry.name] and _closed(Path(entry.path)):
                    found.append((state.st_mtime_ns, Waiting(
                        _item(entry.name, state), entry.name, state.st_size,
                        datetime.fromtimestamp(state.st_mtime, UTC))))
        self._last_look = looked
        return [waiting for _, waiting in sorted(found, key=lambda pair: (pair[0], pair[1].name))]

    @property
    def saw_files(self) -> bool:
        """Whether the last look found any, listed or not yet."""
        return bool(self._last_look)

    def fetch(self, item: TransportId) -> bytes:
        path = self._find(item)
        if path is None:
            raise ItemGone(item=_name(item))
        try:
            return path.read_bytes()
        except FileNotFoundError as error:
            raise ItemGone(item=_name(item)) from error
        except OSError as error:
            raise ItemNotReadable(item=_name(item), reason=reason_of_os_error(error)) from error

    def send(self, packet: Outgoing) -> Sent:
        """Lay a packet into the outbox under its key.

        Raises: FolderNotWritable, DiskFull; ValueError when one key stands for two packets.
        """
        target = self.outbox / f"{packet.key}.edxml"
        if target.exists():
            if _holds(target, packet.content):
                return Sent(TransportId(target.name), repeated=True)
            raise ValueError(f"the key {packet.key} was used for another packet")
        _make(self.outbox)
        with replacing(target) as stream:
            stream.write(packet.content)
        return Sent(TransportId(target.name))

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        """Move an item to done/ or failed/, the latter with its reason beside it.

        Raises: ItemGone when it is neither waiting nor confirmed, FolderNotWritable, DiskFull.
        """
        folder = self.done if outcome is Outcome.DONE else self.failed
        path = self._find(item)
        if path is None:
            if any((place / _name(item)).exists() for place in (self.done, self.failed)):
                return                 # confirmed before: a retry after a crash
            raise ItemGone(item=_name(item))
        _make(folder)
        moved = _move_beside(path, folder)
        self._last_look.pop(path.name, None)
        if reason and outcome is Outcome.FAILED:
            with replacing(folder / f"{moved.name}.txt") as stream:
                stream.write(reason.encode())

    def round(self) -> AbstractContextManager[None]:
        return nullcontext()

    def directory(self) -> Sequence[Unit]:
        return self._units

    def _find(self, item: TransportId) -> Path | None:
        """The waiting file of this id, unless another has taken its name since."""
        name = _name(item)
        if not name or name in {".", ".."} or Path(name).name != name or "\\" in name or "/" in name:
            return None
        path = self.inbox / name
        try:
            state = path.lstat()
        except (OSError, ValueError):
            return None
        return path if stat.S_ISREG(state.st_mode) and _item(name, state) == item else None


def _item(name: str, state: os.stat_result) -> TransportId:
    """The id says size and time too: a sender that uses one name for many packets must not make them one."""
    return TransportId(f"{state.st_size:x}-{state.st_mtime_ns:x}-{name}")


def _name(item: TransportId) -> str:
    return item.split("-", 2)[2] if item.count("-") >= 2 else ""


def _may_be_packet(entry: os.DirEntry[str]) -> bool:
    name = entry.name.casefold()
    if name.startswith((".", "~$")) or name.endswith(UNFINISHED) or name in _NOT_PACKETS:
        return False
    return entry.is_file(follow_symlinks=False)


def _closed(path: Path) -> bool:
    """Whether it can be opened: Windows denies it while another program still writes."""
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False


def _holds(path: Path, content: bytes) -> bool:
    try:
        if path.stat().st_size != len(content):
            return False
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest() == hashlib.sha256(content).digest()
    except OSError:
        return False


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise trouble_of_writing(error, folder) from error


def _move_beside(path: Path, folder: Path) -> Path:
    """Move a file into a folder under its own name, or the next free one; an existing file is never replaced.

    The name is reserved first (creating fails where it exists), so that two programs cannot take the same one.
    """
    taken: set[str] = set()
    while True:
        target = folder / unique_file_name(path.name, taken)
        try:
            os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        except FileExistsError:
            taken.add(target.name.casefold())
            continue
        except OSError as error:
            raise trouble_of_writing(error, folder) from error
        try:
            path.replace(target)
        except OSError as error:
            with suppress(OSError):
                target.unlink()
            raise _trouble_of_moving(error, path, folder) from error
        return target


def _trouble_of_moving(error: OSError, path: Path, folder: Path) -> Trouble:
    if isinstance(error, FileNotFoundError):
        return ItemGone(item=path.name)
    return trouble_of_writing(error, folder)
