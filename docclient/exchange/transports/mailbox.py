"""What waits in a mailbox: whole messages, by their place there. Nothing is deleted and nothing is marked as read."""

from __future__ import annotations

import imaplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import pairwise

from imap_tools import BaseMailBox, ImapToolsError, MailBox, MailboxLoginError, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import MailboxFolderSelectError

from docclient.exchange.errors import ItemGone
from docclient.exchange.transports.base import Carries, TransportId, Waiting
from docclient.exchange.transports.kept import KeptLine
from docclient.exchange.transports.mail_account import (
    SECONDS,
    Entry,
    MailAccount,
    MailEntryRefused,
    MailFolderMissing,
    SecretOf,
    Security,
    access_token,
    trouble_of_line,
)
from signing.tokens.messages import wipe

IDLE_SECONDS = 20 * 60       # RFC 2177 ends an IDLE after 29 minutes
LISTED_AT_ONCE = 500
DONE, FAILED = "docclient-done", "docclient-failed"
"""Keywords (RFC 3501, 2.3.2) for people and other programs that look into the same mailbox."""


@contextmanager
def opened(account: MailAccount, secret: SecretOf) -> Iterator[BaseMailBox]:
    """The mailbox, entered, at its folder. Raises: MailServerAway, MailServerNotTrusted, MailEntryRefused,
    MailFolderMissing."""
    server = account.incoming
    try:
        box = connected(account)
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise trouble_of_line(error, server.host) from error
    try:
        enter(box, account, secret)
        try:
            box.folder.set(account.folder)
        except MailboxFolderSelectError as error:
            raise MailFolderMissing(host=server.host, folder=account.folder) from error
        yield box
    except (OSError, imaplib.IMAP4.error, ImapToolsError) as error:
        raise trouble_of_line(error, server.host) from error
    finally:
        with suppress(OSError, imaplib.IMAP4.error, ImapToolsError):
            box.logout()
        with suppress(OSError):
            box.client.shutdown()


def connected(account: MailAccount) -> BaseMailBox:
    server = account.incoming
    if server.security is Security.TLS:
        return MailBox(server.host, server.port, timeout=SECONDS, ssl_context=account.context())
    if server.security is Security.STARTTLS:
        return MailBoxStartTls(server.host, server.port, timeout=SECONDS, ssl_context=account.context())
    return MailBoxUnencrypted(server.host, server.port, timeout=SECONDS)


def enter(box: BaseMailBox, account: MailAccount, secret: SecretOf) -> None:
    try:
        if account.entry is Entry.OAUTH:
            box.xoauth2(account.user, access_token(account, secret), initial_folder=None)
            return
        password = secret()
        try:
            box.login_utf8(account.user, password.decode("utf-8"), initial_folder=None)
        finally:
            wipe(password)
    except (MailboxLoginError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.abort):
            raise
        # from None: the library's own words repeat what the server said, which may be what it was told
        raise MailEntryRefused(host=account.incoming.host, user=account.user) from None


class WaitingMail:
    """The messages of a mailbox that were neither taken in nor set aside."""

    def __init__(self, account: MailAccount, secret: SecretOf) -> None:
        self.account, self._secret = account, secret
        self.line = KeptLine(lambda: opened(account, secret), harmless=(ItemGone,))

    def list(self) -> list[Waiting]:
        """Oldest first, at most LISTED_AT_ONCE."""
        with self.line.at_hand() as box:
            box.client.noop()          # a line that stood for a while has not heard of what came since
            validity = validity_of(box)
            uids = sorted(box.uids(self._wanted()), key=int)[:LISTED_AT_ONCE]
            if not uids:
                return []
            found = []
            for uid, size, at in sizes(box, uids):
                found.append(Waiting(TransportId(f"{validity}-{uid}"), uid, size, at, Carries.MAIL))
            return sorted(found, key=lambda waiting: int(waiting.name))

    def _wanted(self) -> str:
        since = f" SINCE {self.account.since:%d}-{MONTHS[self.account.since.month - 1]}-{self.account.since:%Y}" \
            if self.account.since else ""
        return f"UNDELETED UNKEYWORD {DONE} UNKEYWORD {FAILED}{since}"

    def fetch(self, item: TransportId) -> bytes:
        """The whole message. Raises: ItemGone."""
        with self.line.at_hand() as box:
            uid = self._uid(box, item)
            status, data = box.client.uid("fetch", uid, "(BODY.PEEK[])")
            whole = next((part[1] for part in data if isinstance(part, tuple)), None)
            if status != "OK" or not isinstance(whole, bytes):
                raise ItemGone(item=str(item))
            return whole

    def confirm(self, item: TransportId, *, good: bool) -> None:
        """Mark the message, and move it if the account says where to. A message that is gone needs no mark."""
        with self.line.at_hand() as box, suppress(ItemGone):
            uid = self._uid(box, item)
            with suppress(ImapToolsError):       # a mailbox that keeps no keywords: our own marks know
                box.flag([uid], [DONE if good else FAILED], True)
            if good and self.account.done_folder and list(box.uids(f"UID {uid}")):
                if not box.folder.exists(self.account.done_folder):
                    box.folder.create(self.account.done_folder)
                box.move([uid], self.account.done_folder)

    def wait(self, stop: threading.Event, seconds: float = IDLE_SECONDS) -> bool:
        """Wait until the server tells of something new (RFC 2177). Returns whether it did; ends within a second of
        `stop`. Raises what `opened` does."""
        with opened(self.account, self._secret) as box:
            if "IDLE" not in {each.upper() for each in box.client.capabilities}:
                stop.wait(min(seconds, SECONDS))
                return False
            box.idle.start()      # type: ignore[no-untyped-call]
            try:
                left = seconds
                while left > 0 and not stop.is_set():
                    if any(b"EXISTS" in line for line in box.idle.poll(timeout=min(1.0, left))):
                        return True
                    left -= 1.0
            finally:
                box.idle.stop()      # type: ignore[no-untyped-call]
        return False

    def _uid(self, box: BaseMailBox, item: TransportId) -> str:
        validity, _, uid = item.partition("-")
        if not uid.isdecimal() or validity != validity_of(box):
            raise ItemGone(item=str(item))
        return uid


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")   # RFC 3501: English


def validity_of(box: BaseMailBox) -> str:
    """UIDVALIDITY of the folder that is open, as it was told when it was opened: where it changes, every UID means
    another message (RFC 3501, 2.3.1.1)."""
    told = box.client.untagged_responses.get("UIDVALIDITY") or [b"0"]
    return told[-1].decode("ascii", "replace") if isinstance(told[-1], bytes) else "0"


def sizes(box: BaseMailBox, uids: list[str]) -> Iterator[tuple[str, int | None, datetime | None]]:
    """(UID, bytes, the message's own date) of each."""
    _, data = box.client.uid("fetch", ",".join(uids), "(UID RFC822.SIZE BODY.PEEK[HEADER.FIELDS (DATE)])")
    for part in data:
        if isinstance(part, tuple):
            words = part[0].decode("ascii", "replace").replace("(", " ").split()
            told = dict(pairwise(words))
            size = told.get("RFC822.SIZE", "")
            yield told.get("UID", ""), int(size) if size.isdecimal() else None, date_of(part[1])


def date_of(header: bytes) -> datetime | None:
    """An unreadable date is no date; one without a zone is taken as UTC."""
    text = header.decode("ascii", "replace").partition(":")[2].strip()
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
