"""Levels B-B to B-LTA against real services on loopback, and revocation good, revoked and out of reach."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from signing.longterm import EvidenceMissing
from signing.report import ChangeKind, Conclusion, Reason, Remark, SignatureKind, Verdict
from signing.sign import Level, SignedFile, SigningRequest, sign_pdf
from signing.sign_troubles import StampsMissing
from signing.timestamps import AddressWrong, TimestampRefused, TimestampService, TimestampUnreachable
from signing.verify import verify_file
from tests.signing.conftest import Stages
from tests.signing.services import Services, running_services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as running:
        yield running


@pytest.fixture(scope="module")
def signed(services: Services, stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> dict[Level, SignedFile]:
    folder = tmp_path_factory.mktemp("levels")
    return {level: sign_pdf(stages.draft, folder / f"{level}.pdf", services.key(), request(services, level))
            for level in Level}


def request(services: Services, level: Level, *addresses: str, online: bool = True) -> SigningRequest:
    return SigningRequest(level=level, trust=services.anchors, online=online,
                          stamps=TimestampService(addresses or (services.tsa,), deadline_s=20))


@pytest.mark.parametrize("level", list(Level))
def test_every_level_is_what_it_claims_and_valid_online(services: Services, signed: dict[Level, SignedFile],
                                                        level: Level) -> None:
    report = verify_file(signed[level].target, services.anchors, online=True)
    first = report.signatures[0]

    assert report.conclusion is Conclusion.VALID
    assert (first.level, first.verdict) == (level.value, Verdict.VALID)
    assert (first.timestamp_time is None) == (level is Level.B_B)
    assert [s.kind for s in report.signatures[1:]] == ([SignatureKind.TIMESTAMP] if level is Level.B_LTA else [])
    if first.timestamp_time is not None:
        assert abs(datetime.now(UTC) - first.timestamp_time) < timedelta(minutes=5)
        assert first.proven_at == first.timestamp_time


def test_without_a_network_only_stored_evidence_makes_it_valid(services: Services,
                                                               signed: dict[Level, SignedFile]) -> None:
    services.requests.clear()
    found = {level: verify_file(one.target, services.anchors) for level, one in signed.items()}

    assert {level: report.conclusion for level, report in found.items()} == {
        Level.B_B: Conclusion.UNDETERMINED, Level.B_T: Conclusion.UNDETERMINED,
        Level.B_LT: Conclusion.VALID, Level.B_LTA: Conclusion.VALID}
    assert found[Level.B_B].reason is Reason.TRY_LATER
    assert Remark.TIMESTAMP_NOT_TRUSTED.value in found[Level.B_T].signatures[0].warnings or \
        found[Level.B_T].reason is Reason.TRY_LATER
    assert services.requests == [], "the network was touched"


def test_what_was_added_for_the_long_term_is_named_and_allowed(signed: dict[Level, SignedFile]) -> None:
    first = signed[Level.B_LTA].report.signatures[0]

    assert {change.kind for change in first.changes_after} == {
        ChangeKind.VALIDATION_DATA_ADDED, ChangeKind.TIMESTAMP_ADDED}
    assert all(change.allowed for change in first.changes_after)


def test_other_tools_agree(signed: dict[Level, SignedFile]) -> None:
    for level, one in signed.items():
        found = subprocess.run(["pdfsig", "-nocert", str(one.target)], capture_output=True, text=True, check=True)
        checked = subprocess.run(["qpdf", "--check", str(one.target)], capture_output=True, text=True, check=False)
        assert "Signature is Valid." in found.stdout, level
        assert checked.returncode == 0, (level, checked.stdout)


def test_a_stamp_proves_that_the_certificate_was_in_force_when_it_signed(services: Services, stages: Stages,
                                                                         tmp_path: Path) -> None:
    """The signer's certificate has ended since; the stamp and the stored evidence still hold."""
    later = datetime.now(UTC) + timedelta(days=10)
    stamped = sign_pdf(stages.draft, tmp_path / "a.pdf", services.key("short"), request(services, Level.B_LT))
    plain = sign_pdf(stages.draft, tmp_path / "b.pdf", services.key("short"), request(services, Level.B_B))

    assert verify_file(stamped.target, services.anchors, at=later).conclusion is Conclusion.VALID
    found = verify_file(plain.target, services.anchors, at=later)
    assert (found.conclusion, found.reason) == (Conclusion.UNDETERMINED, Reason.OUT_OF_BOUNDS_NO_POE)


