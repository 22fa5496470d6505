"""`docclient post`: one round of sending and receiving, fit for a scheduled task; the ways packets travel.

The ways and what opens them belong to the machine that carries: the office's own machine, or a shared office's server.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any

import typer

from docclient.carriers import CARRIERS_FILE, AnyWay, Carriers, carriers_folder, setup_of
from docclient.command_line.answer import Json, answer, answering, error_object, language, notes
from docclient.command_line.office_entry import (
    Entered,
    KeepPassword,
    PasswordDescriptor,
    PasswordVariable,
    entered,
    must_administer,
)
from docclient.command_line.office_places import As, Where
from docclient.command_line.pin import pin_source
from docclient.desk.carrying import Round, Ways, address_of, look_twice
from docclient.desk.post import Fetched, Posted
from docclient.desk.way_records import carry_round, records_in
from docclient.desk.way_states import WayState, way_states
from docclient.desk.way_trial import try_way
from docclient.errors import ExitCode, WrongUse
from docclient.office.commands.silence import SetSilenceDays
from docclient.office.model import Role
from docclient.office.queries.fate import SilenceDays
from docclient.office.queries.office import Outbox
from docclient.secrets import Kept, Secrets
from docclient.settings import load_settings
from docclient.words import phrase
from signing.errors import Trouble

Name = Annotated[str, typer.Argument(metavar="TÊN", help="Tên do cơ quan đặt cho kết nối.")]
WaySecrets = Annotated[list[str] | None, typer.Option(
    "--way-secret", metavar="KẾT_NỐI=BIẾN", help="Lấy mật khẩu hoặc khóa của một kết nối từ biến môi trường này; dùng "
    "khi máy không có kho mật khẩu.")]


class SettingNotUnderstood(WrongUse):
    """facts: setting (as it was given)."""

    code = "post.setting_not_understood"


class NoWayHere(WrongUse):
    """A shared office, and this machine has no way of carrying for it. facts: place."""

    code = "post.no_way_here"


def register(app: typer.Typer) -> None:
    area = typer.Typer(pretty_exceptions_enable=False, no_args_is_help=True,
                       help="Gửi nhận gói tin với cơ quan khác: một vòng gửi nhận, các kết nối.")
    area.command("round")(round_)
    area.command("ways")(ways)
    area.command("add")(add)
    area.command("remove")(remove)
    area.command("try")(try_one)
    area.command("silence")(silence)
    app.add_typer(area, name="post")


@answering
def round_(
    as_: As, office: Where = "", password_fd: PasswordDescriptor = None, password_env: PasswordVariable = None,
    keep_password: KeepPassword = False, way_secret: WaySecrets = None,
    settle: Annotated[float, typer.Option("--settle", metavar="GIÂY", min=0.0, max=60.0, help="Cặp thư mục: tệp phải "
                                          "đứng yên chừng này giây mới được nhận.")] = 2.0,
    as_json: Json = False,
) -> None:
    """Một vòng: nhận từ mọi kết nối, gửi mọi gói tin đến hạn. Dùng được trong tác vụ định kỳ.

    Thoát bằng mã nặng nhất của vòng: 0 mọi thứ xong; 3 hoặc 6 có gói tin không nhận được (được để riêng, kèm lý do);
    5 có kết nối không trả lời hoặc gói tin chưa gửi được (tự thử lại vòng sau)."""
    source, secrets = pin_source(password_fd, password_env), Secrets()
    for each in way_secret or ():
        take_secret(secrets, each)
    with entered(office, as_, source, keep=keep_password) as here:
        found = ways_here(here, secrets)
        if not found():
            raise NoWayHere(place=here.place.name)
        look_twice(found(), settle, threading.Event())
        done = carry_round(here.door, found, carriers_folder(here.place))
        left = left_in_outbox(here)
    kept_nowhere(here.kept)
    answer(round_answer(here, done, left), as_json=as_json, text=lambda: round_text(done, left), exit_code=worst(done))


def ways_here(here: Entered, secrets: Secrets) -> Ways:
    folder, settings = carriers_folder(here.place), load_settings()
    return Ways(here.door, Carriers(folder / CARRIERS_FILE), secrets, folder, inbox=settings.packet_inbox,
                outbox=settings.packet_outbox, shared=not here.place.embedded)


def take_secret(secrets: Secrets, given: str) -> None:
    """`WAY=VARIABLE`, for this run. Raises: SettingNotUnderstood, VariableMissing."""
    way, separator, variable = given.partition("=")
    if not separator or not way.strip() or not variable.strip():
        raise SettingNotUnderstood(setting=given)
    secrets.put(f"carrier: {way.strip()}", pin_source(None, variable.strip()).read(""), session_only=True)


def left_in_outbox(here: Entered) -> dict[str, int]:
    """How many items are in each state after the round."""
    if Role.CLERK not in here.door.me.roles:
        return {}
    items = here.door.ask(Outbox(("waiting", "failed", "set_aside")))
    return {state: sum(each.state == state for each in items) for state in ("waiting", "failed", "set_aside")}


def worst(done: Round) -> ExitCode:
    troubles = [each.trouble for each in done.ways] + [each.trouble for way in done.ways for each in way.fetched]
    troubles += [each.trouble for each in done.posted]
    return max((each.exit_code for each in troubles if each is not None), default=ExitCode.GOOD)


def round_answer(here: Entered, done: Round, left: dict[str, int]) -> dict[str, Any]:
    return {"office": here.place.name,
            "ways": [{"name": each.name, "taken": each.taken, "sent": each.sent, "error": error_of(each.trouble),
                      "items": [fetched_object(item) for item in each.fetched]} for each in done.ways],
            "sent": [posted_object(each) for each in done.posted], "outbox": left}


def fetched_object(each: Fetched) -> dict[str, Any]:
    document = each.receipt.document if each.receipt is not None else None
    return {"item": each.item, "command": each.receipt.command if each.receipt is not None else None,
            "document": document, "error": error_of(each.trouble)}


def posted_object(each: Posted) -> dict[str, Any]:
    return {"item": each.item.id, "kind": each.item.kind, "document": each.item.document,
            "recipient": each.item.recipient_code, "status_code": each.item.status_code or None, "sent": each.sent,
            "error": error_of(each.trouble)}


def error_of(trouble: Trouble | None) -> dict[str, str] | None:
    return error_object(trouble) if trouble is not None else None


def round_text(done: Round, left: dict[str, int]) -> str:
    lines = []
    for way in done.ways:
        lines.append(phrase("post_way.done", language(), way=way.name, fetched=way.taken, sent=way.sent))
        if way.trouble is not None:
            lines.append("  " + error_object(way.trouble)["message"])
        lines += [f"  {item.item}: {error_object(item.trouble)['message']}" for item in way.fetched
                  if item.trouble is not None]
    lines += [f"  {each.item.recipient_name}: {error_object(each.trouble)['message']}" for each in done.posted
              if each.trouble is not None]
    if left:
        lines.append(phrase("post_command.left", language(), **left))
    return "\n".join(lines)


@answering
def ways(as_: As, office: Where = "", password_fd: PasswordDescriptor = None, password_env: PasswordVariable = None,
         as_json: Json = False) -> None:
    """Các kết nối của máy này: trạng thái, lần gửi nhận gần nhất, số gói tin đang chờ."""
    source, secrets = pin_source(password_fd, password_env), Secrets()
    with entered(office, as_, source) as here:
        folder = carriers_folder(here.place)
        states = way_states(here.door, Carriers(folder / CARRIERS_FILE).all(), secrets, records_in(folder))
    answer({"office": here.place.name, "shared": not here.place.embedded,
            "ways": [way_object(each) for each in states]}, as_json=as_json,
           text=lambda: "\n".join(line for each in states for line in way_lines(each))
           or phrase("post_command.no_ways", language()))


def way_object(each: WayState) -> dict[str, Any]:
    last = each.last
    return {"name": each.name, "kind": each.setup.kind, "settings": settings_of(each.setup),
            "secret": each.kept.value if each.kept is not None else None, "waiting": each.waiting,
            "note": phrase(each.setup.note, language()) if each.setup.note else None,
            "last": None if last is None else {
                "at": last.at.isoformat(), "good_at": last.good_at.isoformat() if last.good_at else None,
                "taken": last.taken, "refused": last.refused, "sent": last.sent,
                "error": {"code": last.error, "message": last.sentence(language())} if last.error else None}}


def settings_of(setup: AnyWay) -> dict[str, Any]:
    return {name: value for name, value in setup.model_dump(mode="json").items() if name not in {"name", "kind"}}


def way_lines(each: WayState) -> list[str]:
    lines = [phrase("post_command.way", language(), name=each.name,
                    kind=phrase(f"way_kind.{each.setup.kind}", language()))]
    if each.last is None:
        lines.append("  " + phrase("post_command.no_round", language()))
    else:
        last = each.last
        lines.append("  " + phrase("post_command.last", language(), at=last.at.astimezone().strftime("%H:%M %d/%m/%Y"),
                                   taken=last.taken, sent=last.sent, refused=last.refused))
        if last.error:
            lines.append("  " + last.sentence(language()))
    if each.waiting is not None:
        lines.append("  " + phrase("post_command.waiting", language(), count=each.waiting))
    if each.kept is not None:
        lines.append("  " + phrase(f"secret_kept.{each.kept.value}", language()))
    return [*lines, *([f"  {phrase(each.setup.note, language())}"] if each.setup.note else [])]


@answering
def add(
    name: Name,
    kind: Annotated[str, typer.Option("--kind", help="folder, mail, axis hoặc gateway.")],
    as_: As,
    setting: Annotated[list[str] | None, typer.Option(
        "--set", metavar="MỤC=GIÁ_TRỊ", help="Một mục của kết nối (docs/exchange.md), ví dụ address=https://…; nêu "
        "nhiều lần.")] = None,
    office: Where = "", password_fd: PasswordDescriptor = None, password_env: PasswordVariable = None,
    secret_fd: Annotated[int | None, typer.Option(
        "--secret-fd", metavar="N", help="Đọc mật khẩu hoặc khóa của kết nối (một dòng) từ bộ mô tả tệp số N.")] = None,
    secret_env: Annotated[str | None, typer.Option(
        "--secret-env", metavar="TÊN", help="Lấy mật khẩu hoặc khóa từ biến môi trường này; biến bị xóa ngay.")] = None,
    second_secret_env: Annotated[str | None, typer.Option(
        "--second-secret-env", metavar="TÊN", help="Khóa thứ hai của cổng kết nối (X-SecretKey), từ biến môi trường.")]
    = None,
    replace: Annotated[bool, typer.Option("--replace", help="Thay kết nối cùng tên; mật khẩu không nêu thì giữ.")]
    = False,
    as_json: Json = False,
) -> None:
    """Thêm hoặc thay một kết nối trên máy này. Mật khẩu cất trong kho mật khẩu của hệ điều hành, không ghi ra tệp."""
    source, first = pin_source(password_fd, password_env), pin_source(secret_fd, secret_env)
    second = pin_source(None, second_secret_env) if second_secret_env is not None else None
    setup = setup_of({**settings_given(setting or ()), "name": name, "kind": kind})
    with entered(office, as_, source) as here:
        must_administer(here.door, "post add")
        carriers, secrets = Carriers(carriers_folder(here.place) / CARRIERS_FILE), Secrets()
        carriers.put(setup, replace=replace)
    kept: Kept | None = None
    if setup.secrets:
        names = setup.secrets
        kept = secrets.where(names[0])
        if not first.asks_a_person or kept is Kept.NOWHERE:
            kept = secrets.put(names[0], first.read("pin_prompt.way"))
        if second is not None and len(names) > 1:
            secrets.put(names[1], second.read(""))
        kept = Kept.SAFE if kept is Kept.SAFE else Kept.NOWHERE       # this session ends with this command
    kept_nowhere(kept)
    answer({"way": {"name": setup.name, "kind": setup.kind, "settings": settings_of(setup),
                    "secret": kept.value if kept is not None else None,
                    "note": phrase(setup.note, language()) if setup.note else None}},
           as_json=as_json, text=lambda: "\n".join([
               phrase("post_command.added", language(), name=setup.name),
               *([phrase(setup.note, language())] if setup.note else [])]))


@answering
def silence(
    as_: As,
    arrived: Annotated[int | None, typer.Option(
        "--arrived", metavar="NGÀY", help="Đặt số ngày làm việc chờ nơi nhận báo đã đến.")] = None,
    accepted: Annotated[int | None, typer.Option(
        "--accepted", metavar="NGÀY", help="Đặt số ngày làm việc chờ nơi nhận báo đã tiếp nhận.")] = None,
    office: Where = "", password_fd: PasswordDescriptor = None, password_env: PasswordVariable = None,
    as_json: Json = False,
) -> None:
    """Sau bao nhiêu ngày làm việc không phản hồi thì nơi nhận vào danh sách chưa phản hồi; không nêu gì thì chỉ xem."""
    source = pin_source(password_fd, password_env)
    with entered(office, as_, source) as here:
        known = here.door.ask(SilenceDays())
        if arrived is not None or accepted is not None:
            here.door.do(SetSilenceDays(known.arrived_days if arrived is None else arrived,
                                        known.accepted_days if accepted is None else accepted))
            known = here.door.ask(SilenceDays())
    answer({"arrived_days": known.arrived_days, "accepted_days": known.accepted_days}, as_json=as_json,
           text=lambda: phrase("post_command.silence", language(), arrived=known.arrived_days,
                               accepted=known.accepted_days))


def settings_given(given: Sequence[str]) -> dict[str, object]:
    """Raises: SettingNotUnderstood."""
    found: dict[str, object] = {}
    for each in given:
        name, separator, value = each.partition("=")
        if not separator or not name.strip():
            raise SettingNotUnderstood(setting=each)
        found[name.strip()] = value.strip()
    return found


def kept_nowhere(kept: Kept | None) -> None:
    """Said where a password will not be there the next time."""
    if kept in (Kept.SESSION, Kept.NOWHERE):
        notes.print(phrase("secret_kept.nowhere", language()), markup=False)


@answering
def remove(name: Name, as_: As, office: Where = "", password_fd: PasswordDescriptor = None,
           password_env: PasswordVariable = None, as_json: Json = False) -> None:
    """Bỏ một kết nối và mật khẩu của nó khỏi máy này."""
    source = pin_source(password_fd, password_env)
    with entered(office, as_, source) as here:
        must_administer(here.door, "post remove")
        folder, secrets = carriers_folder(here.place), Secrets()
        carriers = Carriers(folder / CARRIERS_FILE)
        setup = carriers.get(name)
        for each in setup.secrets:
            secrets.forget(each)
        carriers.remove(setup.name)
        records_in(folder).forget(setup.name)
    answer({"removed": setup.name}, as_json=as_json,
           text=lambda: phrase("post_command.removed", language(), name=setup.name))


@answering
def try_one(name: Name, as_: As, office: Where = "", password_fd: PasswordDescriptor = None,
            password_env: PasswordVariable = None, way_secret: WaySecrets = None, as_json: Json = False) -> None:
    """Thử một kết nối thật sự: vào, xem có gì đang chờ; không nhận, không gửi gì."""
    source, secrets = pin_source(password_fd, password_env), Secrets()
    for each in way_secret or ():
        take_secret(secrets, each)
    with entered(office, as_, source) as here:
        folder = carriers_folder(here.place)
        setup = Carriers(folder / CARRIERS_FILE).get(name)
        tried = try_way(setup, secrets, folder, partial(address_of, here.door))
    note = phrase(setup.note, language()) if setup.note else None
    answer({"way": setup.name, "kind": setup.kind, "waiting": tried.waiting, "note": note}, as_json=as_json,
           text=lambda: "\n".join([phrase("way_line.tried", language(), name=setup.name, count=tried.waiting),
                                   *([note] if note else [])]))
