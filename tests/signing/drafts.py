"""Drafts as offices write them (NĐ 30/2020 Annex I), typeset for tests; the same page turned, cropped or rescaled."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import typst
from pypdf import PdfWriter, Transformation
from pypdf.generic import FloatObject, NameObject, NumberObject, RectangleObject

FONTS = Path(__file__).parents[2] / "resources" / "fonts"

TEMPLATE = """
#let it = json(bytes(sys.inputs.at("it")))
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 20mm))
#set text(font: "Liberation Serif", size: 13pt, lang: "vi")
#let blank(text, width) = if text == "" { h(width * 1pt) } else { text }
#grid(columns: (5fr, 8fr), align: center,
  [UBND TỈNH\\ #strong[ỦY BAN NHÂN DÂN\\ XÃ TÂN HIỆP]],
  [#strong[#text(12pt)[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM]\\ Độc lập - Tự do - Hạnh phúc]])
#v(6pt)
#if it.head {
  grid(columns: (5fr, 8fr), align: center,
    [#it.label#blank(it.number, it.number_gap)\\/#it.symbol],
    emph[Tân Hiệp, ngày#blank(it.day, 24)tháng#blank(it.month, 24)năm#blank(it.year, 34)])
}
#v(10pt)
#align(center)[Kính gửi: Sở Nội vụ tỉnh.]
#for _ in range(it.paragraphs) [#par(justify: true, first-line-indent: 1cm)[Thực hiện kế hoạch công tác năm, Ủy ban nhân
dân xã báo cáo kết quả số hóa tài liệu, lưu trữ hồ sơ và ứng dụng chữ ký số trên địa bàn xã như sau.]]
#v(8pt)
#if it.foot {
  grid(columns: (1fr, 1fr),
    [#text(12pt, style: "italic", weight: "bold")[Nơi nhận:]\\
     #text(11pt)[\\- Như trên;\\ \\- Chủ tịch UBND xã;\\ \\- Lưu: VT, VP.]],
    align(center)[#strong[#for line in it.authority [#line\\ ]] #v(it.room * 1pt) #strong[#it.name]])
}
"""


@dataclass(frozen=True)
class Draft:
    """A letter's parts. Empty number, day, month, year are left blank on the line; gaps and room are in points."""

    label: str = "Số:"
    number: str = ""
    number_gap: float = 34
    symbol: str = "UBND-VP"
    day: str = ""
    month: str = ""
    year: str = " 2026"
    authority: tuple[str, ...] = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    name: str = "Nguyễn Thị Phương Thảo"
    room: float = 70
    paragraphs: int = 3
    head: bool = True
    foot: bool = True


@lru_cache(maxsize=64)
def typeset(draft: Draft, archival: bool = False) -> bytes:
    """The draft as PDF; as PDF/A-2b when it is to be kept for ever."""
    found = typst.compile(TEMPLATE.encode(), font_paths=[str(FONTS)], ignore_system_fonts=True,
                          sys_inputs={"it": json.dumps(asdict(draft))}, pdf_standards=["a-2b"] if archival else [])
    assert isinstance(found, bytes)
    return found


def write_draft(path: Path, draft: Draft | None = None) -> Path:
    path.write_bytes(typeset(draft or Draft()))
    return path


def write_turned(source: Path, target: Path, *, angle: int = 0, offset: tuple[float, float] = (0, 0),
                 unit: float = 1.0) -> Path:
    """The same pages, shown the same: content turned against /Rotate, CropBox off the origin, user space rescaled.

    Args:
        angle: the new /Rotate. offset: the CropBox's lower left corner, user space units. unit: /UserUnit.
    """
    writer = PdfWriter(clone_from=source)
    for page in writer.pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        turn = {0: Transformation(), 90: Transformation().rotate(90).translate(height, 0),
                180: Transformation().rotate(180).translate(width, height),
                270: Transformation().rotate(270).translate(0, width)}[angle]
        page.add_transformation(turn.scale(1 / unit).translate(*offset))
        shown = (height, width) if angle % 180 else (width, height)
        x1, y1 = offset[0] + shown[0] / unit, offset[1] + shown[1] / unit
        page.mediabox = RectangleObject((0, 0, x1 + 20, y1 + 20))
        page.cropbox = RectangleObject((*offset, x1, y1))
        page[NameObject("/Rotate")] = NumberObject(angle)
        if unit != 1:
            page[NameObject("/UserUnit")] = FloatObject(unit)
    writer.write(target)
    return target
