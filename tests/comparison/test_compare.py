"""What changed between two versions: each seeded change is reported, of its kind, at its place, and nothing else."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest
import typst

from docclient.comparison import Action, ChangeKind, compare
from signing.page_text import read_pages
from tests.form.letters import DECISION, FONTS, LETTER, LONG_REPORT, PROSE, Draft, Set, write

WORDS = tuple(word for line in (
    "văn bản quy định công tác lưu trữ hồ sơ đơn vị thực hiện báo cáo kết quả rà soát nội dung kế hoạch tháng này",
    "gửi cơ quan chuyên môn tổng hợp theo dõi đôn đốc triển khai nhiệm vụ cải cách hành chính phục vụ người dân",
    "doanh nghiệp trên địa bàn bảo đảm kịp thời đúng thẩm quyền") for word in line.split())


def pair(before: Draft, after: Draft, folder: Path) -> tuple[Path, Path]:
    return write(before, folder / "before.pdf"), write(after, folder / "after.pdf")


def test_the_same_text_set_again_shows_no_other_change(tmp_path: Path):
    for name, draft in (("letter", LETTER), ("report", LONG_REPORT), ("decision", DECISION)):
        before = write(draft, tmp_path / f"{name}.pdf")
        again = tmp_path / f"{name}-again.pdf"
        writer = pypdf.PdfWriter(clone_from=str(before))              # written anew: other bytes, the same pages
        for each in writer.pages:
            each.compress_content_streams()
        writer.add_metadata({"/Producer": "another program"})
        writer.write(str(again))
        assert before.read_bytes() != again.read_bytes()
        found = compare(before, again)
        assert found.same and found.changes == ()
        words = sum(len(row.words) for page in read_pages(before) for row in page.rows)
        assert found.proof.pages == found.pages_before == found.pages_after
        assert words - found.pages_before <= found.proof.words <= words and found.proof.moved == 0


ONE_CHANGE: Sequence[tuple[str, Draft, Draft, ChangeKind, Action, str, str]] = (
    ("a word", LETTER, replace(LETTER, body=(PROSE[0].replace("doanh nghiệp;", "tổ chức;"), *PROSE[1:])),
     ChangeKind.WORDS, Action.REPLACED, "doanh nghiệp;", "tổ chức;"),
    ("a word taken out", LETTER, replace(LETTER, body=(PROSE[0].replace("chất lượng ", ""), *PROSE[1:])),
     ChangeKind.WORDS, Action.DELETED, "chất lượng", ""),
    ("a number", LETTER, replace(LETTER, body=(PROSE[0], PROSE[1].replace("16 giờ", "11 giờ"), PROSE[2])),
     ChangeKind.NUMBER, Action.REPLACED, "16", "11"),
    ("the number line", LETTER, replace(LETTER, number="Số: 16/UBND-VP"), ChangeKind.NUMBER, Action.REPLACED,
     "15/UBND-VP", "16/UBND-VP"),
    ("the date", LETTER, replace(LETTER, date="Tân Hiệp, ngày 06 tháng 3 năm 2026"), ChangeKind.DATE,
     Action.REPLACED, "05", "06"),
    ("the signer", LETTER, replace(LETTER, name="Nguyễn Văn Hùng"), ChangeKind.NAME, Action.REPLACED, "Minh", "Hùng"),
    ("a recipient more", LETTER, replace(LETTER, recipients=("- Như trên;", "- Thường trực Đảng ủy xã;",
                                                            "- Sở Tài chính;", "- Lưu: VT, VP.")),
     ChangeKind.RECIPIENTS, Action.INSERTED, "", "Sở Tài chính; -"),
    ("an amount", replace(LETTER, body=("Kinh phí hỗ trợ là 150.000.000 đồng cho cả năm, chi theo quy định.",)),
     replace(LETTER, body=("Kinh phí hỗ trợ là 180.000.000 đồng cho cả năm, chi theo quy định.",)),
     ChangeKind.AMOUNT, Action.REPLACED, "150.000.000", "180.000.000"),
)


@pytest.mark.parametrize(("before", "after", "kind", "action", "was", "now"), [each[1:] for each in ONE_CHANGE],
                         ids=[each[0] for each in ONE_CHANGE])
def test_one_change_is_all_that_is_reported(before: Draft, after: Draft, kind: ChangeKind, action: Action, was: str,
                                            now: str, tmp_path: Path):
    found = compare(*pair(before, after, tmp_path))
    assert [(each.kind, each.action, each.before) for each in found.changes] == [(kind, action, was)]
    (change,) = found.changes
    assert sorted(change.after.split()) == sorted(now.split())
    for spots, words, file in ((change.spots_before, was, "before"), (change.spots_after, now, "after")):
        pages = read_pages(tmp_path / f"{file}.pdf")
        inside = [word.text for spot in spots for word in pages[spot.page - 1].words_in(spot.box)]
        assert sorted(words.split()) == sorted(set(inside) & set(words.split())) or (not words and not spots)


def test_words_set_otherwise_are_told_though_they_say_the_same(tmp_path: Path):
    found = compare(*pair(LETTER, replace(LETTER, styles={"name": Set(13.5)}), tmp_path))
    assert {each.kind for each in found.changes} == {ChangeKind.SETTING}
    assert found.changes[0].after == "Nguyễn Văn Minh"


def test_a_picture_that_no_text_explains_is_told_with_its_place(tmp_path: Path):
    drawn = replace(LETTER, extra="#place(dx: 120mm, dy: 60mm, circle(radius: 4mm, stroke: 1pt + red))")
    found = compare(*pair(LETTER, drawn, tmp_path))
    assert [(each.kind, each.action) for each in found.changes] == [(ChangeKind.PICTURE, Action.INSERTED)]
    x, _, wide, high = found.changes[0].spots_after[0].box_mm
    assert 145 < x < 155 and 7 < wide < 13 and 7 < high < 13


def page(words: str) -> str:
    return f"#text(13pt)[{words}] #pagebreak(weak: true)\n"


def pages_file(texts: Sequence[str], target: Path) -> Path:
    source = '#set page(paper: "a4")\n#set text(font: "Liberation Serif")\n' + "".join(page(each) for each in texts)
    target.write_bytes(bytes(typst.compile(source.encode(), format="pdf", font_paths=[str(FONTS)],
                                           ignore_system_fonts=True)))
    return target


def test_pages_that_came_went_or_changed_places(tmp_path: Path):
    texts = [f"Trang {name} " + " ".join(random.Random(name).choices(WORDS, k=60)) for name in "ABCDE"]
    whole = pages_file(texts, tmp_path / "whole.pdf")
    found = compare(whole, pages_file([*texts[:2], *texts[3:]], tmp_path / "less.pdf"))
    assert [(e.kind, e.action, e.before) for e in found.changes] == [(ChangeKind.PAGE, Action.DELETED, "3")]
    more = [*texts[:1], "Trang mới " + " ".join(reversed(WORDS)), *texts[1:]]
    found = compare(whole, pages_file(more, tmp_path / "more.pdf"))
    assert [(e.kind, e.action, e.after) for e in found.changes] == [(ChangeKind.PAGE, Action.INSERTED, "2")]
    turned = [texts[0], texts[3], texts[1], texts[2], texts[4]]
    found = compare(whole, pages_file(turned, tmp_path / "turned.pdf"))
    assert [(e.kind, e.action, e.before, e.after) for e in found.changes] == [
        (ChangeKind.PAGE, Action.MOVED, "4", "2")]


def test_a_table_cell_is_told_as_such(tmp_path: Path):
    table = "#table(columns: (1fr, 3fr, 1fr), [STT], [Nội dung], [Thời hạn], [1], [Rà soát hồ sơ], [@])"
    before, after = (pages_file([table.replace("@", word)], tmp_path / f"{word}.pdf") for word in ("Sớm", "Muộn"))
    found = compare(before, after)
    assert [(each.kind, each.before, each.after) for each in found.changes] == [(ChangeKind.TABLE, "Sớm", "Muộn")]


@pytest.mark.parametrize("seed", range(12))
def test_random_edits_are_all_reported_and_nothing_else(seed: int, tmp_path: Path):
    """New words are unique, so that there is one way to tell each edit; kept ones part the edits."""
    dice = random.Random(seed)
    words = dice.choices(WORDS, k=dice.randint(150, 500))
    edited: list[str] = []
    wanted: list[tuple[Action, str, str]] = []
    index = 0
    while index < len(words):
        choice = dice.random() if index > 5 and index % 17 == 0 else 1.0
        new = f"mới{dice.randint(0, 9)}x{len(wanted)}"
        if choice < 0.3:
            edited += [words[index], new]
            wanted.append((Action.INSERTED, "", new))
        elif choice < 0.6:
            edited.append(new)
            wanted.append((Action.REPLACED, words[index], new))
        else:
            edited.append(words[index])
        index += 1
    before = pages_file([" ".join(words)], tmp_path / "before.pdf")
    found = compare(before, pages_file([" ".join(edited)], tmp_path / "after.pdf"))
    assert [(each.action, each.before, each.after) for each in found.changes] == wanted
    assert found.proof.words == len(words) - sum(action is Action.REPLACED for action, _, _ in wanted)
