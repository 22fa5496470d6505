"""Keys that fail late: some signatures work, then the device is gone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from docclient.errors import Trouble
from signing.keys import Key, Scheme, TokenIdentity


class FailingKey:
    """A real key that works `good` times and then raises what `trouble` makes, every time."""

    def __init__(self, key: Key, good: int, trouble: Callable[[], Trouble]) -> None:
        self._key, self._good, self._trouble = key, good, trouble
        self.made = 0

    @property
    def certificate(self) -> bytes:
        return self._key.certificate

    @property
    def other_certificates(self) -> Sequence[bytes]:
        return self._key.other_certificates

    @property
    def token(self) -> TokenIdentity | None:
        return self._key.token

    @property
    def schemes(self) -> Sequence[Scheme]:
        return self._key.schemes

    def sign(self, message: bytes, *, digest: str, scheme: Scheme) -> bytes:
        if self.made >= self._good:
            raise self._trouble()
        self.made += 1
        return self._key.sign(message, digest=digest, scheme=scheme)

    def close(self) -> None:
        self._key.close()
