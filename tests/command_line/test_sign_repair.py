"""`docclient sign --repair`: the repaired copy is signed and told; what may not be repaired fails its own item."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from docclient.demonstration.authority import Authority
from tests.running import docclient
from tests.signing import odd_files
from tests.signing.drafts import write_draft

PASSWORD = "x"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    authority = Authority.make("Ban Cơ yếu thử nghiệm")
    authority.save(tmp_path / "trust")
    authority.issue_person("Nguyễn Thị Phương Thảo").save_pkcs12(tmp_path / "l.p12", PASSWORD.encode())
    return tmp_path


def sign(folder: Path, *arguments: object) -> tuple[int, Any]:
    os.environ["TEST_PIN"] = PASSWORD
    ran = docclient("sign", *arguments, "--out", folder / "out", "--p12", folder / "l.p12", "--pin-env", "TEST_PIN",
                    "--trust", folder / "trust", "--crl", folder / "trust", "--json")
    return ran.code, ran.answer


def test_each_file_is_repaired_or_refused_for_itself(folder: Path) -> None:
    draft = write_draft(folder / "draft.pdf")
    files = [odd_files.broken_table(draft, folder / "table.pdf"), odd_files.locked(draft, folder / "locked.pdf"),
             odd_files.locked(draft, folder / "forbidden.pdf", change=False), odd_files.hybrid(draft, folder / "h.pdf"),
             draft]
    before = [file.read_bytes() for file in files]

    code, found = sign(folder, *files)
    assert [item["error"] and item["error"]["code"] for item in found["items"]] == [
        "pdf.damaged", "pdf.restricted", "pdf.restricted", None, None]
    assert found["items"][3]["warnings"] == ["hybrid_references"]

    code, found = sign(folder, *files, "--repair")
    assert code == 6
    assert [item["input"] for item in found["items"]] == [str(file) for file in files]
    assert [(item["state"], item["warnings"]) for item in found["items"]] == [
        ("signed", ["repaired_cross_references"]), ("signed", ["repaired_restrictions"]), ("failed", []),
        ("signed", ["repaired_hybrid_references"]), ("signed", [])]
    assert found["items"][2]["error"]["code"] == "repair.not_permitted"
    assert [file.read_bytes() for file in files] == before
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["draft.pdf", "h.pdf", "locked.pdf", "table.pdf"]


def test_with_a_kept_batch_the_copies_go_when_it_is_over(folder: Path) -> None:
    odd = odd_files.locked(write_draft(folder / "draft.pdf"), folder / "locked.pdf")
    code, _ = sign(folder, odd, "--repair", "--keep", folder / "kept")

    assert code == 0 and not (folder / "kept").exists() and not (folder / "kept-repaired").exists()
