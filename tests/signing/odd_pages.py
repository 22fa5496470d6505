"""Documents as offices really lay them out, each odd in its own way, with what a reader must find on them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import typst

from tests.signing.drafts import FONTS

PREAMBLE = """
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 20mm))
#set text(font: "Liberation Serif", size: 13pt, lang: "vi")
#let head(left, right, number, date) = {
  grid(columns: (5fr, 8fr), align: center, left, right)
  v(6pt)
  grid(columns: (5fr, 8fr), align: center, number, emph(date))
}
#let state = [#strong[#text(12pt)[CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM]\\ Độc lập - Tự do - Hạnh phúc]]
#let office = [UBND TỈNH\\ #strong[ỦY BAN NHÂN DÂN\\ XÃ TÂN HIỆP]]
#let plain(n) = for _ in range(n) [#par(justify: true, first-line-indent: 1cm)[Căn cứ Luật Tổ chức chính quyền địa
phương ngày 16 tháng 6 năm 2025; thực hiện Quyết định số 15/QĐ-UBND ngày 05 tháng 3 năm 2026 của Chủ tịch Ủy ban nhân
dân xã, Ủy ban nhân dân xã báo cáo kết quả số hóa tài liệu như sau.]]
#let receivers = [#text(12pt, style: "italic", weight: "bold")[Nơi nhận:]\\
  #text(11pt)[\\- Như trên;\\ \\- Chủ tịch UBND xã;\\ \\- Lưu: VT, VP.]]
