"""Scanners behind Windows' own service (WIA), through its automation objects. Not tried on a real machine yet: written
against Microsoft's description, tested against a stand-in; the screen and the documentation say so.

Sources: Windows Image Acquisition Automation Layer (DeviceManager, DeviceInfo.Connect, Item.Transfer,
ImageFile.SaveFile); WIA scanner device and item property constants; WIA error codes.

The driver runs in Windows' service, not in our process. `Transfer` gives one sheet at a time, so the next is drawn in
only once the last one is safe; within a sheet it cannot be stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from docclient.capture.sources.model import Colour, Feed, FoundScanner, Profile
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
from docclient.tools.running import Stop

KIND = "WIA"
SCANNER = 1
"""WiaDeviceType: ScannerDeviceType."""

TIFF = "{B96B3CB1-0728-11D3-9D7B-0000F81EF32E}"
BITMAP = "{B96B3CAB-0728-11D3-9D7B-0000F81EF32E}"
"""FormatID constants; every device must have the bitmap."""

# WIA_DPS_…: of the device
CAPABILITIES, SELECT, PAGES = "3086", "3088", "3096"
CAN_FEED, CAN_GLASS, CAN_DUPLEX = 1, 2, 4
USE_FEEDER, USE_GLASS, USE_DUPLEX = 1, 2, 4
# WIA_IPS_…: of the scanning item
INTENT, X_DPI, Y_DPI, X_POSITION, Y_POSITION, X_EXTENT, Y_EXTENT = (
    "6146", "6147", "6148", "6149", "6150", "6151", "6152")
INTENTS = {Colour.COLOUR: 1, Colour.GREY: 2}
MM_PER_INCH = 25.4

ERRORS: Mapping[int, type[ScannerTrouble]] = {
    0x80210002: PaperJam, 0x80210003: FeederEmpty, 0x80210004: PaperJam, 0x80210005: ScannerOffline,
    0x80210006: ScannerBusy, 0x8021000A: ScannerOffline, 0x8021000D: ScannerBusy, 0x80210009: ScannerOffline,
    0x80210016: CoverOpen, 0x80210020: PaperJam, 0x80210015: ScannerOffline,       # no device of this kind
    0x80210064: ScanStopped,                                                       # cancelled at the device
    0x80070005: ScannerDenied,                                                     # E_ACCESSDENIED
    0x800704C7: ScanStopped,                                                       # ERROR_CANCELLED
}

Manager = Callable[[], Any]
"""Makes a `WIA.DeviceManager`."""


def device_manager() -> Any:
    """Raises: WindowsOnly; what COM raises."""
    if sys.platform == "win32":
        from win32com.client import Dispatch

        return Dispatch("WIA.DeviceManager")
    raise WindowsOnly


@contextmanager
def com() -> Iterator[None]:
    """COM for this thread: each that uses it begins and ends it."""
    if sys.platform == "win32":
        import pythoncom

        pythoncom.CoInitialize()
        try:
            yield
        finally:
            pythoncom.CoUninitialize()
    else:
        yield


def found(manager: Manager = device_manager) -> tuple[FoundScanner, ...]:
    """The scanners that Windows knows. Raises: WindowsOnly, ScannerTrouble."""
    with com(), told(""):
        return tuple(FoundScanner(f"wia:{each.DeviceID}", str(each.Properties("Name").Value), KIND)
                     for each in manager().DeviceInfos if each.Type == SCANNER)


class WiaSource:
    """One scanner of Windows'."""

    gives_files = False

    def __init__(self, device: str, manager: Manager = device_manager) -> None:
        self._device, self._manager = device, manager

    @property
    def address(self) -> str:
        return f"wia:{self._device}"

    def pages(self, profile: Profile, folder: Path, stop: Stop) -> Iterator[Path]:
        with com():
            with told(self.address):
                device = self._connect()
                item = device.Items(1)
                self._set(device, item, profile)
            number = 0
            while profile.most is None or number < profile.most:
                if stop.is_set():
                    raise CancelledError
                try:
                    with told(self.address):
                        page = self._transfer(item, folder / f"sheet-{number + 1:04d}")
                except FeederEmpty:
                    if number:
                        return
                    raise
                number += 1
                yield page
                if profile.feed is Feed.GLASS:
                    return

    def _connect(self) -> Any:
        for each in self._manager().DeviceInfos:
            if each.Type == SCANNER and each.DeviceID == self._device:
                return each.Connect()
        raise ScannerOffline(source=self.address, reason="WIA.DeviceInfos")

    def _set(self, device: Any, item: Any, profile: Profile) -> None:
        """Raises: CannotDo, what COM raises for a value that the driver refuses."""
        if device.Properties.Exists(CAPABILITIES):
            can = int(device.Properties(CAPABILITIES).Value)
            offered = {Feed.FEEDER: can & CAN_FEED, Feed.DUPLEX: can & CAN_FEED and can & CAN_DUPLEX,
                       Feed.GLASS: can & CAN_GLASS}
            if can and not offered[profile.feed]:
                raise CannotDo(source=self.address, asked=profile.feed.value, offered=", ".join(
                    feed.value for feed, there in offered.items() if there))
        elif profile.feed is not Feed.GLASS:
            raise CannotDo(source=self.address, asked=profile.feed.value, offered=Feed.GLASS.value)
        if device.Properties.Exists(SELECT):
            device.Properties(SELECT).Value = {
                Feed.FEEDER: USE_FEEDER, Feed.DUPLEX: USE_FEEDER | USE_DUPLEX, Feed.GLASS: USE_GLASS}[profile.feed]
        if profile.feed is not Feed.GLASS and device.Properties.Exists(PAGES):
            device.Properties(PAGES).Value = 1
        dots = profile.dots_per_inch
        for name, value in ((INTENT, INTENTS[profile.colour]), (X_DPI, dots), (Y_DPI, dots), (X_POSITION, 0),
                            (Y_POSITION, 0), (X_EXTENT, round(profile.width_mm / MM_PER_INCH * dots)),
                            (Y_EXTENT, round(profile.height_mm / MM_PER_INCH * dots))):
            if item.Properties.Exists(name):
                self._give(item.Properties(name), value, name)

    def _give(self, place: Any, value: int, name: str) -> None:
        """A sheet may be larger than the scanner: its whole bed then."""
        if name in (X_EXTENT, Y_EXTENT):
            with ignored_com():
                value = min(value, int(place.SubTypeMax))
        try:
            place.Value = value
        except Exception as error:
            if code_of(error) is None:
                raise
            if name in (X_DPI, Y_DPI):
                raise CannotDo(source=self.address, asked=f"{value} dpi", offered=f"{place.Value} dpi") from error
            raise

    def _transfer(self, item: Any, target: Path) -> Path:
        try:
            picture = item.Transfer(TIFF)
        except Exception as error:
            if code_of(error) != 0x8021000B and code_of(error) != 0x80070057:   # the format is not one of the driver's
                raise
            picture = item.Transfer(BITMAP)
        made = target.with_suffix(f".{str(picture.FileExtension).strip('.').lower()}")
        picture.SaveFile(str(made))
        if made.suffix == ".bmp":
            return as_png(made)
        return made


