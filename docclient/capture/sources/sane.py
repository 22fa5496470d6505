"""Scanners that SANE drives, through its own `scanimage` in a process of its own.

`scanimage --batch-prompt` waits for a line before each page, so the next sheet is drawn in only once the last one is
safe. How it names its troubles: SANE's status texts (sane-backends, `sane_strstatus`).
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

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
)
from docclient.tools.running import LOOK_AGAIN_S, Stop, end_tree, environment
from docclient.tools.scanimage import PROGRAM, Options, devices, options

PAGE_DEADLINE_S = 240.0
"""For one sheet: the slowest machines take two minutes at 600 dpi in colour, lamp warming included."""

STILL_S = 90.0
"""Without a further byte of the sheet the driver hangs: lamps are warm and sheets drawn in within a minute. SANE's own
test device does so once in some thousand pages: the thread it reads with is cancelled at a bad moment."""

PAGE_SCANNED = re.compile(r"Scanned page \d+\. \(scanner status = (\d+)\)")
PROMPT = "Place document"
WHOLE = "5"
"""SANE_STATUS_EOF: the page came to its end."""

REMARKS = ("rounded value", "received signal", "trying to stop scanner")
"""What it says beside the trouble itself."""

# scanimage's words of a status, lower case -> what it is to a person
STATUS: Mapping[str, type[ScannerTrouble]] = {
    "document feeder out of documents": FeederEmpty,
    "document feeder jammed": PaperJam,
    "scanner cover is open": CoverOpen,
    "device busy": ScannerBusy,
    "access to resource has been denied": ScannerDenied,
    "operation was cancel": ScanStopped,
    "error during device i/o": ScannerOffline,
    "open of device": ScannerOffline,
}

GLASS = ("flatbed", "glass", "platen", "fb")
BOTH_SIDES = ("duplex", "both sides", "two-sided")
FEEDER = ("adf", "feeder", "automatic document feeder")


class SaneSource:
    """One SANE device."""

    gives_files = False

    def __init__(self, device: str, settings: Mapping[str, str] | None = None) -> None:
        """settings: environment variables for SANE (SANE_CONFIG_DIR). Further options of the device stand behind its
        name after a question mark: `test:0?test-picture=Grid`."""
        self._device, _, further = device.partition("?")
        self._further = tuple(f"--{part}" for part in further.split("&") if part)
        self._settings = dict(settings or {})

    @property
    def address(self) -> str:
        return f"sane:{self._device}"

    def pages(self, profile: Profile, folder: Path, stop: Stop) -> Iterator[Path]:
        offered, finished = options(self._device, stop, self._settings)
        if finished.returncode != 0 and not offered.names:
            raise self._trouble(finished.last_words)
        command = [*self._command(profile, offered), f"--batch={folder / 'sheet-%04d.tif'}"]
        with Scanning(command, self._settings) as scanning:
            number = 0
            while profile.most is None or number < profile.most:
                number += 1
                if not scanning.next_page(stop, folder / f"sheet-{number:04d}.tif"):
                    trouble = self._trouble(scanning.complaint)
                    if isinstance(trouble, FeederEmpty) and number > 1:
                        return
                    raise trouble
                yield folder / f"sheet-{number:04d}.tif"
                if profile.feed is Feed.GLASS:
                    return

    def _command(self, profile: Profile, offered: Options) -> list[str]:
        """Raises: CannotDo."""
        if not offered.offers(profile.dots_per_inch):
            told = "–".join(map(str, offered.any_resolution_between or ())) or ", ".join(map(str, offered.resolutions))
            raise CannotDo(source=self.address, asked=f"{profile.dots_per_inch} dpi", offered=f"{told} dpi")
        said = ["-d", self._device, "--format=tiff", "--batch-prompt"]
        if "resolution" in offered.names:
            said += ["--resolution", str(profile.dots_per_inch)]
        if offered.sources:
            said += ["--source", self._named(offered.sources, profile.feed)]
        elif profile.feed is not Feed.GLASS:
            raise CannotDo(source=self.address, asked=profile.feed.value, offered=Feed.GLASS.value)
        mode = next((mode for mode in offered.modes if mode.casefold().startswith(
            "colo" if profile.colour is Colour.COLOUR else "gr")), None)
        if mode is not None:
            said += ["--mode", mode]
        if {"x", "y"} <= offered.names:
            said += ["-x", f"{profile.width_mm:g}", "-y", f"{profile.height_mm:g}"]
        return said + list(self._further)

    def _named(self, sources: tuple[str, ...], feed: Feed) -> str:
        """The device's own name for where the paper lies."""
        for source in sources:
            told = source.casefold()
            both = any(word in told for word in BOTH_SIDES)
            fits = {Feed.GLASS: any(word in told for word in GLASS), Feed.DUPLEX: both,
                    Feed.FEEDER: any(word in told for word in FEEDER) and not both}
            if fits[feed]:
                return source
        raise CannotDo(source=self.address, asked=feed.value, offered=", ".join(sources))

    def _trouble(self, told: str) -> ScannerTrouble:
        for words, kind in STATUS.items():
            if words in told.casefold():
                if kind is ScannerOffline:
                    return ScannerOffline(source=self.address, reason=told)
                return kind(source=self.address)
        return ScannerFailed(source=self.address, reason=told or "?")


