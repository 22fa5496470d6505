"""Facts and a template (resources/papers/*.typ) become one PDF/A-2b file.

The facts travel as JSON and are set as text, never as markup: nothing in a document's subject can act on the page.
Only our own typeface is used, so that a paper looks the same on every machine.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from importlib import resources
from pathlib import Path

import typst

from docclient.papers.layout import printable
from signing.files import replacing

Facts = Mapping[str, object]


def typeset(template: str, facts: Facts, made_at: datetime, target: Path, *, tagged: bool = True,
            pictures: Mapping[str, bytes] | None = None) -> Path:
    """Write `resources/papers/<template>.typ`, filled with `facts`, to `target`.

    Args:
        made_at: aware; the date inside the PDF. The same facts and date give the same bytes.
        tagged: with the structure that screen readers use; it makes a table of thousands of rows seven times larger.
        pictures: PNG files by the names under which the template asks for them.
    Raises: FolderNotWritable, DiskFull.
    """
    with _root(pictures or {}) as root:
        made = typst.compile(
            root / f"{template}.typ", root=root, font_paths=_fonts(), format="pdf",
            sys_inputs={"paper": json.dumps(_as_text(facts), ensure_ascii=False)}, pdf_standards="a-2b",
            pdf_tags=tagged, timestamp=int(made_at.timestamp()),
        )
    assert isinstance(made, bytes)
    with replacing(target) as stream:
        stream.write(made)
    return target


@contextmanager
def _root(pictures: Mapping[str, bytes]) -> Iterator[Path]:
    """The folder a template sees: the templates' own, or a copy with the pictures in it, gone afterwards."""
    if not pictures:
        yield templates()
        return
    with tempfile.TemporaryDirectory(prefix="docclient-paper-") as folder:
        root = Path(folder)
        for source in templates().glob("*.typ"):
            shutil.copyfile(source, root / source.name)
        for name, data in pictures.items():
            (root / name).write_bytes(data)
        yield root


def templates() -> Path:
    return Path(str(resources.files("resources") / "papers"))


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False,
                       font_paths=[Path(str(resources.files("resources") / "fonts"))])


def _as_text(facts: object) -> object:
    """The same facts with every text made printable."""
    if isinstance(facts, str):
        return printable(facts)
    if isinstance(facts, Mapping):
        return {key: _as_text(value) for key, value in facts.items()}
    if isinstance(facts, Sequence):
        return [_as_text(value) for value in facts]
    return facts
