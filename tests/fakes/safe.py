"""A safe for passwords in memory, in the system's place."""

from __future__ import annotations

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class MemorySafe(KeyringBackend):
    """content: by (service, name). locked: as a safe whose person did not open it."""

    priority = 5.0  # type: ignore[assignment]
    name = "Két thử"

    def __init__(self) -> None:
        super().__init__()
        self.content: dict[tuple[str, str], str] = {}
        self.locked = False

    def get_password(self, service: str, username: str) -> str | None:
        self._look()
        return self.content.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._look()
        self.content[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._look()
        if self.content.pop((service, username), None) is None:
            raise PasswordDeleteError(username)

    def _look(self) -> None:
        if self.locked:
            raise KeyringLocked("closed")
