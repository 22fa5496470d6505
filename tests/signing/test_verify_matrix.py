"""Level by revocation by time, against certomancer on loopback: what is known decides, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signing.report import Conclusion, Reason
from signing.request import Level, SigningRequest
from signing.sign import sign_pdf
from signing.timestamps import TimestampService
from signing.trust import NOBODY
from signing.verify import verify_file, verify_stream
from tests.signing.drafts import write_draft
from tests.signing.services import Services, running_services

NOW, LATER = timedelta(0), timedelta(days=10)
"""`short`'s certificate ends after a day; `revoked`'s was revoked a day ago; `withdrawn`'s will be in a day."""

VALID = Conclusion.VALID, Reason.PASSED
UNKNOWN = Conclusion.UNDETERMINED, Reason.TRY_LATER
ENDED = Conclusion.UNDETERMINED, Reason.OUT_OF_BOUNDS_NO_POE

MATRIX = {
    # signer, level, services reachable, judged for: verdict
    ("signer", Level.B_B, True, NOW): VALID,
    ("signer", Level.B_T, True, NOW): VALID,
    ("signer", Level.B_LT, True, NOW): VALID,
    ("signer", Level.B_LTA, True, NOW): VALID,
    ("signer", Level.B_B, False, NOW): UNKNOWN,
    ("signer", Level.B_T, False, NOW): UNKNOWN,
    ("signer", Level.B_LT, False, NOW): VALID,
    ("signer", Level.B_LTA, False, NOW): VALID,
    ("short", Level.B_B, False, LATER): ENDED,
    ("short", Level.B_T, False, LATER): ENDED,
    ("short", Level.B_LT, False, LATER): VALID,
    ("short", Level.B_LTA, False, LATER): VALID,
    ("revoked", Level.B_B, True, NOW): (Conclusion.INVALID, Reason.REVOKED),
    ("revoked", Level.B_T, True, NOW): (Conclusion.INVALID, Reason.REVOKED),
    ("revoked", Level.B_B, False, NOW): UNKNOWN,
    ("revoked", Level.B_T, False, NOW): UNKNOWN,
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as running:
        yield running


@pytest.fixture(scope="module")
def signed(services: Services, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, Level], Path]:
    folder = tmp_path_factory.mktemp("matrix")
    draft = write_draft(folder / "draft.pdf")
    return {(who, level): sign_pdf(draft, folder / f"{who}-{level}.pdf", services.key(who), SigningRequest(
        level=level, trust=services.anchors, stamps=TimestampService((services.tsa,), deadline_s=20))).target
        for who, level in dict.fromkeys((who, level) for who, level, _, _ in MATRIX)}


def _named(row: tuple[str, Level, bool, timedelta]) -> str:
    return f"{row[0]}-{row[1]}-{'online' if row[2] else 'alone'}-{row[3].days}d"


@pytest.mark.parametrize("row", MATRIX, ids=_named)
def test_the_verdict_follows_from_level_revocation_and_time(services: Services, signed: dict[tuple[str, Level], Path],
                                                            row: tuple[str, Level, bool, timedelta]) -> None:
    who, level, online, after = row
    services.requests.clear()
    at = datetime.now(UTC) + after if after else None
    report = verify_file(signed[who, level], services.anchors, at=at, online=online)
    first = report.signatures[0]

    assert (first.verdict.value, first.reason) == (MATRIX[row][0].value, MATRIX[row][1])
    assert first.intact and first.level == level.value
    assert (report.conclusion, report.reason) == MATRIX[row]
    assert online or services.requests == [], "the network was touched"


HOURS = timedelta(hours=1)

REVOKED_LATER = {
    # level, the time-stamp service's clock, judged two days after signing: verdict. Revoked after 24 hours.
    ("stamped at once", Level.B_T, timedelta(0)): VALID,
    ("stamped at once, archived", Level.B_LTA, timedelta(0)): VALID,
    ("stamped before", Level.B_T, 23 * HOURS): VALID,
    ("stamped after", Level.B_T, 25 * HOURS): (Conclusion.UNDETERMINED, Reason.REVOKED_NO_POE),
    ("never stamped", Level.B_B, timedelta(0)): (Conclusion.UNDETERMINED, Reason.REVOKED_NO_POE),
}
"""A stamp after the revocation proves nothing, yet the signer's own clock puts the signature before it: undetermined.
Where not even that does (`revoked` in the matrix above, stamped and signed after the revocation), it is invalid."""


@pytest.mark.parametrize("row", REVOKED_LATER, ids=lambda row: row[0])
def test_a_certificate_revoked_after_the_time_stamp_was_good_when_it_signed(
        services: Services, tmp_path: Path, row: tuple[str, Level, timedelta]) -> None:
    """Signed with real stamps now; looked at two days later, when the authority tells of the revocation."""
    _, level, ahead = row
    with services.clock.put_forward(ahead):
        path = sign_pdf(write_draft(tmp_path / "draft.pdf"), tmp_path / "signed.pdf", services.key("withdrawn"),
                        SigningRequest(level=level, trust=services.anchors, stamps=TimestampService(
                            (services.tsa,), deadline_s=20))).target
    begun = datetime.now(UTC)
    with services.clock.put_forward(2 * 24 * HOURS), path.open("rb") as stream:
        report = verify_stream(stream, path.name, services.anchors, begun + 2 * 24 * HOURS, online=True)
    first = report.signatures[0]

    assert (report.conclusion, report.reason) == REVOKED_LATER[row]
    assert (first.verdict.value, first.reason) == (REVOKED_LATER[row][0].value, REVOKED_LATER[row][1])
    assert first.intact
    if level is not Level.B_B:
        assert first.timestamp_time is not None and abs(first.timestamp_time - begun - ahead) < HOURS


def test_before_its_revocation_a_certificate_was_good(services: Services,
                                                      signed: dict[tuple[str, Level], Path]) -> None:
    """The revoked signer's file, judged for a moment before the revocation, as a person may ask."""
    before = datetime.now(UTC) - timedelta(days=2)
    report = verify_file(signed["revoked", Level.B_B], services.anchors, at=before, online=True)

    assert (report.conclusion, report.reason) == VALID


def test_an_unreachable_service_is_a_warning_and_undetermined(services: Services, signed: dict[tuple[str, Level], Path],
                                                              tmp_path: Path) -> None:
    with running_services(tmp_path / "gone") as gone:
        draft = write_draft(tmp_path / "draft.pdf")
        path = sign_pdf(draft, tmp_path / "a.pdf", gone.key(), SigningRequest()).target
        trust = gone.anchors.with_intermediates([gone.certificate("issuing").dump()])
    report = verify_file(path, trust, online=True)

    assert (report.conclusion, report.reason) == UNKNOWN
    assert report.signatures[0].revocation == "unreachable"
    assert "revocation_unreachable" in report.signatures[0].warnings


def test_an_unknown_authoritys_answers_count_for_nothing(signed: dict[tuple[str, Level], Path]) -> None:
    report = verify_file(signed["signer", Level.B_LTA], NOBODY, online=True)
    assert report.conclusion is Conclusion.UNDETERMINED
    assert report.signatures[0].reason is Reason.NO_CERTIFICATE_CHAIN_FOUND
