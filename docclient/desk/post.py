"""The post: fetch what other offices sent, send what waits in the outbox. One bad item never stops the rest."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from docclient.desk.changes import KIND_OF, documents_named, request_of, taking_back
from docclient.desk.header_gaps import filled_from_page
from docclient.desk.letters import document_packet, recall_packet, status_packet
from docclient.desk.mail_post import take_in_mail
from docclient.desk.workplace import fetch_bytes
from docclient.errors import BadInput, PlaceTrouble, ServiceTrouble, Trouble
from docclient.exchange.dates import parse_date, parse_time
from docclient.exchange.directory import our_line
from docclient.exchange.edxml_read import read_packet
from docclient.exchange.edxml_write import write_packet
from docclient.exchange.errors import ItemGone, ItemNotReadable, PacketDamaged
from docclient.exchange.packet import DocumentPacket, Packet, StatusPacket
from docclient.exchange.statuses import StatusCode
from docclient.exchange.transports.base import Carries, Message, Outcome, Outgoing, Transport, Waiting
from docclient.exchange.transports.http_line import CarrierRefused
from docclient.exchange.transports.mail_sending import MailNotTaken
from docclient.office.changes import ChangeKind
from docclient.office.commands.arriving import ReceivedFile, ReceivePacket
from docclient.office.commands.exchanging import MarkSendFailed, MarkSent, PackItem, RecordStatus
from docclient.office.door import Office, Receipt
from docclient.office.errors import SecretRefused
from docclient.office.model import Digest, Document, FileKind, Flow, Urgency, now
from docclient.office.queries.document_page import DocumentPage, DocumentView
from docclient.office.queries.office import AboutOffice, Outbox, OutboxItem

PDF = "application/pdf"


class PacketForOthers(BadInput):
    """The packet names other recipients than this office. facts: recipients."""

    code = "post.for_others"


class PacketNotSupported(BadInput):
    """A kind of packet this office cannot file yet. facts: kind."""

    code = "post.not_supported"


class PacketWithoutSender(BadInput):
    """Nobody could be answered."""

    code = "post.without_sender"


class PacketWithoutFile(BadInput):
    """A document packet none of whose files can be read."""

    code = "post.without_file"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one waiting item. receipt: of the command it led to; trouble: why it was set aside."""

    item: str
    receipt: Receipt | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one item of the outbox."""

    item: OutboxItem
    sent: bool
    trouble: Trouble | None = None


Progress = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""


def fetch_post(office: Office, transport: Transport, *, progress: Progress = silent,
               stop: threading.Event | None = None) -> list[Fetched]:
    """Take in everything that waits. An item is confirmed only after the office has it; one that cannot be taken in
    is set aside with its reason, and its bytes stay with the transport.
    """
    waiting = transport.list()
    results: list[list[Fetched]] = []
    take = partial(fetch_item, office, transport, stop=stop)
    for taken in (one_by_one if len(waiting) < MANY else two_at_once)(take, waiting, stop):
        progress(len(results), len(waiting))
        results.append(taken())
    progress(len(waiting), len(waiting))
    return [each for found in results for each in found]


MANY, AT_ONCE = 16, 2
Taken = Callable[[], list[Fetched]]
"""Gives what one item brought, or raises."""


def one_by_one(take: Callable[[Waiting], list[Fetched]], waiting: Sequence[Waiting],
               stop: threading.Event | None) -> Iterator[Taken]:
    for each in waiting:
        if stop is not None and stop.is_set():
            return
        yield partial(take, each)


def two_at_once(take: Callable[[Waiting], list[Fetched]], waiting: Sequence[Waiting],
                stop: threading.Event | None) -> Iterator[Taken]:
    """While the signatures of one are verified (in a process of its own), the next is read and stored. After trouble
    with the way no further one is begun."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="post") as threads:
        running: deque[Future[list[Fetched]]] = deque()
        try:
            for each in waiting:
                if stop is not None and stop.is_set():
                    break
                running.append(threads.submit(take, each))
                if len(running) > AT_ONCE:
                    yield running.popleft().result
            while running:
                yield running.popleft().result
        finally:
            for future in running:
                future.cancel()


