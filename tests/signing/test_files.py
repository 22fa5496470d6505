"""Results appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from signing.errors import DiskFull, FolderNotWritable
from signing.files import begins_with, replacing, sha256_of


def test_the_name_is_taken_only_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "new" / "a.pdf"
    with replacing(target) as part:
        part.write(b"half")
        assert not target.exists()
        part.write(b" whole")

    assert target.read_bytes() == b"half whole"
    assert list(target.parent.iterdir()) == [target]
    if sys.platform != "win32":
        assert stat.S_IMODE(target.stat().st_mode) & 0o444


def test_what_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    with pytest.raises(RuntimeError), replacing(target) as part:
        part.write(b"new")
        raise RuntimeError

    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's own full device in place of the temporary file."""
    monkeypatch.setattr("signing.files.tempfile.mkstemp",
                        lambda **_: (os.open("/dev/full", os.O_RDWR), str(tmp_path / "none.part")))
    with pytest.raises(DiskFull) as raised, replacing(tmp_path / "a.pdf") as part:
        part.write(b"x" * 100_000)

    assert raised.value.facts == {"folder": str(tmp_path)}
    assert not (tmp_path / "a.pdf").exists()


def test_a_place_that_cannot_hold_files_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(FolderNotWritable), replacing(tmp_path / "file" / "a.pdf"):
        pass


def test_an_error_of_the_system_while_writing_is_told_apart(tmp_path: Path) -> None:
    with pytest.raises(FolderNotWritable), replacing(tmp_path / "a.pdf"):
        raise OSError(errno.EROFS, "Read-only file system")


def test_prefixes_and_digests(tmp_path: Path) -> None:
    short, long, other = tmp_path / "s", tmp_path / "l", tmp_path / "o"
    short.write_bytes(b"abc")
    long.write_bytes(b"abcdef")
    other.write_bytes(b"abX")
    with short.open("rb") as s, long.open("rb") as whole, other.open("rb") as o:
        assert begins_with(whole, s)
        assert not begins_with(s, whole)
        assert not begins_with(whole, o)
    assert sha256_of(short) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
