"""`docclient office check` and `office stamp`: does the office tell the truth, and since when is that proven."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import select

from docclient.command_line.answer import Json, answer, answering, language
from docclient.command_line.office_places import As, Where, opened_as_anybody, where
from docclient.desk.journal_stamping import stamp_journal
from docclient.errors import ExitCode, FileNotReadable, reason_of_os_error
from docclient.kept_heads import keep_head, kept_head
from docclient.office.chain import BEGINNING
from docclient.office.checking import CheckResult, KnownHead, check_office
from docclient.office.engine import OfficeEngine
from docclient.office.errors import FieldWrong, Why
from docclient.office.journal import Head
from docclient.settings import load_settings
from docclient.store import tables
from docclient.time_stamping import services_of
from docclient.words import phrase, said

KEPT = "kept"


def register(office: typer.Typer) -> None:
    office.command("check")(check)
    office.command("stamp")(stamp)


@answering
def check(
    office: Where = "",
    since: Annotated[str, typer.Option(metavar="kept|NUMBER:HASH", help="Chỉ đọc những gì đến sau mục này: sau lần "
                                       "kiểm tra trước trên máy này (kept), hoặc sau mục in trên sổ.")] = "",
    whole: Annotated[bool, typer.Option("--whole", help="Đọc toàn bộ, như khi không có --since.")] = False,
    stamps: Annotated[list[Path] | None, typer.Option("--stamp", metavar="FILE", help="Dấu thời gian giữ ở nơi khác, "
                                                      "phải còn đúng với nhật ký.")] = None,
    as_json: Json = False,
) -> None:
    """Kiểm tra văn phòng: nhật ký, dấu thời gian, số, văn bản, người dùng, nội dung tệp. Thoát 1 nếu có điều sai."""
    if whole and since:
        raise FieldWrong("--since", Why.WRONG_KIND, "--whole")
    tokens = [token_in(file) for file in stamps or ()]
    with closing(OfficeEngine.open(where(office))) as engine:
        identity = identity_of(engine)
        kept = kept_head(engine.place.name, identity)
        result = check_office(engine, since=start_of(since, kept), known=[kept] if kept else [], tokens=tokens)
        if result.whole and result.head is not None:
            keep_head(engine.place.name, identity, Head(result.number, result.head))
    answer(check_answer(result), as_json=as_json, text=lambda: check_text(result),
           exit_code=ExitCode.GOOD if result.whole else ExitCode.ANSWER_IS_NO)


def identity_of(engine: OfficeEngine) -> str:
    """Which office it is: the hash of its first journal entry."""
    with engine.reading() as work:
        return work.connection.scalar(select(tables.journal.c.hash).where(tables.journal.c.number == 1)) or ""


def start_of(text: str, kept: KnownHead | None) -> Head:
    """Raises: FieldWrong."""
    if not text:
        return BEGINNING
    if text == KEPT:
        return kept.head if kept else BEGINNING
    found = re.fullmatch(r"([0-9]{1,12}):([0-9a-fA-F]{64})", re.sub(r"[\s.]", "", text))
    if found is None:
        raise FieldWrong("--since", Why.WRONG_KIND, text[:100])
    return Head(int(found[1]), found[2].lower())


def token_in(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileNotReadable(file=str(file), reason=reason_of_os_error(error)) from error


def check_answer(result: CheckResult) -> dict[str, Any]:
    return {"ok": result.whole, "entries": result.entries, "head": result.head, "number": result.number,
            "since": result.since, "findings": [
                {"kind": each.kind.value, "where": each.where, "place": str(said(each.place, language())),
                 "detail": str(said(each.why, language()))} for each in result.findings]}


def check_text(result: CheckResult) -> str:
    if result.whole:
        code = "office_line.whole_since" if result.since else "office_line.whole"
        return phrase(code, language(), entries=result.entries, head=result.head or "", since=result.since)
    lines = [phrase("office_line.not_whole", language(), count=len(result.findings))]
    lines += [f"  {phrase(f'finding.{each.kind.value}', language())}: {said(each.place, language())}. "
              f"{said(each.why, language())}" for each in result.findings]
    return "\n".join(lines)


@answering
def stamp(
    as_: As, office: Where = "",
    tsa: Annotated[list[str] | None, typer.Option("--tsa", metavar="URL", help="Dịch vụ dấu thời gian; không có thì "
                                                  "theo thiết lập.")] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Giữ thêm một bản của dấu ở đây.")] = None,
    as_json: Json = False,
) -> None:
    """Đóng dấu thời gian (RFC 3161) lên đầu chuỗi nhật ký, mỗi ngày một lần là đủ."""
    services = services_of(load_settings(), tsa or ())
    if services is None:
        raise FieldWrong("--tsa", Why.EMPTY)
    with closing(opened_as_anybody(office)) as engine:
        made = stamp_journal(engine.enter(engine.person(as_)), services)
    if made is not None and out is not None:
        try:
            out.write_bytes(made.token)
        except OSError as error:
            raise FileNotReadable(file=str(out), reason=reason_of_os_error(error)) from error
    found = None if made is None else {"number": made.number, "hash": made.hash, "at": made.at.isoformat()}
    answer({"stamped": found, "file": str(out) if out is not None and made is not None else None}, as_json=as_json,
           text=lambda: phrase("office_line.stamped", language(), number=made.number, at=made.at.isoformat())
           if made is not None else phrase("office_line.nothing_to_stamp", language()))