def as_png(bitmap: Path) -> Path:
    """The same picture in a format that a pile takes."""
    from PIL import Image

    target = bitmap.with_suffix(".png")
    with Image.open(bitmap, formats=("BMP",)) as image:
        image.save(target, dpi=image.info.get("dpi", (0, 0)))
    bitmap.unlink()
    return target


@contextmanager
def told(source: str) -> Iterator[None]:
    """What COM raises, as what it is to a person. Other exceptions pass."""
    try:
        yield
    except Exception as error:
        code = code_of(error)
        if code is None:
            raise
        kind = ERRORS.get(code)
        if kind is ScannerOffline:
            raise ScannerOffline(source=source, reason=f"0x{code:08X}") from error
        if kind is None:
            raise ScannerFailed(source=source, reason=f"0x{code:08X}") from error
        raise kind(source=source) from error


@contextmanager
def ignored_com() -> Iterator[None]:
    """A property without that value."""
    try:
        yield
    except Exception as error:
        if code_of(error) is None and not isinstance(error, AttributeError):
            raise


def code_of(error: BaseException) -> int | None:
    """The HRESULT of a COM error (`pywintypes.com_error`): the service's own where it gives one; None for any other."""
    result = getattr(error, "hresult", None)
    if not isinstance(result, int):
        return None
    inner = getattr(error, "excepinfo", None)
    own = inner[5] if isinstance(inner, tuple) and len(inner) > 5 and isinstance(inner[5], int) else 0
    return (own or result) & 0xFFFFFFFF
