"""Letters of the official mailbox become documents of the office: each packet as it would by any other way, attached
documents as one document that came by e-mail (NĐ 30 Art 21.2)."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import replace

from docclient.desk.page_facts import PageFacts, facts_on
from docclient.desk.workplace import workplace
from docclient.errors import BadInput
from docclient.exchange.content_types import PDF, PROGRAM, WORD, extension_of
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.mail_letter import Brought, Letter, read_letter
from docclient.exchange.packet import DocumentPacket
from docclient.office.commands.arriving import ReceivedFile
from docclient.office.commands.entering import EnterIncoming
from docclient.office.door import Office, Receipt
from docclient.office.model import Channel

TakeIn = Callable[[bytes, str], Receipt]
"""Takes a packet in, under its transport id."""

SMALLEST_PICTURE = 20_000      # bytes: below it a picture is a letterhead's logo


class MailWithProgram(BadInput):
    """A program is attached: nobody sends a document this way. facts: name."""

    code = "mail.with_program"


def take_in_mail(office: Office, content: bytes, transport_id: str, take_in: TakeIn,
                 stop: threading.Event | None = None) -> tuple[Receipt, ...]:
    """Give the office what a letter brings; nothing where it brings nothing but words.

    Taken in again, each of its documents stays the one it is. Raises: MailTooLarge, MailNotReadable, MailWithProgram,
    SecretRefused, and what `take_in` raises.
    """
    letter = read_letter(content)
    program = next((each for each in letter.files if each.media_type == PROGRAM), None)
    if program is not None:
        raise MailWithProgram(name=program.name)
    receipts = [take_in(each.content, f"{transport_id}/{number}") for number, each in enumerate(letter.packets, 1)]
    loose = loose_files(letter)
    if loose:
        receipts.append(enter(office, letter, loose, stop))
    return tuple(receipts)


def loose_files(letter: Letter) -> tuple[Brought, ...]:
    """Attached documents that no packet of the letter brings as well; logos and signatures of letters left out."""
    packed = set()
    for each in letter.packets:
        packet = read_packet(each.content, file=each.name)
        if isinstance(packet, DocumentPacket):
            packed |= {hashlib.sha256(file.content).digest() for file in packet.attachments if file.content is not None}
    return tuple(each for each in letter.files
                 if hashlib.sha256(each.content).digest() not in packed
                 and not (each.media_type.startswith("image/") and len(each.content) < SMALLEST_PICTURE)
                 and extension_of(each.name) not in {"p7s", "asc", "vcf", "ics"})


def enter(office: Office, letter: Letter, files: tuple[Brought, ...], stop: threading.Event | None) -> Receipt:
    """One document of the attached files, the PDF first. What its page says plainly is proposed, else the letter's
    own words; the clerk confirms all of it."""
    ordered = sorted(files, key=lambda each: (each.media_type != PDF, each.media_type != WORD))
    page = PageFacts()
    if ordered[0].media_type == PDF:
        with workplace() as folder:
            main = folder / "main.pdf"
            main.write_bytes(ordered[0].content)
            page = facts_on(main, stop)
    command = EnterIncoming(
        channel=Channel.MAIL, issuer_name=page.issuer_name or letter.sender_name or letter.sender_address,
        subject=page.subject or letter.subject or ordered[0].name, code_number=page.code_number,
        code_notation=page.code_notation, issued_date=page.issued_date,
        note=f"{letter.sender_address}: {letter.subject}",
        files=tuple(ReceivedFile(each.name, office.put(each.content), each.media_type) for each in ordered))
    if page.type_name:
        command = replace(command, type_name=page.type_name)
    digests = ",".join(each.digest for each in command.files)
    key = hashlib.sha256(f"{letter.message_id}\n{digests}".encode()).hexdigest()
    return office.do(command, key=f"mail:{key}")
