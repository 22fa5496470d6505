"""Each way a scan can end is its own, with its own sentence in each language."""

from __future__ import annotations

import pytest

from docclient.capture.sources import troubles
from docclient.capture.sources.troubles import ScannerTrouble
from docclient.words import Language, words_of

OUTCOMES = (troubles.FeederEmpty, troubles.PaperJam, troubles.CoverOpen, troubles.ScannerOffline, troubles.ScannerBusy,
            troubles.ScanStopped, troubles.ScannerDenied)


@pytest.mark.parametrize("language", list(Language))
def test_each_outcome_has_its_own_sentence_and_advice(language: Language):
    said = [words_of(kind(source="escl://may-quet", reason="ConnectTimeout"), language) for kind in OUTCOMES]
    assert len({each.heading for each in said}) == len(OUTCOMES)
    assert len({each.advice for each in said}) == len(OUTCOMES) and all(each.advice for each in said)


def test_each_is_a_type_of_its_own_and_tells_a_service_from_a_fault_of_ours():
    assert len({kind.code for kind in OUTCOMES}) == len(OUTCOMES)
    assert all(issubclass(kind, ScannerTrouble) for kind in OUTCOMES)
