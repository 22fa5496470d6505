"""Outside programs are ended when they hang, take everything they started with them, and see nothing of ours."""

from __future__ import annotations

import os
import sys
import time
from concurrent.futures import CancelledError
from pathlib import Path
from threading import Event, Timer

import pytest

from docclient.errors import DiskFull, ProgramFailed, ProgramMissing, Trouble
from docclient.tools import running
from docclient.tools.running import Program, deliver, last_words, reason_of, run
from docclient.words import Language, words_of
from tests.tools.programs import put_before

ODD = Program("Odd", ("odd-program",), "odd-package", "purpose.read_pages")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the programs that misbehave are POSIX scripts")


def test_a_missing_program_is_named_with_its_package_in_either_language():
    with pytest.raises(ProgramMissing) as missing:
        run(ODD, [], deadline_s=5)
    vietnamese, english = (words_of(missing.value, language) for language in Language)
    assert "nhận dạng chữ" in vietnamese.explanation
    assert "odd-package" in vietnamese.advice
    assert "reading scanned pages" in english.explanation


def test_a_hung_program_is_ended_with_all_it_started(tmp_path, monkeypatch):
    noted = tmp_path / "grandchild"
    put_before(monkeypatch, tmp_path, "odd-program",
               f"child = subprocess.Popen(['sleep', '600'])\nopen({str(noted)!r}, 'w').write(str(child.pid))\n"
               "signal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)")
    begun = time.monotonic()
    with pytest.raises(ProgramFailed) as hung:
        run(ODD, [], deadline_s=1)
    assert time.monotonic() - begun < 10
    assert hung.value.facts["reason"] == "> 1 s"
    assert not alive(int(noted.read_text()))


def test_grandchildren_that_keep_the_output_open_are_not_waited_for(tmp_path, monkeypatch):
    put_before(monkeypatch, tmp_path, "odd-program", "subprocess.Popen(['sleep', '600'])\nprint('done')")
    begun = time.monotonic()
    assert run(ODD, [], deadline_s=60).output == b"done\n"
    assert time.monotonic() - begun < 30


def test_a_wish_to_stop_ends_the_program(tmp_path, monkeypatch):
    put_before(monkeypatch, tmp_path, "odd-program", "time.sleep(600)")
    stop = Event()
    timer = Timer(0.2, stop.set)
    timer.start()
    with pytest.raises(CancelledError):
        run(ODD, [], deadline_s=60, stop=stop)
    timer.join()


def test_a_crash_is_told_by_its_signal(tmp_path, monkeypatch):
    put_before(monkeypatch, tmp_path, "odd-program", "os.kill(os.getpid(), signal.SIGSEGV)")
    assert reason_of(run(ODD, [], deadline_s=30)) == "SIGSEGV"


def test_a_flood_of_output_is_cut_off(tmp_path, monkeypatch):
    monkeypatch.setattr(running, "OUTPUT_LIMIT_BYTES", 2**20)
    put_before(monkeypatch, tmp_path, "odd-program", "while True: sys.stdout.write('x' * 65536)")
    with pytest.raises(ProgramFailed):
        run(ODD, [], deadline_s=60)


def test_our_variables_stay_with_us(tmp_path, monkeypatch):
    monkeypatch.setenv("TOKEN_PIN_FOR_TEST", "123456")
    put_before(monkeypatch, tmp_path, "odd-program", "print(dict(os.environ))")
    seen = run(ODD, [], deadline_s=30, settings={"EXTRA": "yes"}).output.decode()
    assert "123456" not in seen
    assert "'OMP_THREAD_LIMIT': '1'" in seen
    assert "'EXTRA': 'yes'" in seen


@pytest.mark.parametrize(("said", "shown"), [
    (b"Error: could not load\n", "Error: could not load"),
    ("first\nKh\u00f4ng m\u1edf \u0111\u01b0\u1ee3c: N\u1ed9i dung v\u0103n b\u1ea3n\n".encode(), "first"),
    (b'cannot parse "secret plan of the commune"\n', "cannot parse …"),
    (b"Operand stack: (the letter's words)\n", "Operand stack: …"),
    (b"cannot open /home/clerk/letters/page.png\n\n", "cannot open page.png"),
    (b"\xff\xfe\x00 garbage\n", ""),
    (b"", ""),
])
def test_last_words_hold_no_text_of_the_document(said, shown):
    assert last_words(said, ["/usr/bin/odd", "/home/clerk/letters/page.png"]) == shown


def test_a_result_takes_its_name_in_one_step(tmp_path):
    made, target = tmp_path / "made", tmp_path / "target.pdf"
    made.write_bytes(b"new")
    target.write_bytes(b"old")
    deliver(made, target)
    assert target.read_bytes() == b"new"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["made", "target.pdf"]


def test_a_full_disk_leaves_the_old_result(tmp_path, monkeypatch):
    made, target = tmp_path / "made", tmp_path / "target.pdf"
    made.write_bytes(b"new")
    target.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        deliver(made, target)
    assert target.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_folder_that_is_not_there_is_told(tmp_path):
    made = tmp_path / "made"
    made.write_bytes(b"new")
    with pytest.raises(Trouble) as told:
        deliver(made, tmp_path / "nowhere" / "target.pdf")
    assert told.value.code in {"folder.not_writable", "file.not_readable"}


def test_a_program_is_found_in_its_usual_folder(tmp_path, monkeypatch):
    program = put_before(monkeypatch, tmp_path, "odd-program", "")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path))
    there = Program("Odd", ("odd-program",), "odd", "purpose.read_pages", folders=("%PROGRAMFILES%/prog*",))
    nowhere = Program("Odd", ("odd-program",), "odd", "purpose.read_pages", folders=("%NO_SUCH_VARIABLE%/x",))
    assert there.find() == program
    assert nowhere.find() is None


def alive(pid: int) -> bool:
    """Is the process there and not a zombie waiting to be read?"""
    status = Path(f"/proc/{pid}/stat")
    return status.is_file() and status.read_text().rpartition(")")[2].split()[0] != "Z"
