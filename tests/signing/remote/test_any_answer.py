"""Whatever a service answers, a person is told a trouble: never a fault of ours, and never a wrong signature."""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from signing.certificates import certificate_facts
from signing.errors import Trouble
from signing.keys import Scheme
from signing.remote.access import GivenToken
from signing.remote.csc import Csc, Version
from signing.remote.csc_credentials import credential_of, way_of
from signing.remote.key import open_remote_key
from signing.remote.line import Answer
from signing.remote.mysign import MySign
from signing.remote.provider import Credential, CredentialState, Document, Pending, Ready, Work
from signing.remote.secret import Secret
from signing.remote.smartca import Confirmation, SmartCa
from signing.tokens.public_keys import fits, public_key_of
from tests.fakes.csc_service import CscKey, CscService
from tests.fakes.signing_services import Refuse, Request
from tests.fakes.vietnamese_services import MySignService, SmartCaService

simple = st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=8) | st.floats(allow_nan=False)
NAMES = st.sampled_from([
    "credentialIDs", "nextPageToken", "cert", "certificates", "status", "key", "algo", "multisign", "SCAL", "authMode",
    "PIN", "OTP", "presence", "type", "auth", "mode", "objects", "expression", "id", "SAD", "handle", "expiresIn",
    "signatures", "responseID", "error", "data", "user_certificates", "cert_data", "chain_data", "tran_code",
    "transaction_id", "sad", "doc_id", "signature_value", "status_code", "message", "transactionId", "access_token",
    "expires_in", "credential_id", "code"])
values = st.recursive(simple, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
                      max_leaves=12)
answers = st.builds(Answer, st.sampled_from([200, 200, 200, 202, 204, 400, 401, 403, 404]), values)


class Scripted:
    """In the place of a line: gives the answers in turn, the last one for ever."""

    provider = "dịch vụ"

    def __init__(self, told: list[Answer]) -> None:
        self.told, self.stop = told, threading.Event()

    def post(self, *arguments: object, **more: object) -> Answer:
        return self.told.pop(0) if len(self.told) > 1 else self.told[0]

    def close(self) -> None:
        pass


class Spoiling(Scripted):
    """In the place of a line to a real (fake) service: one node of one answer is replaced or left out."""

    def __init__(self, service: Any, at: int, node: int, value: object) -> None:
        super().__init__([])
        self.service, self.at, self.node, self.value, self.count = service, at, node, value, 0

    def post(self, path: str, body: Any = None, *, form: Any = None, token: str | None = None,
             **more: object) -> Answer:
        prefix = "/sca/sp769/" if isinstance(self.service, SmartCaService) else "/"
        request = Request(prefix + path.lstrip("/"), body or form or {}, {"Authorization": f"Bearer {token}"})
        try:
            status, told = self.service.http.answer(request)
        except Refuse as refusal:
            status, told = refusal.status, refusal.body
        told = json.loads(json.dumps(told if told is not None else {}))
        if self.count == self.at:
            told = spoiled(told, self.node, self.value)
        self.count += 1
        return Answer(status, told)


def spoiled(body: Any, node: int, value: object) -> Any:
    """`body` with its n-th node replaced by `value`, or left out where that is "absent"."""
    places: list[tuple[Any, Any]] = []

    def walk(inner: Any) -> None:
        for name, found in list(inner.items()) if isinstance(inner, dict) else list(enumerate(inner)):
            places.append((inner, name))
            if isinstance(found, dict | list):
                walk(found)

    holder = [body]
    walk(holder)
    inner, name = places[node % len(places)]
    if value == "absent" and inner is not holder:
        del inner[name]
    else:
        inner[name] = value
    return holder[0]


def csc_1(line: Any) -> Csc:
    return Csc(line, GivenToken(Secret(b"t")), Version.V1, ask=lambda wanted: bytearray(b"1"))


def csc_2(line: Any) -> Csc:
    return Csc(line, GivenToken(Secret(b"t")), Version.V2, ask=lambda wanted: bytearray(b"1"), later=True)


