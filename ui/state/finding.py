"""What the screens of lists show beside rows: choices of filters, saved searches, chosen columns. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from docclient.desk.list_columns import COLUMNS
from docclient.office.commands.finding import ColumnChoice
from docclient.office.door import Office
from docclient.office.model import Role
from docclient.office.queries.finding import FoundCount
from docclient.office.queries.keeping import SavedSearchView
from docclient.office.queries.office import DocumentTypes, People, Units
from ui.texts import Texts

TOGETHER = ("what", "signatures")
"""Columns of the window alone: type with subject, and what the signatures are worth."""


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """(value, words) of what filters can be set to."""

    types: tuple[tuple[str, str], ...] = ()
    units: tuple[tuple[str, str], ...] = ()
    people: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, office: Office) -> Self:
        """Off the window's thread."""
        people = {each.id: each.name for each in office.ask(People()) if each.role is not Role.ADMINISTRATOR}
        return cls(tuple((each.name, each.name) for each in office.ask(DocumentTypes())),
                   tuple((each.id, each.name) for each in office.ask(Units())), tuple(people.items()))


def heading_of(name: str, texts: Texts) -> str:
    """A column's heading by its kept name."""
    return texts(f"column.{name}") if name in TOGETHER else COLUMNS[name].title(texts.language)


def known_columns(chosen: tuple[ColumnChoice, ...]) -> tuple[ColumnChoice, ...]:
    """Those that this program knows: another one may have kept others."""
    return tuple(each for each in chosen if each.name in COLUMNS or each.name in TOGETHER)


def in_files(names: tuple[str, ...]) -> tuple[str, ...]:
    """The columns of a file for the columns of a list: type and subject apart, signatures left out."""
    apart = [part for name in names for part in (("type", "subject") if name == "what" else (name,))]
    return tuple(dict.fromkeys(name for name in apart if name in COLUMNS))


def count_told(count: FoundCount | None, texts: Texts) -> str:
    if count is None:
        return ""
    return f"{texts.number(count.number)}+" if count.more else texts.number(count.number)


def search_told(search: SavedSearchView, texts: Texts) -> str:
    """Name and count, for a button."""
    count = count_told(search.count, texts)
    return f"{search.name}  ({count})" if count else search.name
