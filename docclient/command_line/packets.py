"""`docclient packet read | write | status`: edXML packets on files, without an office or a network."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, language
from docclient.errors import ExitCode
from docclient.exchange.content_types import PDF
from docclient.exchange.directory import same_code
from docclient.exchange.edxml_read import read_packet_file
from docclient.exchange.edxml_write import packet_pieces
from docclient.exchange.errors import FieldWrong, NotAnsweredByStatus
from docclient.exchange.extraction import extract as extract_files
from docclient.exchange.packet import (
    Attachment,
    DocumentPacket,
    Format,
    Organization,
    Packet,
    StaffInfo,
    StatusPacket,
)
from docclient.exchange.packet_json import packet_as_json
from docclient.exchange.packet_spec import packet_from_file
from docclient.exchange.sending import prepared_for_sending, status_for
from docclient.trusted_here import trust_of_command
from docclient.words import phrase
from signing.files import replacing
from signing.trust import TrustStore
from signing.verifier import Verifier

packet_commands = typer.Typer(help="Gói tin văn bản điện tử (edXML, QCVN 102:2016): đọc, ghi, báo trạng thái.",
                              no_args_is_help=True)

Out = Annotated[Path, typer.Option("--out", metavar="FILE",
                                   help="Tệp gói tin kết quả (.edxml); nếu đã có thì thay thế.")]


def register(app: typer.Typer) -> None:
    app.add_typer(packet_commands, name="packet")


@packet_commands.command()
@answering
def read(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Tệp gói tin.")],
    extract: Annotated[Path | None, typer.Option(
        "--extract", metavar="DIR", help="Lưu các tệp kèm theo vào thư mục này, dưới tên an toàn.")] = None,
    trust: Annotated[list[Path] | None, typer.Option(
        "--trust", metavar="PATH", help="Chứng thư được tin cậy thêm khi kiểm tra chữ ký (lặp lại được).")] = None,
    crl: Annotated[list[Path] | None, typer.Option(
        "--crl", metavar="PATH", help="Danh sách chứng thư bị thu hồi (lặp lại được).")] = None,
    as_json: Json = False,
) -> None:
    """Đọc gói tin: thông tin chung, tệp kèm theo, chữ ký số của từng tệp PDF và mọi điều bất thường.

    Gói tin bị hỏng vẫn được đọc phần còn lại và kết thúc với mã 3. Không tệp nào được tự mở.
    """
    packet = read_packet_file(file)
    store = trust_of_command(trust or (), crl or ())
    document = packet_as_json(packet, language())
    files = packet.attachments if isinstance(packet, DocumentPacket) else ()
    if extract is not None and not packet.refused:
        for described, path in zip(document["attachments"], extract_files(files, extract), strict=True):
            described["extracted"] = str(path) if path else None
    for described, verified in zip(document["attachments"], verify_files(files, store), strict=True):
        described |= verified
    code = ExitCode.BAD_INPUT if packet.damaged else ExitCode.GOOD
    answer(document, as_json=as_json, text=lambda: _in_words(packet, document), exit_code=code)


@packet_commands.command()
@answering
def write(
    specification: Annotated[Path, typer.Argument(metavar="SPEC", help="Tệp JSON mô tả gói tin.")],
    out: Out,
    as_json: Json = False,
) -> None:
    """Ghi gói tin văn bản từ tệp mô tả SPEC.

    SPEC là một đối tượng JSON: "header" (from, to, code, promulgation_info, document_type, subject, signer_info, …
    với tên trường như trong kết quả của packet read), "business" (new, revoke, update, replace), "business_info" khi
    cần, và "attachments": danh sách {"path", "name", "description"}, đường dẫn tính từ thư mục của SPEC. Mẫu đầy
    đủ: docs/packets.md.
    """
    packet = prepared_for_sending(packet_from_file(specification), datetime.now(UTC))
    described = _written(packet, out)
    described |= {"document_id": packet.header.document_id,
                  "business": packet.business.operation.value if packet.business.operation else None,
                  "attachments": [{"name": file.name, "size": file.size, "sha256": file.sha256,
                                   "actual_type": file.actual_type} for file in packet.attachments]}
    answer(described, as_json=as_json, text=lambda: phrase("packet_read.written", language(), **described))


@packet_commands.command()
@answering
def status(
    packet: Annotated[Path, typer.Argument(metavar="PACKET", help="Gói tin văn bản cần báo trạng thái.")],
    code: Annotated[str, typer.Option("--code", metavar="NN", help="Mã trạng thái: 01–06, 13, 15, 16.")],
    organ_id: Annotated[str, typer.Option(
        "--from", metavar="ORGANID", help="Mã định danh của cơ quan báo trạng thái.")],
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="Tên cơ quan báo trạng thái.")],
    out: Out,
    reason: Annotated[str, typer.Option(
        "--reason", metavar="TEXT", help="Nội dung kèm theo; bắt buộc là lý do với 02, 13 và 16.")] = "",
    to: Annotated[str, typer.Option(
        "--to", metavar="ORGANID", help="Với 13: bên nhận được yêu cầu trả lại văn bản.")] = "",
    staff: Annotated[str, typer.Option("--staff", metavar="NAME", help="Người thực hiện.")] = "",
    department: Annotated[str, typer.Option("--department", metavar="NAME", help="Bộ phận thực hiện.")] = "",
    as_json: Json = False,
) -> None:
    """Ghi gói tin trạng thái cho một gói tin văn bản đã nhận (hoặc đã gửi, với mã 13)."""
    document = read_packet_file(packet)
    if not isinstance(document, DocumentPacket) or document.format is not Format.QCVN102:
        raise NotAnsweredByStatus(file=packet.name)
    if to:
        receivers = tuple(receiver for receiver in document.header.to if same_code(receiver.organ_id, to))
        if not receivers:
            raise FieldWrong(field="to")
        document = replace(document, header=replace(document.header, to=receivers))
    who = StaffInfo(staff=staff, department=department) if staff or department else None
    answering_packet = status_for(document, code, Organization(organ_id=organ_id, organ_name=name), datetime.now(UTC),
                                  description=reason, staff=who)
    described = _written(answering_packet, out)
    described |= {"status": answering_packet.header.status_code, "document_id": document.header.document_id,
                  "recipient": answering_packet.response_for.organ_id}
    answer(described, as_json=as_json, text=lambda: phrase("packet_read.written", language(), **described))


def verify_files(files: tuple[Attachment, ...], trust: TrustStore) -> list[dict[str, Any]]:
    """For each file `signatures` and `verification`: null where it is no PDF, otherwise what its signatures prove."""
    answers: list[dict[str, Any]] = [{"signatures": None, "verification": None} for _ in files]
    pdfs = [(number, file.content) for number, file in enumerate(files)
            if file.actual_type == PDF and file.content is not None]
    if not pdfs:
        return answers
    with tempfile.TemporaryDirectory(prefix="docclient-") as folder, Verifier() as verifier:
        for number, content in pdfs:
            path = Path(folder) / f"{number}.pdf"
            path.write_bytes(content)
            report = verifier.verify(path, trust).as_json()
            path.unlink()
            answers[number]["signatures"] = report["signatures"]
            answers[number]["verification"] = {key: report[key]
                                               for key in ("conclusion", "reason", "checked_at", "warnings")}
    return answers


def _written(packet: Packet, out: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with replacing(out) as stream:
        for piece in packet_pieces(packet):
            digest.update(piece)
            size += len(piece)
            stream.write(piece)
    return {"file": str(out), "size": size, "sha256": digest.hexdigest(),
            "kind": "status" if isinstance(packet, StatusPacket) else "document"}


def _in_words(packet: Packet, document: dict[str, Any]) -> str:
    lines = [phrase(f"packet_format.{packet.format.value}", language())]
    if isinstance(packet, DocumentPacket):
        lines.append(phrase(f"packet_business.{document['business'] or 'unknown'}", language()))
    for verdict in ("damaged", "refused"):
        if document[verdict]:
            lines.append(phrase(f"packet_read.{verdict}", language()))
    lines += [f"  {phrase(f'packet_read.{code}', language())}: {value}"
              for code, value in _facts(packet, document) if value]
    if document["problems"]:
        lines.append(f"{phrase('packet_read.problems', language())}:")
        lines += [_problem_line(problem) for problem in document["problems"]]
    if document["attachments"]:
        lines.append(f"{phrase('packet_read.files', language())}:")
    for file in document["attachments"]:
        verification = file["verification"]
        verdict = f" · {verification['conclusion']}" if verification else ""
        lines.append(f"  {_plain(file['name'])} · {file['actual_type']} · {file['size']}{verdict}")
        lines += [f"  {_problem_line(problem)}" for problem in file["problems"]]
    return "\n".join(lines)


def _facts(packet: Packet, document: dict[str, Any]) -> list[tuple[str, str]]:
    header = packet.header
    facts = [("sender", _named(header.sender)), ("recipients", "; ".join(_named(receiver) for receiver in header.to))]
    if isinstance(packet, StatusPacket):
        told = document["status"]
        answered = packet.response_for
        facts += [("status", f"{told['code']} {told['text']}"), ("number", answered.code or ""),
                  ("document_id", answered.document_id or "")]
    else:
        described = packet.header
        issued = described.promulgation_info.promulgation_date if described.promulgation_info else None
        facts += [("number", described.code.text if described.code else ""), ("issued", issued or ""),
                  ("type", (described.document_type.type_name if described.document_type else None) or ""),
                  ("subject", described.subject or ""), ("document_id", described.document_id or "")]
    return [(code, _plain(value)) for code, value in facts]


def _named(organization: Organization | None) -> str:
    if organization is None:
        return ""
    code = f"({organization.organ_id})" if organization.organ_id else ""
    return " ".join(part for part in (organization.organ_name, code) if part)


def _problem_line(problem: dict[str, str]) -> str:
    detail = f" ({_plain(problem['detail'])})" if problem["detail"] else ""
    return f"  {problem['message']}{detail} [{problem['code']}]"


def _plain(text: str) -> str:
    """Text of a stranger on a terminal: one line, nothing that a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in text)
