"""The key that `docclient sign` was told to use, opened for as long as the batch lasts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from docclient.command_line.pin import PinSource
from docclient.errors import WrongUse
from signing.keys import Key


class KeyNotNamed(WrongUse):
    """Neither a token nor a key file was named, or both."""

    code = "sign.key_not_named"


@contextmanager
def opened(module: Path | None, token: str | None, cert: str | None, p12: Path | None, pin: PinSource,
           last_try: bool) -> Iterator[Key]:
    """The unlocked key, let go at the end. Raises KeyTrouble and its children, FileNotReadable."""
    from signing.tokens.host import close_hosts
    from signing.tokens.pkcs11 import open_token_key
    from signing.tokens.pkcs12 import open_key_file

    key: Key
    try:
        if p12 is not None:
            key = open_key_file(p12, pin.read("pin_prompt.key_file"))
        else:
            assert module is not None
            key = open_token_key(module, token=token, certificate=cert, pin=pin.for_token,
                                 last_try_allowed=last_try)
        try:
            yield key
        finally:
            key.close()
    finally:
        close_hosts()
