"""What this machine saw of an office's journal at its last good check: kept in the user's data folder, away from the
office, so that whoever writes the whole journal anew, or puts an older copy in its place, is found out.

Known by the office's place and its first entry; an office that was restored on purpose is forgotten here first.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from platformdirs import user_data_path

from docclient.office.checking import KnownHead
from docclient.office.journal import Head


def heads_folder() -> Path:
    return user_data_path("docclient", appauthor=False) / "checks"


def file_of(place: str) -> Path:
    return heads_folder() / f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.json"


def kept_head(place: str, office: str) -> KnownHead | None:
    """The head at the last good check. office: the hash of the journal's first entry."""
    try:
        found = json.loads(file_of(place).read_text(encoding="utf-8"))
        if found["office"] != office:
            return None
        return KnownHead(Head(int(found["number"]), str(found["hash"])), "kept", datetime.fromisoformat(found["at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_head(place: str, office: str, head: Head) -> None:
    """Remember it; a folder that cannot be written to costs only this memory."""
    content = {"place": place, "office": office, "number": head.number, "hash": head.hash,
               "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with suppress(OSError):
        heads_folder().mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix="new-", dir=heads_folder())
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(content, stream)
        Path(name).replace(file_of(place))


def forget_head(place: str) -> None:
    with suppress(OSError):
        file_of(place).unlink(missing_ok=True)
