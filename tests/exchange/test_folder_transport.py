"""Packets through a pair of folders, with everything that other programs and disks do to them."""

from __future__ import annotations

import errno
import os
import sys
import uuid
from pathlib import Path
from typing import IO

import pytest

from docclient.errors import DiskFull, FolderNotWritable
from docclient.exchange.directory import Unit
from docclient.exchange.errors import InboxNotReadable, ItemGone
from docclient.exchange.transports.base import Message, Outcome, Outgoing, Transport, TransportId
from docclient.exchange.transports.folder import FolderTransport

KEY = uuid.UUID("0192f0c4-7b1a-7c3e-9d2e-000000000001")


@pytest.fixture
def folders(tmp_path: Path) -> FolderTransport:
    return FolderTransport(tmp_path / "inbox", tmp_path / "outbox", units=[Unit("H99.02", "Sở Nội vụ")])


def arrive(folders: FolderTransport, name: str, content: bytes = b"<edXML/>", *, age_s: int = 60) -> Path:
    path = folders.inbox / name
    path.write_bytes(content)
    stamp = 1_700_000_000 - age_s
    os.utime(path, (stamp, stamp))
    return path


def listed(folders: FolderTransport) -> list[str]:
    return [waiting.name for waiting in folders.list()]


def ids(folders: FolderTransport) -> list[TransportId]:
    folders.list()
    return [waiting.id for waiting in folders.list()]


def test_it_is_a_transport(folders: FolderTransport) -> None:
    transport: Transport = folders
    assert [unit.code for unit in transport.directory()] == ["H99.02"]


def test_a_file_is_listed_when_two_looks_find_it_the_same(folders: FolderTransport) -> None:
    arrive(folders, "b.edxml", age_s=50)
    arrive(folders, "a.edxml", age_s=100)
    assert listed(folders) == []
    assert listed(folders) == ["a.edxml", "b.edxml"]


def test_a_file_that_grows_is_not_listed(folders: FolderTransport) -> None:
    arrive(folders, "a.edxml", b"<edXML>")
    folders.list()
    arrive(folders, "a.edxml", b"<edXML></edXML>")
    assert listed(folders) == []
    assert listed(folders) == ["a.edxml"]


def test_a_file_rewritten_in_place_is_not_listed(folders: FolderTransport) -> None:
    arrive(folders, "a.edxml", b"12345678", age_s=60)
    folders.list()
    arrive(folders, "a.edxml", b"abcdefgh", age_s=0)
    assert listed(folders) == []


@pytest.mark.parametrize("name", ["a.edxml.part", "a.PART", ".a.edxml", "~$a.doc", "a.tmp", "a.crdownload",
                                  "desktop.ini", "Thumbs.db", "a.edxml~"])
def test_files_being_written_are_left_alone(folders: FolderTransport, name: str) -> None:
    arrive(folders, name)
    assert ids(folders) == []


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights there")
def test_folders_and_links_are_no_packets(folders: FolderTransport, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"outside")
    (folders.inbox / "link.edxml").symlink_to(secret)
    (folders.inbox / "folder.edxml").mkdir()
    assert ids(folders) == []
    state = (folders.inbox / "link.edxml").lstat()
    with pytest.raises(ItemGone):
        folders.fetch(TransportId(f"{state.st_size:x}-{state.st_mtime_ns:x}-link.edxml"))


def test_fetching_changes_nothing(folders: FolderTransport) -> None:
    arrive(folders, "a.edxml", b"<edXML>1</edXML>")
    [item] = ids(folders)
    assert folders.fetch(item) == folders.fetch(item) == b"<edXML>1</edXML>"
    assert listed(folders) == ["a.edxml"]


@pytest.mark.parametrize("item", ["", "x", "1-1-", "1-1-..", "1-1-../a.edxml", "1-1-/etc/hostname", "1-1-a.edxml",
                                  "1-1-a\0b"])
def test_an_id_is_never_a_path(folders: FolderTransport, item: str) -> None:
    arrive(folders, "a.edxml")
    with pytest.raises(ItemGone):
        folders.fetch(TransportId(item))


def test_a_name_used_again_is_another_item(folders: FolderTransport) -> None:
    arrive(folders, "packet.edxml", b"1", age_s=60)
    [first] = ids(folders)
    folders.confirm(first, Outcome.DONE)
    arrive(folders, "packet.edxml", b"2", age_s=30)
    [second] = ids(folders)
    assert first != second
    assert folders.fetch(second) == b"2"
    with pytest.raises(ItemGone):
        folders.fetch(first)


