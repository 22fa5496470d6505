"""A child process per PKCS#11 library: a crash or a hang of a vendor's code costs one operation, not the window.

`host_of(module)` gives the one host of a library; it stays, and its child stays loaded, until the program ends. One
operation at a time; every operation has a deadline, after which the child is ended. A dead child is reported once, by
the operation it died in, and started again by the next.

The PIN goes from the caller's bytearray straight into the child's pipe: not argv, not the environment, not a log. Both
copies are overwritten.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, TypeVar, cast, overload

import signing
from signing.tokens.libraries import check_library
from signing.tokens.messages import (
    Ask,
    ChangePin,
    ChildFault,
    CloseSession,
    Garbled,
    LoadModule,
    LogIn,
    LookAround,
    MakeSignature,
    Message,
    ModuleLoaded,
    NotLoaded,
    Refused,
    SetFirstPin,
    frame,
    read_exactly,
    read_frame,
    wipe,
    write_all,
)
from signing.tokens.troubles import (
    LoginLost,
    ModuleCrashed,
    ModuleHung,
    ModuleLoadFailed,
    ModuleMissing,
    ModuleNotPkcs11,
    TokenRefused,
)

A = TypeVar("A")
B = TypeVar("B")
SOURCE_ROOT = Path(signing.__file__).resolve().parent.parent
GOODBYE_S = 2.0
_NO_WINDOW = 0x08000000 if sys.platform == "win32" else 0    # subprocess.CREATE_NO_WINDOW


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How long each kind of operation may take, in seconds.

    Slow but honest devices exist: 4 s to open, 10 s for a listing on some ePass2003, a person typing on a PIN pad.
    """

    load_s: float = 20.0
    read_s: float = 60.0
    log_in_s: float = 60.0
    own_entry_s: float = 180.0
    sign_s: float = 60.0
    close_s: float = 5.0
    look_s: float = 30.0

    def of(self, ask: Ask, *, own_entry: bool = False) -> float:
        match ask:
            case LoadModule():
                return self.load_s
            case LookAround():
                return self.look_s
            case LogIn() | ChangePin() | SetFirstPin():
                return self.own_entry_s if own_entry else self.log_in_s
            case MakeSignature():
                return self.own_entry_s if own_entry else self.sign_s
            case CloseSession():
                return self.close_s
            case _:
                return self.read_s


class ModuleHost:
    """The parent's side of one child process."""

    def __init__(self, module: Path, *, environment: Mapping[str, str] | None = None,
                 deadlines: Deadlines | None = None) -> None:
        """Nothing is started yet. `environment` is added to the child's environment, never to ours."""
        self.module = module
        self.deadlines = deadlines or Deadlines()
        self.generation = 0          # counts the children; a session is good only in the child that opened it
        self.about: ModuleLoaded | None = None
        self._environment = dict(environment or {})
        self._lock = threading.Lock()
        self._child: _Child | None = None
        self._stopped_by_us = False
        self._used_at = float("-inf")

    @property
    def process_id(self) -> int | None:
        """The child's, while it runs."""
        child = self._child
        return child.process.pid if child and child.process.poll() is None else None

    @overload
    def ask(self, ask: Ask, answer: type[A], *, secret: bytearray | None = ..., own_entry: bool = ...,
            generation: int | None = ...) -> A: ...
    @overload
    def ask(self, ask: Ask, answer: type[A], otherwise: type[B], *, secret: bytearray | None = ...,
            own_entry: bool = ..., generation: int | None = ...) -> A | B: ...

    def ask(self, ask: Ask, answer: type[A], otherwise: type[B] | None = None, *, secret: bytearray | None = None,
            own_entry: bool = False, generation: int | None = None) -> A | B:
        """Put one ask and wait for its answer; the child is started and the module loaded first where needed.

        Args:
            answer, otherwise: the messages that are expected.
            secret: travels once and is overwritten here, whatever happens.
            own_entry: a person types a PIN at the device meanwhile; the deadline is longer.
            generation: the child that must still be there, because it holds the session the ask speaks of.
        Raises: LoginLost when that child is gone; ModuleMissing, ModuleWrongArchitecture, ModuleNotPkcs11,
            ModuleLoadFailed, ModuleCrashed, ModuleHung; TokenRefused for every return code but CKR_OK;
            CancelledError when `stop` was called meanwhile.
        """
        try:
            with self._lock:
                try:
                    got = self._put(ask, secret, own_entry, generation)
                finally:
                    self._used_at = time.monotonic()
        finally:
            wipe(secret)
        return self._expected(got, ask, answer, otherwise)

    def ask_if_free(self, ask: Ask, answer: type[A], *, idle_s: float = 0.0) -> A | None:
        """As `ask`, but None at once while the module is at work or was within the last `idle_s` seconds.

        For what may wait: it neither stands in front of a signature nor counts as use of the module.
        """
        if not self._lock.acquire(blocking=False):
            return None
        try:
            if time.monotonic() - self._used_at < idle_s:
                return None
            got = self._put(ask, None, own_entry=False, generation=None)
        finally:
            self._lock.release()
        return self._expected(got, ask, answer, None)

    def _put(self, ask: Ask, secret: bytearray | None, own_entry: bool, generation: int | None) -> Message:
        """With the lock held: start the child where needed, then one exchange."""
        if self.process_id is None:
            if generation is not None:
                raise LoginLost
            self._start()
        elif generation not in {None, self.generation}:
            raise LoginLost
        return self._exchange(ask, secret, self.deadlines.of(ask, own_entry=own_entry))

    def _expected(self, got: Message, ask: Ask, answer: type[A], otherwise: type[B] | None) -> A | B:
        if isinstance(got, Refused):
            raise TokenRefused(got.function, got.code, token=got.token, token_known=got.token_known)
        if isinstance(got, answer):
            return got
        if otherwise is not None and isinstance(got, otherwise):
            return got
        if isinstance(got, ChildFault):    # an answer of the module that we did not foresee: begin afresh
            self.stop()
            raise ModuleCrashed(module=str(self.module), how=got.where, doing=type(ask).__name__)
        raise self._unexpected(got)

    def load(self) -> ModuleLoaded:
        """Start the child and load the module if that has not happened. Raises as `ask`."""
        with self._lock:
            if self.process_id is None or self.about is None:
                self._start()
            if self.about is None:
                raise CancelledError
            return self.about

    def stop(self) -> None:
        """End the child now. A call that waits in another thread raises CancelledError."""
        child, self._child = self._child, None
        if child is not None:
            self._stopped_by_us = True
            child.end()

    def _start(self) -> None:
        check_library(self.module)
        before = self._child
        if before is not None:
            before.end()
        self._stopped_by_us, self.about = False, None
        self.generation += 1
        self._child = _Child(self._environment)
        loaded = self._exchange(LoadModule(str(self.module)), None, self.deadlines.load_s)
        if isinstance(loaded, ModuleLoaded):
            self.about = loaded
            return
        self.stop()
        if isinstance(loaded, NotLoaded):
            match loaded.cause:
                case "missing":
                    raise ModuleMissing(module=str(self.module))
                case "not_pkcs11":
                    raise ModuleNotPkcs11(module=str(self.module))
            raise ModuleLoadFailed(module=str(self.module), reason=loaded.detail)
        raise self._unexpected(loaded)

    def _exchange(self, ask: Ask, secret: bytearray | None, deadline_s: float) -> Message:
        child = self._child
        if child is None:       # `stop` came in between
            raise CancelledError
        try:
            child.send(ask, secret)
            return child.receive(deadline_s)
        except Empty:
            self._lose(child)
            raise ModuleHung(module=str(self.module), seconds=round(deadline_s), doing=type(ask).__name__) from None
        except (EOFError, OSError, Garbled, ValueError):      # ValueError: `stop` has just closed the pipe
            self._lose(child)
            if self._stopped_by_us:
                raise CancelledError from None
            raise ModuleCrashed(module=str(self.module), how=child.how_it_ended(),
                                doing=type(ask).__name__) from None

    def _lose(self, child: _Child) -> None:
        child.end()
        if self._child is child:
            self._child = None

    def _unexpected(self, got: Message) -> RuntimeError:
        return RuntimeError(f"the module's process answered {type(got).__name__}")


