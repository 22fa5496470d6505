"""Drafts become PDF; a LibreOffice that crashes, hangs or lies costs that one draft."""

from __future__ import annotations

import subprocess
from concurrent.futures import ThreadPoolExecutor

import docx
import pytest

from docclient.errors import FileNotReadable, ProgramFailed, Trouble
from docclient.tools import libreoffice
from docclient.tools.libreoffice import DraftDamaged, convert_to_pdf
from tests.tools.programs import put_before

SENTENCE = "Kính gửi: Ủy ban nhân dân xã; số 05/QĐ-UBND, ngày 05 tháng 3 năm 2026."


@pytest.fixture(scope="module")
def draft(tmp_path_factory):
    document = docx.Document()
    document.add_paragraph(SENTENCE).runs[0].font.name = "Times New Roman"
    file = tmp_path_factory.mktemp("draft") / "dự thảo số 1.docx"
    document.save(str(file))
    return file


def text_of(pdf):
    return subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout


def test_two_drafts_at_once_become_pdfs_with_their_text_and_fonts(draft, tmp_path):
    targets = [tmp_path / f"{number}.pdf" for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda target: convert_to_pdf(draft, target), targets))
    for target in targets:
        assert " ".join(text_of(target).split()) == SENTENCE
    fonts = subprocess.run(["pdffonts", str(targets[0])], capture_output=True, text=True, check=True).stdout
    assert "LiberationSerif" in fonts                      # Times New Roman's metric twin, embedded
    assert fonts.splitlines()[-1].split()[-5] == "yes"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["0.pdf", "1.pdf"]


@pytest.mark.parametrize(("name", "content"), [
    ("text.docx", "chữ thường".encode()), ("empty.docx", b""), ("cut.docx", b"PK\x03\x04 cut off"),
    ("old.doc", b"PK\x03\x04"), ("page.rtf", b"{\\html"), ("letter.exe", b"MZ"), ("letter.odt", b"\x00"),
])
def test_bytes_that_are_no_draft_are_refused_before_anything_runs(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DraftDamaged):
        convert_to_pdf(tmp_path / name, tmp_path / "out.pdf")
    assert not (tmp_path / "out.pdf").exists()


def test_a_draft_that_is_not_there(tmp_path):
    with pytest.raises(FileNotReadable):
        convert_to_pdf(tmp_path / "nowhere.docx", tmp_path / "out.pdf")


@pytest.mark.parametrize("misbehaviour", [
    "os.kill(os.getpid(), signal.SIGSEGV)",
    "sys.exit(0)",                                       # says it went well, wrote nothing
    "out = sys.argv[sys.argv.index('--outdir') + 1]\nos.makedirs(out)\nopen(out + '/draft.pdf', 'w').write('no')",
    "sys.stderr.write('Error: source file could not be loaded\\n')",
])
def test_a_crash_and_a_lie_are_a_failed_program(draft, tmp_path, monkeypatch, misbehaviour):
    put_before(monkeypatch, tmp_path, "soffice", misbehaviour)
    target = tmp_path / "out.pdf"
    target.write_bytes(b"as before")
    with pytest.raises(ProgramFailed) as failed:
        convert_to_pdf(draft, target)
    assert failed.value.facts["program"] == "LibreOffice"
    assert target.read_bytes() == b"as before"


def test_a_hang_is_given_up(draft, tmp_path, monkeypatch):
    put_before(monkeypatch, tmp_path, "soffice", "time.sleep(600)")
    with pytest.raises(ProgramFailed):
        convert_to_pdf(draft, tmp_path / "out.pdf", deadline_s=0.5)


def test_a_target_that_cannot_be_written(draft, tmp_path, monkeypatch):
    put_before(monkeypatch, tmp_path, "soffice",
               "out = sys.argv[sys.argv.index('--outdir') + 1]\nos.makedirs(out)\n"
               "open(out + '/draft.pdf', 'w').write('%PDF-1.7')")
    with pytest.raises(Trouble) as trouble:
        convert_to_pdf(draft, tmp_path / "nowhere" / "out.pdf")
    assert trouble.value.exit_code == 3


def test_macros_and_links_are_off_in_its_profile(draft, tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    put_before(monkeypatch, tmp_path, "soffice",
               "profile = sys.argv[1].partition('=')[2].removeprefix('file://')\n"
               f"open({str(seen)!r}, 'w').write(open(profile + '/user/registrymodifications.xcu').read())")
    with pytest.raises(ProgramFailed):
        convert_to_pdf(draft, tmp_path / "out.pdf")
    assert '"DisableMacrosExecution" oor:op="fuse"><value>true' in seen.read_text()
    assert libreoffice.version() is None
