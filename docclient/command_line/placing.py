"""Places and appearances on the command line: options, their checks, and the plan of a batch as an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from docclient.command_line.answer import error_object, language
from docclient.errors import ExitCode, Trouble, WrongUse
from docclient.words import phrase
from signing.batch import Item, State
from signing.page import Place, frames_of
from signing.plan import Plan, plan_signatures
from signing.request import SigningRequest
from signing.sign_troubles import PlaceOutside
from signing.templates import BLANKS

PlaceInMillimetres = Annotated[str | None, typer.Option(
    "--place-mm", metavar="PAGE,x,y,w,h", help="Khung chữ ký: trang, rồi khoảng cách từ mép trái và mép trên, chiều "
    "rộng, chiều cao; milimét, trên trang đang hiển thị.")]
TemplateName = Annotated[str | None, typer.Option(
    "--template", metavar="NAME|FILE", help="Mẫu hiển thị: tên mẫu có sẵn hoặc tệp .toml.")]
Position = Annotated[str | None, typer.Option("--position", help="Chức vụ ghi theo mẫu hiển thị.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Lý do ký, ghi trong chữ ký và theo mẫu hiển thị.")]
Blanks = Annotated[list[str] | None, typer.Option(
    "--blank", metavar="NAME=TEXT", help="Điền một chỗ trống của mẫu hiển thị, ví dụ to=Phòng Kinh tế; lặp lại được.")]
SealDiameter = Annotated[float, typer.Option(
    "--seal-mm", min=10, max=80, help="Đường kính con dấu, milimét, khi cần tạo ô con dấu.")]
Preview = Annotated[Path | None, typer.Option(
    "--preview", metavar="FILE.pdf", help="Không ký: chỉ lập bảng xem trước vị trí chữ ký của mọi văn bản. Không cần "
    "khóa.")]


class PlaceWrong(WrongUse):
    """facts: given."""

    code = "sign.place_mm_wrong"


class BlankWrong(WrongUse):
    """facts: given, names."""

    code = "sign.blank_wrong"


class PlacedTwice(WrongUse):
    """Both --box and --place-mm."""

    code = "sign.placed_twice"


Millimetres = tuple[int, float, float, float, float]


def millimetres(text: str) -> Millimetres | None:
    """PAGE,x,y,w,h; None for what is not that."""
    parts = text.split(",")
    try:
        page, (x, y, width, height) = int(parts[0]), (float(part) for part in parts[1:])
    except ValueError:
        return None
    return (page, x, y, width, height) if page >= 1 and width > 0 and height > 0 else None


def place_in(pdf: Path, where: Millimetres) -> Place:
    """The place on this file's page. Raises: PlaceOutside and what the file's reading raises."""
    page, *rest = where
    frames = frames_of(pdf)
    if page > len(frames):
        raise PlaceOutside(page=page)
    box = frames[page - 1].from_mm(*rest)
    if not frames[page - 1].contains(box):
        raise PlaceOutside(page=page)
    return Place(page, box)


def given_blanks(given: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Raises BlankWrong."""
    pairs = [one.partition("=") for one in given]
    for (name, mark, _), one in zip(pairs, given, strict=True):
        if not mark or name not in BLANKS:
            raise BlankWrong(given=one, names=", ".join(BLANKS))
    return tuple((name, value) for name, _, value in pairs)


def placed(items: Sequence[Item], request: SigningRequest, where: str | None) -> list[Item]:
    """The items with the place given in millimetres, each on its own page; one that has no such page fails.

    Raises: PlaceWrong, PlacedTwice.
    """
    if where is None:
        return list(items)
    found = millimetres(where)
    if found is None:
        raise PlaceWrong(given=where)
    if request.place is not None:
        raise PlacedTwice
    done = []
    for item in items:
        try:
            own = replace(request, place=place_in(item.source, found))
            done.append(item if item.state is State.FAILED else replace(item, request=own))
        except Trouble as trouble:
            done.append(replace(item, state=State.FAILED, trouble=trouble))
    return done


def preview_answer(items: Sequence[Item], request: SigningRequest, target: Path) -> tuple[dict[str, Any], ExitCode]:
    """Plan every item, write the contact sheet, and say where each signature goes.

    Raises: FolderNotWritable, DiskFull.
    """
    from docclient.papers.contact_sheet import print_contact_sheet

    places = {item.source: item.request.place for item in items
              if item.request is not None and item.request.place is not None}
    plans = plan_signatures([item.source for item in items], request, places=places)
    plans = [replace(plan, trouble=item.trouble) if item.trouble is not None else plan
             for plan, item in zip(plans, items, strict=True)]
    print_contact_sheet(plans, target, datetime.now(UTC), language())
    worst = max((plan.trouble.exit_code for plan in plans if plan.trouble is not None), default=ExitCode.GOOD)
    return {"preview": str(target), "items": [plan_object(plan) for plan in plans]}, worst


def plan_object(plan: Plan) -> dict[str, Any]:
    return {
        "input": str(plan.source), "role": plan.role.value, "field": plan.field, "page": plan.page,
        "box_pt": [round(n, 3) for n in plan.box.as_tuple()] if plan.box is not None else None,
        "box_mm": [round(n, 2) for n in plan.box_mm] if plan.box_mm is not None else None,
        "certain": plan.certain, "warnings": [*(warning.value for warning in plan.warnings), *plan.notes],
        "sha256": plan.sha256 or None,
        "error": error_object(plan.trouble) if plan.trouble is not None else None,
    }


def preview_lines(document: dict[str, Any]) -> Iterator[str]:
    for item in document["items"]:
        name = Path(item["input"]).name
        if item["error"] is not None:
            yield _say("placing_line.failed", name=name, sentence=item["error"]["message"])
            continue
        place = phrase("contact_sheet.invisible", language()) if item["box_mm"] is None else spot_words(item)
        yield _say("contact_sheet.line", name=name, place=place)
        for code in item["warnings"]:
            yield _say("contact_sheet.doubt", words=_say(f"sign_remark.{code}"))
    yield _say("contact_sheet.written", file=document["preview"])


def spot_words(found: dict[str, Any]) -> str:
    """`trang 1; x 125 mm, y 129,7 mm; …` of an answer's page and box_mm."""
    x, y, width, height = (f"{n:.1f}".removesuffix(".0") for n in found["box_mm"])
    return _say("placing_line.spot", page=found["page"], x=x, y=y, width=width, height=height)


def _say(code: str, **blanks: object) -> str:
    return phrase(code, language(), **blanks)
