"""Scanners among what `docclient doctor` looks at: told like other programs, and no machine fails for want of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from docclient.tools import health, scanimage
from docclient.tools.health import State
from docclient.words import Language


def found(language: Language = Language.VIETNAMESE) -> health.Check:
    (check,) = health._scanners(language)
    assert check.name == "sane" and check.holds
    return check


def test_sane_is_told_with_its_version() -> None:
    check = found()
    assert check.state is State.OK and (scanimage.version() or "?") in check.detail


@pytest.mark.parametrize("language", list(Language))
def test_without_sane_its_package_is_named(monkeypatch: pytest.MonkeyPatch, language: Language) -> None:
    monkeypatch.setattr("docclient.tools.running.Program.find", lambda self: None)
    check = found(language)
    assert check.state is State.MISSING and "sane-utils" in (check.advice or "")


def test_a_sane_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    silent = tmp_path / "scanimage"
    silent.write_text("#!/bin/sh\nexit 0\n")
    silent.chmod(0o755)
    monkeypatch.setattr("docclient.tools.running.Program.find", lambda self: silent)
    assert found().state is State.FAILED


def test_elsewhere_scanners_are_reached_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "win32")
    assert list(health._scanners(Language.VIETNAMESE)) == []
