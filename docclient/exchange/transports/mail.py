"""Packets by official e-mail: IMAP for what comes, SMTP for what goes.

What waits are whole messages (`Carries.MAIL`); `docclient.exchange.mail_letter` says what one brings. Nothing is
deleted on the server; a message taken in is marked there, and in a file of our own where the server keeps no marks.
Not tried against a live service; its tests speak with Dovecot and an SMTP server on this machine.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from docclient.exchange.directory import Unit
from docclient.exchange.transports.base import Outcome, Outgoing, Sent, TransportId, Waiting
from docclient.exchange.transports.carried import CarriedMarks
from docclient.exchange.transports.kept import KeptLine
from docclient.exchange.transports.mail_account import MailAccount, SecretOf
from docclient.exchange.transports.mail_sending import AddressOf, addresses_of, deliver, message_of, sender
from docclient.exchange.transports.mailbox import IDLE_SECONDS, WaitingMail

CONFIRMED, SENT = "confirmed", "sent"
LETTERS_A_LINE = 50
"""Servers take so many over one line, and may then say that it was enough (RFC 5321, 4.2.1: 421)."""


class MailTransport:
    """One account. marks: the file of what was confirmed and sent; it belongs beside the office."""

    def __init__(self, account: MailAccount, secret: SecretOf, marks: Path, address_of: AddressOf,
                 units: Sequence[Unit] = ()) -> None:
        """Raises: FolderNotWritable."""
        self.account, self._secret, self._address_of = account, secret, address_of
        self._waiting = WaitingMail(account, secret)
        self._sending = KeptLine(lambda: sender(account, secret), uses=LETTERS_A_LINE)
        self._marks = CarriedMarks(marks)
        self._units = tuple(units)

    def list(self) -> Sequence[Waiting]:
        return [each for each in self._waiting.list() if not self._marks.has(CONFIRMED, each.id)]

    def fetch(self, item: TransportId) -> bytes:
        return self._waiting.fetch(item)

    def send(self, packet: Outgoing) -> Sent:
        """Raises: AddressMissing, MailNotTaken, MailServerAway, MailServerNotTrusted, MailEntryRefused."""
        identity = TransportId(str(packet.key))
        if self._marks.has(SENT, identity):
            return Sent(identity, repeated=True)
        recipients = addresses_of(packet, self._address_of)
        letter = message_of(packet, self.account, [address for _, address in recipients])
        with self._sending.at_hand() as line:
            deliver(line, letter, self.account, recipients)
        self._marks.put(SENT, identity)
        return Sent(identity)

    def try_sending(self) -> None:
        """Enter the server that sends, and send nothing. Raises: MailServerAway, MailServerNotTrusted,
        MailEntryRefused."""
        with sender(self.account, self._secret):
            pass

    @contextmanager
    def round(self) -> Iterator[None]:
        with self._waiting.line.round(), self._sending.round():
            yield

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        """Our own mark first: should the line break after it, the message is not taken in again."""
        self._marks.put(CONFIRMED, item, " ".join(f"{outcome.value} {reason}".split()))
        self._waiting.confirm(item, good=outcome is Outcome.DONE)

    def directory(self) -> Sequence[Unit]:
        return self._units

    def wait(self, stop: threading.Event, seconds: float = IDLE_SECONDS) -> bool:
        """Until the server tells of something new, or `stop`, or the time is over."""
        return self._waiting.wait(stop, seconds)
