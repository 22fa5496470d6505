"""Zero forgeries called valid, zero honest files called invalid; the score is kept in docs/verification-score.md."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from signing.report import Conclusion, Reason, Verdict
from tests.attacks.cases import Forgery, Honest
from tests.attacks.material import Material
from tests.attacks.score import FORGERIES, HONEST, WHY, Result, examined, table_of

PAGE = Path(__file__).parents[2] / "docs" / "verification-score.md"
LONGEST_S = 10.0
"""Processor seconds for one small file; on an idle machine it is a tenth of a second."""


@pytest.fixture(scope="session")
def results(material: Material) -> dict[str, Result]:
    return {}


def result_of(case: Forgery | Honest, material: Material, results: dict[str, Result]) -> Result:
    if case.name not in results:
        results[case.name] = examined(material, case)
    return results[case.name]


def test_there_are_enough_and_every_name_is_its_own() -> None:
    assert len(FORGERIES) >= 40 and len(HONEST) >= 40
    names = [case.name for case in (*FORGERIES, *HONEST)]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", FORGERIES, ids=lambda case: case.name)
def test_a_forgery_gets_a_verdict_with_a_reason_and_never_valid(case: Forgery, material: Material,
                                                                results: dict[str, Result]) -> None:
    begun = time.process_time()
    report = result_of(case, material, results).report

    assert report.conclusion in {Conclusion.INVALID, Conclusion.UNDETERMINED}
    assert report.reason not in {None, Reason.PASSED, Reason.GENERIC}
    assert time.process_time() - begun < LONGEST_S


@pytest.mark.parametrize("case", HONEST, ids=lambda case: case.name)
def test_an_honest_file_gets_the_verdict_its_bytes_deserve(case: Honest, material: Material,
                                                           results: dict[str, Result]) -> None:
    report = result_of(case, material, results).report

    assert (report.conclusion, report.reason) == (case.conclusion, case.reason)
    assert all(s.intact and s.signer for s in report.signatures if s.verdict is not Verdict.INVALID)
    assert all(change.allowed for s in report.signatures for change in s.changes_after)
    told = {*report.warnings, *(remark for s in report.signatures for remark in s.warnings)}
    assert not case.remark or case.remark in told


def test_the_page_is_up_to_date(material: Material, results: dict[str, Result]) -> None:
    found = [result_of(case, material, results) for case in (*FORGERIES, *HONEST)]
    page = table_of(found)
    sys.stdout.write(page)
    if any(result.other == "?" for result in found):
        pytest.skip("pdfsig is not installed")
    assert all((r.ours, r.other) in WHY for r in found if not r.agrees)
    if os.environ.get("WRITE_SCORE"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "run `make score`"
