"""`docclient demo` plays the whole job; what it leaves is looked at with other people's programs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from jsonschema import Draft202012Validator

from docclient.demonstration.playing import FolderNotEmpty, play
from docclient.exchange.edxml_read import read_packet_file
from docclient.exchange.packet import DocumentPacket, StatusPacket
from docclient.office.checking import check_office
from docclient.office.engine import OfficeEngine
from docclient.store.place import place
from signing.report import Conclusion
from signing.trust import TrustStore
from signing.verify import verify_file
from tests.running import docclient

SCHEMA = Path(__file__).parent.parent / "contracts" / "schemas" / "demo-summary.schema.json"


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, run as a person would, in a process of its own."""
    folder = tmp_path_factory.mktemp("demo") / "out"
    ran = subprocess.run([sys.executable, "-m", "docclient", "demo", "--out", str(folder), "--json"],
                         capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert json.loads(ran.stdout)["ok"] is True
    return folder


@pytest.fixture(scope="module")
def summary(played: Path) -> dict[str, Any]:
    found = json.loads((played / "summary.json").read_text(encoding="utf-8"))
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(found)
    return found


@pytest.mark.slow
def test_every_step_held(summary: dict[str, Any]):
    assert all(step["ok"] for step in summary["steps"])
    assert summary["journal"]["verified"] is True
    assert {each["verdict"] for each in summary["signatures"]} == {"valid"}


@pytest.mark.slow
def test_what_it_leaves(played: Path, summary: dict[str, Any]):
    files = {each["path"]: each["what"] for each in summary["files"]}
    assert {"received.edxml", "received.pdf", "draft.docx", "prepared.pdf", "signed.pdf", "issued.pdf", "digitised.pdf",
            "register-incoming.pdf", "register-outgoing.pdf", "sent-document-H99.07.edxml",
            "sent-document-H99.edxml"} <= files.keys()
    assert {f"sent-status-{code}-H99.07.edxml" for code in ("01", "03", "04", "05", "06")} <= files.keys()
    assert sum(what == "screen" for what in files.values()) >= 5
    assert all((played / path).is_file() for path in files)


@pytest.mark.slow
def test_pdfsig_and_qpdf_agree_on_the_issued_pdf(played: Path):
    """Two other programs: both signatures valid, the structure sound."""
    said = subprocess.run(["pdfsig", "-nocert", str(played / "issued.pdf")], capture_output=True, text=True,
                          check=False).stdout
    assert re.findall(r"Signature Field Name: (\S+)", said) == ["LeaderSignature", "AgencySeal"]
    assert re.findall(r"Signature Validation: (.+)", said) == ["Signature is Valid."] * 2
    assert "Total document signed" in said
    checked = subprocess.run(["qpdf", "--check", str(played / "issued.pdf")], capture_output=True, text=True,
                             check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "No syntax or stream encoding errors" in checked.stdout


@pytest.mark.slow
def test_the_leaders_signature_was_changed_by_form_filling_only(played: Path):
    trust = TrustStore.load([played / "trust" / "root.pem", played / "trust" / "issuing.pem"], [played / "trust"],
                            standard=False)
    report = verify_file(played / "issued.pdf", trust)
    assert report.conclusion is Conclusion.VALID
    leader, agency = report.signatures
    kinds = {change.kind.value for change in leader.changes_after}
    assert "form_filling" in kinds
    assert kinds <= {"form_filling", "signature_added", "metadata_changed"}
    assert all(change.allowed for change in leader.changes_after)
    assert agency.covers_whole_file
    assert (played / "issued.pdf").read_bytes().startswith((played / "signed.pdf").read_bytes())


@pytest.mark.slow
def test_number_and_date_stand_on_the_issued_page(played: Path):
    fields = pypdf.PdfReader(played / "issued.pdf").get_fields() or {}
    assert fields["DocNumber"]["/V"] == "01"
    shown = subprocess.run(["pdftotext", "-layout", str(played / "issued.pdf"), "-"], capture_output=True, text=True,
                           check=True).stdout
    assert re.search(r"Số:\s+01\s+/UBND-KT", shown)


@pytest.mark.slow
def test_the_packets_say_what_happened(played: Path):
    sent = read_packet_file(played / "sent-document-H99.07.edxml")
    assert isinstance(sent, DocumentPacket)
    assert not sent.problems
    assert sent.header.code is not None
    assert sent.header.code.text == "01/UBND-KT"
    assert sent.attachments[0].content == (played / "issued.pdf").read_bytes()
    assert sent.header.response_for[0].code == "1245/SNV-VTLT"
    for code in ("01", "03", "04", "05", "06"):
        status = read_packet_file(played / f"sent-status-{code}-H99.07.edxml")
        assert isinstance(status, StatusPacket)
        assert status.header.status_code == code
        assert status.response_for.code == "1245/SNV-VTLT"


@pytest.mark.slow
def test_the_books_and_the_paper(played: Path):
    rows = list(openpyxl.load_workbook(played / "register-incoming.xlsx").active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert any(row[3] == "1245/SNV-VTLT" for row in rows)
    assert any(row[3] == "487/UBND-KT" for row in rows)
    text = subprocess.run(["pdftotext", str(played / "digitised.pdf"), "-"], capture_output=True, text=True,
                          check=True).stdout
    assert "Tân Bình" in text
    assert b"pdfaid:part" in (played / "digitised.pdf").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize(("statement", "kind", "where"), [
    ("UPDATE journal SET fields = '{}' WHERE number = 80", "edited", "journal entry 80"),
    ("DELETE FROM journal WHERE number = 81", "deleted", "journal entry 81"),
    ("UPDATE journal SET number = CASE number WHEN 80 THEN -82 WHEN 82 THEN -80 END WHERE number IN (80, 82)",
     "reordered", "journal entry 80"),
])
def test_office_check_names_what_was_done_to_the_journal(played: Path, tmp_path: Path, statement: str, kind: str,
                                                         where: str):
    shutil.copytree(played / "office", tmp_path / "office")
    assert docclient("office", "check", "--office", tmp_path / "office", "--json").code == 0
    engine = OfficeEngine.open(place(str(tmp_path / "office")))
    with engine.writing() as connection:
        connection.exec_driver_sql(statement)
        connection.exec_driver_sql("UPDATE journal SET number = -number WHERE number < 0")
    findings = check_office(engine).findings
    engine.close()
    assert (findings[0].kind.value, findings[0].where) == (kind, where)
    ran = docclient("office", "check", "--office", tmp_path / "office", "--json")
    assert ran.code == 1
    assert ran.answer["findings"][0]["where"] == where


def test_other_peoples_files_are_left_alone(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(FolderNotEmpty):
        play(tmp_path, lambda step: None)
    assert [each.name for each in tmp_path.iterdir()] == ["mine.txt"]
