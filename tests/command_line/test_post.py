"""`docclient post` and `docclient directory`: rounds, ways and agencies, for a scheduled task and for a person."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import keyring
import pytest
from pydantic import SecretStr

from docclient.carriers import CARRIERS_FILE, STATE_FOLDER, Carriers, carriers_folder
from docclient.desk.way_records import only_round, records_in
from docclient.office.commands.accounts import ChangeOwnPassword, SetPassword
from docclient.office.entering import enter_with_password
from docclient.office.queries.office import AboutOffice, Outbox
from docclient.secrets import Secrets
from tests.contracts.test_answers import holds
from tests.exchange.packets import HEADER, LETTER, attachment, document, encoded, zipped
from tests.fakes.exchange_services import SECRET, SYSTEM, Axis, carrier
from tests.fakes.safe import MemorySafe
from tests.offices import OfficeToTest
from tests.running import Ran, docclient

Run = Callable[..., Ran]
PASSWORD = "mật khẩu của riêng tôi 2"


@pytest.fixture
def safe(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MemorySafe:
    made = MemorySafe()
    monkeypatch.setattr(keyring, "get_keyring", lambda: made)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return made


@pytest.fixture
def run(safe: MemorySafe, sqlite_office: OfficeToTest) -> Run:
    def run_it(*arguments: object, by: str = "quantri") -> Ran:
        return docclient(*arguments, "--as", by, "--office", sqlite_office.place.name, "--json")

    return run_it


@pytest.fixture
def folders(run: Run, tmp_path: Path) -> tuple[Path, Path]:
    """A pair of folders, set up as the office's way."""
    pair = tmp_path / "vào", tmp_path / "ra"
    for each in pair:
        each.mkdir()
    added = run("post", "add", "Thư mục", "--kind", "folder", "--set", f"inbox={pair[0]}", "--set", f"outbox={pair[1]}")
    holds("post-way", added.answer)
    assert (added.code, added.answer["way"]["secret"]) == (0, None)
    return pair


def packet_for(office: OfficeToTest) -> bytes:
    code = office.door("clerk").ask(AboutOffice()).codes[0]
    return document(HEADER.replace("H99.02", code), attachments=attachment(payload=encoded(zipped(LETTER))))


def test_one_round_takes_in_sends_and_tells_each(sqlite_office: OfficeToTest, run: Run, folders: tuple[Path, Path]):
    office, (inbox, outbox) = sqlite_office, folders
    issued = office.issued()
    (inbox / "a.edxml").write_bytes(packet_for(office))
    (inbox / "hỏng.edxml").write_bytes(b"khong phai goi tin")
    ran = run("post", "round", "--settle", "0.05", by="vanthu")
    holds("post-round", ran.answer)
    (way,) = ran.answer["ways"]
    assert (way["name"], way["taken"], way["error"]) == ("Thư mục", 1, None)
    by_name = {each["item"]: each for each in way["items"]}
    assert by_name["a.edxml"]["document"] and by_name["hỏng.edxml"]["error"]["code"] == "packet.not_xml"
    assert ran.code == 3 and (inbox / "failed" / "hỏng.edxml").exists()        # a poison item stops nobody
    sent = {each["document"] for each in ran.answer["sent"] if each["sent"]}
    assert issued.document.id in sent and len(list(outbox.glob("*.edxml"))) == len(ran.answer["sent"])
    assert ran.answer["outbox"] == {"waiting": 0, "failed": 0, "set_aside": 0}
    assert run("post", "round", "--settle", "0.05", by="vanthu").code == 0       # the poison item is not tried again


def test_what_the_ways_did_is_remembered_beside_them(sqlite_office: OfficeToTest, run: Run, folders: tuple[Path, Path],
                                                     monkeypatch: pytest.MonkeyPatch):
    office = sqlite_office
    with carrier(Axis) as pile:
        monkeypatch.setenv("KHOA", SECRET)
        added = run("post", "add", "Trục", "--kind", "axis", "--set", f"address={pile.address}/adapter", "--set",
                    f"system={SYSTEM}", "--set", f"sender={SYSTEM}", "--secret-env", "KHOA")
        assert (added.code, added.answer["way"]["secret"]) == (0, "safe")
        assert SECRET not in added.output and "thử" in added.answer["way"]["note"]
        tried = run("post", "try", "trục")
        holds("post-try", tried.answer)
        assert (tried.code, tried.answer["waiting"]) == (0, 0)
        pile.faults = [503, 503]
        failed = run("post", "round", "--settle", "0", by="vanthu")
    assert failed.code == 5 and failed.answer["ways"][1]["error"]["code"] == "carrier.away"
    told = run("post", "ways", by="vanthu")
    holds("post-ways", told.answer)
    folder, axis = told.answer["ways"]
    assert folder["last"]["error"] is None and folder["last"]["good_at"] is not None
    assert axis["last"]["error"]["code"] == "carrier.away" and axis["last"]["good_at"] is None
    assert "127.0.0.1" in axis["last"]["error"]["message"] and SECRET not in told.output
    office.issued()
    waiting = [each["waiting"] for each in run("post", "ways", by="vanthu").answer["ways"]]
    assert waiting == [len(office.door("clerk").ask(Outbox())), 0]            # the first that reaches carries
    assert [each["waiting"] for each in run("post", "ways").answer["ways"]] == [None, None]
    assert run("post", "remove", "Trục").answer == {"removed": "Trục"}
    assert "Trục" not in records_in(carriers_folder(office.place)).all()
    assert Secrets().get("carrier: Trục") is None


