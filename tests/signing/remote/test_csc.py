"""Signing through the CSC API, both versions, against a strict service on loopback."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Any

import pytest

from docclient.demonstration.authority import Issued
from signing.certificates import CertificateExpired
from signing.keys import Key, Scheme
from signing.remote.access import ClientCredentials, GivenToken, Login
from signing.remote.csc import Csc, Version
from signing.remote.key import RemoteKey, open_remote_key
from signing.remote.line import Line
from signing.remote.secret import Secret
from signing.remote.troubles import (
    RemoteAccountRefused,
    RemoteAnswerOdd,
    RemoteBusy,
    RemoteCertificateNotFound,
    RemoteClosed,
    RemoteCodeRejected,
    RemoteCredentialUnusable,
    RemotePinEmpty,
    RemotePinRejected,
    RemotePinSentBefore,
    RemoteRefusedByPerson,
    RemoteSeveralCertificates,
    RemoteSignatureWrong,
    RemoteTimedOut,
    RemoteUnreachable,
    RemoteWayNotOffered,
)
from signing.tokens.public_keys import fits, public_key_of
from signing.tokens.troubles import SchemeNotOffered
from tests.fakes.csc_service import PSS, RSA, SHA256_RSA, CscKey, CscService
from tests.signing.remote.conftest import Screen

MESSAGE = b"thuoc tinh da ky" * 20
BOTH = pytest.mark.parametrize("version", list(Version), ids=["version 1", "version 2"])


@pytest.fixture
def serve() -> Iterator[Callable[..., CscService]]:
    made: list[CscService] = []

    def start(version: Version, **keys: CscKey) -> CscService:
        made.append(CscService(dict(keys), version.value))
        return made[-1]

    yield start
    for one in made:
        one.close()


@pytest.fixture
def opened(screen: Screen) -> Iterator[Callable[..., RemoteKey]]:
    made: list[RemoteKey] = []

    def open_it(service: CscService, *, certificate: str | None = None, allow_unusable: bool = False,
                **how: Any) -> RemoteKey:
        csc = provider(service, screen, **how)
        try:
            made.append(open_remote_key(csc, certificate=certificate, stop=csc.line.stop, told=screen.told,
                                        title="Quyết định số 15", allow_unusable=allow_unusable))
        except BaseException:
            csc.close()
            raise
        return made[-1]

    yield open_it
    for one in made:
        one.close()


def provider(service: CscService, screen: Screen, *, access: Any = None, **how: Any) -> Csc:
    line = Line(service.address, "CSC", stop=threading.Event(), request_s=10)
    return Csc(line, access or Login(service.user, Secret(service.password.encode()), "csc/" + service.version
                                     + "/auth/login"),
               Version(service.version), ask=screen.ask, **{"ask_again_s": 0.01, **how})


def sign(key: RemoteKey, scheme: Scheme = Scheme.RSA_PKCS1, digest: str = "sha256") -> bytes:
    return key.sign(MESSAGE, digest=digest, scheme=scheme)


def holds(issued: Issued, signature: bytes, scheme: Scheme = Scheme.RSA_PKCS1, digest: str = "sha256") -> bool:
    return fits(public_key_of(issued.certificate_der), signature, MESSAGE, digest, scheme)


@BOTH
def test_a_key_signs_and_brings_its_chain(serve, opened, screen, leader, version):
    key = opened(serve(version, k=CscKey(leader)))
    assert isinstance(key, Key) and key.certificate == leader.certificate_der
    assert list(key.other_certificates) == list(leader.chain_der) and key.token is None
    assert holds(leader, sign(key))
    assert screen.stages == ["person", "over"]
    (document,) = screen.seen[0].documents
    assert document[1] == "Quyết định số 15" and len(document[0]) == 6


@BOTH
@pytest.mark.parametrize(("offered", "scheme", "digest"), [
    ((RSA,), Scheme.RSA_PKCS1, "sha512"), ((SHA256_RSA,), Scheme.RSA_PKCS1, "sha256"),
    ((RSA, PSS), Scheme.RSA_PSS, "sha384")])
def test_every_scheme_and_digest_a_key_offers(serve, opened, leader, version, offered, scheme, digest):
    key = opened(serve(version, k=CscKey(leader, algorithms=offered)))
    assert scheme in key.schemes
    assert holds(leader, sign(key, scheme, digest), scheme, digest)


@BOTH
def test_an_elliptic_curve_key_signs(serve, opened, curved, version):
    key = opened(serve(version, k=CscKey(curved, algorithms=["1.2.840.10045.4.3.2"])))
    assert key.schemes == (Scheme.ECDSA,)
    assert holds(curved, sign(key, Scheme.ECDSA), Scheme.ECDSA)


@BOTH
def test_what_the_key_does_not_offer_is_refused_here(serve, opened, leader, version):
    service = serve(version, k=CscKey(leader, algorithms=[SHA256_RSA]))
    key = opened(service)
    asked = len(service.http.requests)
    for scheme, digest in ((Scheme.RSA_PSS, "sha256"), (Scheme.RSA_PKCS1, "sha512"), (Scheme.ECDSA, "sha256")):
        with pytest.raises(SchemeNotOffered):
            sign(key, scheme, digest)
    assert len(service.http.requests) == asked


@BOTH
def test_pin_and_code_are_asked_sent_once_and_overwritten(serve, opened, screen, leader, version):
    service = serve(version, k=CscKey(leader, pin="246810", otp="77", otp_online=True))
    key = opened(service)
    screen.gives = [b"246810", b"77"]
    assert holds(leader, sign(key))
    assert [(one.kind.value, one.label, one.provider) for one in screen.asked] == [
        ("pin", "Mã PIN", "CSC"), ("code", "Mã SMS", "CSC")]
    assert all(typed == bytes(len(typed)) for typed in screen.typed)
    assert service.codes_sent == 1


@BOTH
def test_a_wrong_pin_is_never_sent_twice(serve, opened, screen, leader, version):
    service = serve(version, k=CscKey(leader, pin="246810"))
    key = opened(service)
    screen.gives = [b"000000", b"000000", b"", b"246810"]
    for trouble in (RemotePinRejected, RemotePinSentBefore, RemotePinEmpty):
        with pytest.raises(trouble) as raised:
            sign(key)
        assert raised.value.stops_batch
        assert "000000" not in str(raised.value.facts)
    assert service.keys["k"].wrong_pins == 1
    assert holds(leader, sign(key))


def test_a_wrong_code_is_no_wrong_pin(serve, opened, screen, leader):
    service = serve(Version.V1, k=CscKey(leader, pin="246810", otp="77"))
    key = opened(service)
    screen.gives = [b"246810", b"78", b"246810", b"77"]
    with pytest.raises(RemoteCodeRejected):
        sign(key)
    assert holds(leader, sign(key)) and service.keys["k"].wrong_pins == 0


def test_a_pin_is_not_sent_again_when_the_service_answers_401(serve, opened, screen, leader):
    service = serve(Version.V1, k=CscKey(leader, pin="246810"))
    key = opened(service)
    service.http.statuses.append(401)
    screen.gives = [b"246810", b"246810"]
    with pytest.raises(RemoteAccountRefused):
        sign(key)
    assert service.http.paths.count("/csc/v1/credentials/authorize") == 1
    assert holds(leader, sign(key))


def test_the_phone_confirms_while_this_side_waits(serve, opened, screen, leader):
    service = serve(Version.V2, k=CscKey(leader, pin="1", phone=True))
    service.phone.will("wait", "wait", "yes")
    key = opened(service)
    assert holds(leader, sign(key))
    assert screen.asked == []       # the way with nothing to type was taken
    assert service.http.paths.count("/csc/v2/credentials/authorizeCheck") == 3
    (document,) = screen.seen[0].documents
    assert service.phone.shown[0][1] == f"{document[0]} Quyết định số 15"


def test_signatures_made_later_are_fetched(serve, opened, screen, leader):
    service = serve(Version.V2, k=CscKey(leader))
    service.phone.will("wait", "wait", "yes")
    key = opened(service, later=True)
    assert holds(leader, sign(key))
    assert screen.stages == ["person", "service", "over"]
    assert service.http.paths.count("/csc/v2/signatures/signPolling") == 3


@pytest.mark.parametrize(("does", "trouble"), [("no", RemoteRefusedByPerson), ("wait", RemoteTimedOut)])
def test_a_person_who_refuses_or_does_nothing(serve, opened, screen, leader, does, trouble):
    service = serve(Version.V2, k=CscKey(leader, phone=True))
    service.phone.will(does)
    key = opened(service, person_s=0.3)
    with pytest.raises(trouble) as raised:
        sign(key)
    assert raised.value.stops_batch and screen.stages[-1] == "over"
    service.phone.will("yes")
    assert holds(leader, sign(key))


def test_cancelling_ends_the_waiting_at_once(serve, opened, screen, leader):
    service = serve(Version.V2, k=CscKey(leader, phone=True))
    service.phone.will("wait")
    key = opened(service, ask_again_s=60, person_s=600)
    outcome: list[BaseException] = []

    def work() -> None:
        try:
            sign(key)
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert screen.waiting.wait(30)
    key.stop.set()
    thread.join(30)
    assert isinstance(outcome[0], CancelledError) and screen.stages[-1] == "over"
    with pytest.raises(CancelledError):      # as long as the event is set
        sign(key)
    key.stop.clear()
    service.phone.will("yes")


@BOTH
def test_cancelling_drops_a_request_that_is_on_its_way(serve, opened, leader, version):
    service = serve(version, k=CscKey(leader))
    key = opened(service)
    service.http.hold = threading.Event()
    outcome: list[BaseException] = []

    def work() -> None:
        try:
            sign(key)
        except BaseException as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert service.http.held.wait(30)
    key.stop.set()
    thread.join(5)
    assert not thread.is_alive() and isinstance(outcome[0], CancelledError)
    service.http.hold.set()
    service.http.hold = None
    key.stop.clear()
    assert holds(leader, sign(key))


@BOTH
@pytest.mark.parametrize("scal2", [False, True], ids=["SCAL 1", "SCAL 2"])
def test_one_confirmation_covers_what_is_expected(serve, opened, screen, leader, version, scal2):
    service = serve(version, k=CscKey(leader, pin="246810", scal2=scal2, multisign=10))
    key = opened(service)
    screen.gives = [b"246810"]
    key.expect(4)
    for _ in range(4):
        assert holds(leader, sign(key))
    assert len(screen.asked) == 1
    assert service.http.paths.count(f"/csc/{version.value}/credentials/authorize") == 1
    assert service.http.paths.count(f"/csc/{version.value}/credentials/extendTransaction") == 3


def test_where_extending_is_not_offered_the_person_is_asked_again(serve, opened, screen, leader):
    service = serve(Version.V1, k=CscKey(leader, pin="246810", multisign=10))
    service.extends = False
    key = opened(service)
    screen.gives = [b"246810", b"246810"]
    key.expect(2)
    assert holds(leader, sign(key)) and holds(leader, sign(key))
    assert len(screen.asked) == 2


@BOTH
def test_many_documents_in_one_request_and_no_more_than_the_key_allows(serve, opened, screen, leader, version):
    service = serve(version, k=CscKey(leader, pin="246810", scal2=True, multisign=3))
    key = opened(service)
    screen.gives = [b"246810", b"246810"]
    messages = [b"%d" % n for n in range(5)]
    made = key.sign_many(messages, digest="sha256", scheme=Scheme.RSA_PKCS1, titles=["Một", "Hai"])
    public = public_key_of(leader.certificate_der)
    assert all(fits(public, one, message, "sha256", Scheme.RSA_PKCS1)
               for one, message in zip(made, messages, strict=True))
    assert [len(one.documents) for one in screen.seen if one.stage.value == "person"] == [3, 2]
    assert [title for _, title in screen.seen[0].documents] == ["Một", "Hai", "Quyết định số 15"]
    assert len({name for one in screen.seen for name, _ in one.documents}) == 5


@BOTH
def test_a_token_that_ended_is_renewed_in_silence(serve, opened, leader, version):
    service = serve(version, k=CscKey(leader))
    key = opened(service)
    service.expire_tokens()
    assert holds(leader, sign(key))
    assert service.http.paths.count(f"/csc/{version.value}/auth/login") == 2


def test_other_ways_to_the_account(serve, opened, leader):
    service = serve(Version.V2, k=CscKey(leader))
    key = opened(service, access=ClientCredentials(service.client, Secret(service.client_secret.encode())))
    assert holds(leader, sign(key))
    service.tokens.add("given")
    key = opened(service, access=GivenToken(Secret(b"given")))
    assert holds(leader, sign(key))
    service.expire_tokens()
    with pytest.raises(RemoteAccountRefused):
        sign(key)


@pytest.mark.parametrize("access", [Login("chutich", Secret(b"sai"), "csc/v1/auth/login"),
                                    ClientCredentials("docclient", Secret(b"sai")), GivenToken(Secret(b"sai"))],
                         ids=["login", "client", "token"])
def test_an_account_that_is_not_taken(serve, opened, leader, access):
    with pytest.raises(RemoteAccountRefused) as refused:
        opened(serve(Version.V1, k=CscKey(leader)), access=access)
    assert "sai" not in str(refused.value.facts)


def test_the_certificate_is_chosen_by_serial_id_or_because_it_is_the_only_one(serve, opened, leader, seal):
    from signing.certificates import certificate_facts
    service = serve(Version.V1, leader=CscKey(leader), seal=CscKey(seal))
    service.paged = True
    facts = certificate_facts(seal.certificate_der)
    for wanted in ("seal", facts.serial.upper(), facts.fingerprint):
        assert opened(service, certificate=wanted).certificate == seal.certificate_der
    with pytest.raises(RemoteSeveralCertificates):
        opened(service)
    with pytest.raises(RemoteCertificateNotFound):
        opened(service, certificate="none")
    service.keys["leader"].status = "revoked"
    assert opened(service).certificate == seal.certificate_der


@pytest.mark.parametrize(("field", "value"), [("status", "expired"), ("status", "suspended"),
                                              ("key_status", "disabled")])
def test_a_certificate_the_service_calls_unusable_is_told_before_and_after(serve, opened, leader, field, value):
    service = serve(Version.V1, k=CscKey(leader))
    key = opened(service)
    setattr(service.keys["k"], field, value)
    with pytest.raises(RemoteCredentialUnusable) as unusable:      # it happened meanwhile
        sign(key)
    assert unusable.value.facts["certificate"].startswith("Nguyễn Thị Phương Thảo")
    with pytest.raises(RemoteCredentialUnusable):
        opened(service, certificate="k")


def test_a_certificate_out_of_its_dates_is_not_opened(serve, opened, authority):
    from datetime import UTC, datetime, timedelta
    old = authority.issue_person("Hết hạn", not_before=datetime.now(UTC) - timedelta(days=9),
                                 not_after=datetime.now(UTC) - timedelta(days=1))
    service = serve(Version.V1, k=CscKey(old))
    with pytest.raises(CertificateExpired):
        opened(service)
    assert opened(service, allow_unusable=True).certificate == old.certificate_der


def test_a_way_that_needs_a_browser_is_named(serve, opened, leader):
    key = opened(serve(Version.V2, k=CscKey(leader, mode="oauth2code")))
    with pytest.raises(RemoteWayNotOffered) as raised:
        sign(key)
    assert raised.value.facts["way"] == "oauth2code"


def test_a_signature_that_does_not_fit_is_thrown_away(serve, opened, leader):
    key = opened(serve(Version.V1, k=CscKey(leader, spoils=True)))
    with pytest.raises(RemoteSignatureWrong):
        sign(key)


def test_lines_that_break(serve, opened, leader):
    service = serve(Version.V2, k=CscKey(leader, phone=True))
    key = opened(service)
    service.http.drop = 1
    with pytest.raises(RemoteUnreachable) as broken:
        sign(key)
    assert broken.value.facts["host"] == "127.0.0.1" and broken.value.stops_batch
    service.http.garble = True
    with pytest.raises(RemoteAnswerOdd):
        sign(key)
    service.http.statuses.append(503)
    with pytest.raises(RemoteBusy):
        sign(key)
    assert holds(leader, sign(key))


def test_a_lost_answer_while_the_person_confirms_is_asked_again(serve, opened, leader):
    service = serve(Version.V2, k=CscKey(leader, phone=True))
    key = opened(service)
    service.phone.will("lost", "wait", "lost", "lost", "yes")
    assert holds(leader, sign(key))
    service.phone.will("lost")
    before = service.http.paths.count("/csc/v2/credentials/authorizeCheck")
    with pytest.raises(RemoteUnreachable):
        sign(key)
    assert service.http.paths.count("/csc/v2/credentials/authorizeCheck") == before + 3


def test_a_closed_key_signs_no_more_and_forgets_the_password(serve, opened, leader):
    service = serve(Version.V1, k=CscKey(leader))
    key = opened(service)
    password = key._provider.access.password
    key.close()
    key.close()
    assert password.reveal().strip("\0") == "" and "mat khau" not in repr(key)
    with pytest.raises(RemoteClosed):
        sign(key)


def test_a_pdf_signed_from_afar_is_valid(serve, opened, screen, leader, authority, tmp_path: Path):
    from signing.report import Conclusion
    from signing.sign import SigningRequest, sign_pdf
    from signing.trust import TrustStore
    from tests.signing.drafts import write_draft
    trust = TrustStore().with_certificates([authority.anchor_der, authority.issuing_der]).with_crls(authority.crl())
    service = serve(Version.V2, k=CscKey(leader, phone=True))
    service.phone.will("wait", "yes")
    key = opened(service)
    signed = sign_pdf(write_draft(tmp_path / "draft.pdf"), tmp_path / "signed.pdf", key, SigningRequest(trust=trust))
    assert signed.report.conclusion is Conclusion.VALID


def test_pyhankos_own_client_gets_along_with_the_service(serve, leader):
    """A second opinion: the service on loopback speaks version 1 as another client understands it."""
    import aiohttp
    from pyhanko.sign.signers.csc_signer import (
        CSCAuthorizationManager,
        CSCServiceSessionInfo,
        CSCSigner,
        fetch_certs_in_csc_credential,
    )
    service = serve(Version.V1, k=CscKey(leader, pin="246810", scal2=True, algorithms=[SHA256_RSA]))
    service.tokens.add("given")
    information = CSCServiceSessionInfo(service.address, "k", oauth_token="given")

    class Manager(CSCAuthorizationManager):
        async def authorize_signature(self, hash_b64s):
            body = self.format_csc_auth_request(pin="246810", hash_b64s=hash_b64s)
            async with session.post(information.endpoint_url("credentials/authorize"), headers=self.auth_headers,
                                    json=body, raise_for_status=True) as response:
                return self.parse_csc_auth_response(await response.json())

    async def run() -> bytes:
        nonlocal session
        async with aiohttp.ClientSession() as session:
            credential = await fetch_certs_in_csc_credential(session, information)
            signer = CSCSigner(session, Manager(information, credential))
            return await signer.async_sign_raw(MESSAGE, "sha256")

    session = None
    assert holds(leader, asyncio.run(run()))

