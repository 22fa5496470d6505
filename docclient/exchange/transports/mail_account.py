"""An official e-mail account: where its servers are, how it enters, and what goes wrong there.

The password, or the OAuth 2.0 refresh token, is asked for when it is needed and lies in no field of these.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from ipaddress import ip_address

import httpx

from docclient.errors import ServiceTrouble, WrongUse
from signing.tokens.messages import wipe

SecretOf = Callable[[], bytearray]
"""The account's secret, UTF-8, for the caller to overwrite."""

SECONDS = 30.0
TOKEN_BYTES = 1 << 16


class Security(StrEnum):
    """How the line is guarded; words: `mail_security.<value>`."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"              # to this machine alone


class Entry(StrEnum):
    """How the account enters; words: `mail_entry.<value>`."""

    PASSWORD = "password"
    OAUTH = "oauth"            # a refresh token, exchanged for an access token (RFC 6749, 6; SASL XOAUTH2)


class MailServerAway(ServiceTrouble):
    """facts: host, reason."""

    code = "mail.server_away"


class MailServerNotTrusted(ServiceTrouble):
    """The server's certificate does not hold. facts: host, reason."""

    code = "mail.server_not_trusted"


class MailEntryRefused(ServiceTrouble):
    """The server does not let this account in. facts: host, user."""

    code = "mail.entry_refused"


class MailFolderMissing(ServiceTrouble):
    """facts: host, folder."""

    code = "mail.folder_missing"


class LineUnguarded(WrongUse):
    """Only a server on this machine may be spoken to without encryption. facts: host."""

    code = "mail.line_unguarded"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Raises: LineUnguarded."""

    host: str
    port: int
    security: Security = Security.TLS

    def __post_init__(self) -> None:
        if self.security is Security.NONE and not is_this_machine(self.host):
            raise LineUnguarded(host=self.host)


@dataclass(frozen=True, slots=True)
class MailAccount:
    """folder: looked into for what came. since: what is older is nobody's business here. done_folder: what was taken
    in is moved there; None leaves it where it is. token_address, client: only with OAuth."""

    address: str
    user: str
    incoming: MailServer
    outgoing: MailServer
    folder: str = "INBOX"
    since: date | None = None
    done_folder: str | None = None
    entry: Entry = Entry.PASSWORD
    token_address: str = ""
    client: str = ""
    trusted: ssl.SSLContext | None = field(default=None, compare=False, repr=False)

    def context(self) -> ssl.SSLContext:
        return self.trusted or ssl.create_default_context()


def is_this_machine(host: str) -> bool:
    if host.casefold() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def access_token(account: MailAccount, secret: SecretOf) -> str:
    """A fresh access token for the kept refresh token. Raises: MailServerAway, MailServerNotTrusted,
    MailEntryRefused."""
    kept = secret()
    try:
        with httpx.Client(verify=account.context(), timeout=SECONDS, follow_redirects=False, trust_env=True) as client:
            answer = client.post(account.token_address, data={
                "grant_type": "refresh_token", "client_id": account.client, "refresh_token": kept.decode("utf-8")})
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise trouble_of_line(error, account.token_address) from error
    finally:
        wipe(kept)
    if answer.status_code >= 500:
        raise MailServerAway(host=account.token_address, reason=f"HTTP {answer.status_code}")
    try:
        token = answer.json().get("access_token") if len(answer.content) <= TOKEN_BYTES else None
    except (ValueError, AttributeError):
        token = None
    if answer.status_code != 200 or not isinstance(token, str) or not token:
        raise MailEntryRefused(host=account.token_address, user=account.user)
    return token


def trouble_of_line(error: BaseException, host: str) -> ServiceTrouble:
    """What a broken line means, without anything that went over it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return MailServerNotTrusted(host=host, reason=cause.verify_message or "certificate")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, smtplib.SMTPResponseException):
        return MailServerAway(host=host, reason=str(error.smtp_code))
    if isinstance(error, OSError) and error.strerror:
        return MailServerAway(host=host, reason=error.strerror)
    return MailServerAway(host=host, reason=type(error).__name__)