def test_a_revoked_signer_is_found_online(services: Services, stages: Stages, tmp_path: Path) -> None:
    one = sign_pdf(stages.draft, tmp_path / "a.pdf", services.key("revoked"), request(services, Level.B_T))
    report = verify_file(one.target, services.anchors, online=True)

    assert (report.conclusion, report.reason) == (Conclusion.INVALID, Reason.REVOKED)
    assert report.signatures[0].revocation == "revoked"


def test_an_answer_newer_than_the_question_still_counts(services: Services, stages: Stages, tmp_path: Path,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine's clock is a minute behind: the revocation must not be passed over for an older list."""
    one = sign_pdf(stages.draft, tmp_path / "a.pdf", services.key("revoked"), request(services, Level.B_B))

    class Behind(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) - timedelta(minutes=1)

    monkeypatch.setattr("signing.verify.datetime", Behind)
    assert verify_file(one.target, services.anchors, online=True).reason is Reason.REVOKED


def test_evidence_that_cannot_be_had_is_said_and_nothing_is_left(services: Services, stages: Stages,
                                                                 tmp_path: Path) -> None:
    with pytest.raises(EvidenceMissing) as raised:
        sign_pdf(stages.draft, tmp_path / "a.pdf", services.key(), request(services, Level.B_LT, online=False))

    assert raised.value.exit_code == 5
    assert not (tmp_path / "a.pdf").exists() and not list(tmp_path.glob(".*"))


class Refusing(BaseHTTPRequestHandler):
    """A service that answers, but not with a stamp."""

    asked = 0

    def do_POST(self) -> None:
        Refusing.asked += 1
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403, "Quota used up")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def refusing() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    Refusing.asked = 0
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_services_real_answer_is_told_and_it_is_not_pestered(services: Services, stages: Stages, tmp_path: Path,
                                                                refusing: str) -> None:
    with pytest.raises(TimestampRefused) as raised:
        sign_pdf(stages.draft, tmp_path / "a.pdf", services.key(), request(services, Level.B_T, refusing))

    assert raised.value.facts == {"address": refusing, "answer": "HTTP 403 Quota used up", "failure": "http",
                                  "others": ""}
    assert Refusing.asked == 1
    assert not (tmp_path / "a.pdf").exists()


def test_the_next_service_is_asked_when_one_fails(services: Services, stages: Stages, tmp_path: Path,
                                                  refusing: str) -> None:
    one = sign_pdf(stages.draft, tmp_path / "a.pdf", services.key(),
                   request(services, Level.B_T, "http://127.0.0.1:9/", refusing, services.tsa))

    assert one.report.signatures[0].timestamp_time is not None


def test_a_service_out_of_reach_is_told(services: Services, stages: Stages, tmp_path: Path,
                                        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.timestamps.PAUSES_S", (0, 0))
    with pytest.raises(TimestampUnreachable) as raised:
        sign_pdf(stages.draft, tmp_path / "a.pdf", services.key(), request(services, Level.B_T, "http://127.0.0.1:9/"))

    assert raised.value.exit_code == 5 and raised.value.facts["reason"]


def test_levels_above_the_first_need_a_service(stages: Stages, services: Services, tmp_path: Path) -> None:
    with pytest.raises(StampsMissing):
        sign_pdf(stages.draft, tmp_path / "a.pdf", services.key(), SigningRequest(level=Level.B_T))
    for address in ("", "ftp://tsa.example/", "file:///etc/passwd", "tsa.ca.gov.vn"):
        with pytest.raises(AddressWrong):
            TimestampService((address,))


def test_one_stamp_costs_one_request(services: Services, stages: Stages, tmp_path: Path) -> None:
    """Quotas are short: the room for the answer is reckoned without asking."""
    services.requests.clear()
    sign_pdf(stages.draft, tmp_path / "a.pdf", services.key(), request(services, Level.B_T))

    assert [path for path in services.requests if "tsa" in path] == ["/test/tsa/tsa"]
