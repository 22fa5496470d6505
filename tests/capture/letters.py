"""Letters as Vietnamese offices write them (Decree 30/2020, Annex I), drawn with typst, then worn by paper and scanner.

Everything is invented: agencies, people and contents. A `Letter` knows what a reader should find in it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
import typst
from PIL import Image, ImageFilter

FONTS = Path(__file__).resolve().parents[2] / "resources" / "fonts"

BODY = (
    "Thực hiện chương trình công tác năm và ý kiến chỉ đạo của cấp có thẩm quyền về việc nâng cao chất lượng phục vụ "
    "người dân, doanh nghiệp; căn cứ tình hình thực tế tại địa phương, cơ quan thông báo một số nội dung sau đây.",
    "Các đơn vị trực thuộc rà soát toàn bộ hồ sơ đang giải quyết, lập danh sách những hồ sơ quá hạn, nêu rõ nguyên "
    "nhân và thời gian dự kiến hoàn thành; gửi báo cáo trước 16 giờ 00 phút, ngày làm việc cuối cùng của tháng.",
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị phản ánh kịp thời để được hướng dẫn, giải quyết "
    "theo quy định. Giao bộ phận văn thư theo dõi, đôn đốc và tổng hợp kết quả chung.",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """parent, agency, authority, recipients: one entry a printed line. kind "" is an official letter (công văn)."""

    agency: Sequence[str]
    notation: str
    subject: str
    signer: str
    authority: Sequence[str]
    number: str = "05"
    parent: Sequence[str] = ()
    place: str = "Tân Hiệp"
    date: tuple[int, int, int] = (2026, 3, 5)
    kind: str = ""
    addressees: Sequence[str] = ()
    recipients: Sequence[str] = ("Như trên;", "Lưu: VT.")
    urgency: str = ""
    secrecy: str = ""
    body: Sequence[str] = BODY
    form: str = ""
    position: str = ""
    seal: bool = True

    @property
    def date_words(self) -> str:
        year, month, day = self.date
        return f"ngày {day:02d} tháng {f'{month:02d}' if month < 3 else month} năm {year}"

    @property
    def iso_date(self) -> str:
        return "{:04d}-{:02d}-{:02d}".format(*self.date)


COMMUNE_LETTER = Letter(
    agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"), number="05", notation="UBND-VP",
    subject="tăng cường công tác văn thư, lưu trữ tại các đơn vị", signer="Nguyễn Văn Minh",
    authority=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), form="KT.", position="PHÓ CHỦ TỊCH",
    addressees=("Các phòng chuyên môn thuộc Ủy ban nhân dân xã;", "Trung tâm Phục vụ hành chính công xã."),
    recipients=("Như trên;", "Thường trực Đảng ủy xã;", "Chủ tịch, các Phó Chủ tịch UBND xã;", "Lưu: VT, VP."))
COMMUNE_DECISION = Letter(
    agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN HIỆP"), number="127", notation="QĐ-UBND", kind="QUYẾT ĐỊNH", place="Tân Hiệp",
    date=(2026, 1, 15), subject="Về việc thành lập Tổ công tác chuyển đổi số xã Tân Hiệp năm 2026",
    signer="Trần Thị Hồng Nhung", authority=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), form="TM.", position="CHỦ TỊCH",
    recipients=("Như Điều 3;", "UBND tỉnh (báo cáo);", "Sở Nội vụ;", "Lưu: VT, VHXH."))
DEPARTMENT_NOTICE = Letter(
    parent=("ỦY BAN NHÂN DÂN", "TỈNH LÂM ĐỒNG"), agency=("SỞ NÔNG NGHIỆP", "VÀ MÔI TRƯỜNG"), number="1046",
    notation="TB-SNNMT", kind="THÔNG BÁO", place="Lâm Đồng", date=(2026, 10, 9),
    subject="Kết quả kiểm tra công tác quản lý đất đai quý III năm 2026", signer="Lê Quang Đức",
    authority=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), form="KT.", position="PHÓ GIÁM ĐỐC",
    recipients=("UBND tỉnh (b/c);", "Giám đốc Sở (b/c);", "UBND các xã, phường, đặc khu;", "Lưu: VT, QLĐĐ."))
MINISTRY_LETTER = Letter(
    agency=("BỘ NỘI VỤ",), number="2803", notation="BNV-VTLTNN", place="Hà Nội", date=(2026, 2, 27),
    subject="hướng dẫn thực hiện quy định về công tác lưu trữ trong giai đoạn sắp xếp đơn vị hành chính",
    signer="Phạm Hải Yến", authority=("TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"), form="TL.", position="CHÁNH VĂN PHÒNG",
    addressees=("Ủy ban nhân dân các tỉnh, thành phố trực thuộc trung ương.",), urgency="KHẨN",
    recipients=("Như trên;", "Bộ trưởng (để báo cáo);", "Các Thứ trưởng;", "Cục Văn thư và Lưu trữ nhà nước;",
                "Lưu: VT, VP."))
UNIT_REPORT = Letter(
    parent=("UBND XÃ TÂN HIỆP",), agency=("PHÒNG VĂN HÓA - XÃ HỘI",), number="31", notation="BC-VHXH", kind="BÁO CÁO",
    place="Tân Hiệp", date=(2026, 6, 30), subject="Tình hình thực hiện nhiệm vụ 6 tháng đầu năm 2026",
    signer="Đỗ Thị Thu Hương", authority=("TRƯỞNG PHÒNG",), form="", position="TRƯỞNG PHÒNG",
    recipients=("UBND xã (báo cáo);", "Lưu: VT."))
OFFICE_INVITATION = Letter(
    parent=("ỦY BAN NHÂN DÂN", "PHƯỜNG AN KHÁNH"), agency=("VĂN PHÒNG HỘI ĐỒNG NHÂN DÂN", "VÀ ỦY BAN NHÂN DÂN"),
    number="88", notation="GM-VP", kind="GIẤY MỜI", place="An Khánh", date=(2026, 8, 3),
    subject="Họp rà soát tiến độ giải quyết thủ tục hành chính", signer="Vũ Đình Khoa",
    authority=("TUQ. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), form="TUQ.", position="CHÁNH VĂN PHÒNG", urgency="HỎA TỐC",
    recipients=("Như thành phần mời;", "Lưu: VT."))

ALL = (COMMUNE_LETTER, COMMUNE_DECISION, DEPARTMENT_NOTICE, MINISTRY_LETTER, UNIT_REPORT, OFFICE_INVITATION)


@cache
def _pages(letter: Letter, dpi: int) -> tuple[Image.Image, ...]:
    return tuple(Image.open(io.BytesIO(page)).convert("RGB") for page in _compiled(_source(letter), dpi))


def render(letter: Letter, dpi: int = 200) -> list[Image.Image]:
    """The letter's pages as RGB images of A4 paper with a red seal."""
    return [page.copy() for page in _pages(letter, dpi)]


