"""What around the program keeps tokens out of sight, when none is found: a sandbox, a card service that does not run.

Neither is a fault by itself: some drivers talk to the USB device directly.
"""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path

FLATPAK = Path("/.flatpak-info")
CARD_SERVICE = Path("/run/pcscd/pcscd.comm")     # the socket of pcsc-lite; systemd makes it before the service starts


class Hint(StrEnum):
    """Words: `surroundings.<value>`."""

    FLATPAK = "flatpak"
    SNAP = "snap"
    CARD_SERVICE_STOPPED = "card_service_stopped"

    @property
    def words(self) -> str:
        return f"surroundings.{self.value}"


def hints() -> tuple[Hint, ...]:
    """What is worth knowing where no token was found. Windows and macOS start their card service by themselves."""
    if not sys.platform.startswith("linux"):
        return ()
    found = []
    if FLATPAK.exists():
        found.append(Hint.FLATPAK)
    if os.environ.get("SNAP"):
        found.append(Hint.SNAP)
    if not CARD_SERVICE.exists():
        found.append(Hint.CARD_SERVICE_STOPPED)
    return tuple(found)
