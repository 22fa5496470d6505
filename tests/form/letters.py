"""Documents as Vietnamese offices write them, set with typst: honest ones of every type, and ones with one mistake.

Everything is invented. A `Draft` says each element's words and how it is set, so that a mistake is one `replace`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import typst

from docclient.form import Expected
from docclient.form.kinds import TYPES

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"


@dataclass(frozen=True, slots=True)
class Set:
    """How an element is set. size in points; colour as typst says it; font: another family than the page's."""

    size: float
    bold: bool = False
    italic: bool = False
    colour: str = ""
    font: str = ""


USUAL: Mapping[str, Set] = {
    "state_name": Set(12.5, bold=True), "motto": Set(13.5, bold=True), "parent": Set(12.5),
    "agency": Set(12.5, bold=True), "number": Set(13), "date": Set(13.5, italic=True), "about": Set(12.5),
    "title": Set(14, bold=True), "abstract": Set(14, bold=True), "addressee": Set(14), "base": Set(14, italic=True),
    "body": Set(14), "authority": Set(13.5, bold=True), "name": Set(13.5, bold=True),
    "recipients_head": Set(12, bold=True, italic=True), "recipients": Set(11), "urgency": Set(13, bold=True),
    "annex": Set(14, bold=True), "numeral": Set(13.5),
}

PROSE = (
    "Thực hiện chương trình công tác năm và ý kiến chỉ đạo của cấp có thẩm quyền về việc nâng cao chất lượng phục vụ "
    "người dân, doanh nghiệp; trên cơ sở tình hình thực tế tại địa phương, cơ quan thông báo một số nội dung sau đây.",
    "Các đơn vị trực thuộc rà soát toàn bộ hồ sơ đang giải quyết, lập danh sách những hồ sơ quá hạn, nêu rõ nguyên "
    "nhân và thời gian dự kiến hoàn thành theo khoản 2 Điều 24 của Quy chế; gửi báo cáo trước 16 giờ 00 phút, ngày "
    "làm việc cuối cùng của tháng.",
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị phản ánh kịp thời để được hướng dẫn, giải quyết "
    "theo quy định. Giao bộ phận văn thư theo dõi, đôn đốc và tổng hợp kết quả chung.",
)
BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;",
    "Theo đề nghị của Trưởng phòng Phòng Văn hóa - Xã hội.",
)
ARTICLES = (
    "Điều 1. Thành lập Tổ công tác chuyển đổi số của xã, gồm các ông, bà có tên trong danh sách kèm theo Quyết định "
    "này để giúp lãnh đạo theo dõi, đôn đốc việc thực hiện trong năm.",
    "Điều 2. Tổ công tác có các nhiệm vụ sau đây:",
    "1. Xây dựng kế hoạch chuyển đổi số hằng năm, trình cấp có thẩm quyền phê duyệt và tổ chức thực hiện sau khi được "
    "phê duyệt.",
    "2. Giúp các đơn vị thực hiện những việc sau:",
    "a) Rà soát thủ tục hành chính;", "b) Đào tạo kỹ năng số cho công chức;", "c) Xây dựng cơ sở dữ liệu dùng chung;",
    "d) Bảo đảm an toàn thông tin mạng;", "đ) Tuyên truyền trong Nhân dân;", "e) Tổng hợp, báo cáo kết quả hằng quý.",
    "Điều 3. Chánh Văn phòng, Trưởng các phòng chuyên môn và các cá nhân có liên quan chịu trách nhiệm thi hành Quyết "
    "định này kể từ ngày ký.",
)


