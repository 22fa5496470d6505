"""Invented people, real kinds of agencies, everyday subjects: enough of each that no two pages say the same."""

from __future__ import annotations

PROVINCES = (
    ("tỉnh", "Lâm Đồng"), ("tỉnh", "Gia Lai"), ("tỉnh", "Đắk Lắk"), ("tỉnh", "Nghệ An"), ("tỉnh", "Thanh Hóa"),
    ("thành phố", "Cần Thơ"), ("tỉnh", "Vĩnh Long"), ("tỉnh", "Quảng Ngãi"), ("tỉnh", "Lào Cai"),
    ("thành phố", "Hải Phòng"), ("tỉnh", "Tuyên Quang"), ("tỉnh", "Khánh Hòa"), ("thành phố", "Đà Nẵng"),
    ("tỉnh", "An Giang"), ("tỉnh", "Ninh Bình"), ("tỉnh", "Bắc Ninh"), ("tỉnh", "Cao Bằng"), ("tỉnh", "Sơn La"),
)
COMMUNES = (
    ("xã", "Tân Hiệp"), ("xã", "Ia Grai"), ("phường", "An Khánh"), ("xã", "Đắk Mil"), ("phường", "Hòa Xuân"),
    ("xã", "Mường Khương"), ("xã", "Vĩnh Thạnh"), ("phường", "Ngọc Hà"), ("xã", "Yên Thành"), ("đặc khu", "Phú Quý"),
    ("xã", "Quỳnh Lưu"), ("phường", "Thủ Dầu Một"), ("xã", "Bảo Lâm 2"), ("xã", "Krông Pắc"), ("phường", "Bồ Đề"),
    ("xã", "Hướng Phùng"), ("xã", "Nậm Nhùn"), ("phường", "Cửa Nam"), ("xã", "Châu Đức"), ("xã", "Ea Súp"),
    ("phường", "Long Xuyên"), ("xã", "Tiên Yên"), ("đặc khu", "Lý Sơn"), ("xã", "Cư M'gar"), ("phường", "Nếnh"),
)
DEPARTMENTS = (
    ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG", "SNNMT", ("QLĐĐ", "VP", "TCCB", "CNTY")), ("SỞ TÀI CHÍNH", "STC", ("NS", "VP")),
    ("SỞ XÂY DỰNG", "SXD", ("QLHT", "VP", "KTXD")), ("SỞ NỘI VỤ", "SNV", ("CCHC", "TCBC", "VTLT")),
    ("SỞ GIÁO DỤC VÀ ĐÀO TẠO", "SGDĐT", ("GDTH", "VP", "TCCB")), ("SỞ Y TẾ", "SYT", ("NVY", "KHTC")),
    ("SỞ KHOA HỌC VÀ CÔNG NGHỆ", "SKHCN", ("CĐS", "VP")), ("SỞ CÔNG THƯƠNG", "SCT", ("QLTM", "KTAT")),
    ("SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "SVHTTDL", ("QLVH", "VP")), ("SỞ TƯ PHÁP", "STP", ("XDVB", "HCTP")),
    ("THANH TRA TỈNH", "TTT", ("NV1", "VP")), ("SỞ DÂN TỘC VÀ TÔN GIÁO", "SDTTG", ("CSDT", "VP")),
)
MINISTRIES = (
    ("BỘ NỘI VỤ", "BNV", ("VTLT", "VP", "CCVC")), ("BỘ TÀI CHÍNH", "BTC", ("NSNN", "QLCS")),
    ("BỘ Y TẾ", "BYT", ("KCB", "TCCB")), ("BỘ XÂY DỰNG", "BXD", ("HTKT", "PC")),
    ("BỘ KHOA HỌC VÀ CÔNG NGHỆ", "BKHCN", ("CĐSQG", "BCVT")), ("BỘ GIÁO DỤC VÀ ĐÀO TẠO", "BGDĐT", ("GDPT", "KHTC")),
)
BUREAUS = (
    ("BỘ TÀI CHÍNH", "CỤC THUẾ", "CT", ("CS", "VP")), ("BỘ NỘI VỤ", "CỤC VĂN THƯ VÀ LƯU TRỮ NHÀ NƯỚC", "VTLTNN",
    ("NVVT",)),
    ("BỘ TƯ PHÁP", "CỤC KIỂM TRA VĂN BẢN VÀ QUẢN LÝ XỬ LÝ VI PHẠM HÀNH CHÍNH", "KTVB&QLXLVPHC", ("TH",)),
    ("BỘ CÔNG AN", "CỤC CẢNH SÁT GIAO THÔNG", "CSGT", ("P3",)),
)
UNITS = (("PHÒNG KINH TẾ", "PKT"), ("PHÒNG VĂN HÓA - XÃ HỘI", "VHXH"), ("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG", "TTPVHCC"),
         ("PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ", "KTHTĐT"))
SCHOOLS = ("TRƯỜNG TIỂU HỌC LÊ LỢI", "TRƯỜNG TRUNG HỌC CƠ SỞ NGUYỄN DU", "TRƯỜNG MẦM NON HOA SEN",
           "TRƯỜNG TIỂU HỌC VÀ TRUNG HỌC CƠ SỞ ĐINH NÚP")
SCHOOL_CODES = ("THLL", "THCSND", "MNHS", "TH&THCSĐN")

SURNAMES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
            "Dương", "Lý", "Đinh", "Trương", "Lò", "Nông", "Rơ", "Y", "Giàng", "Mai", "Đoàn")
MIDDLES = ("Văn", "Thị", "Thị Thu", "Quang", "Minh", "Đức", "Hữu", "Ngọc", "Thanh", "Xuân", "Thị Hồng", "Đình", "Công",
           "Anh", "Bảo", "Thế", "Trọng", "")
