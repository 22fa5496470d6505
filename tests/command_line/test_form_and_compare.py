"""`docclient form` and `docclient compare`: answers, exit codes, words."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.form.letters import LETTER, write
from tests.running import docclient


def test_form_answers_for_each_file_and_the_worst_decides(tmp_path: Path):
    right = write(LETTER, tmp_path / "right.pdf")
    wrong = write(replace(LETTER, motto="Độc lập - Tự Do - Hạnh Phúc"), tmp_path / "wrong.pdf")
    finished = docclient("form", right, "--json")
    assert finished.code == 0 and json.loads(finished.output)["files"][0]["verdict"] == "good"
    (tmp_path / "broken.pdf").write_bytes(b"no PDF")
    finished = docclient("form", right, wrong, tmp_path / "broken.pdf", "--json")
    first, second, third = json.loads(finished.output)["files"]
    assert finished.code == 3 and first["verdict"] == "good" and third["error"]["code"]
    (finding,) = second["findings"]
    assert finding["code"] == "motto_words" and finding["page"] == 1 and finding["severity"] == "wrong"
    assert finding["box"][0] > 297 and finding["box_mm"][0] > 105 and "Phụ lục I" in finding["source"]
    finished = docclient("form", wrong)
    assert finished.code == 1 and "Tiêu ngữ" in finished.output


def test_form_compares_with_the_facts_that_are_given(tmp_path: Path):
    pdf = write(LETTER, tmp_path / "letter.pdf")
    finished = docclient("form", pdf, "--type", "Công văn", "--symbol", "UBND-KT", "--signer", "Lê Quang Đức", "--json")
    codes = {each["code"] for each in json.loads(finished.output)["files"][0]["findings"]}
    assert codes == {"number_symbol", "name_differs"} and finished.code == 1


def test_compare_tells_changes_and_that_nothing_else_changed(tmp_path: Path):
    before = write(LETTER, tmp_path / "before.pdf")
    after = write(replace(LETTER, name="Nguyễn Văn Hùng"), tmp_path / "after.pdf")
    finished = docclient("compare", before, after, "--json")
    said = json.loads(finished.output)
    assert finished.code == 1 and not said["same"]
    (change,) = said["changes"]
    assert (change["kind"], change["before"], change["after"]) == ("name", "Minh", "Hùng")
    assert said["no_other_change"]["words"] > 100 and said["no_other_change"]["dpi"] == 100
    finished = docclient("compare", before, before)
    assert finished.code == 0 and "Không có thay đổi nào" in finished.output
