"""What this person chose on this machine: language, office, who they are. Never a secret, never a document's text.

One JSON file in the user's configuration folder. An environment variable (`DOCCLIENT_LANGUAGE=en`) wins over the file
for one run and is never written back by itself. A file that cannot be understood is set aside under another name and
the defaults hold: a spoiled setting must not keep anybody from working.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from docclient.errors import trouble_of_os_error
from docclient.words import Language

FILE_NAME = "settings.json"


class TimeStampSetting(BaseModel):
    """A time-stamp service. stamps, within_minutes: its quota, as far as it is known; both or neither count."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    address: str = Field(description="http or https address (RFC 3161)")
    stamps: int | None = Field(None, ge=1)
    within_minutes: int | None = Field(None, ge=1)


class Settings(BaseSettings):
    """Each setting once: type, default, unit, sentence."""

    model_config = SettingsConfigDict(env_prefix="DOCCLIENT_", extra="ignore", frozen=True)

    language: Language = Field(Language.VIETNAMESE, description="the language of the window: vi or en")
    office: str = Field("", description="where the office is (as --office says it); empty: the embedded one")
    person: str = Field("", description="whose desk the embedded office opens at: the person's id; empty: ask")
    text_points: float = Field(11.0, ge=9.0, le=18.0, description="size of ordinary text in the window, in points")
    token_module: str = Field("", description="path of the PKCS#11 library of this person's token; empty: search")
    skip_clear_contact_sheet: bool = Field(False, description="sign several documents without the sheet of places "
                                           "where no place is warned of")
    scanner: str = Field("", description="the scanner used last (as docclient scan --source takes it)")
    scan_feed: Literal["glass", "feeder", "duplex"] = Field("feeder", description="where the paper lay last")
    scan_colour: Literal["colour", "grey"] = Field("colour", description="the colours scanned last")
    scan_dots_per_inch: int = Field(300, ge=200, le=1200, description="the resolution scanned last")
    scan_profile: str = Field("", description="the office's way of scanning used last, by its name")
    packet_inbox: str = Field("", description="folder packets from others arrive in; empty: beside the office")
    packet_outbox: str = Field("", description="folder packets to others are laid in; empty: beside the office")
    time_stamp_services: tuple[TimeStampSetting, ...] = Field((), description="asked for time-stamps, in this order")
    signature_level: Literal["b-b", "b-t", "b-lt", "b-lta"] = Field("b-b", description="PAdES level of signatures made "
                                                                    "in the office; b-b while there is no service")
    backup_folder: str = Field("", description="takes a backup of the embedded office each day; empty: none")
    backups_kept: int = Field(30, ge=1, description="how many backups stay there; the files they share are kept once")
    key_files: tuple[str, ...] = Field((), description="paths of the PKCS#12 key files offered beside the tokens")


def settings_folder() -> Path:
    """Where the settings lie: the system's own place for a user's configuration."""
    return Path(platformdirs.user_config_dir("docclient", appauthor=False))


def load_settings(folder: Path | None = None) -> Settings:
    """The saved settings, the environment's on top, the defaults beneath."""
    saved = read_saved((folder or settings_folder()) / FILE_NAME)
    named_by_environment = {name for name in Settings.model_fields if f"DOCCLIENT_{name.upper()}" in os.environ}
    try:
        return Settings(**{name: value for name, value in saved.items() if name not in named_by_environment})
    except ValidationError as error:
        wrong = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
        return Settings(**{name: value for name, value in saved.items()
                           if name not in wrong and name not in named_by_environment})


def read_saved(file: Path) -> Mapping[str, Any]:
    """What the file holds by setting's name; nothing when there is none. A spoiled file is set aside as `.spoiled`."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError):
        with suppress(OSError):
            file.replace(file.with_suffix(".spoiled"))
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: value for name, value in content.items() if name in Settings.model_fields}


def save_settings(settings: Settings, folder: Path | None = None) -> None:
    """Write the settings in one step: the old file or the new one, never half of either.

    Raises: FolderNotWritable, DiskFull.
    """
    place = folder or settings_folder()
    try:
        place.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place, suffix=".new", delete=False) as new:
            json.dump(settings.model_dump(mode="json"), new, ensure_ascii=False, indent=1)
        Path(new.name).replace(place / FILE_NAME)
    except OSError as error:
        raise trouble_of_os_error(error, place / FILE_NAME) from error


def changed(settings: Settings, **new: object) -> Settings:
    """The same settings with some of them changed (checked like any others)."""
    return Settings.model_validate({**settings.model_dump(), **new})
