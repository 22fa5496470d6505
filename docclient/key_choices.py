"""Which certificate was chosen last, for each purpose: where that is kept on this machine.

One file beside the settings, for the window and the command line alike. Earlier versions kept the fingerprints among
the settings: those are taken over once.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path

from docclient.errors import Trouble
from docclient.settings import FILE_NAME, settings_folder
from signing.files import replacing
from signing.tokens.remembered import Purpose, RememberedChoice, RememberedChoices

CHOICES_FILE = "certificates.json"
OLD_SETTINGS = {"personal_certificate": Purpose.PERSONAL, "agency_certificate": Purpose.AGENCY}
FINGERPRINT = re.compile(r"[0-9a-f]{64}")


def remembered_choices(folder: Path | None = None) -> RememberedChoices:
    """The choices of this person on this machine; `folder` instead of the settings' own."""
    place = folder or settings_folder()
    kept = RememberedChoices(place / CHOICES_FILE)
    take_over(place / FILE_NAME, kept)
    return kept


def take_over(settings_file: Path, kept: RememberedChoices) -> None:
    """Move the fingerprints an earlier version left among the settings. A choice made since then counts more; a place
    that cannot be written leaves everything as it is."""
    try:
        content = json.loads(settings_file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    if not isinstance(content, dict) or not OLD_SETTINGS.keys() & content.keys():
        return
    with suppress(Trouble, OSError):
        for name, purpose in OLD_SETTINGS.items():
            fingerprint = str(content.pop(name, "")).lower()
            if FINGERPRINT.fullmatch(fingerprint) and kept.get(purpose) is None:
                kept.put(purpose, RememberedChoice(fingerprint))
        with replacing(settings_file) as file:
            file.write(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))
