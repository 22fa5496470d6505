"""Looking after the ways of carrying that this machine has for an office: seen, set up, tried, taken away."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from docclient.carriers import CARRIERS_FILE, AnyWay, Carriers, carriers_folder, transport_of
from docclient.desk.carrying import address_of
from docclient.desk.way_records import WayRecords, records_in
from docclient.desk.way_states import WayState, way_states
from docclient.desk.way_trial import WayTried, left_when_stopped, try_way, typed_or_kept
from docclient.exchange.directory import Unit
from docclient.office.door import Office
from docclient.office.errors import NotYours
from docclient.office.model import Role
from docclient.secrets import Kept, Secrets
from docclient.store.place import Place
from signing.tokens.messages import wipe

Typed = Mapping[str, bytearray]
"""What was typed of a way's secrets, by their names; one that was left empty stays as it is kept."""


@dataclass(frozen=True, slots=True)
class WaysCare:
    """here: the office lies on this machine, and so do its ways; a shared one's stay with its server."""

    here: bool
    folder: Path
    carriers: Carriers
    secrets: Secrets
    records: WayRecords

    @classmethod
    def of(cls, place: Place, secrets: Secrets) -> WaysCare:
        folder = carriers_folder(place)
        return cls(place.embedded, folder, Carriers(folder / CARRIERS_FILE), secrets, records_in(folder))

    def states(self, office: Office) -> tuple[WayState, ...]:
        return way_states(office, self.carriers.all(), self.secrets, self.records)

    def may_change(self, office: Office) -> bool:
        """The administrator of an office on this machine; a shared office's ways are set up on its server."""
        return self.here and Role.ADMINISTRATOR in office.me.roles

    def put(self, office: Office, setup: AnyWay, typed: Typed, *, replace: bool = False) -> Kept | None:
        """Keep a way; what was typed goes into the safe and is overwritten. Where its first secret is then; None for a
        way without. Raises: NotYours, CarrierTaken, FolderNotWritable, DiskFull."""
        try:
            self._must_be_let(office, "post add")
            self.carriers.put(setup, replace=replace)
            for name in setup.secrets:
                if typed.get(name):
                    self.secrets.put(name, typed[name])
        finally:
            forget(typed)
        return self.secrets.where(setup.secrets[0]) if setup.secrets else None

    def remove(self, office: Office, name: str) -> None:
        """The way, what opens it, and what is remembered of its rounds; packets stay where they are. Raises: NotYours,
        CarrierMissing, SafeMissing."""
        self._must_be_let(office, "post remove")
        setup = self.carriers.get(name)
        for each in setup.secrets:
            self.secrets.forget(each)
        self.carriers.remove(setup.name)
        self.records.forget(setup.name)

    def try_way(self, office: Office, setup: AnyWay, typed: Typed | None = None,
                stop: threading.Event | None = None) -> WayTried:
        """typed is overwritten. Ends at once when `stop` is set. Raises: what hinders it (docclient.desk.way_trial);
        CancelledError."""
        try:
            trial = typed_or_kept(setup, dict(typed or {}), self.secrets)
        finally:
            forget(typed or {})

        def enter() -> WayTried:
            try:
                return try_way(setup, trial, self.folder, partial(address_of, office), stop)
            finally:
                trial.close()

        return left_when_stopped(enter, stop) if stop is not None else enter()

    def units(self, office: Office, name: str) -> Sequence[Unit]:
        """The directory that a way has. Raises: CarrierMissing, what hinders it."""
        setup = self.carriers.get(name)
        return transport_of(setup, self.secrets, self.folder, partial(address_of, office)).directory()

    def _must_be_let(self, office: Office, command: str) -> None:
        if Role.ADMINISTRATOR not in office.me.roles:
            raise NotYours(command=command)


def forget(typed: Typed) -> None:
    for each in typed.values():
        wipe(each)
