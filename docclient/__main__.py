"""The command line: composes the subcommands of `docclient/command_line/`."""

from __future__ import annotations

import logging
import sys

import click
import typer

from docclient.command_line.answer import end_with_error, error_object
from docclient.errors import ExitCode, WrongUse

app = typer.Typer(
    name="docclient",
    help="Công việc văn thư điện tử: tiếp nhận, chỉ đạo, soạn thảo, ký số, cấp số, đóng dấu, phát hành, số hóa.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)


class UseWrong(WrongUse):
    """facts: reason, as the parser of the command line states it."""

    code = "use.wrong"


def main() -> None:
    """Run one subcommand and end the process with its exit code."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        code = app(standalone_mode=False)
    except click.UsageError as error:
        try:
            end_with_error(error_object(UseWrong(reason=error.format_message())), ExitCode.WRONG_USE,
                           as_json="--json" in sys.argv)
        except typer.Exit as ended:
            sys.exit(ended.exit_code)
    except typer.Exit as ended:
        sys.exit(ended.exit_code)
    except (click.Abort, KeyboardInterrupt):
        sys.exit(130)
    sys.exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
