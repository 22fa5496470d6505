"""Statements that every command needs, compiled once and then put to the driver itself.

SQLAlchemy takes some eighty microseconds over a statement whose text it knows already, SQLite five over most answers; a
command has some fifty. What is asked here stands in the same transaction, its values go the same way through the
columns' types, its errors are the same ones, and whoever watches the connection's statements
(docclient/office/watching.py) is told of what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import SelectBase

Processor = Callable[[Any], Any]
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Compiled:
    """text: as the driver takes it. places: the parameters in their order; None where the driver wants names. fixed:
    values that stand in the statement itself. given, found: what turns values on their way in and out."""

    text: str
    places: Sequence[str] | None
    fixed: Mapping[str, Any]
    given: Mapping[str, Processor]
    found: Sequence[tuple[int, Processor]]
    errors: type[Exception]

    @classmethod
    def of(cls, statement: SelectBase | Insert | Update | Delete, columns: Sequence[Any], dialect: Dialect,
           named: Sequence[str]) -> Compiled:
        """named: the parameters that will be given; of an insert or update the columns that it writes."""
        made: Any = statement.compile(
            dialect=dialect, column_keys=None if isinstance(statement, SelectBase) else list(named))
        if getattr(made, "insert_prefetch", ()) or getattr(made, "update_prefetch", ()):
            raise ValueError("a column's own default is not asked for here")
        # lists that stand in the statement are written out; what is given comes later
        state = made.construct_expanded_state({name: None for name, bind in made.binds.items() if bind.required})
        given = {name: processor for name, bind in made.binds.items()
                 if (processor := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None}
        given |= {name: processor for name, processor in state.processors.items() if callable(processor)}
        fixed = {name: given[name](value) if name in given and value is not None else value
                 for name, value in state.parameters.items()}
        found = [(place, processor) for place, column in enumerate(columns)
                 if (processor := column.type.dialect_impl(dialect).result_processor(dialect, None)) is not None]
        driver: Any = dialect.loaded_dbapi
        places = tuple(state.positiontup) if state.positiontup is not None else None
        return cls(state.statement, places, fixed, given, found, driver.Error)

    def values(self, given: Mapping[str, Any]) -> Any:
        """Raises: KeyError: something is given that the statement does not ask for."""
        values = dict(self.fixed)
        for name, value in given.items():
            if name not in values:
                raise KeyError(name)
            values[name] = self.given[name](value) if value is not None and name in self.given else value
        return values if self.places is None else [values[name] for name in self.places]


class Prepared:
    """A statement whose parameters are single values. Raises with every question: DBAPIError."""

    def __init__(self, statement: Select[Any] | SelectBase | Insert | Update | Delete) -> None:
        self.statement = statement
        self.writes = not isinstance(statement, SelectBase)
        columns: Any = getattr(statement, "exported_columns" if self.writes else "selected_columns")
        self._columns = tuple(columns)
        self._names = tuple(columns.keys())
        self._compiled: dict[tuple[str, ...], Compiled] = {}

    def tuples(self, connection: Connection, given: Mapping[str, Any] = NOTHING) -> list[tuple[Any, ...]]:
        """Every row."""
        compiled, cursor = self._carried_out(connection, given)
        try:
            rows = cursor.fetchall()
        finally:
            cursor.close()
        if not compiled.found:
            return list(rows)
        return [turned(row, compiled.found) for row in rows]

    def rows(self, connection: Connection, given: Mapping[str, Any] = NOTHING) -> list[dict[str, Any]]:
        """Every row, by its columns' names."""
        return [dict(zip(self._names, row, strict=True)) for row in self.tuples(connection, given)]

    def first(self, connection: Connection, given: Mapping[str, Any] = NOTHING) -> dict[str, Any] | None:
        """The first row, by its columns' names; for questions that have few."""
        rows = self.tuples(connection, given)
        return dict(zip(self._names, rows[0], strict=True)) if rows else None

    def scalar(self, connection: Connection, given: Mapping[str, Any] = NOTHING) -> Any:
        """The first column of the first row; None where there is none."""
        rows = self.tuples(connection, given)
        return rows[0][0] if rows else None

    def run(self, connection: Connection, given: Mapping[str, Any] = NOTHING) -> int:
        """Of what writes: how many rows it wrote."""
        _, cursor = self._carried_out(connection, given)
        count: int = cursor.rowcount
        cursor.close()
        return count

    def _carried_out(self, connection: Connection, given: Mapping[str, Any]) -> tuple[Compiled, Any]:
        if not connection.in_transaction():
            connection.begin()                      # as any statement begins one
        dialect = connection.dialect
        kind = (dialect.name, *given) if self.writes else (dialect.name,)
        compiled = self._compiled.get(kind)
        if compiled is None:
            compiled = self._compiled[kind] = Compiled.of(self.statement, self._columns, dialect, list(given))
        if self.writes:
            for told in connection.dispatch.before_execute:
                told(connection, self.statement, [], dict(given), {})
        cursor = connection.connection.cursor()
        try:
            cursor.execute(compiled.text, compiled.values(given))
        except compiled.errors as error:
            cursor.close()
            raise DBAPIError.instance(compiled.text, None, error, compiled.errors, hide_parameters=True,
                                      dialect=dialect) from error
        return compiled, cursor


def turned(row: Sequence[Any], found: Sequence[tuple[int, Processor]]) -> tuple[Any, ...]:
    """Values as the columns' types give them."""
    values = list(row)
    for place, processor in found:
        if values[place] is not None:
            values[place] = processor(values[place])
    return tuple(values)
