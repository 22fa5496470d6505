"""`docclient digitise` and `docclient doctor` as another program sees them: one JSON document, an exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from docclient.tools import health
from docclient.tools.health import Check, State, check_all
from docclient.words import Language
from tests.capture.letters import COMMUNE_DECISION, render, render_pdf
from tests.tools.programs import put_before

SCHEMAS = Path(__file__).parents[1] / "contracts" / "schemas"


def schema(name: str) -> dict[str, object]:
    return dict(json.loads((SCHEMAS / f"{name}.schema.json").read_text()))


def docclient(*arguments: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "docclient", *map(str, arguments)], capture_output=True, text=True,
                          env={**os.environ, "DOCCLIENT_LANGUAGE": "vi", **settings}, check=False)


def test_digitise_answers_with_one_json_document(tmp_path):
    (tmp_path / "letter.pdf").write_bytes(render_pdf(COMMUNE_DECISION))
    done = docclient("digitise", tmp_path / "letter.pdf", "--out", tmp_path / "out.pdf", "--json")
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, schema("digitise"))
    assert (done.returncode, done.stderr) == (0, "")
    assert answer["fields"]["code_number"]["value"] == "127"
    assert answer["pdf"]["pdfa"] == "2B"
    assert Path(answer["file"]).is_file()


def test_digitise_in_words(tmp_path):
    (tmp_path / "letter.pdf").write_bytes(render_pdf(COMMUNE_DECISION))
    done = docclient("digitise", tmp_path / "letter.pdf", "--out", tmp_path / "out.pdf")
    assert done.returncode == 0
    assert "Ký hiệu: QĐ-UBND" in done.stdout
    english = docclient("digitise", tmp_path / "letter.pdf", "--out", tmp_path / "out.pdf", DOCCLIENT_LANGUAGE="en")
    assert "Symbol: QĐ-UBND" in english.stdout


@pytest.mark.parametrize(("make", "code", "exit_code"), [
    (lambda file: file.write_bytes(b"not a picture"), "capture.not_an_image", 3),
    (lambda file: None, "file.not_readable", 3),
    (lambda file: render(COMMUNE_DECISION, 100)[0].save(file, "JPEG") or file.write_bytes(file.read_bytes()[:9000]),
     "capture.image_damaged", 3),
])
def test_bad_input_is_one_sentence_and_an_exit_code(tmp_path, make, code, exit_code):
    make(tmp_path / "page.png")
    done = docclient("digitise", tmp_path / "page.png", "--out", tmp_path / "out.pdf", "--json")
    error = json.loads(done.stdout)["error"]
    assert (error["code"], done.returncode) == (code, exit_code)
    assert error["message"]
    assert error["advice"]
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.pdf").exists()


def test_no_input_and_no_out_are_wrong_use(tmp_path):
    assert docclient("digitise", "--out", tmp_path / "out.pdf", "--json").returncode == 2
    assert docclient("digitise", tmp_path / "page.png", "--json").returncode == 2


def test_doctor_answers_with_one_json_document():
    done = docclient("doctor", "--json")
    answer = json.loads(done.stdout)
    jsonschema.validate(answer, schema("doctor"))
    names = {check["name"] for check in answer["checks"]}
    assert {"clock", "disk:data", "fonts", "tesseract", "tesseract:vie", "tesseract:osd", "libreoffice", "window",
            "pkcs11"} <= names
    assert answer["ok"] == (done.returncode == 0)
    assert answer["ok"]
    assert all(check["advice"] for check in answer["checks"] if check["state"] in {"missing", "failed"})


def test_doctor_says_what_is_missing_and_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(health.importlib.util, "find_spec", lambda name: None)
    found = {check.name: check for check in check_all(Language.ENGLISH)}
    assert (found["tesseract"].state, found["libreoffice"].state) == (State.MISSING, State.MISSING)
    assert "tesseract-ocr" in str(found["tesseract"].advice)
    assert not found["tesseract"].holds
    assert found["window"].state is State.MISSING
    assert found["window"].holds                            # the command line works without a window


@pytest.mark.skipif(sys.platform == "win32", reason="the program that hangs is a POSIX script")
def test_a_program_that_does_not_answer_and_one_without_vietnamese(monkeypatch, tmp_path):
    put_before(monkeypatch, tmp_path, "soffice", "sys.exit(1)")
    put_before(monkeypatch, tmp_path, "tesseract", "print('tesseract 5.3.0' if '--version' in sys.argv else 'osd')")
    found = {check.name: check.state for check in check_all(Language.VIETNAMESE)}
    assert found["libreoffice"] is State.FAILED
    assert (found["tesseract"], found["tesseract:vie"], found["tesseract:osd"]) == (
        State.OK, State.MISSING, State.OK)


def test_a_clock_before_the_programs_own_making_is_wrong():
    from datetime import UTC, datetime

    (check,) = health._clock(Language.ENGLISH, datetime(2019, 1, 1, tzinfo=UTC))
    assert check.state is State.FAILED
    assert "2019-01-01" in check.detail


def test_one_check_that_breaks_does_not_hide_the_others(monkeypatch):
    def broken(language):
        raise RuntimeError("odd machine")

    monkeypatch.setattr(health, "_fonts", broken)
    found = {check.name: check for check in check_all(Language.ENGLISH)}
    assert found["fonts"].state is State.FAILED
    assert "clock" in found
    assert isinstance(found["fonts"], Check)
