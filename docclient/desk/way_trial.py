"""Is a way of carrying there? It is entered for once and nothing is taken, sent or changed."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from docclient.carriers import AnyWay, FolderSetup, transport_of
from docclient.exchange.errors import InboxNotReadable
from docclient.exchange.transports.mail import MailTransport
from docclient.secrets import Secrets
from signing.errors import reason_of_os_error
from signing.files import trouble_of_writing


@dataclass(frozen=True, slots=True)
class WayTried:
    """waiting: what could be fetched now (of a folder, the files that are there)."""

    name: str
    waiting: int


def try_way(setup: AnyWay, secrets: Secrets, folder: Path, address_of: Callable[[str], str | None],
            stop: threading.Event | None = None) -> WayTried:
    """Enter as a round would: a folder pair is listed and written to, a mailbox entered by IMAP and SMTP, a service
    asked what waits. Ends by the deadlines of its calls; `stop` is looked at between two of them.

    Raises: what hinders it; CancelledError.
    """
    if isinstance(setup, FolderSetup):
        return WayTried(setup.name, try_folders(Path(setup.inbox), Path(setup.outbox)))
    transport = transport_of(setup, secrets, folder, address_of)
    must_go_on(stop)
    waiting = len(transport.list())
    must_go_on(stop)
    if isinstance(transport, MailTransport):
        transport.try_sending()
        must_go_on(stop)
    return WayTried(setup.name, waiting)


def try_folders(inbox: Path, outbox: Path) -> int:
    """How many files wait. Folders that are not there are not made: a slip in a name must not look good.

    Raises: InboxNotReadable, FolderNotWritable.
    """
    try:
        waiting = sum(each.is_file() for each in inbox.iterdir())
    except OSError as error:
        raise InboxNotReadable(folder=str(inbox), reason=reason_of_os_error(error)) from error
    for each in (inbox, outbox):
        try:
            with tempfile.TemporaryFile(dir=each):
                pass
        except OSError as error:
            raise trouble_of_writing(error, each) from error
    return waiting


T = TypeVar("T")
LOOK_SECONDS = 0.1


def left_when_stopped(call: Callable[[], T], stop: threading.Event) -> T:
    """What `call` gives or raises. When `stop` is set nobody waits for it any longer: a server that does not answer
    ends by its own deadline, and does not hold up the program's end. Raises: CancelledError."""
    ended = begun(call)
    while not wait([ended], timeout=LOOK_SECONDS).done:
        must_go_on(stop)
    return ended.result()


def begun(call: Callable[[], T]) -> Future[T]:
    """In a thread of its own that holds up nobody's end."""
    ended: Future[T] = Future()

    def work() -> None:
        try:
            ended.set_result(call())
        except BaseException as error:
            ended.set_exception(error)

    threading.Thread(target=work, name="a way", daemon=True).start()
    return ended


def must_go_on(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise CancelledError


def typed_or_kept(setup: AnyWay, typed: dict[str, bytearray], kept: Secrets) -> Secrets:
    """Secrets for a trial: those that were typed, else those that are kept. The caller closes them."""
    trial = Secrets()
    for name in setup.secrets:
        secret = typed.get(name) or kept.get(name)
        if secret:
            trial.put(name, bytearray(secret), session_only=True)
    return trial
