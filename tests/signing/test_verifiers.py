"""Many files at once: the answers in order, one bad file holds up none of the others."""

from __future__ import annotations

import threading
from pathlib import Path

from signing.report import Conclusion, Reason
from signing.verifiers import Verifiers
from tests.signing.conftest import People, Stages


def test_answers_come_in_the_order_asked(stages: Stages, people: People, tmp_path: Path):
    (tmp_path / "text.pdf").write_bytes(b"no PDF")
    paths = [stages.sealed, stages.draft, tmp_path / "text.pdf", stages.signed, tmp_path / "none.pdf"] * 2
    with Verifiers(processes=2) as verifiers:
        found = list(verifiers.verify(paths, people.trust))
        assert len(verifiers._all) == 2
    assert [each.file for each in found] == [str(path) for path in paths]
    assert [each.conclusion for each in found[:5]] == [
        Conclusion.VALID, Conclusion.UNSIGNED, Conclusion.UNREADABLE, Conclusion.VALID, Conclusion.UNREADABLE]
    assert found[2].reason is Reason.NOT_PDF and found[4].reason is Reason.NOT_READABLE


def test_one_file_starts_one_process(stages: Stages, people: People):
    with Verifiers() as verifiers:
        (found,) = verifiers.verify([stages.signed], people.trust)
        assert found.conclusion is Conclusion.VALID and len(verifiers._all) == 1
        # another trust for the same process: what was kept of the first does not answer for it
        (found,) = verifiers.verify([stages.signed], people.trust_without_lists)
        assert found.conclusion is Conclusion.UNDETERMINED


def test_it_stops_where_it_is_asked_to(stages: Stages, people: People):
    stop, seen = threading.Event(), []
    with Verifiers(processes=1) as verifiers:
        for report in verifiers.verify([stages.signed] * 6, people.trust, stop=stop):
            seen.append(report)
            stop.set()
    assert 1 <= len(seen) < 6
