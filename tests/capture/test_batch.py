"""A batch loses nothing through a crash and is offered again; two processes never hold one batch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from docclient.capture import batch as batch_module
from docclient.capture.arranging import Aside, Leaf
from docclient.capture.batch import Batch, BatchDamaged, BatchInUse, recoverable
from docclient.errors import DiskFull

ADDS_AND_DIES = """
import os, sys
from pathlib import Path
from docclient.capture.batch import Batch
batch = Batch.begin(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    batch.add(b"page %d" % number, ".png")
os.kill(os.getpid(), 9)
"""


@pytest.mark.parametrize("pages", [1, 4])
def test_pages_of_a_killed_process_are_offered_and_go_on(tmp_path, pages):
    subprocess.run([sys.executable, "-c", ADDS_AND_DIES, str(tmp_path), str(pages)], check=False)
    (left,) = recoverable(tmp_path)
    assert left.pages == pages
    assert left.begun.tzinfo is not None
    batch = Batch.reopen(left.folder)
    batch.add(b"one more", ".jpg")
    found = [page.read_bytes() for page in batch.pages()]
    assert found == [*(b"page %d" % number for number in range(pages)), b"one more"]
    batch.discard()
    assert recoverable(tmp_path) == []


def test_a_page_written_but_not_yet_listed_is_taken_in(tmp_path, monkeypatch):
    batch = Batch.begin(tmp_path)
    batch.add(b"first", ".png")
    monkeypatch.setattr(Batch, "_write_index", lambda self: None)      # power goes between page and index
    batch.add(b"second", ".png")
    batch.close()
    monkeypatch.undo()
    assert recoverable(tmp_path)[0].pages == 2
    again = Batch.reopen(batch.folder)
    assert [page.read_bytes() for page in again.pages()] == [b"first", b"second"]
    again.close()


def test_a_batch_at_work_is_neither_offered_nor_opened_twice(tmp_path):
    batch = Batch.begin(tmp_path)
    batch.add(b"page", ".png")
    assert recoverable(tmp_path) == []
    with pytest.raises(BatchInUse):
        Batch.reopen(batch.folder)
    batch.close()
    assert len(recoverable(tmp_path)) == 1


def test_an_empty_batch_is_not_offered(tmp_path):
    Batch.begin(tmp_path).close()
    assert recoverable(tmp_path) == []


def test_a_new_order_and_pages_set_aside_survive(tmp_path):
    batch = Batch.begin(tmp_path)
    first, second, third = (batch.add(name, ".png") for name in (b"1", b"2", b"3"))
    batch.reorder((third, first))
    batch.close()
    again = Batch.reopen(batch.folder)
    assert again.pages() == (third, first)
    assert again.add(b"4", ".png").name == "page-0004.png"
    again.reorder((*again.pages(), second))                 # brought back
    assert [page.read_bytes() for page in again.pages()] == [b"3", b"1", b"4", b"2"]
    with pytest.raises(ValueError, match="not the pages"):
        again.reorder((first, first))
    again.close()


def test_a_full_disk_leaves_the_batch_as_it_was(tmp_path, monkeypatch):
    batch = Batch.begin(tmp_path)
    batch.add(b"page", ".png")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        batch.add(b"another", ".png")
    monkeypatch.undo()
    assert [page.read_bytes() for page in batch.pages()] == [b"page"]
    assert sorted(file.name for file in batch.folder.iterdir()) == ["index.json", "lock", "page-0001.png"]
    batch.close()


@pytest.mark.parametrize("index", ["", "[]", "{}", '{"begun": "2026-03-05T08:00:00", "pages": [], "aside": []}',
                                   '{"begun": "2026-03-05T08:00:00+00:00", "pages": ["../../secret"], "aside": []}'])
def test_an_index_that_cannot_be_read_says_where_the_pages_lie(tmp_path, index):
    batch = Batch.begin(tmp_path)
    batch.add(b"page", ".png")
    batch.close()
    (batch.folder / batch_module.INDEX).write_text(index)
    assert recoverable(tmp_path)[0].pages == 1
    with pytest.raises(BatchDamaged) as damaged:
        Batch.reopen(batch.folder)
    assert Path(str(damaged.value.facts["folder"])) == batch.folder


def test_turns_letters_and_reasons_survive(tmp_path):
    batch = Batch.begin(tmp_path)
    for content in (b"1", b"2", b"3"):
        batch.add(content, ".png")
    batch.judge(["page-0003.png"])
    arranged = batch.arrangement.turned(0, 270).split(1).taken_out(2, Aside.BLANK)
    batch.arrange(arranged)
    batch.close()
    again = Batch.reopen(batch.folder)
    assert again.arrangement == arranged and again.judged == {"page-0003.png"}
    with pytest.raises(ValueError, match="not the pages"):
        again.arrange(arranged.inserted(0, Leaf("page-0009.png")))
    again.close()


def test_a_better_scan_takes_the_place_and_a_late_one_its_own(tmp_path):
    batch = Batch.begin(tmp_path)
    for content in (b"1", b"2", b"3"):
        batch.add(content, ".png")
    batch.add(b"2 again", ".png", instead_of="page-0002.png")
    batch.add(b"between", ".png", at=1)
    assert [page.read_bytes() for page in batch.pages()] == [b"1", b"between", b"2 again", b"3"]
    assert batch.arrangement.aside == ((Leaf("page-0002.png"), Aside.REPLACED),)
    batch.close()


def test_pages_that_became_a_letter_are_offered_no_more_even_while_their_files_lie_there(tmp_path, monkeypatch):
    batch = Batch.begin(tmp_path)
    for content in (b"1", b"2"):
        batch.add(content, ".png")
    monkeypatch.setattr(Path, "unlink", lambda self, missing_ok=False: None)      # power goes before the files do
    batch.became(["page-0001.png"])
    monkeypatch.undo()
    batch.close()
    assert (batch.folder / "page-0001.png").is_file() and recoverable(tmp_path)[0].pages == 1
    again = Batch.reopen(batch.folder)
    assert [page.name for page in again.pages()] == ["page-0002.png"]
    assert again.add(b"3", ".png").name == "page-0003.png"
    again.discard()


def test_an_index_of_an_earlier_version_is_understood(tmp_path):
    batch = Batch.begin(tmp_path)
    for content in (b"1", b"2"):
        batch.add(content, ".png")
    batch.close()
    (batch.folder / batch_module.INDEX).write_text(json.dumps(
        {"begun": batch.begun.isoformat(), "pages": ["page-0002.png"], "aside": ["page-0001.png"]}))
    again = Batch.reopen(batch.folder)
    assert [page.name for page in again.pages()] == ["page-0002.png"]
    assert again.arrangement.aside == ((Leaf("page-0001.png"), Aside.TAKEN_OUT),)
    again.close()
