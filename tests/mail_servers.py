"""Mail servers for the tests, on loopback only: Debian's Dovecot for what waits, aiosmtpd for what is sent, and a
small service that gives access tokens for a refresh token (RFC 6749) and answers for them (Dovecot asks it)."""

from __future__ import annotations

import grp
import json
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlparse

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD, REFRESH = "vanthu@tanhiep.example", "mật khẩu thử", "refresh-token-1"
DOVECOT = shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
protocols = imap
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
mail_location = maildir:{folder}/mail
mail_max_keyword_length = 50
first_valid_uid = 1
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login xoauth2
ssl = yes
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {guarded}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {folder}/oauth2.conf
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=plain username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
"""


@dataclass(slots=True)
class Certificate:
    """A certificate for 127.0.0.1 that signs itself. trusted: a context that believes it."""

    folder: Path
    certificate: Path = field(init=False)
    key: Path = field(init=False)

    def __post_init__(self) -> None:
        self.certificate, self.key = self.folder / "server.pem", self.folder / "server.key"
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
        day = timedelta(days=1)
        made = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
                .serial_number(x509.random_serial_number())
                .not_valid_before(datetime.now(UTC) - day).not_valid_after(datetime.now(UTC) + day)
                .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
                .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
                .sign(key, hashes.SHA256()))
        self.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        self.key.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                               serialization.NoEncryption()))

    @property
    def trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


# --- access tokens -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class TokenService:
    """answer: the HTTP status of the next asks for a token."""

    port: int = 0
    answer: int = 200
    given: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"


@contextmanager
def token_service() -> Iterator[TokenService]:
    service = TokenService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if service.answer != 200 or given.get("refresh_token") != [REFRESH]:
                self._answer(service.answer if service.answer != 200 else 400, {"error": "invalid_grant"})
                return
            service.given.append(f"access-{len(service.given)}")
            self._answer(200, {"access_token": service.given[-1], "token_type": "Bearer", "expires_in": 300})

        def do_GET(self) -> None:
            token = parse_qs(urlparse(self.path).query).get("access_token", [""])[0]
            known = token in service.given
            self._answer(200 if known else 401, {"email": USER, "active": True} if known else {"error": "unknown"})

        def _answer(self, status: int, content: dict[str, Any]) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


# --- what waits ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class ImapServer:
    """plain, guarded: its ports. mail: the Maildir of the one account."""

    folder: Path
    plain: int
    guarded: int
    certificate: Certificate
    owner: tuple[int, int]
    letters: int = 0

    def deliver(self, message: bytes) -> None:
        """Put a message into the mailbox as a delivery agent does: whole, in one step."""
        new, arriving = self.folder / "mail" / "new", self.folder / "mail" / "tmp"
        for each in (self.folder / "mail", new, arriving, self.folder / "mail" / "cur"):
            each.mkdir(exist_ok=True)
            os.chown(each, *self.owner)
        self.letters += 1
        file = arriving / f"{time.time_ns()}.{self.letters}.test"
        file.write_bytes(message)
        os.chown(file, *self.owner)
        file.rename(new / file.name)

    @property
    def kept(self) -> int:
        """How many messages lie in the inbox."""
        return sum(len(list((self.folder / "mail" / each).glob("*"))) for each in ("new", "cur"))

    @property
    def log(self) -> str:
        return (self.folder / "dovecot.log").read_text(errors="replace")


@contextmanager
def imap_server(tokens: TokenService) -> Iterator[ImapServer]:
    if DOVECOT is None:
        raise FileNotFoundError("Debian's package dovecot-imapd is not installed")
    folder = Path(tempfile.mkdtemp(prefix="imap-"))
    user = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    owner = (user.pw_uid, user.pw_gid)
    os.chown(folder, *owner)
    folder.chmod(0o755)
    server = ImapServer(folder, free_port(), free_port(), Certificate(folder), owner)
    (folder / "users").write_text(f"{USER}:{{PLAIN}}{PASSWORD}\n")
    (folder / "oauth2.conf").write_text(
        f"tokeninfo_url = http://127.0.0.1:{tokens.port}/tokeninfo?access_token=\nusername_attribute = email\n")
    (folder / "dovecot.conf").write_text(CONFIGURATION.format(
        folder=folder, user=user.pw_name, group=grp.getgrgid(user.pw_gid).gr_name,
        plain=server.plain, guarded=server.guarded))
    for each in ("run", "state", "home"):
        (folder / each).mkdir()
    for each in folder.iterdir():
        os.chown(each, *owner)
    process = subprocess.Popen([DOVECOT, "-F", "-c", str(folder / "dovecot.conf")],
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_for_port(server.plain, process)
        yield server
    finally:
        process.terminate()
        process.communicate(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens there; raises when the process ends instead."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError((process.stderr.read() if process.stderr else b"").decode(errors="replace"))
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as line:
            line.settimeout(5)
            if line.recv(4):            # its greeting: it is ready, not only bound
                return
    raise TimeoutError(f"nobody listens at {port}")


# --- what is sent --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class SmtpServer:
    """received: (recipients, message); lines: the caller's end of the line that each came by. refused: addresses it
    takes nothing for. cut_after_data: breaks the line when it has a message, before it says so. failed: how often it
    did either."""

    port: int
    received: list[tuple[list[str], bytes]] = field(default_factory=list)
    lines: list[Any] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    cut_after_data: bool = False
    failed: int = 0

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str,
                          options: list[str]) -> str:
        if address in self.refused:
            self.failed += 1
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.received.append((list(envelope.rcpt_tos), content))
        self.lines.append(session.peer)
        if self.cut_after_data:
            self.cut_after_data = False
            self.failed += 1
            assert server.transport is not None
            server.transport.abort()
        return "250 OK"


@contextmanager
def smtp_server(certificate: Certificate, tokens: TokenService, *, starttls: bool = False) -> Iterator[SmtpServer]:
    found = SmtpServer(free_port())

    def let_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
        if isinstance(data, LoginPassword):
            good = (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        else:
            good = any(f"auth=Bearer {token}\1" in str(data) for token in tokens.given)
        return AuthResult(success=good, handled=good)

    class Server(SMTP):
        async def auth_XOAUTH2(self, _: SMTP, args: list[str]) -> AuthResult:
            import base64

            said = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
            return let_in(self, self.session, self.envelope, "XOAUTH2", said)    # type: ignore[arg-type]

    class Listening(Controller):
        def factory(self) -> SMTP:
            with warnings.catch_warnings():        # it does not see that the line is guarded from its beginning
                warnings.simplefilter("ignore", UserWarning)
                return Server(self.handler, authenticator=let_in, auth_required=True, auth_require_tls=False,
                              tls_context=certificate.server_context() if starttls else None)

        def _trigger_server(self) -> None:
            """Its own first call would not believe the certificate."""
            line = socket.create_connection(("127.0.0.1", found.port), timeout=10)
            with line if starttls else certificate.trusted.wrap_socket(line, server_hostname="127.0.0.1") as guarded:
                guarded.recv(64)

    controller = Listening(found, hostname="127.0.0.1", port=found.port,
                           ssl_context=None if starttls else certificate.server_context())
    controller.start()
    try:
        yield found
    finally:
        controller.stop()
