"""`docclient tokens change-pin` and `docclient tokens unblock-pin`: a new PIN for a token.

Each asks for two secrets: from the terminal, or each from its own descriptor or variable. Two lines of one descriptor
do as well: the first is the known PIN, the second the new one.
"""

from __future__ import annotations

from collections.abc import Callable
from hmac import compare_digest
from pathlib import Path
from typing import Annotated

import typer

from docclient.command_line.answer import Json, answer, answering, language, notes
from docclient.command_line.pin import LastTry, PinDescriptor, PinSource, PinVariable, pin_source
from docclient.errors import PinTrouble
from docclient.words import phrase
from signing.tokens.host import close_hosts
from signing.tokens.listing import ListedToken, PinState
from signing.tokens.messages import wipe
from signing.tokens.pin_change import change_pin, unblock_pin

Module = Annotated[Path, typer.Option("--module", metavar="TỆP", help="Thư viện PKCS#11 của thiết bị.")]
Token = Annotated[str | None, typer.Option("--token", metavar="TÊN", help="Tên hoặc số sê-ri của thiết bị.")]
NewPinDescriptor = Annotated[int | None, typer.Option(
    "--new-pin-fd", metavar="N", help="Đọc mã PIN mới (một dòng) từ bộ mô tả tệp số N.")]
NewPinVariable = Annotated[str | None, typer.Option(
    "--new-pin-env", metavar="TÊN", help="Lấy mã PIN mới từ biến môi trường này; biến bị xóa ngay.")]
OfficerPinDescriptor = Annotated[int | None, typer.Option(
    "--officer-pin-fd", metavar="N", help="Đọc mã PIN quản trị (một dòng) từ bộ mô tả tệp số N.")]
OfficerPinVariable = Annotated[str | None, typer.Option(
    "--officer-pin-env", metavar="TÊN", help="Lấy mã PIN quản trị từ biến môi trường này; biến bị xóa ngay.")]


class NewPinsDiffer(PinTrouble):
    """Typed twice, and not the same."""

    code = "pin.new_differ"


def register(area: typer.Typer) -> None:
    area.command("change-pin")(change)
    area.command("unblock-pin")(unblock)


@answering
def change(module: Module, token: Token = None, pin_fd: PinDescriptor = None, pin_env: PinVariable = None,
           new_pin_fd: NewPinDescriptor = None, new_pin_env: NewPinVariable = None, last_try: LastTry = False,
           as_json: Json = False) -> None:
    """Đổi mã PIN của thiết bị ký số. Hỏi mã hiện tại và mã mới; không bao giờ thử lại cùng một mã sai."""
    known, new = pin_source(pin_fd, pin_env), pin_source(new_pin_fd, new_pin_env)
    try:
        done = change_pin(module, token=token, pin=_asker(known, "pin_prompt.current"), new_pin=_new_asker(new),
                          last_try_allowed=last_try)
    finally:
        close_hosts()
    _answer(done, "tokens.pin_changed", as_json)


@answering
def unblock(module: Module, token: Token = None, officer_pin_fd: OfficerPinDescriptor = None,
            officer_pin_env: OfficerPinVariable = None, new_pin_fd: NewPinDescriptor = None,
            new_pin_env: NewPinVariable = None, last_try: LastTry = False, as_json: Json = False) -> None:
    """Mở khóa thiết bị ký số bằng mã PIN quản trị (SO PIN) và đặt mã PIN mới."""
    known, new = pin_source(officer_pin_fd, officer_pin_env), pin_source(new_pin_fd, new_pin_env)
    try:
        done = unblock_pin(module, token=token, officer_pin=_asker(known, "pin_prompt.officer", officer=True),
                           new_pin=_new_asker(new), last_try_allowed=last_try)
    finally:
        close_hosts()
    _answer(done, "tokens.pin_unblocked", as_json)


def _asker(source: PinSource, prompt: str, *, officer: bool = False) -> Callable[[ListedToken], bytearray]:
    def ask(token: ListedToken) -> bytearray:
        state = token.officer_pin if officer else token.pin
        if source.asks_a_person and state is not PinState.OK:
            notes.print(phrase("tokens.token", language(), label=token.label, serial=token.serial,
                               pin=phrase(f"pin_state.{state.value}", language())), markup=False)
        return source.read(prompt)

    return ask


def _new_asker(source: PinSource) -> Callable[[ListedToken], bytearray]:
    """A person types it twice: a slip would lock them out of their own token."""

    def ask(_token: ListedToken) -> bytearray:
        if not source.asks_a_person:
            return source.read("pin_prompt.new")
        first, second = bytearray(), bytearray()
        try:
            first = source.read("pin_prompt.new")
            second = source.read("pin_prompt.new_again")
            if not compare_digest(first, second):
                wipe(first)
                raise NewPinsDiffer
        finally:
            wipe(second)
        return first

    return ask


def _answer(token: ListedToken, words: str, as_json: bool) -> None:
    document = {"token": {"label": token.label, "serial": token.serial, "slot": token.slot, "pin": token.pin.value}}
    answer(document, as_json=as_json, text=lambda: phrase(words, language(), label=token.label, serial=token.serial))
