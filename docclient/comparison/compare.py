"""`compare`: two PDF files, every difference classified, the rest proven equal."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from docclient.comparison.kinds import kind_of, of_both
from docclient.comparison.model import Action, Change, ChangeKind, Changes, Proof, Spot
from docclient.comparison.pictures import DPI, NEIGHBOURS, TOLERANCE, render, unexplained
from docclient.comparison.stream import Token, words_of
from docclient.form.elements import find_elements
from docclient.form.type import TypedPage, read_typed_pages
from signing.files import reading
from signing.form import fields_of
from signing.page import Box
from signing.pdf import PARSER_ERRORS, open_reader

UNMOVED = 0.01
"""Points by which a word that stays may differ in place: numbers are rounded when a file is written."""

LEAST_OF_A_PAGE = 5
"""Words by which a page is known again elsewhere."""


@dataclass(frozen=True, slots=True)
class _Field:
    """value: the text, or a mark that a signature is there."""

    page: int
    box: Box
    value: str
    signature: bool


@dataclass(slots=True)
class _Version:
    """pages: typed. tokens: those compared word by word. fields: by name."""

    path: Path
    pages: tuple[TypedPage, ...]
    tokens: list[Token]
    fields: dict[str, _Field]
    recipients: set[int]

    @classmethod
    def of(cls, path: Path) -> _Version:
        pages = read_typed_pages(path)
        tokens = words_of(pages)
        return cls(path, pages, tokens, _fields(path), _recipients(pages, tokens))

    def spot(self, page: int, box: Box) -> Spot:
        return Spot(page, box, self.pages[page - 1].frame.to_mm(box))

    def spots(self, tokens: Sequence[Token]) -> tuple[Spot, ...]:
        """A box for each line the words stand on."""
        lines: dict[int, list[Token]] = {}
        for token in tokens:
            lines.setdefault(token.line, []).append(token)
        return tuple(self.spot(group[0].page, Box.around(token.box for token in group)) for group in lines.values())

    def page_spot(self, page: int) -> Spot:
        return self.spot(page, self.pages[page - 1].frame.as_box)

    def said_on(self, page: int) -> tuple[str, ...]:
        return tuple(token.text for token in self.tokens if token.page == page)


def compare(earlier: Path, later: Path) -> Changes:
    """Every difference between two PDF files.

    Raises: FileNotReadable, NotAPdf, Damaged, Encrypted.
    """
    before, after = _Version.of(earlier), _Version.of(later)
    moved = _moved_pages(before, after)
    left = [token for token in before.tokens if token.page not in moved]
    right = [token for token in after.tokens if token.page not in moved.values()]
    blocks = _blocks(left, right)
    same = [(left[one + step], right[other + step]) for tag, one, end, other, _ in blocks if tag == "equal"
            for step in range(end - one)]
    same += [pair for one, other in moved.items()
             for pair in zip((t for t in before.tokens if t.page == one), (t for t in after.tokens if t.page == other),
                             strict=True)]
    pairs = _page_pairs(before, after, same, moved)
    removed = [page.number for page in before.pages if page.number not in pairs]
    added = [page.number for page in after.pages if page.number not in pairs.values()]
    changes = [Change(ChangeKind.PAGE, Action.MOVED, str(one), str(other), (before.page_spot(one),),
                      (after.page_spot(other),)) for one, other in moved.items()]
    changes += [Change(ChangeKind.PAGE, Action.DELETED, str(page), "", (before.page_spot(page),), ())
                for page in removed]
    changes += [Change(ChangeKind.PAGE, Action.INSERTED, "", str(page), (), (after.page_spot(page),)) for page in added]
    changes += _word_changes(before, after, left, right, blocks, set(removed), set(added))
    changes += _setting_changes(before, after, same)
    changes += _field_changes(before, after, pairs)
    shifted = [(one, other) for one, other in same if pairs.get(one.page) != other.page or _has_moved(one, other)]
    changes += _pictures(before, after, pairs, changes, shifted)
    return Changes(tuple(sorted(changes, key=_where)), len(before.pages), len(after.pages),
                   Proof(len(same), len(shifted), len(pairs), DPI, TOLERANCE, NEIGHBOURS))


def _where(change: Change) -> tuple[int, float, int]:
    spots = change.spots_after or change.spots_before
    return (spots[0].page, -spots[0].box.y1, 0 if change.spots_after else 1) if spots else (0, 0.0, 0)


def _blocks(left: Sequence[Token], right: Sequence[Token]) -> list[tuple[str, int, int, int, int]]:
    """As difflib's opcodes. What both begin and end with is set aside first: most of a document is."""
    one, other = [token.text for token in left], [token.text for token in right]
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    end = 0
    while end < min(len(one), len(other)) - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    middle = SequenceMatcher(None, one[begin:len(one) - end], other[begin:len(other) - end], autojunk=False)
    found: list[tuple[str, int, int, int, int]] = [("equal", 0, begin, 0, begin)] if begin else []
    found += [(tag, a + begin, b + begin, c + begin, d + begin) for tag, a, b, c, d in middle.get_opcodes()]
    if end:
        found.append(("equal", len(one) - end, len(one), len(other) - end, len(other)))
    return _settled(found, left, right)


