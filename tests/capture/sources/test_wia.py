"""Windows' scanner service behind the same interface; only against a stand-in, for there is no Windows here."""

from __future__ import annotations

import sys
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event

import pytest
from PIL import Image

from docclient.capture.batch import Batch
from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.model import Colour, Feed, FoundScanner, Profile
from docclient.capture.sources.taking import Taken, take
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
    WindowsOnly,
)
from docclient.capture.sources.wia import WiaSource, found
from tests.fakes.wia import WiaScanner

NEVER = Event()


@pytest.fixture
def batch(tmp_path: Path):
    made = Batch.begin(tmp_path / "batches")
    yield made
    made.close()


def scan(scanner: WiaScanner, batch: Batch, profile: Profile | None = None, stop: Event = NEVER) -> Taken:
    return take(WiaSource(scanner.DeviceID, lambda: scanner), profile or Profile(), batch, stop)


def test_scanners_are_named_and_cameras_are_none():
    scanner = WiaScanner()
    assert found(lambda: scanner) == (FoundScanner(f"wia:{scanner.DeviceID}", "Máy quét phòng văn thư", "WIA"),)
    assert source_at(f"wia:{scanner.DeviceID}").address == f"wia:{scanner.DeviceID}"


@pytest.mark.parametrize("only_bitmap", [False, True])
def test_a_pile_comes_whole_and_as_asked(batch: Batch, only_bitmap: bool):
    scanner = WiaScanner(sheets=3, only_bitmap=only_bitmap)
    taken = scan(scanner, batch, Profile(Feed.DUPLEX, Colour.GREY, 200))
    assert taken.trouble is None and [page.suffix for page in taken.pages] == [".png" if only_bitmap else ".tif"] * 3
    with Image.open(taken.pages[1]) as image:
        assert image.getpixel((5, 5)) == (40, 40, 40) and image.info["dpi"] == pytest.approx((300, 300), abs=0.1)
    assert {name: each.value for name, each in scanner.device.named.items()} == {"3086": 7, "3088": 5, "3096": 1}
    assert {name: each.value for name, each in scanner.item.named.items()} == {
        "6146": 2, "6147": 200, "6148": 200, "6149": 0, "6150": 0, "6151": 1654, "6152": 2339}


def test_a_sheet_larger_than_the_bed_takes_the_whole_bed(batch: Batch):
    scanner = WiaScanner()
    scan(scanner, batch, Profile(Feed.GLASS))
    assert (scanner.item("6151").value, scanner.item("6152").value) == (2480, 3400)
    assert len(batch.pages()) == 1 and scanner.device("3088").value == 2


@pytest.mark.parametrize(("code", "trouble"), [
    (0x80210002, PaperJam), (0x80210016, CoverOpen), (0x80210005, ScannerOffline), (0x80210006, ScannerBusy),
    (0x8021000D, ScannerBusy), (0x800704C7, ScanStopped), (0x80070005, ScannerDenied), (0x8021000E, ScannerFailed)])
def test_each_trouble_has_its_name_and_what_came_is_kept(batch: Batch, code: int, trouble: type[ScannerTrouble]):
    taken = scan(WiaScanner(fails_at=3, trouble=code), batch)
    assert type(taken.trouble) is trouble and len(taken.pages) == 2
    with pytest.raises(trouble):
        scan(WiaScanner(fails_at=1, trouble=code), batch)


def test_an_empty_feeder_ends_a_pile_and_begins_none(batch: Batch):
    with pytest.raises(FeederEmpty):
        scan(WiaScanner(sheets=0), batch)


def test_what_it_cannot_do_is_told(batch: Batch):
    with pytest.raises(CannotDo) as refused:
        scan(WiaScanner(capabilities=2), batch)
    assert refused.value.facts["offered"] == "glass"
    with pytest.raises(CannotDo) as refused:
        scan(WiaScanner(), batch, Profile(dots_per_inch=600))
    assert refused.value.facts["asked"] == "600 dpi"


def test_one_that_is_gone_is_offline_and_a_fault_of_ours_is_none_of_its(batch: Batch):
    with pytest.raises(ScannerOffline):
        take(WiaSource("another", WiaScanner), Profile(), batch, NEVER)
    with pytest.raises(ZeroDivisionError):
        take(WiaSource("another", lambda: 1 // 0), Profile(), batch, NEVER)


def test_stopping_keeps_what_came(batch: Batch):
    scanner, stop = WiaScanner(), Event()
    with pytest.raises(CancelledError):
        take(WiaSource(scanner.DeviceID, lambda: scanner), Profile(), batch, stop,
             told=lambda number, _: stop.set() if number == 2 else None)
    assert len(batch.pages()) == 2 and scanner.given == 2


@pytest.mark.skipif(sys.platform == "win32", reason="there it is")
def test_elsewhere_it_says_so(batch: Batch):
    with pytest.raises(WindowsOnly):
        take(source_at("wia:x"), Profile(), batch, NEVER)
