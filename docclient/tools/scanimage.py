"""SANE's `scanimage`: which scanners there are, what one can do, and scanning sheet by sheet.

The scanner's driver runs in that process, not in ours: when it hangs or crashes, one scan is lost and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from docclient.tools.running import Finished, Program, Stop, run

PROGRAM = Program("SANE (scanimage)", ("scanimage",), "sane-utils", "purpose.scan")

LIST_DEADLINE_S = 60.0
"""Looking for network scanners takes some backends half a minute."""
OPTIONS_DEADLINE_S = 60.0
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Device:
    """name: as SANE knows it (`test:0`, `airscan:e0:…`)."""

    name: str
    maker: str
    model: str
    kind: str


@dataclass(frozen=True, slots=True)
class Options:
    """What a device offers. sources, modes: its own names. resolutions: those listed, or (least, most)."""

    sources: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    resolutions: tuple[int, ...] = ()
    any_resolution_between: tuple[int, int] | None = None
    names: frozenset[str] = field(default_factory=frozenset)

    def offers(self, resolution: int) -> bool:
        """True also where the device says nothing of resolutions."""
        if self.any_resolution_between is not None:
            least, most = self.any_resolution_between
            return least <= resolution <= most
        return not self.resolutions or resolution in self.resolutions


def version() -> str | None:
    """The version on this machine, or None when the program is missing or does not answer."""
    if PROGRAM.find() is None:
        return None
    found = re.search(rb"backend version (\d[\w.-]*)", run(PROGRAM, ["--version"], deadline_s=20).output)
    return found[1].decode() if found else None


def devices(stop: Stop | None = None, settings: Mapping[str, str] | None = None) -> tuple[Device, ...]:
    """Scanners that SANE finds. Raises: ProgramMissing, ProgramFailed, CancelledError."""
    form = SEPARATOR.join(("%d", "%v", "%m", "%t")) + "%n"
    finished = run(PROGRAM, ["-f", form], deadline_s=LIST_DEADLINE_S, stop=stop, settings=settings)
    found = []
    for line in finished.output.decode("utf-8", "replace").splitlines():
        parts = line.split(SEPARATOR)
        if len(parts) == 4:
            found.append(Device(*(part.strip() for part in parts)))
    return tuple(found)


def options(device: str, stop: Stop | None = None, settings: Mapping[str, str] | None = None,
            ) -> tuple[Options, Finished]:
    """What a device offers, and how the program ended: the caller knows its troubles.

    Raises: ProgramMissing, ProgramFailed, CancelledError.
    """
    finished = run(PROGRAM, ["-d", device, "-A"], deadline_s=OPTIONS_DEADLINE_S, stop=stop, settings=settings)
    return read_options(finished.output.decode("utf-8", "replace")), finished


def read_options(told: str) -> Options:
    """`scanimage -A`: a line `--name values [default]` an option, indented."""
    values: dict[str, str] = {}
    for line in told.splitlines():
        if found := re.match(r"\s+(--[a-z0-9-]+|-[a-z])(?:\[=\([^)]*\)\])?\s*(.*?)\s*(?:\[[^\]]*\])?\s*$", line):
            values.setdefault(found[1].lstrip("-"), found[2])
    numbers = [int(number) for number in re.findall(r"\d+", values.get("resolution", ""))]
    between = re.match(r"(\d+)\.\.(\d+)dpi", values.get("resolution", ""))
    return Options(
        sources=listed(values.get("source", "")), modes=listed(values.get("mode", "")),
        resolutions=() if between else tuple(numbers),
        any_resolution_between=(int(between[1]), int(between[2])) if between else None, names=frozenset(values))


def listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|") if part.strip())
