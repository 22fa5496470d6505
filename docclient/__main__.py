"""The command line: composes the subcommands of `docclient/command_line/`; alone, it opens the window."""

from __future__ import annotations

import io
import logging
import sys
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from typing import Annotated

import typer

from docclient.command_line.answer import answering, end_with_error, error_object
from docclient.errors import ExitCode, ProgramMissing, WrongUse

AREAS = {"compare": "compare", "demo": "demo", "digitise": "digitise", "directory": "directory", "doctor": "doctor",
         "form": "form", "image": "image", "office": "office", "packet": "packets", "post": "post",
         "prepare": "prepare", "remote": "remote", "scan": "scan", "sign": "sign", "stamp": "stamp",
         "tokens": "tokens", "trust": "trust", "verify": "verify"}
"""Each subcommand, and the file of `docclient/command_line/` it lies in."""

app = typer.Typer(
    name="docclient",
    help="Công việc văn thư điện tử: tiếp nhận, chỉ đạo, soạn thảo, ký số, cấp số, đóng dấu, phát hành, số hóa.",
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class UseWrong(WrongUse):
    """facts: reason, as the parser of the command line states it."""

    code = "use.wrong"


@app.callback()
@answering
def window(
    context: typer.Context,
    office: Annotated[str, typer.Option("--office", metavar="URL", help="Văn phòng cần mở trong cửa sổ.")] = "",
) -> None:
    """Công việc văn thư điện tử. Không có lệnh con: mở cửa sổ làm việc."""
    if context.invoked_subcommand is None:
        raise typer.Exit(open_window(office))
    if office:
        raise UseWrong(reason=f"--office: docclient {context.invoked_subcommand} … --office {office}")


def open_window(office: str) -> int:
    """Start the window, which lies on the floor above and is found by its entry point. Raises: ProgramMissing."""
    for entry in entry_points(group="docclient.window"):
        try:
            start = entry.load()
        except ImportError as error:
            raise ProgramMissing(program="PySide6", purpose="mở cửa sổ", package="docclient[window]") from error
        return int(start(["--office", office] if office else []))
    raise ProgramMissing(program="PySide6", purpose="mở cửa sổ", package="docclient[window]")


def areas(arguments: list[str]) -> list[str]:
    """The files to load: the named subcommand's alone, none for the window, all for the help. All of them together
    take seconds of processor time."""
    named = [AREAS[argument] for argument in arguments if argument in AREAS]
    if "--help" in arguments and not named:
        return list(AREAS.values())
    return named[:1]


@cache
def load(area: str) -> None:
    """Register the subcommands of a file."""
    import_module(f"docclient.command_line.{area}").register(app)


def main() -> None:
    """Run one subcommand and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):      # a pipe on Windows has the code page of its country
            stream.reconfigure(encoding="utf-8")
    for area in areas(sys.argv[1:]):
        load(area)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        try:
            end_with_error(error_object(UseWrong(reason=str(error).rstrip(".") or "--help")), ExitCode.WRONG_USE,
                           as_json="--json" in sys.argv)
        except typer.Exit as ended:
            sys.exit(ended.exit_code)
    except typer.Exit as ended:
        sys.exit(ended.exit_code)
    except (typer.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
