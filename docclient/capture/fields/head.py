"""The head of page 1: the state's name, the issuing agency, number and symbol, place and date (boxes 1 to 4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from docclient.capture.fields.agreement import Look
from docclient.capture.fields.dateline import read_dateline
from docclient.capture.fields.handwriting import Crop
from docclient.capture.fields.issuer import read_issuer, read_parent
from docclient.capture.fields.lines import Line, around, lines_of
from docclient.capture.fields.model import UNREAD, Box, Field
from docclient.capture.fields.number import read_number
from docclient.capture.fields.slips import likeness, plain
from docclient.capture.fields.stamps import is_stamp, without_colour
from docclient.capture.page_text import PageText

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
LOWEST_HEAD = 0.5
"""The head lies in the upper half of the page."""

DEEPEST_HEAD_MM = 75.0
"""Number and date stand no lower than this below the state's name, however many lines the agencies' names take."""

LEFT_EDGE_MM, RIGHT_EDGE_MM = 12.0, 8.0
"""Nothing of the head stands nearer to the paper's edge."""

UTC_PLUS_7 = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Head:
    """What page 1's head says. `bottom`: where it ends; `number_line`, `columns_at`: for the parts read after it."""

    organ_name: Field
    code_number: Field
    code_notation: Field
    issued_place: Field
    issued_date: Field
    bottom: float
    columns_at: float
    number_line: Line | None
    parent_name: Field = UNREAD


def read_head(page: PageText, look: Look | None = None, today: date | None = None, crop: Crop | None = None) -> Head:
    """Read boxes 1 to 4. `look` reads a line of the page again; `today` bounds the year (today in Vietnam); `crop`
    shows the page, to tell print from pen."""
    today = today or (datetime.now(UTC) + UTC_PLUS_7).date()
    page = without_colour(page)
    width, height = page.size_mm
    anchor = find_phrase(page, STATE, below=height * LOWEST_HEAD)
    motto = find_phrase(page, MOTTO, below=height * LOWEST_HEAD)
    columns_at = anchor[0] - 1.5 if anchor else motto[0] - 12 if motto else width * 0.47
    lines = [line for line in lines_of(page, split_at=columns_at) if line.top < height * LOWEST_HEAD]
    top = min(box[1] for box in (anchor, motto) if box) if anchor or motto else 0.0
    number_line, number, notation = read_number(lines, width, look, crop, columns_at)
    # a long place begins left of the state's name: a date's line is not cut there
    across = sorted([*lines_of(page), *lines], key=lambda line: line.left)
    place, day, date_line = read_dateline([line for line in across if line.top < top + DEEPEST_HEAD_MM], today, crop,
                                           middle=width / 2, look=look)
    if look is not None and number_line is None and date_line is not None:
        beside = _beside(look, (LEFT_EDGE_MM, date_line.top - 2, columns_at - 1, date_line.bottom + 2), page)
        number_line, number, notation = read_number(beside, width, look, crop, columns_at)
    elif look is not None and date_line is None and number_line is not None:
        beside = _beside(look, (columns_at, number_line.top - 3, width - RIGHT_EDGE_MM, number_line.bottom + 3), page)
        place, day, date_line = read_dateline(beside, today, crop, middle=width / 2, look=look)
    end = number_line.top if number_line else date_line.top if date_line else top + 30
    names = [line for line in lines if line.right <= columns_at + 12 and line.left < columns_at - 4
             and top - 12 < line.top < end - 1 and not is_stamp(line.text)
             and not all(word.coloured for word in line.words)]
    organ = read_issuer(names, look)
    bottoms = [line.bottom for line in (number_line, date_line) if line]
    return Head(organ, number, notation, place, day, max(bottoms, default=top + 25), columns_at, number_line,
                read_parent(names, look))


def _beside(look: Look, box: Box, page: PageText) -> list[Line]:
    """The lines of a part of the head where none were read: number and date stand beside each other (boxes 3 and 4)."""
    return lines_of(PageText(tuple(look(box)), page.size_mm))


def find_phrase(page: PageText, phrase: str, below: float) -> Box | None:
    """The box of a known phrase above the height `below`, though some letters be wrong; None when it is not there."""
    wanted = plain(phrase)
    count = len(wanted.split())
    best: tuple[float, Box] | None = None
    for line in lines_of(page):
        if line.top > below:
            break
        words = [word for word in line.words if plain(word.text)]
        for start in range(max(1, len(words) - count + 2)):
            for length in (count - 1, count, count + 1):
                some = words[start:start + length]
                said = plain(" ".join(word.text for word in some))
                if min(len(said), len(wanted)) <= (best[0] if best else 0.72) * max(len(said), len(wanted)):
                    continue                # so unlike in length that no comparing is needed
                alike = likeness(said, wanted)
                if alike > (best[0] if best else 0.72):
                    best = alike, around(word.box_mm for word in some)
    return best[1] if best else None
