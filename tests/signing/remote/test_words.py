"""Every trouble with a signing service has words in both languages, whose blanks are facts that come."""

from __future__ import annotations

from string import Formatter

import pytest

from docclient.words import ErrorWords, Language, catalogue, has_words
from signing.errors import ExitCode, Trouble
from signing.remote import troubles
from signing.remote.provider import CredentialState, Stage
from signing.remote.secret import SecretKind

FACTS = {"provider", "host", "reason", "answer", "seconds", "certificate", "way", "ids", "address"}


def kinds() -> list[type[Trouble]]:
    return [kind for kind in vars(troubles).values() if isinstance(kind, type) and issubclass(kind, Trouble)
            and kind.__module__ == troubles.__name__ and kind.code != "trouble"]


@pytest.mark.parametrize("language", list(Language))
def test_every_trouble_says_what_happened_why_and_what_next(language):
    assert len(kinds()) > 18
    for kind in kinds():
        words = catalogue(language)[kind.code]
        assert isinstance(words, ErrorWords) and words.heading and words.explanation and words.advice, kind.code
        for text in (words.heading, words.explanation, words.advice):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= FACTS, kind.code


@pytest.mark.parametrize("language", list(Language))
def test_states_stages_and_secrets_have_words(language):
    wanted = [f"remote_stage.{one.value}" for one in Stage] + [f"remote_credential.{one.value}" for one in
                                                               CredentialState]
    wanted += [f"remote_secret.{one.value}" for one in SecretKind] + ["remote_provider.not_tried"]
    assert [code for code in wanted if not has_words(code, language)] == []


def test_no_two_share_a_code_and_each_ends_with_the_right_exit_code():
    codes = [kind.code for kind in kinds()]
    assert len(codes) == len(set(codes))
    assert troubles.RemoteUnreachable.exit_code is ExitCode.SERVICE
    assert troubles.RemoteRefusedByPerson.exit_code is ExitCode.KEY
    assert troubles.AddressNotSecure.exit_code is ExitCode.WRONG_USE
