"""`docclient scan` from the outside."""

from __future__ import annotations

from pathlib import Path

from tests.capture.sources.test_files import spoiled
from tests.fakes.escl_scanner import EsclScanner, sheet
from tests.running import docclient


def test_a_pile_into_a_folder_and_on_after_a_jam(tmp_path: Path):
    out = tmp_path / "trang"
    with EsclScanner(sheets=5, fails_at=4, trouble="ScannerAdfJam").on() as scanner:
        first = docclient("scan", "--source", scanner.address, "--out", out, "--json")
        assert first.code == 5 and first.answer["state"] == "interrupted"
        assert first.answer["error"]["code"] == "scanner.jam" and len(first.answer["pages"]) == 3
        scanner.fails_at = None
        rest = docclient("scan", "--source", scanner.address, "--out", out, "--json")
    assert rest.code == 0 and rest.answer["error"] is None
    assert [Path(page["file"]).name for page in rest.answer["pages"]] == ["page-0004.jpg", "page-0005.jpg"]
    assert [file.read_bytes() for file in sorted(out.glob("page-*.jpg"))] == [sheet(n) for n in range(1, 6)]


def test_a_pile_of_the_test_device_in_words(tmp_path: Path):
    told = docclient("scan", "--source", "sane:test:0?test-picture=Grid", "--pages", "2", "--out", tmp_path / "ra")
    assert told.code == 0 and "2 trang" in told.output


def test_nothing_is_left_where_nothing_came(tmp_path: Path):
    out = tmp_path / "trang"
    told = docclient("scan", "--source", "sane:nosuch:0", "--out", out, "--json")
    assert told.code == 5 and told.answer["error"]["code"] == "scanner.offline" and not out.exists()


def test_wrong_use_is_told(tmp_path: Path):
    for arguments, code in (((), "scan_use.nothing_asked"),
                            (("--source", "sane:test:0", "--resolution", "100"), "scan_use.resolution_low"),
                            (("--source", "may-quet"), "scanner.source_unknown")):
        told = docclient("scan", *arguments, *(("--out", tmp_path / "ra") if arguments else ()), "--json")
        assert told.code == 2 and told.answer["error"]["code"] == code


def test_a_folder_with_files_that_are_no_pages(tmp_path: Path):
    folder = tmp_path / "may-quet"
    folder.mkdir()
    (folder / "a-note.jpg").write_text("không phải ảnh")
    (folder / "b-good.jpg").write_bytes(sheet(1))
    told = docclient("scan", "--source", f"folder:{folder}", "--out", tmp_path / "ra", "--json")
    assert told.code == 3 and told.answer["state"] == "complete" and len(told.answer["pages"]) == 1
    assert [(each["file"], each["error"]["code"]) for each in told.answer["refused"]] == [
        ("a-note.jpg", "capture.not_an_image")]
    (folder / "c-note.png").write_text("cũng không")
    alone = docclient("scan", "--source", f"folder:{folder}", "--out", tmp_path / "ra2")
    assert alone.code == 3 and "Không nhận c-note.png" in alone.output and not (tmp_path / "ra2").exists()


def test_every_kind_of_file_that_is_no_page_by_name_and_reason(tmp_path: Path):
    folder = tmp_path / "may-quet"
    folder.mkdir()
    wrong = spoiled(folder)
    del wrong["f-phone.heic"]               # no kind that a scanner writes: it is let lie
    (folder / "g-good.jpg").write_bytes(sheet(1))
    told = docclient("scan", "--source", f"folder:{folder}", "--out", tmp_path / "ra", "--json")
    assert told.code == 3 and len(told.answer["pages"]) == 1
    assert {each["file"]: each["error"]["code"] for each in told.answer["refused"]} == wrong
    assert sorted(file.name for file in (folder / "khong-nhan").iterdir()) == sorted(wrong)


def test_digitising_such_a_file_says_what_is_wrong_and_makes_nothing(tmp_path: Path):
    for file, code in spoiled(tmp_path).items():
        if file == "f-phone.heic":
            code = "capture.not_an_image"
        told = docclient("digitise", tmp_path / file, "--out", tmp_path / "ra.pdf", "--json")
        assert told.code == 3 and told.answer["error"]["code"] == code and not (tmp_path / "ra.pdf").exists()
