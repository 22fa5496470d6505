"""The foot of an office document: who signs (box 7a, 7b) and who receives (box 9b) of NĐ 30/2020 Annex I.

A signer's lines are found by how they lie: a name alone in its column, a signature's height of nothing above it, and
over that the lines of authority and title. What the lines say decides between candidates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from signing.layout_parts import Segment, folded, segments_of
from signing.page import Box
from signing.page_text import PageText

AUTHORITY = re.compile(r"^(tm|kt|tl|tuq|q|t/m|k/t|t/l)\s*[./]\s*\S|^(tm|kt|tl|tuq)\s+[a-z]{2}")
TITLES = (
    "chu tich", "giam doc", "chanh", "truong", "bo truong", "thu truong", "cuc truong", "vu truong", "hieu truong",
    "bi thu", "chu nhiem", "vien truong", "chi huy", "thu tuong", "tong ", "tu lenh", "chinh uy", "chinh tri vien",
    "doi truong", "don truong", "hat truong", "chi cuc truong", "kiem toan", "ke toan", "thong doc", "thu quy",
    "thu ky", "thu kho", "chu tri", "chu toa", "uy vien", "tham phan", "phu trach", "dai dien", "ben a",
    "xa doi truong", "ben b", "nguoi ", "can bo", "cong chuc", "xac nhan", "don vi", "lanh dao", "thanh vien", "dai su",
    "uy ban nhan dan", "hoi dong", "hiep hoi", "ban chi dao",
)
POSITION = re.compile(rf"^(quyen )?(pho )?({'|'.join(TITLES)})")
HINT = re.compile(r"^\(?\s*(da ky|ky|ghi ro|ho ten|dong dau|ky,|ky ten|chu ky)\b.*")
"""`(Ký, ghi rõ họ tên)` under the title, `Đã ký` in the place of the signature: neither title nor name."""

NO_NAME = re.compile(r"^(doc lap|cong hoa|noi nhan|kinh gui|phu luc|can cu|so\b|ngay\b|v/v|dieu |luu:)")
ANNEX = re.compile(r"^(phu luc|danh sach kem theo|bieu mau)\b")

LEAST_ROOM, MOST_ROOM = 16.0, 230.0
"""Points between the title's line and the name's: a signature lies there, no paragraph."""

LEADING = 2.3
"""Lines of one block follow each other within this many sizes."""


@dataclass(frozen=True, slots=True)
class SignerBlock:
    """The lines over and under the place of the personal signature. authority: TM., KT. … and the title.

    name: where the name stands; None where the drafter left it out. left, right: how far the column reaches.
    """

    page: int
    authority: Box
    name: Box | None
    authority_text: str
    name_text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Foot:
    """signers: the principal first (the right-hand one), then those at its left."""

    signers: tuple[SignerBlock, ...]
    recipients: tuple[int, Box] | None


@dataclass(frozen=True, slots=True)
class _Candidate:
    block: SignerBlock
    score: float


def read_foot(pages: Sequence[PageText]) -> Foot:
    """Signers and recipients of the document itself; annexes behind it are asked only when it has none."""
    body = list(pages[:_first_annex(pages)])
    for part in (body, list(pages[len(body):])):
        recipients = next((found for page in part if (found := _recipients(page))), None)
        signers = _signers(part, recipients)
        if signers or recipients:
            return Foot(signers, recipients)
    return Foot((), None)


def _first_annex(pages: Sequence[PageText]) -> int:
    for index, page in enumerate(pages[1:], start=1):
        tops = [one for one in segments_of(page)[:6] if not one.text.strip().isdigit()][:2]
        if any(ANNEX.match(one.folded) for one in tops):
            return index
    return len(pages)


def _recipients(page: PageText) -> tuple[int, Box] | None:
    """The block under "Nơi nhận:" at the left margin."""
    segments = segments_of(page)
    for index, head in enumerate(segments):
        if not re.match(r"noi\s*nhan\s*($|[:;])", head.folded) or head.box.x0 > page.frame.width * 0.45:
            continue
        boxes, last, kept = [head.box], head, False
        for below in segments[index + 1:]:
            step = last.baseline - below.baseline
            if step <= 0.5 or not head.box.x0 - 8 <= below.box.x0 <= head.box.x0 + 26:
                continue
            if step > (1.6 if kept else 2.6) * max(below.size, last.size):
                break
            boxes.append(below.box)
            last, kept = below, kept or re.match(r"^\W*luu\b", below.folded) is not None
        return page.number, Box.around(boxes)
    return None


def _signers(pages: Sequence[PageText], recipients: tuple[int, Box] | None) -> tuple[SignerBlock, ...]:
    """On the page of the recipients, else on the page nearest to it; without recipients on the first that has any."""
    order = list(pages)
    if recipients is not None:
        order.sort(key=lambda page: (abs(page.number - recipients[0]), -page.number))
    for page in order:
        found = _signers_on(page, recipients[1] if recipients and recipients[0] == page.number else None)
        if found:
            return found
    for page in order:
        nameless = _nameless(page, recipients[1] if recipients and recipients[0] == page.number else None)
        if nameless is not None:
            return (nameless,)
    return ()


def _signers_on(page: PageText, recipients: Box | None) -> tuple[SignerBlock, ...]:
    segments = segments_of(page)
    candidates = [found for index, name in enumerate(segments)
                  if _may_be_name(name) and (found := _candidate(page, segments, index, recipients))]
    if not candidates:
        return ()
    best = max(candidates, key=lambda one: (one.score, -one.block.authority.y1, one.block.authority.x0)).block
    beside = [one.block for one in candidates if one.block is not best and _beside(one.block, best)]
    every = sorted([best, *beside], key=lambda one: -one.authority.middle[0])
    return tuple(every)


def _beside(one: SignerBlock, other: SignerBlock) -> bool:
    """Another signer on the same height, in a column of its own."""
    assert one.name is not None and other.name is not None
    return (abs(one.authority.y1 - other.authority.y1) < 45 and one.authority.y0 > other.name.y1
            and other.authority.y0 > one.name.y1 and not (one.name.x0 < other.name.x1 and other.name.x0 < one.name.x1))


def _candidate(page: PageText, segments: Sequence[Segment], index: int, recipients: Box | None) -> _Candidate | None:
    """The block whose name is `segments[index]`; None when no title stands a signature's height above it."""
    name = segments[index]
    above = [one for one in segments[:index] if _same_column(one, name) and not HINT.match(one.folded)]
    if not above:
        return None
    title = above[-1]
    room = title.box.y0 - name.box.y1
    if not LEAST_ROOM <= room <= MOST_ROOM:
        return None
    stack = _stack(above)
    hints = [one for one in segments[:index] if HINT.match(one.folded) and _same_column(one, name)
             and stack[0].baseline - one.baseline < LEADING * stack[0].size and one.text.startswith("(")
             and one.baseline < stack[0].baseline]
    said = [one for one in stack if AUTHORITY.match(one.folded) or POSITION.match(one.folded)]
    upper = title.is_upper
    near = recipients is not None and abs(stack[-1].box.y1 - recipients.y1) < 70
    if not said and not (upper and near and name.box.middle[0] > page.frame.width * 0.45):
        return None
    if recipients is not None and _inside_recipients(name, recipients):
        return None
    middle = name.box.middle
    score = (4.0 * any(AUTHORITY.match(one.folded) for one in stack) + 2.0 * bool(said) + 2.0 * upper + 3.0 * near
             + 1.0 * (middle[0] > page.frame.width * 0.5) + min(room, 60) / 30
             + 2.0 * all(word[0].isupper() for word in name.text.split() if word[0].isalpha()))
    box = Box.around([*(one.box for one in stack), *(one.box for one in hints)])
    left, right = _column_bounds(page, segments, box, name.box)
    said_there = " / ".join(one.text for one in reversed(stack))
    return _Candidate(SignerBlock(page.number, box, name.box, said_there, name.text, left, right), score)


