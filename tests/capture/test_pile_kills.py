"""The program is killed at each page of a pile: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import pytest

from docclient.capture.batch import Batch, recoverable
from docclient.capture.sources.escl import EsclSource
from docclient.capture.sources.model import Profile
from docclient.capture.sources.taking import take
from tests.fakes.escl_scanner import EsclScanner, sheet

SCANS_AND_DIES = """
import os, signal, sys
from pathlib import Path
from threading import Event
from docclient.capture import batch as batches
from docclient.capture.batch import Batch, recoverable
from docclient.capture.sources.escl import EsclSource
from docclient.capture.sources.model import Profile
from docclient.capture.sources.taking import take

root, address, moment = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
left = recoverable(root)
batch = Batch.reopen(left[0].folder) if left else Batch.begin(root)

def die(*_anything):
    os.kill(os.getpid(), signal.SIGKILL)

if moment == "between":          # the page lies there, the index does not know it yet
    batch._keep = die
take(EsclSource(address, pause_s=0.005), Profile(), batch, Event(), die)
"""


def killed_at_each_page(root: Path, pages: int) -> Batch:
    with EsclScanner(sheets=pages).on() as scanner:
        for number in range(1, pages + 1):
            ended = subprocess.run(
                [sys.executable, "-c", SCANS_AND_DIES, str(root), scanner.address,
                 "between" if number % 2 else "after"], check=False, timeout=60)
            assert ended.returncode == -signal.SIGKILL and scanner.given == number
            assert [left.pages for left in recoverable(root)] == [number]
    (left,) = recoverable(root)
    return Batch.reopen(left.folder)


def assert_whole(batch: Batch, pages: int) -> None:
    assert [page.read_bytes() for page in batch.pages()] == [sheet(number) for number in range(1, pages + 1)]
    batch.close()


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_killed_at_every_page_of_a_small_pile(tmp_path: Path):
    assert_whole(killed_at_each_page(tmp_path, 4), 4)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_killed_at_every_page_of_forty(tmp_path: Path):
    assert_whole(killed_at_each_page(tmp_path, 40), 40)


WATCHES_AND_DIES = """
import os, signal, sys
from pathlib import Path
from threading import Event
from docclient.capture.batch import Batch, recoverable
from docclient.capture.sources.files import WatchedFolder
from docclient.capture.sources.model import Profile
from docclient.capture.sources.taking import take

root, folder = Path(sys.argv[1]), Path(sys.argv[2])
left = recoverable(root)
batch = Batch.reopen(left[0].folder) if left else Batch.begin(root)
source = WatchedFolder(folder, look_every_s=0.005, quiet_s=0.02)
source._put_by = lambda *_anything: os.kill(os.getpid(), signal.SIGKILL)
take(source, Profile(), batch, Event())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills with a signal")
def test_killed_before_a_file_of_a_watched_folder_is_put_by(tmp_path: Path):
    folder, root = tmp_path / "may-quet", tmp_path / "scans"
    folder.mkdir()
    for number in (1, 2):
        (folder / f"scan{number}.jpg").write_bytes(sheet(number))
        os.utime(folder / f"scan{number}.jpg", ns=(0, number * 10**9))
    for _ in range(2):          # the second run meets the file of the first again, and is killed there too
        ended = subprocess.run([sys.executable, "-c", WATCHES_AND_DIES, str(root), str(folder)], check=False,
                               timeout=60)
        assert ended.returncode == -signal.SIGKILL
        assert [left.pages for left in recoverable(root)] == [1]


def test_after_a_cut_line_the_rest_goes_behind(tmp_path: Path):
    batch = Batch.begin(tmp_path)
    with EsclScanner(sheets=3, fails_at=2, trouble="cut").on() as scanner:
        taken = take(EsclSource(scanner.address, pause_s=0.005), Profile(), batch, Event())
        assert taken.trouble is not None and taken.trouble.code == "scanner.offline" and len(taken.pages) == 1
        scanner.fails_at = None
        take(EsclSource(scanner.address, pause_s=0.005), Profile(), batch, Event())
    assert_whole(batch, 3)
