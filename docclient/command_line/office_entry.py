"""Entering an office from the command line as somebody: by name where the office lies on this machine, with a password
where it is shared. A scheduled task has its password in the system's safe, put there once by `--keep-password`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Annotated

import typer
from pydantic import SecretStr

from docclient.command_line.office_places import where
from docclient.command_line.pin import PinSource
from docclient.office.door import Office
from docclient.office.engine import OfficeEngine
from docclient.office.entering import enter_with_password
from docclient.office.errors import NotYours
from docclient.office.model import Role
from docclient.secrets import Kept, Secrets
from docclient.store.place import Place
from signing.tokens.messages import wipe

PasswordDescriptor = Annotated[int | None, typer.Option(
    "--password-fd", metavar="N", help="Văn phòng dùng chung: đọc mật khẩu (một dòng) từ bộ mô tả tệp số N.")]
PasswordVariable = Annotated[str | None, typer.Option(
    "--password-env", metavar="TÊN", help="Văn phòng dùng chung: lấy mật khẩu từ biến môi trường này; biến bị xóa "
    "ngay.")]
KeepPassword = Annotated[bool, typer.Option(
    "--keep-password", help="Cất mật khẩu vào kho mật khẩu của hệ điều hành, để lần sau (tác vụ định kỳ) tự vào.")]


@dataclass(frozen=True, slots=True)
class Entered:
    """kept: where the password is after `--keep-password`; None where none was to be kept."""

    place: Place
    engine: OfficeEngine
    door: Office
    kept: Kept | None = None


def secret_name(place: Place, account: str) -> str:
    return f"office: {place.name}: {account.strip().lower()}"


@contextmanager
def entered(text: str, as_: str, source: PinSource, *, keep: bool = False) -> Iterator[Entered]:
    """Raises: OfficeMissing, NotFound, PasswordWrong, AccountWaits, AccountLocked, NowhereToAsk."""
    at = where(text)
    with closing(OfficeEngine.open(at)) as engine:
        if at.embedded:
            yield Entered(at, engine, engine.enter(engine.person(as_)))
            return
        secrets, name = Secrets(), secret_name(at, as_)
        password = secrets.get(name) if source.asks_a_person else None
        if password is None:
            password = source.read("pin_prompt.office")
        try:
            door = enter_with_password(engine, as_, SecretStr(password.decode("utf-8", "replace")))
            kept = secrets.put(name, bytearray(password)) if keep else None
        finally:
            wipe(password)
        yield Entered(at, engine, door, kept)


def must_administer(door: Office, command: str) -> None:
    """Ways of carrying and their keys are the administrator's (NĐ 30 Annex VI; records-work 13.1). Raises: NotYours."""
    if Role.ADMINISTRATOR not in door.me.roles:
        raise NotYours(command=command)
