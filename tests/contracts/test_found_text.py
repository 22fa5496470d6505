"""The text of files is found; files that cannot be read stop nothing; a secrecy mark locks the file away (13.4)."""

from __future__ import annotations

import io
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import docx
import pikepdf
import pytest

from docclient.desk import reading_text
from docclient.desk.reading_text import TextsRead, read_texts
from docclient.office.checking import check_office
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.finding import ClearSecretAlarm, FileText, KeepTexts, TextProblem
from docclient.office.commands.incoming import ReturnIncoming
from docclient.office.door import Receipt
from docclient.office.errors import FieldWrong, NotFound, NotNow, NotYours
from docclient.office.model import Digest, DocumentId
from docclient.office.queries.finding import FindDocuments
from docclient.office.queries.keeping import FilesToRead
from signing.sign import Role, SigningRequest, sign_pdf
from tests.capture.letters import COMMUNE_LETTER, Letter, render
from tests.offices import OfficeToTest

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def arrived(office: OfficeToTest, *files: tuple[str, bytes, str], exchange_id: str = "x") -> DocumentId:
    clerk = office.door("clerk")
    received: Receipt = clerk.do(ReceivePacket(
        transport_id="in", packet=clerk.put(repr(files).encode()), sender_code="H99.07", sender_name="Sở Nội vụ tỉnh",
        exchange_id=exchange_id, type_name="Công văn", subject="V/v tệp kèm theo",
        files=tuple(ReceivedFile(name, clerk.put(content), kind) for name, content, kind in files)))
    assert received.document is not None
    return received.document


def letter(office: OfficeToTest, tmp_path: Path, body: str) -> bytes:
    return office.material.letter(body, tmp_path / "letter.pdf").read_bytes()


def word_file(*paragraphs: str) -> bytes:
    document, made = docx.Document(), io.BytesIO()
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(made)
    return made.getvalue()


def found(office: OfficeToTest, words: str, slug: str = "clerk") -> list[str]:
    return [each.document.id for each in office.door(slug).ask(FindDocuments(words)).rows]


def test_the_text_of_files_is_found_and_shown(office: OfficeToTest, tmp_path: Path):
    document = arrived(
        office, ("a.pdf", letter(office, tmp_path, "Đề nghị kiểm kê đàn gia súc trước mùa mưa bão."),
                 "application/pdf"),
        ("b.docx", word_file("Danh sách hộ chăn nuôi", "Ấp Bình Lợi"), WORD))
    assert found(office, "gia suc") == []
    seen: list[int] = []
    assert read_texts(office.door("clerk"), progress=lambda done, _: seen.append(done)) == TextsRead(2, 0, 0)
    assert seen == [1, 2]
    for words in ("gia suc", "đàn gia súc", '"mua mua bao"', "ap binh loi", "gia suc chan nuoi", "h99.07 gia suc"):
        assert found(office, words) == [document], words
    assert found(office, "gia suc", "officer_culture_society") == []
    (row,) = office.door("clerk").ask(FindDocuments("gia suc")).rows
    assert row.snippet is not None and row.snippet.in_file
    assert [row.snippet.text[start:end] for start, end in row.snippet.marks] == ["gia", "súc"]
    assert office.door("clerk").ask(FilesToRead()) == ()
    assert read_texts(office.door("clerk")) == TextsRead()
    assert check_office(office.engine).whole


def test_no_version_changes_by_reading(sqlite_office: OfficeToTest):
    view = sqlite_office.received("1")
    assert read_texts(sqlite_office.door("clerk")).read == 1
    assert sqlite_office.view("clerk", view.document.id).document == view.document


def test_files_that_cannot_be_read_are_noted(sqlite_office: OfficeToTest, tmp_path: Path):
    plain = letter(sqlite_office, tmp_path, "Có mật khẩu")
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain)) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="a", user="b"))
    arrived(sqlite_office, ("broken.pdf", plain[:200], "application/pdf"),
            ("locked.pdf", locked.getvalue(), "application/pdf"), ("x.docx", b"PK no zip", WORD),
            ("table.xlsx", b"PK", "application/vnd.ms-excel"))
    assert read_texts(sqlite_office.door("clerk")) == TextsRead(0, 4, 0)
    assert sqlite_office.door("clerk").ask(FilesToRead()) == ()


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "Tuyệt mật".upper()])
def test_a_secrecy_mark_locks_the_file_away(office: OfficeToTest, mark: str):
    document = arrived(office, ("a.docx", word_file(mark, "Kế hoạch diễn tập khu vực"), WORD))
    clerk = office.door("clerk")
    (waiting,) = clerk.ask(FilesToRead())
    with clerk.read(waiting.digest):
        pass
    assert read_texts(office.door("clerk")) == TextsRead(0, 0, 1)
    for words in ("dien tap", "tep kem theo", "h99.07"):
        assert found(office, words) == [], "found text, fields and counts alike"
    with pytest.raises(NotFound):
        office.door("chairman").read(waiting.digest)
    version = office.view("clerk", document).document.version
    with pytest.raises(NotNow):                                # frozen
        clerk.do(ReturnIncoming(document, version, "x"))
    for entry in journal(office):
        assert "diễn tập" not in entry
    with pytest.raises((NotYours, NotNow)):
        clerk.do(ClearSecretAlarm(document, version, "Không phải văn bản mật"))
    with pytest.raises(FieldWrong):
        office.door("chairman").do(ClearSecretAlarm(document, version, " "))
    office.door("chairman").do(ClearSecretAlarm(document, version, "Đã xem bản giấy: không phải văn bản mật"))
    assert found(office, "tep kem theo") == [document]
    assert read_texts(office.door("clerk")) == TextsRead(1, 0, 0)      # a person has decided
    assert found(office, "dien tap") == [document]
    with office.door("chairman").read(waiting.digest):
        pass
    assert check_office(office.engine).whole


