"""SANE's own test device: piles, states, what it cannot do."""

from __future__ import annotations

import os
import sys
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from docclient.capture.batch import Batch
from docclient.capture.sources import sane
from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.model import Colour, Feed, Profile
from docclient.capture.sources.sane import SaneSource
from docclient.capture.sources.taking import PageTaken, Taken, take
from docclient.capture.sources.troubles import (
    CannotDo,
    CoverOpen,
    FeederEmpty,
    PaperJam,
    ScannerBusy,
    ScannerDenied,
    ScannerFailed,
    ScannerOffline,
    ScannerTrouble,
    ScanStopped,
    SourceUnknown,
)
from docclient.tools.scanimage import read_options, version
from tests.tools.programs import put_before

NEVER = Event()
GRID = "test:0?test-picture=Grid"
SMALL = Profile(dots_per_inch=200, width_mm=60, height_mm=80)


@pytest.fixture
def batch(tmp_path: Path):
    made = Batch.begin(tmp_path / "batches")
    yield made
    made.close()


def test_the_program_says_its_version():
    assert version() is not None


@pytest.fixture(autouse=True)
def soon_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test device hangs once in some thousand pages (see `sane.STILL_S`): that is told after seconds here."""
    monkeypatch.setattr(sane, "STILL_S", 15.0)


def whole_pile(told: PageTaken = lambda number, page: None, *, folder: Path, profile: Profile = SMALL) -> Taken:
    """The test device holds ten sheets. Where it hung, that was said, what came is there, and it is begun anew."""
    for attempt in range(3):
        batch = Batch.begin(folder / str(attempt))
        taken = take(SaneSource(GRID), profile, batch, NEVER, told)
        batch.close()
        assert batch.pages() == taken.pages
        if taken.trouble is None:
            return taken
        assert isinstance(taken.trouble, ScannerFailed) and taken.trouble.facts["reason"] == "> 15 s"
    pytest.fail("hung three times")


def test_the_feeder_gives_its_pile_and_ends(tmp_path: Path):
    taken = whole_pile(folder=tmp_path)
    assert len(taken.pages) == 10
    with Image.open(taken.pages[9]) as page:
        assert page.mode == "RGB" and page.size == (472, 629)
        assert round(page.info["dpi"][0]) == 200


def test_a_page_is_safe_before_the_next_is_drawn_in(tmp_path: Path):
    coming = []

    def told(number: int, page: Path) -> None:
        assert page.stat().st_size > 100_000 and page.name in (page.parent / "index.json").read_text()
        coming.append([file.name for part in page.parent.glob(".coming-*") for file in part.iterdir()])

    whole_pile(told, folder=tmp_path)
    assert len(coming) >= 10 and not any(coming)


@pytest.mark.skipif(sys.platform == "win32", reason="the driver's stand-in is a POSIX script")
def test_a_driver_that_hangs_in_the_middle_is_ended_and_what_came_is_kept(batch: Batch, tmp_path: Path,
                                                                         monkeypatch: pytest.MonkeyPatch):
    put_before(monkeypatch, tmp_path, "scanimage", HANGS_AT_THE_SECOND)
    monkeypatch.setattr(sane, "STILL_S", 0.5)
    taken = take(SaneSource("test:0"), SMALL, batch, NEVER)
    assert isinstance(taken.trouble, ScannerFailed) and taken.trouble.facts["reason"] == "> 0.5 s"
    assert [page.read_bytes() for page in taken.pages] == [b"a whole sheet"]
    assert not list(batch.folder.glob(".coming-*"))
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


HANGS_AT_THE_SECOND = """
if "-A" in sys.argv:
    print("    --source Flatbed|Automatic Document Feeder [Flatbed]")
    sys.exit()
