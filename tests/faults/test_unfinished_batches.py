"""A leader's or clerk's batch that is broken off at the desk: what is signed reaches the office, the rest can go on."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from dataclasses import replace

import pytest

from docclient.desk import batch_run
from docclient.desk.kept_batches import batches_folder, give_up, go_on, unfinished_batches
from docclient.desk.signing_desk import CertificateRefused, Outcome, seal_many, sign_queued
from docclient.desk.workplace import fetch_bytes
from docclient.office.checking import check_office
from docclient.office.commands.outgoing import ReturnDraft
from docclient.office.errors import OfficeUnreachable
from docclient.office.model import FileKind, State
from docclient.office.queries.documents import SigningQueue
from signing import certificate_check
from signing.batch import State as ItemState
from signing.certificate_check import CertificateState
from signing.keys import Key, Scheme
from signing.report import Verdict
from signing.tokens.troubles import PinRejected, TokenRemoved
from tests.fakes.keys import FailingKey
from tests.offices import PASSWORD, OfficeToTest


class Killed(BaseException):
    """The program is gone in this moment."""


def queue_of(office: OfficeToTest, count: int):
    for number in range(count):
        office.queued(str(number))
    chairman = office.door("chairman")
    return chairman, chairman.ask(SigningQueue())


def removed() -> TokenRemoved:
    return TokenRemoved(token="Chủ tịch")


class Counting:
    """A key that counts."""

    def __init__(self, key: Key) -> None:
        self.key, self.made = key, 0
        self.certificate, self.other_certificates = key.certificate, key.other_certificates
        self.token, self.schemes = key.token, key.schemes

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        self.made += 1
        return self.key.sign(message, digest=digest, scheme=scheme)

    def close(self) -> None: ...


@pytest.mark.parametrize("state", [ItemState.PREPARED, ItemState.SIGNED, ItemState.VERIFIED, ItemState.DELIVERED])
def test_a_killed_program_leaves_a_batch_to_go_on_with(sqlite_office: OfficeToTest, monkeypatch: pytest.MonkeyPatch,
                                                       state: ItemState) -> None:
    office = sqlite_office
    chairman, queue = queue_of(office, 3)
    key, told = Counting(office.material.key("chairman")), batch_run._Hands.told

    def kill(self, done, total, item):
        told(self, done, total, item)
        if item.state is state and item.source.stem == "1":
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(batch_run._Hands, "told", kill)
        with pytest.raises(Killed):
            sign_queued(chairman, queue, key)

    (batch,) = unfinished_batches(chairman)
    assert [each.document for each in batch.documents] == [each.document.id for each in queue]
    assert batch.returned + batch.signed + batch.left == 3
    results = go_on(chairman, batch, key)
    assert [each.outcome for each in results] == [Outcome.RETURNED] * 3
    assert key.made == 3
    assert unfinished_batches(chairman) == [] and list(batches_folder(chairman).iterdir()) == []
    assert chairman.ask(SigningQueue()) == () and check_office(office.engine).findings == ()


def test_killed_between_the_offices_answer_and_the_record(sqlite_office: OfficeToTest,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    """The office has the document and this machine does not know it: handed over again, it counts once."""
    office = sqlite_office
    chairman, queue = queue_of(office, 1)
    key, deliver = Counting(office.material.key("chairman")), batch_run._Hands.deliver

    def kill(self, item):
        deliver(self, item)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(batch_run._Hands, "deliver", kill)
        with pytest.raises(Killed):
            sign_queued(chairman, queue, key)
    (batch,) = unfinished_batches(chairman)
    assert (batch.signed, batch.left) == (1, 0)

    assert [each.outcome for each in go_on(chairman, batch, None)] == [Outcome.RETURNED]
    assert key.made == 1 and check_office(office.engine).findings == ()


def test_an_office_out_of_reach_gets_what_is_signed_later_without_the_key(sqlite_office: OfficeToTest,
                                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    office = sqlite_office
    chairman, queue = queue_of(office, 2)
    key = Counting(office.material.key("chairman"))

    def away(self, item):
        raise OfficeUnreachable(place="postgresql://office")

    with monkeypatch.context() as patched:
        patched.setattr(batch_run._Hands, "deliver", away)
        results = sign_queued(chairman, queue, key)
    assert [each.outcome for each in results] == [Outcome.FAILED] * 2 and len(chairman.ask(SigningQueue())) == 2

    (batch,) = unfinished_batches(chairman)
    assert (batch.returned, batch.signed, batch.left) == (0, 2, 0)
    assert [each.outcome for each in go_on(chairman, batch, None)] == [Outcome.RETURNED] * 2
    assert key.made == 2 and chairman.ask(SigningQueue()) == ()


def test_the_rest_waits_for_the_key_and_may_come_back_at_once(sqlite_office: OfficeToTest) -> None:
    office = sqlite_office
    chairman, queue = queue_of(office, 3)
    key, told = FailingKey(office.material.key("chairman"), 1, removed), []
    results = sign_queued(chairman, queue, key, progress=lambda done, total, result: told.append(result),
                          revive=lambda trouble: office.material.key("chairman"))

    assert [each.outcome for each in results] == [Outcome.RETURNED] * 3
    assert [each.trouble.code for each in told if each.outcome is Outcome.PAUSED] == ["token.removed"]


def test_changed_meanwhile_is_told_for_each(sqlite_office: OfficeToTest) -> None:
    office = sqlite_office
    chairman, queue = queue_of(office, 3)
    results = sign_queued(chairman, queue, FailingKey(office.material.key("chairman"), 0, removed))
    assert {each.outcome for each in results} == {Outcome.PAUSED}
    chairman.do(ReturnDraft(queue[0].document.id, queue[0].document.version, "Sửa nơi nhận"))
    sign_queued(chairman, [queue[1]], office.material.key("chairman"))

    (batch,) = unfinished_batches(chairman)
    key = Counting(office.material.key("chairman"))
    results = go_on(chairman, batch, key)
    assert [each.outcome for each in results] == [Outcome.FAILED, Outcome.FAILED, Outcome.RETURNED]
    assert [each.trouble.code for each in results if each.trouble] == ["office.not_now"] * 2
    assert key.made == 1 and unfinished_batches(chairman) == []


def test_giving_up_leaves_the_queue_as_it_is(sqlite_office: OfficeToTest) -> None:
    chairman, queue = queue_of(sqlite_office, 2)
    sign_queued(chairman, queue, FailingKey(sqlite_office.material.key("chairman"), 1, removed))
    (batch,) = unfinished_batches(chairman)
    give_up(batch)

    assert unfinished_batches(chairman) == [] and not batch.folder.exists()
    assert len(chairman.ask(SigningQueue())) == 1


def test_a_refused_pin_and_a_stop_leave_nothing_behind(sqlite_office: OfficeToTest) -> None:
    chairman, queue = queue_of(sqlite_office, 2)
    sign_queued(chairman, queue, FailingKey(sqlite_office.material.key("chairman"), 0, lambda: PinRejected(token="t")))

    assert unfinished_batches(chairman) == [] and len(chairman.ask(SigningQueue())) == 2


def test_others_batches_and_busy_ones_are_not_offered(sqlite_office: OfficeToTest) -> None:
    chairman, queue = queue_of(sqlite_office, 2)
    seen = []

    def revive(trouble):
        seen.append(unfinished_batches(chairman))

    sign_queued(chairman, queue, FailingKey(sqlite_office.material.key("chairman"), 0, removed), revive=revive)
    assert seen == [[]]
    assert len(unfinished_batches(chairman)) == 1
    assert unfinished_batches(sqlite_office.door("clerk")) == []


def test_no_secret_is_in_what_is_kept(sqlite_office: OfficeToTest) -> None:
    chairman, queue = queue_of(sqlite_office, 1)
    sign_queued(chairman, queue, FailingKey(sqlite_office.material.key("chairman"), 0, removed))
    (batch,) = unfinished_batches(chairman)
    kept = b"".join(path.read_bytes() for path in batch.folder.rglob("*") if path.is_file())

    assert PASSWORD not in kept and b"PRIVATE KEY" not in kept
    if sys.platform != "win32":
        assert batch.folder.parent.stat().st_mode & 0o077 == 0


def test_many_are_numbered_and_sealed_in_order(office: OfficeToTest) -> None:
    """Over both databases. The token is pulled after the first; numbers stay, and none is given twice."""
    views = [office.signed(str(number)) for number in range(3)]
    documents, clerk = [view.document.id for view in views], office.door("clerk")
    results = seal_many(clerk, documents, FailingKey(office.material.key("agency"), 1, removed))
    assert [each.outcome for each in results] == [Outcome.RETURNED, Outcome.PAUSED, Outcome.PAUSED]

    (batch,) = unfinished_batches(clerk)
    key = Counting(office.material.key("agency"))
    results = go_on(clerk, batch, key)
    assert [each.outcome for each in results] == [Outcome.RETURNED] * 3 and key.made == 2
    sealed = [office.view("clerk", document).document for document in documents]
    assert [each.state for each in sealed] == [State.SEALED] * 3
    assert [each.code_number for each in sealed] == ["01", "02", "03"]
    assert check_office(office.engine).findings == () and unfinished_batches(clerk) == []


def test_what_was_found_about_the_certificate_is_kept_with_the_document(office: OfficeToTest) -> None:
    """TT 15/2025 S10, over both databases."""
    chairman, queue = queue_of(office, 2)
    shown: list[CertificateState] = []

    def checked(state: CertificateState) -> bool:
        shown.append(state)
        return True

    sign_queued(chairman, queue, office.material.key("chairman"), checked=checked)
    document = queue[0].document.id
    seal_many(office.door("clerk"), [document], office.material.key("agency"))

    view = office.view("clerk", document)
    (kept,) = [file for file in view.files if file.kind is FileKind.CERTIFICATE_CHECK]
    assert len(shown) == 1 and len(kept.versions) == 2       # the leader's, the agency's
    with zipfile.ZipFile(io.BytesIO(fetch_bytes(office.door("clerk"), kept.versions[0].digest))) as archive:
        found = json.loads(archive.read("result.json"))
        assert archive.read(next(name for name in archive.namelist() if name.startswith("certificates/")))
    assert found == json.loads(json.dumps(shown[0].as_json()))
    other = office.view("chairman", queue[1].document.id)
    assert [file.current.digest for file in other.files if file.kind is FileKind.CERTIFICATE_CHECK] == \
        [kept.versions[0].digest]
    assert check_office(office.engine).findings == ()


def test_a_check_of_another_certificate_is_not_accepted(sqlite_office: OfficeToTest,
                                                        monkeypatch: pytest.MonkeyPatch) -> None:
    chairman, queue = queue_of(sqlite_office, 1)
    honest, agency = batch_run.check_before, sqlite_office.material.key("agency")
    monkeypatch.setattr(batch_run, "check_before", lambda key, trust, **more: honest(agency, trust, **more))
    (result,) = sign_queued(chairman, queue, sqlite_office.material.key("chairman"))

    assert result.outcome is Outcome.FAILED and result.trouble.code == "office.field_wrong"


def test_an_invalid_certificate_signs_nothing(sqlite_office: OfficeToTest, monkeypatch: pytest.MonkeyPatch) -> None:
    chairman, queue = queue_of(sqlite_office, 1)
    key, honest = Counting(sqlite_office.material.key("chairman")), certificate_check.check_certificate

    def revoked(*given, **more) -> CertificateState:
        state = honest(*given, **more)
        last = replace(state.findings[-1], verdict=Verdict.INVALID, code="revocation_revoked",
                       facts={"revoked_at": "10:00 01/02/2026", "reason": "key_compromise"})
        return replace(state, findings=(*state.findings[:-1], last))

    monkeypatch.setattr(certificate_check, "check_certificate", revoked)
    told: list[CertificateState] = []
    with pytest.raises(CertificateRefused) as refused:
        sign_queued(chairman, queue, key, checked=lambda state: told.append(state) is None)

    assert key.made == 0 and len(told) == 1 and refused.value.state is told[0]
    assert unfinished_batches(chairman) == [] and len(chairman.ask(SigningQueue())) == 1


def test_a_person_who_does_not_want_to_begin_begins_nothing(sqlite_office: OfficeToTest) -> None:
    chairman, queue = queue_of(sqlite_office, 1)
    key = Counting(sqlite_office.material.key("chairman"))

    assert sign_queued(chairman, queue, key, checked=lambda state: False) == []
    assert key.made == 0 and unfinished_batches(chairman) == []
