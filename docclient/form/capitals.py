"""Capitals that a program can test (NĐ 30/2020 Annex II): citations, bodies, places, days. Only what hardly errs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from docclient.form.judging import Judgement
from docclient.form.paragraphs import Paragraph
from docclient.form.type import TypedLine
from signing.page import Box

_LOWER_LETTER = "a-zà-ỹđ"
_UPPER_LETTER = "A-ZÀ-ỸĐ"

_CITED = re.compile(r"\b(điều|chương|mục|phần|tiểu mục)\s+(\d+|[IVX]+)\b")
_CITED_BEFORE = re.compile(r"(theo|tại|của|và|khoản \d+|điểm [a-zđ]|quy định|Căn cứ|,|;)\s*$")
_CLAUSE = re.compile(r"(?P<word>\b(?:Khoản|Điểm))\s+(\d+|[a-zđ])\b(?=[\s,;.])")
_AGENCIES = (
    (re.compile(r"\b[Uu]ỷ [Bb]an [Nn]hân [Dd]ân|\b[Uu][ỷỶ]? ?[Bb]an [Nn]hân [Dd]ân|\b[Ủủ]y [Bb]an [Nn]hân [Dd]ân"),
     ("Ủy ban nhân dân", "Uỷ ban nhân dân")),
    (re.compile(r"\b[Hh]ội [Đđ]ồng [Nn]hân [Dd]ân"), ("Hội đồng nhân dân",)),
    (re.compile(r"\b[Vv]ăn [Pp]hòng [Cc]hính [Pp]hủ"), ("Văn phòng Chính phủ",)),
    (re.compile(r"\b[Tt]hủ [Tt]ướng [Cc]hính [Pp]hủ"), ("Thủ tướng Chính phủ",)),
    (re.compile(r"\b[Bb]ộ [Nn]ội [Vv]ụ"), ("Bộ Nội vụ",)),
    (re.compile(r"\b[Ss]ở [Nn]ội [Vv]ụ"), ("Sở Nội vụ",)),
    (re.compile(r"\b[Ss]ở [Tt]ài [Cc]hính"), ("Sở Tài chính",)),
    (re.compile(r"\b[Tt]òa [Áá]n [Nn]hân [Dd]ân"), ("Tòa án nhân dân",)),
    (re.compile(r"\b[Vv]iện [Kk]iểm [Ss]át [Nn]hân [Dd]ân"), ("Viện kiểm sát nhân dân", "Viện Kiểm sát nhân dân")),
)
_PLACE = re.compile(rf"(?<=[{_LOWER_LETTER},] )(Tỉnh|Xã|Huyện) (?=[{_UPPER_LETTER}][{_LOWER_LETTER}])")
_NUMBERED_PLACE = re.compile(r"\b(quận|phường) (?=\d+\b)")
_STATE = re.compile(r"\b(nhà nước)\b")
_STATE_SPARED = re.compile(r"(kho bạc |quản lý |ngân sách |cơ quan |doanh nghiệp )$")
_DAY = re.compile(r"\b(?:sáng|chiều|tối|vào|ngày|hằng tuần vào)\s+(thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật)\b")
_MONTH = re.compile(r"\b(?:trong|đầu|cuối|giữa|vào)\s+(tháng (?:giêng|hai|ba|tư|năm|sáu|bảy|tám|chín|mười|chạp))\b")


def judge_capitals(to: Judgement, paragraphs: Iterable[Paragraph]) -> None:
    for paragraph in paragraphs:
        text, places = _spread(paragraph)
        if paragraph.lines[0].all_upper:
            continue
        for found in _CITED.finditer(text):
            if _CITED_BEFORE.search(text[:found.start()]):
                said = found[0]
                _tell(to, "capitals_article", paragraph, places, found.span(), said, said[0].upper() + said[1:])
        for found in _CLAUSE.finditer(text):
            if not _begins_sentence(text, found.start()):
                said = found[0]
                _tell(to, "capitals_clause", paragraph, places, found.span(), said, said[0].lower() + said[1:])
        for pattern, right in _AGENCIES:
            for found in pattern.finditer(text):
                if found[0] not in right and not found[0].isupper():
                    _tell(to, "capitals_agency", paragraph, places, found.span(), found[0], right[0])
        for found in _PLACE.finditer(text):
            _tell(to, "capitals_place", paragraph, places, found.span(), found[0].strip(), found[0].strip().lower())
        for found in _NUMBERED_PLACE.finditer(text):
            said = found[0].strip()
            _tell(to, "capitals_place", paragraph, places, found.span(), said, said.capitalize())
        for found in _STATE.finditer(text):
            if not _STATE_SPARED.search(text[:found.start()]):
                _tell(to, "capitals_state", paragraph, places, found.span(), found[0], "Nhà nước")
        for found in (*_DAY.finditer(text), *_MONTH.finditer(text)):
            head, _, tail = found[1].partition(" ")
            right_day = "Chủ nhật" if head == "chủ" else f"{head} {tail.capitalize()}"
            _tell(to, "capitals_calendar", paragraph, places, found.span(1), found[1], right_day)


def _spread(paragraph: Paragraph) -> tuple[str, list[tuple[TypedLine, int] | None]]:
    """The text with a blank between words, and of each character the line and the word it comes from."""
    text, places = "", list[tuple[TypedLine, int] | None]()
    for line in paragraph.lines:
        for index, word in enumerate(line.segment.words):
            if text:
                text += " "
                places.append(None)
            text += word.text
            places += [(line, index)] * len(word.text)
    return text, places


def _begins_sentence(text: str, at: int) -> bool:
    return re.search(r"(^|[.:;!?“\"(]\s*|^[-–+]\s*|^\d+[.)]\s*|^[a-zđ]\)\s*)$", text[:at]) is not None


def _tell(to: Judgement, code: str, paragraph: Paragraph, places: Sequence[tuple[TypedLine, int] | None],
          span: tuple[int, int], found: str, expected: str) -> None:
    words = [place for place in places[span[0]:span[1]] if place is not None]
    page = words[0][0].page
    boxes = [line.segment.words[index].box for line, index in words]
    to.add(code, (page, Box.around(boxes)), found, expected)
