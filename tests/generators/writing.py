"""What a commune's mail is about: senders, types, subjects, words of a direction, made up from a seed.

The shares are our own estimate of a commune's desk; the types are those of NĐ 30/2020 Art 7.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

FAMILY_NAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
                "Dương", "Lý")
MIDDLE_NAMES = ("Văn", "Thị", "Đức", "Minh", "Ngọc", "Quốc", "Thanh", "Hữu", "Thị Thu", "Xuân", "Kim", "Bảo")
GIVEN_NAMES = ("An", "Bình", "Chi", "Dũng", "Đạt", "Giang", "Hà", "Hằng", "Hiếu", "Hoa", "Khánh", "Lan", "Linh", "Mai",
               "Nam", "Oanh", "Phúc", "Quỳnh", "Sơn", "Thảo", "Tuấn", "Uyên", "Vinh", "Yến")

DEPARTMENTS = (
    ("Sở Nội vụ", "SNV", "VP"), ("Sở Tài chính", "STC", "NS"), ("Sở Xây dựng", "SXD", "QLHT"),
    ("Sở Nông nghiệp và Môi trường", "SNNMT", "QLĐĐ"), ("Sở Y tế", "SYT", "NVY"),
    ("Sở Giáo dục và Đào tạo", "SGDĐT", "VP"), ("Sở Tư pháp", "STP", "HCTP"),
    ("Sở Khoa học và Công nghệ", "SKHCN", "CĐS"), ("Sở Văn hóa, Thể thao và Du lịch", "SVHTTDL", "GĐ"),
    ("Sở Công Thương", "SCT", "QLTM"), ("Thanh tra tỉnh", "TTT", "NV1"), ("Công an tỉnh", "CAT", "PV01"),
    ("Bộ Chỉ huy quân sự tỉnh", "BCH", "TM"), ("Văn phòng Ủy ban nhân dân tỉnh", "VPUBND", "TH"),
    ("Bảo hiểm xã hội tỉnh", "BHXH", "CĐ"), ("Thuế tỉnh", "THUE", "NVDTPC"),
    ("Tòa án nhân dân khu vực 2", "TAKV2", "VP"),
    ("Ủy ban nhân dân xã Đồng Lâm", "UBND", "KT"), ("Ủy ban nhân dân phường Phú An", "UBND", "VHXH"),
    ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "MTTQ", "BTT"),
)

TYPES = (("Công văn", 62), ("Quyết định", 8), ("Thông báo", 8), ("Kế hoạch", 7), ("Báo cáo", 5), ("Giấy mời", 5),
         ("Tờ trình", 3), ("Chỉ thị", 1), ("Hướng dẫn", 1))

VERBS = ("báo cáo", "triển khai", "phối hợp thực hiện", "tăng cường", "rà soát", "góp ý dự thảo", "hướng dẫn",
         "đôn đốc", "cung cấp số liệu về", "kiểm tra", "tổng kết", "đề nghị hỗ trợ")
MATTERS = (
    "công tác cải cách hành chính", "phòng cháy, chữa cháy", "chuyển đổi số", "phòng, chống thiên tai",
    "giải quyết đơn thư khiếu nại, tố cáo", "thu ngân sách nhà nước", "đăng ký, quản lý hộ tịch",
    "giải phóng mặt bằng đường liên xã", "vệ sinh an toàn thực phẩm", "tiêm chủng mở rộng", "phổ cập giáo dục",
    "giảm nghèo bền vững", "xây dựng nông thôn mới", "quản lý đất đai", "bảo vệ môi trường", "văn thư, lưu trữ",
    "tuyển quân", "bầu cử trưởng thôn", "phòng, chống dịch tả lợn châu Phi", "chi trả trợ cấp xã hội",
    "cấp giấy chứng nhận quyền sử dụng đất", "trật tự an toàn giao thông", "kiểm kê tài sản công",
    "thực hiện dân chủ ở cơ sở")
SCOPES = ("trên địa bàn xã", "quý I", "quý II", "quý III", "quý IV", "6 tháng đầu năm", "năm nay", "dịp Tết Nguyên đán",
          "mùa mưa bão", "theo kết luận thanh tra", "giai đoạn 2026 – 2030", "tháng này")
DIRECTIONS = ("Tham mưu văn bản trả lời.", "Nghiên cứu, triển khai thực hiện.", "Phối hợp, báo cáo kết quả trước hạn.",
              "Để biết, theo dõi.", "Chuẩn bị nội dung, tài liệu họp.", "Rà soát, đề xuất ý kiến.", "")
RESULTS = ("Đã báo cáo bằng văn bản.", "Đã dự họp, không phải trả lời.", "Đã triển khai tới các thôn.",
           "Đã tổng hợp vào báo cáo chung.", "Đã cung cấp số liệu qua điện thoại.")
RETURN_REASONS = ("Gửi nhầm địa chỉ.", "Thiếu phụ lục kèm theo.", "Chữ ký số không hợp lệ.", "Trùng văn bản đã nhận.")

URGENCIES = ((0, 88), (1, 8), (2, 3), (3, 1))

MONTHS = (7, 5, 8, 8, 8, 9, 8, 8, 9, 9, 10, 11)
"""How the mail of a year falls on its months: little at Tết, most before the year ends."""


@dataclass(frozen=True, slots=True)
class Sender:
    """code: of its own (QĐ 20/2020's shape), under the made-up province H99."""

    code: str
    name: str
    abbreviation: str
    unit: str


SENDERS = tuple(Sender(f"H99.{50 + place}", name, abbreviation, unit)
                for place, (name, abbreviation, unit) in enumerate(DEPARTMENTS))


def weighted(chance: random.Random, table: tuple[tuple[object, int], ...]) -> object:
    return chance.choices([value for value, _ in table], [weight for _, weight in table])[0]


def person_name(chance: random.Random) -> str:
    return f"{chance.choice(FAMILY_NAMES)} {chance.choice(MIDDLE_NAMES)} {chance.choice(GIVEN_NAMES)}"


def type_name(chance: random.Random) -> str:
    return str(weighted(chance, TYPES))


def subject(chance: random.Random, kind: str) -> str:
    text = f"{chance.choice(VERBS)} {chance.choice(MATTERS)} {chance.choice(SCOPES)}"
    return f"V/v {text}" if kind == "Công văn" else f"Về việc {text}"


def notation(sender: Sender, kind: str) -> str:
    abbreviations = {"Quyết định": "QĐ", "Thông báo": "TB", "Kế hoạch": "KH", "Báo cáo": "BC", "Giấy mời": "GM",
                     "Tờ trình": "TTr", "Chỉ thị": "CT", "Hướng dẫn": "HD"}
    return f"{abbreviations[kind]}-{sender.abbreviation}" if kind in abbreviations else (
        f"{sender.abbreviation}-{sender.unit}")
