from datetime import UTC, datetime

from docclient.papers.contact_sheet import place_words, print_contact_sheet
from docclient.words import Language
from signing.order import Role
from signing.page import Box, Place
from signing.plan import plan_signature
from signing.request import SigningRequest
from tests.papers.reading import assert_archival, pages_of
from tests.signing.drafts import write_draft

MADE = datetime(2026, 3, 5, 2, 30, tzinfo=UTC)


def test_each_document_stands_on_the_sheet_with_its_place_and_its_warnings(tmp_path):
    good = plan_signature(write_draft(tmp_path / "công văn.pdf"), SigningRequest(role=Role.PERSONAL), signer="Lê An")
    covering = plan_signature(write_draft(tmp_path / "che chữ.pdf"), SigningRequest(place=Place(
        1, Box(100, 560, 300, 640))), signer="Lê An")
    (tmp_path / "hỏng.pdf").write_bytes(b"no PDF")
    broken = plan_signature(tmp_path / "hỏng.pdf", SigningRequest())
    target = print_contact_sheet([good, covering, broken] * 3, tmp_path / "sheet.pdf", MADE)
    first, second = pages_of(target)

    for words in ("XEM TRƯỚC VỊ TRÍ CHỮ KÝ", "9 văn bản, 6 văn bản cần xem kỹ", "1. công văn.pdf",
                  "Che lên chữ của văn bản", "không phải là PDF", "09:30:00 05/03/2026"):
        assert words in first
    assert "7. công văn.pdf" in second
    assert_archival(target)


def test_a_place_is_told_in_millimetres_in_both_languages(tmp_path):
    plan = plan_signature(write_draft(tmp_path / "a.pdf"), SigningRequest(role=Role.PERSONAL), pictures=False)

    assert place_words(plan) == "Trang 1; cách mép trái 125 mm, mép trên 130 mm; rộng 50 mm, cao 20 mm."
    assert "125 mm from the left" in place_words(plan, Language.ENGLISH)
    invisible = plan_signature(tmp_path / "a.pdf", SigningRequest(), pictures=False)
    assert place_words(invisible) == "Chữ ký không hiển thị trên trang."
