"""`docclient packet read | write | status` as another program sees them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from docclient.__main__ import app, load
from docclient.exchange.edxml_read import read_packet_file
from docclient.exchange.packet import DocumentPacket, Operation, StatusPacket
from signing.sign import Role, SigningRequest, sign_pdf
from tests.exchange.packets import HEADER, LETTER, SAMPLES, attachment, document, encoded, reference, sample
from tests.offices import Material

load("packets")
SCHEMAS = Path(__file__).parents[1] / "contracts" / "schemas"
READ = Draft202012Validator(json.loads((SCHEMAS / "packet-read.schema.json").read_text(encoding="utf-8")))


def run(*arguments: object, exit_code: int = 0) -> dict[str, Any]:
    """Run a packet command with --json; its one JSON document."""
    done = CliRunner().invoke(app, ["packet", *map(str, arguments), "--json"])
    assert done.exit_code == exit_code, done.output
    answer = json.loads(done.stdout)
    assert isinstance(answer, dict)
    return answer


def read(path: Path, *more: object, exit_code: int = 0) -> dict[str, Any]:
    answer = run("read", path, *more, exit_code=exit_code)
    READ.validate(answer)
    return answer


def specification(folder: Path, **changes: Any) -> Path:
    (folder / "letter.pdf").write_bytes(LETTER)
    described: dict[str, Any] = {
        "business": "new",
        "header": {
            "from": {"organ_id": "H99.01", "organ_name": "Văn phòng"},
            "to": [{"organ_id": "H99.02", "organ_name": "Sở Nội vụ"},
                   {"organ_id": "H99.03", "organ_name": "Sở Tài chính"}],
            "code": {"code_number": 12, "code_notation": "QĐ-VP"},
            "promulgation_info": {"place": "Hà Nội", "promulgation_date": "2026-01-31"},
            "document_type": {"type": 2, "type_name": "Quyết định"},
            "subject": "Về việc thử",
            "signer_info": {"competence": "TM.", "position": "Chủ tịch", "full_name": "(tên)"},
            "other_info": {"priority": 1, "appendixes": ["Phụ lục 1"]},
            "to_places": ["Như trên", "Lưu: VT"],
        },
        "attachments": [{"path": "letter.pdf", "name": "12-QĐ-VP.pdf", "description": "Văn bản chính"}],
    }
    described["header"] |= changes.pop("header", {})
    path = folder / "spec.json"
    path.write_text(json.dumps(described | changes), encoding="utf-8")
    return path


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.edxml")), ids=lambda path: path.name)
def test_samples_answer_by_the_schema(path: Path) -> None:
    answer = read(path)
    assert answer["format"] == "qcvn102"
    assert answer["damaged"] is False
    assert answer["kind"] == ("status" if path.name.startswith("status") else "document")


def test_a_document() -> None:
    answer = read(SAMPLES / "new.edxml")
    assert answer["business"] == "new"
    assert answer["header"]["from"]["organ_id"] == "000.00.00.A80"
    assert answer["header"]["code"] == {"code_number": "74fass22", "code_notation": "VPCP-TTĐT"}
    assert answer["header"]["promulgation_info"] == {"place": "Hà Nội", "promulgation_date": "2019/01/16"}
    assert answer["packet_signature"] == "not_verifiable"
    assert answer["status"] is None
    [file] = answer["attachments"]
    assert (file["size"], file["actual_type"], file["signatures"]) == (388347, "application/edxml+xml", None)
    assert [problem["code"] for problem in file["problems"]] == ["nested_packet", "name_and_type_differ"]


def test_a_status() -> None:
    answer = read(SAMPLES / "status-03-accepted.edxml")
    status = answer["status"]
    assert (status["code"], status["text"], status["time"]) == ("03", "Đã tiếp nhận", "2015-09-20T11:08:36+07:00")
    assert status["response_for"]["document_id"] == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"
    assert answer["header"]["response_for"] == [status["response_for"]]
    assert (answer["business"], answer["attachments"]) == (None, [])


def test_words_follow_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCCLIENT_LANGUAGE", "en")
    assert read(SAMPLES / "status-03-accepted.edxml")["status"]["text"] == "Accepted"


@pytest.mark.parametrize("name", ["new.edxml", "status-01-arrived.edxml"])
def test_for_a_person(name: str) -> None:
    done = CliRunner().invoke(app, ["packet", "read", str(SAMPLES / name)])
    assert done.exit_code == 0
    assert "000.00.00" in done.stdout
    assert ("Trích yếu" in done.stdout) == name.startswith("new")
    assert ("[nested_packet]" in done.stdout) == name.startswith("new")


def test_text_of_strangers_cannot_command_a_terminal(tmp_path: Path) -> None:
    path = tmp_path / "p.edxml"
    path.write_bytes(document(HEADER.replace("Về việc thử", "a\u202eb\u0085\u009b31m")))
    done = CliRunner().invoke(app, ["packet", "read", str(path)])
    assert not {"\u202e", "\u0085", "\u009b"} & set(done.stdout)


@pytest.mark.parametrize(("data", "code"), [
    (b"hello", "packet.not_xml"), (b"", "packet.not_xml"), (b"%PDF-1.4", "packet.not_xml"),
    (b"<a/>", "packet.not_a_packet")])
def test_what_is_no_packet_is_bad_input(tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "p.edxml"
    path.write_bytes(data)
    answer = run("read", path, exit_code=3)
    assert answer["error"]["code"] == code
    assert "p.edxml" in answer["error"]["message"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert run("read", tmp_path / "none.edxml", exit_code=3)["error"]["code"] == "file.not_readable"


def test_a_damaged_packet_answers_and_ends_with_three(tmp_path: Path) -> None:
    path = tmp_path / "p.edxml"
    path.write_bytes(sample("new-three-files.edxml")[:3000])
    answer = read(path, exit_code=3)
    assert answer["damaged"] is True
    assert answer["header"]["subject"] == "Local Aggregate Test"
    assert {problem["code"] for problem in answer["problems"]} >= {"structure_damaged", "reference_unmatched"}


def test_a_packet_of_an_older_format(tmp_path: Path) -> None:
    path = tmp_path / "p.xml"
    path.write_bytes(b'<EdXMLEnvelope xmlns="http://www.go.vn/eDoc"><MessageHeader><Subject>s</Subject></MessageHeader>'
                     b"</EdXMLEnvelope>")
    answer = read(path)
    assert (answer["format"], answer["attachments"]) == ("other", [])


def test_extracting_under_safe_names(tmp_path: Path) -> None:
    names = ["../a.pdf", "a.pdf", "A.PDF", "con", "x/y:z.pdf", "lost.pdf"]
    path = tmp_path / "p.edxml"
    path.write_bytes(document(
        references="".join(reference(name, content_id=str(number)) for number, name in enumerate(names)),
        attachments="".join(attachment(name, encoded(LETTER + name.encode()), content_id=str(number), content_type="")
                            for number, name in enumerate(names[:-1]))))
    out = tmp_path / "deep" / "out"
    answer = read(path, "--extract", out)
    written = [file["extracted"] for file in answer["attachments"]]
    assert [Path(file).name if file else None for file in written] == [
        "_a.pdf", "a.pdf", "A (2).PDF", "_con", "x_y_z.pdf", None]
    assert all(Path(file).parent == out for file in written if file)
    assert [Path(file).read_bytes() for file in written[:-1]] == [LETTER + name.encode() for name in names[:-1]]
    assert sorted(found.name for found in tmp_path.iterdir()) == ["deep", "p.edxml"]


def test_extracting_again_replaces_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "localA.txt").write_bytes(b"mine")
    for _ in range(2):
        answer = read(SAMPLES / "new-three-files.edxml", "--extract", out)
        assert [Path(file["extracted"]).name for file in answer["attachments"]] == [
            "localA (2).txt", "localB.txt", "localC.txt"]
    assert (out / "localA.txt").read_bytes() == b"mine"
    assert len(list(out.iterdir())) == 4


def test_extracting_into_what_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    answer = run("read", SAMPLES / "new-three-files.edxml", "--extract", tmp_path / "file" / "out", exit_code=3)
    assert answer["error"]["code"] == "folder.not_writable"


def test_a_packet_with_a_secrecy_level_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "p.edxml"
    path.write_bytes(document(HEADER + "<edXML:Secret>1</edXML:Secret>"))
    answer = read(path, "--extract", tmp_path / "out")
    assert answer["refused"] is True
    assert [problem["code"] for problem in answer["problems"]] == ["secrecy_level"]
    assert not (tmp_path / "out").exists()


def test_signatures_of_pdfs_inside(tmp_path: Path, material: Material) -> None:
    signed, path = tmp_path / "signed.pdf", tmp_path / "p.edxml"
    sign_pdf(material.draft, signed, material.key("sender"), SigningRequest(Role.PLAIN))
    anchor, crls = tmp_path / "anchor.pem", []
    anchor.write_bytes(material.authority.anchor)
    for number, crl in enumerate(material.authority.crl()):
        (tmp_path / f"{number}.crl").write_bytes(crl)
        crls += ["--crl", tmp_path / f"{number}.crl"]
    path.write_bytes(document(
        references=reference("signed.pdf") + reference("plain.pdf", content_id="f2"),
        attachments=attachment("signed.pdf", encoded(signed.read_bytes()), content_type="application/pdf")
        + attachment("plain.pdf", encoded(material.draft.read_bytes()), content_id="f2", content_type="")))
    first, second = read(path, "--trust", anchor, *crls)["attachments"]
    [signature] = first["signatures"]
    assert (signature["verdict"], first["verification"]["conclusion"]) == ("valid", "valid")
    assert "Sở Nội vụ tỉnh" in signature["signer"]
    assert (second["signatures"], second["verification"]["conclusion"]) == ([], "unsigned")
    nobody, _ = read(path)["attachments"]
    assert nobody["verification"]["conclusion"] == "undetermined"


def test_writing_and_reading_back(tmp_path: Path) -> None:
    out = tmp_path / "out" / "packet.edxml"
    answer = run("write", specification(tmp_path), "--out", out)
    assert answer["document_id"] == "H99.01,2026/01/31,12/QĐ-VP"
    assert (answer["business"], answer["kind"]) == ("new", "document")
    assert answer["size"] == out.stat().st_size
    packet = read_packet_file(out)
    assert isinstance(packet, DocumentPacket)
    assert packet.problems == ()
    assert packet.header.code is not None
    assert packet.header.code.text == "12/QĐ-VP"
    assert packet.header.promulgation_info is not None
    assert packet.header.promulgation_info.promulgation_date == "2026/01/31"
    assert packet.header.to_places == ("Như trên", "Lưu: VT")
    assert [(file.name, file.content, file.description) for file in packet.attachments] == [
        ("12-QĐ-VP.pdf", LETTER, "Văn bản chính")]
    described = read(out)
    again = specification(tmp_path, header=described["header"])
    assert run("write", again, "--out", out)["document_id"] == answer["document_id"]


def test_an_existing_file_is_replaced_only_by_a_whole_one(tmp_path: Path) -> None:
    out = tmp_path / "packet.edxml"
    out.write_bytes(b"old")
    answer = run("write", specification(tmp_path, header={"subject": "a\x0bb"}), "--out", out, exit_code=3)
    assert answer["error"]["code"] == "packet.character_not_allowed"
    assert out.read_bytes() == b"old"
    run("write", specification(tmp_path), "--out", out)
    assert read_packet_file(out).problems == ()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["letter.pdf", "packet.edxml", "spec.json"]


def test_an_update_with_its_receivers(tmp_path: Path) -> None:
    out = tmp_path / "packet.edxml"
    run("write", specification(tmp_path, business="update", business_info={
        "document_id": "old", "business_doc_reason": "Sửa", "paper": True,
        "business_document_info": {"document_info": 1, "receiver_list": [{"organ_id": "H99.03", "receiver_type": 0}]},
        "replacement_info_list": [{"document_id": "older", "organ_id_list": ["H99.02"]}]}), "--out", out)
    packet = read_packet_file(out)
    assert isinstance(packet, DocumentPacket)
    business = packet.business
    assert business.operation is Operation.UPDATE
    assert business.paper_follows
    assert business.update is not None
    assert [(one.organ_id, one.receiver_type) for one in business.update.receivers] == [("H99.03", "0")]
    assert business.replacements[0].organ_ids == ("H99.02",)


def test_header_fields_may_stand_at_the_top(tmp_path: Path) -> None:
    path = specification(tmp_path)
    described = json.loads(path.read_text(encoding="utf-8"))
    flat = described.pop("header") | described | {"attachments": ["letter.pdf"]}
    path.write_text(json.dumps(flat), encoding="utf-8-sig")
    run("write", path, "--out", tmp_path / "p.edxml")
    packet = read_packet_file(tmp_path / "p.edxml")
    assert isinstance(packet, DocumentPacket)
    assert [file.name for file in packet.attachments] == ["letter.pdf"]


def test_the_example_of_the_documentation_works(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "packets.md").read_text(encoding="utf-8")
    (tmp_path / "spec.json").write_text(manual.split("```json\n")[1].split("```")[0], encoding="utf-8")
    for name in ("12-QD-VP.pdf", "phu-luc.pdf"):
        (tmp_path / name).write_bytes(LETTER)
    run("write", tmp_path / "spec.json", "--out", tmp_path / "p.edxml")
    assert len(read(tmp_path / "p.edxml")["attachments"]) == 2


@pytest.mark.parametrize(("changes", "code", "named"), [
    ({"header": {"subjekt": "x"}}, "packet.field_wrong", "header.subjekt"),
    ({"header": {"subject": None}}, "packet.field_missing", "subject"),
    ({"header": {"subject": ["x"]}}, "packet.field_wrong", "header.subject"),
    ({"header": {"to": "H99.02"}}, "packet.field_wrong", "header.to[0]"),
    ({"header": {"due_date": "mai"}}, "packet.field_wrong", "header.due_date"),
    ({"header": {"other_info": {"sphere_of_promulgation": "Tối mật"}}}, "packet.secret", ""),
    ({"business": "cancel"}, "packet.field_wrong", "business"),
    ({"attachments": [{"name": "x"}]}, "packet.specification_wrong", "attachments[0].path"),
    ({"attachments": [{"path": "letter.pdf", "size": 1}]}, "packet.specification_wrong", "attachments[0]"),
    ({"attachments": {}}, "packet.specification_wrong", "attachments"),
    ({"attachments": []}, "packet.field_missing", "attachments"),
    ({"attachments": ["none.pdf"]}, "file.not_readable", "none.pdf"),
    ({"extra": 1}, "packet.specification_wrong", "extra"),
])
def test_descriptions_that_cannot_be_used(tmp_path: Path, changes: dict[str, Any], code: str, named: str) -> None:
    answer = run("write", specification(tmp_path, **changes), "--out", tmp_path / "p.edxml",
                 exit_code=6 if code == "packet.secret" else 3)
    assert answer["error"]["code"] == code
    assert named in answer["error"]["message"]
    assert not (tmp_path / "p.edxml").exists()


@pytest.mark.parametrize("text", ["", "[]", "{", "\xff", "[" * 100_000, '{"a": 1'])
def test_descriptions_that_are_no_json(tmp_path: Path, text: str) -> None:
    path = tmp_path / "spec.json"
    path.write_bytes(text.encode("latin-1"))
    assert run("write", path, "--out", tmp_path / "p", exit_code=3)["error"]["code"] == "packet.specification_wrong"


def test_a_status_for_a_packet(tmp_path: Path) -> None:
    out = tmp_path / "status.edxml"
    answer = run("status", SAMPLES / "replace.edxml", "--code", "03", "--from", "000.00.00.H41", "--name", "UBND tỉnh",
                 "--staff", "(tên)", "--out", out)
    assert (answer["kind"], answer["status"], answer["recipient"]) == ("status", "03", "000.00.00.G22")
    packet = read_packet_file(out)
    assert isinstance(packet, StatusPacket)
    assert packet.response_for.document_id == "000.00.00.G22,2015/09/30,7816/VPCP-TTĐT"
    assert packet.header.staff_info is not None
    assert packet.problems == ()
    assert read(out)["status"]["text"] == "Đã tiếp nhận"


def test_taking_back_from_one_of_several(tmp_path: Path) -> None:
    out = tmp_path / "status.edxml"
    answer = run("status", SAMPLES / "replace.edxml", "--code", "13", "--from", "000.00.00.G22", "--name", "VPCP",
                 "--to", "000.00.00.h14", "--reason", "Gửi nhầm", "--out", out)
    assert answer["recipient"] == "000.00.00.H14"


@pytest.mark.parametrize(("path", "more", "exit_code", "code"), [
    ("new.edxml", ["--code", "02"], 2, "packet.reason_needed"),
    ("new.edxml", ["--code", "08"], 2, "packet.status_not_known"),
    ("new.edxml", ["--code", "13", "--reason", "x", "--to", "nobody"], 3, "packet.field_wrong"),
    ("status-01-arrived.edxml", ["--code", "03"], 3, "packet.not_a_document"),
])
def test_statuses_that_cannot_be_given(tmp_path: Path, path: str, more: list[str], exit_code: int, code: str) -> None:
    out = tmp_path / "status.edxml"
    answer = run("status", SAMPLES / path, *more, "--from", "A", "--name", "B", "--out", out, exit_code=exit_code)
    assert answer["error"]["code"] == code
    assert not out.exists()
