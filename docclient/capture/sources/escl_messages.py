"""The few XML messages of eSCL (AirScan): what a scanner can do, how it is, what it is asked.

Source: Mopria Alliance, eSCL Scan Technical Specification 2.97; element names as scanners in the field send them.
Namespaces are ignored in reading: makers disagree on them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from docclient.capture.sources.model import Colour, Feed, Profile

PWG = "http://www.pwg.org/schemas/2010/12/sm"
SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
LARGEST_MESSAGE = 1 << 20
PER_INCH = 300
"""eSCL counts regions in three-hundredths of an inch."""
JPEG = "image/jpeg"


class MessageUnreadable(ValueError):
    """Not the XML that was asked for."""


@dataclass(frozen=True, slots=True)
class Input:
    """One place for paper. width, height: the largest sheet, in 1/300 inch; resolutions: dpi, empty where a range or
    nothing was stated."""

    width: int
    height: int
    resolutions: tuple[int, ...]
    least: int | None
    most: int | None

    def offers(self, resolution: int) -> bool:
        if self.least is not None and self.most is not None:
            return self.least <= resolution <= self.most
        return not self.resolutions or resolution in self.resolutions

    @property
    def told(self) -> str:
        if self.least is not None and self.most is not None:
            return f"{self.least}–{self.most} dpi"
        return ", ".join(f"{each} dpi" for each in self.resolutions)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """version: of the protocol, to be named in requests. inputs: by feed, those the scanner has."""

    version: str
    title: str
    inputs: dict[Feed, Input]


@dataclass(frozen=True, slots=True)
class Status:
    """state: Idle, Processing, Stopped, Testing, Down. feeder: ScannerAdfLoaded, ScannerAdfEmpty, ScannerAdfJam, …;
    empty where the scanner says nothing of it. reasons: by the path of each job's address."""

    state: str
    feeder: str
    reasons: dict[str, tuple[str, ...]]

    def reasons_of(self, job: str) -> tuple[str, ...]:
        return self.reasons.get(urlsplit(job).path.rstrip("/"), ())


def read_capabilities(content: bytes) -> Capabilities:
    """Raises: MessageUnreadable."""
    root = tree(content, "ScannerCapabilities")
    inputs = {}
    for feed, path in ((Feed.GLASS, ("Platen", "PlatenInputCaps")), (Feed.FEEDER, ("Adf", "AdfSimplexInputCaps")),
                       (Feed.DUPLEX, ("Adf", "AdfDuplexInputCaps"))):
        for outer in named(root, path[0]):
            for found in named(outer, path[1]):
                inputs[feed] = input_of(found)
            if (feed is Feed.DUPLEX and feed not in inputs and Feed.FEEDER in inputs
                    and "Duplex" in texts_of(outer, "AdfOption")):
                inputs[feed] = inputs[Feed.FEEDER]
    return Capabilities(text_of(root, "Version") or "2.0", text_of(root, "MakeAndModel"), inputs)


def input_of(found: etree._Element) -> Input:
    ranges = next(named(found, "XResolutionRange"), None)
    return Input(
        number(found, "MaxWidth") or 2_550, number(found, "MaxHeight") or 3_508,
        tuple(sorted({int(each) for each in texts_of(found, "XResolution") if each.isdigit()})),
        number(ranges, "Min") if ranges is not None else None, number(ranges, "Max") if ranges is not None else None)


def read_status(content: bytes) -> Status:
    """Raises: MessageUnreadable."""
    root = tree(content, "ScannerStatus")
    reasons = {urlsplit(text_of(job, "JobUri")).path.rstrip("/"):
               tuple(texts_of(job, "JobStateReason"))
               for job in named(root, "JobInfo")}
    return Status(text_of(root, "State"), text_of(root, "AdfState"), reasons)


def scan_settings(profile: Profile, capabilities: Capabilities) -> bytes:
    """The job: one JPEG a page, the whole sheet, true size."""
    place = capabilities.inputs[profile.feed]
    settings = etree.Element(f"{{{SCAN}}}ScanSettings", nsmap={"scan": SCAN, "pwg": PWG})
    put(settings, PWG, "Version", capabilities.version)
    region = put(put(settings, PWG, "ScanRegions"), PWG, "ScanRegion")
    put(region, PWG, "ContentRegionUnits", "escl:ThreeHundredthsOfInches")
    put(region, PWG, "Height", str(min(round(profile.height_mm / 25.4 * PER_INCH), place.height)))
    put(region, PWG, "Width", str(min(round(profile.width_mm / 25.4 * PER_INCH), place.width)))
    put(region, PWG, "XOffset", "0")
    put(region, PWG, "YOffset", "0")
    put(settings, PWG, "InputSource", "Platen" if profile.feed is Feed.GLASS else "Feeder")
    put(settings, SCAN, "ColorMode", "RGB24" if profile.colour is Colour.COLOUR else "Grayscale8")
    put(settings, SCAN, "XResolution", str(profile.dots_per_inch))
    put(settings, SCAN, "YResolution", str(profile.dots_per_inch))
    put(settings, PWG, "DocumentFormat", JPEG)
    put(settings, SCAN, "DocumentFormatExt", JPEG)
    if profile.feed is not Feed.GLASS:
        put(settings, SCAN, "Duplex", "true" if profile.feed is Feed.DUPLEX else "false")
    return etree.tostring(settings, xml_declaration=True, encoding="UTF-8")


def tree(content: bytes, wanted: str) -> etree._Element:
    if len(content) > LARGEST_MESSAGE:
        raise MessageUnreadable(wanted)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise MessageUnreadable(wanted) from error
    if root is None or etree.QName(root).localname != wanted:
        raise MessageUnreadable(wanted)
    return root


def named(root: etree._Element, name: str) -> Iterator[etree._Element]:
    return (each for each in root.iter(etree.Element) if etree.QName(each).localname == name)


def texts_of(root: etree._Element, name: str) -> Iterator[str]:
    return ((each.text or "").strip() for each in named(root, name))


def text_of(root: etree._Element, name: str) -> str:
    return next(texts_of(root, name), "")


def number(root: etree._Element, name: str) -> int | None:
    text = text_of(root, name)
    return int(text) if text.isdigit() else None


def put(parent: etree._Element, namespace: str, name: str, text: str = "") -> etree._Element:
    child = etree.SubElement(parent, f"{{{namespace}}}{name}")
    if text:
        child.text = text
    return child
