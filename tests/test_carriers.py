"""The ways packets travel, as they are set up: no secret in the file, nothing lost by a slip in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docclient.carriers import (
    NOT_TRIED,
    CarrierIncomplete,
    CarrierMissing,
    Carriers,
    CarrierSecretMissing,
    CarrierTaken,
    setup_of,
    transport_of,
)
from docclient.exchange.transports.base import TransportId
from docclient.exchange.transports.folder import FolderTransport
from docclient.exchange.transports.gateway_profile import ProfileWrong
from docclient.exchange.transports.mail_account import LineUnguarded
from docclient.secrets import Secrets
from tests.exchange.packets import document
from tests.fakes.exchange_services import SECOND, SECRET, SYSTEM, USER, Axis, LangSon, carrier
from tests.fakes.safe import MemorySafe

MAIL = {"kind": "mail", "name": "Thư công vụ", "address": "vanthu@tanhiep.example", "user": "vanthu",
        "incoming_host": "imap.tanhiep.example", "outgoing_host": "smtp.tanhiep.example"}
AXIS = {"kind": "axis", "name": "Trục", "address": "http://127.0.0.1:9/adapter", "system": SYSTEM, "sender": SYSTEM}
GATEWAY = {"kind": "gateway", "name": "LGSP", "family": "lang-son", "address": "https://lgsp.example", "system": SYSTEM,
           "user": USER}


def test_ways_are_kept_in_order_and_without_secrets(tmp_path: Path):
    carriers = Carriers(tmp_path / "office" / "carriers.json")
    assert carriers.all() == ()
    ways = [setup_of(each) for each in (MAIL, AXIS, GATEWAY)]
    for each in ways:
        carriers.put(each)
    assert list(Carriers(tmp_path / "office" / "carriers.json").all()) == ways
    changed = setup_of({**AXIS, "address": "https://adapter.example"})
    with pytest.raises(CarrierTaken):
        carriers.put(changed)
    carriers.put(changed, replace=True)
    assert list(carriers.all()) == [ways[0], changed, ways[2]]
    carriers.remove("trục")
    assert [each.name for each in carriers.all()] == ["Thư công vụ", "LGSP"]
    with pytest.raises(CarrierMissing):
        carriers.get("trục")
    assert [each.note for each in ways] == [NOT_TRIED] * 3


def test_a_spoiled_file_or_entry_does_not_stop_the_others(tmp_path: Path):
    file = tmp_path / "carriers.json"
    carriers = Carriers(file)
    file.write_text("{")
    assert carriers.all() == ()
    file.write_text(json.dumps({"version": 1, "carriers": [{"kind": "pigeon"}, 7, AXIS]}))
    assert [each.name for each in carriers.all()] == ["Trục"]


@pytest.mark.parametrize(("changes", "field"), [
    ({"address": "no address"}, "address"), ({"name": ""}, "name"), ({"incoming_port": 0}, "incoming_port"),
    ({"kind": "pigeon"}, "kind"), ({"incoming_security": "hope"}, "incoming_security"), ({"name": "a/b"}, "name"),
    ({"entry": "oauth", "token_address": "http://example.org"}, "token_address")])
def test_what_is_missing_or_wrong_is_named(changes: dict[str, object], field: str):
    with pytest.raises(CarrierIncomplete) as wrong:
        setup_of({**MAIL, **changes})
    assert wrong.value.facts["field"] == field


def test_what_must_not_be_set_up():
    with pytest.raises(LineUnguarded):
        setup_of({**MAIL, "incoming_security": "none"})
    with pytest.raises(ProfileWrong):
        setup_of({**GATEWAY, "family": "nowhere"})


def test_a_way_without_its_secret_is_told(tmp_path: Path):
    with pytest.raises(CarrierSecretMissing):
        transport_of(setup_of(AXIS), Secrets(MemorySafe()), tmp_path, {}.get)


def test_folders_need_no_secret(tmp_path: Path):
    way = setup_of({"kind": "folder", "name": "Thư mục", "inbox": str(tmp_path / "in"),
                    "outbox": str(tmp_path / "out")})
    assert isinstance(transport_of(way, Secrets(MemorySafe()), tmp_path, {}.get), FolderTransport)
    assert way.note is None


@pytest.mark.parametrize(("service", "fields"), [(Axis, AXIS), (LangSon, GATEWAY)])
def test_a_way_as_set_up_carries(tmp_path: Path, service: type, fields: dict[str, object]):
    with carrier(service) as pile:
        way = setup_of({**fields, "address": pile.address + ("/adapter" if service is Axis else "")})
        secrets = Secrets(MemorySafe())
        for name, secret in zip(way.secrets, (SECRET, SECOND), strict=False):
            secrets.put(name, bytearray(secret.encode()))
        content = document()
        identity = TransportId(pile.put(content))
        transport = transport_of(way, secrets, tmp_path, {}.get)
        assert [each.id for each in transport.list()] == [identity] and transport.fetch(identity) == content
