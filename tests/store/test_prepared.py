"""Statements put to the driver itself say and do what they say and do otherwise."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, bindparam, delete, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from docclient.office.model import Role, new_id, now, today
from docclient.store import tables
from docclient.store.prepared import Prepared
from tests.offices import OfficeToTest


def test_every_column_of_every_table_is_read_the_same(office: OfficeToTest):
    """Of an office in which documents have come, gone round and been sent."""
    office.finished()
    office.issued("124")
    with office.engine.reading() as work:
        for table in tables.metadata.sorted_tables:
            query = select(table)
            assert Prepared(query).rows(work.connection) == [
                dict(row) for row in work.connection.execute(query).mappings()], table.name


def test_what_is_written_is_what_was_given(office: OfficeToTest):
    person, day = office.person("officer_economy"), today()
    with office.engine.writing() as connection:
        unit = connection.scalar(select(tables.post.c.unit).where(tables.post.c.person == person))
        given = {"id": new_id(), "person": person, "unit": unit, "title": "Phó phòng", "role": Role.OFFICER,
                 "valid_from": day, "valid_to": None}
        assert Prepared(insert(tables.post)).run(connection, given) == 1
        changing = Prepared(update(tables.post).where(tables.post.c.id == bindparam("this")).returning(
            tables.post.c.title, tables.post.c.valid_to))
        assert changing.rows(connection, {"this": given["id"], "title": "Trưởng phòng", "valid_to": day}) == [
            {"title": "Trưởng phòng", "valid_to": day}]
        found = connection.execute(select(tables.post).where(tables.post.c.id == given["id"])).mappings().one()
        assert {name: found[name] for name in given} == {**given, "title": "Trưởng phòng", "valid_to": day}
        gone = Prepared(delete(tables.post).where(tables.post.c.id == bindparam("this")))
        assert (gone.run(connection, {"this": given["id"]}), gone.run(connection, {"this": given["id"]})) == (1, 0)


def test_moments_keep_their_zone_and_a_moment_without_one_is_refused(office: OfficeToTest):
    with office.engine.writing() as connection:
        at = now()
        put = Prepared(insert(tables.blob))
        put.run(connection, {"digest": "0" * 64, "size": 1, "at": at})
        found = Prepared(select(tables.blob.c.at).where(tables.blob.c.digest == bindparam("of_digest")))
        assert found.scalar(connection, {"of_digest": "0" * 64}) == at
        with pytest.raises(ValueError, match="zone"):
            put.run(connection, {"digest": "1" * 64, "size": 1, "at": at.replace(tzinfo=None)})


def test_lists_that_stand_in_the_statement(office: OfficeToTest):
    roles = (Role.CLERK, Role.LEADER)
    query = select(tables.post.c.id).where(
        tables.post.c.role.in_(roles), tables.post.c.person != bindparam("but", None)).order_by(tables.post.c.id)
    but = office.person("clerk")
    with office.engine.reading() as work:
        found = Prepared(query).tuples(work.connection, {"but": but})
        assert found
        assert found == [tuple(row) for row in work.connection.execute(query, {"but": but})]


def test_its_errors_are_the_same_ones_and_nothing_unasked_is_taken(office: OfficeToTest):
    with office.engine.writing() as connection:
        fact = Prepared(insert(tables.office_fact))
        fact.run(connection, {"name": "twice", "value": "1"})
        with pytest.raises(KeyError):
            Prepared(select(tables.office_fact)).rows(connection, {"name": "twice"})
        with pytest.raises(IntegrityError) as found, connection.begin_nested():
            fact.run(connection, {"name": "twice", "value": "2"})
        assert "parameters" not in str(found.value)               # what was given is not told


def test_whoever_watches_the_statements_is_told_of_what_is_written(office: OfficeToTest):
    seen: list[tuple[object, object]] = []

    def told(connection: Connection, statement: object, many: object, given: object, options: object) -> None:
        seen.append((statement, given))

    with office.engine.writing() as connection:
        event.listen(connection, "before_execute", told)
        fact, asking = Prepared(insert(tables.office_fact)), Prepared(select(tables.office_fact))
        fact.run(connection, {"name": "watched", "value": "1"})
        asking.rows(connection)
        event.remove(connection, "before_execute", told)
    assert seen == [(fact.statement, {"name": "watched", "value": "1"})]
