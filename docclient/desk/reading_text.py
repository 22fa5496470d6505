"""The text of the office's files for its search: read after the fact, one file at a time, in a program of its own."""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import CancelledError
from dataclasses import dataclass
from pathlib import Path

from docclient.capture.errors import PdfDamaged
from docclient.capture.fields import secrecy_stamp
from docclient.capture.page_text import PageText
from docclient.capture.pdf_input import letters
from docclient.capture.seen_text import SeenText, seen_text
from docclient.desk.drafting import Progress, silent
from docclient.desk.workplace import fetch_file, workplace
from docclient.errors import BadInput, ProgramFailed, ProgramMissing
from docclient.office.commands.finding import FileText, KeepTexts, TextProblem
from docclient.office.door import Office
from docclient.office.queries.keeping import FilesToRead, FileToRead
from docclient.office.registry import rule_for
from docclient.tools.running import Program, run
from docclient.tools.tesseract import LanguageMissing

DEADLINE_S = 60.0
AT_ONCE = 25
"""Texts given to the office in one command: small enough that other commands wait for milliseconds."""

KIND_OF = {"application/pdf": "pdf",
           "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx"}
KIND_OF_ENDING = {".pdf": "pdf", ".docx": "docx"}
READER = Program("file_text", (Path(sys.executable).name,), "python3", "purpose.read_text")


@dataclass(frozen=True, slots=True)
class TextsRead:
    """read: files whose text is found now. without: noted as having none that can be read. secret: alarms raised."""

    read: int = 0
    without: int = 0
    secret: int = 0


def may_read_texts(office: Office) -> bool:
    """Whether this person's window puts texts to the index."""
    return bool(rule_for(KeepTexts).by & office.me.roles)


def read_texts(office: Office, *, most: int = 1_000_000, progress: Progress = silent,
               stop: threading.Event | None = None) -> TextsRead:
    """Read what waits, the longest waiting first, and put it to the index. A file that cannot be read is noted and
    never asked for again; it stops nothing. What was read before a stop is kept.

    Raises: what the office raises.
    """
    told = TextsRead()
    done = 0
    with workplace() as folder:
        while done < most and not (stop is not None and stop.is_set()):
            waiting = office.ask(FilesToRead(min(AT_ONCE, most - done)))
            if not waiting:
                break
            texts: list[FileText] = []
            for each in waiting:
                if stop is not None and stop.is_set():
                    break
                try:
                    texts.append(read_one(office, each, folder, stop))
                except CancelledError:
                    break
                done += 1
                progress(done, 0)
            if texts:
                office.do(KeepTexts(tuple(texts)))
            told = TextsRead(
                told.read + sum(each.text is not None for each in texts),
                told.without + sum(each.problem is not None and each.problem is not TextProblem.SECRET
                                   for each in texts),
                told.secret + sum(each.problem is TextProblem.SECRET for each in texts))
    return told


def read_one(office: Office, each: FileToRead, folder: Path, stop: threading.Event | None = None) -> FileText:
    kind = KIND_OF.get(each.media_type) or KIND_OF_ENDING.get(Path(each.name).suffix.lower())
    if kind is None:
        return FileText(each.digest, problem=TextProblem.NO_TEXT)
    file = fetch_file(office, each.digest, folder / f"file.{kind}")
    try:
        finished = run(READER, ["-m", "docclient.capture.file_text", file, kind], executable=Path(sys.executable),
                       deadline_s=DEADLINE_S, stop=stop)
        answer = json.loads(finished.output) if finished.returncode == 0 else {"problem": TextProblem.DAMAGED}
        if not each.cleared and (answer.get("secret") or (kind == "pdf" and stamped(file, answer, stop))):
            return FileText(each.digest, problem=TextProblem.SECRET)
        if kind == "pdf" and answer.get("problem") == TextProblem.NO_TEXT:
            seen = read_pictures(file, each, stop)
            if seen.secret:
                return FileText(each.digest, problem=TextProblem.SECRET)
            if seen.text:
                answer = {"text": seen.text}
    except (ProgramFailed, ValueError):
        answer = {"problem": TextProblem.DAMAGED}
    finally:
        file.unlink(missing_ok=True)
    if answer.get("problem"):
        return FileText(each.digest, problem=TextProblem(answer["problem"]))
    return FileText(each.digest, office.put(str(answer["text"]).encode()))


def read_pictures(file: Path, each: FileToRead, stop: threading.Event | None) -> SeenText:
    """The words on pages that are pictures (a scan that was signed elsewhere, for one); they are kept beside the file,
    never in it. None where the reader is not installed or trips over a page."""
    try:
        return seen_text(file, stop, cleared=each.cleared)
    except (ProgramMissing, LanguageMissing, ProgramFailed, BadInput):
        return SeenText("")


def stamped(file: Path, answer: dict[str, object], stop: threading.Event | None) -> bool:
    """Where the word occurs at all, look at the first page as the reader of paper does: at the place of the stamp."""
    if "MẬT" not in str(answer.get("text") or ""):
        return False
    try:
        page: PageText | None = letters(file, 0, stop)
    except PdfDamaged:
        return False
    return page is not None and secrecy_stamp(page)
