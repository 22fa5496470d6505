"""Every code of this area has its words in both languages, and their blanks are facts that come."""

from string import Formatter

import pytest

from docclient.command_line import pin as pin_module
from docclient.command_line import token_pins, tokens
from docclient.words import ErrorWords, Language, catalogue, has_words
from signing import certificates
from signing.errors import Trouble
from signing.tokens import troubles
from signing.tokens.listing import PinState
from signing.tokens.modules import State
from signing.tokens.probe import Asks, Manner

FACTS = {"module", "found", "needed", "reason", "how", "seconds", "token", "serials", "function", "certificate", "ids",
         "not_before", "not_after", "key", "scheme", "digest", "file", "number", "name", "least", "greatest"}


def kinds() -> list[type[Trouble]]:
    modules = (troubles, certificates, pin_module, tokens, token_pins)
    found = [kind for module in modules for kind in vars(module).values()
             if isinstance(kind, type) and issubclass(kind, Trouble) and kind.__module__ == module.__name__]
    return [kind for kind in found if kind.code != "trouble"]


@pytest.mark.parametrize("language", list(Language))
def test_every_trouble_says_what_happened_why_and_what_next(language):
    assert len(kinds()) > 30
    for kind in kinds():
        words = catalogue(language)[kind.code]
        assert isinstance(words, ErrorWords), kind.code
        assert words.heading and words.advice, kind.code
        for text in (words.heading, words.explanation, words.advice):
            assert {name for _, name, _, _ in Formatter().parse(text) if name} <= FACTS, kind.code


def test_no_two_troubles_share_a_code():
    codes = [kind.code for kind in kinds()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("language", list(Language))
def test_states_reasons_and_advice_have_words(language):
    advice = {state.value for state in State} - {"ok"} | {
        "missing_library", "provider_shell", "no_token", "token_not_initialised", "token_unreadable", "pin_locked",
        "no_certificate"}
    wanted = [f"module_state.{state.value}" for state in State] + [f"module_advice.{one}" for one in advice]
    wanted += [Manner(asks, certain, None).words for asks in Asks for certain in (True, False)
               if certain or asks is not Asks.NO_MORE]
    wanted += [f"pin_state.{state.value}" for state in PinState] + [why.words for why in certificates.WhyNot]
    assert [code for code in wanted if not has_words(code, language)] == []
