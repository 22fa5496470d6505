"""Running an outside program: with a deadline, its whole process tree ended, and nothing of ours in its environment.

Output goes through temporary files, not pipes: LibreOffice and Ghostscript leave grandchildren that keep a pipe open
after the program itself has ended, and a reader of that pipe would wait for them.

The branches for Windows (usual folders, process trees) follow the systems' documents; they were not tried there.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from docclient.errors import ProgramFailed, ProgramMissing, trouble_of_os_error
from docclient.words import Phrase

LOOK_AGAIN_S = 0.05
"""How often a running program is looked at for its end, the deadline and a wish to stop."""

OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024
"""More than this on standard output is garbage, whatever the program."""

# What a program needs to start at all. Everything else stays here: one of our variables may hold a PIN (--pin-env).
PASSED_ON = frozenset({
    "PATH", "PATHEXT", "COMSPEC", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PROGRAMDATA", "PROGRAMFILES",
    "PROGRAMFILES(X86)", "COMMONPROGRAMFILES", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "USERNAME", "HOME", "USER",
    "LOGNAME", "TMP", "TEMP", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TESSDATA_PREFIX", "FONTCONFIG_FILE",
    "FONTCONFIG_PATH", "XDG_DATA_DIRS", "XDG_CONFIG_DIRS", "XDG_RUNTIME_DIR", "VIRTUAL_ENV", "PYTHONHOME",
})


class Stop(Protocol):
    """A wish to stop: a threading.Event, or anything that can be asked like one."""

    def is_set(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Program:
    """An outside program: how a person knows it, what for, what to install, and where it may lie.

    `names` are looked for on PATH in turn, then `folders` (with names) one by one: on Windows these programs are
    seldom on PATH. `package` is the Debian package; `purpose` is a code of `resources/words` (a plain phrase).
    """

    title: str
    names: tuple[str, ...]
    package: str
    purpose: str
    folders: tuple[str, ...] = ()

    def find(self) -> Path | None:
        """Where the program lies on this machine, or None."""
        for name in self.names:
            if found := shutil.which(name):
                return Path(found)
        for folder in self.folders:
            for place in _expand(folder):
                for name in self.names:
                    if found := shutil.which(name, path=str(place)):
                        return Path(found)
        return None

    def require(self) -> Path:
        """As `find`. Raises ProgramMissing."""
        if (found := self.find()) is None:
            raise ProgramMissing(program=self.title, purpose=Phrase(self.purpose), package=self.package)
        return found

    def failed(self, reason: str) -> ProgramFailed:
        return ProgramFailed(program=self.title, reason=reason)


@dataclass(frozen=True, slots=True)
class Finished:
    """How a program ended. `last_words` is the last line of its standard error, fit for a person (see `last_words`)."""

    returncode: int
    output: bytes
    last_words: str


def run(program: Program, arguments: Sequence[str | Path], *, deadline_s: float, stop: Stop | None = None,
        settings: Mapping[str, str] | None = None, folder: Path | None = None,
        executable: Path | None = None) -> Finished:
    """Run `program` to its end. Its return code is the caller's to judge.

    Args:
        deadline_s: seconds after which it counts as hung and is ended together with all it started.
        stop: once it is set (from another thread), the program is ended.
        settings: environment variables for this run, beside the few that are passed on.
        executable: run this file instead of looking the program up (our own Python, for instance).
    Raises: ProgramMissing; ProgramFailed when it cannot be started, hangs or floods its output; CancelledError.
    """
    command = [str(executable or program.require()), *(str(argument) for argument in arguments)]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=complaints, cwd=folder,
                env=environment(settings or {}), start_new_session=sys.platform != "win32",
                creationflags=_creation_flags())
        except OSError as error:
            raise program.failed(error.strerror or type(error).__name__) from error
        try:
            _wait(process, program, output.fileno(), deadline_s, stop)
        finally:
            end_tree(process)
        output.seek(0)
        complaints.seek(0)
        return Finished(process.returncode, output.read(OUTPUT_LIMIT_BYTES),
                        last_words(complaints.read(OUTPUT_LIMIT_BYTES), command))


def _wait(process: subprocess.Popen[bytes], program: Program, output: int, deadline_s: float,
          stop: Stop | None) -> None:
    end = time.monotonic() + deadline_s
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(LOOK_AGAIN_S)
            return
        if stop is not None and stop.is_set():
            raise CancelledError
        if time.monotonic() > end:
            raise program.failed(f"> {deadline_s:g} s")
        if os.fstat(output).st_size > OUTPUT_LIMIT_BYTES:
            raise program.failed(f"> {OUTPUT_LIMIT_BYTES // 2**20} MB")


def end_tree(process: subprocess.Popen[bytes]) -> None:
    """End the program and all it started. Does nothing that hurts when it has ended by itself."""
    if sys.platform == "win32":
        if process.poll() is None:
            subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)],
                           stdin=subprocess.DEVNULL, capture_output=True, check=False)
    else:
        # the session's group outlives its leader: grandchildren of a program that crashed go with it
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """What a child sees: the few variables it cannot start without, English messages, one thread, and `settings`."""
    passed = {name: value for name, value in os.environ.items() if name.upper() in PASSED_ON}
    return {**passed, "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1", **settings}


def last_words(complaints: bytes, command: Sequence[str] = ()) -> str:
    """The last line a program wrote to standard error, without document text.

    Programs speak English under LC_ALL=C.UTF-8; what they quote (in quotation marks, brackets, angles) may come from
    the document and is cut out, and a line with letters outside ASCII is not the program's own and is passed over.
    Paths of the command become bare file names.
    """
    for raw in reversed(complaints.splitlines()):
        line = raw.decode("utf-8", "replace").strip()
        for argument in sorted(command, key=len, reverse=True):
            if os.sep in argument:
                line = line.replace(argument, Path(argument).name)
        line = re.sub(r"\"[^\"]*\"|'[^']*'|\([^()]*\)|<[^<>]*>|\[[^\[\]]*\]", "…", line)
        if line.strip("… .") and line.replace("…", "").isascii() and line.replace("…", "").isprintable():
            return line[:200]
    return ""


def reason_of(finished: Finished) -> str:
    """Why a program failed, as far as it said: its last words, or how it ended."""
    if finished.returncode < 0:
        with suppress(ValueError):
            return signal.Signals(-finished.returncode).name
    return finished.last_words or f"exit code {finished.returncode}"


def deliver(made: Path, target: Path) -> None:
    """Give a finished file its name in one step: copied beside the target, synced, renamed.

    Raises: DiskFull, FolderNotWritable. An existing target stays as it was then.
    """
    try:
        with tempfile.NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as beside:
            try:
                with made.open("rb") as source:
                    shutil.copyfileobj(source, beside, 1 << 20)
                beside.flush()
                os.fsync(beside.fileno())
                beside.close()
                if sys.platform != "win32":
                    mask = os.umask(0)
                    os.umask(mask)
                    Path(beside.name).chmod(0o666 & ~mask)
                Path(beside.name).replace(target)
            except BaseException:
                beside.close()
                Path(beside.name).unlink(missing_ok=True)
                raise
    except OSError as error:
        raise trouble_of_os_error(error, target) from error


def _expand(folder: str) -> list[Path]:
    """The folders behind a pattern such as `%PROGRAMFILES%\\gs\\gs*\\bin`; none when a variable is unknown here."""
    known = {name.upper(): value for name, value in os.environ.items()}
    names = re.findall(r"%([^%]+)%", folder)
    if any(name.upper() not in known for name in names):
        return []
    for name in names:
        folder = folder.replace(f"%{name}%", known[name.upper()])
    start = Path(folder)
    if not any("*" in part for part in start.parts):
        return [start]
    fixed = Path(start.anchor)
    rest = start.relative_to(fixed)
    return sorted(fixed.glob(str(rest)), reverse=True)


def _creation_flags() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    return 0
