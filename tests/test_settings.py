"""What a person chose survives, and a spoiled file keeps nobody from working."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from docclient.errors import FileNotReadable, PlaceTrouble
from docclient.settings import FILE_NAME, Settings, changed, load_settings, save_settings
from docclient.words import Language


@pytest.fixture(autouse=True)
def quiet_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"DOCCLIENT_{name.upper()}", raising=False)


def test_the_first_start_has_the_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none") == Settings()
    assert load_settings(tmp_path / "none").language is Language.VIETNAMESE


def test_what_was_saved_comes_back(tmp_path: Path) -> None:
    chosen = changed(Settings(), language="en", person="018f-1", text_points=13.0)
    save_settings(chosen, tmp_path / "new" / "folder")
    assert load_settings(tmp_path / "new" / "folder") == chosen


def test_the_environment_wins_for_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_settings(changed(Settings(), language="vi"), tmp_path)
    monkeypatch.setenv("DOCCLIENT_LANGUAGE", "en")
    assert load_settings(tmp_path).language is Language.ENGLISH


@pytest.mark.parametrize("content", ["{", "[]", "\x00\x01", '"text"'])
def test_a_spoiled_file_is_set_aside(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    assert load_settings(tmp_path) == Settings()


def test_one_wrong_setting_does_not_take_the_others_along(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(json.dumps(
        {"language": "klingon", "text_points": 13.0, "removed_long_ago": 1}), encoding="utf-8")
    assert load_settings(tmp_path) == changed(Settings(), text_points=13.0)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises((PlaceTrouble, FileNotReadable)):
        save_settings(Settings(), tmp_path / "file" / "folder")