def _stack(above: Sequence[Segment]) -> list[Segment]:
    """The lines of authority and title, from the lowest up: as long as they follow closely and look like titles."""
    stack = [above[-1]]
    for one in reversed(above[:-1]):
        step = one.baseline - stack[-1].baseline
        titled = one.is_upper if stack[0].is_upper else bool(AUTHORITY.match(one.folded) or POSITION.match(one.folded))
        if step > LEADING * max(one.size, stack[-1].size) or not titled:
            break
        if step > 0.5:
            stack.append(one)
    return stack


def _same_column(one: Segment, name: Segment) -> bool:
    """Centred over each other, or beginning at the same margin."""
    a, b = one.box, name.box
    reach = max(a.width, b.width) / 2
    return abs(a.middle[0] - b.middle[0]) <= min(max(34.0, 0.3 * reach), reach + 6) or (
        a.x0 <= b.middle[0] <= a.x1 and b.x0 - 12 <= a.middle[0] <= b.x1 + 12)


def _column_bounds(page: PageText, segments: Sequence[Segment], authority: Box, name: Box) -> tuple[float, float]:
    """How far to the left and right nothing else stands beside the signature's room."""
    middle = (authority.middle[0] + name.middle[0]) / 2
    left, right = 0.0, page.frame.width
    for one in segments:
        if one.box.y0 < authority.y0 and one.box.y1 > name.y1:
            if one.box.x1 <= middle and not HINT.match(one.folded):
                left = max(left, one.box.x1)
            elif one.box.x0 >= middle and not HINT.match(one.folded):
                right = min(right, one.box.x0)
    return left, right


def _inside_recipients(name: Segment, recipients: Box) -> bool:
    return recipients.x0 - 2 <= name.box.x0 and name.box.x1 <= recipients.x1 + 2 and \
        recipients.y0 - 2 <= name.box.y0 and name.box.y1 <= recipients.y1 + 2


def _nameless(page: PageText, recipients: Box | None) -> SignerBlock | None:
    """A title with nothing under it: the drafter left the name to be written later."""
    segments = segments_of(page)
    titles = [one for one in segments if one.is_upper and one.box.middle[0] > page.frame.width * 0.45
              and (AUTHORITY.match(one.folded) or POSITION.match(one.folded)) and len(one.words) <= 12
              and one.box.y1 < (recipients.y1 + 60 if recipients else page.frame.height * 0.6)]
    if not titles:
        return None
    last = titles[-1]
    under = [one for one in segments if one.box.y1 < last.box.y0 and _same_column(one, last)]
    if under and last.box.y0 - under[0].box.y1 < LEAST_ROOM:
        return None
    column = [one for one in segments if one.baseline >= last.baseline and _same_column(one, last)]
    stack = _stack(column)
    box = Box.around(one.box for one in stack)
    return SignerBlock(page.number, box, None, " / ".join(one.text for one in reversed(stack)), "", 0.0,
                       page.frame.width)


def _may_be_name(one: Segment) -> bool:
    """A short line that is no sentence: a person's name, perhaps with a rank before it or a post in its place."""
    words = one.text.split()
    return (2 <= len(words) <= 9 and one.text[0].isupper() and one.text[-1] not in ".;:,/"
            and not any(c.isdigit() for c in one.text) and not NO_NAME.match(one.folded)
            and not AUTHORITY.match(folded(one.text)) and not HINT.match(one.folded))
