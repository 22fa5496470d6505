"""Several time-stamp services: their real answers, rests, quotas; every answer comes over HTTP on loopback."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from asn1crypto import cms

from docclient.words import Language, phrase, words_of
from signing.timestamp_record import Quota, ServiceRecord
from signing.timestamps import (
    ServiceTimeStamper,
    TimestampRefused,
    TimestampResting,
    TimestampService,
    TimestampUnreachable,
)
from tests.fakes.time_stamp_service import FakeService, running
from tests.signing.services import running_services

DIGEST = hashlib.sha256(b"x").digest()
CLOSED = "http://127.0.0.1:9/"
New = Callable[[], FakeService]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as services:
        yield services.tsa


@pytest.fixture
def new(real: str) -> Iterator[New]:
    with running(real) as made:
        yield made


class Clock:
    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Bench:
    """Asks for stamps as one process after the other would, with one record; pauses are noted, not waited for."""

    def __init__(self, record: Path, clock: Clock, *addresses: str, deadline_s: float = 20,
                 quotas: tuple[tuple[str, Quota], ...] = (), anew_since: float | None = None) -> None:
        self.service = TimestampService(addresses, deadline_s, quotas, record, anew_since)
        self.clock, self.pauses = clock, []

    def stamp(self) -> cms.ContentInfo:
        return ServiceTimeStamper(self.service, clock=self.clock, pause=self.pauses.append).stamp(DIGEST, "sha256")


def test_a_stamp_is_over_what_was_asked(new: New, tmp_path: Path, clock: Clock) -> None:
    token = Bench(tmp_path, clock, new().address).stamp()

    info = token["content"]["encap_content_info"]["content"].parsed
    assert info["message_imprint"]["hashed_message"].native == DIGEST


def test_a_stamp_under_another_content_type_is_one(new: New, tmp_path: Path, clock: Clock) -> None:
    service = new()
    service.will("odd_type")

    assert Bench(tmp_path, clock, service.address).stamp()["content_type"].native == "signed_data"


@pytest.mark.parametrize(("script", "answer", "failure"), [
    ("http 403 Quota used up", "HTTP 403 Quota used up", "http"),
    ("http 404 Not Found", "HTTP 404 Not Found", "http"),
    ("words Het han muc trong ngay", "HTTP 403 Forbidden: “Het han muc trong ngay”", "http"),
    ("http 429;600 Too Many Requests", "HTTP 429 Too Many Requests", "too_many"),
    ("rejection badAlg Không nhận SHA-256", "PKIStatus 2 (rejection), “Không nhận SHA-256”, failInfo badAlg", "badAlg"),
    ("rejection unaccepted_policy ", "PKIStatus 2 (rejection), failInfo unacceptedPolicy", "unacceptedPolicy"),
    ("garbage", "HTTP 200, text/html, 27 byte", "not_understood"),
])
def test_a_refusal_is_told_in_the_services_own_words(new: New, tmp_path: Path, clock: Clock, script: str, answer: str,
                                                     failure: str) -> None:
    service = new()
    service.will(script.replace("badAlg", "bad_alg", 1))
    with pytest.raises(TimestampRefused) as raised:
        Bench(tmp_path, clock, service.address).stamp()

    assert (raised.value.facts["answer"], raised.value.facts["failure"]) == (answer, failure)
    assert service.asked == 1, "asked again it would say the same"
    for language in Language:
        words = words_of(raised.value, language)
        assert answer in words.explanation
        assert phrase(f"timestamp_failure.{failure}", language) in words.explanation
        assert "mạng" not in words.explanation and "network" not in words.explanation


@pytest.mark.parametrize(("script", "failure"), [("other_nonce", "other_nonce"), ("other_digest", "other_digest")])
def test_a_stamp_for_something_else_is_not_taken(new: New, tmp_path: Path, clock: Clock, script: str,
                                                 failure: str) -> None:
    service = new()
    service.will(script)
    with pytest.raises(TimestampRefused) as raised:
        Bench(tmp_path, clock, service.address).stamp()

    assert raised.value.facts["failure"] == failure


def test_a_service_that_is_too_slow_is_unreachable_and_not_asked_twice(new: New, tmp_path: Path, clock: Clock) -> None:
    service = new()
    service.will("hang")
    with pytest.raises(TimestampUnreachable) as raised:
        Bench(tmp_path, clock, service.address, deadline_s=0.3).stamp()

    assert raised.value.facts["reason"] == "ETIMEDOUT"
    assert service.asked == 1, "it may have counted the request"


def test_trouble_that_passes_is_waited_out(new: New, tmp_path: Path, clock: Clock) -> None:
    service = new()
    service.will("http 503 Busy", "cut", "good")
    bench = Bench(tmp_path, clock, service.address)

    assert bench.stamp()["content_type"].native == "signed_data"
    assert bench.pauses == [2.0, 6.0] and service.asked == 3


def test_the_first_is_down_and_the_second_good(new: New, tmp_path: Path, clock: Clock) -> None:
    second = new()
    bench = Bench(tmp_path, clock, CLOSED, second.address)
    for _ in range(3):
        bench.stamp()

    assert second.asked == 3 and bench.pauses == []
    assert ServiceRecord(tmp_path, clock).standing(CLOSED, None).rest is not None, "it was left alone after the first"


def test_a_refusing_service_rests_and_is_asked_again_in_its_time(new: New, tmp_path: Path, clock: Clock) -> None:
    first, second = new(), new()
    first.will("http 429;3600 Too Many Requests", "good")
    bench = Bench(tmp_path, clock, first.address, second.address)
    bench.stamp()
    bench.stamp()
    assert (first.asked, second.asked) == (1, 2)

    clock.now += 3601
    bench.stamp()
    assert (first.asked, second.asked) == (2, 2)


def test_what_the_service_demanded_is_told_with_its_answer(new: New, tmp_path: Path, clock: Clock) -> None:
    service = new()
    service.will("http 429;3600 Too Many Requests")
    bench = Bench(tmp_path, clock, service.address, CLOSED)
    with pytest.raises(TimestampRefused) as refused:
        bench.stamp()
    with pytest.raises(TimestampResting) as raised:
        Bench(tmp_path, clock, service.address).stamp()

    assert CLOSED in refused.value.facts["others"] and "ECONNREFUSED" in refused.value.facts["others"]
    assert raised.value.facts["answer"] == "HTTP 429 Too Many Requests"
    assert raised.value.facts["until"] == "16:00 15/01/2027"
    assert service.asked == 1


def test_our_own_rest_grows_and_a_person_may_ask_anew(new: New, tmp_path: Path, clock: Clock) -> None:
    service = new()
    service.will("http 403 Forbidden")
    rests = []
    for _ in range(3):
        with pytest.raises(TimestampRefused):
            Bench(tmp_path, clock, service.address).stamp()
        rest = ServiceRecord(tmp_path, clock).standing(service.address, None).rest
        assert rest is not None
        rests.append(rest.until - clock.now)
        clock.now = rest.until + 1
    assert rests == [900, 1800, 3600]

    clock.now -= 1800
    with pytest.raises(TimestampResting):
        Bench(tmp_path, clock, service.address).stamp()
    service.will("good")
    Bench(tmp_path, clock, service.address, anew_since=clock.now).stamp()
    assert ServiceRecord(tmp_path, clock).standing(service.address, None).rest is None


def test_a_quota_is_never_overdrawn(new: New, tmp_path: Path, clock: Clock) -> None:
    first, second = new(), new()
    quotas = ((first.address, Quota(3, 1200)),)
    both = Bench(tmp_path, clock, first.address, second.address, quotas=quotas)
    for _ in range(5):
        both.stamp()
        clock.now += 60
    assert (first.asked, second.asked) == (3, 2)
    alone = Bench(tmp_path, clock, first.address, quotas=quotas, anew_since=clock.now)
    with pytest.raises(TimestampResting):
        alone.stamp()

    standing = ServiceRecord(tmp_path, clock).standing(first.address, quotas[0][1])
    assert (standing.used, standing.left) == (3, 0) and standing.rest is not None
    clock.now = standing.rest.until + 1
    alone.stamp()
    assert first.asked == 4


def test_a_request_that_never_arrived_is_not_counted(tmp_path: Path, clock: Clock) -> None:
    quota = Quota(5, 1200)
    with pytest.raises(TimestampUnreachable):
        Bench(tmp_path, clock, CLOSED, quotas=((CLOSED, quota),)).stamp()

    assert ServiceRecord(tmp_path, clock).standing(CLOSED, quota).left == 5


COUNT = """
import sys
from pathlib import Path
from signing.timestamp_record import Quota, ServiceRecord
record = ServiceRecord(Path(sys.argv[1]))
print(sum(record.may_ask("http://tsa/", Quota(25, 3600)) is None for _ in range(20)))
"""


def test_several_processes_share_one_quota(tmp_path: Path) -> None:
    children = [subprocess.Popen([sys.executable, "-c", COUNT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
                for _ in range(3)]

    assert sum(int(child.communicate(timeout=60)[0]) for child in children) == 25


def test_a_spoiled_record_counts_as_none(new: New, tmp_path: Path, clock: Clock) -> None:
    service = new()
    bench = Bench(tmp_path, clock, service.address)
    bench.stamp()
    for file in tmp_path.glob("*.json"):
        file.write_bytes(b"{\"address\": 5, ")
    bench.stamp()

    assert ServiceRecord(tmp_path, clock).standing(service.address, None).used == 1


def test_a_record_that_cannot_be_kept_keeps_nobody_from_a_stamp(new: New, tmp_path: Path, clock: Clock) -> None:
    wall = tmp_path / "wall"
    wall.write_text("a file, not a folder")

    assert Bench(wall, clock, new().address).stamp()["content_type"].native == "signed_data"


def test_services_can_be_written_down_and_read_back(tmp_path: Path) -> None:
    service = TimestampService((CLOSED,), 20, ((CLOSED, Quota(20, 1200)),), tmp_path)

    assert TimestampService.from_json(service.as_json()) == service
    assert TimestampService.from_json([[CLOSED], 20]) == TimestampService((CLOSED,), 20)
