"""What a command asks is answered from an index, whatever the office's size and without statistics kept."""

from __future__ import annotations

import re

from sqlalchemy import event

from tests.offices import OfficeToTest

LARGE = frozenset({
    "document", "file", "file_version", "verdict", "direction", "handler", "waiting", "holding", "access", "outbox",
    "delivery", "journal", "receipt", "twin_key", "finding", "notice", "link", "presentation"})
"""Tables that grow with the documents."""

ROUGH = re.compile(r"SCAN (?P<table>\w+)|SEARCH (?P<documents>document) USING .*\((flow|state)=\?(?! AND id)[^)]*\)")
"""From the first row to the last, or every document of a flow or a state."""


def test_receiving_registering_and_directing_go_through_no_list_of_documents(sqlite_office: OfficeToTest):
    office = sqlite_office
    office.directed("1")                                   # every statement was made
    office.engine.database.dispose()
    said: set[str] = set()

    def listen(connection, _record) -> None:
        connection.set_trace_callback(said.add)

    event.listen(office.engine.database, "connect", listen)
    office.directed("2")
    event.remove(office.engine.database, "connect", listen)
    asked = {each for each in said if each.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE"))}
    assert len(asked) > 40
    assert any("twin_key.number =" in each for each in asked)
    with office.engine.database.connect() as connection:
        rough = {(match[0], statement[:200]) for statement in asked
                 for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
                 if (match := ROUGH.match(row[3])) and (match["table"] or match["documents"]) in LARGE}
    assert not rough
