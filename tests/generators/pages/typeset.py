"""A page set with typst. The places of hand-written number and day are filled with `MARK`, to be found and cleared."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import typst

from tests.generators.pages.sheet import Sheet

FONTS = Path(__file__).resolve().parents[3] / "resources" / "fonts"
MARK = (255, 0, 254)            # number
DAY_MARK = (0, 255, 254)
RED = 'rgb("#d2232a")'


def drawn(sheet: Sheet, dpi: float) -> list[bytes]:
    """The pages as PNG files."""
    made = typst.compile(source(sheet).encode(), format="png", ppi=dpi, font_paths=[str(FONTS)],
                         ignore_system_fonts=True)
    return list(made) if isinstance(made, list) else [made]


@cache
def as_pdf(sheet: Sheet) -> bytes:
    return bytes(typst.compile(source(sheet).encode(), format="pdf", font_paths=[str(FONTS)], ignore_system_fonts=True))


def _text(words: str) -> str:
    return '#"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lines(lines: tuple[str, ...]) -> str:
    return " \\ ".join(_text(line) for line in lines)


def _place(mark: tuple[int, int, int], wide: float) -> str:
    return f"#box(width: {wide:.1f}mm, height: 3.2mm, fill: rgb({mark[0]}, {mark[1]}, {mark[2]}))"


def source(sheet: Sheet) -> str:
    left, right = sheet.margins
    head = (_lines(sheet.parent) + " \\ " if sheet.parent else "") + f"*{_lines(sheet.agency)}*"
    number = ""
    if sheet.number:
        said = _place(MARK, sheet.gap_mm[0]) if sheet.by_hand else _text(sheet.number)
        number = f"#text(13pt)[Số: {said}{_text('/' + sheet.notation)}]"
    about = "" if sheet.title or not sheet.subject else \
        f"#v(6pt, weak: true)\n#text({sheet.size - 1}pt)[{_text(sheet.printed_subject)}]"
    day, rest = sheet.date_words
    day = _place(DAY_MARK, sheet.gap_mm[1]) if sheet.by_hand else _text(day)
    stamps = "".join(f"#place({where}, dx: {dx}mm, dy: {dy}mm, box(stroke: 1pt + {RED}, inset: 5pt, text(13pt, "
                     f'fill: {RED}, weight: "bold")[{_text(said)}]))\n'
                     for said, where, dx, dy in ((sheet.urgency, "left", 2, 6 if sheet.title else 14),
                                                 (sheet.limit, "right", -4, -58)) if said)
    title = ""
    if sheet.title:
        under = f" \\ *{_text(sheet.subject)}* #v(-2pt) #line(length: 26%, stroke: 0.6pt)" if sheet.subject else ""
        title = f"#align(center)[#pad(x: 9%)[*{_text(sheet.title)}*{under}]]\n#v(6pt)"
    else:
        title = "#v(12pt)"
    to = ""
    if len(sheet.addressees) == 1:
        to = f"#align(center)[Kính gửi: {_text(sheet.addressees[0])}.]\n#v(6pt)"
    elif sheet.addressees:
        ends = [";"] * (len(sheet.addressees) - 1) + ["."]
        rows = " \\ ".join(_text(f"- {name}{end}") for name, end in zip(sheet.addressees, ends, strict=True))
        to = f"#pad(left: 28mm)[#grid(columns: (auto, auto), gutter: 2mm, [Kính gửi:], [\\ {rows}])]\n#v(6pt)"
    deciding = f"#align(center)[*{_text(sheet.deciding)}*]\n" if sheet.deciding else ""
    body = "\n\n".join(f"#align(center)[*{_text(line)}*]" if line.isupper() else
                       f"_{_text(line)}_" if line.startswith("Căn cứ") else _text(line) for line in sheet.body)
    foot = ("#place(bottom, float: true, dy: 0mm)[#line(length: 100%, stroke: 0.5pt) "
            f"#text(11pt)[{_text(sheet.address)}]]") if sheet.address else ""
    return f"""
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: {left:.1f}mm, right: {right:.1f}mm),
  header: context if counter(page).get().first() > 1 [#align(center, counter(page).display())], header-ascent: 40%)
#set text(font: "Liberation Serif", size: {sheet.size}pt, lang: "vi", hyphenate: false)
#set par(leading: 0.62em)
{foot}
// head and foot of most letters are tables a little wider than the text
#pad(left: -6mm, right: -6mm)[#grid(columns: ({sheet.left_share * 100:.1f}%, 1fr), gutter: 0pt,
  align(center)[#text(12.5pt)[{head}] #v(-8pt) #line(length: 30%, stroke: 0.6pt)],
  align(center)[#text(12.5pt)[*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*] \\ *Độc lập - Tự do - Hạnh phúc*
    #v(-8pt) #line(length: 62%, stroke: 0.6pt)])]
#v(2pt)
#pad(left: -6mm, right: -6mm)[#grid(columns: ({sheet.left_share * 100:.1f}%, 1fr), gutter: 0pt,
  align(center)[{number} #pad(x: 3mm)[{about}]],
  align(center)[#text(13pt)[_{_text(sheet.place)}, ngày {day} {_text(rest)}_]])]
#v(10pt)
{stamps}
{title}
{to}
{deciding}
#set par(justify: true, first-line-indent: (amount: 12.7mm, all: true), spacing: 0.9em)
{body}

#set par(justify: false, first-line-indent: 0pt)
#v(8pt)
#block(breakable: false)[#grid(columns: (47%, 1fr), gutter: 0pt,
  [{_foot_left(sheet)}],
  align(center)[*{_lines(sheet.authority)}* #v(26mm) *{_text(sheet.signer)}*])]
"""


def _foot_left(sheet: Sheet) -> str:
    said = ""
    if sheet.other_signer:
        *above, name = sheet.other_signer
        said = f"#align(center)[*{_lines(tuple(above))}* #v(26mm) *{_text(name)}*] \\ "
    if sheet.recipients:
        ends = [";"] * (len(sheet.recipients) - 1) + ["."]
        rows = " \\ ".join(_text(f"- {name}{end}") for name, end in zip(sheet.recipients, ends, strict=True))
        said += f"#text(12pt)[*_Nơi nhận:_*] \\ #text(11pt)[{rows}]"
    return said + (f" \\ #text(11pt)[{_text(sheet.drafter)}]" if sheet.drafter else "")