def _settled(blocks: list[tuple[str, int, int, int, int]], left: Sequence[Token], right: Sequence[Token],
             ) -> list[tuple[str, int, int, int, int]]:
    """Where the same words begin and follow what came or went, it may be told at several places: told where a page or
    a line begins, if it can be."""
    settled = list(blocks)
    for index, (tag, a, b, c, d) in enumerate(settled):
        if tag not in ("insert", "delete") or index == 0 or settled[index - 1][0] != "equal":
            continue
        tokens, begin, end = (right, c, d) if tag == "insert" else (left, a, b)
        room = settled[index - 1][2] - settled[index - 1][1] - 1
        best = max(range(_slack(tokens, begin, end, room) + 1), key=lambda step: (_begins(tokens, begin - step), -step))
        if best:
            settled[index - 1] = "equal", settled[index - 1][1], a - best, settled[index - 1][3], c - best
            settled[index] = tag, a - best, b - best, c - best, d - best
            following = ("equal", b - best, b, d - best, d)
            if index + 1 < len(settled) and settled[index + 1][0] == "equal":
                settled[index + 1] = "equal", b - best, settled[index + 1][2], d - best, settled[index + 1][4]
            else:
                settled.insert(index + 1, following)
    return settled


def _slack(tokens: Sequence[Token], begin: int, end: int, room: int) -> int:
    """By how many words the block can be told earlier."""
    step = 0
    while step < room and tokens[begin - 1 - step].text == tokens[end - 1 - step].text:
        step += 1
    return step


def _begins(tokens: Sequence[Token], index: int) -> int:
    """2 where a page begins, 1 where a line does."""
    if index == 0 or tokens[index - 1].page != tokens[index].page:
        return 2
    return int(tokens[index - 1].line != tokens[index].line)


def _moved_pages(before: _Version, after: _Version) -> dict[int, int]:
    """Pages that say the same, once in each version, and stand in another order: the fewest whose move explains it."""
    said_before = {page.number: before.said_on(page.number) for page in before.pages}
    said_after = {page.number: after.said_on(page.number) for page in after.pages}
    counts = Counter(said_before.values()), Counter(said_after.values())
    known = {said: number for number, said in said_after.items()}
    pairs = [(number, known[said]) for number, said in said_before.items()
             if len(said) >= LEAST_OF_A_PAGE and counts[0][said] == 1 == counts[1].get(said, 0)]
    best: list[list[tuple[int, int]]] = []
    for index, pair in enumerate(pairs):                # the longest run in order stays; the others moved
        longest: list[tuple[int, int]] = []
        for earlier in range(index):
            if pairs[earlier][1] < pair[1] and len(best[earlier]) > len(longest):
                longest = best[earlier]
        best.append([*longest, pair])
    staying = set(best[max(range(len(best)), key=lambda at: len(best[at]))]) if best else set()
    return {one: other for one, other in pairs if (one, other) not in staying}


