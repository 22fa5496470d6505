"""What a transport remembers of its own work: which items were confirmed, which keys were sent.

    marks = CarriedMarks(folder / "mail-marks.txt")
    marks.put("sent", key)            # on disk on return
    marks.has("sent", key)

A line per mark, only ever appended to. A line that a power cut tore is not believed: the item comes again, and the
office knows that it has it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from contextlib import suppress
from pathlib import Path

from signing.files import trouble_of_writing

SUM_LETTERS = 8


class CarriedMarks:
    """Marks in one file, each a kind and a name. May be used from several threads of one process."""

    def __init__(self, path: Path) -> None:
        """Raises: FolderNotWritable when there is a file that cannot be read."""
        self.path = path
        self._lock = threading.Lock()
        self._marks: dict[tuple[str, str], str] = {}
        try:
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            lines = []
        except OSError as error:
            raise trouble_of_writing(error, path.parent) from error
        for line in lines:
            parts = line.split("\t")
            if len(parts) == 4 and parts[3] == checksum(*parts[:3]):
                self._marks[parts[0], parts[1]] = parts[2]

    def has(self, kind: str, name: str) -> bool:
        return (kind, name) in self._marks

    def note(self, kind: str, name: str) -> str | None:
        """What was written beside the mark; None without a mark."""
        return self._marks.get((kind, name))

    def put(self, kind: str, name: str, note: str = "") -> None:
        """Set a mark; once more is no fault. Raises: FolderNotWritable, DiskFull."""
        if any(letter in part for part in (kind, name, note) for letter in "\t\r\n"):
            raise ValueError("a mark is one line")
        with self._lock:
            if self._marks.get((kind, name)) == note:
                return
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with self.path.open("ab") as stream:
                    # begins with a line's end: a torn line before it spoils itself alone
                    stream.write(f"\n{kind}\t{name}\t{note}\t{checksum(kind, name, note)}".encode())
                    stream.flush()
                    with suppress(OSError):          # a network drive may know no fsync
                        os.fsync(stream.fileno())
            except OSError as error:
                raise trouble_of_writing(error, self.path.parent) from error
            self._marks[kind, name] = note


def checksum(kind: str, name: str, note: str) -> str:
    return hashlib.sha256(f"{kind}\t{name}\t{note}".encode()).hexdigest()[:SUM_LETTERS]
