"""One mistake each: what is wrong, which rule must say so, on which page, which words (or place) its box must cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from docclient.form import Expected
from tests.form.letters import (
    ARTICLES,
    BASES,
    DECISION,
    DEPARTMENT,
    LETTER,
    LONG_REPORT,
    MINISTRY,
    PROSE,
    Draft,
    Set,
)


@dataclass(frozen=True, slots=True)
class Mistake:
    """covers: words of one line that must lie in the finding's box; empty: `at`, a point in parts of the page from the
    top left, must. facts: what the office knows, where not what the draft itself says."""

    name: str
    draft: Draft
    code: str
    covers: str = ""
    page: int = 1
    at: tuple[float, float] = (0.0, 0.0)
    facts: Expected | None = None


def set_as(draft: Draft, **styles: Set) -> Draft:
    return replace(draft, styles={**draft.styles, **styles})


def said(draft: Draft, number: int, words: str) -> Draft:
    """The draft with another paragraph in place of that of its body."""
    body = list(draft.body)
    body[number] = words
    return replace(draft, body=tuple(body))


def listed(draft: Draft, *recipients: str) -> Draft:
    return replace(draft, recipients=recipients)


LONG = replace(LETTER, body=PROSE * 6)
LETTERED = replace(LETTER, numeral="top")
KNOWN = LETTER.expected

MISTAKES: Sequence[Mistake] = (
    # paper, margins, fonts, page numbers
    Mistake("US letter paper", replace(LETTER, paper=(215.9, 279.4)), "page_size", at=(.5, .5)),
    Mistake("landscape without a table", replace(LETTER, paper=(297, 210)), "page_orientation", at=(.5, .5)),
    Mistake("left margin of 2 cm", replace(LETTER, margins=(20, 15, 20, 20)), "margin_left", "người dân"),
    Mistake("left margin of 4 cm", replace(LETTER, margins=(20, 15, 20, 40)), "margin_left", "vụ người dân"),
    Mistake("right margin of 1 cm", replace(LETTER, margins=(20, 10, 20, 30)), "margin_right", "lượng phục"),
    Mistake("right margin of 3 cm", replace(LETTER, margins=(20, 30, 20, 30), date="An, ngày 05 tháng 3 năm 2026"),
            "margin_right", "Thực hiện chương"),
    Mistake("top margin of 1 cm", replace(LETTER, margins=(10, 15, 20, 30)), "margin_top", "ỦY BAN NHÂN DÂN"),
    Mistake("bottom margin of 8 mm", replace(LONG, margins=(20, 15, 8, 30)), "margin_bottom", at=(.5, .963)),
    Mistake("another font", replace(LETTER, font="New Computer Modern"), "font_family", "Nơi nhận:"),
    Mistake("one line in another font", set_as(LETTER, name=Set(13.5, bold=True, font="DejaVu Sans Mono")),
            "font_family", "Nguyễn Văn Minh"),
    Mistake("blue text", set_as(LETTER, about=Set(12.5, colour="blue")), "font_colour", "tăng cường"),
    Mistake("page number on page 1", replace(LONG, numeral="first"), "page_number_on_first", "1"),
    Mistake("no page numbers", replace(LONG, numeral="none"), "page_number_missing", page=2, at=(.53, .045)),
    Mistake("page numbers at the foot", replace(LONG, numeral="bottom"), "page_number_place", page=2,
            at=(.536, .96)),
    Mistake("page numbers at the left", replace(LONG, numeral="left"), "page_number_place", "2", page=2),
    Mistake("page number between dashes", replace(LONG, numeral="framed"), "page_number_type", "- 2 -", page=2),
    Mistake("small page numbers", set_as(LONG, numeral=Set(10)), "page_number_type", "2", page=2),
    Mistake("page counted wrongly", replace(LONG, numeral="wrong"), "page_number_value", "3", page=2),
    # State name and motto
    Mistake("no State name", replace(LETTER, state_name=" "), "state_name_missing", at=(.7, .08)),
    Mistake("State name misspelled", replace(LETTER, state_name="CỘNG HÒA XÃ HỘI CHỦ NGHIÃ VIỆT NAM"),
            "state_name_words", "NGHIÃ"),
    Mistake("State name in lower case", replace(LETTER, state_name="Cộng hòa xã hội chủ nghĩa Việt Nam"),
            "state_name_words", "Cộng hòa"),
    Mistake("State name of 14 points", set_as(LETTER, state_name=Set(14, bold=True)), "state_name_size", "NGHĨA"),
    Mistake("State name not bold", set_as(LETTER, state_name=Set(12.5)), "state_name_bold", "CỘNG HÒA"),
    Mistake("no motto", replace(LETTER, motto=" ", motto_rule=False), "motto_missing", at=(.7, .1)),
    Mistake("motto in capitals", replace(LETTER, motto="ĐỘC LẬP - TỰ DO - HẠNH PHÚC"), "motto_words", "ĐỘC LẬP"),
    Mistake("motto with other capitals", replace(LETTER, motto="Độc lập - Tự Do - Hạnh Phúc"), "motto_words", "Tự Do"),
    Mistake("motto without dashes", replace(LETTER, motto="Độc lập Tự do Hạnh phúc"), "motto_words", "Tự do Hạnh"),
    Mistake("motto of 11 points", set_as(LETTER, motto=Set(11, bold=True)), "motto_size", "Độc lập"),
    Mistake("motto not bold", set_as(LETTER, motto=Set(13.5)), "motto_bold", "Độc lập"),
    Mistake("motto in italics", set_as(LETTER, motto=Set(13.5, bold=True, italic=True)), "motto_upright", "Độc lập"),
    Mistake("no rule under the motto", replace(LETTER, motto_rule=False), "motto_rule", "Độc lập"),
    Mistake("the head's columns changed", replace(LETTER, swapped=True), "sides", "ỦY BAN NHÂN DÂN"),
    # agency
    Mistake("agency not bold", set_as(LETTER, agency=Set(12.5)), "agency_bold", "XÃ TÂN HIỆP"),
    Mistake("parent bold too", set_as(DEPARTMENT, parent=Set(12.5, bold=True)), "parent_regular", "TỈNH PHÚ AN",
            facts=DEPARTMENT.expected),
    Mistake("agency in lower case", replace(LETTER, agency=("Ủy ban nhân dân", "xã Tân Hiệp")), "agency_case",
            "xã Tân Hiệp"),
    Mistake("agency of 14 points", set_as(LETTER, agency=Set(14, bold=True)), "agency_size", "XÃ TÂN HIỆP"),
    Mistake("another agency's name", replace(LETTER, agency=("ỦY BAN NHÂN DÂN", "XÃ TÂN THUẬN")), "agency_name",
            "XÃ TÂN THUẬN", facts=KNOWN),
    Mistake("parent left out", replace(DEPARTMENT, parent=()), "agency_parent", "SỞ NÔNG NGHIỆP",
            facts=DEPARTMENT.expected),
    Mistake("no rule under the agency", replace(LETTER, agency_rule=False), "agency_rule", "XÃ TÂN HIỆP"),
    # number
    Mistake("no number line", replace(LETTER, number=""), "number_missing", at=(.28, .145), facts=KNOWN),
    Mistake("number without a leading zero", replace(LETTER, number="Số: 5/UBND-VP"), "number_form", "Số: 5/UBND-VP"),
    Mistake("blanks about the dash", replace(LETTER, number="Số: 15/UBND - VP"), "number_form", "15/UBND - VP"),
    Mistake("number in capitals", replace(LETTER, number="SỐ: 15/UBND-VP"), "number_form", "SỐ: 15/UBND-VP"),
    Mistake("no stroke", replace(LETTER, number="Số: 15 UBND-VP"), "number_form", "15 UBND-VP"),
    Mistake("inserted number", replace(LETTER, number="Số: 15a/UBND-VP"), "number_form", "15a/UBND-VP"),
    Mistake("another unit in the symbol", replace(LETTER, number="Số: 15/UBND-KT"), "number_symbol", "15/UBND-KT",
            facts=KNOWN),
    Mistake("symbol of another type", replace(DECISION, number="Số: 127/TB-UBND"), "number_symbol", "127/TB-UBND",
            facts=DECISION.expected),
    Mistake("symbol's parts changed", replace(DECISION, number="Số: 127/UBND-QĐ"), "number_symbol", "127/UBND-QĐ",
            facts=Expected(type_name="Quyết định")),
    Mistake("number bold", set_as(LETTER, number=Set(13, bold=True)), "number_regular", "15/UBND-VP"),
    Mistake("number of 11 points", set_as(LETTER, number=Set(11)), "number_size", "15/UBND-VP"),
    # place and date
    Mistake("no date", replace(LETTER, date=" "), "date_missing", at=(.7, .145)),
    Mistake("day without a zero", replace(LETTER, date="Tân Hiệp, ngày 5 tháng 3 năm 2026"), "date_form", "ngày 5"),
    Mistake("March with a zero", replace(LETTER, date="Tân Hiệp, ngày 05 tháng 03 năm 2026"), "date_form", "tháng 03"),
    Mistake("February without a zero", replace(LETTER, date="Tân Hiệp, ngày 05 tháng 2 năm 2026"), "date_form",
            "tháng 2"),
    Mistake("month 13", replace(LETTER, date="Tân Hiệp, ngày 05 tháng 13 năm 2026"), "date_form", "tháng 13"),
    Mistake("date in figures", replace(LETTER, date="Tân Hiệp, 05/03/2026"), "date_form", "05/03/2026"),
    Mistake("no place", replace(LETTER, date="Ngày 05 tháng 3 năm 2026"), "date_form", "Ngày 05"),
    Mistake("another place", replace(LETTER, date="Phú An, ngày 05 tháng 3 năm 2026"), "date_place", "Phú An",
            facts=KNOWN),
    Mistake("date upright", set_as(LETTER, date=Set(13.5)), "date_italic", "ngày 05"),
    Mistake("date of 12 points", set_as(LETTER, date=Set(12, italic=True)), "date_size", "ngày 05"),
    # title, abstract, addressee
    Mistake("no title", replace(DECISION, kind=""), "title_missing", at=(.53, .2), facts=DECISION.expected),
    Mistake("title of another type", replace(DECISION, kind="THÔNG BÁO"), "title_type", "THÔNG BÁO",
            facts=DECISION.expected),
    Mistake("title in lower case", replace(DEPARTMENT, kind="Thông báo"), "title_case", "Thông báo"),
    Mistake("title not bold", set_as(DEPARTMENT, title=Set(14)), "title_bold", "THÔNG BÁO"),
    Mistake("title of 16 points", set_as(DEPARTMENT, title=Set(16, bold=True)), "title_size", "THÔNG BÁO"),
    Mistake("title at the left", replace(DEPARTMENT, title_align="left"), "title_centred", "THÔNG BÁO"),
    Mistake("no abstract", replace(DEPARTMENT, abstract=""), "abstract_missing", "THÔNG BÁO"),
    Mistake("abstract not bold", set_as(DEPARTMENT, abstract=Set(14)), "abstract_bold", "quản lý đất đai"),
    Mistake("abstract of 12 points", set_as(DEPARTMENT, abstract=Set(12, bold=True)), "abstract_size", "quản lý đất"),
    Mistake("letter without V/v", replace(LETTER, about=""), "letter_abstract_missing", at=(.28, .2)),
    Mistake("V/v in bold", set_as(LETTER, about=Set(12.5, bold=True)), "letter_abstract_regular", "tăng cường"),
    Mistake("V/v of 14 points", set_as(LETTER, about=Set(14)), "letter_abstract_size", "tăng cường"),
    Mistake("Về việc written out", replace(LETTER, about="Về việc tăng cường công tác văn thư"),
            "letter_abstract_form", "Về việc"),
    Mistake("no addressee", replace(LETTER, addressees=()), "addressee_missing", at=(.5, .26)),
    Mistake("Kính gửi without a colon", replace(LETTER, addressee="Kính gửi"), "addressee_form", "Kính gửi Sở"),
    Mistake("addressees without semicolons",
            replace(MINISTRY, addressees=("- Ủy ban nhân dân các tỉnh, thành phố", "- Các cơ quan thuộc Chính phủ.")),
            "addressee_form", "các tỉnh, thành phố"),
    Mistake("addressee bold", set_as(LETTER, addressee=Set(14, bold=True)), "addressee_regular", "Sở Nội vụ"),
    Mistake("addressee of 12 points", set_as(LETTER, addressee=Set(12)), "addressee_size", "Sở Nội vụ"),
    Mistake("addressee before the head", replace(LETTER, early_addressee=True), "order", "Kính gửi:"),
    # body
    Mistake("body of 12 points", set_as(LETTER, body=Set(12)), "body_size", "Thực hiện chương trình"),
    Mistake("body of 15 points", set_as(LETTER, body=Set(15)), "body_size", "Thực hiện chương"),
    Mistake("ragged body", replace(LETTER, justify=False), "body_justified", "Các đơn vị trực thuộc"),
    Mistake("no indent", replace(LETTER, indent="0mm"), "body_indent", "Thực hiện chương"),
    Mistake("indent of 2 cm", replace(LETTER, indent="20mm"), "body_indent", "Thực hiện chương"),
    Mistake("lines too close", replace(LETTER, leading="0.3em"), "body_line_spacing", "Thực hiện chương"),
    Mistake("lines too far apart", replace(LETTER, leading="1.5em", between="2.1em"), "body_line_spacing",
            "Thực hiện chương"),
    Mistake("paragraphs too close", replace(LETTER, between="0.62em"), "body_paragraph_spacing", "Các đơn vị trực"),
    Mistake("bases upright", set_as(DECISION, base=Set(14)), "bases_italic", "Căn cứ Luật"),
    Mistake("base without a semicolon", replace(DECISION, bases=(BASES[0][:-1] + ".", *BASES[1:])), "bases_end",
            "năm 2025."),
    Mistake("last base without a stop", replace(DECISION, bases=(*BASES[:2], BASES[2][:-1] + ";")), "bases_end",
            "Xã hội;"),
    Mistake("decision without bases", replace(DECISION, bases=()), "bases_missing", "Điều 1. Thành lập"),
    Mistake("article not bold", set_as(DECISION, article=Set(14)), "article_bold", "Điều 1."),
    Mistake("an article left out", said(DECISION, 1, "Điều 3. Tổ công tác có các nhiệm vụ sau đây:"), "article_order",
            "Điều 3."),
    Mistake("point đ left out", replace(DECISION, body=(*ARTICLES[:8], "e) Tuyên truyền trong Nhân dân;",
                                                          "g) Tổng hợp, báo cáo kết quả.", ARTICLES[10])),
            "point_alphabet", "e) Tuyên truyền"),
    Mistake("point f", replace(DECISION, body=(*ARTICLES[:10], "f) Việc khác do Chủ tịch giao.", ARTICLES[10])),
            "point_alphabet", "f) Việc khác"),
    Mistake("article cited in lower case", said(LETTER, 0, "Thực hiện quy định tại khoản 2 điều 24 của Quy chế làm "
                                                "việc, cơ quan thông báo nội dung sau đây."),
            "capitals_article", "điều 24"),
    Mistake("clause cited in capitals", said(LETTER, 0, "Thực hiện quy định tại Khoản 2 Điều 24 của Quy chế làm việc, "
                                             "cơ quan thông báo nội dung sau đây."), "capitals_clause", "Khoản 2"),
    Mistake("agency with all capitals", said(LETTER, 0, "Thực hiện chỉ đạo của Ủy Ban Nhân Dân tỉnh về công tác văn "
                                             "thư, cơ quan thông báo nội dung sau đây."),
            "capitals_agency", "Ủy Ban Nhân Dân"),
    Mistake("agency in lower case in text", said(LETTER, 0, "Thực hiện chỉ đạo của ủy ban nhân dân tỉnh về công tác "
                                                 "văn thư, cơ quan thông báo nội dung sau đây."),
            "capitals_agency", "ủy ban nhân dân"),
    Mistake("province with a capital", said(LETTER, 0, "Thực hiện chỉ đạo của Chủ tịch và các sở thuộc Tỉnh Nam Định "
                                            "về công tác văn thư, lưu trữ."), "capitals_place", "Tỉnh"),
    Mistake("weekday in lower case", said(LETTER, 0, "Cuộc họp được tổ chức vào thứ hai, ngày 09 tháng 3 năm 2026 tại "
                                          "phòng họp của cơ quan."), "capitals_calendar", "thứ hai"),
    # signer
    Mistake("no signer", replace(LETTER, authority=(), name=""), "authority_missing", at=(.7, .78)),
    Mistake("TM without its stop", replace(LETTER, authority=("TM ỦY BAN NHÂN DÂN", "CHỦ TỊCH")), "authority_form",
            "TM ỦY BAN NHÂN DÂN"),
    Mistake("T/M", replace(LETTER, authority=("T/M ỦY BAN NHÂN DÂN", "CHỦ TỊCH")), "authority_form", "T/M ỦY BAN"),
    Mistake("a deputy signs as head", replace(LETTER, authority=("TM. ỦY BAN NHÂN DÂN", "PHÓ CHỦ TỊCH")),
            "authority_lines", "PHÓ CHỦ TỊCH", facts=KNOWN),
    Mistake("by order where for the head", replace(LETTER, authority=("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG")),
            "authority_lines", "CHÁNH VĂN PHÒNG", facts=KNOWN),
    Mistake("authority in lower case", replace(LETTER, authority=("KT. Chủ tịch", "Phó Chủ tịch")), "authority_case",
            "Phó Chủ tịch"),
    Mistake("authority not bold", set_as(LETTER, authority=Set(13.5)), "authority_bold", "PHÓ CHỦ TỊCH"),
    Mistake("authority of 12 points", set_as(LETTER, authority=Set(12, bold=True)), "authority_size", "PHÓ CHỦ TỊCH"),
    Mistake("degree before the name", replace(LETTER, name="ThS. Nguyễn Văn Minh"), "name_title", "ThS. Nguyễn"),
    Mistake("name in capitals", replace(LETTER, name="NGUYỄN VĂN MINH"), "name_case", "NGUYỄN VĂN MINH"),
    Mistake("name with a small letter", replace(LETTER, name="Nguyễn văn Minh"), "capitals_person", "văn Minh"),
    Mistake("name of somebody else", replace(LETTER, name="Lê Quang Đức"), "name_differs", "Lê Quang Đức", facts=KNOWN),
    Mistake("name not bold", set_as(LETTER, name=Set(13.5)), "name_bold", "Nguyễn Văn Minh"),
    Mistake("name of 12 points", set_as(LETTER, name=Set(12, bold=True)), "name_size", "Nguyễn Văn Minh"),
    # recipients
    Mistake("no recipients", replace(LETTER, recipients_head="", recipients=()), "recipients_missing", at=(.22, .76)),
    Mistake("heading upright", set_as(LETTER, recipients_head=Set(12, bold=True)), "recipients_heading", "Nơi nhận:"),
    Mistake("heading of 14 points", set_as(LETTER, recipients_head=Set(14, bold=True, italic=True)),
            "recipients_heading", "Nơi nhận:"),
    Mistake("recipients of 13 points", set_as(LETTER, recipients=Set(13)), "recipients_size", "Thường trực"),
    Mistake("recipients in italics", set_as(LETTER, recipients=Set(11, italic=True)), "recipients_regular", "Thường"),
    Mistake("no archive line", listed(LETTER, "- Như trên;", "- Thường trực Đảng ủy xã."), "recipients_archive",
            "Thường trực"),
    Mistake("archive without VT", listed(LETTER, "- Như trên;", "- Lưu: VP."), "recipients_archive", "Lưu: VP."),
    Mistake("recipient without a semicolon", listed(LETTER, "- Như trên,", "- Thường trực Đảng ủy xã;",
                                                    "- Lưu: VT, VP."), "recipients_ends", "Như trên,"),
    Mistake("last recipient without a stop", listed(LETTER, "- Như trên;", "- Lưu: VT, VP"), "recipients_ends",
            "Lưu: VT, VP"),
    Mistake("recipient not listed", LETTER, "recipients_listed", "Nơi nhận:",
            facts=replace(KNOWN, recipients=("Kho bạc Nhà nước khu vực IX",))),
    Mistake("recipient without a dash", listed(LETTER, "- Như trên;", "Thường trực Đảng ủy xã;", "- Lưu: VT, VP."),
            "recipients_dashes", "Thường trực"),
    # what completes the list of rules
    Mistake("State name in italics", set_as(LETTER, state_name=Set(12.5, bold=True, italic=True)),
            "state_name_upright", "CỘNG HÒA"),
    Mistake("no agency", replace(LETTER, agency=(" ",), agency_rule=False), "agency_missing", at=(.28, .08)),
    Mistake("date bold", set_as(LETTER, date=Set(13.5, bold=True, italic=True)), "date_regular", "ngày 05"),
    Mistake("bases of 12 points", set_as(DECISION, base=Set(12, italic=True)), "bases_size", "Căn cứ Luật"),
    Mistake("no name", replace(LETTER, name=""), "name_missing", at=(.71, .58)),
    Mistake("paragraph in italics", set_as(LETTER, body=Set(14, italic=True)), "body_upright", "Thực hiện chương"),
    Mistake("the State in lower case", said(LETTER, 0, "Thực hiện chủ trương của nhà nước về công tác văn thư, lưu "
                                            "trữ, cơ quan thông báo một số nội dung sau đây."),
            "capitals_state", "nhà nước"),
    # the rest
    Mistake("annex heading not bold", set_as(LONG_REPORT, annex=Set(14)), "annex_heading", "Phụ lục I", page=4),
    Mistake("annexes without numbers", replace(LONG_REPORT, annexes=("Phụ lục", "Phụ lục")), "annex_number", "Phụ lục",
            page=4),
    Mistake("annexes with Arabic numbers", replace(LONG_REPORT, annexes=("Phụ lục 1", "Phụ lục 2")), "annex_number",
            "Phụ lục 2", page=5),
    Mistake("urgency not as set", MINISTRY, "urgency_missing", "KHẨN",
            facts=replace(MINISTRY.expected, urgency="HỎA TỐC")),
    Mistake("stamp on what is not urgent", MINISTRY, "urgency_unexpected", "KHẨN",
            facts=replace(MINISTRY.expected, not_urgent=True)),
    Mistake("urgency not bold", set_as(MINISTRY, urgency=Set(13)), "urgency_type", "KHẨN"),
    Mistake("a secrecy stamp", replace(MINISTRY, urgency="TỐI MẬT"), "secrecy_stamp", "TỐI MẬT"),
)
