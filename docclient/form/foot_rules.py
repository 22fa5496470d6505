"""Boxes 7a, 7b and 9b, and annexes: who signs and how it is said, who receives (NĐ 30/2020 Art 13; Annex I)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from docclient.form import kinds
from docclient.form.head_rules import plain_name
from docclient.form.judging import Judgement, text_of
from docclient.form.model import Severity
from docclient.form.type import TypedLine, folded
from signing.page import MM, Box

_FORM = re.compile(r"^(TM|KT|TL|TUQ|Q|T/M|K/T|T/L)(?P<dot>\s*\.?\s*)")
_TITLED = re.compile(
    r"^((GS|PGS|TS|ThS|Th\.S|Ths|T\.S|BS|BSCK\s?I*|DS|KS|CN|NSND|NSƯT|NGND|NGƯT|Tiến sĩ|Thạc sĩ|Bác sĩ|Kỹ sư|Giáo sư|"
    r"Ông|Bà|Đ/c|Đồng chí|CKI+|Luật sư)\b[.,]?\s*)+")
_RANKED = re.compile(r"^((Đại|Thượng|Trung|Thiếu) (tá|tướng|úy)|Đại úy)\b", re.IGNORECASE)
_MAY_TITLE = re.compile(r"cong an|quan su|bo doi|benh vien|y te|truong|hoc vien|dai hoc|vien |khoa hoc|giao duc")
_DASH = re.compile(r"^\s*[-–]\s*")


def judge_foot(to: Judgement) -> None:
    _authority(to)
    _name(to)
    _recipients(to)
    _annexes(to)


def _authority(to: Judgement) -> None:
    e, expected = to.elements, to.expected
    if to.type_name in kinds.SEVERAL_SIGNERS:
        return
    if not e.authority:
        to.add("authority_missing", _usual(to), "", " / ".join(expected.authority[0]) if expected.authority else "")
        return
    lines = e.authority
    to.upper("authority_case", lines)
    to.size("authority_size", lines, 13, 14)
    to.bold("authority_bold", lines)
    for line in lines:
        form = _FORM.match(line.text)
        if form and (form["dot"] != ". " or "/" in form[1]):
            right = form[1].replace("/", "") + ". " + line.text[form.end():].lstrip()
            to.add("authority_form", line, line.text, right)
            return
    forms = [form[1] for line in lines if (form := _FORM.match(line.text))]
    said = [_plain_line(line.text) for line in lines]
    if expected.authority:
        wanted = [" ".join(_plain_line(each) for each in way) for way in expected.authority]
        if " ".join(said) not in wanted:
            to.add("authority_lines", lines, " / ".join(line.text for line in lines), " / ".join(expected.authority[0]))
    elif forms:
        # TM. names the collective, KT., TL. and TUQ. the head: the signer's own title follows (Article 13)
        last = lines[-1].text
        if _FORM.match(last) and not last.startswith("Q."):
            to.add("authority_lines", lines, " / ".join(line.text for line in lines), f"{last} / …")
        elif "KT" in forms and not folded(last).startswith("pho"):
            to.add("authority_lines", lines, " / ".join(line.text for line in lines), "KT. … / PHÓ …",
                   severity=Severity.DOUBTFUL)


def _plain_line(text: str) -> str:
    return re.sub(r"\s+", " ", folded(text)).strip(" .,;")


def _name(to: Judgement) -> None:
    e, expected = to.elements, to.expected
    if to.type_name in kinds.SEVERAL_SIGNERS:
        return
    if e.name is None:
        if e.authority:
            below = e.authority[-1].box
            to.add("name_missing", (e.authority[-1].page, Box(below.x0, below.y0 - 110, below.x1, below.y0 - 10)), "",
                   expected.signer)
        return
    to.size("name_size", [e.name], 13, 14)
    to.bold("name_bold", [e.name])
    said = e.name.text
    titled = _TITLED.match(said) or _RANKED.match(said)
    bare = said[titled.end():].strip(" .,") if titled else said
    if titled:
        # armed forces, health, education and science may write them (Annex I, II.7)
        spared = _MAY_TITLE.search(folded(text_of(e.agency) + " " + text_of(e.authority)))
        to.add("name_title", e.name, said, bare, severity=Severity.DOUBTFUL if spared else Severity.WRONG)
    if sum(c.isupper() for c in bare) > 0.6 * sum(c.isalpha() for c in bare):
        to.add("name_case", e.name, said, bare.title())
    elif bare != expected.signer and any(word[0].islower() for word in bare.split() if word[0].isalpha()):
        to.add("capitals_person", e.name, said, bare.title())
    if expected.signer and bare.lower() != expected.signer.lower():
        to.add("name_differs", e.name, said, expected.signer)


def _recipients(to: Judgement) -> None:
    e = to.elements
    if e.recipients_head is None:
        if to.type_name not in kinds.WITHOUT_RECIPIENTS | kinds.SEVERAL_SIGNERS:
            to.add("recipients_missing", _usual(to, .01, .24), "", "Nơi nhận:")
        return
    head = e.recipients_head
    if head.text.strip() != "Nơi nhận:" or head.bold < 0.7 or head.italic < 0.7 or abs(head.size - 12) > 0.3:
        to.add("recipients_heading", head, head.text, "Nơi nhận:")
    lines = e.recipients
    if not lines:
        to.add("recipients_archive", head, "", "- Lưu: VT, ….")
        return
    to.size("recipients_size", lines, 11, 11)
    to.regular("recipients_regular", lines)
    items = _items(lines)
    undashed = [item for item in items if not _DASH.match(item[0].text)]
    if undashed:
        to.add("recipients_dashes", undashed[0], text_of(undashed[0]))
    for item in items[:-1]:
        if not text_of(item).rstrip().endswith(";"):
            to.add("recipients_ends", item[-1], text_of(item), ";")
    last = items[-1]
    if not text_of(last).rstrip().endswith("."):
        to.add("recipients_ends", last[-1], text_of(last), ".")
    kept = text_of(last)
    if not re.match(r"^\s*[-–]?\s*Lưu\s*:\s*VT\b", kept):
        to.add("recipients_archive", last, kept, "- Lưu: VT, ….")
    _listed(to, items)


def _items(lines: Sequence[TypedLine]) -> list[list[TypedLine]]:
    """Each receiver with the lines it takes."""
    items: list[list[TypedLine]] = []
    for line in lines:
        begins = _DASH.match(line.text) or not items or items[-1][-1].text.rstrip().endswith((";", ".")) \
            or folded(line.text).startswith("luu:")
        if begins:
            items.append([line])
        else:
            items[-1].append(line)
    return items


def _listed(to: Judgement, items: Sequence[Sequence[TypedLine]]) -> None:
    """Whoever the office will send it to is named, here or as addressee. Abbreviations and groups make this a hint."""
    said = plain_name(" ".join([*(text_of(item) for item in items), text_of(to.elements.addressee)]))
    words = set(said.split())
    for name in to.expected.recipients:
        wanted = [word for word in plain_name(name).split() if len(word) > 1]
        if wanted and sum(word in words for word in wanted) < 0.75 * len(wanted):
            to.add("recipients_listed", to.elements.recipients_head or items[0], "", name)


def _annexes(to: Judgement) -> None:
    for number in to.elements.annexes:
        page = to.elements.page_of(number)
        line = next((each for each in page.lines[:6] if folded(each.text).startswith("phu luc")), None)
        if line is None:
            continue
        if abs(line.size - 14) > 0.3 or line.bold < 0.7:
            to.add("annex_heading", line, f"{line.text[:60]} ({line.size:g} pt)", "Phụ lục … (14 pt)")
        several = len(to.elements.annexes) > 1
        numbered = re.match(r"^Phụ lục\s+([IVXL]+|\d+|[A-Z])\b", line.text, re.IGNORECASE)
        if several and (numbered is None or not re.fullmatch(r"[IVXL]+", numbered[1])):
            to.add("annex_number", line, line.text[:60], "Phụ lục I, II, …")


def _usual(to: Judgement, x: float = .5, width: float = .48) -> tuple[int, Box]:
    """Where the foot's box should be, on the document's last page."""
    last, _ = to.elements.foot
    frame = to.elements.page_of(last).frame
    left, wide, high = 30 * MM, frame.width - 45 * MM, frame.height - 40 * MM
    top = frame.height - 20 * MM
    return last, Box(left + x * wide, top - .84 * high, left + (x + width) * wide, top - .70 * high)
