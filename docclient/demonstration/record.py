"""What a demonstration did: each step with its time, each file with its digest, each signature with its verdict."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from docclient.words import Language, phrase
from signing.errors import ExitCode, Trouble
from signing.report import FileReport


class StepFailed(Exception):
    """A step did not hold. The summary says which and why."""


@dataclass(slots=True)
class Record:
    """folder: where the results lie; paths in the summary are relative to it. told: called as a step begins."""

    folder: Path
    told: Callable[[str], None]
    steps: list[dict[str, Any]] = field(default_factory=list)
    files: list[dict[str, Any]] = field(default_factory=list)
    signatures: list[dict[str, Any]] = field(default_factory=list)
    journal: dict[str, Any] = field(default_factory=lambda: {"entries": 0, "head": "", "verified": False})
    began: float = field(default_factory=time.monotonic)
    exit_code: ExitCode = ExitCode.GOOD

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """Time one step; what is put under `detail` goes into the summary. A failure is written down and ends it."""
        self.told(name)
        begin = time.monotonic()
        entry: dict[str, Any] = {"name": name, "ok": False, "seconds": 0.0, "detail": None}
        self.steps.append(entry)
        try:
            yield entry
            entry["ok"] = True
        except Exception as error:
            entry["detail"] = f"{getattr(error, 'code', type(error).__name__)}: {error}"
            self.exit_code = error.exit_code if isinstance(error, Trouble) else ExitCode.ANSWER_IS_NO
            raise StepFailed(name) from error
        finally:
            entry["seconds"] = round(time.monotonic() - begin, 3)

    def keep(self, path: Path, what: str) -> Path:
        """Name a result file in the summary."""
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        self.files.append({"path": path.relative_to(self.folder).as_posix(), "sha256": digest, "what": what})
        return path

    def keep_verdicts(self, path: Path, report: FileReport) -> None:
        for each in report.signatures:
            self.signatures.append({
                "file": path.relative_to(self.folder).as_posix(), "field": each.field, "signer": each.signer,
                "verdict": each.verdict.value, "reason": each.reason.value,
                "changes_after": [change.as_json() for change in each.changes_after]})

    @property
    def held(self) -> bool:
        return bool(self.steps) and all(step["ok"] for step in self.steps)

    def summary(self) -> dict[str, Any]:
        return {"ok": self.held, "seconds": round(time.monotonic() - self.began, 3), "steps": self.steps,
                "files": self.files, "signatures": self.signatures, "journal": self.journal}

    def write(self) -> Path:
        path = self.folder / "summary.json"
        path.write_text(json.dumps(self.summary(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path


def step_words(name: str, language: Language) -> str:
    """A step's name as a person reads it; the summary for programs keeps the name itself."""
    return phrase(f"demo_step.{re.sub('[^a-z0-9]+', '_', name.lower()).strip('_')}", language)


def must(condition: bool, what: str) -> None:
    """A step's own check. Raises: StepFailed."""
    if not condition:
        raise StepFailed(what)
