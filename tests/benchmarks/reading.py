"""Reading scans: page 1's fields soon, pages a minute beside OCRmyPDF on the same file, memory of a long pile.

OCRmyPDF reads with the same Tesseract and the same data; ours besides cleans each page, sets it straight, reads
coloured ink apart and finds the fields. Time is taken on a machine with nothing else to do, or it says nothing.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from tests.benchmarks.bench import Figure, Setting
from tests.generators.pages import TUNING, draw

SIDE_BY_SIDE = 2
MEGABYTE = 1 << 20


def run(setting: Setting) -> Sequence[Figure]:
    letters, pages, long = (3, 4, 8) if setting.quick else (12, 24, 200)
    scans = scans_in(setting.folder, letters)
    return [first_page(scans), *beside_ocrmypdf(setting.folder, scans, pages), memory(setting.folder, scans, long)]


def scans_in(folder: Path, count: int) -> list[tuple[Path, int]]:
    """Worn first pages of 200 and 300 dpi, as JPEG files, with their dpi."""
    found: list[tuple[Path, int]] = []
    for seed in TUNING:
        drawn = draw(seed, folder)
        if drawn.dpi not in (200, 300) or drawn.sheet.maker != "typst":
            continue
        file = folder / f"scan-{seed}.jpg"
        rgb: npt.NDArray[np.uint8] = np.asarray(cv2.cvtColor(drawn.pages[0], cv2.COLOR_BGR2RGB), np.uint8)
        Image.fromarray(rgb).save(file, quality=85, dpi=(drawn.dpi, drawn.dpi))
        found.append((file, drawn.dpi))
        if len(found) == count:
            break
    return found


def first_page(scans: Sequence[tuple[Path, int]]) -> Figure:
    """Processor seconds of this process and its children: what one core needs."""
    from docclient.capture.digitise import read_first_page

    taken = []
    for file, _ in scans:
        begun = _processor_seconds()
        reading = read_first_page(file)
        taken.append(_processor_seconds() - begun)
        assert reading.fields["type_name"].value is not None or reading.fields["code_notation"].value is not None
    return Figure("page 1's fields from the image, one core", statistics.median(taken), 3.0,
                  f"processor time, {len(taken)} letters of 200 and 300 dpi, worst {max(taken):.2f} s", unit="s")


def _processor_seconds() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in both)


def pile(folder: Path, scans: Sequence[tuple[Path, int]], pages: int) -> Path:
    """A PDF of scans, the letters over and over."""
    file = folder / f"pile-{pages}.pdf"
    images = [Image.open(scans[at % len(scans)][0]) for at in range(pages)]
    images[0].save(file, "PDF", save_all=True, append_images=images[1:], resolution=float(scans[0][1]))
    return file


def beside_ocrmypdf(folder: Path, scans: Sequence[tuple[Path, int]], pages: int) -> list[Figure]:
    alike = [scan for scan in scans if scan[1] == scans[0][1]]
    source = pile(folder, alike, pages)
    ours, our_work = _seconds([sys.executable, "-m", "docclient", "digitise", str(source), "--out",
                               str(folder / "ours.pdf"), "--json"])
    name = f"{pages} pages, ours to OCRmyPDF's, pages a minute"
    if find_spec("ocrmypdf") is None:
        return [Figure(name, None, 1.0, f"OCRmyPDF is not here; ours {60 * pages / ours:.1f} a minute", at_most=False)]
    theirs, their_work = _seconds([sys.executable, "-m", "ocrmypdf", "-l", "vie", "-j", str(SIDE_BY_SIDE),
                                   "--output-type", "pdfa", str(source), str(folder / "theirs.pdf")])
    detail = f"ours {60 * pages / ours:.1f}, theirs {60 * pages / theirs:.1f}, {SIDE_BY_SIDE} at a time, PDF/A"
    cleaning = ["--deskew", "--rotate-pages", *(["--clean"] if shutil.which("unpaper") else [])]
    cleaned, cleaned_work = _seconds([sys.executable, "-m", "ocrmypdf", "-l", "vie", "-j", str(SIDE_BY_SIDE), *cleaning,
                                      "--output-type", "pdfa", str(source), str(folder / "cleaned.pdf")])
    return [Figure(name, theirs / ours, 1.0, detail, at_most=False),
            Figure("the same, by processor time", their_work / our_work, None,
                   f"ours {our_work / pages:.2f} s a page, theirs {their_work / pages:.2f} s", at_most=False),
            Figure("the same, where OCRmyPDF cleans too", cleaned / ours, None,
                   f"theirs {60 * pages / cleaned:.1f} with {' '.join(cleaning)}, {cleaned_work / pages:.2f} s a page",
                   at_most=False)]


def _seconds(command: list[str]) -> tuple[float, float]:
    """On the wall, and of all processors together."""
    begun, worked = time.perf_counter(), _processor_seconds()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun, _processor_seconds() - worked


def memory(folder: Path, scans: Sequence[tuple[Path, int]], pages: int) -> Figure:
    """The most that the program and what it starts hold at one time."""
    source = pile(folder, [scan for scan in scans if scan[1] == scans[0][1]], pages)
    running = subprocess.Popen([sys.executable, "-m", "docclient", "digitise", str(source), "--out",
                                str(folder / "long.pdf"), "--json"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    most, ended = 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.1):
            most = max(most, _resident(running.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    answer, _ = running.communicate()
    ended.set()
    watcher.join()
    assert running.returncode == 0 and len(json.loads(answer)["pages"]) == pages
    return Figure(f"{pages} pages, most memory", most / MEGABYTE, 1024, "the program and its children", unit="MB")


def _resident(process: int) -> int:
    """Bytes in memory of a process and all below it (Linux). What several of them share is counted once: a child that
    has just been started is its parent's memory over again until it becomes its own program."""
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
        total = next(int(line.split()[1]) * 1024 for line in told.splitlines() if line.startswith("Pss:"))
    except (OSError, StopIteration, ValueError):
        return 0
    for children in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            total += sum(_resident(int(child)) for child in children.read_text().split())
        except OSError:
            continue
    return total
