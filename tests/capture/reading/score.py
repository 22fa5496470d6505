"""The score of reading, on pages that no rule was made on: `python -m tests.capture.reading.score`.

    python -m tests.capture.reading.score [--pages 87] [--keep FOLDER]

writes docs/reading-score.md. `--keep`: a folder where what was read stays, so that a second run reads no page twice.
"""

from __future__ import annotations

import argparse
import math
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

from docclient.capture.fields import SURE
from docclient.capture.fields.calibration import PAGES
from tests.capture.reading.judging import Judged, judged
from tests.generators.pages import HELD_OUT, invent

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reading-score.md"
REGISTER = ("code_number", "code_notation", "issued_date", "issued_place", "type_name", "organ_name", "parent_name",
            "subject", "addressees", "signer_name", "signer_position", "authority_form", "recipients", "urgency")
TARGETS = {"code_number": 97.0, "code_notation": 97.0, "issued_date": 98.0, "type_name": 99.0, "organ_name": 95.0,
           "signer_name": 95.0}
SUBJECT_TARGET = 97.0


def interval(right: int, of: int) -> str:
    """95 % of such counts come from a share within (Wilson's score interval)."""
    if not of:
        return "–"
    z, share = 1.96, right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return f"{max(0.0, middle - half) * 100:.1f}–{min(1.0, middle + half) * 100:.1f}"


def percent(right: int, of: int) -> str:
    """Rounded down: what is not all is never 100."""
    return "–" if not of else f"{math.floor(1000 * right / of) / 10:.1f} %"


def page_of(readings: Sequence[Judged]) -> list[str]:
    seeds = {one.seed for one in readings}
    return [
        "# How well a page is read", "",
        "Written by `python -m tests.capture.reading.score` (`make reading-score`). "
        f"{len(seeds)} letters that no rule and no certainty was made on (seeds {min(seeds)}–{max(seeds)} of "
        f"`tests/generators/pages`), of {len({invent(seed).kind for seed in seeds})} of the 29 types, worn; every "
        "figure is a count of these.", "",
        *_targets(readings), *_fields(readings), *_green(readings), *_reliability(readings), *_wears(readings),
        *_misses(readings), *_limits()]


def _targets(readings: Sequence[Judged]) -> list[str]:
    rows = ["| what | wanted | reached | of | 95 % between |", "| --- | --- | --- | --- | --- |"]
    for name, wanted in TARGETS.items():
        some = [one for one in readings if one.field == name and one.true and not one.by_hand]
        right = sum(one.state == "right" for one in some)
        said = f"{name}, printed" if name in ("code_number", "issued_date") else name
        rows.append(f"| {said} | ≥ {wanted:g} % | {percent(right, len(some))} | {right} of {len(some)} | "
                    f"{interval(right, len(some))} |")
    subjects = [one for one in readings if one.field == "subject" and one.true]
    close = sum(one.closeness for one in subjects) / max(1, len(subjects))
    rows.append(f"| subject, letters right | ≥ {SUBJECT_TARGET:g} % | {math.floor(close * 1000) / 10:.1f} % | "
                f"{len(subjects)} letters | |")
    hand = [one for one in readings if one.by_hand]
    found = sum(bool(one.place) for one in hand)
    rows.append(f"| written by hand: place found | ≥ 98 % | {percent(found, len(hand))} | {found} of {len(hand)} | "
                f"{interval(found, len(hand))} |")
    wrong = sum(one.green and one.state == "wrong" for one in hand)
    rows.append(f"| written by hand: wrong and green | 0 | {wrong} | of {len(hand)} | |")
    green = [one for one in readings if one.green]
    wrong = sum(one.state == "wrong" for one in green)
    shown = [one for one in readings if one.true]
    share = 100 * wrong / max(1, len(green))
    rows += [f"| of green fields, wrong | ≤ 0.5 % | {share:.2f} % | {wrong} of {len(green)} | "
             f"{interval(wrong, len(green))} |",
             f"| fields green, of those there are | ≥ 80 % | {percent(len(green), len(shown))} | "
             f"{len(green)} of {len(shown)} | {interval(min(len(green), len(shown)), len(shown))} |"]
    printed = [one for one in shown if not one.by_hand]
    rows.append(f"| … of those printed | | {percent(sum(one.green for one in printed), len(printed))} | "
                f"{sum(one.green for one in printed)} of {len(printed)} | |")
    return [*rows, "", f"Green is a certainty of {SURE:g} and more.", ""]


def _fields(readings: Sequence[Judged]) -> list[str]:
    rows = ["## By field", "", "Right means letter for letter (capitals and the width of dashes aside). What is "
            "written by hand is counted apart above.", "",
            "| field | on pages | right | wrong | missed | read where nothing stands | green | green and wrong |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |"]
    for name in REGISTER:
        some = [one for one in readings if one.field == name and not one.by_hand]
        there = [one for one in some if one.true]
        count = Counter(one.state for one in there)
        rows.append(f"| {name} | {len(there)} | {percent(count['right'], len(there))} | {count['wrong']} | "
                    f"{count['missed']} | {sum(not one.true and bool(one.read) for one in some)} | "
                    f"{sum(one.green for one in some)} | {sum(one.green and one.state == 'wrong' for one in some)} |")
    return [*rows, ""]


