"""Where an office lies: what `--office` may say.

* a folder: the embedded office, `office.db` and `blobs/` in it;
* a file ending in .db or `sqlite:///…`: that database, `blobs/` beside it;
* `postgresql://…?blobs=FOLDER`: a shared database; the bytes lie in FOLDER;
* `postgresql://…?blobs=s3://BUCKET/PREFIX[&endpoint=URL][&region=NAME]`: the bytes lie in a bucket, whose key is never
  part of the address.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_data_path
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from docclient.office.errors import FieldWrong, Why

BUSY_SECONDS = 30
OWN_PARTS = ("blobs", "endpoint", "region")


@dataclass(frozen=True, slots=True)
class Place:
    """database: SQLAlchemy URL. blobs: the folder of bytes (of a bucket: of the copies near by). name: what a person is
    shown, without a password. bucket: `s3://…` where the bytes lie in one; endpoint, region: of its server."""

    database: URL
    blobs: Path
    name: str
    bucket: str = ""
    endpoint: str = ""
    region: str = ""

    @property
    def embedded(self) -> bool:
        return self.database.get_backend_name() == "sqlite"

    @property
    def database_file(self) -> Path | None:
        return Path(self.database.database) if self.embedded and self.database.database else None


def default_place() -> Place:
    """The embedded office in the user's data folder."""
    return place(str(user_data_path("docclient", appauthor=False) / "office"))


def place(text: str) -> Place:
    """Read what `--office` says. Raises: FieldWrong."""
    if text.startswith(("postgresql:", "postgresql+psycopg:", "postgres:")):
        return postgresql_place(text)
    if text.startswith("sqlite:///"):
        text = text.removeprefix("sqlite:///")
    elif "://" in text:
        raise FieldWrong("--office", Why.OFFICE_PLACE)
    path = Path(os.path.expandvars(text)).expanduser().absolute()
    file = path if path.suffix in {".db", ".sqlite", ".sqlite3"} else path / "office.db"
    return Place(URL.create("sqlite+pysqlite", database=str(file)), file.parent / "blobs", str(path))


def postgresql_place(text: str) -> Place:
    try:
        url = make_url(text).set(drivername="postgresql+psycopg")
    except ArgumentError:
        raise FieldWrong("--office", Why.OFFICE_PLACE) from None
    blobs, endpoint, region = (url.query.get(name, "") for name in OWN_PARTS)
    if not isinstance(blobs, str) or not isinstance(endpoint, str) or not isinstance(region, str) or not blobs:
        raise FieldWrong("--office", Why.BLOBS_PLACE)
    bare = url.difference_update_query(OWN_PARTS)
    name = bare.render_as_string(hide_password=True)
    if not blobs.startswith("s3://"):
        return Place(bare, Path(blobs).absolute(), name)
    if re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]*(/[^@?#]*)?", blobs) is None or "@" in endpoint:
        raise FieldWrong("--office", Why.BLOBS_PLACE)
    near = user_cache_path("docclient", appauthor=False) / "blobs" / hashlib.sha256(
        f"{endpoint} {blobs}".encode()).hexdigest()[:16]
    return Place(bare, near, name, blobs.rstrip("/"), endpoint, region)
