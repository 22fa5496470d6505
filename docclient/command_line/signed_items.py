"""What came of a batch, item by item: as JSON, as lines, as an exit code, and as a bar while it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from docclient.command_line.answer import error_object, language, notes
from docclient.errors import ExitCode
from docclient.words import phrase
from signing.batch import Item, State


def item_object(item: Item) -> dict[str, Any]:
    """An item as the answer carries it."""
    signed = item.signed
    if signed is None:
        state = "cancelled" if item.state in {State.CANCELLED, State.PAUSED} else "failed"
        error = error_object(item.trouble) if item.trouble is not None else None
        return {"input": str(item.source), "output": None, "state": state, "error": error, "field": None, "level": None,
                "page": None, "box_pt": None, "certificate": None, "sha256": None, "warnings": []}
    return {
        "input": str(item.source),
        "output": str(signed.target),
        "state": "signed",
        "error": None,
        "field": signed.field,
        "level": signed.level.value,
        "page": signed.page,
        "box_pt": [round(value, 3) for value in signed.box.as_tuple()] if signed.box is not None else None,
        "certificate": {
            "subject": signed.certificate.subject,
            "serial": signed.certificate.serial,
            "not_after": signed.certificate.not_after.isoformat(),
        },
        "sha256": signed.sha256,
        "warnings": list(signed.warnings),
    }


def worst(items: Sequence[Item]) -> ExitCode:
    """The highest code of all items."""
    return max((item.trouble.exit_code for item in items if item.trouble is not None), default=ExitCode.GOOD)


def lines_of(document: dict[str, Any]) -> Iterator[str]:
    for item in document["items"]:
        if item["state"] == "signed":
            yield _say("sign_line.signed", **item)
            for remark in item["warnings"]:
                yield _say("sign_line.remark", remark=_say(f"sign_remark.{remark}"))
        elif item["state"] == "cancelled":
            yield _say("sign_line.cancelled", **item)
        else:
            yield _say("sign_line.failed", input=item["input"], sentence=item["error"]["message"])
            yield _say("sign_line.advice", advice=item["error"]["advice"])
    for error in _why_stopped(document):
        yield _say("sign_line.stopped", sentence=error["message"])
        yield _say("sign_line.advice", advice=error["advice"])
    yield _say("sign_line.count", **document)
    if document.get("kept"):
        yield _say("sign_line.kept", folder=document["kept"])


def _why_stopped(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Each reason once, however many documents it stopped."""
    errors = [item["error"] for item in document["items"] if item["state"] == "cancelled" and item["error"] is not None]
    said = {item["error"]["code"] for item in document["items"] if item["state"] == "failed"}
    return list({error["code"]: error for error in errors if error["code"] not in said}.values())


@contextmanager
def progress_shown(total: int) -> Iterator[Any]:
    """A bar on standard error while it is a terminal and there is more than one file."""
    if total < 2 or not notes.is_terminal:
        yield None
        return
    from rich.progress import Progress

    with Progress(console=notes, transient=True) as bar:
        task = bar.add_task("", total=total)

        def moved(done: int, _total: int, item: Item) -> None:
            bar.update(task, completed=done, description=item.source.name)

        yield moved


def _say(code: str, **blanks: object) -> str:
    return phrase(code, language(), **blanks)
