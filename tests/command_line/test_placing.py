"""`docclient prepare`, `docclient image clean`, and the places and appearances of `docclient sign`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from PIL import Image, ImageDraw
from pyhanko.pdf_utils.reader import PdfFileReader
from typer.testing import CliRunner

from docclient.command_line import image, prepare, sign, verify
from signing.form import fields_of
from signing.page import MM
from tests.command_line.test_sign_and_verify import Desk, desk  # noqa: F401 - a fixture
from tests.signing.drafts import Draft, write_draft, write_turned

app = typer.Typer()
for area in (image, prepare, sign, verify):
    area.register(app)


def run(*arguments: object) -> tuple[int, dict[str, Any]]:
    found = CliRunner().invoke(app, [str(one) for one in (*arguments, "--json")])
    return found.exit_code, json.loads(found.stdout)


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return write_draft(tmp_path / "công văn.pdf")


def test_the_proposal_is_shown_and_nothing_is_written(draft: Path) -> None:
    before = draft.read_bytes()
    code, found = run("prepare", draft, "--show")
    (item,) = found["items"]

    assert code == 0 and item["output"] is None
    assert list(item["fields"]) == ["DocNumber", "IssuedDay", "IssuedMonth", "LeaderSignature", "AgencySeal"]
    leader = item["fields"]["LeaderSignature"]
    assert leader["certain"] and leader["page"] == 1 and leader["box_mm"] == pytest.approx([125, 129.7, 50, 20], abs=1)
    assert draft.read_bytes() == before and list(draft.parent.iterdir()) == [draft]


@pytest.mark.parametrize("turned", [False, True])
def test_a_field_goes_exactly_where_a_person_puts_it(draft: Path, tmp_path: Path, turned: bool) -> None:
    source = write_turned(draft, tmp_path / "t.pdf", angle=90, unit=2, offset=(40, 20)) if turned else draft
    code, found = run("prepare", source, "--out", tmp_path / "out", "--place", "LeaderSignature=1,111.5,200.25,48,19",
                      "--place", "DocNumber=1,50,40,20,6", "--without", "IssuedMonth", "--seal-mm", 34)
    (item,) = found["items"]

    assert code == 0 and "IssuedMonth" not in item["fields"]
    with Path(item["output"]).open("rb") as file:
        fields = fields_of(PdfFileReader(file))
        for name, expected in (("LeaderSignature", (111.5, 200.25, 48, 19)), ("DocNumber", (50, 40, 20, 6))):
            assert fields[name].frame.to_mm(fields[name].box) == pytest.approx(expected, abs=0.01)
        seal = fields["AgencySeal"].box
        assert seal.width == pytest.approx(34 * MM, abs=0.01)
        assert seal.x1 == pytest.approx(fields["LeaderSignature"].box.x0 + 16 * MM, abs=0.05)   # a third of 48


def test_what_prepare_refuses_is_said_item_by_item(draft: Path, tmp_path: Path) -> None:
    (tmp_path / "b.pdf").write_bytes(b"no PDF")
    code, found = run("prepare", draft, tmp_path / "b.pdf", "--out", tmp_path / "out")
    assert code == 3 and [item["error"] and item["error"]["code"] for item in found["items"]] == [None, "pdf.not_pdf"]

    for arguments, expected in ((("--show", "--place", "LeaderSignature=1,2,3"), "prepare.place_wrong"),
                                ((), "prepare.out_missing")):
        code, found = run("prepare", draft, *arguments)
        assert (code, found["error"]["code"]) == (2, expected)
    for place, expected in (("Nobody=1,10,10,20,20", "prepare.field_unknown"),
                            ("LeaderSignature=9,10,10,20,20", "sign.place_outside"),
                            ("LeaderSignature=1,200,10,20,20", "sign.place_outside")):
        code, found = run("prepare", draft, "--show", "--place", place)
        assert (code, found["items"][0]["error"]["code"]) == (2, expected)


def test_co_signers_get_a_field_each(tmp_path: Path) -> None:
    from tests.signing.odd_pages import ODD_PAGES

    odd = next(one for one in ODD_PAGES if one.name == "two_signers").write(tmp_path / "two.pdf")
    code, found = run("prepare", odd, "--out", tmp_path / "out")

    assert code == 0 and "LeaderSignature2" in found["items"][0]["added"]
    assert found["items"][0]["notes"] == ["several_signers"]


def test_sign_at_a_place_in_millimetres_with_a_template(desk: Desk, draft: Path, tmp_path: Path) -> None:   # noqa: F811
    code, found = desk.sign(desk.leader, draft, "--out", tmp_path / "out", "--place-mm", "1,30,240,70,22", "--template",
                            "ho-ten-thoi-gian", "--position", "Chủ tịch", "--reason", "Ký duyệt")
    (item,) = found["items"]

    assert code == 0
    x0, y0, x1, y1 = item["box_pt"]
    height = 297 * MM
    assert (x0 / MM, (height - y1) / MM, (x1 - x0) / MM, (y1 - y0) / MM) == pytest.approx((30, 240, 70, 22), abs=0.05)
    assert item["warnings"] == []
    code, found = desk.sign(desk.leader, draft, "--out", tmp_path / "b", "--place-mm", "1,30,75,60,25")
    assert code == 0 and found["items"][0]["warnings"] == ["covers_text"]


@pytest.mark.parametrize(("arguments", "expected"), [
    (("--place-mm", "1,2"), "sign.place_mm_wrong"), (("--template", "none"), "template.missing"),
    (("--blank", "pin=1"), "sign.blank_wrong"),
    (("--place-mm", "1,10,10,20,20", "--page", "1", "--box", "1,1,50,50"), "sign.placed_twice")])
def test_what_sign_refuses(desk: Desk, draft: Path, tmp_path: Path, arguments: tuple[str, ...],   # noqa: F811
                           expected: str) -> None:
    code, found = desk.sign(desk.leader, draft, "--out", tmp_path / "out", *arguments)

    assert (code, found["error"]["code"]) == (2, expected)
    assert not (tmp_path / "out").exists()


def test_a_batch_is_seen_without_a_key(draft: Path, tmp_path: Path) -> None:
    other = write_draft(tmp_path / "other.pdf", Draft(foot=False))
    code, found = run("sign", draft, other, "--role", "personal", "--preview", tmp_path / "sheet.pdf")

    assert code == 0 and (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    assert [item["field"] for item in found["items"]] == ["LeaderSignature"] * 2
    assert found["items"][0]["warnings"] == [] and "place_guessed" in found["items"][1]["warnings"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["công văn.pdf", "other.pdf", "sheet.pdf"]


def test_a_picture_is_cleaned(tmp_path: Path) -> None:
    photo = Image.new("RGB", (600, 300), (230, 226, 210))
    ImageDraw.Draw(photo).line([(80, 220), (240, 60), (300, 230), (520, 90)], (40, 40, 44), 8)
    photo.save(tmp_path / "photo.jpg")
    code, found = run("image", "clean", tmp_path / "photo.jpg", "--out", tmp_path / "clean.png", "--blue", "--preview",
                      tmp_path / "both.png")

    assert code == 0 and not found["was_transparent"]
    with Image.open(tmp_path / "clean.png") as made:
        assert made.mode == "RGBA" and made.size == (found["width_px"], found["height_px"])
        assert 420 < made.width < 490
    assert (tmp_path / "both.png").exists()
    code, found = run("image", "clean", tmp_path / "photo.jpg", "--out", tmp_path / "photo.jpg")
    assert (code, found["error"]["code"]) == (2, "file.same")
    code, found = run("image", "clean", tmp_path / "photo.jpg", "--out", tmp_path / "c.png", "--blue", "--red")
    assert (code, found["error"]["code"]) == (2, "image.two_colours")
