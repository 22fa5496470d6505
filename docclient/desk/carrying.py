"""The post by all the ways an office has: fetched from each, sent by the first that reaches the recipient. A way that
is away does not stop the others; what each did is told."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path

from docclient.carriers import Carriers, transport_of
from docclient.desk.post import Fetched, Posted, Progress, fetch_post, is_away, send_post, silent
from docclient.errors import BadInput
from docclient.exchange.directory import Unit
from docclient.exchange.transports.base import Outcome, Outgoing, Sent, Transport, TransportId, Waiting
from docclient.exchange.transports.folder import FolderTransport
from docclient.exchange.transports.mail import MailTransport
from docclient.office.door import Office
from docclient.office.queries.directory import MailAddresses
from docclient.secrets import Secrets
from signing.errors import Trouble


class NoWayThere(BadInput):
    """None of the ways reaches this agency: all are mailboxes, and it has no address. facts: agency."""

    code = "post.no_way"


@dataclass(frozen=True, slots=True)
class Way:
    """One way of carrying. transport: None where it could not be set up, with what hindered that."""

    name: str
    transport: Transport | None
    trouble: Trouble | None = None


@dataclass(slots=True)
class WayDone:
    """What one way did. taken: packets and letters that it brought; sent: packets that left by it. trouble: it was
    away, or could not be set up; what it did before that counts."""

    name: str
    fetched: list[Fetched] = field(default_factory=list)
    sent: int = 0
    trouble: Trouble | None = None

    @property
    def taken(self) -> int:
        return sum(each.receipt is not None for each in self.fetched)


@dataclass(frozen=True, slots=True)
class Round:
    """One round of the post: what each way did, and what became of each item of the outbox that was due."""

    ways: tuple[WayDone, ...]
    posted: tuple[Posted, ...]

    @property
    def taken(self) -> int:
        return sum(each.taken for each in self.ways)

    @property
    def sent(self) -> int:
        return sum(each.sent for each in self.posted)

    @property
    def troubles(self) -> tuple[tuple[str, Trouble], ...]:
        """(way, or item; what went wrong), each kind once."""
        told = [(each.name, each.trouble) for each in self.ways if each.trouble is not None]
        told += [(each.item, each.trouble) for way in self.ways for each in way.fetched if each.trouble is not None]
        known = {trouble.code for _, trouble in told}
        return (*told, *((each.item.recipient_name, each.trouble) for each in self.posted
                         if each.trouble is not None and each.trouble.code not in known))


class FirstThatReaches:
    """The transport that sends by the first of the ways that reaches the recipient, and fetches nothing."""

    def __init__(self, ways: Sequence[Way], done: Sequence[WayDone], has_address: Callable[[str], bool]) -> None:
        self._ways = [(way, told) for way, told in zip(ways, done, strict=True) if way.transport is not None]
        self._has_address = has_address
        self._away: set[str] = set()

    @property
    def all_away(self) -> bool:
        return all(way.name in self._away for way, _ in self._ways)

    def send(self, packet: Outgoing) -> Sent:
        """Raises: NoWayThere, what the way refuses it for, or why the first way is away."""
        hindered: Trouble | None = None
        for way, told in self._ways:
            assert way.transport is not None
            if isinstance(way.transport, MailTransport) and not all(map(self._has_address, packet.recipients)):
                continue
            if way.name in self._away:
                hindered = hindered or told.trouble
                continue
            try:
                sent = way.transport.send(packet)
            except Trouble as trouble:
                if not is_away(trouble):
                    raise
                self._away.add(way.name)
                told.trouble = told.trouble or trouble
                hindered = hindered or trouble
                continue
            told.sent += 1
            return sent
        raise hindered or NoWayThere(agency=", ".join(packet.recipients))

    def list(self) -> Sequence[Waiting]:
        return ()

    def fetch(self, item: TransportId) -> bytes:
        raise AssertionError("it lists nothing")

    def confirm(self, item: TransportId, outcome: Outcome, reason: str = "") -> None:
        raise AssertionError("it lists nothing")

    def round(self) -> AbstractContextManager[None]:
        return nullcontext()

    def directory(self) -> Sequence[Unit]:
        return ()


def carry_post(office: Office, ways: Sequence[Way], *, progress: Progress = silent,
               stop: threading.Event | None = None, at: datetime | None = None) -> Round:
    """Fetch from every way, then send what is due. at: the moment by which items of the outbox are due; now."""
    with ExitStack() as rounds:
        for way in ways:
            if way.transport is not None:
                rounds.enter_context(way.transport.round())
        return carried(office, ways, progress, stop, at)


def carried(office: Office, ways: Sequence[Way], progress: Progress, stop: threading.Event | None,
            at: datetime | None) -> Round:
    done = [WayDone(way.name, trouble=way.trouble) for way in ways]
    for way, told in zip(ways, done, strict=True):
        if way.transport is None or (stop is not None and stop.is_set()):
            continue
        try:
            told.fetched += fetch_post(office, way.transport, progress=progress, stop=stop)
        except Trouble as trouble:
            told.trouble = trouble
    posted: list[Posted] = []
    first = FirstThatReaches(ways, done, lambda code: bool(office.ask(MailAddresses((code,)))))
    tried: set[str] = set()
    while not first.all_away and not (stop is not None and stop.is_set()):
        found = send_post(office, first, progress=progress, stop=stop, at=at)
        posted += found
        new = {each.item.id for each in found} - tried
        # a closed way ends a round of sending; what goes by another way is sent all the same
        if not new or found[-1].trouble is None or not is_away(found[-1].trouble):
            break
        tried |= new
    return Round(tuple(done), tuple(posted))


class Ways:
    """The ways that were set up on this machine, in order. An office that lies here has besides them the pair of
    folders of the settings, or the pair beside it where no way was set up; a shared one has no others: a machine
    without a way of it carries nothing for it.

    Asked anew for each round, so that a way added in the settings is there at once; a way that did not change stays the
    same transport: what it saw at its last look (a folder's files) counts at the next.
    """

    def __init__(self, office: Office, carriers: Carriers, secrets: Secrets, folder: Path, *, inbox: str = "",
                 outbox: str = "", shared: bool = False) -> None:
        """folder: what the ways remember is kept there (docclient.carriers.carriers_folder)."""
        self._office, self._carriers, self._secrets, self._folder = office, carriers, secrets, folder
        self._inbox, self._outbox, self._shared = inbox, outbox, shared
        self._kept: dict[str, Way] = {}

    def __call__(self) -> tuple[Way, ...]:
        office = self._office
        found: dict[str, Way] = {}
        for setup in self._carriers.all():
            found[f"{setup.name} {setup.model_dump_json()}"] = self._way(
                setup.name, setup.model_dump_json(),
                partial(transport_of, setup, self._secrets, self._folder, partial(address_of, office)))
        if not self._shared and (self._inbox or self._outbox or not found):
            name = self._inbox or str(self._folder / "exchange")
            found[f"{name} "] = self._way(
                name, "", lambda: folder_transport(self._inbox, self._outbox, self._folder))
        self._kept = found
        return tuple(found.values())

    def _way(self, name: str, setup: str, make: Callable[[], Transport]) -> Way:
        """The one of the last round; made anew where there was none, or where it could not be made."""
        kept = self._kept.get(f"{name} {setup}")
        if kept is not None and kept.trouble is None:
            return kept
        try:
            return Way(name, make())
        except Trouble as trouble:
            return Way(name, None, trouble)


def look_twice(ways: Sequence[Way], seconds: float, stop: threading.Event) -> None:
    """For a round of a program that does not stay: a folder's file is taken when two looks, so far apart, find it
    unchanged. Whoever looks again and again needs none of this."""
    looked = False
    for way in ways:
        if isinstance(way.transport, FolderTransport):
            with suppress(Trouble):         # the round will say it
                way.transport.list()
                looked = looked or way.transport.saw_files
    if looked:
        stop.wait(seconds)


def address_of(office: Office, code: str) -> str | None:
    return office.ask(MailAddresses((code,))).get(code)


def folder_transport(inbox: str, outbox: str, office: Path) -> FolderTransport:
    """The folders named in the settings; beside the office's own files without them. Raises: FolderNotWritable."""
    return FolderTransport(Path(inbox) if inbox else office / "exchange" / "inbox",
                           Path(outbox) if outbox else office / "exchange" / "outbox")
