"""A stand-in for Windows' scanner service: the automation objects that `sources.wia` uses, with a pile of sheets.

As far as Microsoft describes them; a real service was never here to compare with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image


class ComError(Exception):
    """Shaped as `pywintypes.com_error`: hresult, text, excepinfo with the service's own code at its end."""

    def __init__(self, code: int) -> None:
        super().__init__(f"0x{code:08X}")
        self.hresult = -2147352567                          # DISP_E_EXCEPTION: look inside
        self.excepinfo = (0, None, None, None, 0, code - (1 << 32))


@dataclass
class Property:
    """most: SubTypeMax. allowed: values the driver takes; empty: any."""

    value: Any
    most: int = 0
    allowed: tuple[Any, ...] = ()

    @property
    def SubTypeMax(self) -> int:
        if not self.most:
            raise ComError(0x80004005)
        return self.most

    @property
    def Value(self) -> Any:
        return self.value

    @Value.setter
    def Value(self, value: Any) -> None:
        if (self.allowed and value not in self.allowed) or (self.most and value > self.most):
            raise ComError(0x80070057)
        self.value = value


class Properties:
    def __init__(self, **named: Property) -> None:
        self.named = {name.removeprefix("p"): each for name, each in named.items()}

    def Exists(self, name: str) -> bool:
        return name in self.named

    def __call__(self, name: str) -> Property:
        return self.named[name]


@dataclass
class Picture:
    number: int
    extension: str

    @property
    def FileExtension(self) -> str:
        return self.extension

    def SaveFile(self, name: str) -> None:
        if Path(name).exists():
            raise ComError(0x80070050)                      # it never writes over a file
        Image.new("RGB", (60, 80), (self.number * 20,) * 3).save(name, dpi=(300, 300))


@dataclass
class WiaScanner:
    """sheets: in the feeder. trouble: the code raised instead of sheet `fails_at`. only_bitmap: it has no TIFF."""

    sheets: int = 3
    fails_at: int | None = None
    trouble: int = 0
    only_bitmap: bool = False
    capabilities: int = 7
    DeviceID: str = "{6BDD1FC6-810F-11D0-BEC7-08002BE2092F}\\0000"
    Type: int = 1
    given: int = 0
    device: Properties = field(init=False)
    item: Properties = field(init=False)

    def __post_init__(self) -> None:
        self.device = Properties(p3086=Property(self.capabilities), p3088=Property(2), p3096=Property(0))
        dots = (150, 200, 300)
        self.item = Properties(
            p6146=Property(4), p6147=Property(150, allowed=dots), p6148=Property(150, allowed=dots),
            p6149=Property(9), p6150=Property(9), p6151=Property(0, most=2480), p6152=Property(0, most=3400))

    # WIA.DeviceManager
    @property
    def DeviceInfos(self) -> Iterator[Any]:
        yield type("Camera", (), {"Type": 2, "DeviceID": "camera"})()
        yield type("Info", (), {
            "Type": self.Type, "DeviceID": self.DeviceID, "Connect": lambda _info: self._connected(),
            "Properties": Properties(pName=Property("Máy quét phòng văn thư"))})()

    def _connected(self) -> Any:
        item = type("Item", (), {"Properties": self.item, "Transfer": lambda _item, form: self._transfer(form)})()
        return type("Device", (), {"Properties": self.device, "Items": lambda _device, number: {1: item}[number]})()

    def _transfer(self, form: str) -> Picture:
        if self.only_bitmap and "3CAB" not in form:
            raise ComError(0x80070057)
        if self.fails_at is not None and self.given + 1 >= self.fails_at:
            raise ComError(self.trouble)
        if self.given >= self.sheets:
            raise ComError(0x80210003)
        self.given += 1
        return Picture(self.given, "bmp" if self.only_bitmap else "tif")