def fetch_item(office: Office, transport: Transport, waiting: Waiting,
               stop: threading.Event | None = None) -> list[Fetched]:
    """What one waiting item brought: a packet one result, a letter one for each of its documents, none for one that
    brings nothing but words."""
    try:
        content = transport.fetch(waiting.id)
        receipts: tuple[Receipt, ...]
        if waiting.carries is Carries.MAIL:
            receipts = take_in_mail(office, content, str(waiting.id),
                                    lambda packet, identity: take_in(office, packet, identity), stop)
        else:
            receipts = (take_in(office, content, str(waiting.id)),)
    except Trouble as trouble:
        if isinstance(trouble, ItemGone | ItemNotReadable):
            return [Fetched(waiting.name, trouble=trouble)]        # this one cannot be had now; the others can
        if is_away(trouble):
            raise            # a full disk or a server away is not the packet's fault: it waits where it is
        transport.confirm(waiting.id, Outcome.FAILED, trouble.code)
        return [Fetched(waiting.name, trouble=trouble)]
    transport.confirm(waiting.id, Outcome.DONE)
    return [Fetched(waiting.name, receipt) for receipt in receipts]


def take_in(office: Office, content: bytes, transport_id: str) -> Receipt:
    """Give the office what a packet says. Raises: the packet's troubles, SecretRefused, PacketForOthers, NotFound."""
    packet = read_packet(content, file=transport_id)
    if packet.refused:
        raise SecretRefused()
    if packet.damaged:
        raise PacketDamaged(file=transport_id)
    if isinstance(packet, StatusPacket):
        return take_in_status(office, packet, content, transport_id)
    return take_in_document(office, packet, content, transport_id)


def take_in_document(office: Office, packet: DocumentPacket, content: bytes, transport_id: str) -> Receipt:
    facts = office.ask(AboutOffice())
    if our_line(packet, facts.codes) is None:
        raise PacketForOthers(recipients=", ".join(each.organ_id or "?" for each in packet.header.to[:5]))
    operation = packet.business.operation
    if operation is None:
        raise PacketNotSupported(kind=packet.business.business_doc_type or "?")
    change = KIND_OF.get(operation)
    header, sender = packet.header, packet.header.sender
    if sender is None or not (sender.organ_id or "").strip():
        raise PacketWithoutSender()
    key = f"packet:{digest_id(content)}:{transport_id}"
    if change is ChangeKind.REVOKE or (change is not None and not packet.attachments):
        return office.do(request_of(packet, change, office.put(content), transport_id, facts.codes), key=key)
    files = tuple(ReceivedFile(each.name, office.put(each.content), each.actual_type)
                  for each in packet.attachments if each.content is not None and not each.lost)
    if not files:
        raise PacketWithoutFile()
    code, info = header.code, header.promulgation_info
    signer = header.signer_info
    command = ReceivePacket(
        transport_id=transport_id, packet=office.put(content),
        sender_code=(sender.organ_id if sender else None) or "", sender_name=(sender.organ_name if sender else None)
        or (sender.organ_id if sender else None) or "", exchange_id=header.document_id or digest_id(content),
        type_name=(header.document_type.type_name if header.document_type else None) or "",
        subject=header.subject or header.content or files[0].name, files=pdf_first(files),
        code_number=(code.code_number if code else None) or "", code_notation=(code.code_notation if code else None)
        or "", issued_date=parse_date(info.promulgation_date) if info else None,
        issued_place=(info.place if info else None) or "", urgency=urgency_of(packet),
        due_date=parse_date(header.due_date), signer_name=(signer.full_name if signer else None) or "",
        signer_position=(signer.position if signer else None) or "", change=change,
        about=documents_named(packet, facts.codes) if change is not None else (),
        reason=(packet.business.business_doc_reason or "") if change is not None else "")
    main = next((each for each in packet.attachments if each.actual_type == PDF and not each.lost), None)
    return office.do(filled_from_page(command, main.content if main is not None else None, PDF), key=key)


def pdf_first(files: tuple[ReceivedFile, ...]) -> tuple[ReceivedFile, ...]:
    """The document itself is the first PDF; packets name their files in any order."""
    return tuple(sorted(files, key=lambda each: each.media_type != PDF))


def urgency_of(packet: DocumentPacket) -> Urgency:
    """Priority 4 (timed express) exists in the exchange format only; it is express here."""
    text = (packet.header.other_info.priority if packet.header.other_info else None) or "0"
    return Urgency(min(int(text), Urgency.EXPRESS)) if text.isdecimal() else Urgency.NORMAL


