"""Where no token is seen, what stands around the program is told."""

import sys

import pytest

from docclient.words import Language, has_words
from signing.tokens import surroundings
from signing.tokens.surroundings import Hint, hints


@pytest.fixture
def plain(tmp_path, monkeypatch):
    """A machine with a running card service and no sandbox."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(surroundings, "FLATPAK", tmp_path / "none")
    monkeypatch.setattr(surroundings, "CARD_SERVICE", tmp_path)
    monkeypatch.delenv("SNAP", raising=False)
    return tmp_path


def test_nothing_is_said_of_a_machine_in_order(plain):
    assert hints() == ()


def test_sandboxes_and_a_stopped_service_are_told(plain, monkeypatch):
    monkeypatch.setattr(surroundings, "FLATPAK", plain)
    monkeypatch.setattr(surroundings, "CARD_SERVICE", plain / "pcscd.comm")
    monkeypatch.setenv("SNAP", "/snap/docclient/1")
    assert hints() == (Hint.FLATPAK, Hint.SNAP, Hint.CARD_SERVICE_STOPPED)


@pytest.mark.parametrize("system", ["win32", "darwin"])
def test_other_systems_have_no_such_hints(plain, monkeypatch, system):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(surroundings, "CARD_SERVICE", plain / "none")
    assert hints() == ()


def test_every_hint_has_words():
    assert all(has_words(hint.words, language) for hint in Hint for language in Language)
