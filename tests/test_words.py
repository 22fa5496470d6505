"""Everything the program can say is there in both languages: errors in three parts, offers, states, fields."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from string import Formatter

import pytest

import docclient
import signing
from docclient.errors import Trouble
from docclient.office.deadlines import Timeliness
from docclient.office.door import AskKind
from docclient.office.errors import Why
from docclient.office.findings import Lie
from docclient.office.model import Channel, FileKind, Flow, HandlerRole, Role, State, Step, Urgency, WaitKind
from docclient.office.registry import asks_of, registry
from docclient.words import ErrorWords, Language, catalogue, has_words

LANGUAGES = list(Language)
CHILD_PROGRAMS = {"signing.tokens.child", "signing.verifier_child", "docclient.__main__"}


def load_everything() -> None:
    for package in (signing, docclient):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if module.name not in CHILD_PROGRAMS and ".migrations" not in module.name:
                import_module(module.name)


def troubles() -> list[type[Trouble]]:
    load_everything()
    found, rest = [], [Trouble]
    while rest:
        for each in rest.pop().__subclasses__():
            rest.append(each)
            if "code" in vars(each) and each.__module__.partition(".")[0] in {"signing", "docclient"}:
                found.append(each)
    return found


def test_every_trouble_has_heading_explanation_and_advice():
    missing = []
    for each in troubles():
        for language in LANGUAGES:
            words = catalogue(language).get(each.code)
            if not isinstance(words, ErrorWords) or not words.heading or not words.advice:
                missing.append(f"{language.value}: {each.code} ({each.__name__})")
    assert not missing, missing


def test_both_languages_say_the_same_things():
    vietnamese, english = (catalogue(language) for language in LANGUAGES)
    assert vietnamese.keys() == english.keys()


def test_both_languages_have_the_same_blanks():
    different = [code for code, text in catalogue(Language.VIETNAMESE).items()
                 if blanks(text) != blanks(catalogue(Language.ENGLISH)[code])]
    assert not different


def blanks(text: str | ErrorWords) -> set[str]:
    whole = text if isinstance(text, str) else " ".join((text.heading, text.explanation, text.advice))
    return {name for _, name, _, _ in Formatter().parse(whole) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_office_offers_and_tells_has_words(language: Language):
    codes = [f"{kind.__name__.lower()}.{member.name.lower()}" for kind in (Flow, State, Role, Urgency, Channel, Step)
             for member in kind]
    codes += [f"wait.{each.value}" for each in WaitKind] + [f"handler_role.{each.value}" for each in HandlerRole]
    codes += [f"timeliness.{each.value}" for each in Timeliness] + [f"file_kind.{each.value}" for each in FileKind]
    codes += [f"why.{each.value}" for each in Why] + [f"finding.{each.value}" for each in Lie]
    for rule in registry().rules.values():
        if rule.about_a_document:
            codes += [f"offer.{rule.name}", f"done.{rule.name}"]
            codes += [f"field.{ask.name}" for ask in asks_of(rule, {})]
            codes += [text for ask in asks_of(rule, {}) if ask.kind is AskKind.CHOICE for _, text in ask.choices]
    assert [code for code in codes if not has_words(code, language)] == []
