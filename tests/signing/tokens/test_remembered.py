"""The last choice per purpose survives the program, finds its certificate wherever it is, and holds no secret."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from docclient.demonstration.authority import KeyKind
from docclient.demonstration.authority import Purpose as CertificatePurpose
from signing.errors import FolderNotWritable
from signing.tokens.choice import choices, choose_initialised, distinct, find_certificate
from signing.tokens.listing import ListedToken, list_tokens
from signing.tokens.messages import Done, StoreCertificate
from signing.tokens.remembered import Purpose, RememberedChoices
from signing.tokens.troubles import SeveralTokens, TokenAbsent
from tests.signing.tokens.conftest import OFFICER_PIN, PIN

NOW = datetime.now(UTC)


@pytest.fixture
def tokens(equipped) -> list[ListedToken]:
    return list_tokens(equipped.store.host)


def named(tokens: list[ListedToken], label: str) -> ListedToken:
    return next(token for token in tokens if token.label == label)


def test_each_purpose_has_its_own_choice_and_the_file_keeps_them(tmp_path, tokens, equipped):
    path = tmp_path / "deep" / "chosen.json"
    for purpose, label in ((Purpose.PERSONAL, "Lãnh đạo"), (Purpose.AGENCY, "Văn thư")):
        token = named(tokens, label)
        RememberedChoices(path).keep(purpose, token, token.usable(NOW)[0])
    again = RememberedChoices(path)
    for purpose, issued in ((Purpose.PERSONAL, equipped.leader), (Purpose.AGENCY, equipped.clerk)):
        found = again.find(purpose, tokens, NOW)
        assert found.certificate.facts.der == issued.certificate_der and not found.renewed
    again.forget(Purpose.AGENCY)
    assert again.get(Purpose.AGENCY) is None and again.get(Purpose.PERSONAL).token_label == "Lãnh đạo"


def test_what_is_not_plugged_in_is_not_found(tmp_path, tokens):
    choices = RememberedChoices(tmp_path / "chosen.json")
    assert choices.find(Purpose.PERSONAL, tokens, NOW) is None
    token = named(tokens, "Lãnh đạo")
    choices.keep(Purpose.PERSONAL, token, token.usable(NOW)[0])
    assert choices.find(Purpose.PERSONAL, [named(tokens, "Văn thư")], NOW) is None


def test_an_expired_choice_gives_way_to_its_renewal_on_the_same_token(tmp_path, store, authority):
    token = store.add_token("Gia hạn", pin=PIN, officer_pin=OFFICER_PIN)
    old = authority.issue_person("Nguyễn Văn An", not_before=NOW - timedelta(days=90),
                                 not_after=NOW - timedelta(days=1))
    new, stranger = authority.issue_person("Nguyễn Văn An"), authority.issue_person("Người khác")
    for identifier, issued in ((b"\x01", old), (b"\x02", stranger), (b"\x03", new)):
        store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                         identifier=identifier, name="")
    listed = named(list_tokens(store.host), "Gia hạn")
    choices = RememberedChoices(tmp_path / "chosen.json")
    choices.keep(Purpose.PERSONAL, listed, next(one for one in listed.certificates if one.id == "01"))
    found = choices.find(Purpose.PERSONAL, [listed], NOW)
    assert found.renewed and found.certificate.id == "03"
    before = choices.find(Purpose.PERSONAL, [listed], NOW - timedelta(days=2))
    assert not before.renewed and before.certificate.id == "01"


@pytest.mark.parametrize("content", [
    b"", b"{", b"[]", b"\xff\xfe", b'{"version": 2, "choices": {}}', b'{"version": 1, "choices": {"someone": {}}}',
    b'{"version": 1, "choices": {"personal": {"fingerprint": 5}}}', b'{"version": 1, "choices": []}',
    b'{"version": 1, "choices": {"personal": {"fingerprint": 1, "subject": "", "certificate_id": "",'
    b' "token_serial": "", "token_label": "", "module": ""}}}'], ids=range(9))
def test_a_file_that_says_nothing_counts_as_empty_and_is_written_anew(tmp_path, tokens, content):
    path = tmp_path / "chosen.json"
    path.write_bytes(content)
    choices = RememberedChoices(path)
    assert choices.get(Purpose.PERSONAL) is None
    token = named(tokens, "Lãnh đạo")
    choices.keep(Purpose.PERSONAL, token, token.usable(NOW)[0])
    assert choices.get(Purpose.PERSONAL) is not None


def test_nothing_in_the_file_is_a_secret(tmp_path, tokens):
    path = tmp_path / "chosen.json"
    token = named(tokens, "Lãnh đạo")
    RememberedChoices(path).keep(Purpose.PERSONAL, token, token.usable(NOW)[0])
    entry = json.loads(path.read_text(encoding="utf-8"))["choices"]["personal"]
    assert set(entry) == {"fingerprint", "subject", "certificate_id", "token_serial", "token_label", "module",
                          "home", "place"}
    assert PIN.decode() not in path.read_text(encoding="utf-8")


def test_a_place_that_cannot_be_written_is_told(tokens):
    token = named(tokens, "Lãnh đạo")
    with pytest.raises(FolderNotWritable):
        RememberedChoices(Path("/proc/none/chosen.json")).keep(Purpose.PERSONAL, token, token.usable(NOW)[0])


def test_one_device_behind_two_drivers_counts_once(tokens, misbehaving):
    twice = [*tokens, *list_tokens(misbehaving().host)]
    once = [token for token in distinct(twice) if token.initialised]
    assert {token.label for token in once} == {"Lãnh đạo", "Văn thư"} and len(once) == 2
    assert all(token.module == tokens[0].module for token in once)


def test_a_certificate_is_found_by_fingerprint_alone(tokens, equipped):
    leader = named(tokens, "Lãnh đạo")
    fingerprint = leader.usable(NOW)[0].facts.fingerprint
    token, certificate = find_certificate(tokens, fingerprint)
    assert token is leader and certificate.facts.der == equipped.leader.certificate_der
    assert find_certificate(tokens, fingerprint, serial="another")[0] is leader
    assert find_certificate(tokens, "00" * 32) is None


def test_what_cannot_sign_is_hidden_from_the_choice_and_explained(store, authority):
    token = store.add_token("Nhiều", pin=PIN, officer_pin=OFFICER_PIN)
    kinds = {
        b"\x01": authority.issue_person("Dùng được", key=KeyKind.P256),
        b"\x02": authority.issue_person("Hết hạn", key=KeyKind.P256, not_before=NOW - timedelta(days=9),
                                        not_after=NOW - timedelta(days=1)),
        b"\x03": authority.issue_person("Chưa đến ngày", key=KeyKind.P256, not_before=NOW + timedelta(days=1)),
        b"\x04": authority.issue_person("Mã hóa", key=KeyKind.P256, purpose=CertificatePurpose.ENCRYPTION_ONLY),
    }
    for identifier, issued in kinds.items():
        store.import_key(token, pin=PIN, private_key=issued.private_key, certificates=[issued.certificate_der],
                         identifier=identifier, name="")
    (found,) = store.tokens()
    with store._session(found, PIN) as session:
        store.host.ask(StoreCertificate(session, b"\x05", "", authority.issuing_der), Done)
    offered = choices(list_tokens(store.host), NOW)
    assert [one.facts.common_name for _, one in offered.usable] == ["Dùng được"]
    assert {one.certificate.facts.common_name: one.why.code for one in offered.hidden} == {
        "Hết hạn": "certificate.expired", "Chưa đến ngày": "certificate.not_yet_valid",
        "Mã hóa": "certificate.not_for_signing"}


def test_a_certificate_that_cannot_be_read_is_hidden_and_explained(tokens):
    from dataclasses import replace
    leader = named(tokens, "Lãnh đạo")
    broken = replace(leader, certificates=(replace(leader.certificates[0], facts=None),))
    assert [one.why.code for one in choices([broken], NOW).hidden] == ["certificate.unreadable"]


def test_a_token_is_chosen_by_name_or_because_it_is_the_only_one(tokens):
    assert choose_initialised(tokens, "Văn thư").label == "Văn thư"
    assert choose_initialised(tokens[:1], None) is tokens[0]
    with pytest.raises(SeveralTokens):
        choose_initialised(tokens, None)
    with pytest.raises(TokenAbsent):
        choose_initialised(tokens, "không có")
