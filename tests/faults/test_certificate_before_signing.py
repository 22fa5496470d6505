"""No way to a signature leads past the look at its certificate, and no look that still holds is made twice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from docclient import certificate_care
from docclient.desk.kept_batches import go_on, unfinished_batches
from docclient.desk.signing_desk import CertificateRefused, Outcome, number_and_seal, sign_queued
from docclient.desk.trust import trust_of
from docclient.office.model import State
from docclient.words import Language, words_of
from signing import certificate_check
from signing.certificate_check import CertificateState
from signing.report import Verdict
from tests.fakes.keys import FailingKey
from tests.faults.test_unfinished_batches import queue_of, removed
from tests.offices import OfficeToTest

Look = Callable[..., CertificateState]


def revoked(state: CertificateState) -> CertificateState:
    last = replace(state.findings[-1], verdict=Verdict.INVALID, code="revocation_revoked",
                   facts={"revoked_at": "10:00 01/02/2026", "reason": "key_compromise"})
    return replace(state, findings=(*state.findings[:-1], last))


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Each real look at a certificate: whether it might ask the network (which no test does)."""
    made: list[bool] = []
    honest = certificate_check.check_certificate

    def counting(*given: object, online: bool, **more: object) -> CertificateState:
        made.append(online)
        return honest(*given, online=False, **more)

    monkeypatch.setattr(certificate_check, "check_certificate", counting)
    return made


def found(office: OfficeToTest, name: str) -> CertificateState:
    key = office.material.key(name)
    return certificate_check.check_certificate(key.certificate, trust_of(office.door("chairman")),
                                               others=key.other_certificates, online=False)


def test_what_was_found_a_moment_ago_counts_for_its_own_certificate_only(sqlite_office: OfficeToTest,
                                                                         looks: list[bool]) -> None:
    chairman, queue = queue_of(sqlite_office, 1)
    known, others = found(sqlite_office, "chairman"), found(sqlite_office, "agency")
    looks.clear()
    told: list[CertificateState] = []

    assert sign_queued(chairman, queue, sqlite_office.material.key("chairman"), known=others, online=True,
                       checked=lambda state: bool(told.append(state))) == []
    assert looks == [True] and told[0].certificate == known.certificate
    (result,) = sign_queued(chairman, queue, sqlite_office.material.key("chairman"), known=known)
    assert result.outcome is Outcome.RETURNED and looks == [True]


def test_what_was_found_long_ago_is_looked_for_again(sqlite_office: OfficeToTest, looks: list[bool]) -> None:
    known = found(sqlite_office, "agency")
    old = replace(known, checked_at=known.checked_at - certificate_care.FRESH)
    looks.clear()
    document = sqlite_office.signed("77").document.id
    clerk = sqlite_office.door("clerk")
    looks.clear()

    assert number_and_seal(clerk, document, sqlite_office.material.key("agency"), known=old,
                           checked=lambda state: False) is None
    assert looks == [False] and sqlite_office.view("clerk", document).document.state is State.SIGNED


def test_a_key_that_comes_back_after_long_is_looked_at_again(sqlite_office: OfficeToTest, looks: list[bool],
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    chairman, queue = queue_of(sqlite_office, 3)
    key = FailingKey(sqlite_office.material.key("chairman"), 1, removed)
    counting = certificate_check.check_certificate
    looks.clear()

    def revive(_trouble: object) -> FailingKey:
        monkeypatch.setattr(certificate_care, "FRESH", timedelta(0))     # days have gone by
        monkeypatch.setattr(certificate_check, "check_certificate", lambda *a, **k: revoked(counting(*a, **k)))
        return key

    results = sign_queued(chairman, queue, key, revive=revive)
    assert len(looks) == 2 and key.made == 1
    assert [each.outcome for each in results] == [Outcome.RETURNED, Outcome.PAUSED, Outcome.PAUSED]
    assert isinstance(results[1].trouble, CertificateRefused)

    (batch,) = unfinished_batches(chairman)         # read from the disk, as by a program that starts
    kept = words_of(next(each.trouble for each in batch.documents if each.trouble), Language.VIETNAMESE)
    assert "Đã bị thu hồi lúc 10:00 01/02/2026." in kept.explanation
    with pytest.raises(CertificateRefused):
        go_on(chairman, batch, key)
    assert key.made == 1


def test_all_that_is_against_a_certificate_is_said_in_the_readers_language(sqlite_office: OfficeToTest) -> None:
    state = revoked(found(sqlite_office, "chairman"))
    state = replace(state, findings=(replace(state.findings[0], verdict=Verdict.INVALID, code="dates_expired",
                                             facts={"not_after": "01/02/2026"}), *state.findings[1:]))
    refused = CertificateRefused.of(state)
    assert words_of(refused, Language.VIETNAMESE).explanation == \
        "Đã hết hạn ngày 01/02/2026. Đã bị thu hồi lúc 10:00 01/02/2026."
    assert "01/02/2026. " in words_of(refused, Language.ENGLISH).explanation
