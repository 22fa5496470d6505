"""`docclient office …`: found it, check it, load the sample, give it commands and questions."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line import office_checking, office_finding, office_keeping, office_labels
from docclient.command_line.answer import Json, answer, answering, language
from docclient.command_line.office_places import As, Where, opened_as_anybody, where
from docclient.demonstration.sample_office import load_sample_office
from docclient.errors import FileNotReadable, reason_of_os_error
from docclient.office.commands.people import RegisterCertificate
from docclient.office.door import Offer
from docclient.office.errors import FieldWrong, Why
from docclient.office.founding import FoundOffice, found_office
from docclient.office.model import DocumentId
from docclient.office.queries.document_page import OffersOn
from docclient.office.registry import from_json, query_for, rule_for, to_json
from docclient.words import phrase
from signing.trust import certificates_in

office_app = typer.Typer(help="Văn phòng: lập mới, kiểm tra, nạp mẫu, thực hiện và hỏi từ dòng lệnh.",
                         no_args_is_help=True)

Fields = Annotated[str, typer.Argument(metavar="[FILE|-]", help="Tệp JSON các trường; - là đầu vào chuẩn.")]


def register(app: typer.Typer) -> None:
    for part in (office_checking, office_finding, office_keeping, office_labels):
        part.register(office_app)
    app.add_typer(office_app, name="office")


@office_app.command("init")
@answering
def init(
    office: Where = "", code: Annotated[str, typer.Option(help="Mã định danh cơ quan.")] = "H99.00",
    name: Annotated[str, typer.Option(help="Tên cơ quan.")] = "Ủy ban nhân dân xã",
    symbol: Annotated[str, typer.Option(help="Chữ viết tắt trong ký hiệu.")] = "UBND",
    place: Annotated[str, typer.Option(help="Địa danh trên văn bản.")] = "Xã",
    administrator: Annotated[str, typer.Option(help="Họ tên quản trị viên đầu tiên.")] = "Quản trị hệ thống",
    account: Annotated[str, typer.Option(help="Tên truy cập của quản trị viên.")] = "quantri",
    as_json: Json = False,
) -> None:
    """Lập một văn phòng mới, trống."""
    at = where(office)
    founded = found_office(at, FoundOffice(code=code, name=name, symbol=symbol, place=place,
                                           administrator=administrator, account=account))
    founded.engine.close()
    answer({"office": at.name, "administrator": founded.administrator, "unit": founded.unit}, as_json=as_json,
           text=lambda: phrase("office_line.founded", language(), place=at.name, account=account))


@office_app.command("load-sample")
@answering
def load_sample(office: Where = "", as_json: Json = False) -> None:
    """Lập văn phòng mẫu: một xã với đủ vai trò, sổ và nơi nhận, để làm quen."""
    at = where(office)
    sample = load_sample_office(at)
    people = [{"person": each.person, "account": each.account, "name": each.actor.name, "title": each.actor.title,
               "roles": sorted(each.actor.roles)} for each in sample.engine.persons()]
    sample.engine.close()
    answer({"office": at.name, "people": people}, as_json=as_json,
           text=lambda: phrase("office_line.sample", language(), place=at.name) + "\n" + "\n".join(
               f"  {each['account']:18} {each['name']}" for each in people))


@office_app.command("do")
@answering
def do(
    name: Annotated[str, typer.Argument(help="Tên lệnh, ví dụ DirectIncoming.")], as_: As, file: Fields = "",
    office: Where = "",
    key: Annotated[str, typer.Option(help="Khóa chống lặp: cùng khóa chỉ thực hiện một lần.")] = "",
    as_json: Json = False,
) -> None:
    """Thực hiện một lệnh của văn phòng; các trường cho bằng JSON."""
    command = from_json(rule_for(name).command, fields_in(file))
    engine = opened_as_anybody(office)
    try:
        receipt = engine.enter(engine.person(as_)).do(command, key=key or None)
    finally:
        engine.close()
    answer(to_json(receipt), as_json=as_json, text=lambda: json.dumps(to_json(receipt), ensure_ascii=False, indent=1))


@office_app.command("ask")
@answering
def ask(name: Annotated[str, typer.Argument(help="Tên câu hỏi, ví dụ WaitingForMe.")], as_: As, file: Fields = "",
        office: Where = "", as_json: Json = False) -> None:
    """Hỏi văn phòng; các trường cho bằng JSON."""
    query = from_json(query_for(name), fields_in(file))
    engine = opened_as_anybody(office)
    try:
        result = engine.enter(engine.person(as_)).ask(query)
    finally:
        engine.close()
    document = {"answer": [to_json(each) for each in result] if isinstance(result, tuple) else to_json(result)}
    answer(document, as_json=as_json, text=lambda: json.dumps(document["answer"], ensure_ascii=False, indent=1))


@office_app.command("offers")
@answering
def offers(document: Annotated[str, typer.Argument(help="Mã văn bản.")], as_: As, office: Where = "",
           as_json: Json = False) -> None:
    """Những việc người này được làm với văn bản này ngay bây giờ."""
    engine = opened_as_anybody(office)
    try:
        found = engine.enter(engine.person(as_)).ask(OffersOn(DocumentId(document)))
    finally:
        engine.close()
    answer({"offers": [to_json(each) for each in found]}, as_json=as_json, text=lambda: offers_text(found))


def offers_text(found: tuple[Offer, ...]) -> str:
    if not found:
        return phrase("office_line.no_offers", language())
    return "\n".join(f"{each.command:20} {phrase(each.title, language())}"
                     + (f"  ({', '.join(ask.name for ask in each.fields)})" if each.fields else "") for each in found)


def fields_in(file: str) -> dict[str, Any]:
    """The JSON object in the file, or on standard input for `-`; no file: no fields. Raises: FieldWrong."""
    if not file:
        return {}
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        content = json.loads(text)
    except OSError as error:
        raise FileNotReadable(file=file, reason=reason_of_os_error(error)) from error
    except ValueError as error:
        raise FieldWrong(file, Why.NOT_JSON, str(error)) from error
    if not isinstance(content, dict):
        raise FieldWrong(file, Why.NOT_JSON, "{…}")
    return content




@office_app.command("certificate")
@answering
def certificate(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Chứng thư số, PEM hoặc DER.")], as_: As,
    owner: Annotated[str, typer.Option("--of", help="Chủ nhân: tên truy cập của một người; bỏ trống: cơ quan.")] = "",
    office: Where = "", as_json: Json = False,
) -> None:
    """Đăng ký chứng thư số của một người hoặc của cơ quan: từ đó chữ ký phải dùng đúng chứng thư đã đăng ký."""
    try:
        (content,) = certificates_in(file.read_bytes())
    except OSError as error:
        raise FileNotReadable(file=str(file), reason=reason_of_os_error(error)) from error
    except ValueError as error:
        raise FieldWrong("certificate", Why.NOT_A_CERTIFICATE) from error
    engine = opened_as_anybody(office)
    try:
        door = engine.enter(engine.person(as_))
        receipt = door.do(RegisterCertificate(door.put(content), engine.person(owner) if owner else None))
    finally:
        engine.close()
    answer(to_json(receipt), as_json=as_json,
           text=lambda: phrase("office_line.certificate", language(), fingerprint=receipt.facts["fingerprint"]))
