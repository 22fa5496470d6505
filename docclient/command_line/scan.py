"""`docclient scan`: pages from a scanner or a watched folder into a folder, each safe before the next is drawn in."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from signal import SIGINT, SIGTERM, signal
from threading import Event
from typing import Annotated, Any

import typer

from docclient.capture.batch import Batch
from docclient.capture.sources.choosing import source_at
from docclient.capture.sources.discovery import Found, discover
from docclient.capture.sources.model import DOTS_PER_INCH, LEAST_DOTS_PER_INCH, Colour, Feed
from docclient.capture.sources.taking import Taken, take
from docclient.command_line.answer import Json, answer, answering, error_object, language, notes
from docclient.command_line.office_places import Where, opened_as_anybody
from docclient.desk.scan_profiles import ScanChoice, usual
from docclient.errors import ExitCode, NotAllowed, Trouble, WrongUse
from docclient.office.queries.scan_profiles import ScanProfiles
from docclient.office.scan_profiles import ProfilePart, ScanProfile
from docclient.words import Phrase, phrase, words_of


class NothingAsked(WrongUse):
    """Neither --list, nor both --source and --out."""

    code = "scan_use.nothing_asked"


class ResolutionLow(WrongUse):
    """facts: asked, least (dpi)."""

    code = "scan_use.resolution_low"


class OfficeNeeded(WrongUse):
    """--profile without --as."""

    code = "scan_use.office_needed"


class ProfileUnknown(WrongUse):
    """facts: profile, known (names)."""

    code = "scan_use.profile_unknown"


class ProfileLocks(NotAllowed):
    """The office locked what was asked otherwise. facts: profile, part, value (the office's)."""

    code = "scan_use.profile_locks"


def register(app: typer.Typer) -> None:
    app.command("scan")(scan)


@answering
def scan(
    source: Annotated[str, typer.Option("--source", metavar="SRC", help="Nguồn: sane:THIẾT-BỊ, escl://MÁY, escls://MÁY "
                                        "hoặc folder:THƯ-MỤC.")] = "",
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Thư mục nhận các trang; quét lần nữa vào đó "
                                             "là quét tiếp.")] = None,
    list_scanners: Annotated[bool, typer.Option("--list", help="Liệt kê các máy quét tìm thấy.")] = False,
    feed: Annotated[Feed | None, typer.Option("--feed", help="Giấy nằm ở đâu: mặt kính, khay nạp (mặc định), khay nạp "
                                              "hai mặt.")] = None,
    resolution: Annotated[int | None, typer.Option("--resolution", metavar="DPI", help="Độ phân giải, từ 200 dpi; "
                                                   f"mặc định {DOTS_PER_INCH}.")] = None,
    colour: Annotated[Colour | None, typer.Option("--colour", help="Màu (mặc định) hay xám.")] = None,
    profile: Annotated[str, typer.Option("--profile", metavar="NAME", help="Cách quét mà cơ quan đã đặt.")] = "",
    as_: Annotated[str, typer.Option("--as", metavar="PERSON", help="Với --profile: người thực hiện.")] = "",
    office: Where = "",
    pages: Annotated[int | None, typer.Option("--pages", min=1, metavar="N", help="Dừng sau N trang.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Với thư mục: chờ thêm tệp cho đến khi bấm Ctrl+C.")] = False,
    as_json: Json = False,
) -> None:
    """Quét giấy. Mỗi trang nằm chắc trên đĩa rồi máy mới kéo tờ sau; kẹt giấy hay mất điện không làm mất trang nào."""
    if list_scanners:
        found = discover()
        answer(list_object(found), as_json=as_json, text=lambda: list_lines(found))
    given = {ProfilePart.SOURCE: source or None, ProfilePart.FEED: feed, ProfilePart.COLOUR: colour,
             ProfilePart.RESOLUTION: resolution}
    choice = chosen(given, profile_named(profile, office, as_) if profile else None)
    if not choice.address or out is None:
        raise NothingAsked
    if choice.dots_per_inch < LEAST_DOTS_PER_INCH:
        raise ResolutionLow(asked=choice.dots_per_inch, least=LEAST_DOTS_PER_INCH)
    source = choice.address
    stop = Event()
    if watch:
        for kind in (SIGINT, SIGTERM):
            signal(kind, lambda _number, _frame: stop.set())
    batch = Batch.at(out.absolute())
    try:
        taken = take(source_at(source, watch=watch), choice.asked(pages), batch, stop,
                     told=lambda number, page: notes.print(
                         phrase("scan_line.page", language(), number=number, file=page.name), markup=False))
    except Trouble:
        if batch.pages():
            batch.close()
        else:
            batch.forget()
        raise
    if not batch.pages() and taken.refused:
        batch.forget()
    else:
        batch.close()
    document = scanned_object(source, batch.folder, taken)
    answer(document, as_json=as_json, text=lambda: scanned_line(batch.folder, taken),
           exit_code=outcome_of(taken))


