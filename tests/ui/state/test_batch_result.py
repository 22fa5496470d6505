"""What a round is told as: what this run did and what an earlier one had done, apart."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from docclient.desk.signing_results import Outcome, SigningResult
from docclient.office.model import DocumentId
from docclient.words import Language
from signing.tokens.troubles import TokenRemoved
from ui.state.batch_result import BatchShown, Earlier, Named
from ui.texts import Texts

pytestmark = pytest.mark.window
A, B, C, D = (DocumentId(name) for name in "abcd")
NAMES = {document: Named(f"Công văn {document}") for document in (A, B, C, D)}


def shown(texts: Texts, earlier: Earlier | None) -> BatchShown:
    results = [SigningResult(A, Outcome.RETURNED), SigningResult(B, Outcome.RETURNED),
               SigningResult(C, Outcome.RETURNED), SigningResult(D, Outcome.PAUSED, trouble=TokenRemoved(token="T"))]
    return BatchShown.of(results, NAMES, datetime(2026, 3, 5, tzinfo=UTC), texts, earlier)


@pytest.mark.parametrize("language", list(Language))
def test_a_first_run_speaks_of_no_other(language: Language) -> None:
    texts = Texts(language)
    told = shown(texts, None)
    assert (told.signed, told.earlier, told.left) == (3, 0, 1)
    assert {row.word for row in told.rows[:3]} == {texts("queue.signed")} and not any(row.said for row in told.rows[:3])
    assert texts("batch_result.earlier") not in told.summary(texts)


@pytest.mark.parametrize("language", list(Language))
def test_what_the_key_had_signed_before_is_no_work_of_this_run(language: Language) -> None:
    texts = Texts(language)
    told = shown(texts, Earlier(given=frozenset({A}), signed=frozenset({B})))
    assert (told.signed, told.earlier, told.left) == (3, 2, 1)
    assert [row.earlier for row in told.rows] == [True, True, False, False]
    assert [row.word for row in told.rows[:3]] == [texts("batch_result.earlier")] * 2 + [texts("queue.signed")]
    assert [row.said for row in told.rows[:3]] == ["", texts("batch_result.handed_over"), ""]
    assert told.summary(texts) == texts("batch_result.summary_went_on", total=4, signed=1, earlier=2, failed=0, left=1)


def test_what_was_signed_before_and_still_cannot_be_saved_counts_as_not_done() -> None:
    texts = Texts(Language.VIETNAMESE)
    told = shown(texts, Earlier(signed=frozenset({D})))
    assert told.earlier == 0 and not told.rows[3].earlier and told.rows[3].reason