class Scanning:
    """A running `scanimage --batch`: gives a page for each line written to it."""

    def __init__(self, command: list[str], settings: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [str(PROGRAM.require()), *command], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, env=environment(settings), start_new_session=sys.platform != "win32")
        self._said: SimpleQueue[str | None] = SimpleQueue()
        self._reader = Thread(target=self._listen, daemon=True)
        self._reader.start()
        self.complaint = ""

    def __enter__(self) -> Scanning:
        return self

    def __exit__(self, *_error: object) -> None:
        end_tree(self._process)
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stderr):
            with suppress(OSError):         # a line that nobody read any more
                assert pipe is not None
                pipe.close()

    def next_page(self, stop: Stop, sheet: Path) -> bool:
        """Ask for the next sheet; False when none came (`complaint` says why). sheet: where it will lie; until it is
        whole, it grows beside that under the same name with `.part`.

        Raises: CancelledError; ScannerFailed when the driver hangs.
        """
        assert self._process.stdin is not None
        with suppress(OSError):             # it has ended: what it said last is still to be read
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()
        begun = moved = time.monotonic()
        size, whole = 0, False
        while True:
            if stop.is_set():
                raise CancelledError
            present, size_now = time.monotonic(), _size(sheet.with_name(f"{sheet.name}.part"))
            if size_now != size:
                size, moved = size_now, present
            for since, most in ((begun, PAGE_DEADLINE_S), (moved, STILL_S)):
                if present - since > most:
                    raise ScannerFailed(source=PROGRAM.title, reason=f"> {most:g} s")
            try:
                line = self._said.get(timeout=LOOK_AGAIN_S)
            except Empty:
                continue
            if line is None:
                self._said.put(None)
                return whole
            if scanned := PAGE_SCANNED.search(line):
                whole = scanned[1] == WHOLE
            elif line.startswith(PROMPT) and whole:
                return True             # only now has the page its name: the status is told before
            if line.startswith("scanimage: ") and not any(remark in line for remark in REMARKS):
                self.complaint = line.removeprefix("scanimage: ")

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._said.put(line.decode("utf-8", "replace").strip())
        self._said.put(None)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def found(stop: Stop | None = None, settings: Mapping[str, str] | None = None) -> tuple[FoundScanner, ...]:
    """Scanners that SANE finds. Raises: ProgramMissing, ProgramFailed, CancelledError."""
    return tuple(FoundScanner(f"sane:{each.name}", f"{each.maker} {each.model}".strip(), each.kind)
                 for each in devices(stop, settings) if each.kind != "virtual device" or settings)

