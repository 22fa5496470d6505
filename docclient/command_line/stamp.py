"""`docclient stamp`: time-stamps for files that are signed already, and for those that were put off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, error_object, language
from docclient.command_line.sign import NameTaken
from docclient.command_line.time_stamps import TimeStampServices
from docclient.errors import ExitCode, Trouble, WrongUse
from docclient.settings import load_settings
from docclient.time_stamping import StampWish, queue_of_files, services_of, stamp_put_off
from docclient.trusted_here import trust_of_command
from docclient.words import phrase
from signing.errors import ServiceTrouble
from signing.late_stamps import StampedFile, add_document_stamp
from signing.levels import Level
from signing.sign_troubles import StampsMissing
from signing.stamp_queue import Due, DueState
from signing.timestamps import TimestampService
from signing.trust import TrustStore

VIETNAM = timezone(timedelta(hours=7))
Item = dict[str, Any]


class LaterLevel(StrEnum):
    """What can be reached after signing."""

    B_T = "b-t"
    B_LT = "b-lt"
    B_LTA = "b-lta"


class NothingNamed(WrongUse):
    """Neither files with a folder for the results nor the queue."""

    code = "stamp.nothing_named"


def register(app: typer.Typer) -> None:
    app.command("stamp")(stamp)


@answering
def stamp(
    inputs: Annotated[list[Path] | None, typer.Argument(metavar="[IN]…", help="Các tệp PDF đã ký.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Thư mục nhận kết quả, mỗi tệp giữ tên của "
                                             "nó.")] = None,
    pending: Annotated[bool, typer.Option("--pending", help="Đóng dấu cho các tệp đã ký mà còn chờ dấu thời gian, ngay "
                                          "tại chỗ của chúng.")] = False,
    tsa: TimeStampServices = None,
    level: Annotated[LaterLevel, typer.Option("--level", help="Mức cần đạt.")] = LaterLevel.B_T,
    trust: Annotated[list[Path] | None, typer.Option("--trust", metavar="PATH", help="Chứng thư được tin cậy thêm (tệp "
                                                     "hoặc thư mục); lặp lại được.")] = None,
    crl: Annotated[list[Path] | None, typer.Option("--crl", metavar="PATH",
                                                   help="Danh sách thu hồi; lặp lại được.")] = None,
    office: Annotated[str, typer.Option("--office", metavar="URL", help="Đóng dấu cho các văn bản của văn phòng này "
                                        "còn dưới mức --level (cùng với --as).")] = "",
    as_: Annotated[str, typer.Option("--as", metavar="PERSON", help="Người thực hiện trong văn phòng.")] = "",
    as_json: Json = False,
) -> None:
    """Đóng dấu thời gian cho tệp đã ký, trong một bản cập nhật riêng; mọi chữ ký có sẵn được kiểm tra lại."""
    if [bool(inputs), pending, bool(as_)].count(True) != 1 or bool(inputs) != (out is not None):
        raise NothingNamed
    services = services_of(load_settings(), tsa or ())
    items: list[Item] = []
    worst = ExitCode.GOOD
    if inputs and out is not None:
        if services is None:
            raise StampsMissing(level=level.value)
        found = _named(inputs, out, services, Level(level.value), trust_of_command(trust or (), crl or ()))
    elif as_:
        if services is None:
            raise StampsMissing(level=level.value)
        found = iter(_of_office(office, as_, StampWish(Level(level.value), services)))
    else:
        found = iter(_pending(services if tsa else None, trust or (), crl or ()))
    for item, trouble in found:
        items.append(item)
        worst = max(worst, trouble.exit_code) if trouble is not None else worst
    states = [item["state"] for item in items]
    document = {"items": items, "stamped": states.count("stamped"), "waiting": states.count("waiting"),
                "failed": states.count("failed") + states.count("set_aside")}
    answer(document, as_json=as_json, text=lambda: "\n".join(_lines(document)), exit_code=worst)


def _named(inputs: Sequence[Path], out: Path, services: TimestampService, level: Level,
           trust: TrustStore) -> Iterator[tuple[Item, Trouble | None]]:
    taken: set[str] = set()
    for source in inputs:
        try:
            if source.name.casefold() in taken:
                raise NameTaken(file=source.name)
            taken.add(source.name.casefold())
            yield _item(str(source), add_document_stamp(source, out / source.name, services, trust, level=level)), None
        except Trouble as trouble:
            yield _without(str(source), "failed", trouble), trouble


def _pending(services: TimestampService | None, trusted: Sequence[Path],
             crls: Sequence[Path]) -> list[tuple[Item, Trouble | None]]:
    """Every entry of the queue: those that wait are tried now, those set aside are told."""
    done: dict[str, StampedFile] = {}
    found: list[tuple[Item, Trouble | None]] = []

    def work(due: Due) -> bool:
        done[due.key] = stamp_put_off(due, services=services, trusted=trusted, crls=crls)
        return not done[due.key].warnings

    def told(due: Due, finished: bool) -> None:
        if due.key in done:
            found.append((_item(due.facts["file"], done[due.key]), None))
        elif due.trouble is not None:
            state = "set_aside" if due.state is DueState.SET_ASIDE else "waiting"
            found.append((_without(due.facts.get("file", due.key), state, due.trouble), due.trouble))

    queue = queue_of_files()
    aside = [due for due in queue.entries() if due.state is DueState.SET_ASIDE]
    queue.work_through(work, told=told, all_now=True)
    for due in aside:
        told(due, False)
    return found


def _of_office(url: str, person: str, wish: StampWish) -> list[tuple[Item, Trouble | None]]:
    from docclient.command_line.office_places import opened_as_anybody
    from docclient.desk.stamping import queue_of_office, stamp_due_documents

    engine = opened_as_anybody(url)
    try:
        door = engine.enter(engine.person(person))
        done = stamp_due_documents(door, wish, queue_of_office(door), all_now=True)
    finally:
        engine.close()
    return [(_without(str(each.document), "waiting" if isinstance(each.trouble, ServiceTrouble) else "set_aside",
                      each.trouble), each.trouble) if each.trouble is not None else
            ({"input": str(each.document), "output": str(each.document), "state": "stamped", "error": None,
              "level": each.level.value if each.level is not None else None, "added": ["stamp"], "stamped_at": None,
              "sha256": None, "warnings": []}, None) for each in done]


def _item(source: str, stamped: StampedFile) -> Item:
    at = stamped.stamped_at
    return {"input": source, "output": str(stamped.target), "state": "stamped", "error": None,
            "level": stamped.level.value, "added": list(stamped.added),
            "stamped_at": at.astimezone(VIETNAM).isoformat(timespec="seconds") if at is not None else None,
            "sha256": stamped.sha256, "warnings": list(stamped.warnings)}


def _without(source: str, state: str, trouble: Trouble) -> Item:
    return {"input": source, "output": None, "state": state, "error": error_object(trouble), "level": None, "added": [],
            "stamped_at": None, "sha256": None, "warnings": []}


def _lines(document: dict[str, Any]) -> Iterator[str]:
    for item in document["items"]:
        if item["state"] == "stamped":
            yield _say("stamp_line.stamped" if item["added"] else "stamp_line.complete",
                       **{**item, "stamped_at": _readable(item["stamped_at"])})
            for remark in item["warnings"]:
                yield _say("stamp_line.remark", remark=_say(f"sign_remark.{remark}"))
        else:
            yield _say(f"stamp_line.{item['state']}", input=item["input"], sentence=item["error"]["message"])
            yield _say("stamp_line.advice", advice=item["error"]["advice"])
    yield _say("stamp_line.count", **document)


def _readable(moment: str | None) -> str:
    return datetime.fromisoformat(moment).strftime("%H:%M:%S %d/%m/%Y") if moment else ""


def _say(code: str, **blanks: object) -> str:
    return phrase(code, language(), **blanks)
