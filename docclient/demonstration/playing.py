"""Play the demonstration into a folder, and write down what happened whether it held or not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from docclient.demonstration.demo import Demonstration
from docclient.demonstration.index import write_index
from docclient.demonstration.record import Record, StepFailed
from docclient.errors import BadInput, trouble_of_os_error
from docclient.words import Language


class FolderNotEmpty(BadInput):
    """The demonstration writes into an empty folder or one of its own. facts: folder."""

    code = "demo.folder_not_empty"


def play(folder: Path, told: Callable[[str], None], *, pictures: bool = True,
         language: Language = Language.VIETNAMESE) -> Record:
    """Play the demonstration into `folder` and write its summary, whatever happened.

    Raises: FolderNotEmpty, FolderNotWritable.
    """
    make_folder(folder)
    record = Record(folder, told)
    demonstration = Demonstration(folder, record, pictures)
    try:
        with suppress(StepFailed):       # the record says which step and why
            demonstration.run()
    finally:
        record.write()
        write_index(record, language)
        if hasattr(demonstration, "sample"):
            demonstration.sample.engine.close()
    return record


MARK = ".docclient-demo"
"""Says that the folder was made by a demonstration."""

OWN = frozenset({MARK, "summary.json", "index.md", "office", "tokens", "trust", "exchange", "sender", "screens"})
OWN_SUFFIXES = frozenset({".pdf", ".edxml", ".docx", ".xlsx", ".jpg"})


def empty_of_own(folder: Path) -> None:
    """Remove what a demonstration leaves, by name and kind; whatever else lies there stays."""
    for path in folder.iterdir():
        if path.name in OWN and path.is_dir():
            shutil.rmtree(path)
        elif path.name in OWN or (path.is_file() and path.suffix in OWN_SUFFIXES):
            path.unlink()


def make_folder(folder: Path) -> None:
    """An empty folder; one that an earlier demonstration left is emptied, anything else is left alone."""
    try:
        if (folder / MARK).is_file():
            empty_of_own(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise FolderNotEmpty(folder=str(folder))
        (folder / MARK).write_text("", encoding="utf-8")
    except OSError as error:
        raise trouble_of_os_error(error, folder) from error


