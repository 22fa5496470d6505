"""What each way of carrying did in its last rounds, kept beside the ways for whoever looks after them.

    records = WayRecords(folder / STATE_FOLDER / RECORDS_FILE)
    records.note(carry_post(office, ways()), now())
    records.all()["Trục liên thông"].error

A memory of one machine and no proof: what was received and sent stands in the office. Facts of a trouble are kept as
far as its words need them; they hold no secret and no document's text (signing.errors).
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from docclient.carriers import STATE_FOLDER
from docclient.desk.carrying import Round, Way, WayDone, carry_post
from docclient.desk.post import Progress, silent
from docclient.errors import ServiceTrouble, Trouble
from docclient.office.door import Office
from docclient.office.model import now
from docclient.words import Language, words_of_code
from signing.files import replacing, trouble_of_writing
from signing.locks import locked

RECORDS_FILE, LOCK_FILE = "rounds.json", "round.lock"
VERSION = 1
LIMIT = 1 << 20          # bytes
LONGEST_FACT = 300


class RoundElsewhere(ServiceTrouble):
    """Another program on this machine carries for this office at this moment."""

    code = "post.round_elsewhere"


@dataclass(frozen=True, slots=True)
class WayRecord:
    """at: of the last round, aware UTC. good_at: of the last one in which the way answered. taken, refused, sent: in
    the last round; refused: packets that could not be taken in. error: why the way did not answer, a code of words."""

    at: datetime
    good_at: datetime | None = None
    taken: int = 0
    refused: int = 0
    sent: int = 0
    error: str | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    def sentence(self, language: Language) -> str:
        """Why the way did not answer, in one sentence; empty where it did."""
        return words_of_code(self.error, self.facts, language).sentence if self.error is not None else ""


class WayRecords:
    """The records in the file at `path`. For several threads; of two processes the later round counts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()

    def all(self) -> Mapping[str, WayRecord]:
        """By the way's name; what cannot be understood is not there."""
        try:
            with self.path.open("rb") as file:
                content = json.loads(file.read(LIMIT))
            entries = content["ways"] if content["version"] == VERSION else {}
        except (OSError, ValueError, TypeError, KeyError):
            return {}
        found = {}
        for name, each in entries.items() if isinstance(entries, dict) else ():
            with suppress(ValueError, TypeError, KeyError, AttributeError):
                found[str(name)] = read_record(each)
        return found

    def note(self, done: Round, at: datetime) -> None:
        """Remember a round; a folder that cannot be written to costs only this memory."""
        with self._lock, suppress(OSError, Trouble):
            before = self.all()
            kept = {each.name: record_of(each, before.get(each.name), at) for each in done.ways}
            content = {"version": VERSION, "ways": {name: written(each) for name, each in {**before, **kept}.items()}}
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(self.path) as file:
                file.write(json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8"))

    def forget(self, name: str) -> None:
        with self._lock, suppress(OSError, Trouble):
            left = {each: written(record) for each, record in self.all().items() if each != name}
            with replacing(self.path) as file:
                file.write(json.dumps({"version": VERSION, "ways": left}, ensure_ascii=False, indent=1).encode("utf-8"))


def record_of(done: WayDone, before: WayRecord | None, at: datetime) -> WayRecord:
    good_at = at if done.trouble is None else before.good_at if before is not None else None
    refused = sum(each.trouble is not None for each in done.fetched)
    if done.trouble is None:
        return WayRecord(at, good_at, done.taken, refused, done.sent)
    facts = {name: str(value)[:LONGEST_FACT] for name, value in done.trouble.facts.items()}
    return WayRecord(at, good_at, done.taken, refused, done.sent, done.trouble.code, facts)


def written(record: WayRecord) -> dict[str, object]:
    return {"at": record.at.isoformat(), "good_at": record.good_at.isoformat() if record.good_at else None,
            "taken": record.taken, "refused": record.refused, "sent": record.sent, "error": record.error,
            "facts": dict(record.facts)}


def read_record(fields: Mapping[str, object]) -> WayRecord:
    """Raises: ValueError, TypeError, KeyError."""
    at, good_at = moment(fields["at"]), fields.get("good_at")
    facts = fields.get("facts") or {}
    error = fields.get("error")
    return WayRecord(
        at, moment(good_at) if good_at else None, count(fields["taken"]), count(fields["refused"]),
        count(fields["sent"]), str(error) if error else None,
        {str(name): str(value) for name, value in facts.items()} if isinstance(facts, dict) else {})


def moment(text: object) -> datetime:
    found = datetime.fromisoformat(str(text))
    if found.tzinfo is None:
        raise ValueError("a time without zone")
    return found


def count(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def records_in(folder: Path) -> WayRecords:
    """folder: docclient.carriers.carriers_folder."""
    return WayRecords(folder / STATE_FOLDER / RECORDS_FILE)


def carry_round(office: Office, ways: Callable[[], Sequence[Way]], folder: Path, *, progress: Progress = silent,
                stop: threading.Event | None = None) -> Round:
    """One round of the post, the only one of this machine at its time, remembered in `folder`.

    Raises: RoundElsewhere, FolderNotWritable.
    """
    with only_round(folder):
        done = carry_post(office, ways(), progress=progress, stop=stop)
    records_in(folder).note(done, now())
    return done


@contextmanager
def only_round(folder: Path) -> Iterator[None]:
    """Raises: RoundElsewhere, FolderNotWritable."""
    with ExitStack() as held:
        try:
            held.enter_context(locked(folder / STATE_FOLDER / LOCK_FILE, wait_s=0))
        except TimeoutError:
            raise RoundElsewhere from None
        except OSError as error:
            raise trouble_of_writing(error, folder) from error
        yield