@dataclass(frozen=True, slots=True)
class Draft:
    """agency, parent, authority, recipients, addressees: an entry a printed line. kind: the printed title, empty for an
    official letter. styles: what is set otherwise than `USUAL`. body: paragraphs; a Điều is bold to its full stop."""

    type_name: str = "Công văn"
    kind: str = ""
    parent: Sequence[str] = ()
    agency: Sequence[str] = ("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP")
    state_name: str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    motto: str = "Độc lập - Tự do - Hạnh phúc"
    number: str = "Số: 15/UBND-VP"
    date: str = "Tân Hiệp, ngày 05 tháng 3 năm 2026"
    about: str = "V/v tăng cường công tác văn thư, lưu trữ tại các đơn vị"
    abstract: str = ""
    addressee: str = "Kính gửi:"
    addressees: Sequence[str] = ("Sở Nội vụ tỉnh Phú An",)
    bases: Sequence[str] = ()
    body: Sequence[str] = PROSE
    authority: Sequence[str] = ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    name: str = "Nguyễn Văn Minh"
    recipients_head: str = "Nơi nhận:"
    recipients: Sequence[str] = ("- Như trên;", "- Thường trực Đảng ủy xã;", "- Lưu: VT, VP.")
    urgency: str = ""
    annexes: Sequence[str] = ()
    styles: Mapping[str, Set] = field(default_factory=dict)
    font: str = "Liberation Serif"
    paper: tuple[float, float] = (210, 297)
    margins: tuple[float, float, float, float] = (20, 15, 20, 30)      # top, right, bottom, left; millimetres
    indent: str = "12.7mm"
    justify: bool = True
    leading: str = "0.62em"
    between: str = "1.1em"
    numeral: str = "top"                # top, bottom, first (also on page 1), none, left, framed (- 2 -), wrong
    motto_rule: bool = True
    agency_rule: bool = True
    swapped: bool = False               # the head's columns change places
    early_addressee: bool = False       # before the head
    title_align: str = "center"
    extra: str = ""                     # typst after the abstract

    @property
    def expected(self) -> Expected:
        """What an office that keeps the rules would know of it."""
        symbol = self.number.partition("/")[2]
        return Expected(
            type_name=self.type_name, abbreviation=TYPES[self.type_name], agency=tuple(self.agency),
            parent=" ".join(self.parent), place=self.date.partition(",")[0], notation=symbol, signer=self.name,
            authority=(tuple(self.authority),) if self.authority else ())


def text(words: str) -> str:
    return '#"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def shown(draft: Draft, element: str, words: str) -> str:
    how = draft.styles.get(element, USUAL[element])
    parts = [f"{how.size}pt", f'weight: "{"bold" if how.bold else "regular"}"',
             f'style: "{"italic" if how.italic else "normal"}"']
    if how.colour:
        parts.append(f"fill: {how.colour}")
    if how.font:
        parts.append(f'font: "{how.font}"')
    return f"#text({', '.join(parts)})[{words}]"


def lines(draft: Draft, element: str, many: Sequence[str]) -> str:
    return " \\ ".join(shown(draft, element, text(each)) for each in many)


def paragraph(draft: Draft, words: str) -> str:
    head, stop, rest = words.partition(". ")
    if words.startswith("Điều ") and stop and head[5:].isdigit() and "article" not in draft.styles:
        size = draft.styles.get("body", USUAL["body"]).size
        return f'#text({size}pt, weight: "bold")[{text(head + ". ")}]' + shown(draft, "body", text(rest))
    return shown(draft, "body", text(words))


