"""First syllables of people's names in Vietnam. They raise the certainty of a name; nothing is corrected by them."""

from __future__ import annotations

from docclient.capture.fields.slips import plain

SURNAMES = frozenset(plain(name) for name in (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đào", "Đoàn", "Vương", "Trịnh", "Trương", "Đinh", "Lâm", "Phùng", "Mai", "Tô", "Hà", "Tạ", "Lương", "Tống",
    "Thái", "Cao", "Châu", "Chu", "Lại", "La", "Quách", "Kiều", "Thân", "Tăng", "Văn", "Bạch", "Lục", "Khổng", "Từ",
    "Triệu", "Viên", "Nông", "Vi", "Lò", "Quàng", "Cầm", "Hứa", "Hờ", "Giàng", "Vàng", "Sùng", "Thào", "Lầu", "Ma",
    "Tòng", "Lường", "Hoa", "Ông", "Nghiêm", "Mạc", "Đàm", "Đồng", "Doãn", "Giang", "Hán", "Kim", "Khuất", "Lưu",
    "Ninh", "Phí", "Quản", "Tôn", "Trang", "Ung", "Vòng", "Y", "A", "K", "H", "Bế", "Chẩu", "Điêu", "Hạ", "Khương",
    "Lữ", "Mã", "Âu", "Bành", "Biện", "Cù", "Cung", "Diệp", "Đậu", "Điền", "Hình", "Kha", "Thạch", "Sơn", "Danh",
    "Rơ", "Siu", "Ksor", "Nay", "Hồng", "Tiêu", "Mẫn", "Nhữ", "Thiều", "Thẩm", "Trình", "Ứng", "Văng", "Xa", "Lã",
))
