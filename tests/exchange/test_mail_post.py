"""From the official mailbox to documents of the office: packets, attached documents, and what is neither."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

import pytest

from docclient.desk.post import Fetched, fetch_post
from docclient.exchange.directory import Unit
from docclient.exchange.transports.base import Carries, Outcome, Outgoing, Sent, TransportId, Waiting
from docclient.office.checking import check_office
from docclient.office.commands.entering import EnterIncoming
from docclient.office.model import Channel, State
from docclient.office.queries.document_page import DocumentPage
from docclient.office.queries.office import AboutOffice
from tests.exchange.packets import HEADER, LETTER, document, encoded, zipped
from tests.exchange.packets import attachment as attachment_of
from tests.offices import OfficeToTest, document_of


@dataclass
class Mailbox:
    """Letters in memory; what is confirmed is kept."""

    letters: dict[str, bytes] = field(default_factory=dict)
    told: dict[str, tuple[Outcome, str]] = field(default_factory=dict)

    def list(self) -> Sequence[Waiting]:
        return [Waiting(TransportId(each), each, carries=Carries.MAIL) for each in self.letters
                if each not in self.told]

    def fetch(self, item: TransportId) -> bytes:
        return self.letters[item]

    def send(self, packet: Outgoing) -> Sent:
        raise AssertionError("nothing is sent here")

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        self.told[item] = (outcome, reason)

    def round(self) -> AbstractContextManager[None]:
        return nullcontext()

    def directory(self) -> Sequence[Unit]:
        return ()


def letter(*files: tuple[str, bytes], subject: str = "Gửi văn bản") -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Sở Tài chính <vanthu@sotaichinh.example>", subject
    message["Message-ID"] = f"<{uuid.uuid4()}@sotaichinh.example>"
    message.set_content("Kính gửi.")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def taken(office: OfficeToTest, *letters: bytes) -> tuple[list[Fetched], Mailbox]:
    mailbox = Mailbox({f"1-{number}": each for number, each in enumerate(letters)})
    return fetch_post(office.door("clerk"), mailbox), mailbox


def our_packet(office: OfficeToTest, content: bytes = LETTER) -> bytes:
    code = office.door("clerk").ask(AboutOffice()).codes[0]
    return document(HEADER.replace("H99.02", code), attachments=attachment_of(payload=encoded(zipped(content))))


def test_an_attached_document_waits_with_what_its_page_says(office: OfficeToTest, tmp_path: Path):
    pdf = office.material.letter("Đề nghị báo cáo kết quả thu ngân sách quý I.", tmp_path / "a.pdf", number="45",
                                 day="05", month="3").read_bytes()
    (found,), mailbox = taken(office, letter(("bang-ke.docx", b"PK"), ("45-UBND.pdf", pdf), ("logo.png", b"\x89PNG")))
    assert found.trouble is None and found.receipt is not None
    view = office.door("clerk").ask(DocumentPage(document_of(found.receipt)))
    seen = view.document
    assert (seen.channel, seen.state) == (Channel.MAIL, State.WAITING_RECEIPT)
    assert (seen.code_number, seen.code_notation, seen.issued_place) == ("45", "UBND-KT", None)
    assert seen.issued_date is not None and (seen.issued_date.day, seen.issued_date.month) == (5, 3)
    assert "vanthu@sotaichinh.example" in (seen.note or "")
    assert view.files[0].name == "45-UBND.pdf"
    assert set(mailbox.told.values()) == {(Outcome.DONE, "")}
    assert check_office(office.engine).whole


def test_packets_and_loose_files_each_become_one_document(sqlite_office: OfficeToTest):
    office = sqlite_office
    packet = our_packet(office)
    found, _ = taken(office, letter(("a.edxml", packet), ("12-QD-VP.pdf", LETTER), ("khac.pdf", LETTER + b"\n%more")))
    assert [each.trouble for each in found] == [None, None]
    channels = [office.door("clerk").ask(DocumentPage(document_of(each.receipt))).document.channel  # type: ignore
                for each in found]
    assert channels == [Channel.PACKET, Channel.MAIL]


def test_the_same_letter_again_makes_nothing_new(office: OfficeToTest):
    content = letter(("a.edxml", our_packet(office)), ("b.pdf", LETTER + b"%b"))
    first, _ = taken(office, content)
    again, _ = taken(office, content)
    assert [document_of(each.receipt) for each in first] == [document_of(each.receipt) for each in again]  # type: ignore


def test_a_letter_of_words_alone_brings_nothing(sqlite_office: OfficeToTest):
    found, mailbox = taken(sqlite_office, letter(), letter(("smime.p7s", b"0\x80"), ("logo.png", b"\x89PNG\r\n\x1a\n")))
    assert found == [] and [outcome for outcome, _ in mailbox.told.values()] == [Outcome.DONE] * 2


@pytest.mark.parametrize(("name", "content", "code"), [
    ("hoa-don.pdf", b"MZ\x90\x00" + bytes(200), "mail.with_program"),
    ("a.edxml", document(HEADER.replace("H99.02", "H01.01")), "post.for_others")])
def test_what_must_not_come_in_is_set_aside_with_its_reason(sqlite_office: OfficeToTest, name: str, content: bytes,
                                                            code: str):
    found, mailbox = taken(sqlite_office, letter((name, content)), letter(("tot.pdf", LETTER)))
    assert [each.trouble.code if each.trouble else None for each in found] == [code, None]
    assert list(mailbox.told.values()) == [(Outcome.FAILED, code), (Outcome.DONE, "")]


def test_a_secrecy_stamp_on_the_page_refuses_the_letter_and_keeps_nothing(sqlite_office: OfficeToTest, tmp_path: Path):
    office = sqlite_office
    stamp = '#place(top + left, dx: 5mm, dy: 50mm, box(stroke: 1pt, inset: 2pt, text(size: 13pt)[*MẬT*]))'
    pdf = office.material.letter(stamp, tmp_path / "a.pdf", number="45", day="05", month="3").read_bytes()
    (found,), mailbox = taken(office, letter(("a.pdf", pdf)))
    assert found.trouble is not None and found.trouble.code == "office.secret_refused"
    assert [outcome for outcome, _ in mailbox.told.values()] == [Outcome.FAILED]
    with office.engine.reading() as work:
        from sqlalchemy import func, select

        from docclient.store import tables
        assert work.connection.scalar(select(func.count()).select_from(tables.document)) == 0
        assert work.connection.scalar(select(func.count()).select_from(tables.journal).where(
            tables.journal.c.command == EnterIncoming.__name__)) == 0
