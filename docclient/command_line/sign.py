"""`docclient sign`: many files, one key, an item per file in the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.certificate_care import doubts, looked_at
from docclient.command_line.answer import Json, answer, answering, language, notes
from docclient.command_line.kept_signing import NothingToSign, kept, taken_up
from docclient.command_line.pin import LastTry, PinDescriptor, PinVariable, pin_source
from docclient.command_line.placing import (
    Blanks,
    PlaceInMillimetres,
    Position,
    Preview,
    Reason,
    SealDiameter,
    TemplateName,
    given_blanks,
    placed,
    preview_answer,
    preview_lines,
)
from docclient.command_line.remote import SecretDescriptor, SecretVariable
from docclient.command_line.repairing import Repair, as_given, repaired
from docclient.command_line.signed_items import item_object, lines_of, progress_shown, worst
from docclient.command_line.signing_key import KeyNamed, opened
from docclient.command_line.time_stamps import StampLater, TimeStampServices
from docclient.errors import WrongUse
from docclient.settings import load_settings
from docclient.time_stamping import put_off, queue_of_files, services_of
from docclient.trusted_here import trust_of_command
from docclient.words import phrase
from signing.batch import Item, State, manner_of, sign_batch
from signing.certificate_check import CertificateState
from signing.keys import Key, Scheme
from signing.order import Role
from signing.page import Box, Place
from signing.places import SEAL_DIAMETER_MM
from signing.sign import Level, SigningRequest
from signing.sign_troubles import StampsMissing
from signing.templates import load_template
from signing.tokens.probe import Asks, Manner
from signing.tokens.remembered import Purpose
from signing.trust import TrustStore

Inputs = Annotated[list[Path] | None, typer.Argument(metavar="IN…", help="Các tệp PDF cần ký.")]


class SchemeName(StrEnum):
    """How `--scheme` calls them."""

    PKCS1 = "pkcs1"
    PSS = "pss"
    ECDSA = "ecdsa"


WORTH_A_TRIAL = 10
"""Documents from which on it is found out first how the token asks for its PIN."""
SCHEMES = {SchemeName.PKCS1: Scheme.RSA_PKCS1, SchemeName.PSS: Scheme.RSA_PSS, SchemeName.ECDSA: Scheme.ECDSA}


class BoxWrong(WrongUse):
    """facts: given."""

    code = "sign.box_wrong"


class NameTaken(WrongUse):
    """Two inputs of the same name would become one result. facts: file."""

    code = "sign.name_taken"


def register(app: typer.Typer) -> None:
    app.command("sign")(sign)


@answering
def sign(
    inputs: Inputs = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Thư mục nhận kết quả, mỗi tệp giữ tên của "
                                             "nó.")] = None,
    module: Annotated[Path | None, typer.Option("--module", metavar="LIB",
                                                help="Thư viện PKCS#11 của thiết bị.")] = None,
    token: Annotated[str | None, typer.Option("--token", metavar="LABEL", help="Nhãn hoặc số sê-ri thiết bị.")] = None,
    cert: Annotated[str | None, typer.Option("--cert", metavar="ID", help="Chứng thư trên thiết bị: mã, dấu vân tay "
                                             "SHA-256 hoặc số sê-ri.")] = None,
    p12: Annotated[Path | None, typer.Option("--p12", metavar="FILE",
                                             help="Tệp khóa PKCS#12 thay cho thiết bị.")] = None,
    remote: Annotated[str | None, typer.Option("--remote", metavar="TÊN", help="Tài khoản ký từ xa (xem “docclient "
                                               "remote list”) thay cho thiết bị.")] = None,
    scheme: Annotated[SchemeName | None, typer.Option("--scheme", help="Cách ký; không chọn thì theo khóa: RSA PKCS#1 "
                                                      "v1.5 trước, rồi PSS; khóa elip thì ECDSA.")] = None,
    role: Annotated[Role, typer.Option("--role", help="Ký với tư cách nào: cá nhân có thẩm quyền, cơ quan, bản sao, "
                                       "phụ lục tệp riêng, hoặc chữ ký thường.")] = Role.PLAIN,
    image: Annotated[Path | None, typer.Option("--image", metavar="PNG", help="Hình chữ ký hoặc con dấu.")] = None,
    field: Annotated[str | None, typer.Option("--field", metavar="NAME", help="Ô chữ ký có sẵn, hoặc tên ô mới khi có "
                                              "--page và --box.")] = None,
    page: Annotated[int | None, typer.Option("--page", metavar="N", help="Trang đặt chữ ký, tính từ 1.")] = None,
    box: Annotated[str | None, typer.Option("--box", metavar="x0,y0,x1,y1", help="Khung chữ ký: điểm, tính từ góc dưới "
                                            "bên trái của trang đang hiển thị.")] = None,
    place_mm: PlaceInMillimetres = None,
    template: TemplateName = None,
    position: Position = None,
    reason: Reason = None,
    blank: Blanks = None,
    seal_mm: SealDiameter = SEAL_DIAMETER_MM,
    preview: Preview = None,
    level: Annotated[Level, typer.Option("--level", help="Mức chữ ký PAdES.")] = Level.B_B,
    tsa: TimeStampServices = None,
    stamp_later: StampLater = False,
    repair: Repair = False,
    trust: Annotated[list[Path] | None, typer.Option("--trust", metavar="PATH", help="Chứng thư được tin cậy thêm (tệp "
                                                     "hoặc thư mục); lặp lại được.")] = None,
    crl: Annotated[list[Path] | None, typer.Option("--crl", metavar="PATH",
                                                   help="Danh sách thu hồi; lặp lại được.")] = None,
    agency: Annotated[str | None, typer.Option("--agency", help="Tên cơ quan ghi trên bản sao.")] = None,
    copy_form: Annotated[str, typer.Option("--copy-form", help="Hình thức sao: Sao y, Sao lục, Trích sao.")] = "Sao y",
    number: Annotated[str | None, typer.Option("--number", help="Số và ký hiệu ghi trên phụ lục, ví dụ "
                                               "15/QĐ-UBND.")] = None,
    keep: Annotated[Path | None, typer.Option("--keep", metavar="DIR", help="Ghi lại tiến độ vào thư mục này, để còn "
                                              "làm tiếp nếu bị ngắt giữa chừng.")] = None,
    go_on: Annotated[Path | None, typer.Option("--go-on", metavar="DIR", help="Làm tiếp lô văn bản đã ghi bằng --keep; "
                                               "không ký lại văn bản nào.")] = None,
    online_check: Annotated[bool, typer.Option("--online-check", help="Hỏi tình trạng chứng thư qua mạng (OCSP, CRL) "
                                               "trước khi ký.")] = False,
    pin_fd: PinDescriptor = None,
    pin_env: PinVariable = None,
    last_try: LastTry = False,
    secret_fd: SecretDescriptor = None,
    secret_env: SecretVariable = None,
    as_json: Json = False,
) -> None:
    """Ký số các tệp PDF vào một thư mục. Tệp gốc không bị thay đổi; mỗi kết quả được đọc và kiểm tra lại."""
    pin, secret = pin_source(pin_fd, pin_env), pin_source(secret_fd, secret_env)
    stamps = services_of(load_settings(), tsa or ())
    if (go_on is None) == (not inputs or (out is None and preview is None)):
        raise NothingToSign
    if level is not Level.B_B and stamps is None:
        raise StampsMissing(level=level.value)
    request = SigningRequest(
        role=role, field=field, place=place_of(page, box), image=image, level=level, agency=agency,
        stamps=stamps, stamp_later=stamp_later, copy_form=copy_form, number_and_symbol=number,
        trust=trust_of_command(trust or (), crl or ()), scheme=SCHEMES[scheme] if scheme else None, reason=reason,
        template=load_template(template) if template else None, position=position, blanks=given_blanks(blank or ()),
        seal_diameter_mm=seal_mm, look_first=True)
    given = placed(items_of(inputs or (), out or Path()), request, place_mm)
    document: dict[str, Any]
    if preview is not None and go_on is None:
        document, code = preview_answer(given, request, preview)
        answer(document, as_json=as_json, text=lambda: "\n".join(preview_lines(document)), exit_code=code)
    named = KeyNamed(module, token, cert, p12, remote).checked()
    with (repaired(given, wanted=repair, keep=keep, go_on=go_on) as (given, origins),
          taken_up(go_on) if go_on is not None else kept(given, request, keep) as work):
        request, items = work.request, work.items
        of_agency = request.role in {Role.AGENCY, Role.COPY, Role.ANNEX}
        with opened(named, Purpose.AGENCY if of_agency else Purpose.PERSONAL, pin, secret, last_try,
                    signatures=len(items)) as key:
            state = before_signing(key, request.trust, online=online_check)
            manner = manner_told(key, len(items))
            with progress_shown(len(items)) as progress:
                finished = sign_batch(items, key, request, store=work.store, progress=progress)
            identity = key.token
    finished = [as_given(item, origins) for item in finished]
    level, stamps = request.level, request.stamps
    for item in finished:
        if item.signed is not None and stamps is not None and item.signed.level is not level:
            put_off(queue_of_files(), item.signed, level, stamps, trust or (), crl or ())
    document = {
        "items": [item_object(item) for item in finished],
        "signed": sum(1 for item in finished if item.state is State.VERIFIED),
        "failed": sum(1 for item in finished if item.state is State.FAILED),
        "token": {"label": identity.label, "serial": identity.serial} if identity is not None else None,
        "certificate_check": state.as_json(),
        "pin_manner": manner.asks.value if manner is not None else None,
        "kept": str(work.kept) if work.kept is not None and work.kept.exists() else None,
    }
    answer(document, as_json=as_json, text=lambda: "\n".join(lines_of(document)), exit_code=worst(finished))


def manner_told(key: Key, documents: int) -> Manner | None:
    """How the token asks for its PIN, said before a batch begins; a few documents are not worth two signatures."""
    manner = manner_of(key) if documents >= WORTH_A_TRIAL else None
    if manner is not None and manner.asks is not Asks.NO_MORE:
        notes.print(phrase(manner.words, language()), markup=False)
    return manner


def before_signing(key: Key, trust: TrustStore, *, online: bool) -> CertificateState:
    """The certificate looked at from every side; what could not be learnt is noted in words. Raises:
    CertificateRefused."""
    state = looked_at(key.certificate, key.other_certificates, trust, online=online)
    unsure = doubts(state, language())
    if unsure:
        notes.print(f"{state.certificate.display_name}: {phrase(state.words, language())}", markup=False)
    for one in unsure:
        notes.print(f"  {one}", markup=False)
    return state


def place_of(page: int | None, box: str | None) -> Place | None:
    """The place given on the command line; None for none. Raises BoxWrong."""
    if page is None and box is None:
        return None
    try:
        x0, y0, x1, y1 = (float(part) for part in (box or "").split(","))
    except ValueError as error:
        raise BoxWrong(given=box or "") from error
    if not (x0 < x1 and y0 < y1):
        raise BoxWrong(given=box or "")
    return Place(1 if page is None else page, Box(x0, y0, x1, y1))


def items_of(inputs: Sequence[Path], out: Path) -> list[Item]:
    """An item per input; a name that comes twice fails its item instead of overwriting the first result."""
    taken: set[str] = set()
    items = []
    for source in inputs:
        item = Item(source, out / source.name)
        if source.name.casefold() in taken:
            item = replace(item, state=State.FAILED, trouble=NameTaken(file=source.name))
        taken.add(source.name.casefold())
        items.append(item)
    return items
