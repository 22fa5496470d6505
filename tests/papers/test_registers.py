from dataclasses import fields, replace

import pytest

from docclient.errors import FolderNotWritable
from docclient.papers.columns import form_of
from docclient.papers.model import ROW_OF, RegisterKind
from docclient.papers.registers import print_register
from tests.papers.reading import assert_archival, pages_of
from tests.papers.sample import COVER, outgoing_with, register

KINDS = list(RegisterKind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_has_the_decrees_columns_and_fills_the_paper(kind):
    columns = form_of(kind).columns
    assert len(columns) == {"incoming": 10, "outgoing": 10, "follow_up": 7, "hand_over": 8}[kind]
    assert [column.field for column in columns] == [field.name for field in fields(ROW_OF[kind])]
    assert sum(column.width_mm for column in columns) == 265


@pytest.mark.parametrize("kind", KINDS)
def test_every_heading_stands_on_every_page_and_every_fact_in_the_table(kind, tmp_path):
    paper = register(kind, rows=60)
    cover, *table = pages_of(print_register(paper, tmp_path / "register.pdf"))
    assert len(table) > 2
    # the closing note may get a page of its own
    with_rows = [page for page in table if paper.rows[0].note in page]
    assert len(with_rows) >= len(table) - 1
    for page in with_rows:
        for place, column in enumerate(form_of(kind).columns, start=1):
            assert column.heading in page
            assert f"({place})" in page
    for number, page in enumerate(table, start=1):
        assert f"Trang {number} / {len(table)}" in page
    together = " ".join(table)
    for line in paper.rows:
        for field in fields(line):
            assert getattr(line, field.name) in together
    assert "60 văn bản. Người in: Văn thư." in table[-1]
    assert form_of(kind).title in cover


def test_the_cover_has_the_facts_of_annex_iv(tmp_path):
    paper = replace(register(), cover=replace(COVER, parent="Ủy ban nhân dân tỉnh"))
    cover = pages_of(print_register(paper, tmp_path / "register.pdf"))[0]
    for words in ("ỦY BAN NHÂN DÂN TỈNH", "ỦY BAN NHÂN DÂN XÃ TÂN HIỆP", "SỔ ĐĂNG KÝ VĂN BẢN ĐI", "Năm: 2026",
                  "Từ ngày 02/01/2026 đến ngày 21/11/2026", "Từ số 01 đến số 812", "Quyển số: 2"):
        assert words in cover


def test_the_follow_up_register_has_no_numbers_on_its_cover_and_an_open_one_has_dots(tmp_path):
    paper = replace(register(RegisterKind.FOLLOW_UP, 1), cover=replace(COVER, last_day=None))
    cover = pages_of(print_register(paper, tmp_path / "register.pdf"))[0]
    assert "Từ số" not in cover
    assert "Từ ngày 02/01/2026 đến ngày …" in cover


def test_every_page_carries_the_journals_head_and_the_time_in_vietnam(tmp_path):
    for page in pages_of(print_register(register(), tmp_path / "register.pdf")):
        assert "mục 4.821" in page
        assert "9f86d081 884c7d65 9a2feaa0 c55ad015 a3bf4f1b 2b0b822c d15d6c15 b0f00a08" in page
        assert "in lúc 14:30:15 21/11/2026" in page


@pytest.mark.parametrize("rows", [0, 3])
def test_it_is_archival_even_when_empty(rows, tmp_path):
    assert_archival(print_register(register(rows=rows), tmp_path / "register.pdf"))


def test_a_years_register_of_three_thousand_rows_is_whole(tmp_path):
    pages = pages_of(print_register(register(rows=3000), tmp_path / "register.pdf"))
    printed = [word for page in pages[1:] for word in page.split() if word.endswith("/UBND-KT")]
    assert printed == [f"{number:02}/UBND-KT" for number in range(1, 3001)]
    assert "Sổ này ghi 3.000 văn bản" in pages[-1]


def test_a_subject_is_text_and_never_markup(tmp_path):
    nasty = '#panic("x") $a^2$ *b* <c> @d [e] // f \\ g "h"'
    pages = pages_of(print_register(outgoing_with(type_and_subject=nasty), tmp_path / "register.pdf"))
    assert nasty in pages[1]


def test_letters_no_face_has_become_boxes_and_do_not_stop_the_register(tmp_path):
    paper = outgoing_with(type_and_subject="Họp 😀 ba\u0300n \x01về\u200b 中", note="dòng một\ndòng hai")
    target = print_register(paper, tmp_path / "register.pdf")
    assert "Họp □ bàn về □" in pages_of(target)[1]
    assert "dòng một dòng hai" in pages_of(target)[1]
    assert_archival(target)


def test_a_text_longer_than_a_page_goes_on_on_the_next(tmp_path):
    words = " ".join(f"cụm{number}" for number in range(1500))
    pages = pages_of(print_register(outgoing_with(recipients=words), tmp_path / "register.pdf"))
    assert len(pages) > 2
    together = " ".join(pages)
    assert all(f"cụm{number}" in together for number in range(1500))


def test_the_same_register_is_the_same_file(tmp_path):
    one, two = (print_register(register(), tmp_path / name).read_bytes() for name in ("one.pdf", "two.pdf"))
    other = print_register(register(rows=41), tmp_path / "other.pdf").read_bytes()
    assert one == two != other


def test_rows_of_another_register_are_refused():
    with pytest.raises(ValueError, match="OutgoingRow"):
        replace(register(), rows=register(RegisterKind.INCOMING, 1).rows)


def test_a_place_that_cannot_be_written_is_said_and_nothing_is_left(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderNotWritable):
        print_register(register(rows=1), tmp_path / "file" / "register.pdf")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
