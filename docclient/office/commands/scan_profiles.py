"""Laying down how the office scans, and taking it away."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.office.commands.people import needed
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Role
from docclient.office.registry import rule
from docclient.office.scan_profiles import (
    PaperFeed,
    ProfilePart,
    ScanColour,
    ScanProfile,
    ScanResolution,
    keep_profiles,
    profiles_of,
)
from docclient.store.work import Work

MOST, LONGEST = 20, 60


@dataclass(frozen=True, slots=True)
class SetScanProfile(Command):
    """Lay down a profile, or change the one of this name. source: a scanner's address, as `docclient scan` takes it;
    empty: whichever is there. locked: what the person at the scanner cannot change."""

    profile: str
    source: str = ""
    feed: PaperFeed = PaperFeed.FEEDER
    colour: ScanColour = ScanColour.COLOUR
    resolution: ScanResolution = ScanResolution.DPI_300
    locked: tuple[ProfilePart, ...] = ()


@rule(SetScanProfile, by=Role.ADMINISTRATOR)
def set_scan_profile(work: Work, me: Actor, c: SetScanProfile) -> Receipt:
    needed(profile=c.profile)
    if len(c.profile) > LONGEST:
        raise FieldWrong("profile", Why.TOO_LONG)
    if ProfilePart.SOURCE in c.locked:
        needed(source=c.source)
    made = ScanProfile(c.profile.strip(), c.source.strip(), c.feed, c.colour, int(c.resolution), frozenset(c.locked))
    kept = (*(each for each in profiles_of(work) if each.profile != made.profile), made)
    if len(kept) > MOST:
        raise FieldWrong("profile", Why.TOO_MANY)
    keep_profiles(work, kept)
    return Receipt("SetScanProfile", work.entry, facts={"profile": made.profile})


@dataclass(frozen=True, slots=True)
class RemoveScanProfile(Command):
    """Pages that were scanned with it stay as they are."""

    profile: str


@rule(RemoveScanProfile, by=Role.ADMINISTRATOR)
def remove_scan_profile(work: Work, me: Actor, c: RemoveScanProfile) -> Receipt:
    kept = profiles_of(work)
    left = tuple(each for each in kept if each.profile != c.profile)
    if len(left) == len(kept):
        raise FieldWrong("profile", Why.UNKNOWN)
    keep_profiles(work, left)
    return Receipt("RemoveScanProfile", work.entry, facts={"profile": c.profile})
