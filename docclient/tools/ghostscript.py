"""Ghostscript: OCRmyPDF converts to PDF/A through it; here only whether it is there."""

from __future__ import annotations

from docclient.tools.running import Program, run

PROGRAM = Program("Ghostscript", ("gs", "gswin64c", "gswin32c"), "ghostscript", "purpose.make_pdfa",
                  folders=("%PROGRAMFILES%\\gs\\gs*\\bin", "%PROGRAMFILES(X86)%\\gs\\gs*\\bin"))


def version() -> str | None:
    """The version on this machine, or None when the program is missing or does not answer."""
    if PROGRAM.find() is None:
        return None
    finished = run(PROGRAM, ["--version"], deadline_s=20)
    said = finished.output.decode("ascii", "replace").strip()
    return said if finished.returncode == 0 and said else None
