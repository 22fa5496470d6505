"""The handling slip of an incoming document (Phiếu giải quyết văn bản đến): NĐ 30, Annex IV."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from docclient.papers.layout import date_line, journal_line
from docclient.papers.model import HandlingSlip
from docclient.papers.typeset import typeset
from docclient.words import Language, phrase


def print_handling_slip(slip: HandlingSlip, target: Path) -> Path:
    """Write the slip to `target` as PDF/A-2b, A4 portrait. What is not decided yet becomes lines to write on.

    Raises: FolderNotWritable, DiskFull.
    """
    return typeset("handling_slip", {
        "title": _say("slip_title"),
        "parent": slip.parent,
        "agency": slip.agency,
        "place_and_date": f"{slip.place}, {date_line(slip.made_on)}",
        "arrival_line": _say("slip_arrival", number=slip.arrival_number, day=slip.arrived_on),
        "document_line": "; ".join(part for part in (
            slip.type_name, slip.number_and_symbol, slip.issued_on, slip.issuer, slip.subject) if part),
        "parts": [
            _part("slip_leaders", [_block(
                each.words, each.given_by, each.given_on, ("slip_lead", each.lead), ("slip_helping", each.helping),
                ("slip_informed", each.informed), ("slip_following", each.following), ("slip_due", each.due),
                ("slip_helping_due", each.helping_due)) for each in slip.leaders]),
            _part("slip_unit", [_block(
                each.words, each.given_by, each.given_on, ("slip_handler", each.handler),
                ("slip_helping", each.helping), ("slip_due", each.due)) for each in slip.units]),
            _part("slip_proposal", [_block(each.words, each.given_by, each.given_on) for each in slip.proposals]),
        ],
        "journal_line": journal_line(slip.journal_head, slip.printed_at),
    }, slip.printed_at, target)


def _part(heading: str, blocks: list[dict[str, object]]) -> dict[str, object]:
    """One of the three parts; without any opinion a blank one to write on."""
    return {"heading": _say(heading), "blocks": blocks or [_block("", "", None)]}


def _block(words: str, given_by: str, given_on: date | None, *entries: tuple[str, str]) -> dict[str, object]:
    return {
        "entries": [[_say(name), value] for name, value in entries],
        "words": words,
        "date_line": date_line(given_on),
        "given_by": given_by,
    }


def _say(name: str, **blanks: object) -> str:
    return phrase(f"papers.{name}", Language.VIETNAMESE, **blanks)
