"""Tesseract as it is, and as it may misbehave."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from docclient.errors import ProgramFailed
from docclient.tools import tesseract
from docclient.tools.tesseract import LanguageMissing
from tests.capture.letters import FONTS
from tests.tools.programs import put_before


@pytest.fixture(scope="module")
def picture(tmp_path_factory):
    image = Image.new("L", (900, 300), 255)
    font = ImageFont.truetype(str(FONTS / "LiberationSerif-Regular.ttf"), 48)
    ImageDraw.Draw(image).text((40, 100), "Ủy ban nhân dân xã", font=font, fill=0)
    file = tmp_path_factory.mktemp("picture") / "line.png"
    image.save(file)
    return file


def test_version_and_languages_are_read():
    assert tesseract.version().split(".")[0].isdigit()
    assert {"vie", "osd"} <= tesseract.languages()


def test_words_come_with_boxes_and_confidence(picture):
    words = tesseract.read_words(picture, dpi=200)
    assert [word.text for word in words] == ["Ủy", "ban", "nhân", "dân", "xã"]
    assert all(word.confidence > 60 for word in words)
    lefts = [word.box[0] for word in words]
    assert lefts == sorted(lefts)
    assert 35 <= words[0].box[0] <= 50


def test_several_pieces_are_read_by_one_run_each_by_itself(picture, tmp_path):
    whole = Image.open(picture)
    whole.save(tmp_path / "first.png")
    whole.crop((0, 60, 320, 200)).save(tmp_path / "second.png")
    first, second = tesseract.read_pieces([tmp_path / "first.png", tmp_path / "second.png"], dpi=200)
    assert [word.text for word in first] == ["Ủy", "ban", "nhân", "dân", "xã"]
    assert [word.text for word in second][:2] == ["Ủy", "ban"] and len(second) < 5
    assert first == tesseract.read_words(picture, dpi=200, layout=7)
    assert tesseract.read_pieces([], dpi=200) == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["first.png", "second.png"], "the list is gone"


def test_the_data_that_come_along_are_read_with_wherever_the_programs_own_lie(picture, tmp_path):
    (words,) = tesseract.read_pieces([picture], dpi=200, language=tesseract.BEST, layout=3)
    assert [word.text for word in words] == [word.text for word in tesseract.read_words(picture, dpi=200)]


def test_a_language_without_data_is_told_apart_from_a_crash(picture):
    with pytest.raises(LanguageMissing) as missing:
        tesseract.read_words(picture, dpi=200, language="xyz")
    assert missing.value.facts["package"] == "tesseract-ocr-xyz"


def test_too_few_letters_give_no_opinion_on_which_way_is_up(picture):
    assert tesseract.orientation(picture, dpi=200) is None


@pytest.mark.parametrize("misbehaviour", [
    "os.kill(os.getpid(), signal.SIGABRT)",
    "sys.stdout.buffer.write(bytes(range(256)) * 50)",
    "print('level\\tpage_num\\tblock_num\\tpar_num\\tline_num\\tword_num\\tleft\\ttop\\twidth\\theight\\tconf\\ttext')\n"
    "print('5\\t1\\t1\\t1\\t1\\t1\\tleft\\t0\\t1\\t1\\t90\\tword')",
    "print('Nothing like a table')",
])
def test_crash_and_garbage_are_a_failed_program(picture, tmp_path, monkeypatch, misbehaviour):
    put_before(monkeypatch, tmp_path, "tesseract", misbehaviour)
    with pytest.raises(ProgramFailed) as failed:
        tesseract.read_words(picture, dpi=200)
    assert failed.value.facts["program"] == "Tesseract"


def test_a_hung_reader_is_given_up(picture, tmp_path, monkeypatch):
    put_before(monkeypatch, tmp_path, "tesseract", "time.sleep(600)")
    with pytest.raises(ProgramFailed):
        tesseract.read_words(picture, dpi=200, deadline_s=0.5)
