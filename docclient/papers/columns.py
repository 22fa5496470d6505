"""The registers' columns: one table (resources/papers/registers.toml) for paper and spreadsheet alike."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from docclient.papers.model import RegisterKind


@dataclass(frozen=True, slots=True)
class Column:
    """field: of the row's dataclass; heading: the decree's words; width_mm: on paper, A4 landscape."""

    field: str
    heading: str
    width_mm: float
    align: Literal["left", "center"]


@dataclass(frozen=True, slots=True)
class RegisterForm:
    title: str
    columns: tuple[Column, ...]


@cache
def form_of(kind: RegisterKind) -> RegisterForm:
    told = tomllib.loads((resources.files("resources") / "papers" / "registers.toml").read_text(encoding="utf-8"))
    table = told[kind.value]
    return RegisterForm(table["title"], tuple(Column(**column) for column in table["columns"]))
