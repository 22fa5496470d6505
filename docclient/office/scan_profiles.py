"""How the office scans: profiles that an administrator lays down, with what a clerk may not change at the scanner.

They are kept among the office's facts, so that every machine of the office has the same.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from docclient.store.work import Work

SETTING = "scan_profiles"


class PaperFeed(StrEnum):
    """Where the paper lies."""

    FEEDER = "feeder"
    DUPLEX = "duplex"
    GLASS = "glass"


class ScanColour(StrEnum):
    COLOUR = "colour"
    GREY = "grey"


class ScanResolution(StrEnum):
    """Dots per inch. Less than 200 is not offered (NĐ 30/2020, Annex I part II)."""

    DPI_200 = "200"
    DPI_300 = "300"
    DPI_400 = "400"
    DPI_600 = "600"


class ProfilePart(StrEnum):
    """What can be locked."""

    SOURCE = "source"
    FEED = "feed"
    COLOUR = "colour"
    RESOLUTION = "resolution"


@dataclass(frozen=True, slots=True)
class ScanProfile:
    """source: address of the scanner; empty: any. locked: what the person at the scanner cannot change."""

    profile: str
    source: str
    feed: PaperFeed
    colour: ScanColour
    resolution: int
    locked: frozenset[ProfilePart]


def profiles_of(work: Work) -> tuple[ScanProfile, ...]:
    """By name; none where what is kept is no list of profiles (an administrator may set any fact by hand)."""
    try:
        return _read(json.loads(work.fact(SETTING) or "[]"))
    except (ValueError, KeyError, TypeError):
        return ()


def _read(said: list[Any]) -> tuple[ScanProfile, ...]:
    return tuple(ScanProfile(each["profile"], each["source"], PaperFeed(each["feed"]), ScanColour(each["colour"]),
                             int(each["resolution"]), frozenset(ProfilePart(part) for part in each["locked"]))
                 for each in sorted(said, key=lambda each: str(each["profile"])))


def keep_profiles(work: Work, profiles: tuple[ScanProfile, ...]) -> None:
    work.set_fact(SETTING, json.dumps([{
        "profile": each.profile, "source": each.source, "feed": each.feed, "colour": each.colour,
        "resolution": each.resolution, "locked": sorted(each.locked)} for each in profiles], ensure_ascii=False))
