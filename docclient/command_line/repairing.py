"""`docclient sign --repair`: what cannot be signed as it is goes into the batch as a repaired copy."""

from __future__ import annotations

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
from signing.repair import needs_repair, repair_copy

Repair = Annotated[bool, typer.Option(
    "--repair", help="Tệp hỏng bảng tham chiếu, có giới hạn của chủ tệp (mà cho phép sửa), XFA tĩnh…: ký một bản sao đã "
    "sửa, chỉ khi mọi trang hiển thị giống hệt.")]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a repaired copy came from, and what was done (remarks)."""

    source: Path
    done: tuple[str, ...]


Origins = Mapping[Path, Origin]
"""By copy."""


@contextmanager
def repaired(items: Sequence[Item], *, wanted: bool, keep: Path | None) -> Iterator[tuple[list[Item], Origins]]:
    """The items with copies in place of what needed repair, and where the copies came from; a file that cannot be
    repaired fails its item. The copies last as long as the block, or, beside `keep`, as long as the batch there."""
    folder: Path | None = None
    if wanted:
        beside = keep.with_name(f"{keep.name}-repaired") if keep is not None else None
        folder = beside or Path(tempfile.mkdtemp(prefix="docclient-"))
    origins: dict[Path, Origin] = {}
    try:
        yield [_item(item, folder / f"{number}.pdf", origins) if folder is not None else item
               for number, item in enumerate(items)], origins
    finally:
        if folder is not None and (keep is None or not keep.exists()):
            shutil.rmtree(folder, ignore_errors=True)


def as_given(item: Item, origins: Origins) -> Item:
    """A finished item under the name that was given, with what was repaired among its remarks."""
    origin = origins.get(item.source)
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
    origins[copy] = Origin(item.source, done)
    return replace(item, source=copy)
