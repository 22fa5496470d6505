"""The backup that the window takes by itself: of the embedded office, once a day, into the folder of the settings."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from docclient.backup_record import backup_is_due, note_backup
from docclient.office.engine import OfficeEngine
from docclient.settings import Settings
from docclient.store.backup import Backup, back_up, forget_old

Progress = Callable[[int, int], None]


def wanted(engine: OfficeEngine, settings: Settings) -> bool:
    """A shared office is backed up where its server stands."""
    return engine.place.embedded and bool(settings.backup_folder) and backup_is_due(engine.place.name)


def take_daily_backup(engine: OfficeEngine, settings: Settings, *,
                      progress: Progress = lambda done, total: None) -> Backup | None:
    """The backup, where one is due. `progress` counts files and may raise to break it off: nothing half-made is left.

    Raises: DiskFull, FolderNotWritable, BackupOfAnother, OfficeUnreadable.
    """
    if not wanted(engine, settings):
        return None
    folder = Path(settings.backup_folder)
    made = back_up(engine.database, engine.blobs, engine.place, folder, progress=progress)
    note_backup(engine.place.name, made)
    forget_old(folder, settings.backups_kept)
    return made
