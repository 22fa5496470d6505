"""VNPT SmartCA and Viettel MySign, as their guides describe them; not compared with the live services."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from docclient.demonstration.authority import Issued
from docclient.words import Language, phrase
from signing.certificates import certificate_facts
from signing.keys import Scheme
from signing.remote import mysign, smartca
from signing.remote.key import RemoteKey, open_remote_key, seals_and_persons
from signing.remote.line import Line
from signing.remote.mysign import MySign
from signing.remote.secret import Secret
from signing.remote.smartca import Confirmation, SmartCa
from signing.remote.troubles import (
    RemoteAccountRefused,
    RemoteBusy,
    RemoteCredentialUnusable,
    RemoteEnded,
    RemotePinRejected,
    RemotePinSentBefore,
    RemoteQuotaUsed,
    RemoteRefusedByPerson,
    RemoteRequestRefused,
    RemoteTimedOut,
)
from signing.tokens.public_keys import fits, public_key_of
from signing.tokens.troubles import SchemeNotOffered
from tests.fakes.vietnamese_services import MySignService, SmartCaService
from tests.signing.remote.conftest import Screen

MESSAGE = b"thuoc tinh da ky" * 20
TITLE = "Quyết định số 15/QĐ-UBND về việc nâng bậc lương"


@pytest.fixture
def smart(leader: Issued, seal: Issued) -> Iterator[SmartCaService]:
    service = SmartCaService([("SMARTCA", leader), ("ESEAL", seal)])
    yield service
    service.close()


@pytest.fixture
def mine(leader: Issued) -> Iterator[MySignService]:
    service = MySignService(leader)
    yield service
    service.close()


@pytest.fixture
def opened(screen: Screen) -> Iterator[Callable[..., RemoteKey]]:
    made: list[Any] = []

    def open_it(service: SmartCaService | MySignService, certificate: str | None = None, **how: Any) -> RemoteKey:
        provider = provider_of(service, screen, **how)
        made.append(provider)
        return open_remote_key(provider, certificate=certificate, stop=provider.line.stop, told=screen.told,
                               title=TITLE)

    yield open_it
    for one in made:
        one.close()


def provider_of(service: SmartCaService | MySignService, screen: Screen, **how: Any) -> SmartCa | MySign:
    line = Line(service.address, "dịch vụ", stop=threading.Event(), request_s=10)
    if isinstance(service, SmartCaService):
        return SmartCa(line, service.sp_id, Secret(how.pop("password", "sp mat khau").encode()), service.user,
                       ask=screen.ask, **{"ask_again_s": 0.01, **how})
    return MySign(line, service.client_id, Secret(how.pop("password", "bi mat").encode()), service.profile,
                  service.user, **{"ask_again_s": 0.01, **how})


def sign(key: RemoteKey, scheme: Scheme = Scheme.RSA_PKCS1, digest: str = "sha256") -> bytes:
    return key.sign(MESSAGE, digest=digest, scheme=scheme)


def holds(issued: Issued, signature: bytes) -> bool:
    return fits(public_key_of(issued.certificate_der), signature, MESSAGE, "sha256", Scheme.RSA_PKCS1)


def serial(issued: Issued) -> str:
    return certificate_facts(issued.certificate_der).serial


# ---- VNPT SmartCA --------------------------------------------------------------------------------------------------

def test_smartca_personal_certificate_and_seal_are_told_apart(smart, screen, leader, seal):
    provider = provider_of(smart, screen)
    credentials = provider.credentials()
    seals, persons = seals_and_persons(credentials)
    assert [one.facts.der for one in seals] == [seal.certificate_der]
    assert [one.facts.der for one in persons] == [leader.certificate_der]
    assert [list(one.certificates[1:]) for one in credentials] == [list(leader.chain_der)] * 2
    provider.close()


@pytest.mark.parametrize("path_by", ["tran_code", "transaction_id"])
def test_smartca_signs_after_the_phone_whichever_id_the_status_goes_by(smart, opened, screen, leader, path_by):
    smart.path_by = path_by
    smart.phone.will("wait", "wait", "yes")
    key = opened(smart, serial(leader))
    assert holds(leader, sign(key))
    (document,) = screen.seen[0].documents
    assert smart.phone.shown == [(document[0], f"{document[0]} {TITLE}")]
    assert screen.seen[0].remaining(screen.seen[0].begun_at) == timedelta(seconds=240)


def test_smartca_signs_many_with_one_confirmation_in_the_right_order(smart, opened, leader):
    key = opened(smart, serial(leader))
    messages = [b"mot", b"hai", b"ba"]
    made = key.sign_many(messages, digest="sha256", scheme=Scheme.RSA_PKCS1)
    public = public_key_of(leader.certificate_der)
    assert all(fits(public, one, message, "sha256", Scheme.RSA_PKCS1)
               for one, message in zip(made, messages, strict=True))
    assert smart.http.paths.count("/sca/sp769/v1/signatures/sign") == 1


def test_smartca_values_in_hexadecimal_are_understood(smart, opened, leader):
    smart.in_hexadecimal = True
    assert holds(leader, sign(opened(smart, serial(leader))))


def test_smartca_refused_or_ended_is_told_without_guessing_which(smart, opened, leader):
    smart.phone.will("wait", "no")
    with pytest.raises(RemoteEnded) as ended:
        sign(opened(smart, serial(leader)))
    assert ended.value.facts["answer"] and ended.value.stops_batch
    smart.phone.will("wait")
    with pytest.raises(RemoteTimedOut):
        sign(opened(smart, serial(leader), person_s=0.2))


def test_smartca_the_way_without_a_phone(smart, opened, screen, leader):
    key = opened(smart, serial(leader), confirmation=Confirmation.TYPED)
    screen.gives = [b"mat khau ky", b"123456"]
    assert holds(leader, sign(key))
    assert [one.kind.value for one in screen.asked] == ["password", "code"]
    assert all(typed == bytes(len(typed)) for typed in screen.typed)


def test_smartca_a_refused_password_is_not_sent_again(smart, opened, screen, leader):
    key = opened(smart, serial(leader), confirmation=Confirmation.TYPED)
    screen.gives = [b"sai", b"123456", b"sai", b"123456"]
    with pytest.raises(RemotePinRejected):
        sign(key)
    with pytest.raises(RemotePinSentBefore):
        sign(key)
    assert smart.wrong == 1


@pytest.mark.parametrize(("status", "trouble"), [
    (401, RemoteAccountRefused), (403, RemoteCredentialUnusable), (500, RemoteBusy), (400, RemoteRequestRefused)])
def test_smartca_statuses(smart, opened, leader, status, trouble):
    key = opened(smart, serial(leader))
    smart.http.answer = lambda request: (200, {"status_code": status, "message": "CREDENTIAL_STATUS_INVALID"})
    with pytest.raises(trouble) as raised:
        sign(key)
    assert raised.value.facts["answer"] == "CREDENTIAL_STATUS_INVALID"


def test_smartca_a_wrong_account(smart, opened):
    with pytest.raises(RemoteAccountRefused) as refused:
        opened(smart, password="khong dung")
    assert "khong dung" not in str(refused.value.facts)


# ---- Viettel MySign ------------------------------------------------------------------------------------------------

def test_mysign_signs_after_the_phone(mine, opened, screen, leader):
    mine.phone.will("wait", "confirmed", "confirmed", "yes")
    key = opened(mine)
    assert key.certificate == leader.certificate_der and list(key.other_certificates) == list(leader.chain_der)
    assert holds(leader, sign(key))
    assert screen.stages == ["person", "service", "over"]
    (document,) = screen.seen[0].documents
    (shown,) = mine.phone.shown
    assert shown[0] == document[0]
    assert shown[1] == f"{document[0]} Quyet dinh so 15 QD-UBND ve viec nang bac luong"


def test_mysign_many_with_one_confirmation(mine, opened, leader):
    key = opened(mine)
    made = key.sign_many([MESSAGE, MESSAGE], digest="sha256", scheme=Scheme.RSA_PKCS1, titles=["Đ" * 200, ""])
    assert all(holds(leader, one) for one in made)
    assert mine.http.paths.count("/vtss/service/signHash") == 1


@pytest.mark.parametrize(("code", "trouble"), [
    ("4001", RemoteTimedOut), ("4002", RemoteRefusedByPerson), ("4004", RemoteEnded), ("4005", RemoteQuotaUsed),
    ("13004", RemoteCredentialUnusable), ("50000", RemoteBusy), ("99999", RemoteRequestRefused)])
def test_mysign_outcomes(mine, opened, screen, code, trouble):
    key = opened(mine)
    mine.code = code
    with pytest.raises(trouble) as raised:
        sign(key)
    assert raised.value.stops_batch and screen.stages[-1] == "over"


def test_mysign_a_token_that_ended_is_asked_for_again(mine, opened, leader):
    key = opened(mine)
    mine.tokens.clear()
    assert holds(leader, sign(key))
    assert mine.http.paths.count("/vtss/service/ras/v1/login") == 2


def test_mysign_a_wrong_account(mine, opened):
    with pytest.raises(RemoteAccountRefused) as refused:
        opened(mine, password="khong dung")
    assert refused.value.facts["answer"] == "user ID or password is invalid"


def test_mysign_says_itself_that_a_certificate_has_ended(mine, opened, screen):
    mine.status = "expired"
    with pytest.raises(RemoteCredentialUnusable):
        opened(mine)
    provider = provider_of(mine, screen)
    (credential,) = provider.credentials()
    assert credential.why_not(datetime.now(UTC)) == "remote_credential.expired" and credential.at_once == 50
    provider.close()


@pytest.mark.parametrize(("text", "expected"), [
    ("Quyết định số 15/QĐ-UBND", "Quyet dinh so 15 QD-UBND"), ("Đường Điện Biên Phủ", "Duong Dien Bien Phu"),
    ("“Văn bản” №7…", "Van ban 7"), ("", "")])
def test_mysign_names_are_plain(text, expected):
    assert mysign.plain(text) == expected


# ---- both ----------------------------------------------------------------------------------------------------------

def test_only_what_the_guides_describe_is_asked_for(smart, mine, opened, leader):
    for key in (opened(smart, serial(leader)), opened(mine)):
        for scheme, digest in ((Scheme.RSA_PSS, "sha256"), (Scheme.RSA_PKCS1, "sha512")):
            with pytest.raises(SchemeNotOffered):
                sign(key, scheme, digest)


@pytest.mark.parametrize("language", list(Language))
def test_both_say_that_the_live_service_was_never_tried(smart, mine, screen, language):
    for service in (smart, mine):
        provider = provider_of(service, screen)
        said = phrase(provider.note, language)
        assert "chưa chạy thử" in said or "not tried" in said
        provider.close()
    for module in (smartca, mysign):
        assert "Not tried against the live service" in module.__doc__


def test_no_account_secret_is_in_a_representation(smart, mine, screen):
    for service in (smart, mine):
        provider = provider_of(service, screen)
        for secret in ("mat khau", "bi mat", "001099000001"):
            assert secret not in repr(provider)
        provider.close()
