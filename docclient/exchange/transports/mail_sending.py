"""Sending by SMTP: one message per packet, under an identity that follows from the packet's key."""

from __future__ import annotations

import smtplib
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from docclient.errors import BadInput, ServiceTrouble
from docclient.exchange.transports.base import Message, Outgoing
from docclient.exchange.transports.mail_account import (
    SECONDS,
    Entry,
    MailAccount,
    MailEntryRefused,
    SecretOf,
    Security,
    access_token,
    trouble_of_line,
)
from docclient.office.model import VIETNAM, now
from docclient.words import Language, phrase
from signing.tokens.messages import wipe

NUL, SOH = "\0", "\1"
AddressOf = Callable[[str], str | None]
"""The official e-mail address of an agency code, as far as one is known."""


class AddressMissing(BadInput):
    """The directory has no e-mail address for this agency. facts: agency."""

    code = "mail.address_missing"


class MailNotTaken(ServiceTrouble):
    """The server did not take the message for a recipient. facts: host, agency, answer (the server's number)."""

    code = "mail.not_taken"


@contextmanager
def sender(account: MailAccount, secret: SecretOf) -> Iterator[smtplib.SMTP]:
    """A line to the server, entered. Raises: MailServerAway, MailServerNotTrusted, MailEntryRefused."""
    server = account.outgoing
    try:
        if server.security is Security.TLS:
            line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=account.context())
        else:
            line = smtplib.SMTP(server.host, server.port, timeout=SECONDS)
    except (OSError, smtplib.SMTPException) as error:
        raise trouble_of_line(error, server.host) from error
    try:
        if server.security is Security.STARTTLS:
            line.starttls(context=account.context())
        enter(line, account, secret)
        yield line
    except (OSError, smtplib.SMTPException) as error:
        raise trouble_of_line(error, server.host) from error
    finally:
        line.close()


def enter(line: smtplib.SMTP, account: MailAccount, secret: SecretOf) -> None:
    """Say who we are (RFC 4954). smtplib's own `login` takes ASCII passwords only; these may hold Vietnamese."""
    line.ehlo_or_helo_if_needed()
    if not line.has_extn("auth"):
        return                       # a relay inside the office that knows its machines
    offered = line.esmtp_features["auth"].upper().split()
    said: tuple[str, ...]
    if account.entry is Entry.OAUTH:
        said = (f"XOAUTH2 {encoded(f'user={account.user}{SOH}auth=Bearer {access_token(account, secret)}{SOH}{SOH}')}",)
    else:
        password = secret()
        try:
            text = password.decode("utf-8")
            said = ((f"PLAIN {encoded(NUL + account.user + NUL + text)}",) if "PLAIN" in offered
                    else ("LOGIN", encoded(account.user), encoded(text)))
        finally:
            wipe(password)
    answer = line.docmd("AUTH", said[0])[0]
    for more in (*said[1:], ""):      # the empty line ends an exchange in which XOAUTH2 explains its refusal
        if answer == 334:
            answer = line.docmd(more)[0]
    if answer != 235:
        raise MailEntryRefused(host=account.outgoing.host, user=account.user)


def encoded(text: str) -> str:
    return b64encode(text.encode("utf-8")).decode("ascii")


def addresses_of(packet: Outgoing, address_of: AddressOf) -> tuple[tuple[str, str], ...]:
    """(agency, address) of each recipient. Raises: AddressMissing."""
    found = []
    for agency in packet.recipients:
        address = parseaddr(address_of(agency) or "")[1]
        if "@" not in address or any(letter in address for letter in "\r\n"):
            raise AddressMissing(agency=agency)
        found.append((agency, address))
    return tuple(found)


def message_of(packet: Outgoing, account: MailAccount, addresses: Sequence[str]) -> EmailMessage:
    """The letter that carries a packet. The same packet always has the same Message-ID, so that a receiver who gets
    it twice has it once."""
    kind = "status" if packet.message is Message.STATUS else "document"
    letter = EmailMessage()
    letter["From"], letter["To"] = account.address, ", ".join(addresses)
    letter["Subject"] = phrase(f"mail_letter.{kind}_subject", Language.VIETNAMESE)
    letter["Date"] = format_datetime(now().astimezone(VIETNAM))
    letter["Message-ID"] = f"<{packet.key}@{account.address.rpartition('@')[2] or 'localhost'}>"
    letter["X-Docclient-Message"] = packet.message.value
    letter.set_content(phrase(f"mail_letter.{kind}_text", Language.VIETNAMESE))
    letter.add_attachment(packet.content, maintype="application", subtype="xml", filename=f"{packet.key}.edxml")
    return letter


def deliver(line: smtplib.SMTP, letter: EmailMessage, account: MailAccount,
            recipients: Sequence[tuple[str, str]]) -> None:
    """Give the letter to the server for all recipients. Raises: MailNotTaken naming the first that was refused.

    A server that takes some and refuses others has the letter for those it took; sent again under the same
    Message-ID it is the same letter to them.
    """
    host = account.outgoing.host
    try:
        refused = line.send_message(letter, account.address, [address for _, address in recipients])
    except smtplib.SMTPRecipientsRefused as error:
        refused = error.recipients
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise MailNotTaken(host=host, agency=", ".join(agency for agency, _ in recipients),
                           answer=str(error.smtp_code)) from error
    for agency, address in recipients:
        if address in refused:
            raise MailNotTaken(host=host, agency=agency, answer=str(refused[address][0]))
