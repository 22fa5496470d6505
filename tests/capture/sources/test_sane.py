"""SANE's own test device: piles, states, what it cannot do."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from docclient.capture.batch import Batch
from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.model import Colour, Feed, Profile
from docclient.capture.sources.sane import SaneSource
from docclient.capture.sources.taking import take
from docclient.capture.sources.troubles import (
    CannotDo,
    CoverOpen,
    FeederEmpty,
    PaperJam,
    ScannerBusy,
    ScannerDenied,
    ScannerOffline,
    ScannerTrouble,
    ScanStopped,
    SourceUnknown,
)
from docclient.tools.scanimage import read_options, version

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


def test_the_feeder_gives_its_pile_and_ends(batch: Batch):
    taken = take(SaneSource(GRID), SMALL, batch, NEVER)
    assert taken.trouble is None and len(taken.pages) == 10      # the test device's feeder holds ten
    with Image.open(taken.pages[9]) as page:
        assert page.mode == "RGB" and page.size == (472, 629)
        assert round(page.info["dpi"][0]) == 200


def test_a_page_is_safe_before_the_next_is_drawn_in(batch: Batch):
    folder, coming = batch.folder, []

    def told(number: int, page: Path) -> None:
        assert page.stat().st_size > 100_000 and page.name in (folder / "index.json").read_text()
        coming.append([file.name for part in folder.glob(".coming-*") for file in part.iterdir()])

    take(SaneSource(GRID), SMALL, batch, NEVER, told)
    assert coming == [[]] * 10


def test_the_glass_gives_one_page_in_grey_if_asked(batch: Batch):
    profile = Profile(Feed.GLASS, Colour.GREY, 200, 60, 80)
    (page,) = take(SaneSource(GRID), profile, batch, NEVER).pages
    with Image.open(page) as picture:
        assert picture.mode == "L"


def test_a_number_of_pages_can_be_asked_for(batch: Batch):
    assert len(take(SaneSource(GRID), Profile(dots_per_inch=200, width_mm=60, height_mm=80, most=4), batch,
                    NEVER).pages) == 4


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