def source(draft: Draft) -> str:
    top, right, bottom, left = draft.margins
    numeral = draft.styles.get("numeral", USUAL["numeral"])
    shape = f'text({numeral.size}pt, weight: "{"bold" if numeral.bold else "regular"}", ' \
            f'style: "{"italic" if numeral.italic else "normal"}")'
    own = {"framed": '"- " + str(n) + " -"', "wrong": "str(n + 1)"}.get(draft.numeral, "str(n)")
    least = 0 if draft.numeral == "first" else 1
    place = "left" if draft.numeral == "left" else "center"
    counted = f"context {{ let n = counter(page).get().first(); if n > {least} [#align({place}, {shape}[#({own})])] }}"
    header = counted if draft.numeral not in ("none", "bottom") else "none"
    footer = counted if draft.numeral == "bottom" else "none"
    rule = "#v(-2pt) #line(length: {}, stroke: 0.7pt)"
    own_agency = (lines(draft, "parent", draft.parent) + " \\ " if draft.parent else "") + \
        lines(draft, "agency", draft.agency)
    agency_rule = rule.format(f"{2.9 * len(draft.agency[-1])}pt") if draft.agency_rule else ""
    agency = f"align(center)[{own_agency} {agency_rule}]"
    state = f"""align(center)[{shown(draft, 'state_name', text(draft.state_name))} \\
        {shown(draft, 'motto', text(draft.motto))} {rule.format('175pt') if draft.motto_rule else ''}]"""
    about = f"\\ #v(0pt) {shown(draft, 'about', text(draft.about))}" if draft.about else ""
    number = f"align(center)[{shown(draft, 'number', text(draft.number)) if draft.number else ''} {about}]"
    date = f"align(center)[{shown(draft, 'date', text(draft.date))}]"
    head = (state, agency) if draft.swapped else (agency, state)
    second = (date, number) if draft.swapped else (number, date)
    widths = "(59%, 41%)" if draft.swapped else "(41%, 59%)"
    title = ""
    if draft.kind:
        title = f"#v(6pt) #align({draft.title_align})[{shown(draft, 'title', text(draft.kind))}"
        if draft.abstract:
            title += f" \\ {shown(draft, 'abstract', text(draft.abstract))} #v(-2pt) #line(length: 26%, stroke: 0.7pt)"
        title += "] #v(6pt)"
    addressees = ""
    if len(draft.addressees) == 1:
        one = shown(draft, "addressee", text(f"{draft.addressee} {draft.addressees[0]}"))
        addressees = f"#v(6pt) #align(center)[{one}]"
    elif draft.addressees:
        rows = lines(draft, "addressee", [draft.addressee, *draft.addressees])
        addressees = f"#v(6pt) #pad(left: 32mm)[{rows}]"
    urgency = "" if not draft.urgency else f"""#place(left, dy: -2mm, box(stroke: 1pt + red, inset: 5pt,
        {shown(replace(draft, styles={'urgency': Set(13, bold=True, colour='red'), **draft.styles}), 'urgency',
               text(draft.urgency))[1:]}))"""
    bases = "\n\n".join(shown(draft, "base", text(each)) for each in draft.bases)
    decides = "#align(center)[#text(14pt, weight: \"bold\")[QUYẾT ĐỊNH:]]" if draft.bases else ""
    body = "\n\n".join(paragraph(draft, each) for each in draft.body)
    recipients = ""
    if draft.recipients_head:
        recipients = f"{shown(draft, 'recipients_head', text(draft.recipients_head))}"
        if draft.recipients:
            recipients += " \\ " + lines(draft, "recipients", draft.recipients)
    signer = shown(draft, "name", text(draft.name)) if draft.name else ""
    if draft.authority:
        signer = f"{lines(draft, 'authority', draft.authority)} #v(27mm) {signer}"
    annexes = "".join(f"""#pagebreak() #align(center)[{shown(draft, 'annex', text(each))} \\
        {shown(draft, 'annex', text('DANH MỤC CÔNG VIỆC'))}]
        #table(columns: (1fr, 4fr, 2fr), [STT], [Nội dung công việc], [Thời hạn],
               [1], [Rà soát hồ sơ], [Quý I], [2], [Số hóa tài liệu], [Quý II])""" for each in draft.annexes)
    return f"""
#set page(width: {draft.paper[0]}mm, height: {draft.paper[1]}mm,
  margin: (top: {top}mm, bottom: {bottom}mm, left: {left}mm, right: {right}mm),
  header: {header}, footer: {footer}, header-ascent: 30%)
#set text(font: "{draft.font}", size: 14pt, lang: "vi", hyphenate: false, top-edge: "ascender")
#set par(leading: 0.25em, spacing: 0.5em)
{addressees if draft.early_addressee else ''}
#grid(columns: {widths}, {head[0]}, {head[1]})
#v(2pt)
#grid(columns: {widths}, {second[0]}, {second[1]})
{urgency}
{title}
{draft.extra}
{'' if draft.early_addressee else addressees}
#v(8pt)
#set text(top-edge: "cap-height")
#set par(justify: {'true' if draft.justify else 'false'}, leading: {draft.leading}, spacing: {draft.between},
  first-line-indent: (amount: {draft.indent}, all: true))
{bases}

{decides}

{body}

#set par(justify: false, first-line-indent: 0pt, leading: 0.5em)
#v(10pt)
#block(breakable: false)[#grid(columns: (46%, 54%), [{recipients}], align(center)[{signer}])]
{annexes}
"""


