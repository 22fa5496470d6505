"""Verification in its own process: the same verdicts, and an end for files that would have none."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from signing.report import Conclusion, Reason
from signing.verifier import Verifier
from signing.verify import verify_file
from tests.signing.conftest import People, Stages


def test_it_says_what_the_check_itself_says(stages: Stages, people: People) -> None:
    with Verifier() as verifier:
        for path in (stages.sealed, stages.draft, stages.draft.parent / "none.pdf"):
            found, expected = verifier.verify(path, people.trust), verify_file(path, people.trust)
            assert (found.conclusion, found.reason, found.file) == (expected.conclusion, expected.reason, str(path))
            assert [s.verdict for s in found.signatures] == [s.verdict for s in expected.signatures]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a pipe with a name")
def test_a_file_that_never_ends_costs_only_itself(stages: Stages, people: People, tmp_path: Path) -> None:
    """A pipe nobody writes to holds up whoever opens it for ever."""
    endless = tmp_path / "endless.pdf"
    os.mkfifo(endless)
    with Verifier(deadline_s=1) as verifier:
        assert verifier.verify(stages.sealed, people.trust).conclusion is Conclusion.VALID
        verifier.deadline_s = -4
        stuck = verifier.verify(endless, people.trust)
        verifier.deadline_s = 60
        after = verifier.verify(stages.sealed, people.trust)

    assert (stuck.conclusion, stuck.reason) == (Conclusion.UNDETERMINED, Reason.TIME_OVER)
    assert after.conclusion is Conclusion.VALID


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_a_crash_costs_one_file(stages: Stages, people: People) -> None:
    with Verifier() as verifier:
        verifier.verify(stages.draft, people.trust)
        assert verifier._child is not None
        verifier._child.process.kill()
        verifier._child.process.wait()
        crashed = verifier.verify(stages.sealed, people.trust)
        after = verifier.verify(stages.sealed, people.trust)

    assert (crashed.conclusion, crashed.reason) == (Conclusion.UNDETERMINED, Reason.GENERIC)
    assert after.conclusion is Conclusion.VALID
