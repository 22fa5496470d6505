"""The office's own troubles. The tree begins in `signing.errors`; words for every code lie in `resources/words/`."""

from __future__ import annotations

import errno
from pathlib import Path

from signing.errors import (
    BadInput,
    DiskFull,
    ExitCode,
    FileNotReadable,
    FolderNotWritable,
    KeyTrouble,
    NotAllowed,
    PinTrouble,
    PlaceTrouble,
    ServiceTrouble,
    Trouble,
    WrongUse,
    reason_of_os_error,
)

__all__ = [
    "BadInput", "DiskFull", "ExitCode", "FileNotReadable", "FolderNotWritable", "KeyTrouble", "NotAllowed",
    "PinTrouble", "PlaceTrouble", "ProgramFailed", "ProgramMissing", "ServiceTrouble", "Trouble", "WrongUse",
    "reason_of_os_error", "trouble_of_os_error",
]


class ProgramMissing(ServiceTrouble):
    """An outside program is not installed. facts: program, purpose, package."""

    code = "program.missing"


class ProgramFailed(ServiceTrouble):
    """An outside program crashed, hung or gave garbage. facts: program, reason (its last line, no document text)."""

    code = "program.failed"


def trouble_of_os_error(error: OSError, path: Path) -> Trouble:
    """The trouble behind an OSError met while reading or writing `path`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return DiskFull(folder=str(path.parent))
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and not path.is_file():
        return FolderNotWritable(folder=str(path if path.is_dir() else path.parent), reason=reason_of_os_error(error))
    return FileNotReadable(file=str(path), reason=reason_of_os_error(error))
