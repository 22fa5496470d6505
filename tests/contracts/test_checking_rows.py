"""People, posts, agencies, registers, settings, the calendar: whatever changed there without a command is found."""

from __future__ import annotations

import json
from datetime import date

import pytest
from sqlalchemy import insert, select, text, update

from docclient.office.checking import check_office, entries_of
from docclient.office.checking_rows import RowBook
from docclient.office.commands.deadlines import ForgetCalendarDays, SetCalendarDays
from docclient.office.commands.people import AddUnit, SetFact
from docclient.office.migrating import note_migration
from docclient.office.watching import every_row, watched, watching
from docclient.office.working_days import CalendarDay, DayKind
from docclient.store import tables
from docclient.words import Language, said
from tests.offices import OfficeToTest


def found(office: OfficeToTest) -> list[tuple[str, str]]:
    return [(each.kind.value, each.where.split()[0]) for each in check_office(office.engine).findings]


def change(office: OfficeToTest, *statements: str) -> None:
    with office.engine.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.mark.parametrize(("statement", "expected"), [
    ("UPDATE person SET name = 'Ai khác' WHERE account = 'vanthu'", [("edited", "person")]),
    ("UPDATE person SET active = false WHERE account = 'vanthu'", [("edited", "person")]),
    ("UPDATE post SET role = 'leader' WHERE role = 'clerk'", [("edited", "post")]),
    ("UPDATE agency SET email = 'x@y' WHERE own = true", [("edited", "agency")]),
    ("UPDATE register SET closed = true WHERE kind = 'incoming'", [("edited", "register")]),
    ("UPDATE document_type SET abbreviation = 'XX' WHERE name = 'Quyết định'", [("edited", "document_type")]),
    ("UPDATE unit SET name = 'Phòng khác'", [("edited", "unit")]),
    ("INSERT INTO office_fact (name, value) VALUES ('ask_network', 'yes')", [("inserted", "office_fact")]),
    ("INSERT INTO calendar_day (day, kind, note, basis) VALUES ('2026-03-05', 'closed', '', '')",
     [("inserted", "calendar_day")]),
    ("DELETE FROM trust_item WHERE kind = 'crl'", [("deleted", "trust_item")]),
    ("DELETE FROM certificate", [("deleted", "certificate")]),
    ("UPDATE office_fact SET value = 'UBX' WHERE name = 'symbol'", [("edited", "office_fact")]),
])
def test_what_was_changed_behind_the_back(office: OfficeToTest, statement: str, expected: list[tuple[str, str]]):
    assert found(office) == []
    change(office, statement)
    assert set(found(office)) == set(expected)


def test_a_right_that_somebody_took(office: OfficeToTest):
    view = office.received("1")
    person = office.person("officer_culture_society")
    change(office, f"INSERT INTO access (document, person) VALUES ('{view.document.id}', '{person}')")
    assert found(office) == [("edited", "document")]


def test_work_taken_off_somebodys_list(office: OfficeToTest):
    office.registered("1")
    change(office, "DELETE FROM waiting")
    assert found(office) == [("edited", "document")]


def test_a_command_on_the_same_row_does_not_wash_it_clean(office: OfficeToTest):
    """Changed behind the back, then changed by a command: the command's entry tells what it found."""
    door = office.door("administrator")
    door.do(SetFact("symbol", "UBND"))
    change(office, "UPDATE office_fact SET value = 'giả' WHERE name = 'symbol'")
    door.do(SetFact("symbol", "HĐND"))
    (finding,) = check_office(office.engine).findings
    assert (finding.kind.value, finding.where) == ("edited", "office_fact symbol")
    assert "ngoài hệ thống" in finding.detail
    assert "behind the journal's back" in str(said(finding.why, Language.ENGLISH))


def test_deleted_and_put_back_by_commands(office: OfficeToTest):
    door, day = office.door("administrator"), date(2026, 3, 5)
    for _ in range(2):
        door.do(SetCalendarDays((CalendarDay(day, DayKind.CLOSED, "Nghỉ", ""),)))
        door.do(ForgetCalendarDays((day,)))
    assert found(office) == []
    change(office, "INSERT INTO calendar_day (day, kind, note, basis) VALUES ('2026-03-05', 'closed', '', '')")
    assert found(office) == [("inserted", "calendar_day")]