#let signs(lines, name, room: 70pt) = align(center)[#strong[#for line in lines [#line\\ ]] #v(room) #strong(name)]
#let usual(lines, name, room: 70pt) = grid(columns: (1fr, 1fr), receivers, signs(lines, name, room: room))
#let start = head(office, state, [Số:#h(34pt)/UBND-VP], [Tân Hiệp, ngày#h(24pt)tháng#h(24pt)năm 2026])
"""


@dataclass(frozen=True)
class OddPage:
    """source: typst. signers: page and name of each, the principal first. authority: of the principal, lines parted by
    ` / `. number: None when none may be found, else what stands there. symbol. dated: whether there is a date line."""

    name: str
    source: str
    signers: tuple[tuple[int, str], ...]
    authority: str
    number: str | None = ""
    symbol: str = "/UBND-VP"
    dated: bool = True
    recipients: int | None = 1

    def write(self, path: Path) -> Path:
        path.write_bytes(typeset(self.source))
        return path


@lru_cache(maxsize=64)
def typeset(source: str) -> bytes:
    made = typst.compile((PREAMBLE + source).encode(), font_paths=[str(FONTS)], ignore_system_fonts=True)
    assert isinstance(made, bytes)
    return made


CHAIRMAN = 'usual(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), [Trần Văn Đức])'
AUTHORITY = "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"
SIGNED = ((1, "Trần Văn Đức"),)

ODD_PAGES = [
    OddPage("no_number_line", f"#head(office, state, [], [Tân Hiệp, ngày    tháng    năm 2026])#plain(3)#{CHAIRMAN}",
            SIGNED, AUTHORITY, number=None),
    OddPage("number_without_stroke", f"""#head(office, state, [Số:], [Tân Hiệp, ngày 5 tháng 3 năm 2026])#plain(3)
            #{CHAIRMAN}""", SIGNED, AUTHORITY, symbol=""),
    OddPage("dots_everywhere", f"""#head(office, state, [Số: ……/QĐ-UBND], [Tân Hiệp, ngày …… tháng …… năm 20……])
            #plain(3)#{CHAIRMAN}""", SIGNED, AUTHORITY, symbol="/QĐ-UBND"),
    OddPage("year_in_the_number", f"""#head(office, state, [Số:#h(30pt)/2026/QĐ-UBND], [Tân Hiệp, ngày#h(20pt)tháng
            #h(20pt)năm 2026])#plain(3)#{CHAIRMAN}""", SIGNED, AUTHORITY, symbol="/2026/QĐ-UBND"),
    OddPage("no_head_but_dates_in_the_text", f"#plain(4)#{CHAIRMAN}", SIGNED, AUTHORITY, number=None, symbol="",
            dated=False),
    OddPage("two_signers", """#start #plain(3)
            #grid(columns: (1fr, 1fr), signs(("GIÁM ĐỐC SỞ TÀI CHÍNH",), [Lê Thị Ngọc Ánh]),
            signs(("GIÁM ĐỐC SỞ NỘI VỤ",), [Đặng Quốc Ý])) #v(10pt) #receivers""",
            ((1, "Đặng Quốc Ý"), (1, "Lê Thị Ngọc Ánh")), "GIÁM ĐỐC SỞ NỘI VỤ"),
    OddPage("secretary_and_chair", """#start #plain(3)
            #grid(columns: (1fr, 1fr), signs(("THƯ KÝ",), [Phạm Hồng Quân]), signs(("CHỦ TỌA",), [Hoàng Thị Yến]))""",
            ((1, "Hoàng Thị Yến"), (1, "Phạm Hồng Quân")), "CHỦ TỌA", recipients=None),
    OddPage("signer_on_page_two", f"#start #plain(13)#{CHAIRMAN}", ((2, "Trần Văn Đức"),), AUTHORITY, recipients=2),
    OddPage("annex_behind", f"""#start #plain(3)#{CHAIRMAN}#pagebreak()#align(center)[*PHỤ LỤC I*\\ *DANH SÁCH*]
            #plain(2) #grid(columns: (1fr, 1fr), signs(("NGƯỜI LẬP BIỂU",), [Vũ Thị Hạnh]),
            signs(("TRƯỞNG PHÒNG",), [Bùi Văn Nam]))""", SIGNED, AUTHORITY),
    OddPage("table_before_the_signer", f"""#start #plain(1)#table(columns: 4, [*STT*], [*HỌ VÀ TÊN*], [*CHỨC VỤ*],
            [*GHI CHÚ*], [1], [Nguyễn Văn An], [Chủ tịch], [], [2], [Trần Thị Bình], [Phó Chủ tịch], [], [3],
            [Lê Văn Cường], [Trưởng phòng], [])#{CHAIRMAN}""", SIGNED, AUTHORITY),
    OddPage("rank_before_the_name", '#start #plain(3)#usual(("CHỈ HUY TRƯỞNG",), [Thượng tá Nguyễn Văn Ân])',
            ((1, "Thượng tá Nguyễn Văn Ân"),), "CHỈ HUY TRƯỞNG"),
    OddPage("degree_before_the_name", '#start #plain(3)#usual(("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"), '
            '[PGS.TS. Đỗ Thị Thùy Dương])', ((1, "PGS.TS. Đỗ Thị Thùy Dương"),), "KT. HIỆU TRƯỞNG / PHÓ HIỆU TRƯỞNG"),
    OddPage("name_in_capitals", '#start #plain(3)#usual(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), [NGUYỄN THỊ PHƯƠNG])',
            ((1, "NGUYỄN THỊ PHƯƠNG"),), "KT. GIÁM ĐỐC / PHÓ GIÁM ĐỐC"),
    OddPage("title_in_small_letters", '#start #plain(3)#usual(("Giám đốc",), [Ngô Xuân Bách])',
            ((1, "Ngô Xuân Bách"),), "Giám đốc"),
    OddPage("hint_under_the_title", """#start #plain(3)#grid(columns: (1fr, 1fr), receivers, align(center)[
            *TL. CHỦ TỊCH*\\ *CHÁNH VĂN PHÒNG*\\ #emph[(Ký, ghi rõ họ tên)] #v(60pt) *Phạm Hồng Quân*])""",
            ((1, "Phạm Hồng Quân"),), "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG"),
    OddPage("letters_set_apart", """#start #plain(3)#grid(columns: (1fr, 1fr), receivers, align(center)[
            #text(tracking: 3pt)[*CHỦ TỊCH*] #v(60pt) *Trần Văn Đức*])""", SIGNED, "CHỦ TỊCH"),
    OddPage("decomposed_letters", unicodedata.normalize("NFD", f"#start #plain(3)#{CHAIRMAN}"), SIGNED, AUTHORITY),
    OddPage("little_room", '#start #plain(3)#usual(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), [Trần Văn Đức], room: 22pt)',
            SIGNED, AUTHORITY),
    OddPage("three_lines_of_authority", """#start #plain(3)#usual(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH THƯỜNG TRỰC"), [Trần Văn Đức])""", SIGNED,
            "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH THƯỜNG TRỰC"),
    OddPage("cover_first", f"""
            #align(center + horizon)[*ĐỀ ÁN SỐ HÓA TÀI LIỆU*]#pagebreak()#start #plain(3)#{CHAIRMAN}""",
            ((2, "Trần Văn Đức"),), AUTHORITY, recipients=2),
    OddPage("watermark", f"""#place(center + horizon, rotate(-45deg, text(80pt, luma(220))[DỰ THẢO]))#start
            #plain(3)#{CHAIRMAN}""", SIGNED, AUTHORITY),
    OddPage("landscape", f"#set page(flipped: true)\n#start #plain(3)#{CHAIRMAN}", SIGNED, AUTHORITY),
    OddPage("named_type", """#head([#strong[SỞ NỘI VỤ]], state, [Số:#h(34pt)/QĐ-SNV], [Tân Hiệp, ngày#h(24pt)tháng
            #h(24pt)năm 2026])#align(center)[#v(12pt)*QUYẾT ĐỊNH*\\ *Về việc kiện toàn Ban Chỉ đạo chuyển đổi số*\\
            #v(6pt) *GIÁM ĐỐC SỞ NỘI VỤ*]#plain(2)#align(center)[*QUYẾT ĐỊNH:*]#par[*Điều 1.* Kiện toàn Ban Chỉ đạo.]
            #usual(("GIÁM ĐỐC",), [Đặng Quốc Ý])""", ((1, "Đặng Quốc Ý"),), "GIÁM ĐỐC", symbol="/QĐ-SNV"),
    OddPage("footer_under_the_recipients", f"""#set page(footer: text(11pt)[Địa chỉ: số 1 đường Hòa Bình, xã Tân Hiệp;
            điện thoại: 0200 000 000])\n#start #plain(3)#{CHAIRMAN}""", SIGNED, AUTHORITY),
    OddPage("name_left_out", """#start #plain(3)#grid(columns: (1fr, 1fr), receivers, align(center)[*KT. CHỦ TỊCH*\\
            *PHÓ CHỦ TỊCH*])""", ((1, ""),), "KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
]