def test_only_the_administrator_sets_ways_up(sqlite_office: OfficeToTest, run: Run, folders: tuple[Path, Path]):
    for arguments in (("add", "X", "--kind", "folder", "--set", "inbox=/a", "--set", "outbox=/b"),
                      ("remove", "Thư mục")):
        refused = run("post", *arguments, by="vanthu")
        holds("error", refused.answer)
        assert (refused.code, refused.answer["error"]["code"]) == (6, "office.not_yours")
    assert [each.name for each in Carriers(carriers_folder(sqlite_office.place) / CARRIERS_FILE).all()] == ["Thư mục"]


@pytest.mark.parametrize(("arguments", "code"), [
    (("add", "X", "--kind", "folder", "--set", "inbox"), "post.setting_not_understood"),
    (("add", "X", "--kind", "pigeon"), "carrier_setup.incomplete"),
    (("add", "Thư mục", "--kind", "folder", "--set", "inbox=/a", "--set", "outbox=/b"), "carrier_setup.taken"),
    (("try", "Không có"), "carrier_setup.missing"),
    (("round", "--way-secret", "Trục"), "post.setting_not_understood"),
])
def test_slips_are_named(run: Run, folders: tuple[Path, Path], arguments: tuple[str, ...], code: str):
    ran = run("post", *arguments)
    holds("error", ran.answer)
    assert (ran.code, ran.answer["error"]["code"]) == (2, code)


def test_a_trial_says_what_is_not_there_and_makes_nothing(run: Run, folders: tuple[Path, Path], tmp_path: Path):
    (folders[0]).rename(tmp_path / "chỗ khác")
    ran = run("post", "try", "Thư mục")
    assert ran.code == 3 and ran.answer["error"]["code"] == "transport.inbox_not_readable"
    assert not folders[0].exists()


def test_one_round_at_a_time(sqlite_office: OfficeToTest, run: Run, folders: tuple[Path, Path]):
    with only_round(carriers_folder(sqlite_office.place)):
        ran = run("post", "round", "--settle", "0", by="vanthu")
    assert (ran.code, ran.answer["error"]["code"]) == (5, "post.round_elsewhere")
    assert run("post", "round", "--settle", "0", by="vanthu").code == 0


