"""The window's words: the same codes and blanks in both languages, and none that the code names and nobody wrote."""

from __future__ import annotations

import ast
from pathlib import Path
from string import Formatter

import pytest

import ui
from docclient.words import ErrorWords, Language, catalogue
from ui.texts import Texts

pytestmark = pytest.mark.window

UI = Path(ui.__file__).parent


def blanks(text: str | ErrorWords) -> set[str]:
    parts = (text.heading, text.explanation, text.advice) if isinstance(text, ErrorWords) else (text,)
    return {name for part in parts for _, name, _, _ in Formatter().parse(part) if name}


def window_codes(language: Language) -> dict[str, str | ErrorWords]:
    import tomllib
    from importlib import resources

    file = resources.files("resources") / "words" / language.value / "window.toml"
    return {f"{table}.{key}": catalogue(language)[f"{table}.{key}"]
            for table, entries in tomllib.loads(file.read_text(encoding="utf-8")).items() for key in entries}


def test_both_languages_say_the_same_things() -> None:
    vietnamese, english = window_codes(Language.VIETNAMESE), window_codes(Language.ENGLISH)
    assert set(vietnamese) == set(english)
    for code, text in vietnamese.items():
        assert blanks(text) == blanks(english[code]), code


def codes_named_in(file: Path) -> set[str]:
    """String literals given to `texts(...)`, `.good(...)`, `.news(...)` and the like."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        first = node.args[0]
        if called in {"texts", "_texts", "good", "news"} and isinstance(first, ast.Constant) \
                and isinstance(first.value, str):
            found.add(first.value)
    return found


@pytest.mark.parametrize("file", sorted(UI.rglob("*.py")), ids=lambda file: str(file.relative_to(UI)))
def test_every_code_that_the_window_names_has_words(file: Path, each_language: Texts) -> None:
    assert [code for code in codes_named_in(file) if not each_language.known(code)] == []