def _page_pairs(before: _Version, after: _Version, same: Sequence[tuple[Token, Token]], moved: Mapping[int, int],
                ) -> dict[int, int]:
    """Which page of the earlier version is which of the later one: by the words they share; pages without words in
    their order."""
    shared = Counter((one.page, other.page) for one, other in same)
    pairs: dict[int, int] = dict(moved)
    for (one, other), _ in shared.most_common():
        if one not in pairs and other not in pairs.values():
            pairs[one] = other
    # pages that share no word but stand between the same neighbours: scans, or a page written anew
    rest_before = [page.number for page in before.pages if page.number not in pairs]
    rest_after = [page.number for page in after.pages if page.number not in pairs.values()]
    for one in rest_before:
        wordless = not before.said_on(one)
        for other in rest_after:
            fits = all((one < left) == (other < right) for left, right in pairs.items() if left not in moved)
            if fits and other not in pairs.values() and wordless == (not after.said_on(other)) and \
                    (wordless or len(before.pages) == len(after.pages)):
                pairs[one] = other
                break
    return pairs


def _word_changes(before: _Version, after: _Version, left: Sequence[Token], right: Sequence[Token],
                  blocks: Iterable[tuple[str, int, int, int, int]], removed: set[int], added: set[int],
                  ) -> list[Change]:
    """Words on pages that came or went as a whole are told by the page."""
    actions = {"insert": Action.INSERTED, "delete": Action.DELETED, "replace": Action.REPLACED}
    found = []
    for tag, a, b, c, d in blocks:
        if tag == "equal":
            continue
        gone = [token for token in left[a:b] if token.page not in removed]
        come = [token for token in right[c:d] if token.page not in added]
        if not gone and not come:
            continue
        kinds = []
        if gone:
            kinds.append(kind_of(left, a, b, before.recipients))
        if come:
            kinds.append(kind_of(right, c, d, after.recipients))
        action = actions[tag] if len(gone) == b - a and len(come) == d - c else (
            Action.REPLACED if gone and come else Action.DELETED if gone else Action.INSERTED)
        found.append(Change(of_both(kinds), action, _said(gone), _said(come), before.spots(gone), after.spots(come)))
    return found


def _said(tokens: Sequence[Token]) -> str:
    return unicodedata.normalize("NFC", " ".join(token.text for token in tokens))


def _setting_changes(before: _Version, after: _Version, same: Sequence[tuple[Token, Token]]) -> list[Change]:
    """The same words in another weight, size, font or colour; neighbours told together."""
    runs: list[list[tuple[Token, Token]]] = []
    last = -2
    for index, (one, other) in enumerate(same):
        if one.manner != other.manner or abs(one.size - other.size) > 0.1:
            if index == last + 1 and runs:
                runs[-1].append((one, other))
            else:
                runs.append([(one, other)])
            last = index
    return [Change(ChangeKind.SETTING, Action.REPLACED, _said([one for one, _ in run]), _said([new for _, new in run]),
                   before.spots([one for one, _ in run]), after.spots([new for _, new in run])) for run in runs]


def _field_changes(before: _Version, after: _Version, pairs: Mapping[int, int]) -> list[Change]:
    """Fields filled or changed, signatures that came. Fields that only lie elsewhere show as pictures."""
    found = []
    for name in sorted({*before.fields, *after.fields}):
        one, other = before.fields.get(name), after.fields.get(name)
        was, now = one.value if one else "", other.value if other else ""
        if was == now:
            continue
        known = other or one
        assert known is not None
        kind = ChangeKind.SIGNATURE if known.signature else ChangeKind.FIELD
        action = Action.REPLACED if was and now else Action.INSERTED if now else Action.DELETED
        found.append(Change(
            kind, action, "" if known.signature else was, name if known.signature else now,
            (before.spot(one.page, one.box),) if one and one.box.width > 0 else (),
            (after.spot(other.page, other.box),) if other and other.box.width > 0 else ()))
    return found


