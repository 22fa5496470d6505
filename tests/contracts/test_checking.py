"""`office check` passes on an honest office and names the place after any row or byte was changed behind its back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from docclient.office.checking import check_office
from docclient.office.findings import Finding, Lie
from tests.offices import OfficeToTest


def findings(office: OfficeToTest) -> tuple[Finding, ...]:
    return check_office(office.engine).findings


def change(office: OfficeToTest, *statements: str) -> None:
    with office.engine.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def places(office: OfficeToTest) -> list[tuple[Lie, str]]:
    return [(each.kind, each.where) for each in findings(office)]


@pytest.fixture
def busy(office: OfficeToTest) -> OfficeToTest:
    """Some work done, so that the journal speaks of documents and numbers."""
    office.directed("1")
    office.registered("2")
    assert findings(office) == ()
    return office


@pytest.mark.parametrize("column", ["at", "actor", "actor_name", "command", "fields", "effect"])
def test_an_edited_row(busy: OfficeToTest, column: str):
    change(busy, f"UPDATE journal SET {column} = 'x' WHERE number = 20")
    assert (Lie.EDITED, "journal entry 20") in places(busy)


def test_a_deleted_row(busy: OfficeToTest):
    change(busy, "DELETE FROM journal WHERE number = 20")
    assert (Lie.DELETED, "journal entry 20") in places(busy)


def test_two_swapped_rows(busy: OfficeToTest):
    change(busy, "UPDATE journal SET number = -1 WHERE number = 20", "UPDATE journal SET number = 20 WHERE number = 33",
           "UPDATE journal SET number = 33 WHERE number = -1")
    found = places(busy)
    assert (Lie.REORDERED, "journal entry 20") in found
    assert (Lie.REORDERED, "journal entry 33") in found


def test_a_cut_tail(busy: OfficeToTest):
    last = check_office(busy.engine).entries
    change(busy, f"DELETE FROM journal WHERE number > {last - 2}")
    assert (Lie.CUT, f"journal entry {last - 1}") in places(busy)


def test_an_inserted_row(busy: OfficeToTest):
    last = check_office(busy.engine).entries
    change(busy, f"INSERT INTO journal SELECT {last + 1}, at, actor, actor_name, command, document, fields, effect, "
                 f"previous, hash FROM journal WHERE number = {last}")
    assert (Lie.INSERTED, f"journal entry {last + 1}") in places(busy)


def test_a_document_changed_without_a_command(busy: OfficeToTest):
    change(busy, "UPDATE document SET state = 'finished' WHERE state = 'assigned'")
    ((kind, where),) = places(busy)
    assert kind is Lie.EDITED
    assert where.startswith("document ")


def test_a_number_taken_away_leaves_a_gap(busy: OfficeToTest):
    change(busy, "UPDATE document SET arrival_number = NULL WHERE arrival_number = 1")
    assert sorted(kind for kind, _ in places(busy)) == [Lie.EDITED, Lie.NUMBER_GAP]


def test_a_counter_set_back(busy: OfficeToTest):
    change(busy, "UPDATE register SET last_number = 0 WHERE kind = 'incoming'")
    assert [kind for kind, _ in places(busy)] == [Lie.NUMBER_DOUBLED]


@pytest.mark.parametrize("statement", [
    "UPDATE document SET subject = 'khác'", "UPDATE document SET issuer_name = 'khác'",
    "UPDATE direction SET words = 'khác'", "UPDATE verdict SET conclusion = 'valid'",
    "UPDATE handler SET role = 'informed'", "UPDATE file SET name = 'khac.pdf'",
    "UPDATE waiting SET due = '2099-01-01'",
])
def test_facts_changed_without_a_command(busy: OfficeToTest, statement: str):
    change(busy, statement)
    assert {kind for kind, _ in places(busy)} == {Lie.EDITED}


def test_a_document_moved_along_by_a_command_about_another_is_watched_too(office: OfficeToTest):
    view = office.drafted()
    (link,) = view.links
    assert findings(office) == ()
    change(office, f"UPDATE document SET state = 'finished' WHERE id = '{link.document}'")
    assert places(office) == [(Lie.EDITED, f"document {link.document}")]


def test_a_number_moved_on_by_hand(busy: OfficeToTest):
    change(busy, "UPDATE register SET last_number = last_number + 3 WHERE kind = 'incoming'")
    assert [kind for kind, _ in places(busy)] == [Lie.NUMBER_GAP]


def test_changed_and_missing_bytes(busy: OfficeToTest):
    with busy.engine.reading() as work:
        one, other = work.connection.execute(text("SELECT digest FROM blob ORDER BY digest LIMIT 2")).scalars()
    path = busy.engine.blobs.path(one)
    path.write_bytes(path.read_bytes() + b"x")
    busy.engine.blobs.path(other).unlink()
    assert places(busy) == [(Lie.BLOB_CHANGED, f"file {one}"), (Lie.BLOB_MISSING, f"file {other}")]
