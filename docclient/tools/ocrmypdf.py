"""OCRmyPDF: a PDF made by a word processor into PDF/A, its pages as they are. Run as a child process of our own Python.

It first declares and checks (pikepdf), and only if the file does not pass converts it through Ghostscript.
"""

from __future__ import annotations

import sys
import tempfile
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from pathlib import Path

from docclient.tools.running import Program, Stop, deliver, reason_of, run

PROGRAM = Program("OCRmyPDF", (Path(sys.executable).name,), "ocrmypdf", "purpose.make_pdfa")
CONVERT_DEADLINE_S = 300.0


def version() -> str | None:
    """The version installed beside us, or None."""
    try:
        return version_of("ocrmypdf")
    except PackageNotFoundError:
        return None


def convert_to_pdfa(source: Path, target: Path, *, title: str, deadline_s: float = CONVERT_DEADLINE_S,
                    stop: Stop | None = None) -> Path:
    """Write `source` as PDF/A-2b to `target`: same pages, same text, no recognition.

    Raises: ProgramFailed (crashed, hung, could not make PDF/A of this file), FolderNotWritable, DiskFull,
        CancelledError.
    """
    with tempfile.TemporaryDirectory(prefix="docclient-pdfa-", ignore_cleanup_errors=True) as work_name:
        made = Path(work_name) / "archive.pdf"
        finished = run(PROGRAM, [
            "-m", "ocrmypdf", "--mode", "skip", "--ocr-engine", "none", "--output-type", "pdfa", "--optimize", "0",
            "--jobs", "1", "--quiet", f"--title={title}", source.resolve(), made,
        ], executable=Path(sys.executable), deadline_s=deadline_s, stop=stop)
        if finished.returncode != 0 or not made.is_file():
            raise PROGRAM.failed(reason_of(finished))
        deliver(made, target)
    return target
