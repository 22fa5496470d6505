"""The office's profiles at the scanner: what a person chose, with what the profile locks put in its place."""

from __future__ import annotations

from dataclasses import dataclass, replace

from docclient.capture.sources.model import DOTS_PER_INCH, Colour, Feed, Profile
from docclient.office.scan_profiles import ProfilePart, ScanProfile


@dataclass(frozen=True, slots=True)
class ScanChoice:
    """What is asked of which scanner. profile: the name of the office's profile; empty: none."""

    address: str
    feed: Feed = Feed.FEEDER
    colour: Colour = Colour.COLOUR
    dots_per_inch: int = DOTS_PER_INCH
    profile: str = ""

    def asked(self, most: int | None = None) -> Profile:
        return Profile(self.feed, self.colour, self.dots_per_inch, most=most)


def usual(profile: ScanProfile, before: ScanChoice) -> ScanChoice:
    """The profile's own choice; where it names no scanner, the one of before."""
    return ScanChoice(profile.source or before.address, Feed(profile.feed.value), Colour(profile.colour.value),
                      profile.resolution, profile.profile)


def kept_to(profile: ScanProfile, choice: ScanChoice) -> ScanChoice:
    """The choice with everything that the profile locks as the profile has it."""
    own, locked = usual(profile, choice), profile.locked
    return replace(
        choice, profile=profile.profile,
        address=own.address if ProfilePart.SOURCE in locked else choice.address,
        feed=own.feed if ProfilePart.FEED in locked else choice.feed,
        colour=own.colour if ProfilePart.COLOUR in locked else choice.colour,
        dots_per_inch=own.dots_per_inch if ProfilePart.RESOLUTION in locked else choice.dots_per_inch)