def journal(office: OfficeToTest) -> list[str]:
    from sqlalchemy import select

    from docclient.store import tables

    with office.engine.reading() as work:
        return [f"{row.fields} {row.effect}" for row in work.connection.execute(select(tables.journal))]


def test_words_that_only_sound_like_a_mark_raise_no_alarm(sqlite_office: OfficeToTest):
    arrived(sqlite_office, ("a.docx", word_file("Về bảo mật thông tin", "MẬT ĐỘ DÂN SỐ", "BẢO MẬT", "mật ong"), WORD))
    assert read_texts(sqlite_office.door("clerk")) == TextsRead(1, 0, 0)


def test_texts_are_given_by_the_desk_of_those_who_see_all(sqlite_office: OfficeToTest):
    view = sqlite_office.directed("3")
    digest = view.files[0].current.digest
    officer = sqlite_office.door("officer_economy")
    with pytest.raises(NotYours):
        officer.do(KeepTexts((FileText(digest, officer.put(b"x")),)))
    clerk = sqlite_office.door("clerk")
    for wrong in ((), (FileText(digest),), (FileText(digest, clerk.put(b"x"), TextProblem.DAMAGED),),
                  (FileText(Digest("0" * 64), clerk.put(b"x")),)):
        with pytest.raises(FieldWrong):
            clerk.do(KeepTexts(wrong))


def scan(office: OfficeToTest, target: Path, letter_on_it: Letter) -> bytes:
    """Pages that are pictures, signed by the sender: nothing may be written into such a file any more."""
    pages = [page.convert("RGB") for page in render(letter_on_it, 200)]
    pages[0].save(target, save_all=True, append_images=pages[1:], resolution=200)
    signed = target.with_suffix(".signed.pdf")
    sign_pdf(target, signed, office.material.key("agency"), SigningRequest(role=Role.COPY, agency="UBND xã"))
    return signed.read_bytes()


@pytest.mark.slow
def test_a_signed_scan_is_found_by_its_words_and_stays_as_it_is(sqlite_office: OfficeToTest, tmp_path: Path):
    content = scan(sqlite_office, tmp_path / "scan.pdf", COMMUNE_LETTER)
    secret = scan(sqlite_office, tmp_path / "mat.pdf", replace(COMMUNE_LETTER, secrecy="MẬT"))
    document = arrived(sqlite_office, ("quet.pdf", content, "application/pdf"))
    clerk = sqlite_office.door("clerk")
    assert found(sqlite_office, "lap danh sach") == []
    assert read_texts(clerk) == TextsRead(1, 0, 0)
    assert found(sqlite_office, "lập danh sách những hồ sơ") == [document]
    with clerk.read(sqlite_office.view("clerk", document).main_file().current.digest) as stream:
        assert stream.read() == content
    arrived(sqlite_office, ("mat.pdf", secret, "application/pdf"), exchange_id="y")
    assert read_texts(clerk) == TextsRead(0, 0, 1), "a secrecy mark on a picture raises the alarm"


def test_stopped_while_reading_what_was_read_is_kept(sqlite_office: OfficeToTest, tmp_path: Path,
                                                     monkeypatch: pytest.MonkeyPatch):
    arrived(sqlite_office, *((f"{name}.pdf", letter(sqlite_office, tmp_path, f"Nội dung {name}."), "application/pdf")
                             for name in ("một", "hai")))
    read, stop, first = reading_text.read_one, Event(), list[str]()

    def cut(*asked: Any) -> FileText:
        if first:
            stop.set()
            raise CancelledError
        first.append(asked[1].digest)
        return read(*asked)

    monkeypatch.setattr(reading_text, "read_one", cut)
    assert read_texts(sqlite_office.door("clerk"), stop=stop) == TextsRead(1, 0, 0)
    assert len(sqlite_office.door("clerk").ask(FilesToRead())) == 1
