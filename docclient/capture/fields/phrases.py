"""Pairs of syllables that stand in offices' letters every day: they vouch for the marks of what was read.

The reader puts a mark too many, or loses one, in words it knows. A word that stands beside another as it does in
everyday expressions has hardly lost one; of two readings the one that makes such pairs is likelier. Pairs put one
thing right: a hook above that is worn to an acute ("kiếm tra", "tống kết"), where nothing else is written so. "Tại
khoản 2" is no slip for "tài khoản". And a few whole expressions of three syllables and more, which nothing else has the
letters of, are written as they are meant. Where no eye read it so it is doubted all the same (`agreement.confirmed`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import pairwise

from docclient.capture.fields.numerals import mended_numerals
from docclient.capture.fields.slips import TONES, letters_of, plain

PAIRS = """
an ninh|an sinh|an toàn|bảo đảm|bảo hiểm|bảo trì|bảo trợ|bảo vệ|bảo hộ|ban hành|báo cáo|báo chí|bầu cử|bệnh viện
biên bản|biên chế|biên giới|biến đổi|biện pháp|bổ nhiệm|bổ sung|bồi dưỡng|bồi thường|buôn lậu|bưu chính|cá nhân
cải cách|cải thiện|cải tạo|cam kết|cán bộ|cảnh báo|cảnh quan|cấp phát|cấp phép|cấp giấy|cấp xã|cấp tỉnh|cập nhật
cây trồng|chăn nuôi|chấm dứt|chấp hành|chấp thuận|chất lượng|chất thải|chấn chỉnh|chế biến|chế độ|chỉ đạo|chỉ thị
chi cục|chi nhánh|chi ngân|chi trả|chia sẻ|chiến lược|chính phủ|chính quyền|chính sách|chính thức|chủ động
chủ tịch|chủ trì|chủ trương|chuẩn bị|chuẩn hóa|chức danh|chức năng|chứng minh|chứng nhận|chứng thực|chương trình
chuyên đề|chuyên gia|chuyên môn|chuyên ngành|chuyển đổi|chuyển giao|cơ bản|cơ cấu|cơ chế|cơ quan|cơ sở|cộng đồng
công an|công bố|công chức|công dân|công đoàn|công khai|công nghệ|công nghiệp|công tác|công trình|công vụ|cung cấp
cung ứng|cuộc họp|cuối năm|cư trú|căn cước|căn cứ|dân cư|dân chủ|dân quân|dân số|dân sự|dân tộc|dân vận
danh mục|danh sách|dịch bệnh|dịch vụ|diễn tập|doanh nghiệp|du lịch|dự án|dự báo|dự kiến|dự phòng|dự thảo|dự toán
dữ liệu|dưỡng lão|dược phẩm|đại biểu|đại diện|đại hội|đánh giá|đào tạo|đảng bộ|đảng ủy|đảng viên|đặc biệt|đặc khu
đất đai|đất ở|đấu giá|đấu thầu|đầu năm|đầu tư|đăng ký|đê điều|đề án|đề cương|đề nghị|đề xuất|địa bàn|địa chính
địa giới|địa phương|điện lực|điện tử|điều chỉnh|điều động|điều hành|điều kiện|điều tra|định hướng|định kỳ|định mức
đoàn thể|đoàn viên|đô thị|độc lập|đối tượng|đối thoại|đơn vị|đường bộ|đường thủy|gia hạn|giá đất|giải ngân
giải phóng|giải pháp|giải quyết|giải thể|giai đoạn|giám đốc|giám định|giám sát|giảm nghèo|giáo dục|giáo viên
giao ban|giao dịch|giao đất|giao nhiệm|giao thông|giấy mời|giấy phép|giấy tờ|giống cây|góp ý|hạ tầng|hàng hóa|hàng năm
hành chính|hành động|hành vi|hậu quả|hệ thống|hiện đại|hiện hành|hiện trạng|hiệu lực|hiệu quả|hoàn thành
hoàn thiện|hoạt động|hòa giải|học sinh|hội đồng|hội nghị|hội nhập|hội thảo|hội thi|hộ nghèo|hộ tịch
hồ sơ|hỗ trợ|họp báo|hợp đồng|hợp nhất|hợp pháp|hợp tác|huy động|hướng dẫn|hữu cơ|kế hoạch|kế toán|kết cấu|kết luận
kết nối|kết quả|khai thác|khám bệnh|khảo sát|khắc phục|khen thưởng|khẩn cấp|khẩn trương|khiếu nại|kho bạc|khoa học
khoáng sản|không gian|khu phố|khu vực|khuyến công|khuyến khích|khuyến nông|kiểm điểm|kiểm kê|kiểm lâm|kiểm soát
kiểm toán|kiểm tra|kiến nghị|kiện toàn|kinh doanh|kinh phí|kinh tế|kỷ cương|kỷ luật|kỷ niệm|kỹ năng|kỹ thuật
lãng phí|lãnh đạo|lao động|lâm nghiệp|lấn chiếm|lập dự|lấy ý|lễ hội|lĩnh vực|liên thông|lịch tiếp|lịch họp|liệt sĩ
lộ trình|luân chuyển|lực lượng|lương thực|mặt bằng|mặt trận|mầm non|miễn nhiệm|minh bạch|môi trường|mục đích
mục tiêu|mua sắm|năm học|nâng cao|nâng cấp|năng lực|năng lượng|ngân hàng|ngân sách|nghỉ hưu|nghỉ phép|nghỉ lễ
nghỉ tết|nghị định|nghị quyết|nghiên cứu|nghiêm túc|nghiệp vụ|nghiệm thu|nghĩa trang|nghĩa vụ|nguồn lực
nguồn nhân|nguồn vốn|người dân|người đứng|người lao|nhà nước|nhà ở|nhà trường|nhân dân|nhân lực|nhân rộng|nhân sự
nhiệm kỳ|nhiệm vụ|nông dân|nông nghiệp|nông thôn|nội bộ|nội dung|nội vụ|nước sạch|ngoại vụ|ô nhiễm|phản ánh
phản biện|pháp chế|pháp điển|pháp luật|pháp lý|phát động|phát hiện|phát huy|phát sinh|phát triển|phân bổ|phân cấp
phân công|phân loại|phân quyền|phân tích|phê bình|phê duyệt|phê chuẩn|phiếu trình|phiên họp|phòng cháy|phòng chống
phòng chống|phòng ngừa|phối hợp|phổ biến|phổ cập|phụ cấp|phụ lục|phụ nữ|phúc đáp|phục hồi|phục vụ|phương án
phương tiện|quan hệ|quan trắc|quân sự|quần chúng|quản lý|quản trị|quảng cáo|quốc gia|quốc hội|quốc lộ
quốc phòng|quốc tế|quy chế|quy chuẩn|quy định|quy hoạch|quy mô|quy trình|quy ước|quyền hạn|quyết định|quyết toán
rà soát|rác thải|ra quân|rừng phòng|sản phẩm|sản xuất|sáng kiến|sáp nhập|sắp xếp|sinh hoạt|sơ kết|sơ tuyển
số hóa|sử dụng|sửa chữa|sửa đổi|sự nghiệp|sức khỏe|tài chính|tài khoản|tài liệu|tài nguyên|tài sản|tái định|tạm ứng
tạm thời|tăng cường|tăng trưởng|tập huấn|tập thể|tập trung|tết nguyên|thành lập|thành phần|thành phố|thành tích
thành viên|thanh niên|thanh toán|thanh tra|thảo luận|thay đổi|thay thế|thăm hỏi|thẩm định|thẩm quyền|thẩm tra
thể chế|thể dục|thể thao|thi công|thi đua|thi hành|thi tuyển|thí điểm|thị trường|thiên tai|thiết bị|thiết kế|thiết lập
thiếu nhi|thỏa thuận|thoát nước|thông báo|thông qua|thông tin|thông tư|thông suốt|thôn bản|thống kê|thống nhất|thời gian
thời hạn|thu chi|thu hồi|thu hút|thu nhập|thu phí|thu tiền|thủ tục|thú y|thuộc thẩm|thường niên|thường trực
thường xuyên|thương binh|thương mại|thực hiện|thực hành|thực phẩm|thực thi|thực trạng|thủy lợi|thủy sản|thư viện
tiêm chủng|tiền lương|tiến độ|tiếp cận|tiếp công|tiếp nhận|tiếp thu|tiếp tục|tiêu chí|tiêu chuẩn|tiêu cực|tiểu học
tiết kiệm|tín dụng|tín ngưỡng|tình hình|tình trạng|tinh giản|tinh gọn|toàn quốc|toàn dân|toàn diện|toàn tỉnh|tổ chức
tổ dân|tổ công|tố cáo|tố giác|tội phạm|tôn giáo|tổng hợp|tổng kết|tổng thể|tờ khai|tờ trình|trách nhiệm|trái phép
trang bị|trang thiết|tranh chấp|trật tự|trẻ em|trích lập|triển khai|trình duyệt|trình tự|trồng rừng|trồng trọt|trụ sở
trung hạn|trung học|trung tâm|trung ương|truy xuất|trực tiếp|trực tuyến|trưng bày|trường học|trưởng thôn|trợ cấp
trợ giúp
tuần tra|tuyên dương|tuyên giáo|tuyên truyền|tuyển chọn|tuyển dụng|tuyển sinh|tư pháp|tư vấn|từ chức|tự quản|tự vệ
ứng dụng|ứng phó|ủy ban|ủy quyền|ủy viên|ưu đãi|ưu tiên|vai trò|vật liệu|vật nuôi|vật tư|văn bản|văn hóa|văn minh
văn phòng|văn thư|vận chuyển|vận động|vận hành|vệ sinh|vi phạm|vị trí|viên chức|việc làm|viễn thông|vốn đầu|vụ việc
xã hội|xác định|xác minh|xác nhận|xăng dầu|xâm hại|xây dựng|xếp hạng|xếp loại|xử lý|xử phạt|xúc tiến|xuất khẩu
y tế|ý kiến|yêu cầu|yếu thế
"""
"""Written by hand from everyday use, not counted from any text."""

EXPRESSIONS = ("thu chi ngân sách", "trên địa bàn", "ủy ban nhân dân", "hội đồng nhân dân",
               "kiểm soát thủ tục hành chính")

BRIDGES = """
tháng đầu|tháng cuối|chính công|mới nâng|tác quản|hai cấp|sổ vàng|chữ ký|ký số|đổi số|cổng thông|thông thường|một cửa
tỉnh ủy|thành ủy|đảng ủy|các phòng|các xã|các phường|các sở|các ban|như trên|như điều|lưu văn|phó giám|phó chủ|chỉ huy
và môi|và đào|và công|và du|và tôn|và phát|và hội
"""
"""Where one pair passes into the next."""

SINGLE = frozenset((
    "về", "việc", "và", "của", "trên", "theo", "tại", "các", "cho", "với", "trong", "từ", "đến", "ngày", "dịp", "năm",
    "số", "đối", "gửi", "là", "có", "được", "những", "một", "không", "khi", "để", "do", "bị", "vào", "ra", "ở", "này",
    "đã", "sẽ", "cùng", "quý", "tháng", "tuần", "kỳ", "đợt", "lần", "xã", "phường", "tỉnh", "thôn", "khu", "ấp", "tổ",
    "hai", "ba", "bốn", "cấp", "dưới", "giữa", "qua", "như", "điều",
))
"""Words that stand by themselves: they vouch as the bridges do."""

_WORD = re.compile(r"[^\W\d_]+")


def _syllable(syllable: str) -> tuple[str, str]:
    """"hóa" and "hoá" are one: the letters, and the tone wherever it is set."""
    apart = unicodedata.normalize("NFD", syllable.lower())
    return letters_of(syllable), "".join(sign for sign in apart if sign in TONES)


def _pairs(lines: str) -> list[list[str]]:
    return [pair.split() for pair in lines.replace("\n", "|").split("|") if pair.strip()]


_VOUCHED = frozenset((_syllable(one), _syllable(other)) for one, other in (*_pairs(PAIRS), *_pairs(BRIDGES)))
HOOK, ACUTE = "\u0309", "\u0301"
_HOOKED = {(letters, others): (one, other) for one, other in _pairs(PAIRS)
           if HOOK in unicodedata.normalize("NFD", one + other)
           for letters, others in ((letters_of(one), letters_of(other)),)}
_EXPRESSIONS = {tuple(map(plain, expression.split())): expression.split() for expression in EXPRESSIONS}


@cache
def doubtful_words(said: str) -> int:
    """How many of the words stand in no everyday pair, so that nothing vouches for their marks; figures not counted."""
    found = [(word[0], word.start(), word.end()) for word in _WORD.finditer(said)]
    known = {at for at, (word, _, _) in enumerate(found) if word.lower() in SINGLE}
    for at, ((one, _, end), (other, start, _)) in enumerate(pairwise(found)):
        if _go_together(one, said[end:start], other) and (_syllable(one), _syllable(other)) in _VOUCHED:
            known |= {at, at + 1}
    return len(found) - len(known)


def mended(said: str) -> str:
    """The text with hooks for acutes, the marks of its whole expressions, and numerals with their strokes. Words keep
    their case and the signs around them ("thu, chi ngân sách")."""
    said = mended_numerals(said)
    words = [(word[0], word.start(), word.end()) for word in _WORD.finditer(said)]
    letters = [plain(word) for word, _, _ in words]
    for expression, meant in _EXPRESSIONS.items():
        for at in range(len(words) - len(expression) + 1):
            here = words[at:at + len(expression)]
            if tuple(letters[at:at + len(expression)]) == expression and all(
                    _go_together(one, said[end:start], other) for (one, _, end), (other, start, _) in pairwise(here)):
                for place, syllable in enumerate(meant, at):
                    words[place] = (_like(words[place][0], syllable), *words[place][1:])
    for at, ((one, _, end), (other, start, _)) in enumerate(pairwise(words)):
        pair = _HOOKED.get((letters_of(one), letters_of(other)))
        if pair and _go_together(one, said[end:start], other) and all(map(_is_worn, (one, other), pair)):
            words[at] = (_like(one, pair[0]), *words[at][1:])
            words[at + 1] = (_like(other, pair[1]), *words[at + 1][1:])
    parts, last = [], 0
    for word, start, end in words:
        parts += [said[last:start], word]
        last = end
    return "".join(parts) + said[last:]


def _is_worn(read: str, meant: str) -> bool:
    """Is it the very syllable, or the one whose hook became an acute?"""
    return _syllable(read) == _syllable(meant) or (_syllable(read)[1], _syllable(meant)[1]) == (ACUTE, HOOK)


def _go_together(one: str, between: str, other: str) -> bool:
    """Nothing but a space, a comma or a dash parts them, and no name begins between them ("phường An …")."""
    return bool(between) and not between.strip(" ,/-–") and not (one[0].islower() and other[0].isupper())


@cache
def _like(read: str, meant: str) -> str:
    """`meant` in the case of `read`; `read` itself where only the tone's place differs."""
    if _syllable(read) == _syllable(meant):
        return read
    if read.isupper() and len(read) > 1:
        return meant.upper()
    return meant[0].upper() + meant[1:] if read[:1].isupper() else meant
