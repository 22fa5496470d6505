"""A page's contents by chance, within the rules of NĐ 30/2020 (Article 7, Annexes I and III)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from tests.generators.pages import vocabulary as words
from tests.generators.pages.sheet import Sheet

TYPES = {
    "Nghị quyết": "NQ", "Quyết định": "QĐ", "Chỉ thị": "CT", "Quy chế": "QC", "Quy định": "QyĐ", "Thông cáo": "TC",
    "Thông báo": "TB", "Hướng dẫn": "HD", "Chương trình": "CTr", "Kế hoạch": "KH", "Phương án": "PA", "Đề án": "ĐA",
    "Dự án": "DA", "Báo cáo": "BC", "Biên bản": "BB", "Tờ trình": "TTr", "Hợp đồng": "HĐ", "Công văn": "",
    "Công điện": "CĐ", "Bản ghi nhớ": "BGN", "Bản thỏa thuận": "BTT", "Giấy ủy quyền": "GUQ", "Giấy mời": "GM",
    "Giấy giới thiệu": "GGT", "Giấy nghỉ phép": "GNP", "Phiếu gửi": "PG", "Phiếu chuyển": "PC", "Phiếu báo": "PB",
    "Thư công": "",
}
WITHOUT_SUBJECT = {"Giấy giới thiệu", "Giấy nghỉ phép", "Phiếu gửi", "Giấy ủy quyền"}
TWO_SIGN = {"Biên bản": ("THƯ KÝ", "CHỦ TỌA"), "Hợp đồng": ("ĐẠI DIỆN BÊN B", "ĐẠI DIỆN BÊN A"),
            "Bản ghi nhớ": ("ĐẠI DIỆN BÊN B", "ĐẠI DIỆN BÊN A"), "Bản thỏa thuận": ("ĐẠI DIỆN BÊN B", "ĐẠI DIỆN BÊN A")}


@dataclass(frozen=True, slots=True)
class _Agency:
    lines: tuple[str, ...]
    parent: tuple[str, ...]
    code: str
    units: tuple[str, ...]
    place: str
    authority: tuple[tuple[tuple[str, ...], str, str], ...]     # printed lines, form, position
    where: str


def invent(seed: int) -> Sheet:
    """The page of a seed; types come round in turn, so that 29 seeds in a row have each once."""
    chance = random.Random(seed)
    kind = tuple(TYPES)[seed % len(TYPES)]
    agency = _agency(chance, kind)
    lines, form, position = chance.choice(agency.authority)
    other: tuple[str, ...] = ()
    if kind in TWO_SIGN:
        left, right = TWO_SIGN[kind]
        if kind == "Biên bản":
            lines, form, position, other = (right,), "", right, (left, _person(chance))
        else:
            position, form = agency.authority[0][2], ""
            lines, other = (right, position), (left, "GIÁM ĐỐC", _person(chance))
    subject = "" if kind in WITHOUT_SUBJECT else _subject(chance, kind, agency.where)
    numbered = kind != "Thư công" or chance.random() < 0.5
    day = date(2026, 1, 1) + timedelta(days=chance.randrange(320))
    gets_letter = kind == "Công văn" or (kind in ("Tờ trình", "Công điện") and chance.random() < 0.8)
    has_list = kind not in ("Hợp đồng", "Bản ghi nhớ", "Bản thỏa thuận", "Thư công", "Giấy nghỉ phép")
    return Sheet(
        seed=seed, kind=kind, title="" if kind == "Công văn" else kind.upper(), agency=agency.lines,
        parent=agency.parent, number=_number(chance) if numbered else "",
        notation=_notation(chance, kind, agency) if numbered else "", place=agency.place, day=day, subject=subject,
        authority=lines, form=form, position=position, signer=_person(chance),
        addressees=tuple(chance.sample(words.ADDRESSEES, chance.choice((1, 1, 2, 3)))) if gets_letter else (),
        recipients=_recipients(chance, gets_letter, agency) if has_list else (), body=_body(chance, kind),
        deciding=f"{position if not form else agency.authority[0][2]} {' '.join(agency.lines)}"
        if kind in ("Quyết định", "Nghị quyết") else "", other_signer=other,
        urgency=chance.choice(("HỎA TỐC", "THƯỢNG KHẨN", "KHẨN")) if chance.random() < 0.15 else "",
        limit=chance.choice(("XEM XONG TRẢ LẠI", "LƯU HÀNH NỘI BỘ")) if chance.random() < 0.04 else "",
        address="Số 18 đường Trần Phú; điện thoại: 0203.3825.123; thư điện tử: vanthu@vi-du.gov.vn"
        if chance.random() < 0.12 else "", drafter="PL.(30)" if chance.random() < 0.1 else "",
        by_hand=numbered and chance.random() < 0.5, maker="LibreOffice" if seed % 8 == 3 else "typst",
        size=chance.choice((13, 13.5, 14)), margins=(chance.uniform(28, 34), chance.uniform(15, 20)),
        left_share=chance.uniform(0.38, 0.43), gap_mm=(chance.uniform(9, 17), chance.uniform(8, 13)),
        dots=chance.random() < 0.2)


def _agency(chance: random.Random, kind: str) -> _Agency:
    unit, name = chance.choice(words.COMMUNES)
    kind_of_province, province = chance.choice(words.PROVINCES)
    here, commune = f"{unit} {name}", (unit.upper(), name.upper())
    people = "ỦY BAN NHÂN DÂN"
    if kind == "Nghị quyết" and chance.random() < 0.7:
        council = (("HỘI ĐỒNG NHÂN DÂN", " ".join(commune)), "HĐND")
        signs = ((("TM. HỘI ĐỒNG NHÂN DÂN", "CHỦ TỊCH"), "TM.", "CHỦ TỊCH"),
                 (("TM. HỘI ĐỒNG NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "KT.", "PHÓ CHỦ TỊCH"),
                 (("CHỦ TỊCH",), "", "CHỦ TỊCH"))
        return _Agency(council[0], (), council[1], ("VP",), name, signs, here)
    which = chance.choices(("commune", "department", "ministry", "bureau", "unit", "school", "province", "police"),
                           (32, 22, 6, 5, 14, 9, 7, 5))[0]
    if which == "commune":
        signs = (((f"TM. {people}", "CHỦ TỊCH"), "TM.", "CHỦ TỊCH"),
                 ((f"TM. {people}", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "KT.", "PHÓ CHỦ TỊCH"),
                 (("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"), "TL.", "CHÁNH VĂN PHÒNG"), (("CHỦ TỊCH",), "", "CHỦ TỊCH"),
                 (("TUQ. CHỦ TỊCH", "TRƯỞNG PHÒNG KINH TẾ"), "TUQ.", "TRƯỞNG PHÒNG KINH TẾ"))
        return _Agency((people, " ".join(commune)), (), "UBND", ("VP", "KT", "VHXH", "PVHCC"), name, signs, here)
    if which == "province":
        signs = (((f"TM. {people}", "CHỦ TỊCH"), "TM.", "CHỦ TỊCH"),
                 ((f"TM. {people}", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "KT.", "PHÓ CHỦ TỊCH"),
                 (("TL. CHỦ TỊCH", "KT. CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"), "KT.", "PHÓ CHÁNH VĂN PHÒNG"))
        return _Agency((people, f"{kind_of_province} {province}".upper()), (), "UBND", ("NC", "TH", "KSTT", "CNXD"),
                       province, signs, f"{kind_of_province} {province}")
    if which == "department":
        full, code, units = chance.choice(words.DEPARTMENTS)
        place = f"{kind_of_province} {province}".upper()
        parent = chance.choice(((people, place), (f"UBND {place}",)))
        signs = ((("GIÁM ĐỐC",), "", "GIÁM ĐỐC"), (("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "KT.", "PHÓ GIÁM ĐỐC"),
                 (("TL. GIÁM ĐỐC", "CHÁNH VĂN PHÒNG"), "TL.", "CHÁNH VĂN PHÒNG"), (("Q. GIÁM ĐỐC",), "Q.", "GIÁM ĐỐC"))
        if full.startswith("THANH TRA"):
            full = f"THANH TRA {kind_of_province.upper()}"
            signs = ((("CHÁNH THANH TRA",), "", "CHÁNH THANH TRA"),
                     (("KT. CHÁNH THANH TRA", "PHÓ CHÁNH THANH TRA"), "KT.", "PHÓ CHÁNH THANH TRA"))
        return _Agency(_broken(full), parent, code, units, province, signs, f"{kind_of_province} {province}")
    if which == "ministry":
        full, code, units = chance.choice(words.MINISTRIES)
        signs = ((("BỘ TRƯỞNG",), "", "BỘ TRƯỞNG"), (("KT. BỘ TRƯỞNG", "THỨ TRƯỞNG"), "KT.", "THỨ TRƯỞNG"),
                 (("TL. BỘ TRƯỞNG", "CHÁNH VĂN PHÒNG"), "TL.", "CHÁNH VĂN PHÒNG"))
        return _Agency(_broken(full), (), code, units, "Hà Nội", signs, "toàn quốc")
    if which == "bureau":
        above, full, code, units = chance.choice(words.BUREAUS)
        signs = ((("CỤC TRƯỞNG",), "", "CỤC TRƯỞNG"),
                 (("KT. CỤC TRƯỞNG", "PHÓ CỤC TRƯỞNG"), "KT.", "PHÓ CỤC TRƯỞNG"))
        return _Agency(_broken(full), (above,), code, units, "Hà Nội", signs, "toàn quốc")
    if which == "police":
        signs = ((("TRƯỞNG CÔNG AN XÃ",), "", "TRƯỞNG CÔNG AN XÃ"),
                 (("KT. TRƯỞNG CÔNG AN XÃ", "PHÓ TRƯỞNG CÔNG AN XÃ"), "KT.", "PHÓ TRƯỞNG CÔNG AN XÃ"))
        return _Agency((f"CÔNG AN XÃ {name.upper()}",), (f"CÔNG AN {kind_of_province} {province}".upper(),), "CAX",
                       ("TH", "QLHC"), name, signs, f"xã {name}")
    parent = chance.choice(((people, " ".join(commune)), (f"UBND {' '.join(commune)}",)))
    if which == "school":
        at = chance.randrange(len(words.SCHOOLS))
        signs = ((("HIỆU TRƯỞNG",), "", "HIỆU TRƯỞNG"),
                 (("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"), "KT.", "PHÓ HIỆU TRƯỞNG"))
        return _Agency(_broken(words.SCHOOLS[at]), parent, words.SCHOOL_CODES[at], ("VP",), name, signs, here)
    full, code = chance.choice(words.UNITS)
    head = "GIÁM ĐỐC" if full.startswith("TRUNG TÂM") else "TRƯỞNG PHÒNG"
    signs = (((head,), "", head), ((f"KT. {head}", f"PHÓ {head}"), "KT.", f"PHÓ {head}"))
    return _Agency(_broken(full), parent, code, ("TH",), name, signs, here)


def _broken(name: str) -> tuple[str, ...]:
    """A long name on two or three lines, never within a word of two syllables that one would not part."""
    if len(name) <= 24:
        return (name,)
    parts, lines = name.split(), [""]
    width = 24 if len(name) > 48 else -(-len(name) // 2) + 3
    for part in parts:
        if lines[-1] and len(lines[-1]) + 1 + len(part) > width:
            lines.append(part)
        else:
            lines[-1] = f"{lines[-1]} {part}".strip()
    return tuple(lines)


def _number(chance: random.Random) -> str:
    return f"{chance.choice((chance.randrange(1, 100), chance.randrange(1, 1000), chance.randrange(1, 5000))):02d}"


def _notation(chance: random.Random, kind: str, agency: _Agency) -> str:
    if TYPES[kind]:
        return f"{TYPES[kind]}-{agency.code}"
    return f"{agency.code}-{chance.choice(agency.units)}"


def _subject(chance: random.Random, kind: str, where: str) -> str:
    tail = chance.choice(words.TAILS).format(where=where)
    about = f"{chance.choice(words.ACTIONS)} {chance.choice(words.TOPICS)} {tail}".strip()
    if kind == "Công văn":
        return about
    if kind in ("Quyết định", "Tờ trình", "Công điện", "Phiếu chuyển") and chance.random() < 0.8:
        return f"Về việc {about}"
    return about[0].upper() + about[1:]


def _person(chance: random.Random) -> str:
    surname, middle, given = chance.choice(words.SURNAMES), chance.choice(words.MIDDLES), chance.choice(words.GIVEN)
    if surname == "Rơ":
        return f"Rơ Châm {given}"
    return " ".join(part for part in (surname, middle, given) if part)


def _recipients(chance: random.Random, letter: bool, agency: _Agency) -> tuple[str, ...]:
    some = chance.sample(words.RECIPIENTS, chance.randrange(1, 6))
    return (*(("Như trên",) if letter else ()), *some, f"Lưu: VT, {chance.choice(agency.units)}")


def _body(chance: random.Random, kind: str) -> tuple[str, ...]:
    count = chance.choice((2, 2, 3, 3, 4, 9, 12))
    text = [chance.choice(words.SENTENCES) for _ in range(count)]
    bases = words.BASES[:chance.randrange(1, 4)] if kind in ("Quyết định", "Nghị quyết", "Hợp đồng") else ()
    return (*bases, *(("QUYẾT ĐỊNH:",) if kind == "Quyết định" else ()), *text)
