"""Folders that machines scan into, and files that are named."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event

import pytest

from docclient.capture.batch import Batch
from docclient.capture.sources.files import TAKEN, FilesSource, WatchedFolder
from docclient.capture.sources.model import Profile
from docclient.capture.sources.taking import take
from docclient.capture.sources.troubles import NoImageFormat
from docclient.errors import FileNotReadable
from tests.fakes.escl_scanner import sheet

NEVER = Event()
ALL = Profile()


@pytest.fixture
def batch(tmp_path: Path):
    made = Batch.begin(tmp_path / "batches")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "may-quet").mkdir()
    return tmp_path / "may-quet"


def watched(folder: Path, *, watch: bool = False) -> WatchedFolder:
    return WatchedFolder(folder, watch=watch, look_every_s=0.005, quiet_s=0.05)


def test_what_lies_there_is_taken_in_order_and_put_by(batch: Batch, folder: Path):
    for number in (1, 2, 3):
        (folder / f"scan{number}.jpg").write_bytes(sheet(number))
    (folder / "readme.txt").write_text("not a page")
    (folder / "scan4.jpg.part").write_bytes(b"half")
    taken = take(watched(folder), ALL, batch, NEVER)
    assert [page.read_bytes() for page in taken.pages] == [sheet(1), sheet(2), sheet(3)]
    assert sorted(file.name for file in (folder / TAKEN).iterdir()) == ["scan1.jpg", "scan2.jpg", "scan3.jpg"]
    assert sorted(file.name for file in folder.iterdir() if file.is_file()) == ["readme.txt", "scan4.jpg.part"]
    assert take(watched(folder), ALL, batch, NEVER).pages == ()


class WritingMachine:
    """Writes a file in small pieces, one at each look of the watcher; says stop when it has been taken."""

    def __init__(self, file: Path, content: bytes) -> None:
        self._file, self._content, self._at = file, content, 0

    def is_set(self) -> bool:
        if self._at < len(self._content):
            with self._file.open("ab") as file:
                file.write(self._content[self._at:self._at + 300])
            self._at += 300
        return self._at >= len(self._content) and not self._file.exists()


def test_a_file_being_written_is_waited_for(batch: Batch, folder: Path):
    machine = WritingMachine(folder / "slow.jpg", sheet(5) + bytes(5_000))
    (folder / "slow.jpg").touch()
    taken = take(watched(folder, watch=True), ALL, batch, machine)
    assert [page.read_bytes() for page in taken.pages] == [sheet(5) + bytes(5_000)]


def test_the_same_name_twice_is_two_pages(batch: Batch, folder: Path):
    for number in (1, 2):
        (folder / "scan.jpg").write_bytes(sheet(number))
        take(watched(folder), ALL, batch, NEVER)
    assert [page.read_bytes() for page in batch.pages()] == [sheet(1), sheet(2)]
    assert sorted(file.name for file in (folder / TAKEN).iterdir()) == ["scan-2.jpg", "scan.jpg"]


def test_stopping_a_wait_for_a_file_that_never_ends(batch: Batch, folder: Path):
    (folder / "empty.jpg").touch()
    stop = Event()
    stop.set()
    with pytest.raises(CancelledError):
        take(watched(folder), ALL, batch, stop)
    assert take(watched(folder, watch=True), ALL, batch, stop).pages == ()


def test_a_folder_that_is_not_there_is_told(batch: Batch, tmp_path: Path):
    with pytest.raises(FileNotReadable):
        take(watched(tmp_path / "khong-co"), ALL, batch, NEVER)


def test_named_files_keep_their_order(batch: Batch, folder: Path):
    for name in ("b.png", "a.PDF"):
        (folder / name).write_bytes(name.encode())
    taken = take(FilesSource([folder / "b.png", folder / "a.PDF"]), ALL, batch, NEVER)
    assert [(page.suffix, page.read_bytes()) for page in taken.pages] == [(".png", b"b.png"), (".pdf", b"a.PDF")]


def test_a_telephones_picture_is_refused_with_advice(batch: Batch, folder: Path):
    (folder / "IMG_1.HEIC").write_bytes(b"....ftypheic")
    with pytest.raises(NoImageFormat):
        take(FilesSource([folder / "IMG_1.HEIC"]), ALL, batch, NEVER)
