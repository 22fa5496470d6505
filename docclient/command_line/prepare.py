"""`docclient prepare`: fields for number, date, signatures and seal, proposed from the page and moved by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import Json, answer, answering, error_object, language
from docclient.command_line.placing import Millimetres, SealDiameter, millimetres, place_in, spot_words
from docclient.errors import ExitCode, Trouble, WrongUse
from docclient.words import phrase
from signing.form import AGENCY, LEADER
from signing.page import PageFrame, Place, frames_of
from signing.places import SEAL_DIAMETER_MM, Places, propose_places, seal_box
from signing.prepare import prepare
from signing.spot_warnings import SpotWarning, warnings_for


class FieldPlaceWrong(WrongUse):
    """facts: given."""

    code = "prepare.place_wrong"


class OutMissing(WrongUse):
    """Neither --out nor --show."""

    code = "prepare.out_missing"


class NameTaken(WrongUse):
    """facts: file."""

    code = "sign.name_taken"


def register(app: typer.Typer) -> None:
    app.command("prepare")(prepare_files)


@answering
def prepare_files(
    inputs: Annotated[list[Path], typer.Argument(metavar="IN…", help="Các tệp PDF chưa ký.")],
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Thư mục nhận kết quả, mỗi tệp giữ tên của "
                                             "nó.")] = None,
    place: Annotated[list[str] | None, typer.Option(
        "--place", metavar="FIELD=PAGE,x,y,w,h", help="Đặt một ô đúng chỗ này: trang, cách mép trái, cách mép trên, "
        "rộng, cao; milimét, trên trang đang hiển thị. Lặp lại được.")] = None,
    without: Annotated[list[str] | None, typer.Option("--without", metavar="FIELD", help="Không đặt ô này; lặp lại "
                                                      "được.")] = None,
    seal_mm: SealDiameter = SEAL_DIAMETER_MM,
    show: Annotated[bool, typer.Option("--show", help="Chỉ cho biết vị trí đề xuất, không ghi tệp nào.")] = False,
    as_json: Json = False,
) -> None:
    """Đặt ô số, ngày, chữ ký và con dấu lên trang, trước chữ ký đầu tiên. Tệp gốc không bị thay đổi."""
    if out is None and not show:
        raise OutMissing
    moved = [_moved(one) for one in place or ()]
    items, codes = [], [ExitCode.GOOD]
    taken: set[str] = set()
    for source in inputs:
        item: dict[str, Any] = {"input": str(source), "output": None, "error": None, "fields": {}, "notes": []}
        try:
            if source.name.casefold() in taken:
                raise NameTaken(file=source.name)
            taken.add(source.name.casefold())
            places = _places(source, moved, without or (), seal_mm)
            item["fields"], item["notes"] = _fields(source, places), list(places.notes)
            if out is not None and not show:
                target = out / source.name
                item["added"] = list(prepare(source, target, places).fields)
                item["output"] = str(target)
        except Trouble as trouble:
            item["error"] = error_object(trouble)
            codes.append(trouble.exit_code)
        items.append(item)
    answer({"items": items}, as_json=as_json, text=lambda: "\n".join(_lines(items)), exit_code=max(codes))


def _moved(given: str) -> tuple[str, Millimetres]:
    """Raises FieldPlaceWrong."""
    field, _, where = given.partition("=")
    found = millimetres(where)
    if not field or found is None:
        raise FieldPlaceWrong(given=given)
    return field, found


def _places(source: Path, moved: Sequence[tuple[str, Millimetres]], without: Sequence[str], seal_mm: float) -> Places:
    """What the page proposes, as changed by hand. Raises: FieldUnknown, PlaceOutside and the troubles of reading."""
    places = propose_places(source, seal_diameter_mm=seal_mm)
    for field, where in moved:
        places = places.moved(field, place_in(source, where))
    if any(field == LEADER for field, _ in moved) and AGENCY not in dict(moved) and places.leader is not None:
        seal = seal_box(places.leader.box, frames_of(source)[places.leader.page - 1], seal_mm)   # it goes along
        places = places.moved(AGENCY, Place(places.leader.page, seal))
    for field in without:
        places = places.without(field)
    return places


def _fields(source: Path, places: Places) -> dict[str, Any]:
    frames: list[PageFrame] = frames_of(source)
    doubts = warnings_for(source, places.signature_places())
    return {name: {
        "page": place.page,
        "box_pt": [round(n, 3) for n in place.box.as_tuple()],
        "box_mm": [round(n, 2) for n in frames[place.page - 1].to_mm(place.box)],
        "certain": place.certain,
        "warnings": [warning.value for warning in doubts.get(name, ()) if warning is not SpotWarning.PLACE_GUESSED],
    } for name, place in places.by_field().items()}


def _lines(items: Sequence[dict[str, Any]]) -> Iterator[str]:
    for item in items:
        if item["error"] is not None:
            yield _say("placing_line.failed", name=item["input"], sentence=item["error"]["message"])
            yield _say("placing_line.advice", advice=item["error"]["advice"])
            continue
        yield _say("placing_line.file", name=item["input"])
        for name, found in item["fields"].items():
            yield _say("placing_line.field", field=name, place=spot_words(found),
                       guess="" if found["certain"] else _say("placing_line.guess"))
            for code in found["warnings"]:
                yield _say("placing_line.note", words=_say(f"spot_warning.{code}"))
        for note in item["notes"]:
            yield _say("placing_line.note", words=_say(f"place_note.{note}"))
        if item["output"] is not None:
            yield _say("placing_line.written", output=item["output"])


def _say(code: str, **blanks: object) -> str:
    return phrase(code, language(), **blanks)
