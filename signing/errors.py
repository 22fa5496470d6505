"""What can go wrong, as a tree; the words for each code live in `resources/words/`.

    Trouble                      anything a person must be told; carries a code and facts
    ├── WrongUse                 2   the question was put wrongly
    ├── BadInput                 3   a file is damaged, encrypted or not what it claims
    ├── KeyTrouble               4   token, key or PIN
    │   └── PinTrouble               the batch stops: another try may lock the token
    ├── ServiceTrouble           5   a service or the network
    ├── PlaceTrouble             3   a folder or disk that cannot take the result
    ├── NotAllowed               6   the rules say no
    └── (anything else)          70  our own bug

A subclass sets `code`; `facts` fill the blanks of its sentence. Neither ever holds a PIN, a password or document text.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """How the command line ends (docs/command-line.md)."""

    GOOD = 0
    ANSWER_IS_NO = 1
    WRONG_USE = 2
    BAD_INPUT = 3
    KEY = 4
    SERVICE = 5
    NOT_ALLOWED = 6
    BUG = 70


def reason_of_os_error(error: OSError) -> str:
    """Why the system refused, as its symbol (`ENOENT`): the words `os_error.ENOENT` say it in the reader's language."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


class Trouble(Exception):
    """Something a person must be told: `code` picks the words, `facts` fill their blanks."""

    code: ClassVar[str] = "trouble"
    exit_code: ClassVar[ExitCode] = ExitCode.BUG
    stops_batch: ClassVar[bool] = False

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts

    def __reduce__(self) -> tuple[Callable[..., Trouble], tuple[type[Trouble], dict[str, object]]]:
        """Troubles travel between processes: made again from their facts."""
        return _made_again, (type(self), self.facts)


def _made_again(kind: type[Trouble], facts: dict[str, object]) -> Trouble:
    return kind(**facts)


class WrongUse(Trouble):
    exit_code = ExitCode.WRONG_USE


class BadInput(Trouble):
    exit_code = ExitCode.BAD_INPUT


class PlaceTrouble(Trouble):
    exit_code = ExitCode.BAD_INPUT


class KeyTrouble(Trouble):
    exit_code = ExitCode.KEY


class PinTrouble(KeyTrouble):
    stops_batch = True


class ServiceTrouble(Trouble):
    exit_code = ExitCode.SERVICE


class NotAllowed(Trouble):
    exit_code = ExitCode.NOT_ALLOWED


class FileNotReadable(BadInput):
    """facts: file, reason (the system's own short word)."""

    code = "file.not_readable"


class FolderNotWritable(PlaceTrouble):
    """facts: folder, reason."""

    code = "folder.not_writable"


class DiskFull(PlaceTrouble):
    """facts: folder."""

    code = "disk.full"
