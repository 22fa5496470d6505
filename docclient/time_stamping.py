"""Where this person's time-stamps come from, what level signatures should have, and the files whose stamp is due.

The record of what was asked of each service and the queue of due files lie in the user's data folder, for every window
and command line of this user.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_data_path

from docclient.settings import Settings
from docclient.trusted_here import trust_of_command
from signing.late_stamps import StampedFile, add_document_stamp
from signing.levels import Level
from signing.request import SignedFile
from signing.stamp_queue import Due, StampQueue
from signing.timestamps import Quota, TimestampService


@dataclass(frozen=True, slots=True)
class StampWish:
    """level: what signatures should have; b-b where there is no service. services: to ask, in order."""

    level: Level = Level.B_B
    services: TimestampService | None = None


def record_folder() -> Path:
    return user_data_path("docclient", appauthor=False) / "time-stamps"


def queue_of_files() -> StampQueue:
    """Files on this machine that were signed at a lower level than wanted."""
    return StampQueue(user_data_path("docclient", appauthor=False) / "stamps-due")


def wish_of(settings: Settings) -> StampWish:
    """What the settings say, for office signatures. Raises AddressWrong."""
    services = services_of(settings)
    return StampWish(Level(settings.signature_level), services) if services is not None else StampWish()


def stamps_wanted(settings: Settings) -> Level | None:
    """The level that signatures should have; None where none is to be stamped."""
    level = Level(settings.signature_level)
    return level if settings.time_stamp_services and level is not Level.B_B else None


def services_of(settings: Settings, named: Sequence[str] = ()) -> TimestampService | None:
    """The services that a person named now, else those of the settings; None without any. Quotas are the settings'.

    Raises AddressWrong.
    """
    addresses = tuple(named) or tuple(each.address for each in settings.time_stamp_services)
    if not addresses:
        return None
    quotas = tuple((each.address, Quota(each.stamps, each.within_minutes * 60.0))
                   for each in settings.time_stamp_services
                   if each.stamps is not None and each.within_minutes is not None)
    return TimestampService(addresses, quotas=quotas, record=record_folder(), anew_since=time.time() if named else None)


def put_off(queue: StampQueue, signed: SignedFile, wanted: Level, services: TimestampService,
            trusted: Iterable[Path] = (), crls: Iterable[Path] = ()) -> None:
    """Remember that a signed file is to be stamped later. Raises FolderNotWritable, DiskFull."""
    file = str(signed.target.absolute())
    queue.remove(file)   # an entry of that name was for a file that lies there no more
    queue.add(file, file=file, level=wanted.value, services=json.dumps(services.as_json()),
              trusted=_paths(trusted), crls=_paths(crls))


def stamp_put_off(due: Due, *, services: TimestampService | None = None, trusted: Sequence[Path] = (),
                  crls: Sequence[Path] = ()) -> StampedFile:
    """Stamp a file of the queue where it lies.

    Args:
        services, trusted, crls: instead of, and beside, what was written down when it was signed.
    Raises: as `add_document_stamp`.
    """
    facts = due.facts
    trust = trust_of_command([*_found(facts["trusted"]), *trusted], [*_found(facts["crls"]), *crls])
    file = Path(facts["file"])
    return add_document_stamp(file, file, services or TimestampService.from_json(json.loads(facts["services"])), trust,
                              level=Level(facts["level"]))


def _paths(paths: Iterable[Path]) -> str:
    return json.dumps([str(path.absolute()) for path in paths])


def _found(paths: str) -> list[Path]:
    return [Path(path) for path in json.loads(paths)]
