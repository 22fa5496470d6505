"""`docclient sign --repair`: what cannot be signed as it is goes into the batch as a repaired copy."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from signing.batch import Item, State
from signing.errors import Trouble
from signing.files import replacing
from signing.repair import needs_repair, repair_copy

Repair = Annotated[bool, typer.Option(
    "--repair", help="Tệp hỏng bảng tham chiếu, có giới hạn của chủ tệp (mà cho phép sửa), XFA tĩnh…: ký một bản sao "
    "đã sửa, chỉ khi mọi trang hiển thị giống hệt.")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a repaired copy came from, and what was done (remarks)."""

    source: Path
    done: tuple[str, ...]


Origins = Mapping[Path, Origin]
"""By the copy's absolute path."""

ORIGINS = "origins.json"
"""Beside the copies of a kept batch: whoever goes on with it tells of the files that were given, not of copies."""


@contextmanager
def repaired(items: Sequence[Item], *, wanted: bool, keep: Path | None,
             go_on: Path | None = None) -> Iterator[tuple[list[Item], Origins]]:
    """The items with copies in place of what needed repair, and where the copies came from; a file that cannot be
    repaired fails its item. The copies last as long as the block, or, beside the folder `keep` of a new batch or
    `go_on` of an earlier one, as long as the batch there. Raises: FolderNotWritable, DiskFull."""
    batch = go_on or keep
    beside = batch.with_name(f"{batch.name}-repaired") if batch is not None else None
    folder = beside if go_on is not None else None
    origins: dict[Path, Origin] = _kept_origins(beside) if go_on is not None and beside is not None else {}
    if wanted and go_on is None:
        folder = beside or Path(tempfile.mkdtemp(prefix="docclient-"))
    try:
        given = [_item(item, folder / f"{number}.pdf", origins) if folder is not None and go_on is None else item
                 for number, item in enumerate(items)]
        if keep is not None and beside is not None and origins:
            _keep_origins(beside, origins)
        yield given, origins
    finally:
        if folder is not None and (batch is None or not batch.exists()):
            shutil.rmtree(folder, ignore_errors=True)


def as_given(item: Item, origins: Origins) -> Item:
    """A finished item under the name that was given, with what was repaired among its remarks."""
    origin = origins.get(item.source.absolute())
    if origin is None:
        return item
    signed = item.signed
    if signed is not None:
        signed = replace(signed, source=origin.source, warnings=(*origin.done, *signed.warnings))
    return replace(item, source=origin.source, signed=signed)


def _item(item: Item, copy: Path, origins: dict[Path, Origin]) -> Item:
    if item.finished:
        return item
    try:
        if not needs_repair(item.source):
            return item
        done = repair_copy(item.source, copy).done
    except Trouble as trouble:
        return replace(item, state=State.FAILED, trouble=trouble)
    origins[copy.absolute()] = Origin(item.source, done)
    return replace(item, source=copy)


def _keep_origins(folder: Path, origins: Origins) -> None:
    record = {copy.name: {"source": str(origin.source), "done": origin.done} for copy, origin in origins.items()}
    with replacing(folder / ORIGINS) as file:
        file.write(json.dumps(record, ensure_ascii=False).encode())


def _kept_origins(folder: Path) -> dict[Path, Origin]:
    """Nothing where no copies were made. What cannot be read tells of the copies: their signatures are as good."""
    try:
        record = json.loads((folder / ORIGINS).read_bytes())
        return {(folder / name).absolute(): Origin(Path(each["source"]), tuple(each["done"]))
                for name, each in record.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