@cache
def render_pdf(letter: Letter) -> bytes:
    """The letter as a word processor would export it."""
    return bytes(typst.compile(_source(letter).encode(), format="pdf", font_paths=[str(FONTS)],
                               ignore_system_fonts=True))


@cache
def _compiled(source: str, dpi: int) -> tuple[bytes, ...]:
    made = typst.compile(source.encode(), format="png", ppi=float(dpi), font_paths=[str(FONTS)],
                         ignore_system_fonts=True)
    return tuple(made) if isinstance(made, list) else (made,)


def _text(words: str) -> str:
    """Words as a typst string literal."""
    return '#"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lines(lines: Sequence[str]) -> str:
    return " \\ ".join(_text(line) for line in lines)


def _source(letter: Letter) -> str:
    seal = """#place(dx: -8mm, dy: -4mm, circle(radius: 17mm, stroke: 1.6pt + rgb("#d2232a"),
        align(center + horizon, text(7pt, fill: rgb("#d2232a"))[CON DẤU \\ MẪU])))""" if letter.seal else ""
    head_left = (_lines(letter.parent) + " \\ " if letter.parent else "") + f"*{_lines(letter.agency)}*"
    abstract_left = "" if letter.kind else f"#v(6pt, weak: true)\n#text(12pt)[{_text('V/v ' + letter.subject)}]"
    red = 'rgb("#d2232a")'
    stamps = "".join(
        f"#place(left, dx: 2mm, dy: {dy}mm, box(stroke: 1pt + {red}, inset: 5pt, "
        f"text(13pt, fill: {red}, weight: \"bold\")[{_text(words)}]))\n"
        for words, dy in ((letter.secrecy, -4), (letter.urgency, 7)) if words)
    title = f"""#align(center)[*{_text(letter.kind)}* \\ *{_text(letter.subject)}*
        #v(-2pt) #line(length: 28%, stroke: 0.6pt)]\n#v(8pt)""" if letter.kind else "#v(14pt)"
    addressees = ""
    if len(letter.addressees) == 1:
        addressees = f"#align(center)[Kính gửi: {_text(letter.addressees[0])}]\n#v(8pt)"
    elif letter.addressees:
        rows = " \\ ".join(_text("- " + name) for name in letter.addressees)
        addressees = f"#pad(left: 30mm)[Kính gửi: \\ {rows}]\n#v(8pt)"
    body = "\n\n".join(_text(paragraph) for paragraph in letter.body)
    recipients = " \\ ".join(_text("- " + name) for name in letter.recipients)
    return f"""
#set page(paper: "a4", margin: (top: 20mm, bottom: 20mm, left: 30mm, right: 15mm),
  header: context if counter(page).get().first() > 1 [#align(center, counter(page).display())], header-ascent: 40%)
#set text(font: "Liberation Serif", size: 13.5pt, lang: "vi", hyphenate: false)
#set par(leading: 0.62em)
#grid(columns: (42%, 58%), gutter: 0pt,
  align(center)[#text(12.5pt)[{head_left}] #v(-8pt) #line(length: 30%, stroke: 0.6pt)],
  align(center)[#text(12.5pt)[*CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM*] \\ *Độc lập - Tự do - Hạnh phúc*
    #v(-8pt) #line(length: 62%, stroke: 0.6pt)])
#v(2pt)
#grid(columns: (42%, 58%), gutter: 0pt,
  align(center)[#text(13pt)[Số: {_text(letter.number + '/' + letter.notation)}] {abstract_left}],
  align(center)[_{_text(letter.place + ', ' + letter.date_words)}_])
#v(10pt)
{stamps}
{title}
{addressees}
#set par(justify: true, first-line-indent: (amount: 12.7mm, all: true), spacing: 0.9em)
{body}

#set par(justify: false, first-line-indent: 0pt)
#v(8pt)
#grid(columns: (48%, 52%), gutter: 0pt,
  [#text(12pt)[*_Nơi nhận:_*] \\ #text(11pt)[{recipients}]],
  align(center)[*{_lines(letter.authority)}* #v(4pt) #box(height: 26mm, width: 100%)[{seal}] *{_text(letter.signer)}*])
"""