def smart(line: Any) -> SmartCa:
    return SmartCa(line, "sp", Secret(b"s"), "u")


def smart_typed(line: Any) -> SmartCa:
    return SmartCa(line, "sp", Secret(b"s"), "u", Confirmation.TYPED, ask=lambda wanted: bytearray(b"1"))


def mine(line: Any) -> MySign:
    return MySign(line, "c", Secret(b"s"), "p", "u")


PROVIDERS = [csc_1, csc_2, smart, smart_typed, mine]


@pytest.fixture(scope="module")
def credential(leader) -> Credential:
    facts = certificate_facts(leader.certificate_der)
    return Credential("k", (facts.der,), facts, CredentialState.USABLE, ("1.2.840.113549.1.1.1",), 5, None, way_of({}))


def attempt(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except Trouble:
        return None


@pytest.mark.parametrize("make", PROVIDERS)
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=st.lists(answers, min_size=1, max_size=4))
def test_no_answer_is_too_odd(make, credential, told):
    from signing.tokens.pin_memory import refused_pins
    work = Work((Document("A1", "một", bytes(32)), Document("A2", "hai", bytes(32))), "sha256", Scheme.RSA_PKCS1)
    for one in attempt(lambda: make(Scripted(list(told))).credentials()) or ():
        assert one.facts.der and one.at_once >= 1
    refused_pins._refused.clear()
    provider = make(Scripted(list(told)))
    state = attempt(lambda: provider.begin(credential, work))
    for _ in range(3):
        if isinstance(state, Pending):
            state = attempt(lambda now=state: provider.poll(now))
    assert state is None or isinstance(state, Ready | Pending)
    if isinstance(state, Ready):
        assert len(state.signatures) == 2


@pytest.fixture(scope="module")
def services(leader):
    key = {"pin": "1", "multisign": 5, "scal2": True}
    made = {csc_1: CscService({"k": CscKey(leader, **key)}, "v1"),
            csc_2: CscService({"k": CscKey(leader, **key)}, "v2"),
            smart: SmartCaService([("SMARTCA", leader)], "sp", "s", "u"),
            smart_typed: SmartCaService([("SMARTCA", leader)], "sp", "s", "u", password="1", code="1"),
            mine: MySignService(leader, "c", "s", "p", "u")}
    for one in made.values():
        if isinstance(one, CscService):
            one.tokens.add("t")
    yield made
    for one in made.values():
        one.close()


@pytest.mark.parametrize("make", PROVIDERS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 6), node=st.integers(0, 60), value=values | st.just("absent"))
def test_a_good_conversation_with_one_spoiled_answer(make, services, leader, at, node, value):
    from signing.tokens.pin_memory import refused_pins
    refused_pins._refused.clear()
    provider = make(Spoiling(services[make], at, node, value))
    provider.ask_again_s, provider.person_s = 0.0, 0.05

    def whole() -> bytes:
        key = open_remote_key(provider, allow_unusable=True)
        return key.sign(b"noi dung", digest="sha256", scheme=key.schemes[0])

    signature = attempt(whole)
    if provider.line.count <= at:
        assert signature is not None      # nothing was spoiled
    assert signature is None or fits(public_key_of(leader.certificate_der), signature, b"noi dung", "sha256",
                                     Scheme.RSA_PKCS1)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.dictionaries(NAMES, values, max_size=6))
@example(body={"cert": {"certificates": [b64encode(b"x").decode()]}, "key": {"algo": 5}})
@example(body={"auth": {"objects": 5}})
@example(body={"auth": {"objects": [{"id": "PIN"}], "expression": "PIN AND (OTP OR"}})
def test_no_description_of_a_key_is_too_odd(body, leader):
    good = [b64encode(leader.certificate_der).decode()]
    way_of(body)
    for certificate in (body.get("cert"), {"certificates": good, "status": body.get("status")}):
        found = credential_of("k", {**body, "cert": certificate})
        assert found is None or (found.at_once >= 1 and all(isinstance(one, str) for one in found.algorithms))