GIVEN = ("Minh", "Hương", "Nhung", "Khoa", "Yến", "Đức", "Hùng", "Dũng", "Thảo", "Linh", "Tuấn", "Phượng", "Sơn",
         "Thủy", "Hải", "Nghĩa", "Quỳnh", "Lộc", "Ánh", "Ân", "Uyên", "Vượng", "Khuê", "Trường", "Bích", "Ơn")

ACTIONS = ("tăng cường công tác", "triển khai thực hiện công tác", "kiểm tra công tác", "nâng cao hiệu quả công tác",
           "tổ chức thực hiện công tác", "rà soát, đánh giá công tác", "chấn chỉnh công tác",
           "phối hợp thực hiện công tác",
           "đôn đốc công tác", "phân công nhiệm vụ công tác", "tổng kết công tác", "hướng dẫn công tác")
TOPICS = ("phòng cháy, chữa cháy và cứu nạn, cứu hộ", "cải cách hành chính", "chuyển đổi số", "quản lý đất đai",
          "phòng, chống thiên tai và tìm kiếm cứu nạn", "văn thư, lưu trữ", "thu, chi ngân sách nhà nước",
          "tiếp công dân, giải quyết khiếu nại, tố cáo", "an toàn thực phẩm", "phòng, chống dịch bệnh động vật",
          "giảm nghèo bền vững", "quản lý trật tự xây dựng", "kiểm soát thủ tục hành chính", "bảo vệ môi trường",
          "bảo đảm trật tự, an toàn giao thông", "phổ biến, giáo dục pháp luật", "thi đua, khen thưởng",
          "dân số và phát triển",
          "quản lý tài sản công", "phát triển kinh tế tập thể", "bảo vệ và phát triển rừng",
          "tuyển sinh các lớp đầu cấp",
          "đào tạo nghề cho lao động nông thôn", "ứng dụng chữ ký số", "phòng, chống ma túy", "cấp nước sạch nông thôn",
          "giải phóng mặt bằng dự án đường liên xã", "chăm sóc, giáo dục trẻ em", "bầu cử đại biểu Hội đồng nhân dân",
          "xây dựng nông thôn mới nâng cao")
TAILS = ("", "năm 2026", "6 tháng đầu năm 2026", "quý III năm 2026", "giai đoạn 2026 - 2030", "trên địa bàn {where}",
         "trên địa bàn {where} năm 2026", "tháng 8 năm 2026", "tại các cơ quan, đơn vị trực thuộc",
         "dịp Tết Nguyên đán Bính Ngọ", "9 tháng năm 2026 và phương hướng, nhiệm vụ quý IV năm 2026",
         "theo Nghị quyết số 57-NQ/TW")

SENTENCES = (
    "Thực hiện chương trình công tác năm và ý kiến chỉ đạo của cấp có thẩm quyền về việc nâng cao chất lượng phục vụ "
    "người dân, doanh nghiệp; căn cứ tình hình thực tế tại địa phương, cơ quan thông báo một số nội dung sau đây.",
    "Các đơn vị trực thuộc rà soát toàn bộ hồ sơ đang giải quyết, lập danh sách những hồ sơ quá hạn, nêu rõ nguyên "
    "nhân và thời gian dự kiến hoàn thành; gửi báo cáo trước 16 giờ 00 phút, ngày làm việc cuối cùng của tháng.",
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, đề nghị phản ánh kịp thời để được hướng dẫn, giải quyết "
    "theo quy định. Giao bộ phận văn thư theo dõi, đôn đốc và tổng hợp kết quả chung.",
    "Kinh phí thực hiện được bố trí từ nguồn ngân sách nhà nước theo phân cấp hiện hành và các nguồn hợp pháp khác.",
    "Thủ trưởng các cơ quan, đơn vị chịu trách nhiệm về tiến độ, chất lượng của nội dung được phân công; kịp thời khen "
    "thưởng tập thể, cá nhân có thành tích và xử lý nghiêm trường hợp vi phạm.",
    "Thời gian thực hiện: từ ngày 01 tháng 8 năm 2026 đến hết ngày 30 tháng 11 năm 2026; địa điểm: hội trường tầng 2.",
)
BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05 tháng 3 năm 2020 của Chính phủ về công tác văn thư;",
    "Theo đề nghị của Chánh Văn phòng tại Tờ trình số 15/TTr-VP ngày 02 tháng 02 năm 2026.",
)
RECIPIENTS = ("Thường trực Đảng ủy (b/c)", "Sở Nội vụ", "Lãnh đạo Ủy ban nhân dân", "Các phòng, ban, trung tâm",
              "Cổng thông tin điện tử", "UBND các xã, phường, đặc khu", "Văn phòng Đảng ủy",
              "Ban Tuyên giáo và Dân vận",
              "Công an, Ban Chỉ huy Quân sự", "Kho bạc Nhà nước Khu vực XIII", "Như Điều 3",
              "Phòng Kế hoạch - Tài chính",
              "Các Phó Giám đốc", "Trưởng thôn, tổ dân phố")
ADDRESSEES = ("Các phòng, ban, đơn vị trực thuộc", "Ủy ban nhân dân các xã, phường", "Sở Nội vụ", "Sở Tài chính",
              "Công an tỉnh", "Bảo hiểm xã hội tỉnh", "Trường Chính trị tỉnh", "Thủ trưởng các cơ quan, đơn vị",
              "Hiệu trưởng các trường học trên địa bàn", "Văn phòng Ủy ban nhân dân tỉnh", "Bộ Nội vụ", "Thuế tỉnh")