@dataclass(frozen=True, slots=True)
class Wear:
    """What paper, photocopier and scanner do. Angles in degrees, counter-clockwise; shade and noise in grey levels."""

    skew: float = 0.0
    turn: int = 0
    noise: float = 0.0
    blur: float = 0.0
    shade: float = 0.0
    paper: tuple[int, int, int] = (255, 255, 255)
    dark_border_px: int = 0
    specks: int = 0
    seed: int = 1
    extra: dict[str, float] = field(default_factory=dict)


def wear(page: Image.Image, how: Wear) -> Image.Image:
    """The page as a scanner would hand it over. The same `how` gives the same picture."""
    chance = np.random.default_rng(how.seed)
    if how.skew:
        page = page.rotate(how.skew, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    if how.blur:
        page = page.filter(ImageFilter.GaussianBlur(how.blur))
    picture = np.asarray(page, np.float32) * (np.array(how.paper, np.float32) / 255)
    height, width = picture.shape[:2]
    if how.shade:
        across = np.linspace(0, 1, width, dtype=np.float32) ** 2
        down = np.linspace(1, 0.6, height, dtype=np.float32)
        picture -= (how.shade * down[:, None] * across[None, :])[..., None]
    if how.specks:
        ys, xs = chance.integers(0, height - 2, how.specks), chance.integers(0, width - 2, how.specks)
        for y, x in zip(ys, xs, strict=True):
            picture[y:y + 2, x:x + 2] = 60
    if how.noise:
        picture += chance.normal(0, how.noise, picture.shape).astype(np.float32)
    worn = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8), "RGB")
    if how.dark_border_px:
        framed = Image.new("RGB", (width + how.dark_border_px, height + how.dark_border_px), (18, 18, 20))
        framed.paste(worn, (0, 0))
        worn = framed
    return worn.rotate(how.turn, expand=True) if how.turn else worn