@cache
def compiled(typst_source: str) -> bytes:
    return bytes(typst.compile(typst_source.encode(), format="pdf", font_paths=[str(FONTS)], ignore_system_fonts=True))


def write(draft: Draft, target: Path) -> Path:
    target.write_bytes(compiled(source(draft)))
    return target


# --- honest documents ----------------------------------------------------------------------------------------------

LETTER = Draft()
DECISION = Draft(
    type_name="Quyết định", kind="QUYẾT ĐỊNH", number="Số: 127/QĐ-UBND", about="", addressees=(),
    abstract="Về việc thành lập Tổ công tác chuyển đổi số", bases=BASES, body=ARTICLES,
    extra='#align(center)[#text(14pt, weight: "bold")[ỦY BAN NHÂN DÂN XÃ TÂN HIỆP]]',
    authority=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), name="Trần Thị Hồng Nhung",
    date="Tân Hiệp, ngày 15 tháng 01 năm 2026",
    recipients=("- Như Điều 3;", "- UBND tỉnh (báo cáo);", "- Lưu: VT, VHXH."))
LONG_REPORT = Draft(
    type_name="Báo cáo", kind="BÁO CÁO", number="Số: 31/BC-VHXH", about="", addressees=(), parent=("UBND XÃ TÂN HIỆP",),
    agency=("PHÒNG VĂN HÓA - XÃ HỘI",), abstract="Tình hình thực hiện nhiệm vụ 6 tháng đầu năm 2026",
    date="Tân Hiệp, ngày 30 tháng 6 năm 2026", body=PROSE * 7, authority=("TRƯỞNG PHÒNG",), name="Đỗ Thị Thu Hương",
    recipients=("- UBND xã (báo cáo);", "- Lưu: VT."), annexes=("Phụ lục I", "Phụ lục II"))
DEPARTMENT = Draft(
    type_name="Thông báo", kind="THÔNG BÁO", parent=("ỦY BAN NHÂN DÂN", "TỈNH PHÚ AN"),
    agency=("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"), number="Số: 1046/TB-SNNMT", date="Phú An, ngày 09 tháng 10 năm 2026",
    about="", addressees=(), abstract="Kết quả kiểm tra công tác quản lý đất đai quý III năm 2026",
    authority=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), name="Lê Quang Đức",
    recipients=("- UBND tỉnh (b/c);", "- Giám đốc Sở (b/c);", "- UBND các xã, phường, đặc khu;", "- Lưu: VT, QLĐĐ."))
MINISTRY = Draft(
    agency=("BỘ NỘI VỤ",), number="Số: 2803/BNV-VTLTNN", date="Hà Nội, ngày 27 tháng 02 năm 2026",
    about="V/v hướng dẫn công tác lưu trữ trong giai đoạn sắp xếp đơn vị hành chính", urgency="KHẨN",
    addressees=("- Ủy ban nhân dân các tỉnh, thành phố;", "- Các cơ quan thuộc Chính phủ."),
    authority=("TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"), name="Phạm Hải Yến",
    recipients=("- Như trên;", "- Bộ trưởng (để báo cáo);", "- Lưu: VT, VP."))