def test_every_way_of_writing_is_watched(office: OfficeToTest):
    """One row, several values, many parameters, from a query, without a condition."""
    fact = tables.office_fact
    with office.engine.writing() as connection, watching(connection) as watch:
        connection.execute(insert(fact).values(name="a", value="1"))
        connection.execute(insert(fact).values([{"name": "b", "value": "2"}, {"name": "c", "value": "3"}]))
        connection.execute(insert(fact), [{"name": "d", "value": "4"}, {"name": "e", "value": "5"}])
        connection.execute(insert(fact).from_select(["name", "value"], select(text("'f'"), text("'6'"))))
        connection.execute(update(fact).where(fact.c.name == "a").values(value="7"))
        connection.execute(fact.delete().where(fact.c.name == "b"))
        changed = watch.changes()
        assert set(changed) == {"office_fact"}
        assert {key: (before is None, after is None) for key, (before, after) in changed["office_fact"].items()} == {
            "a": (True, False), "c": (True, False), "d": (True, False), "e": (True, False), "f": (True, False)}
        now = every_row(connection)["office_fact"]
        assert all(now[key] == after for key, (_, after) in changed["office_fact"].items())
        connection.rollback()


def heard(office: OfficeToTest, *, after: int = 0) -> RowBook:
    book = RowBook()
    with office.engine.reading() as work:
        for entry in entries_of(work):
            if entry.number > after:
                book.hear(entry.number, entry.command, json.loads(entry.effect))
    return book


def told_by(office: OfficeToTest, book: RowBook) -> list[tuple[str, str]]:
    with office.engine.reading() as work:
        return [(each.kind.value, each.where) for each in book.check(work, whole=True)]


def test_an_office_from_before_the_watch_is_measured_from_its_migration(office: OfficeToTest):
    """Without what the founding told, no row is called a stranger until a migration has noted them all. Entries of
    earlier programs list every row."""
    assert told_by(office, heard(office, after=30)) == []
    after = RowBook()
    with office.engine.reading() as work:
        after.hear(99, "MigrateOffice", {"rows": {table: {key: [print_, print_] for key, print_ in prints.items()}
                                                  for table, prints in every_row(work.connection).items()}})
    assert told_by(office, after) == []
    change(office, "UPDATE person SET name = 'Ai khác' WHERE account = 'quantri'")
    assert [where.split()[0] for _, where in told_by(office, after)] == ["person"]
    assert {"person", "post", "agency", "register", "calendar_day", "delegation"} <= set(watched())


def migrated(office: OfficeToTest) -> str:
    """Note a migration as the program does; the effect of its entry."""
    with office.engine.writing() as connection:
        note_migration(connection, "0001", "0002")
    with office.engine.reading() as work:
        return str(work.connection.scalar(select(tables.journal.c.effect).order_by(
            tables.journal.c.number.desc()).limit(1)))


def test_the_entry_of_a_migration_does_not_grow_with_the_office(office: OfficeToTest):
    door, first = office.door("administrator"), migrated(office)
    for number in range(30):
        door.do(SetFact(f"fact_{number}", "x" * 50))
    second = migrated(office)
    assert abs(len(second) - len(first)) < 10 and len(first) < 150 * len(watched())
    assert found(office) == []


def test_rows_that_a_migration_left_as_they_were_are_named_afterwards(office: OfficeToTest):
    office.door("administrator").do(SetFact("symbol", "UBND"))
    migrated(office)
    migrated(office)
    change(office, "UPDATE office_fact SET value = 'giả' WHERE name = 'symbol'",
           "INSERT INTO office_fact (name, value) VALUES ('ask_network', 'yes')")
    assert sorted((each.kind.value, each.where) for each in check_office(office.engine).findings) == [
        ("edited", "office_fact symbol"), ("inserted", "office_fact ask_network")]


def test_rows_that_a_migration_filled_are_proven_by_its_measure(office: OfficeToTest):
    """The migration changed every row of a table: which row lies cannot be told, that one lies can."""
    change(office, "UPDATE unit SET valid_from = '2020-01-01'")          # what a migration does, in its transaction
    migrated(office)
    assert found(office) == []
    administrator = office.door("administrator")
    administrator.do(AddUnit("Ban Tiếp công dân", "TCD"))
    assert found(office) == []
    change(office, "UPDATE unit SET name = 'Phòng khác' WHERE abbreviation = 'KT'")
    (finding,) = check_office(office.engine).findings
    assert (finding.kind.value, finding.where) == ("edited", "unit …")
    change(office, "INSERT INTO unit (id, name, abbreviation, position) VALUES ('u', 'Ban lạ', 'BL', 99)")
    assert found(office) == [("inserted", "unit")]


def test_a_command_after_the_migration_does_not_wash_a_filled_row_clean(office: OfficeToTest):
    change(office, "UPDATE office_fact SET value = value || ' '")
    migrated(office)
    change(office, "UPDATE office_fact SET value = 'giả' WHERE name = 'symbol'")
    office.door("administrator").do(SetFact("symbol", "HĐND"))
    assert found(office) == [("edited", "office_fact")]