def digest_id(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def take_in_status(office: Office, packet: StatusPacket, content: bytes, transport_id: str) -> Receipt:
    """13 comes from the sender of a document we received; all others from a recipient of one we sent."""
    about, sender = packet.response_for, packet.header.sender
    if StatusCode.of(packet.header.status_code) is StatusCode.TAKEN_BACK:
        return office.do(taking_back(packet, office.put(content), transport_id), key=f"status:{digest_id(content)}")
    return office.do(RecordStatus(
        packet=office.put(content), exchange_id=about.document_id or "",
        reporter_code=(sender.organ_id if sender else None) or "", code=packet.header.status_code or "",
        description=packet.header.description or "", at=parse_time(packet.header.timestamp),
        number_and_symbol=about.code or "", issued_date=parse_date(about.promulgation_date)),
        key=f"status:{digest_id(content)}")


def is_away(trouble: Trouble) -> bool:
    """Whether the way is closed for every item (a server away, an account not let in, a disk full), which says nothing
    of this one; else the item itself was refused or cannot be made."""
    if isinstance(trouble, CarrierRefused):
        return trouble.again
    if isinstance(trouble, MailNotTaken):
        return str(trouble.facts.get("answer", "")).startswith("4")        # RFC 5321, 4.2.1: try again later
    return trouble.stops_batch or isinstance(trouble, PlaceTrouble | ServiceTrouble)


def send_post(office: Office, transport: Transport, *, progress: Progress = silent,
              stop: threading.Event | None = None, at: datetime | None = None) -> list[Posted]:
    """Send everything in the outbox that is due, oldest first. Sent again after a cut, an item keeps its identity.

    A transport that is away ends the round after one try; once it takes something, whatever only waited for it is due
    at once. An item that is refused does not hold up the others. at: the moment by which items are due; now.
    """
    moment = at or now()
    waiting = office.ask(Outbox())
    later = [each for each in waiting if each.due_at is not None and each.due_at > moment]
    queue = [each for each in waiting if each not in later]
    results: list[Posted] = []
    while queue:
        if stop is not None and stop.is_set():
            break
        progress(len(results), len(results) + len(queue))
        item = queue.pop(0)
        results.append(posted := send_item(office, transport, item))
        if posted.trouble is not None and is_away(posted.trouble):
            break
        if posted.sent:
            queue += [each for each in later if each.awaits_server]
            later = [each for each in later if not each.awaits_server]
    progress(len(results), len(results))
    return results


def send_item(office: Office, transport: Transport, item: OutboxItem) -> Posted:
    try:
        message = Message.STATUS if item.kind == "status" else Message.DOCUMENT
        transport.send(Outgoing(uuid.UUID(item.id), packed(office, item), message, (item.recipient_code,)))
    except Trouble as trouble:
        office.do(MarkSendFailed(item.id, trouble.code, refused=not is_away(trouble)))
        return Posted(item, sent=False, trouble=trouble)
    office.do(MarkSent(item.id))
    return Posted(item, sent=True)


def packed(office: Office, item: OutboxItem) -> bytes:
    """The item's packet: the one that was made before, so that a second try sends the same bytes."""
    if item.digest is not None:
        return fetch_bytes(office, item.digest)
    content = write_packet(packet_for(office, item))
    made = office.do(PackItem(item.id, office.put(content)))        # of two rounds at once the first one's bytes count
    return fetch_bytes(office, Digest(made.facts["packet"]))


def packet_for(office: Office, item: OutboxItem) -> Packet:
    view = office.ask(DocumentPage(item.document, offers=False))
    facts = office.ask(AboutOffice())
    if item.kind == "recall":
        return recall_packet(view, facts, item)
    if item.flow is Flow.INCOMING:
        return status_packet(view.document, facts, item, office.me)
    main = view.main_file()
    if main is None:
        raise PacketWithoutFile()
    answered = linked(office, view, "answers")
    annexes = [(file.name, fetch_bytes(office, Digest(file.current.digest))) for file in view.files
               if file.kind is FileKind.ANNEX]
    return document_packet(view, facts, item, fetch_bytes(office, Digest(main.current.digest)), answered,
                           annexes=annexes, replaced=linked(office, view, "replaces"))


def linked(office: Office, view: DocumentView, kind: str) -> list[Document]:
    return [office.ask(DocumentPage(link.document, offers=False)).document for link in view.links if link.kind == kind]
