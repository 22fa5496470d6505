"""When an office was last backed up from this machine, and whether a backup is due: for the window and the doctor."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from platformdirs import user_data_path

from docclient.store.backup import Backup

DAILY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LastBackup:
    """at: aware UTC. whole: every file was there."""

    at: datetime
    folder: str
    whole: bool


def file_of(place: str) -> Path:
    name = hashlib.sha256(place.encode()).hexdigest()[:32]
    return user_data_path("docclient", appauthor=False) / "backups" / f"{name}.json"


def last_backup(place: str) -> LastBackup | None:
    try:
        found = json.loads(file_of(place).read_text(encoding="utf-8"))
        return LastBackup(datetime.fromisoformat(found["at"]), str(found["folder"]), bool(found["whole"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def note_backup(place: str, made: Backup) -> None:
    """Remember it; a folder that cannot be written to costs only this memory."""
    file = file_of(place)
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="new-", dir=file.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump({"at": made.made_at.isoformat(), "folder": str(made.folder), "whole": made.whole}, stream)
        Path(name).replace(file)


def backup_is_due(place: str, at: datetime | None = None) -> bool:
    """Has a day passed since the last one? A clock that was set back makes it due, too."""
    last = last_backup(place)
    moment = at or datetime.now(UTC)
    return last is None or not timedelta(0) <= moment - last.at < DAILY