class _Child:
    """A running child, its pipes, and the thread that reads its answers."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-P", "-m", "signing.tokens.child"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0,
            env=_child_environment(environment),
            creationflags=_NO_WINDOW)
        assert self.process.stdin is not None and self.process.stdout is not None
        self._to = cast("BinaryIO", self.process.stdin)
        self._from = cast("BinaryIO", self.process.stdout)
        self._answers: SimpleQueue[Message | Exception] = SimpleQueue()
        self._ended = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True, name="token answers")
        self._reader.start()

    def send(self, ask: Ask, secret: bytearray | None) -> None:
        write_all(self._to, frame(ask, secret))
        if secret:
            write_all(self._to, secret)

    def receive(self, deadline_s: float) -> Message:
        got = self._answers.get(timeout=deadline_s)
        if isinstance(got, Exception):
            raise got
        return got

    def _read(self) -> None:
        try:
            while True:
                message, _ = read_frame(lambda length: read_exactly(self._from, length))
                self._answers.put(message)
        except (EOFError, OSError, Garbled, ValueError) as error:
            self._answers.put(EOFError() if isinstance(error, ValueError) else error)

    def end(self) -> None:
        """Close the pipes, wait a moment, kill. May be called twice, and from another thread."""
        with self._ended:
            with suppress(OSError):
                self._to.close()
            try:
                self.process.wait(GOODBYE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            # a process the module forked may hold the pipe's other end: then the thread is left to itself
            self._reader.join(GOODBYE_S)
            if not self._reader.is_alive():
                self._from.close()

    def how_it_ended(self) -> str:
        """The signal's name, or the exit code."""
        code = self.process.returncode
        if code is not None and code < 0:
            with suppress(ValueError):
                return signal.Signals(-code).name
        return f"0x{code & 0xFFFFFFFF:08X}" if code is not None else ""


def _child_environment(extra: Mapping[str, str]) -> dict[str, str]:
    """Ours, what the module needs, and the place this package was loaded from (`-P` keeps the current folder out)."""
    paths = [str(SOURCE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, **extra, "PYTHONPATH": os.pathsep.join(paths)}


_hosts: dict[tuple[str, frozenset[tuple[str, str]]], ModuleHost] = {}
_hosts_lock = threading.Lock()


def host_of(module: Path, environment: Mapping[str, str] | None = None) -> ModuleHost:
    """The one host of a library in this program (a second environment makes a second one)."""
    key = str(module.absolute()), frozenset((environment or {}).items())
    with _hosts_lock:
        if key not in _hosts:
            _hosts[key] = ModuleHost(module.absolute(), environment=environment)
        return _hosts[key]


def close_hosts() -> None:
    """End every child. The hosts stay usable: the next ask starts a child again."""
    with _hosts_lock:
        hosts = list(_hosts.values())
    for host in hosts:
        host.stop()


atexit.register(close_hosts)
