"""Bytes in a folder are safe against a power cut when `put` returns: the file, its name, and its folder's name."""

from __future__ import annotations

from pathlib import Path

import pytest

from docclient.store import blobs
from docclient.store.blobs import FolderBlobs


def test_a_folder_is_made_to_last_once_and_each_name_in_it_always(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(blobs, "sync_folder", synced.append)
    store = FolderBlobs(tmp_path)
    folders: dict[str, int] = {}
    for number in range(400):                     # 256 folders: some hold several
        digest = store.put(str(number).encode())
        folders[digest[:2]] = folders.get(digest[:2], 0) + 1
        assert synced[0] == tmp_path / digest[:2]
        assert synced[1:] == ([tmp_path] if folders[digest[:2]] == 1 else [])
        synced.clear()
        store.put(str(number).encode())           # it has its name since
        assert synced == []
    assert max(folders.values()) > 1


def test_another_program_may_have_made_the_folder_and_been_cut_off(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = FolderBlobs(tmp_path).put(b"one")
    (tmp_path / first[:2] / first[2:]).unlink()
    synced: list[Path] = []
    monkeypatch.setattr(blobs, "sync_folder", synced.append)
    FolderBlobs(tmp_path).put(b"one")
    assert synced == [tmp_path / first[:2], tmp_path]
