"""What an e-mail brings: packets, documents as attachments, and who sent it. Types are told by the bytes.

A message is data from outside: no part of it is opened by itself, its HTML is not looked at, and a message inside a
message stays a file. Names are the sender's, for people to read, never a path.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from docclient.errors import BadInput
from docclient.exchange.content_types import PACKET, type_of

LIMIT = 60 << 20           # bytes of a whole message; gateways stop at 50 MB of packet
PARTS = 200
LINE = 998                 # RFC 5322, 2.1.1


class MailTooLarge(BadInput):
    """facts: size, limit (bytes)."""

    code = "mail.too_large"


class MailNotReadable(BadInput):
    """The message cannot be taken apart. facts: reason."""

    code = "mail.not_readable"


@dataclass(frozen=True, slots=True)
class Brought:
    """A file of a message. media_type: by its bytes."""

    name: str
    content: bytes = field(repr=False)
    media_type: str


@dataclass(frozen=True, slots=True)
class Letter:
    """message_id: the sender's own, or a digest where there is none. sent_at: aware, as the message says it.
    packets: edXML. files: everything else that was attached."""

    message_id: str
    sender_address: str
    sender_name: str
    subject: str
    sent_at: datetime | None
    packets: tuple[Brought, ...]
    files: tuple[Brought, ...]

    @property
    def brings_something(self) -> bool:
        return bool(self.packets or self.files)


def read_letter(content: bytes) -> Letter:
    """Take a message apart. Raises: MailTooLarge, MailNotReadable."""
    if len(content) > LIMIT:
        raise MailTooLarge(size=len(content), limit=LIMIT)
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        if not isinstance(message, EmailMessage):
            raise MailNotReadable(reason=type(message).__name__)
        brought = tuple(attached(message))
    except (MessageError, RecursionError, LookupError, ValueError) as error:
        raise MailNotReadable(reason=type(error).__name__) from error
    names = getaddresses([header(message, "From")])
    name, address = names[0] if names else ("", "")
    return Letter(
        message_id=header(message, "Message-ID") or sha256(content).hexdigest(),
        sender_address=address, sender_name=name or address, subject=header(message, "Subject"),
        sent_at=sent_at(header(message, "Date")),
        packets=tuple(each for each in brought if each.media_type == PACKET),
        files=tuple(each for each in brought if each.media_type != PACKET))


def attached(message: EmailMessage) -> Iterator[Brought]:
    """Parts that are files: those that say so, and those of a type that is no text to read."""
    for number, part in enumerate(message.walk()):
        if number >= PARTS:
            raise MailNotReadable(reason=f"> {PARTS}")
        if part.is_multipart() or not isinstance(part, EmailMessage):
            continue
        name = file_name(part)
        if not name and (part.get_content_maintype() == "text" or part.get_content_disposition() == "inline"):
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload:
            yield Brought(name or f"attachment-{number}", payload, type_of(payload))


def file_name(part: EmailMessage) -> str:
    """As the sender wrote it, on one line; empty when it cannot be read or there is none."""
    try:
        return one_line(part.get_filename() or "")
    except (LookupError, ValueError, TypeError, AttributeError):
        return ""          # the library trips over some malformed names


def header(message: EmailMessage, name: str) -> str:
    try:
        return one_line(str(message.get(name) or ""))
    except (LookupError, ValueError, TypeError, AttributeError, IndexError):
        return ""          # the library trips over some malformed addresses


def one_line(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in clean).split())[:LINE]


def sent_at(text: str) -> datetime | None:
    """A date that cannot be read is none; one without a zone is taken as UTC (RFC 5322, 3.3: `-0000`)."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