def _has_moved(one: Token, other: Token) -> bool:
    return any(abs(a - b) > UNMOVED for a, b in zip(one.box.as_tuple(), other.box.as_tuple(), strict=True))


def _pictures(before: _Version, after: _Version, pairs: Mapping[int, int], changes: Sequence[Change],
              shifted: Sequence[tuple[Token, Token]]) -> list[Change]:
    """What is drawn otherwise and was not told so far. Words that moved were compared as words: they are left out here;
    a signature's or a field's box counts as known on both pages."""
    known_before: dict[int, list[Box]] = {}
    known_after: dict[int, list[Box]] = {}
    back = {other: one for one, other in pairs.items()}
    for change in changes:
        if change.kind is ChangeKind.PAGE:
            continue
        for spot in change.spots_before:
            known_before.setdefault(spot.page - 1, []).append(spot.box)
        for spot in change.spots_after:
            known_after.setdefault(spot.page - 1, []).append(spot.box)
            if change.kind in (ChangeKind.FIELD, ChangeKind.SIGNATURE) and spot.page in back:
                known_before.setdefault(back[spot.page] - 1, []).append(spot.box)
    for one, other in shifted:
        known_before.setdefault(one.page - 1, []).append(one.box)
        known_after.setdefault(other.page - 1, []).append(other.box)
    numerals = [(version, known, page) for version, known in ((before, known_before), (after, known_after))
                for page in version.pages]
    for version, known, page in numerals:
        listed = {id(token.box) for token in version.tokens}
        known.setdefault(page.number - 1, []).extend(
            word.box for row in page.text.rows for word in row.words
            if id(word.box) not in listed and _is_numeral(page, word.text))
    frames = [page.frame for page in before.pages], [page.frame for page in after.pages]
    gone, come = unexplained(render(before.path, frames[0]), render(after.path, frames[1]),
                             {one - 1: other - 1 for one, other in pairs.items()}, known_before, known_after, *frames)
    found = []
    tables = {spot.page for change in changes if change.kind is ChangeKind.TABLE for spot in change.spots_after}
    for each in come:
        there = [old for old in gone if pairs.get(old.page + 1) == each.page + 1 and old.box.overlaps(each.box)]
        gone = [old for old in gone if old not in there]
        # the lines of a table whose words changed belong to that change
        ruled = each.page + 1 in tables and any(each.box.overlaps(line) for line in (
            *after.pages[each.page].uprights, *after.pages[each.page].rules))
        kind = ChangeKind.TABLE if ruled else ChangeKind.PICTURE
        found.append(Change(kind, Action.REPLACED if there else Action.INSERTED, "", "",
                            tuple(before.spot(old.page + 1, old.box) for old in there),
                            (after.spot(each.page + 1, each.box),)))
    return found + [Change(ChangeKind.PICTURE, Action.DELETED, "", "", (before.spot(old.page + 1, old.box),), ())
                    for old in gone]


def _is_numeral(page: TypedPage, text: str) -> bool:
    return text == str(page.number) and page.number > 1


def _recipients(pages: tuple[TypedPage, ...], tokens: Sequence[Token]) -> set[int]:
    if not any(page.text.rows for page in pages):
        return set()
    lines = find_elements(pages).recipients
    return {id(token) for token in tokens for line in lines
            if token.page == line.page and line.box.y0 - 1 <= token.box.middle[1] <= line.box.y1 + 1
            and line.box.x0 - 1 <= token.box.middle[0] <= line.box.x1 + 1}


def _fields(path: Path) -> dict[str, _Field]:
    """Of a file whose form cannot be read: none; then a difference shows as a picture."""
    try:
        with reading(path) as stream:
            return {name: _field(each) for name, each in fields_of(open_reader(stream, path.name)).items()}
    except PARSER_ERRORS:
        return {}


def _field(field: Any) -> _Field:
    signature = str(field.field.get("/FT", "")) == "/Sig"
    value = field.field.get("/V", None)
    said = "" if value is None else "signed" if signature else str(value)
    return _Field(field.page, field.box, said, signature)
