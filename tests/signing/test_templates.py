"""Appearances by template: listed, checked, filled, drawn; never a personal number among the words."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from signing.appearance import day_of, time_of, without_identifiers
from signing.batch.record import of_request, to_request
from signing.keys import Key
from signing.page import MM, Box, Place
from signing.sign import SigningRequest, sign_pdf
from signing.templates import Template, TemplateMissing, TemplateWrong, load_template, template_names, templates
from tests.signing.conftest import Stages
from tests.signing.looking import ink, part_of, picture_of, rows_with_fields

GOOD = 'title = "T"\nsize_mm = [60, 20]\n[[block]]\nlines = ["Ký: {name}"]\n'


def test_those_that_come_with_the_program_are_right() -> None:
    assert {"dau-den", "ho-ten-thoi-gian", "chu-ky-va-thong-tin", "ky-nhay"} <= set(template_names())
    assert all(one.title and one.blocks for one in templates())


@pytest.mark.parametrize("name", template_names())
def test_each_is_drawn_and_its_words_can_be_read_back(stages: Stages, leader: Key, pictures: dict[str, Path],
                                                      tmp_path: Path, name: str) -> None:
    template = load_template(name)
    width, height = template.size_mm
    box = Box(120, 60, 120 + width * MM, 60 + height * MM)
    now = datetime.now(UTC)
    signed = sign_pdf(stages.draft, tmp_path / "s.pdf", leader, SigningRequest(
        template=template, image=pictures["signature"], place=Place(1, box), position="Phó Chủ tịch", reason="Ký duyệt",
        agency="Ủy ban nhân dân xã Tân Hiệp", number_and_symbol="812", blanks=(("to", "Phòng Kinh tế"),),
        signed_at=now))
    said = " ".join(rows_with_fields(signed.target))

    assert ink(part_of(picture_of(signed.target), box)) > 100
    expected = {"dau-den": ["ĐẾN", "812", day_of(now), "Phòng Kinh tế", "Số và ký hiệu HS"],
                "ho-ten-thoi-gian": ["Nguyễn Thị Phương Thảo", "Chức vụ: Phó Chủ tịch", time_of(now), "Ký duyệt"]}
    assert all(words in said for words in expected.get(name, ["Nguyễn"]))


def test_the_incoming_stamp_is_as_the_decree_draws_it() -> None:
    stamp = load_template("dau-den")

    assert stamp.size_mm == (50, 35)
    look = stamp.look({"agency": "UBND xã Tân Hiệp"}, None, Box(0, 0, 50 * MM, 35 * MM))
    assert look.lines == ("UBND xã Tân Hiệp", "ĐẾN", "Số:", "Ngày:", "Chuyển:", "Số và ký hiệu HS:")
    assert len(look.rules) == 9


def test_a_line_whose_blanks_are_empty_is_left_out() -> None:
    template = Template.parse(GOOD.replace('["Ký: {name}"]', '["Ký: {name}", "Chức vụ: {position}"]'), "t")

    assert template.look({"name": "An", "position": ""}, None, Box(0, 0, 100, 50)).lines == ("Ký: An",)


@pytest.mark.parametrize("wrong", [
    "no = toml = at all", GOOD.replace("{name}", "{password}"), GOOD.replace("{name}", "{name!r}"),
    GOOD.replace("{name}", "{name"), GOOD.replace("[60, 20]", "[60]"), GOOD.replace("[60, 20]", "[0, 9000]"),
    GOOD + 'colour = "blue"\n', GOOD + "size = 900\n", GOOD + "part = [0.5, 0, 0.2, 1]\n", GOOD + 'align = "up"\n',
    GOOD + "surprise = 1\n", 'title = "T"\nsize_mm = [60, 20]\n'])
def test_what_is_wrong_in_a_template_is_named(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(wrong, encoding="utf-8")

    with pytest.raises(TemplateWrong) as refused:
        load_template(str(path))
    assert refused.value.facts["file"] == str(path) and refused.value.facts["reason"]


def test_one_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(TemplateMissing) as refused:
        load_template("unknown")
    assert "dau-den" in str(refused.value.facts["names"])


@pytest.mark.parametrize(("subject", "name"), [
    ("Nguyễn Văn An, CCCD:001085012345", "Nguyễn Văn An"), ("Trần Thị Bình - 012345678", "Trần Thị Bình"),
    ("CMND 123456789 Lê Văn Cường", "Lê Văn Cường"), ("Công ty ABC MST: 0101234567-001", "Công ty ABC"),
    ("UBND xã Tân Hiệp 2", "UBND xã Tân Hiệp 2"), ("Trường THPT số 1", "Trường THPT số 1"),
    ("Phạm HC Nam", "Phạm HC Nam"), ("Đỗ Ý (0912 345 678)", "Đỗ Ý")])
def test_numbers_that_identify_a_person_never_show(subject: str, name: str) -> None:
    assert without_identifiers(subject) == name


def test_a_batch_keeps_its_appearance_over_a_restart() -> None:
    request = SigningRequest(template=load_template("dau-den"), position="Chủ tịch", blanks=(("to", "Phòng Kinh tế"),),
                             seal_diameter_mm=34, look_first=True)

    assert to_request(json.loads(json.dumps(of_request(request)))) == request
