"""The ways of carrying as whoever looks after them sees them: what each is, what it did last, what waits for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docclient.carriers import AnyWay, MailSetup
from docclient.desk.way_records import WayRecord, WayRecords
from docclient.office.door import Office
from docclient.office.model import Role
from docclient.office.queries.directory import MailAddresses
from docclient.office.queries.office import Outbox, OutboxItem
from docclient.secrets import Kept, Secrets


@dataclass(frozen=True, slots=True)
class WayState:
    """kept: where its password or key is; None where it needs none. waiting: items of the outbox that leave by it,
    the first way that reaches the recipient; None for whom the outbox is nobody's business."""

    setup: AnyWay
    kept: Kept | None
    last: WayRecord | None
    waiting: int | None

    @property
    def name(self) -> str:
        return self.setup.name


def way_states(office: Office, setups: Sequence[AnyWay], secrets: Secrets, records: WayRecords) -> tuple[WayState, ...]:
    """In the order in which they are tried."""
    last = records.all()
    waiting = waiting_by_way(office, setups) if Role.CLERK in office.me.roles else None
    return tuple(WayState(setup, where_kept(setup, secrets), last.get(setup.name),
                          waiting[number] if waiting is not None else None) for number, setup in enumerate(setups))


def where_kept(setup: AnyWay, secrets: Secrets) -> Kept | None:
    return secrets.where(setup.secrets[0]) if setup.secrets else None


def waiting_by_way(office: Office, setups: Sequence[AnyWay]) -> list[int]:
    """How many items of the outbox would leave by each way, were all there."""
    items = office.ask(Outbox())
    known = office.ask(MailAddresses(tuple({each.recipient_code for each in items}))) if items else {}
    found = [0] * len(setups)
    for item in items:
        place = first_that_reaches(item, setups, has_address=bool(known.get(item.recipient_code)))
        if place is not None:
            found[place] += 1
    return found


def first_that_reaches(item: OutboxItem, setups: Sequence[AnyWay], *, has_address: bool) -> int | None:
    """A mailbox reaches whoever has an address, every other way whomever it is asked to."""
    return next((number for number, setup in enumerate(setups)
                 if has_address or not isinstance(setup, MailSetup)), None)
