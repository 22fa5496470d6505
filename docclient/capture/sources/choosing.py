"""From an address to a source: `sane:DEVICE`, `escl://HOST`, `escls://HOST`, `wia:DEVICE`, `folder:PATH`."""

from __future__ import annotations

from pathlib import Path

from docclient.capture.sources.escl import EsclSource
from docclient.capture.sources.files import WatchedFolder
from docclient.capture.sources.model import Source
from docclient.capture.sources.sane import SaneSource
from docclient.capture.sources.troubles import SourceUnknown
from docclient.capture.sources.wia import WiaSource


def source_at(address: str, *, watch: bool = False) -> Source:
    """The source behind an address. watch: of a folder, wait for further files. Raises: SourceUnknown."""
    kind, colon, place = address.partition(":")
    if colon and place:
        match kind.lower():
            case "sane":
                return SaneSource(place)
            case "escl" | "escls":
                return EsclSource(address)
            case "wia":
                return WiaSource(place)
            case "folder":
                return WatchedFolder(Path(place), watch=watch)
    raise SourceUnknown(source=address)