def profile_named(name: str, office: str, as_: str) -> ScanProfile:
    """Raises: OfficeNeeded, ProfileUnknown, what the office raises."""
    if not as_:
        raise OfficeNeeded
    with closing(opened_as_anybody(office)) as engine:
        known = engine.enter(engine.person(as_)).ask(ScanProfiles())
    found = next((each for each in known if each.profile == name), None)
    if found is None:
        raise ProfileUnknown(profile=name, known=", ".join(each.profile for each in known) or "—")
    return found


def chosen(given: Mapping[ProfilePart, Any], profile: ScanProfile | None) -> ScanChoice:
    """What was said, the profile's for what was not. Raises: ProfileLocks."""
    base = usual(profile, ScanChoice("")) if profile is not None else ScanChoice("")
    own: dict[ProfilePart, Any] = {ProfilePart.SOURCE: base.address, ProfilePart.FEED: base.feed,
                                   ProfilePart.COLOUR: base.colour, ProfilePart.RESOLUTION: base.dots_per_inch}
    said = {part: value if given.get(part) is None else given[part] for part, value in own.items()}
    for part in ProfilePart:
        if profile is not None and part in profile.locked and said[part] != own[part]:
            raise ProfileLocks(profile=profile.profile, part=Phrase(f"profilepart.{part.value}"), value=str(own[part]))
    return ScanChoice(said[ProfilePart.SOURCE], said[ProfilePart.FEED], said[ProfilePart.COLOUR],
                      said[ProfilePart.RESOLUTION], base.profile)


def outcome_of(taken: Taken) -> ExitCode:
    """What cut the pile off; else a file that was no page; else good."""
    if taken.trouble is not None:
        return taken.trouble.exit_code
    return taken.refused[0].trouble.exit_code if taken.refused else ExitCode.GOOD


def scanned_object(source: str, folder: Path, taken: Taken) -> dict[str, Any]:
    """state: complete, or interrupted with the error that ended it. refused: files of a folder that are no pages."""
    return {
        "source": source, "folder": str(folder), "state": "complete" if taken.trouble is None else "interrupted",
        "pages": [{"number": number, "file": str(page)} for number, page in enumerate(taken.pages, 1)],
        "error": error_object(taken.trouble) if taken.trouble is not None else None,
        "refused": [{"file": each.file, "error": error_object(each.trouble)} for each in taken.refused],
    }


def scanned_line(folder: Path, taken: Taken) -> str:
    refused = [phrase("scan_line.refused", language(), file=each.file,
                      sentence=words_of(each.trouble, language()).sentence) for each in taken.refused]
    return "\n".join((*refused, pages_line(folder, taken)))


def pages_line(folder: Path, taken: Taken) -> str:
    if taken.trouble is None:
        return phrase("scan_line.done", language(), pages=len(taken.pages), folder=str(folder))
    return phrase("scan_line.interrupted", language(), pages=len(taken.pages), folder=str(folder),
                  sentence=words_of(taken.trouble, language()).sentence)


def list_object(found: Found) -> dict[str, Any]:
    return {
        "scanners": [{"source": each.address, "title": each.title, "kind": each.kind} for each in found.scanners],
        "troubles": [error_object(trouble) for trouble in found.troubles],
    }


def list_lines(found: Found) -> str:
    lines = [phrase("scan_line.scanner" if each.tried else "scan_line.scanner_untried", language(), title=each.title,
                    address=each.address) for each in found.scanners]
    lines = lines or [phrase("scan_line.no_scanner", language())]
    lines += [phrase("scan_line.not_looked", language(), sentence=words_of(trouble, language()).sentence)
              for trouble in found.troubles]
    return "\n".join(lines)
