"""How this office scans."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.office.door import Query
from docclient.office.model import Actor
from docclient.office.registry import answers
from docclient.office.scan_profiles import ScanProfile, profiles_of
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class ScanProfiles(Query[tuple[ScanProfile, ...]]):
    """By name; none while an administrator has laid down none. Everybody of the office may know them."""


@answers(ScanProfiles)
def scan_profiles(work: Work, me: Actor, q: ScanProfiles) -> tuple[ScanProfile, ...]:
    return profiles_of(work)