from pathlib import Path
target = next(each for each in sys.argv if each.startswith("--batch=")).removeprefix("--batch=")
Path(target).parents[3].joinpath("pid").write_text(str(os.getpid()))
print("Place document no. 1 on the scanner.", file=sys.stderr, flush=True)
sys.stdin.readline()
Path(target % 1).write_bytes(b"a whole sheet")
print("Scanned page 1. (scanner status = 5)", file=sys.stderr, flush=True)
print("Place document no. 2 on the scanner.", file=sys.stderr, flush=True)
sys.stdin.readline()
Path((target % 2) + ".part").write_bytes(b"half")
time.sleep(600)
"""


def test_the_glass_gives_one_page_in_grey_if_asked(batch: Batch):
    profile = Profile(Feed.GLASS, Colour.GREY, 200, 60, 80)
    (page,) = take(SaneSource(GRID), profile, batch, NEVER).pages
    with Image.open(page) as picture:
        assert picture.mode == "L"


def test_a_number_of_pages_can_be_asked_for(tmp_path: Path):
    four = Profile(dots_per_inch=200, width_mm=60, height_mm=80, most=4)
    assert len(whole_pile(folder=tmp_path, profile=four).pages) == 4


@pytest.mark.parametrize(("status", "trouble"), [
    ("JAMMED", PaperJam), ("NO_DOCS", FeederEmpty), ("COVER_OPEN", CoverOpen), ("DEVICE_BUSY", ScannerBusy),
    ("IO_ERROR", ScannerOffline), ("ACCESS_DENIED", ScannerDenied), ("CANCELLED", ScanStopped)])
def test_each_state_of_the_device_has_its_own_name(batch: Batch, status: str, trouble: type[ScannerTrouble]):
    with pytest.raises(trouble) as told:
        take(SaneSource(f"test:0?read-return-value=SANE_STATUS_{status}"), SMALL, batch, NEVER)
    assert type(told.value) is trouble


def test_a_device_that_is_not_there_is_offline(batch: Batch):
    with pytest.raises(ScannerOffline):
        take(SaneSource("nosuch:0"), SMALL, batch, NEVER)


def test_what_it_cannot_do_is_told_with_what_it_can(batch: Batch):
    with pytest.raises(CannotDo) as refused:
        take(SaneSource(GRID), Profile(Feed.DUPLEX), batch, NEVER)
    assert refused.value.facts["offered"] == "Flatbed, Automatic Document Feeder"
    with pytest.raises(CannotDo) as refused:
        take(SaneSource(GRID), Profile(dots_per_inch=4_800), batch, NEVER)
    assert refused.value.facts["offered"] == "1–1200 dpi"


def test_stopping_ends_a_slow_page(batch: Batch):
    stop = Event()
    slow = SaneSource(GRID + "&read-delay=yes&read-delay-duration=200000")
    with pytest.raises(CancelledError):
        take(slow, Profile(dots_per_inch=600), batch, Stopping(stop, after=8))
    assert batch.pages() == () and not list(batch.folder.glob(".coming-*"))


class Stopping:
    """Says stop from the given time of asking on."""

    def __init__(self, stop: Event, after: int) -> None:
        self._stop, self._left = stop, after

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


def test_options_of_makers_are_read():
    told = ("    --source Flatbed|ADF|ADF Duplex [ADF]\n    --resolution 100|200|300|600dpi [300]\n"
            "    --mode Color|Gray|Lineart [Color]\n    -x 0..215.9mm (in steps of 0.1) [215.9]\n"
            "    -y 0..355mm [300]\n")
    found = read_options(told)
    assert found.sources == ("Flatbed", "ADF", "ADF Duplex") and found.resolutions == (100, 200, 300, 600)
    assert found.offers(300) and not found.offers(150) and {"x", "y"} <= found.names
    source = SaneSource("maker:0")
    assert [source._named(found.sources, feed) for feed in Feed] == ["Flatbed", "ADF", "ADF Duplex"]


@pytest.mark.parametrize("address", ["", "sane:", "abc", "ftp://x", "folder:"])
def test_what_is_no_source_is_told(address: str):
    with pytest.raises(SourceUnknown):
        source_at(address)
