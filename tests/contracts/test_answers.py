"""The answers of the command line hold to their schemas (tests/contracts/schemas), as programs outside read them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from sqlalchemy import text

from tests.offices import OfficeToTest
from tests.running import docclient

SCHEMAS = Path(__file__).parent / "schemas"


def holds(name: str, answer: object) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(answer)


def test_every_schema_is_one():
    found = sorted(SCHEMAS.glob("*.schema.json"))
    assert len(found) == 26
    for path in found:
        Draft202012Validator.check_schema(json.loads(path.read_text(encoding="utf-8")))


def test_office_check(sqlite_office: OfficeToTest):
    sqlite_office.directed()
    good = docclient("office", "check", "--office", sqlite_office.place.name, "--json")
    holds("office-check", good.answer)
    assert (good.code, good.answer["ok"]) == (0, True)
    with sqlite_office.engine.writing() as connection:
        connection.execute(text("DELETE FROM journal WHERE number = 20"))
    bad = docclient("office", "check", "--office", sqlite_office.place.name, "--json")
    holds("office-check", bad.answer)
    assert (bad.code, bad.answer["findings"][0]["kind"]) == (1, "deleted")
    assert "journal entry 20" in bad.answer["findings"][0]["where"]


@pytest.mark.parametrize("arguments", [
    ("office", "check", "--office", "{nothing}"), ("office", "do", "NoSuchThing", "--as", "x", "--office", "{nothing}"),
    ("packet", "read", "{nothing}"), ("verify",),
    ("office", "do", "MarkRead", "--as", "vanthu", "--office", "{office}"),
])
def test_errors(arguments, sqlite_office: OfficeToTest, tmp_path: Path):
    given = [part.format(nothing=tmp_path / "nothing", office=sqlite_office.place.name) for part in arguments]
    ran = docclient(*given, "--json")
    holds("error", ran.answer)
    assert ran.code in {2, 3, 6}


def test_commands_and_questions_as_json(sqlite_office: OfficeToTest, tmp_path: Path):
    office = sqlite_office
    view = office.received()
    where = ("--office", office.place.name)
    waiting = docclient("office", "ask", "WaitingForMe", "--as", "vanthu", *where, "--json").answer["answer"]
    assert waiting["rows"][0]["document"]["id"] == view.document.id
    offers = docclient("office", "offers", view.document.id, "--as", "vanthu", *where, "--json").answer["offers"]
    assert offers[0]["command"] == "RegisterIncoming"
    assert "ReturnIncoming" in {each["command"] for each in offers}
    fields = {ask["name"]: ask["default"] for ask in offers[0]["fields"] if ask["default"] is not None}
    file = tmp_path / "fields.json"
    file.write_text(json.dumps({**fields, "document": offers[0]["document"], "version": offers[0]["version"]}))
    done = docclient("office", "do", "RegisterIncoming", str(file), "--as", "vanthu", *where, "--key", "k", "--json")
    assert (done.code, done.answer["number"], done.answer["state"]) == (0, "1", "waiting_direction")
    again = docclient("office", "do", "RegisterIncoming", str(file), "--as", "vanthu", *where, "--key", "k", "--json")
    assert again.answer == done.answer
    refused = docclient("office", "do", "RegisterIncoming", str(file), "--as", "vanthu", *where, "--json")
    assert refused.code == 6
    holds("error", refused.answer)
