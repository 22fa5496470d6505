"""Packets as files: taken in from where they lie, and written for one recipient with the bytes that are sent."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docclient.desk.mail_post import take_in_mail
from docclient.desk.post import packed, take_in
from docclient.errors import BadInput, trouble_of_os_error
from docclient.exchange.names import safe_file_name
from docclient.office.commands.using import NoteUse, Use
from docclient.office.door import Office, Receipt
from docclient.office.model import DocumentId
from docclient.office.queries.office import OutboxItem
from docclient.office.queries.outbox import PacketsOf
from signing.errors import Trouble
from signing.files import replacing

PACKET, LETTER = ".edxml", ".eml"
LARGEST = 200 << 20      # bytes; a gateway stops at 50 MB of packet


class PacketFileLarge(BadInput):
    """facts: file, size, limit (bytes)."""

    code = "packet_file.large"


class NothingInLetter(BadInput):
    """The letter brings neither a packet nor a document. facts: file."""

    code = "packet_file.nothing"


class PacketNotThere(BadInput):
    """The document has no packet for this recipient. facts: agency."""

    code = "packet_file.not_there"


@dataclass(frozen=True, slots=True)
class TakenFile:
    """What became of a file. receipts: of the documents and statuses it led to; trouble: why nothing came of it."""

    file: Path
    receipts: tuple[Receipt, ...] = ()
    trouble: Trouble | None = None


def is_packet_file(path: Path) -> bool:
    return path.suffix.lower() in {PACKET, LETTER}


def take_in_files(office: Office, files: Sequence[Path], stop: threading.Event | None = None) -> list[TakenFile]:
    """Take packets and letters in; a file that is refused does not stop the others. Taken in again, a file leads to
    what it led to before: it goes by its bytes, not by its name."""
    found = []
    for file in files:
        if stop is not None and stop.is_set():
            break
        try:
            found.append(TakenFile(file, take_in_file(office, file, stop)))
        except Trouble as trouble:
            found.append(TakenFile(file, trouble=trouble))
    return found


def take_in_file(office: Office, file: Path, stop: threading.Event | None = None) -> tuple[Receipt, ...]:
    """Raises: PacketFileLarge, NothingInLetter, what taking in a packet or a letter raises, troubles of the disk."""
    try:
        size = file.stat().st_size
        if size > LARGEST:
            raise PacketFileLarge(file=file.name, size=size, limit=LARGEST)
        content = file.read_bytes()
    except OSError as error:
        raise trouble_of_os_error(error, file) from error
    identity = f"file:{hashlib.sha256(content).hexdigest()}"
    if file.suffix.lower() != LETTER:
        return (take_in(office, content, identity),)
    receipts = take_in_mail(office, content, identity, lambda packet, each: take_in(office, packet, each), stop)
    if not receipts:
        raise NothingInLetter(file=file.name)
    return receipts


def packets_of(office: Office, document: DocumentId) -> tuple[OutboxItem, ...]:
    """The packets of an issued document, one for each recipient; sent or not."""
    return office.ask(PacketsOf(document))


def packet_file_name(item: OutboxItem) -> str:
    """A name that every system takes: recipient's code and the item's own identity."""
    return safe_file_name(f"{item.recipient_code}-{item.id[:8]}{PACKET}")


def save_packet(office: Office, item: OutboxItem, target: Path) -> Path:
    """Write the item's packet: the very bytes that are sent, or were; noted first, as every copy that leaves the office
    (NĐ 30 Annex VI, F3). Raises: NotYours, troubles of the disk, the packet's."""
    content = packed(office, item)
    office.do(NoteUse(Use.EXPORT, item.document))
    with replacing(target) as stream:
        stream.write(content)
    return target


def save_packets(office: Office, items: Sequence[OutboxItem], folder: Path) -> list[Path]:
    """Each under its own name; a file of that name is replaced. Raises: as `save_packet`."""
    return [save_packet(office, item, folder / packet_file_name(item)) for item in items]


def save_packet_for(office: Office, document: DocumentId, agency_code: str, target: Path) -> Path:
    """The same by the recipient's code. Raises: PacketNotThere."""
    item = next((each for each in packets_of(office, document) if each.recipient_code == agency_code), None)
    if item is None:
        raise PacketNotThere(agency=agency_code)
    return save_packet(office, item, target)