COUNCIL = Draft(
    type_name="Kế hoạch", kind="KẾ HOẠCH", parent=("ỦY BAN NHÂN DÂN XÃ TÂN HIỆP",),
    agency=("HỘI ĐỒNG GIÁO DỤC", "QUỐC PHÒNG VÀ AN NINH"), number="Số: 04/KH-HĐGDQPAN", about="", addressees=(),
    abstract="Bồi dưỡng kiến thức quốc phòng và an ninh năm 2026", authority=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    recipients=("- UBND xã;", "- Các thành viên Hội đồng;", "- Lưu: VT, HĐ."))
DELEGATED = Draft(
    type_name="Giấy mời", kind="GIẤY MỜI", parent=("ỦY BAN NHÂN DÂN", "PHƯỜNG AN KHÁNH"), number="Số: 88/GM-VP",
    agency=("VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN", "VÀ ỦY BAN NHÂN DÂN"), date="An Khánh, ngày 03 tháng 8 năm 2026", about="",
    abstract="Họp rà soát tiến độ giải quyết thủ tục hành chính", addressees=("Trưởng các phòng chuyên môn",),
    authority=("TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), name="Vũ Đình Khoa", recipients=("- Như trên;", "- Lưu: VT."))
ACTING = replace(DECISION, authority=("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH"), number="Số: …/QĐ-UBND",
                 date="Tân Hiệp, ngày … tháng … năm 2026", recipients=("- Như Điều 3;", "- Lưu: VT, VHXH."))
BLANKS = replace(LETTER, number="Số:         /UBND-VP", date="Tân Hiệp, ngày      tháng      năm 2026",
                 margins=(25, 20, 25, 35), indent="10mm", between="1.25em")


def of_type(name: str) -> Draft:
    """A plain document of any of the 29 types."""
    if name == "Công văn":
        return LETTER
    if name == "Quyết định":
        return DECISION
    if name == "Nghị quyết":
        return replace(DECISION, type_name=name, kind="NGHỊ QUYẾT", number="Số: 12/NQ-HĐND",
                       agency=("HỘI ĐỒNG NHÂN DÂN", "XÃ TÂN HIỆP"), authority=("TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"),
                       abstract="Về dự toán ngân sách năm 2026",
                       extra='#align(center)[#text(14pt, weight: "bold")[HỘI ĐỒNG NHÂN DÂN XÃ TÂN HIỆP]]')
    made = Draft(type_name=name, kind=name.upper(), number=f"Số: 08/{TYPES[name]}-UBND", about="", addressees=(),
                 abstract="Công tác văn thư, lưu trữ năm 2026")
    if name == "Tờ trình":
        return replace(made, addressees=("Hội đồng nhân dân xã Tân Hiệp",))
    if name == "Thư công":
        return replace(made, number="", abstract="", recipients_head="", recipients=(),
                       authority=("CHỦ TỊCH",))
    return made


HONEST: Mapping[str, Draft] = {
    **{f"type {name}": of_type(name) for name in TYPES},
    "several pages with annexes": LONG_REPORT, "department": DEPARTMENT, "ministry, urgent": MINISTRY,
    "council": COUNCIL, "delegated, of an office": DELEGATED, "acting head, dots": ACTING, "blank fields": BLANKS,
    "long letter": replace(LETTER, body=PROSE * 6), "widest margins": replace(DEPARTMENT, margins=(25, 20, 25, 35)),
    "at one and a half lines": replace(LETTER, leading="0.95em", between="1.5em"),
    "smallest sizes": replace(LETTER, styles={
        "state_name": Set(12, bold=True), "motto": Set(13, bold=True), "agency": Set(12, bold=True),
        "date": Set(13, italic=True), "about": Set(12), "addressee": Set(13), "body": Set(13),
        "authority": Set(13, bold=True), "name": Set(13, bold=True), "numeral": Set(13)}),
}
