"""Appearances by template: `resources/appearances/*.toml` or a file of one's own; read, checked, filled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from string import Formatter
from typing import Any, Self

from signing.errors import BadInput, WrongUse
from signing.files import reading
from signing.fonts import FontStyle
from signing.look import BLACK, WHOLE, Align, Block, Look, Part, VerticalAlign, part_of
from signing.page import Box
from signing.pictures import picture_for

BLANKS = ("name", "position", "agency", "date", "time", "reason", "number", "form", "to", "file")

PICTURES: Mapping[str, Part | None] = {"none": None, "left": (0.02, 0.04, 0.4, 0.96), "above": (0.02, 0.3, 0.98, 1.0),
                                       "behind": WHOLE}
FRAME: tuple[Part, ...] = ((0, 0, 1, 0), (1, 0, 1, 1), (1, 1, 0, 1), (0, 1, 0, 0))
LARGEST = 64 << 10
COLOUR = re.compile(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})")


class TemplateMissing(WrongUse):
    """Neither a template of this name nor a file. facts: name, names."""

    code = "template.missing"


class TemplateWrong(BadInput):
    """facts: file, reason (the key or value that is wrong)."""

    code = "template.wrong"


@dataclass(frozen=True, slots=True)
class TemplateBlock:
    """block: with blanks in its lines. keep: also a line whose blanks are all empty stays."""

    block: Block
    keep: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """What a signature shows. source: the TOML it was read from, to be stored with a batch. size_mm: of its place."""

    name: str
    title: str
    size_mm: tuple[float, float]
    picture: Part | None
    blocks: tuple[TemplateBlock, ...]
    rules: tuple[Part, ...]
    rule_colour: tuple[float, float, float]
    source: str

    @classmethod
    def parse(cls, source: str, name: str) -> Self:
        """Raises TemplateWrong."""
        try:
            found = tomllib.loads(source)
        except tomllib.TOMLDecodeError as error:
            raise TemplateWrong(file=name, reason=f"TOML: {error}") from error
        known = {"title", "size_mm", "picture", "frame", "rules", "block", "colour"}
        _must(not found.keys() - known, name, ", ".join(sorted(found.keys() - known)))
        size = _numbers(found.get("size_mm"), 2, name, "size_mm")
        _must(all(5 <= n <= 297 for n in size), name, "size_mm")
        picture = found.get("picture", "none")
        _must(picture in PICTURES, name, f"picture = {picture}")
        title, blocks = found.get("title"), found.get("block", [])
        _must(isinstance(title, str) and bool(title), name, "title")
        _must(isinstance(blocks, list) and all(isinstance(one, dict) for one in blocks), name, "block")
        _must(bool(blocks) or picture != "none", name, "block")
        rules = found.get("rules", [])
        _must(isinstance(rules, list), name, "rules")
        lines = tuple(_part(_numbers(rule, 4, name, "rules"), name, "rules", turned=True) for rule in rules)
        return cls(name, str(title), (size[0], size[1]), PICTURES[picture],
                   tuple(_block(one, name) for one in blocks), (*(FRAME if found.get("frame") is True else ()), *lines),
                   _colour(found.get("colour", "#000000"), name), source)

    def look(self, blanks: Mapping[str, str], image: Path | None, box: Box) -> Look:
        """Filled for a box. Raises FileNotReadable, ImageNotUsable."""
        picture = None
        if image is not None and self.picture is not None:
            room = part_of(box.width, box.height, self.picture)
            picture = picture_for(image, room.width, room.height)
        blocks = tuple(filled for one in self.blocks if (filled := _filled(one, blanks)).lines)
        return Look(picture, self.picture or WHOLE, blocks, self.rules, self.rule_colour)


def template_names() -> list[str]:
    """The names of the templates that come with the program."""
    return sorted(Path(file.name).stem for file in _folder().iterdir() if file.name.endswith(".toml"))


def templates() -> list[Template]:
    """All that come with the program."""
    return [load_template(name) for name in template_names()]


def load_template(name: str) -> Template:
    """By name, or from a file. Raises: TemplateMissing, TemplateWrong, FileNotReadable."""
    if name in template_names():
        return Template.parse((_folder() / f"{name}.toml").read_text(encoding="utf-8"), name)
    path = Path(name)
    if path.suffix.lower() != ".toml":
        raise TemplateMissing(name=name, names=", ".join(template_names()))
    with reading(path) as stream:
        raw = stream.read(LARGEST + 1)
    try:
        _must(len(raw) <= LARGEST, str(path), f"> {LARGEST >> 10} KiB")
        return Template.parse(raw.decode("utf-8"), str(path))
    except UnicodeDecodeError as error:
        raise TemplateWrong(file=str(path), reason="UTF-8") from error


def _folder() -> Any:
    return resources.files("resources") / "appearances"


def _filled(one: TemplateBlock, blanks: Mapping[str, str]) -> Block:
    lines = []
    for line in one.block.lines:
        names = _blanks(line)
        if one.keep or not names or any(blanks.get(name) for name in names):
            lines.append(line.format(**{name: blanks.get(name, "") for name in names}).strip())
    block = one.block
    return Block(tuple(lines), block.size, block.align, block.level, block.style, block.part, block.colour)


def _block(found: Mapping[str, Any], name: str) -> TemplateBlock:
    known = {"lines", "part", "size", "align", "style", "colour", "keep"}
    _must(not found.keys() - known, name, ", ".join(sorted(found.keys() - known)))
    lines = found.get("lines")
    _must(isinstance(lines, list) and bool(lines) and all(isinstance(line, str) for line in lines), name, "lines")
    assert isinstance(lines, list)
    for line in lines:
        try:
            unknown = [blank for blank in _blanks(line) if blank not in BLANKS]
        except ValueError as error:
            raise TemplateWrong(file=name, reason=line) from error
        _must(not unknown, name, ", ".join(f"{{{blank}}}" for blank in unknown))
    size = found.get("size", 9)
    _must(isinstance(size, int | float) and not isinstance(size, bool) and 4 <= size <= 72, name, f"size = {size}")
    align, style = found.get("align", "centre"), found.get("style", "Regular")
    _must(align in set(Align), name, f"align = {align}")
    _must(style in set(FontStyle), name, f"style = {style}")
    part = _part(_numbers(found.get("part", WHOLE), 4, name, "part"), name, "part")
    return TemplateBlock(Block(tuple(lines), float(size), Align(align), VerticalAlign.MIDDLE, FontStyle(style), part,
                               _colour(found.get("colour", "#000000"), name)), found.get("keep") is True)


def _blanks(line: str) -> list[str]:
    """The names in braces. Raises ValueError for braces that do not match or ask for more than a name."""
    found = []
    for _, blank, form, conversion in Formatter().parse(line):
        if form or conversion:
            raise ValueError(line)
        if blank is not None:
            found.append(blank)
    return found


def _numbers(value: object, count: int, name: str, key: str) -> tuple[float, ...]:
    wanted = isinstance(value, Sequence) and len(value) == count and all(
        isinstance(n, int | float) and not isinstance(n, bool) for n in value)
    _must(wanted, name, key)
    assert isinstance(value, Sequence)
    return tuple(float(n) for n in value)


def _part(numbers: tuple[float, ...], name: str, key: str, *, turned: bool = False) -> Part:
    x0, y0, x1, y1 = numbers
    _must(all(0 <= n <= 1 for n in numbers) and (turned or (x0 < x1 and y0 < y1)), name, key)
    return x0, y0, x1, y1


def _colour(value: object, name: str) -> tuple[float, float, float]:
    found = COLOUR.fullmatch(value) if isinstance(value, str) else None
    _must(found is not None, name, f"colour = {value}")
    assert found is not None
    red, green, blue = (int(part, 16) / 255 for part in found.groups())
    return (red, green, blue) if (red, green, blue) != (0, 0, 0) else BLACK


def _must(holds: bool, name: str, reason: str) -> None:
    if not holds:
        raise TemplateWrong(file=name, reason=reason)
