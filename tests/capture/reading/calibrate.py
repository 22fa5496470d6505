"""Counts, on the tuning pages, how often each rule's certainty was right: `python -m tests.capture.reading.calibrate`.

    python -m tests.capture.reading.calibrate KEPT-FOLDER PAGES [--write]

Certainty is made rising with the rule's own (pool adjacent violators), fields read alike together; each group gives
(right + 1) / (all + 1.5), so that no number of right readings makes a certainty of one.
"""

from __future__ import annotations

import argparse
import math
import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from itertools import accumulate, groupby
from pathlib import Path
from unittest import mock

from docclient.capture.fields import calibration
from docclient.capture.fields.calibration import MAY_BE_BY_HAND
from docclient.capture.fields.handwriting import PERHAPS_PEN
from tests.capture.reading.judging import Judged, judged
from tests.generators.pages import HELD_OUT, TUNING

POOLS = (("code_number", "issued_date"), ("code_notation",), ("organ_name",), ("parent_name",), ("issued_place",),
         ("type_name", "signer_position", "authority_form", "urgency"), ("signer_name",), ("subject", "addressees"),
         ("recipients",))
"""Fields that are read alike (figures; names in capitals; words of closed lists; sentences) are counted together."""

RIM = 1
"""So many readings of a group lie below where it begins. With this and five readings in a group at least, tables made
on one half of the tuning pages gave 0.3 % wrong among the green of the other half, and the most green."""

TARGET = Path(calibration.__file__)


def table(readings: Iterable[tuple[float, bool]], *, least: int = 5) -> tuple[tuple[float, float], ...]:
    """(raw certainty from here on, share right), rising. `least`: readings that a group holds at least. A group begins
    above its lowest reading: a single one at its rim vouches for nothing."""
    groups: list[list[tuple[float, bool]]] = []
    # those of one certainty stay together: sorted by right and wrong they would seem to be told apart
    for _, equal in groupby(sorted(readings), key=lambda one: round(one[0], 3)):
        groups.append(list(equal))
        while len(groups) > 1 and (len(groups[-2]) < least or _share(groups[-2]) >= _share(groups[-1])):
            groups[-2:] = [groups[-2] + groups[-1]]
    if len(groups) > 1 and len(groups[-1]) < least:
        groups[-2:] = [groups[-2] + groups[-1]]
    starts = [math.floor(group[min(RIM, len(group) - 1)][0] * 1000) / 1000 for group in groups]
    # of two groups the smaller is doubted more: what lies below is promised no more than what lies above
    shares = list(accumulate((_honest(group) for group in reversed(groups)), min))[::-1]
    return tuple(zip(starts, shares, strict=True))


def _share(group: list[tuple[float, bool]]) -> float:
    return sum(right for _, right in group) / len(group)


def _honest(group: list[tuple[float, bool]]) -> float:
    return math.floor((sum(right for _, right in group) + 1) / (len(group) + 1.5) * 1000) / 1000


def counted(seeds: Iterable[int], keep: Path) -> list[Judged]:
    """The tuning pages judged with the rules' own certainty."""
    with mock.patch.object(calibration, "TABLES", {}):
        return [one for seed in seeds for one in judged(seed, keep)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("keep", type=Path)
    parser.add_argument("pages", type=int, help="0 for those that were read already")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    kept = sorted(int(file.parent.name) for file in given.keep.glob("*/about.json"))
    seeds = [seed for seed in TUNING[:given.pages] or kept if seed not in HELD_OUT]
    by_field: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for one in counted(seeds, given.keep):
        if one.read and not one.by_hand and not (one.field in MAY_BE_BY_HAND and one.certainty <= PERHAPS_PEN):
            by_field[one.field].append((one.certainty, one.state == "right"))
    text = "TABLES: dict[str, tuple[tuple[float, float], ...]] = {\n"
    for pool in POOLS:
        alike = [one for name in pool for one in by_field[name]]
        steps = ", ".join(f"({start}, {share})" for start, share in table(alike))
        for name in pool:
            text += textwrap.fill(f'"{name}": ({steps},),', 116, initial_indent="    ", subsequent_indent="        ")
            text += "\n"
    text += "}\n"
    print(f"{len(seeds)} pages\n{text}")                # noqa: T201
    if given.write:
        before, _, after = TARGET.read_text("utf-8").partition("TABLES: dict")
        before = re.sub(r"^PAGES = \d+$", f"PAGES = {len(seeds)}", before, flags=re.MULTILINE)
        TARGET.write_text(before + text + after[after.index('"""Field →'):], "utf-8")


if __name__ == "__main__":
    main()
