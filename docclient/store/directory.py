"""The units of the directory in the database: written part by part, found while a name or a code is being typed.

What is searched are folded words (docclient.office.search), as for documents: an FTS5 table on SQLite, a tsvector on
PostgreSQL. Besides the words of its name, both codes and its parent, each unit is found by its initials and by each
beginning of them: `ubnd` finds every Ủy ban nhân dân.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    text,
    update,
)

from docclient.office.search import fold, words_of
from docclient.store import tables

MOST_TYPED = 12
"""Words of one question that are looked at."""

LOOKED_AT = 100
"""Of the units that have all the words, so many are put in order: whoever types on narrows them down."""

LONGEST_INITIALS = 10
HIGHEST = "\U0010ffff"
ROWS_AT_ONCE = 2_000
SHOWN = ("number", "code", "code_folded", "old_code", "old_folded", "name", "parent_name")
"""What finding needs of a unit: fewer columns are read in half the time."""
KEPT = ("name", "old_code", "parent_code", "parent_name", "email", "centre")


@dataclass(frozen=True, slots=True)
class Listed:
    """A unit as a list names it. Empty: the list says nothing of it."""

    code: str
    name: str
    old_code: str = ""
    parent_code: str = ""
    parent_name: str = ""
    email: str = ""
    centre: bool = False

    def row(self) -> dict[str, Any]:
        return {"code": self.code, "code_folded": fold(self.code), "old_code": self.old_code or None,
                "old_folded": fold(self.old_code) or None, "name": self.name, "name_folded": fold(self.name),
                "parent_code": self.parent_code or None, "parent_name": self.parent_name or None,
                "email": self.email or None, "centre": self.centre}


@dataclass(frozen=True, slots=True)
class Brought:
    """What a part of a list changed."""

    added: int = 0
    changed: int = 0
    ended: int = 0


def bring(connection: Connection, source: str, part: int, units: Iterable[Listed], at: datetime, *,
          complete: bool) -> Brought:
    """Make the source's part of the directory what `units` say. complete: those it does not name any more have ended;
    else they stay as they are."""
    here = tables.directory_unit
    known = {row["code_folded"]: row for row in connection.execute(
        select(here).where(here.c.source == source, here.c.part == part)).mappings()}
    next_number = (connection.scalar(select(func.max(here.c.number))) or 0) + 1
    new: dict[str, dict[str, Any]] = {}
    changed: dict[str, dict[str, Any]] = {}
    named = set()
    for unit in units:
        row = unit.row()
        key = row["code_folded"]
        if not key or key in named:
            continue
        named.add(key)
        before = known.get(key)
        if before is None:
            new[key] = {**row, "number": next_number + len(new), "source": source, "part": part, "added_at": at,
                        "ended_at": None}
        elif before["ended_at"] is not None or any(before[name] != row[name] for name in (*KEPT, "code")):
            changed[key] = {**row, "of_number": before["number"], "ended_at": None}
    gone = [row["number"] for key, row in known.items()
            if complete and key not in named and row["ended_at"] is None]
    if new:
        for batch in batches(list(new.values())):
            connection.execute(insert(here), batch)
        enter(connection, [(row["number"], words_for(row)) for row in new.values()])
    if changed:
        names = [name for name in next(iter(changed.values())) if name != "of_number"]
        connection.execute(update(here).where(here.c.number == bindparam("of_number")).values(
            {name: bindparam(name) for name in names}), list(changed.values()))
        leave(connection, [row["of_number"] for row in changed.values()])
        enter(connection, [(row["of_number"], words_for(row)) for row in changed.values()])
    if gone:
        connection.execute(update(here).where(here.c.number == bindparam("of_number")).values(
            ended_at=bindparam("then", type_=here.c.ended_at.type)),
            [{"of_number": number, "then": at} for number in gone])
        leave(connection, gone)
    return Brought(len(new), len(changed), len(gone))


def words_for(row: Mapping[str, Any]) -> str:
    """The folded words a unit is found by, each once."""
    name = words_of(row["name"])
    letters = "".join(word[0] for word in name)[:LONGEST_INITIALS]
    begun = [letters[:length] for length in range(2, len(letters) + 1)]
    codes = [word for code in (row["code"], row["old_code"]) if code for word in words_of(code)]
    return " ".join(dict.fromkeys([*name, *begun, *codes, *words_of(row["parent_name"] or "")]))


def enter(connection: Connection, entries: Sequence[tuple[int, str]]) -> None:
    if connection.dialect.name == "postgresql":
        rows = [{"number": number, "words": words, "vector": vector_of(words)} for number, words in entries]
    else:
        rows = [{"number": number, "words": words} for number, words in entries]
    for batch in batches(rows):
        connection.execute(insert(tables.directory_finding), batch)
        if connection.dialect.name == "sqlite":
            connection.execute(text("INSERT INTO unit_words(rowid, words) VALUES(:number, :words)"), batch)


def leave(connection: Connection, numbers: Sequence[int]) -> None:
    """Take units out of the index."""
    here = tables.directory_finding
    for batch in batches([{"of_number": number} for number in numbers]):
        if connection.dialect.name == "sqlite":
            found = connection.execute(select(here.c.number, here.c.words).where(
                here.c.number.in_([each["of_number"] for each in batch]))).all()
            if found:
                connection.execute(text("INSERT INTO unit_words(unit_words, rowid, words)"
                                        " VALUES('delete', :number, :words)"),
                                   [{"number": row.number, "words": row.words} for row in found])
        connection.execute(delete(here).where(here.c.number == bindparam("of_number")), batch)


def rebuild(connection: Connection) -> int:
    """Make the index anew from the units that have not ended. Returns how many."""
    connection.execute(delete(tables.directory_finding))
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO unit_words(unit_words) VALUES('delete-all')"))
    here, count = tables.directory_unit, 0
    for batch in batches(connection.execute(select(here).where(here.c.ended_at.is_(None))
                                            .order_by(here.c.number)).mappings().all()):
        enter(connection, [(row["number"], words_for(row)) for row in batch])
        count += len(batch)
    return count


def vector_of(words: str) -> str:
    return " ".join(f"'{word}'" for word in words.split())


def batches(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[begin:begin + ROWS_AT_ONCE] for begin in range(0, len(rows), ROWS_AT_ONCE))


# --- finding -----------------------------------------------------------------------------------------------------


def find(connection: Connection, typed: str) -> list[RowMapping]:
    """Units that receive and have not ended, found by what was typed so far: the beginning of a name or of either code,
    or words of them in any order. Not in order; at most some two hundred."""
    folded = fold(typed)
    if not folded:
        return []
    here = tables.directory_unit
    columns = [here.c[name] for name in SHOWN]
    there = (here.c.ended_at.is_(None), here.c.centre.is_(False))
    found: dict[int, RowMapping] = {}
    for column in (here.c.code_folded, here.c.old_folded, here.c.name_folded):
        begins = select(*columns).where(column >= folded, column < folded + HIGHEST, *there).order_by(column).limit(30)
        for row in connection.execute(begins).mappings():
            found.setdefault(row["number"], row)
    words = words_of(typed)[:MOST_TYPED]
    if words and (len(words) > 1 or len(words[0]) > 1):
        asked = matching(connection, words)
        if asked is not None:
            for row in connection.execute(asked.with_only_columns(*columns).where(*there)).mappings():
                found.setdefault(row["number"], row)
    return list(found.values())


def matching(connection: Connection, words: Sequence[str]) -> Select[Any] | None:
    """Units that have all the words; the last one may be unfinished."""
    here = tables.directory_unit
    if connection.dialect.name == "postgresql":
        said = " & ".join([*(f"'{word}'" for word in words[:-1]), f"'{words[-1]}':*"])
        index = tables.directory_finding
        numbers = (select(index.c.number)
                   .where(index.c.vector.op("@@")(literal_column("'" + said.replace("'", "''") + "'::tsquery")))
                   .limit(LOOKED_AT).subquery())
        return select(here).join(numbers, numbers.c.number == here.c.number)
    said = " AND ".join([*(f'"{word}"' for word in words[:-1]), f'"{words[-1]}"*'])
    numbers = (select(literal_column("rowid").label("number")).select_from(text("unit_words"))
               .where(text("unit_words MATCH :said").bindparams(said=said)).limit(LOOKED_AT).subquery())
    return select(here).join(numbers, numbers.c.number == here.c.number)


def by_code(connection: Connection, code: str) -> RowMapping | None:
    """The unit with this code, present before former, those that are there before those that ended."""
    here, wanted = tables.directory_unit, fold(code)
    if not wanted:
        return None
    return connection.execute(
        select(here).where((here.c.code_folded == wanted) | (here.c.old_folded == wanted))
        .order_by(here.c.ended_at.is_not(None), (here.c.code_folded != wanted), here.c.number).limit(1)
    ).mappings().first()