def test_confirmed_items_move_and_replace_nothing(folders: FolderTransport) -> None:
    for number in range(3):
        arrive(folders, "packet.edxml", str(number).encode(), age_s=number)
        [item] = ids(folders)
        folders.confirm(item, Outcome.DONE)
    assert listed(folders) == []
    assert {path.name: path.read_bytes() for path in folders.done.iterdir()} == {
        "packet.edxml": b"0", "packet (2).edxml": b"1", "packet (3).edxml": b"2"}


def test_a_refused_item_lies_beside_its_reason(folders: FolderTransport) -> None:
    arrive(folders, "bad.edxml", b"not xml")
    [item] = ids(folders)
    folders.confirm(item, Outcome.FAILED, "packet.not_xml")
    assert {path.name: path.read_text() for path in folders.failed.iterdir()} == {
        "bad.edxml": "not xml", "bad.edxml.txt": "packet.not_xml"}


def test_confirming_again_is_no_fault(folders: FolderTransport) -> None:
    arrive(folders, "a.edxml")
    [item] = ids(folders)
    folders.confirm(item, Outcome.DONE)
    folders.confirm(item, Outcome.DONE)
    with pytest.raises(ItemGone):
        folders.confirm(TransportId("1-1-never.edxml"), Outcome.DONE)


def test_a_restart_finds_what_was_not_confirmed(folders: FolderTransport) -> None:
    arrive(folders, "a.edxml", b"1")
    [item] = ids(folders)
    folders.fetch(item)
    again = FolderTransport(folders.inbox, folders.outbox)
    assert ids(again) == [item]


def outgoing(content: bytes = b"<edXML/>", key: uuid.UUID = KEY) -> Outgoing:
    return Outgoing(key, content, Message.DOCUMENT, ("H99.02",))


def test_sending_lays_the_packet_under_our_own_name(folders: FolderTransport) -> None:
    sent = folders.send(outgoing(b"<edXML>1</edXML>"))
    [path] = folders.outbox.iterdir()
    assert (path.name, path.read_bytes(), sent.repeated) == (f"{KEY}.edxml", b"<edXML>1</edXML>", False)


def test_sending_again_under_the_same_key_sends_once(folders: FolderTransport) -> None:
    first = folders.send(outgoing())
    second = folders.send(outgoing())
    assert (second.id, second.repeated) == (first.id, True)
    assert len(list(folders.outbox.iterdir())) == 1
    with pytest.raises(ValueError, match=str(KEY)):
        folders.send(outgoing(b"another"))


def test_what_one_sends_the_other_receives(folders: FolderTransport, tmp_path: Path) -> None:
    other = FolderTransport(folders.outbox, tmp_path / "back")
    folders.send(outgoing(b"<edXML>1</edXML>"))
    [item] = ids(other)
    assert other.fetch(item) == b"<edXML>1</edXML>"


def test_a_full_disk_leaves_nothing_behind(folders: FolderTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        folders.send(outgoing())
    assert list(folders.outbox.iterdir()) == []


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(FolderNotWritable):
        FolderTransport(tmp_path / "inbox", tmp_path / "file" / "outbox")


def test_an_outbox_that_went_away(folders: FolderTransport) -> None:
    folders.outbox.rmdir()
    folders.outbox.write_bytes(b"")
    with pytest.raises(FolderNotWritable):
        folders.send(outgoing())


def test_an_inbox_that_went_away(folders: FolderTransport) -> None:
    arrive(folders, "a.edxml")
    [item] = ids(folders)
    (folders.inbox / "a.edxml").unlink()
    with pytest.raises(ItemGone):
        folders.fetch(item)
    for folder in (folders.done, folders.failed, folders.inbox):
        folder.rmdir()
    with pytest.raises(InboxNotReadable):
        folders.list()


def test_a_full_disk_while_confirming_leaves_the_item_waiting(
        folders: FolderTransport, monkeypatch: pytest.MonkeyPatch) -> None:
    arrive(folders, "a.edxml")
    [item] = ids(folders)
    real = os.open

    def full(path: str | Path, flags: int, *more: int) -> int | IO[bytes]:
        if flags & os.O_EXCL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(DiskFull):
        folders.confirm(item, Outcome.DONE)
    monkeypatch.undo()
    assert ids(folders) == [item]
