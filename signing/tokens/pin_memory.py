"""PINs that a token has refused in this process, so that none is sent twice; only keyed digests are remembered."""

from __future__ import annotations

import hashlib
import secrets
import threading


class PinMemory:
    """Digests under a key that lives and dies with this process; a PIN cannot be worked out from them elsewhere."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._refused: dict[str, set[bytes]] = {}
        self._lock = threading.Lock()

    def was_refused(self, serial: str, pin: bytearray) -> bool:
        with self._lock:
            return self._digest(serial, pin) in self._refused.get(serial, ())

    def digest(self, serial: str, pin: bytearray) -> bytes:
        """Taken before the PIN is sent, since sending overwrites it."""
        return self._digest(serial, pin)

    def refused(self, serial: str, digest: bytes) -> None:
        with self._lock:
            self._refused.setdefault(serial, set()).add(digest)

    def accepted(self, serial: str) -> None:
        """A PIN was right; what was wrong before may become right only by a change of PIN, which starts anew."""
        with self._lock:
            self._refused.pop(serial, None)

    def _digest(self, serial: str, pin: bytearray) -> bytes:
        return hashlib.blake2b(pin, key=self._key, salt=hashlib.sha256(serial.encode()).digest()[:16]).digest()


refused_pins = PinMemory()
