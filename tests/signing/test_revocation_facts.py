"""Where the word on revocation came from and how fresh it is; who stamped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from signing.request import Level, SigningRequest
from signing.sign import sign_pdf
from signing.timestamps import TimestampService
from signing.trust import readable_name
from signing.verify import verify_file
from tests.signing.conftest import People, Stages
from tests.signing.services import Services, running_services


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with running_services(tmp_path_factory.mktemp("services") / "pki") as running:
        yield running


def test_a_list_given_locally_is_named_as_such(stages: Stages, people: People):
    for signature in verify_file(stages.sealed, people.trust).signatures:
        assert (signature.revocation, signature.revocation_source) == ("good", "given")
        assert signature.revocation_from is not None and signature.revocation_until is not None
        assert signature.revocation_from < datetime.now(UTC) < signature.revocation_until
        assert signature.timestamp_authority is None
        answer = signature.as_json()
        assert answer["revocation_source"] == "given" and answer["revocation_from"].endswith("+00:00")
    for signature in verify_file(stages.sealed, people.trust_without_lists).signatures:
        assert (signature.revocation, signature.revocation_source) == ("unreachable", None)


def test_what_lies_in_the_file_and_what_was_fetched(services: Services, stages: Stages, tmp_path: Path):
    def signed(level: Level) -> Path:
        return sign_pdf(stages.draft, tmp_path / f"{level}.pdf", services.key(), SigningRequest(
            level=level, trust=services.anchors, stamps=TimestampService((services.tsa,), deadline_s=20))).target

    lasting = signed(Level.B_LT)
    (stored,) = verify_file(lasting, services.anchors).signatures
    assert (stored.revocation, stored.revocation_source) == ("good", "embedded")
    assert stored.timestamp_authority == readable_name(services.certificate("tsa").subject)
    (fetched,) = verify_file(signed(Level.B_B), services.anchors, online=True).signatures
    assert (fetched.revocation, fetched.revocation_source) == ("good", "online")
    assert fetched.revocation_from is not None
    assert abs(datetime.now(UTC) - fetched.revocation_from) < timedelta(days=2)
