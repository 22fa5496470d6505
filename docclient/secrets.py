"""Secrets of signing accounts: in the system's safe (Windows Credential Manager, macOS Keychain, Secret Service), or
for this session only. Never in a file of ours, never in the settings.

    secrets = Secrets()
    kept = secrets.put("signing account: VNPT", secret)      # Kept.SAFE, or Kept.SESSION where there is no safe
    secrets.get("signing account: VNPT")

Only a safe that `keyring` itself recommends is used: a backend that writes plain files counts as none.
"""

from __future__ import annotations

import threading
from enum import StrEnum
from typing import Protocol

from docclient.errors import ServiceTrouble
from signing.tokens.messages import wipe

SERVICE = "docclient"
RECOMMENDED = 1.0     # keyring's own measure: below it stand backends for want of a better one


class SafeMissing(ServiceTrouble):
    """This machine has no safe for passwords, or it is locked. What was typed holds for this session only."""

    code = "secret.no_safe"


class Kept(StrEnum):
    """Where a secret is; words: `secret_kept.<value>`."""

    SAFE = "safe"
    SESSION = "session"
    NOWHERE = "nowhere"


class Safe(Protocol):
    """The part of a keyring's backend that is used here."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class Secrets:
    """Secrets by name. May be used from several threads; a call may wait for a person who unlocks the safe."""

    def __init__(self, safe: Safe | None = None) -> None:
        """safe: this one instead of the system's."""
        self._given = safe
        self._session: dict[str, bytearray] = {}
        self._lock = threading.Lock()

    def put(self, name: str, secret: bytearray, *, session_only: bool = False) -> Kept:
        """Keep `secret` (UTF-8), which is overwritten. Where there is no safe it is kept for this session."""
        try:
            with self._lock:
                safe = None if session_only else self._safe()
                if safe is not None and _written(safe, name, secret):
                    self._forget_session(name)
                    return Kept.SAFE
                self._forget_session(name)
                self._session[name] = bytearray(secret)
                return Kept.SESSION
        finally:
            wipe(secret)

    def get(self, name: str) -> bytearray | None:
        """The secret, for the caller to overwrite; None when it is not kept, or the safe does not open."""
        with self._lock:
            if name in self._session:
                return bytearray(self._session[name])
            found = _read(self._safe(), name)
            return None if found is None else bytearray(found.encode("utf-8"))

    def where(self, name: str) -> Kept:
        with self._lock:
            if name in self._session:
                return Kept.SESSION
            return Kept.NOWHERE if _read(self._safe(), name) is None else Kept.SAFE

    def forget(self, name: str) -> None:
        """Forget it in both places; one that is not there is forgotten already."""
        from keyring.errors import KeyringError

        with self._lock:
            self._forget_session(name)
            safe = self._safe()
            if safe is not None and _read(safe, name) is not None:
                try:
                    safe.delete_password(SERVICE, name)
                except KeyringError as error:
                    raise SafeMissing from error

    def close(self) -> None:
        """Overwrite what was kept for this session."""
        with self._lock:
            for name in list(self._session):
                self._forget_session(name)

    @property
    def has_safe(self) -> bool:
        with self._lock:
            return self._safe() is not None

    def _safe(self) -> Safe | None:
        return self._given or system_safe()

    def _forget_session(self, name: str) -> None:
        wipe(self._session.pop(name, None))


def system_safe() -> Safe | None:
    """The system's own safe; None where there is none that is worth the name."""
    import keyring
    from keyring.backends.chainer import ChainerBackend

    found = keyring.get_keyring()
    if isinstance(found, ChainerBackend):      # it writes into the first of its backends
        found = next(iter(found.backends), found)
    try:
        recommended = float(found.priority) >= RECOMMENDED
    except (RuntimeError, TypeError, ValueError):      # a backend whose platform is missing says so this way
        return None
    return found if recommended else None


def safe_name() -> str | None:
    """What the system's safe calls itself; None without one."""
    safe = system_safe()
    return None if safe is None else str(getattr(safe, "name", type(safe).__name__))


def _written(safe: Safe, name: str, secret: bytearray) -> bool:
    from keyring.errors import KeyringError

    try:
        safe.set_password(SERVICE, name, secret.decode("utf-8"))
    except (KeyringError, UnicodeDecodeError):
        return False
    return True


def _read(safe: Safe | None, name: str) -> str | None:
    from keyring.errors import KeyringError

    try:
        return None if safe is None else safe.get_password(SERVICE, name)
    except KeyringError:
        return None
