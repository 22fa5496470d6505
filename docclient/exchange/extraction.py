"""A packet's files put into a folder under safe names; nothing that lies there already is replaced."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from docclient.exchange.names import safe_file_name, unique_file_name
from docclient.exchange.packet import Attachment
from signing.files import replacing, trouble_of_writing


def extract(files: Sequence[Attachment], folder: Path) -> list[Path | None]:
    """Write each file into `folder`, which is made when missing; None for a file without content.

    Names are sanitised and made unique. A file that lies there with the same content counts as written.
    Raises: FolderNotWritable, DiskFull.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        taken = {path.name.casefold() for path in folder.iterdir()}
    except OSError as error:
        raise trouble_of_writing(error, folder) from error
    ours: set[str] = set()
    written: list[Path | None] = []
    for file in files:
        if file.content is None:
            written.append(None)
            continue
        foreign: set[str] = set()
        while True:
            path = folder / unique_file_name(safe_file_name(file.name), ours | foreign)
            if path.name.casefold() not in taken:
                with replacing(path) as stream:
                    stream.write(file.content)
                break
            if _same(path, file.content):
                break
            foreign.add(path.name.casefold())
        ours.add(path.name.casefold())
        written.append(path)
    return written


def _same(path: Path, content: bytes) -> bool:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").digest() == hashlib.sha256(content).digest()
    except OSError:
        return False