def _green(readings: Sequence[Judged]) -> list[str]:
    wrong = [one for one in readings if one.green and one.state == "wrong"]
    rows = ["## Green and wrong, all of them", ""]
    rows += [f"- {one.field}: read “{one.read}”, printed “{one.true}” ({_how(one)})" for one in wrong] or ["None."]
    return [*rows, ""]


def _how(one: Judged) -> str:
    return f"{', '.join(one.wears) or 'hardly worn'}, {one.dpi} dpi, seed {one.seed}"


def _reliability(readings: Sequence[Judged]) -> list[str]:
    rows = ["## Does certainty keep its word?", "",
            f"Certainties were counted on {PAGES} other letters (`python -m tests.capture.reading.calibrate`). What "
            "they were worth on the letters of this score:", "",
            "| certainty said | fields | mean said | right | 95 % between |", "| --- | --- | --- | --- | --- |"]
    edges = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, SURE, 1.01)
    for low, high in pairwise(edges):
        some = [one for one in readings if one.read and low <= one.certainty < high]
        right = sum(one.state == "right" for one in some)
        mean = sum(one.certainty for one in some) / len(some) * 100 if some else 0
        rows.append(f"| {low:g} – {min(high, 1):g} | {len(some)} | {mean:.1f} % | {percent(right, len(some))} | "
                    f"{interval(right, len(some))} |")
    return [*rows, ""]


def _wears(readings: Sequence[Judged]) -> list[str]:
    rows = ["## By wear, resolution and maker", "",
            "Printed fields of all kinds together. A letter with two wears counts under both.", "",
            "| | fields | right | green | green and wrong |", "| --- | --- | --- | --- | --- |"]
    groups: dict[str, Callable[[Judged], bool]] = {}
    for wear in ("skew", "noise", "blur", "fold", "stamp", "photocopy"):
        groups[wear] = lambda one, wear=wear: wear in one.wears            # type: ignore[misc]
    groups["hardly worn"] = lambda one: not one.wears
    for dpi in (150, 200, 300, 400):
        groups[f"{dpi} dpi"] = lambda one, dpi=dpi: one.dpi == dpi         # type: ignore[misc]
    for maker in ("typst", "LibreOffice"):
        groups[maker] = lambda one, maker=maker: one.maker == maker        # type: ignore[misc]
    for name, belongs in groups.items():
        some = [one for one in readings if one.true and not one.by_hand and belongs(one)]
        right = sum(one.state == "right" for one in some)
        green = sum(one.green for one in some)
        rows.append(f"| {name} | {len(some)} | {percent(right, len(some))} | {percent(green, len(some))} | "
                    f"{sum(one.green and one.state == 'wrong' for one in some)} |")
    return [*rows, ""]


def _misses(readings: Sequence[Judged]) -> list[str]:
    by_field: dict[str, list[Judged]] = defaultdict(list)
    for one in readings:
        if one.state in ("wrong", "missed") and not (one.by_hand and one.place):
            by_field[one.field].append(one)
    rows = ["## What was not read right", ""]
    for name in REGISTER:
        for one in by_field[name]:
            said = "missed" if one.state == "missed" else f"read “{one.read[:160]}”"
            what = "place not found" if one.by_hand else said
            rows.append(f"- {name}: {what}, printed “{one.true[:160]}” ({_how(one)}; certainty {one.certainty:.2f})")
    return [*rows, ""]


def _limits() -> list[str]:
    return [
        "## What these figures are not", "",
        "- The letters are made, not found: one typeface (the twin of Times New Roman), invented contents, reckoned "
        "wear. Real piles will read worse in ways nobody here thought of.",
        "- Written numbers and days are strokes drawn by chance (`tests/generators/pages/hand.py`), no person's hand. "
        "So nothing was made that reads handwriting: its certainty could not be honest. What the page's reader makes "
        "of it is offered among the other readings, the field stays empty, and the place is shown. Print is known by "
        "its evenness; what is not surely print is never green.",
        "- Parties' own layouts are not among the letters (NĐ 30/2020 does not bind them).",
        "- Numbers, symbols and dates are never changed by a list or by earlier mail."]


def read(seeds: Iterable[int], keep: Path) -> list[Judged]:
    return [one for seed in seeds for one in judged(seed, keep)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.capture.reading.score", description=__doc__)
    parser.add_argument("--pages", type=int, default=87, help="letters, beginning with the first held-out seed")
    parser.add_argument("--keep", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="reading-score-") as folder:
        readings = read(HELD_OUT[:given.pages], given.keep or Path(folder))
    PAGE.write_text("\n".join(page_of(readings)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
