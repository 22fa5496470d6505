"""`docclient directory`: the agencies that packets can go to: imported, refreshed, searched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.carriers import CARRIERS_FILE, Carriers, carriers_folder, transport_of
from docclient.command_line.answer import Json, answer, answering, language, notes
from docclient.command_line.office_entry import PasswordDescriptor, PasswordVariable, entered
from docclient.command_line.office_places import As, Where
from docclient.command_line.pin import pin_source
from docclient.desk.carrying import address_of
from docclient.desk.directory import bring_directory
from docclient.errors import ExitCode, WrongUse, trouble_of_os_error
from docclient.exchange.directory import Unit
from docclient.exchange.directory_file import read_directory_file
from docclient.office.queries.directory import DirectorySources, FindRecipients
from docclient.office.registry import to_json
from docclient.secrets import Secrets
from docclient.words import phrase


class SourceWanted(WrongUse):
    """Either a file or a way, not both and not none."""

    code = "directory.source_wanted"


def register(app: typer.Typer) -> None:
    area = typer.Typer(pretty_exceptions_enable=False, no_args_is_help=True,
                       help="Danh bạ cơ quan: nhập, làm mới, tìm.")
    area.command("import")(import_)
    area.command("find")(find)
    area.command("sources")(sources)
    app.add_typer(area, name="directory")


@answering
def import_(
    as_: As,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Tệp CSV hoặc JSON có mã và tên.")] = None,
    way: Annotated[str, typer.Option("--way", metavar="KẾT_NỐI", help="Lấy danh bạ từ kết nối này thay cho tệp.")] = "",
    source: Annotated[str, typer.Option("--source", metavar="TÊN", help="Tên nguồn; bỏ trống: tên tệp hoặc kết nối.")]
    = "",
    partial_list: Annotated[bool, typer.Option(
        "--partial", help="Danh sách chỉ là một phần: đơn vị không có trong đó không coi là đã ngừng.")] = False,
    shorter: Annotated[bool, typer.Option(
        "--shorter", help="Chấp nhận danh sách ngắn hơn một nửa so với lần trước.")] = False,
    office: Where = "", password_fd: PasswordDescriptor = None, password_env: PasswordVariable = None,
    as_json: Json = False,
) -> None:
    """Nhập hoặc làm mới danh bạ; cho biết bao nhiêu đơn vị mới, thay đổi, ngừng."""
    if (file is None) == (not way):
        raise SourceWanted
    password = pin_source(password_fd, password_env)
    with entered(office, as_, password) as here:
        units: tuple[Unit, ...]
        if file is not None:
            try:
                units, name = read_directory_file(file), source or file.name
            except OSError as error:
                raise trouble_of_os_error(error, file) from error
        else:
            folder = carriers_folder(here.place)
            setup = Carriers(folder / CARRIERS_FILE).get(way)
            transport = transport_of(setup, Secrets(), folder, partial(address_of, here.door))
            units, name = tuple(transport.directory()), source or setup.name
        with bar_shown() as progress:
            brought = bring_directory(here.door, name, units, complete=not partial_list, shorter=shorter,
                                      progress=progress)
    facts: dict[str, Any] = {"source": brought.source, "units": brought.units, "centres": brought.centres,
                             "added": brought.added, "changed": brought.changed, "ended": brought.ended}
    answer(facts, as_json=as_json, text=lambda: phrase("directory_line.brought", language(), **facts))


@contextmanager
def bar_shown() -> Iterator[Callable[[int, int], None] | None]:
    """A bar on standard error, on a terminal only."""
    if not notes.is_terminal:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=notes, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@answering
def find(
    text: Annotated[str, typer.Argument(help="Tên (có dấu hoặc không), mã cũ hoặc mới, chữ viết tắt.")], as_: As,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Nhiều nhất chừng này cơ quan.")] = 20,
    office: Where = "", password_fd: PasswordDescriptor = None, password_env: PasswordVariable = None,
    as_json: Json = False,
) -> None:
    """Tìm cơ quan nhận, không cần mạng. Thoát 1 nếu không có."""
    source = pin_source(password_fd, password_env)
    with entered(office, as_, source) as here:
        found = here.door.ask(FindRecipients(text, limit))
    answer({"text": text, "agencies": to_json(found)}, as_json=as_json, text=lambda: "\n".join(
        f"{each.code:22} {each.name}{f' ({each.parent})' if each.parent else ''}" for each in found)
        or phrase("directory_line.nobody", language()),
        exit_code=ExitCode.GOOD if found else ExitCode.ANSWER_IS_NO)


@answering
def sources(as_: As, office: Where = "", password_fd: PasswordDescriptor = None,
            password_env: PasswordVariable = None, as_json: Json = False) -> None:
    """Danh bạ đang có đến từ đâu, bao nhiêu đơn vị, đổi lần cuối khi nào."""
    source = pin_source(password_fd, password_env)
    with entered(office, as_, source) as here:
        found = here.door.ask(DirectorySources())
    answer({"sources": to_json(found)}, as_json=as_json, text=lambda: "\n".join(
        phrase("directory_line.source", language(), source=each.source, units=each.units, ended=each.ended)
        for each in found) or phrase("directory_line.empty", language()))
