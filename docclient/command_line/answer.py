"""How every subcommand answers: one JSON document on standard output with --json, calm sentences otherwise.

A subcommand is a function that takes its options and calls `answer(...)` once, or raises a `Trouble`; `answering`
turns either into output and exit code (signing.errors.ExitCode). Everything that is not the answer goes to
standard error. Progress shows only on a terminal.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import wraps
from typing import Annotated, Any, NoReturn, ParamSpec

import typer
from rich.console import Console

from docclient.errors import ExitCode, Trouble
from docclient.words import Language, words_of

P = ParamSpec("P")

Json = Annotated[bool, typer.Option("--json", help="In đúng một tài liệu JSON ra đầu ra chuẩn.")]

log = logging.getLogger(__name__)
notes = Console(stderr=True, highlight=False, soft_wrap=True)


def language() -> Language:
    """The command line's language: DOCCLIENT_LANGUAGE (vi or en), Vietnamese without it."""
    with suppress(ValueError):
        return Language(os.environ.get("DOCCLIENT_LANGUAGE", "vi"))
    return Language.VIETNAMESE


def answer(document: Mapping[str, Any], *, as_json: bool, text: Callable[[], str] | str,
           exit_code: ExitCode = ExitCode.GOOD) -> NoReturn:
    """Give the answer and end: `document` as JSON, or `text` for a person."""
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n")
    else:
        sys.stdout.write((text() if callable(text) else text).rstrip("\n") + "\n")
    sys.stdout.flush()
    raise typer.Exit(int(exit_code))


def error_object(trouble: Trouble) -> dict[str, str]:
    """{code, message, advice} of a trouble, as the answers carry it (an item's error, or the whole answer)."""
    words = words_of(trouble, language())
    return {"code": trouble.code, "message": words.sentence, "advice": words.advice}


def answering(command: Callable[P, None]) -> Callable[P, None]:
    """Wrap a subcommand: its Trouble becomes the error answer and exit code; anything else is our bug (70)."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        as_json = bool(kwargs.get("as_json", False))
        try:
            command(*args, **kwargs)
        except Trouble as trouble:
            end_with_error(error_object(trouble), trouble.exit_code, as_json=as_json)
        except (typer.Exit, typer.Abort, KeyboardInterrupt):
            raise
        except Exception:
            log.exception("unexpected fault")
            end_with_error(error_object(Trouble()), ExitCode.BUG, as_json=as_json)

    return run


def end_with_error(error: dict[str, str], exit_code: ExitCode, *, as_json: bool) -> NoReturn:
    if as_json:
        sys.stdout.write(json.dumps({"error": error}, ensure_ascii=False, indent=1) + "\n")
        sys.stdout.flush()
    notes.print(error["message"], style="bold red", markup=False)
    if error.get("advice"):
        notes.print(error["advice"], markup=False)
    raise typer.Exit(int(exit_code))