def test_spoiled_memories_count_as_none(sqlite_office: OfficeToTest, run: Run, folders: tuple[Path, Path]):
    file = carriers_folder(sqlite_office.place) / STATE_FOLDER / "rounds.json"
    for content in ("{", '{"version": 1, "ways": {"Thư mục": {"at": "2026-01-01"}}}', "[]"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
        assert run("post", "ways").answer["ways"][0]["last"] is None
    assert run("post", "round", "--settle", "0", by="vanthu").code == 0
    assert run("post", "ways").answer["ways"][0]["last"] is not None


def test_a_directory_is_imported_refreshed_and_searched(run: Run, tmp_path: Path):
    file = tmp_path / "danh-ba.json"
    units = [{"code": f"H99.9{number}", "name": f"Trường Tiểu học số {number}", "pcode": "H99"} for number in range(8)]
    file.write_text(json.dumps(units), encoding="utf-8")
    first = run("directory", "import", file, by="vanthu")
    holds("directory-import", first.answer)
    assert (first.answer["units"], first.answer["added"], first.answer["changed"]) == (8, 8, 0)
    units[0]["name"] = "Trường Tiểu học Nguyễn Trãi"
    file.write_text(json.dumps(units[:-1]), encoding="utf-8")
    again = run("directory", "import", file, by="vanthu").answer
    assert (again["added"], again["changed"], again["ended"]) == (0, 1, 1)
    found = run("directory", "find", "nguyen trai", by="vanthu")
    holds("directory-find", found.answer)
    assert [each["code"] for each in found.answer["agencies"]] == ["H99.90"]
    assert run("directory", "find", "khong co dau", by="vanthu").code == 1
    listed = run("directory", "sources", by="vanthu")
    holds("directory-sources", listed.answer)
    (source,) = (each for each in listed.answer["sources"] if each["source"] == "danh-ba.json")
    assert (source["units"], source["ended"]) == (7, 1)
    file.write_text(json.dumps(units[:2]), encoding="utf-8")
    assert run("directory", "import", file, by="vanthu").answer["error"]["code"] == "directory.too_short"
    assert run("directory", "import", by="vanthu").answer["error"]["code"] == "directory.source_wanted"


def test_a_directory_comes_from_a_way(run: Run, monkeypatch: pytest.MonkeyPatch):
    with carrier(Axis) as pile:
        monkeypatch.setenv("KHOA", SECRET)
        run("post", "add", "Trục", "--kind", "axis", "--set", f"address={pile.address}/adapter", "--set",
            f"system={SYSTEM}", "--set", f"sender={SYSTEM}", "--secret-env", "KHOA")
        brought = run("directory", "import", "--way", "Trục")
    assert (brought.code, brought.answer["source"], brought.answer["units"]) == (0, "Trục", 2)


@pytest.mark.parametrize("office", ["postgresql"], indirect=True)
def test_a_shared_offices_ways_are_its_servers(office: OfficeToTest, safe: MemorySafe, tmp_path: Path,
                                               monkeypatch: pytest.MonkeyPatch):
    where = office.place.database.update_query_dict({"blobs": str(office.place.blobs)}).render_as_string(
        hide_password=False)
    folder = carriers_folder(office.place)
    assert folder.is_relative_to(tmp_path / "data") and not folder.is_relative_to(office.place.blobs.parent)
    for slug, account in (("clerk", "vanthu"), ("administrator", "quantri")):
        office.door("administrator").do(SetPassword(office.person(slug), SecretStr("mat khau ban dau 1")))
        enter_with_password(office.engine, account, SecretStr("mat khau ban dau 1")).do(
            ChangeOwnPassword(SecretStr("mat khau ban dau 1"), SecretStr(PASSWORD)))
    monkeypatch.setenv("MAT_KHAU", PASSWORD)
    refused = docclient("post", "round", "--as", "vanthu", "--office", where, "--password-env", "MAT_KHAU", "--json")
    assert (refused.code, refused.answer["error"]["code"]) == (2, "post.no_way_here")
    inbox, outbox = tmp_path / "in", tmp_path / "out"
    monkeypatch.setenv("MAT_KHAU", PASSWORD)
    added = docclient("post", "add", "Thư mục", "--kind", "folder", "--set", f"inbox={inbox}", "--set",
                      f"outbox={outbox}", "--as", "quantri", "--office", where, "--password-env", "MAT_KHAU", "--json")
    assert added.code == 0
    inbox.mkdir()
    (inbox / "a.edxml").write_bytes(packet_for(office))
    monkeypatch.setenv("MAT_KHAU", PASSWORD)
    first = docclient("post", "round", "--as", "vanthu", "--office", where, "--password-env", "MAT_KHAU",
                      "--keep-password", "--settle", "0.05", "--json")
    assert (first.code, first.answer["ways"][0]["taken"]) == (0, 1)
    assert PASSWORD not in first.output + first.said and PASSWORD in safe.content.values()
    second = docclient("post", "round", "--as", "vanthu", "--office", where, "--settle", "0", "--json")
    assert second.code == 0                       # a scheduled task enters with what the safe has
    monkeypatch.setenv("MAT_KHAU", "sai hoàn toàn 9")
    wrong = docclient("post", "round", "--as", "vanthu", "--office", where, "--password-env", "MAT_KHAU", "--json")
    assert (wrong.code, wrong.answer["error"]["code"]) == (6, "office.password_wrong")


def test_how_long_is_waited_is_seen_and_set(run: Run):
    seen = run("post", "silence", by="vanthu").answer
    assert seen == {"arrived_days": 1, "accepted_days": 2}
    holds("post-silence", seen)
    assert run("post", "silence", "--accepted", "7").answer == {"arrived_days": 1, "accepted_days": 7}
    assert run("post", "silence", "--arrived", "0").code == 2
    refused = run("post", "silence", "--arrived", "3", by="vanthu")
    assert (refused.code, run("post", "silence").answer) == (6, {"arrived_days": 1, "accepted_days": 7})
