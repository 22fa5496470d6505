"""Tesseract: which languages it has, which way is up, what the page says.

One thread per process (OMP_THREAD_LIMIT=1): pages are read side by side by running several processes, which is faster
than one process with several threads and leaves the window its share.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from docclient.errors import ServiceTrouble
from docclient.tools.running import Finished, Program, Stop, reason_of, run

PROGRAM = Program("Tesseract", ("tesseract",), "tesseract-ocr", "purpose.read_pages",
                  folders=("%PROGRAMFILES%\\Tesseract-OCR", "%LOCALAPPDATA%\\Programs\\Tesseract-OCR"))

READ_DEADLINE_S = 180.0
SAUVOLA = 2
"""How Tesseract tells ink from paper: by each pixel's surroundings; on worn pages better than one threshold."""
ORIENTATION_DEADLINE_S = 60.0

BEST = "vie_best"
"""The Vietnamese data that come with this program (`resources/tessdata`): trained longer than those that Tesseract is
usually installed with, so that both seldom make the same mistake."""


class LanguageMissing(ServiceTrouble):
    """Tesseract has no data for a language. facts: language (its three letters), package."""

    code = "capture.language_missing"


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word as Tesseract gives it: box left, top, right, bottom in pixels of the image; confidence 0..100."""

    text: str
    confidence: float
    box: tuple[int, int, int, int]
    line: tuple[int, int, int]
    """Block, paragraph and line numbers: equal for words that Tesseract holds to be one line."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """turn: degrees clockwise (0, 90, 180, 270) that bring the page upright; confidence: Tesseract's, 0 and up."""

    turn: int
    confidence: float


def version() -> str | None:
    """The version on this machine, or None when the program is missing or does not answer."""
    if PROGRAM.find() is None:
        return None
    finished = run(PROGRAM, ["--version"], deadline_s=20)
    found = re.search(rb"tesseract\s+v?(\d[\w.-]*)", finished.output)
    return found[1].decode() if found else None


def languages() -> frozenset[str]:
    """The languages Tesseract has data for ("vie", "osd", …). Raises ProgramMissing, ProgramFailed."""
    finished = run(PROGRAM, ["--list-langs"], deadline_s=20)
    if finished.returncode != 0:
        raise PROGRAM.failed(reason_of(finished))
    lines = finished.output.decode("utf-8", "replace").splitlines()
    return frozenset(line.strip() for line in lines if re.fullmatch(r"[A-Za-z_]{3,}(/\w+)?", line.strip()))


def read_words(image: Path, *, dpi: int, language: str = "vie", layout: int = 3,
               deadline_s: float = READ_DEADLINE_S, stop: Stop | None = None) -> list[RecognisedWord]:
    """The words of a page image, in Tesseract's reading order.

    Args:
        dpi: the image's resolution; Tesseract takes no other's word for it.
        layout: Tesseract's page segmentation mode: 3 a page, 6 one block, 7 one line, 11 scattered text.
    Raises: ProgramMissing, ProgramFailed, LanguageMissing, CancelledError.
    """
    finished = run(PROGRAM, [image, "-", "-l", language, "--psm", str(layout), "--dpi", str(dpi),
                             "-c", f"thresholding_method={SAUVOLA}", "tsv"],
                   deadline_s=deadline_s, stop=stop)
    if finished.returncode != 0:
        raise _why(finished, language)
    return [word for _, word in _parse(finished.output)]


def read_pieces(images: Sequence[Path], *, dpi: int, language: str = "vie", layout: int = 7,
                deadline_s: float = READ_DEADLINE_S, stop: Stop | None = None) -> list[list[RecognisedWord]]:
    """The words of several pieces of a page, each by itself, by one run: Tesseract takes longer to load its data than
    to read a line. The images lie in one folder, to which a list of them is added for the while.

    language: may be `BEST`. Raises: as `read_words`.
    """
    if not images:
        return []
    names = images[0].with_suffix(".list")
    names.write_text("".join(f"{image}\n" for image in images), encoding="utf-8")
    data = ["--tessdata-dir", str(resources.files("resources") / "tessdata")] if language == BEST else []
    # the name "tsv" stands for a file beside the data; the setting it holds is known to every installation
    finished = run(PROGRAM, [names, "-", *data, "-l", language, "--psm", str(layout), "--dpi", str(dpi),
                             "-c", f"thresholding_method={SAUVOLA}", "-c", "tessedit_create_tsv=1"],
                   deadline_s=deadline_s, stop=stop)
    names.unlink(missing_ok=True)
    if finished.returncode != 0:
        raise _why(finished, language)
    found: list[list[RecognisedWord]] = [[] for _ in images]
    for page, word in _parse(finished.output):
        if not 1 <= page <= len(images):
            raise PROGRAM.failed("unreadable table")
        found[page - 1].append(word)
    return found


def orientation(image: Path, *, dpi: int, deadline_s: float = ORIENTATION_DEADLINE_S,
                stop: Stop | None = None) -> Orientation | None:
    """Which way is up, by Tesseract's script detection; None when the page holds too few letters for it.

    Raises: ProgramMissing, ProgramFailed, LanguageMissing, CancelledError.
    """
    finished = run(PROGRAM, [image, "-", "-l", "osd", "--psm", "0", "--dpi", str(dpi)], deadline_s=deadline_s,
                   stop=stop)
    turn = re.search(rb"^Rotate:\s*(\d+)", finished.output, re.MULTILINE)
    confidence = re.search(rb"^Orientation confidence:\s*([\d.]+)", finished.output, re.MULTILINE)
    if turn and confidence and int(turn[1]) in (0, 90, 180, 270):
        return Orientation(int(turn[1]), float(confidence[1]))
    if finished.returncode not in (0, 1) or "osd" not in languages():
        raise _why(finished, "osd")
    return None


def _why(finished: Finished, language: str) -> Exception:
    if finished.returncode > 0 and not set(language.split("+")) <= languages():
        return LanguageMissing(language=language, package=f"tesseract-ocr-{language}")
    return PROGRAM.failed(reason_of(finished))


def _parse(output: bytes) -> list[tuple[int, RecognisedWord]]:
    """Each word with the number of its image, from 1."""
    words = []
    try:
        text = output.decode("utf-8")
        rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
        if rows.fieldnames is None or "conf" not in rows.fieldnames:
            raise PROGRAM.failed("no table")
        for row in rows:
            said = (row["text"] or "").strip()
            if row["level"] != "5" or not said:
                continue
            left, top = int(row["left"]), int(row["top"])
            words.append((int(row["page_num"]), RecognisedWord(
                said, float(row["conf"]), (left, top, left + int(row["width"]), top + int(row["height"])),
                (int(row["block_num"]), int(row["par_num"]), int(row["line_num"])))))
    except (UnicodeDecodeError, ValueError, KeyError, TypeError) as error:
        raise PROGRAM.failed("unreadable table") from error
    return words
