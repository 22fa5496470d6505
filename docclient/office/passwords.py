"""What is kept of a password: its argon2id hash. The password itself is in no journal, log, error or row."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import SecretStr

from docclient.office.errors import FieldWrong, Why

SHORTEST = 12             # letters; length is what helps (NIST SP 800-63B, 5.1.1)


@cache
def hasher() -> PasswordHasher:
    return PasswordHasher()        # argon2id with the library's parameters (RFC 9106, low memory)


@cache
def nobodys_hash() -> str:
    """Checked where there is no account, so that it takes as long as where there is one."""
    return hasher().hash("nobody's password")


def hash_of(password: SecretStr) -> str:
    return hasher().hash(password.get_secret_value())


def holds(known: str, password: SecretStr) -> bool:
    try:
        return hasher().verify(known, password.get_secret_value())
    except (VerificationError, InvalidHashError):
        return False


def must_be_long_enough(password: SecretStr, field: str) -> None:
    """Raises: FieldWrong."""
    if len(password.get_secret_value()) < SHORTEST:
        raise FieldWrong(field, Why.TOO_SHORT)
