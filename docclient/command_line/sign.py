"""`docclient sign`: many files, one key, an item per file in the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering
from docclient.command_line.pin import LastTry, PinDescriptor, PinVariable, pin_source
from docclient.command_line.signed_items import item_object, lines_of, progress_shown, worst
from docclient.command_line.signing_key import KeyNotNamed, opened
from docclient.errors import WrongUse
from signing.batch import Item, State, sign_batch
from signing.order import Role
from signing.page import Box, Place
from signing.sign import Level, SigningRequest
from signing.sign_troubles import StampsMissing
from signing.timestamps import TimestampService
from signing.trust import TrustStore

Inputs = Annotated[list[Path], typer.Argument(metavar="IN…", help="Các tệp PDF cần ký.")]


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
    inputs: Inputs,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Thư mục nhận kết quả, mỗi tệp giữ tên của nó.")],
    module: Annotated[Path | None, typer.Option("--module", metavar="LIB",
                                                help="Thư viện PKCS#11 của thiết bị.")] = None,
    token: Annotated[str | None, typer.Option("--token", metavar="LABEL", help="Nhãn hoặc số sê-ri thiết bị.")] = None,
    cert: Annotated[str | None, typer.Option("--cert", metavar="ID", help="Chứng thư trên thiết bị: mã, dấu vân tay "
                                             "SHA-256 hoặc số sê-ri.")] = None,
    p12: Annotated[Path | None, typer.Option("--p12", metavar="FILE",
                                             help="Tệp khóa PKCS#12 thay cho thiết bị.")] = None,
    role: Annotated[Role, typer.Option("--role", help="Ký với tư cách nào: cá nhân có thẩm quyền, cơ quan, bản sao, "
                                       "phụ lục tệp riêng, hoặc chữ ký thường.")] = Role.PLAIN,
    image: Annotated[Path | None, typer.Option("--image", metavar="PNG", help="Hình chữ ký hoặc con dấu.")] = None,
    field: Annotated[str | None, typer.Option("--field", metavar="NAME", help="Ô chữ ký có sẵn, hoặc tên ô mới khi có "
                                              "--page và --box.")] = None,
    page: Annotated[int | None, typer.Option("--page", metavar="N", help="Trang đặt chữ ký, tính từ 1.")] = None,
    box: Annotated[str | None, typer.Option("--box", metavar="x0,y0,x1,y1", help="Khung chữ ký: điểm, tính từ góc dưới "
                                            "bên trái của trang đang hiển thị.")] = None,
    level: Annotated[Level, typer.Option("--level", help="Mức chữ ký PAdES.")] = Level.B_B,
    tsa: Annotated[str | None, typer.Option("--tsa", metavar="URL", help="Dịch vụ dấu thời gian (RFC 3161), cần cho "
                                            "mọi mức trên b-b.")] = None,
    trust: Annotated[list[Path] | None, typer.Option("--trust", metavar="PATH", help="Chứng thư được tin cậy thêm (tệp "
                                                     "hoặc thư mục); lặp lại được.")] = None,
    crl: Annotated[list[Path] | None, typer.Option("--crl", metavar="PATH",
                                                   help="Danh sách thu hồi; lặp lại được.")] = None,
    agency: Annotated[str | None, typer.Option("--agency", help="Tên cơ quan ghi trên bản sao.")] = None,
    copy_form: Annotated[str, typer.Option("--copy-form", help="Hình thức sao: Sao y, Sao lục, Trích sao.")] = "Sao y",
    number: Annotated[str | None, typer.Option("--number", help="Số và ký hiệu ghi trên phụ lục, ví dụ "
                                               "15/QĐ-UBND.")] = None,
    pin_fd: PinDescriptor = None,
    pin_env: PinVariable = None,
    last_try: LastTry = False,
    as_json: Json = False,
) -> None:
    """Ký số các tệp PDF vào một thư mục. Tệp gốc không bị thay đổi; mỗi kết quả được đọc và kiểm tra lại."""
    pin = pin_source(pin_fd, pin_env)
    if (module is None) == (p12 is None):
        raise KeyNotNamed
    if level is not Level.B_B and not tsa:
        raise StampsMissing(level=level.value)
    request = SigningRequest(
        role=role, field=field, place=place_of(page, box), image=image, level=level, agency=agency,
        stamps=TimestampService((tsa,)) if tsa else None, copy_form=copy_form, number_and_symbol=number,
        trust=TrustStore.load(trust or (), crl or ()))
    items = items_of(inputs, out)
    with opened(module, token, cert, p12, pin, last_try) as key:
        with progress_shown(len(items)) as progress:
            finished = sign_batch(items, key, request, progress=progress)
        identity = key.token
    document: dict[str, Any] = {
        "items": [item_object(item) for item in finished],
        "signed": sum(1 for item in finished if item.state is State.VERIFIED),
        "failed": sum(1 for item in finished if item.state is State.FAILED),
        "token": {"label": identity.label, "serial": identity.serial} if identity is not None else None,
    }
    answer(document, as_json=as_json, text=lambda: "\n".join(lines_of(document)), exit_code=worst(finished))


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
