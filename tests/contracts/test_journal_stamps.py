"""The journal's head is stamped by a real service; from then on a journal that was cut or written anew shows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from docclient import kept_heads
from docclient.desk.journal_stamping import StampedJournal, stamp_is_due, stamp_journal
from docclient.office.chain import BEGINNING
from docclient.office.checking import KnownHead, check_office, entries_of
from docclient.office.commands.journal_stamps import StampJournal
from docclient.office.commands.people import AddTrust, TrustKind
from docclient.office.door import Office
from docclient.office.engine import OfficeEngine
from docclient.office.errors import FieldWrong, NotYours
from docclient.office.journal import FIRST, Entry, Head
from docclient.office.model import new_id
from docclient.store import tables
from signing.loose_stamps import NotAStamp, judge_loose_stamp, stamp_digest
from signing.report import Verdict
from signing.timestamps import TimestampService, TimestampUnreachable
from signing.trust import TrustStore
from tests.contracts.test_answers import holds
from tests.offices import OfficeToTest
from tests.running import docclient
from tests.signing.services import Services, running_services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as found:
        yield found


@pytest.fixture
def keeper(office: OfficeToTest, services: Services) -> Office:
    door = office.door("administrator")
    for kind, name in ((TrustKind.ANCHOR, "root"), (TrustKind.INTERMEDIATE, "issuing")):
        door.do(AddTrust(kind, door.put(services.certificate(name).dump()), "cơ quan dấu thời gian"))
    return door


def stamped(keeper: Office, services: Services) -> StampedJournal:
    found = stamp_journal(keeper, TimestampService((services.tsa,)))
    assert found is not None
    return found


def places(office: OfficeToTest, **known: object) -> list[tuple[str, str]]:
    return [(each.kind.value, each.where) for each in check_office(office.engine, **known).findings]  # type: ignore[arg-type]


def write_anew(office: OfficeToTest, upto: int, *, edit: int | None = None) -> Head:
    """What somebody with the whole database can do: the chain up to `upto`, an entry changed, all hashes and the head
    put right, and everything that came after forgotten."""
    with office.engine.writing() as connection:
        rows = connection.execute(select(tables.journal).order_by(tables.journal.c.number)).mappings().all()
        previous = FIRST
        for row in rows[:upto]:
            entry = Entry(**{name: row[name] for name in Entry.__slots__})
            if entry.number == edit:
                entry = Entry(**{**{name: getattr(entry, name) for name in Entry.__slots__}, "actor_name": "Ai khác"})
            entry = Entry(**{**{name: getattr(entry, name) for name in Entry.__slots__}, "previous": previous}).sealed()
            connection.execute(tables.journal.update().where(tables.journal.c.number == entry.number).values(
                actor_name=entry.actor_name, previous=entry.previous, hash=entry.hash))
            previous = entry.hash
        connection.execute(tables.journal.delete().where(tables.journal.c.number > upto))
        connection.execute(tables.journal_head.update().values(number=upto, hash=previous))
    return Head(upto, previous)


def test_a_stamp_is_kept_and_holds(office: OfficeToTest, keeper: Office, services: Services):
    assert stamp_is_due(keeper)
    made = stamped(keeper, services)
    assert places(office) == [] and not stamp_is_due(keeper)
    trust = TrustStore().with_certificates([services.certificate("root").dump()]).with_intermediates(
        [services.certificate("issuing").dump()])
    judged = judge_loose_stamp(made.token, bytes.fromhex(made.hash), trust)
    assert judged.intact and judged.verdict is not Verdict.INVALID
    assert judged.at is not None and abs(judged.at - datetime.now(UTC)) < timedelta(minutes=5)
    assert stamp_journal(keeper, TimestampService((services.tsa,))) is None      # nothing has happened since
    office.received("1")
    assert stamped(keeper, services).number == made.number + 2
    assert places(office, tokens=[made.token]) == []


def test_a_tail_that_was_cut_with_its_head_shows(office: OfficeToTest, keeper: Office, services: Services):
    office.received("1")
    made = stamped(keeper, services)
    write_anew(office, made.number - 1)
    found = places(office)
    assert ("cut", f"journal entry {made.number}") in found


def test_a_journal_written_anew_shows(office: OfficeToTest, keeper: Office, services: Services):
    made = stamped(keeper, services)
    write_anew(office, made.number + 1, edit=20)
    assert ("edited", f"journal entry {made.number}") in places(office)


def test_a_stamp_kept_elsewhere_shows_it_though_the_office_forgot_its_own(
        office: OfficeToTest, keeper: Office, services: Services):
    made = stamped(keeper, services)
    with office.engine.writing() as connection:
        connection.execute(text("DELETE FROM journal_stamp"))
    write_anew(office, made.number - 1)
    assert not [each for each in places(office) if each[0] == "cut"]
    assert ("cut", "journal head") in places(office, tokens=[made.token])


def test_a_head_seen_elsewhere_shows_it_too(office: OfficeToTest):
    office.received("1")
    with office.engine.reading() as work:
        last = list(entries_of(work))[-1]
    seen = KnownHead(Head(last.number, last.hash), "kept", datetime.now(UTC))
    assert places(office, known=[seen]) == []
    write_anew(office, last.number, edit=20)
    assert ("edited", f"journal entry {last.number}") in places(office, known=[seen])
    write_anew(office, last.number - 2)
    assert ("cut", f"journal entry {last.number - 1}") in places(office, known=[seen])


def test_a_stamp_that_was_changed_is_named(office: OfficeToTest, keeper: Office, services: Services):
    made = stamped(keeper, services)
    other = stamp_digest(b"\x01" * 32, TimestampService((services.tsa,)))
    digest = keeper.put(other)
    size = len(other)
    with office.engine.writing() as connection:
        connection.execute(text(f"INSERT INTO blob (digest, size, at) VALUES ('{digest}', {size}, '2026-01-01')"))
        connection.execute(text(f"UPDATE journal_stamp SET token = '{digest}'"))
    found = places(office)
    assert ("edited", f"stamp of journal entry {made.number}") in found
    assert ("edited", f"journal_stamp {made.number}") in found


def test_only_a_stamp_over_the_head_is_taken(office: OfficeToTest, keeper: Office, services: Services):
    last = check_office(office.engine).number
    wrong = stamp_digest(b"\x02" * 32, TimestampService((services.tsa,)))
    for number, token in ((last, b"no stamp"), (last, wrong), (last + 100, wrong)):
        with pytest.raises(FieldWrong):
            keeper.do(StampJournal(number, keeper.put(token), "x"))
    made = stamped(keeper, services)
    with pytest.raises(FieldWrong):
        keeper.do(StampJournal(made.number, keeper.put(made.token), "x"), key=new_id())
    officer = office.door("officer_economy")
    with pytest.raises(NotYours):
        officer.do(StampJournal(made.number, officer.put(made.token), "x"))
    with pytest.raises(NotAStamp):
        check_office(office.engine, tokens=[b"no stamp"])
    assert places(office) == []


def test_a_service_that_is_away_costs_nothing(office: OfficeToTest, keeper: Office,
                                              monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("signing.timestamps.PAUSES_S", ())
    before = check_office(office.engine).number
    with pytest.raises(TimestampUnreachable):
        stamp_journal(keeper, TimestampService(("http://127.0.0.1:9/",), deadline_s=2.0))
    assert check_office(office.engine).number == before


def test_since_a_head_only_what_is_new_is_read(office: OfficeToTest):
    office.received("1")
    whole = check_office(office.engine)
    assert whole.head is not None
    since = Head(whole.number, whole.head)
    office.received("2")
    daily = check_office(office.engine, since=since)
    assert (daily.findings, daily.since) == ((), whole.number)
    assert daily.entries == check_office(office.engine).entries - whole.entries
    # what was changed since is found; what was changed before is for the whole check
    with office.engine.writing() as connection:
        connection.execute(text(f"UPDATE journal SET actor_name = 'x' WHERE number = {daily.number}"))
    assert places(office, since=since) == [("edited", f"journal entry {daily.number}")]
    with office.engine.writing() as connection:
        connection.execute(text("UPDATE journal SET actor_name = 'x' WHERE number = 20"))
    assert ("edited", "journal entry 20") not in places(office, since=since)
    assert ("edited", "journal entry 20") in places(office)


def test_since_another_head_is_told(office: OfficeToTest):
    whole = check_office(office.engine)
    wrong = Head(whole.number - 5, "ab" * 32)
    assert places(office, since=wrong)[0] == ("edited", f"journal entry {whole.number - 5}")
    assert places(office, since=BEGINNING) == []


def test_the_command_line(sqlite_office: OfficeToTest, services: Services, tmp_path: Path):
    where = ("--office", sqlite_office.place.name)
    sqlite_office.engine.close()
    token = tmp_path / "head.tst"
    made = docclient("office", "stamp", *where, "--as", "quantri", "--tsa", services.tsa, "--out", str(token), "--json")
    holds("office-stamp", made.answer)
    assert made.code == 0 and made.answer["stamped"]["number"] > 1
    again = docclient("office", "stamp", *where, "--as", "quantri", "--tsa", services.tsa, "--json")
    assert (again.code, again.answer["stamped"]) == (0, None)
    good = docclient("office", "check", *where, "--stamp", str(token), "--json")
    holds("office-check", good.answer)
    assert (good.code, good.answer["findings"]) == (0, [])
    kept = docclient("office", "check", *where, "--since", "kept", "--json")
    assert (kept.code, kept.answer["entries"], kept.answer["since"]) == (0, 0, good.answer["number"])
    printed = docclient("office", "check", *where, "--since", f"20:{'ab' * 32}", "--json")
    assert (printed.code, printed.answer["findings"][0]["where"]) == (1, "journal entry 20")
    # all of it written anew, with a new head: this machine still knows
    engine = OfficeEngine.open(sqlite_office.place)
    with closing(engine):
        write_anew(OfficeToTest(engine, sqlite_office.place, sqlite_office.material), good.answer["number"] - 3)
    cut = docclient("office", "check", *where, "--json")
    assert cut.code == 1
    assert ("cut", f"journal entry {good.answer['number'] - 2}") in [
        (each["kind"], each["where"]) for each in cut.answer["findings"]]
    wrong = docclient("office", "check", *where, "--since", "yesterday", "--json")
    assert wrong.code == 2


def test_what_this_machine_remembers(tmp_path: Path):
    head = Head(7, "ab" * 32)
    assert kept_heads.kept_head("place", "office") is None
    kept_heads.keep_head("place", "office", head)
    found = kept_heads.kept_head("place", "office")
    assert found is not None and found.head == head
    assert kept_heads.kept_head("place", "another") is None and kept_heads.kept_head("other", "office") is None
    kept_heads.file_of("place").write_text(json.dumps({"office": "office"}))
    assert kept_heads.kept_head("place", "office") is None
    kept_heads.forget_head("place")
    assert not kept_heads.file_of("place").exists()
