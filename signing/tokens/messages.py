"""What a host asks its child process and what the child answers: small typed messages over a pipe.

A frame is a mark, two lengths, a JSON object, and perhaps a secret (a PIN): the secret travels as raw bytes beside the
JSON, so that it never becomes an immutable string on either side. Decoding builds only the classes listed here and
checks every field's type: a module that scribbles on the child's memory can break the conversation, not steer this
program.
"""

from __future__ import annotations

import json
import struct
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from types import NoneType, UnionType
from typing import Any, BinaryIO, get_args, get_origin, get_type_hints

MARK = b"dct1"
HEAD = struct.Struct(">4sII")
MESSAGE_LIMIT = 16 << 20      # bytes of JSON: a token's certificates
SECRET_LIMIT = 64 << 10       # bytes: a PIN, or a key on its way into a soft token


class Garbled(Exception):
    """What came over the pipe is none of our messages."""


# ---- what is asked -------------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class LoadModule:
    path: str


@dataclass(frozen=True, slots=True)
class ListSlots:
    pass


@dataclass(frozen=True, slots=True)
class LookAround:
    """Has a token come or gone? Pending slot events are fetched; the slots themselves are read when one was announced,
    and anyway when `whole` is asked for, because many modules announce nothing."""

    whole: bool


@dataclass(frozen=True, slots=True)
class ListCertificates:
    """Without a login, in a short session of its own, unless an open one is named."""

    slot: int
    session: int | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """`serial`: the token that must be in the slot; another one is refused with CKR_TOKEN_NOT_PRESENT."""

    slot: int
    serial: str
    writable: bool = False


@dataclass(frozen=True, slots=True)
class LogIn:
    """With the PIN as the frame's secret, or without one where the token asks by itself.

    The token's flags are read immediately before: a locked PIN is never tried, the last try only with consent. That
    holds for the user's PIN and for the security officer's.
    """

    session: int
    last_try_allowed: bool = False
    as_officer: bool = False


@dataclass(frozen=True, slots=True)
class FindKey:
    """The private key that belongs to a certificate: by public value first, by id second."""

    session: int
    id: bytes
    public_value: bytes       # RSA: the modulus, big endian, no leading zeros; EC: the uncompressed point


@dataclass(frozen=True, slots=True)
class MakeSignature:
    """`pss`: mechanism numbers of digest and mask function, salt length in bytes. `expected`: bytes of the result."""

    session: int
    key: int
    mechanism: int
    pss: tuple[int, ...]
    data: bytes
    expected: int


@dataclass(frozen=True, slots=True)
class CloseSession:
    session: int


@dataclass(frozen=True, slots=True)
class InitialiseToken:
    """With the security officer's PIN as secret."""

    slot: int
    label: str


@dataclass(frozen=True, slots=True)
class SetFirstPin:
    """C_InitPIN: in a writable session of the security officer, with the user's PIN as secret: the first one, or a new
    one that also unblocks. Without a secret the token asks by itself."""

    session: int


@dataclass(frozen=True, slots=True)
class ChangePin:
    """C_SetPIN: with the old and directly after it the new PIN as secret; without one where the token asks by itself.

    `old_length`: bytes of the old PIN.
    """

    session: int
    old_length: int


@dataclass(frozen=True, slots=True)
class StoreKey:
    """With the private key as secret: PKCS#8 DER, unencrypted. `asks_each_time`: CKA_ALWAYS_AUTHENTICATE."""

    session: int
    id: bytes
    label: str
    asks_each_time: bool = False


@dataclass(frozen=True, slots=True)
class StoreCertificate:
    """`private`: shown only after a login."""

    session: int
    id: bytes
    label: str
    certificate: bytes
    private: bool = False


# ---- what is answered ----------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class ModuleLoaded:
    manufacturer: str
    description: str
    cryptoki_version: str
    library_version: str


@dataclass(frozen=True, slots=True)
class TokenFound:
    """What C_GetTokenInfo says of the token in `slot`. PIN lengths in bytes, as the token gives them."""

    slot: int
    label: str
    serial: str
    model: str
    manufacturer: str
    flags: int
    least_pin_length: int
    greatest_pin_length: int


@dataclass(frozen=True, slots=True)
class SlotFound:
    """A slot; `token` is None when it is empty or when reading it was refused with `code`."""

    slot: int
    description: str
    token: TokenFound | None
    code: int | None


@dataclass(frozen=True, slots=True)
class SlotsListed:
    slots: tuple[SlotFound, ...]


@dataclass(frozen=True, slots=True)
class LookedAround:
    """`whole`: the slots were read and stand in `slots`. `announced`: slots of the events that were pending.

    `tells`: the module offers slot events at all.
    """

    slots: tuple[SlotFound, ...]
    whole: bool
    announced: tuple[int, ...]
    tells: bool


@dataclass(frozen=True, slots=True)
class CertificateFound:
    id: bytes
    label: str | None
    certificate: bytes


@dataclass(frozen=True, slots=True)
class CertificatesListed:
    certificates: tuple[CertificateFound, ...]


@dataclass(frozen=True, slots=True)
class SessionOpened:
    session: int


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """`asks_each_time`: some private key wants its PIN again for every signature (CKA_ALWAYS_AUTHENTICATE)."""

    asks_each_time: bool


@dataclass(frozen=True, slots=True)
class KeyFound:
    key: int
    asks_each_time: bool
    mechanisms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SignatureMade:
    value: bytes


@dataclass(frozen=True, slots=True)
class Done:
    pass


@dataclass(frozen=True, slots=True)
class NotFound:
    """The token was asked and holds no such object."""


@dataclass(frozen=True, slots=True)
class NotLoaded:
    """`cause`: missing, not_pkcs11, load_failed or refused; `detail`: the system's own words."""

    cause: str
    detail: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A function answered something other than CKR_OK.

    `token`: what the slot holds now, None when nothing; `token_known` is False when even that could not be read.
    """

    function: str
    code: int
    token: TokenFound | None
    token_known: bool


@dataclass(frozen=True, slots=True)
class PinHeldBack:
    """C_Login was not called: the token says the PIN is locked, or that one try is left and consent is missing."""

    token: TokenFound
    locked: bool


@dataclass(frozen=True, slots=True)
class ChildFault:
    """Our own code in the child failed: where, without any value."""

    where: str


Ask = (LoadModule | ListSlots | LookAround | ListCertificates | OpenSession | LogIn | FindKey | MakeSignature
       | CloseSession | InitialiseToken | SetFirstPin | ChangePin | StoreKey | StoreCertificate)
Answer = (ModuleLoaded | TokenFound | SlotFound | SlotsListed | LookedAround | CertificateFound | CertificatesListed
          | SessionOpened | LoggedIn | KeyFound | SignatureMade | Done | NotFound | NotLoaded | Refused | PinHeldBack
          | ChildFault)
Message = Ask | Answer

_KINDS: dict[str, type] = {kind.__name__: kind for kind in get_args(Message)}


# ---- bytes ---------------------------------------------------------------------------------------------------------

def frame(content: Message, secret: bytearray | None = None) -> bytes:
    """The head and JSON of a frame; the sender writes `secret` itself directly after them."""
    body = json.dumps(_plain(content), separators=(",", ":")).encode("utf-8")
    return HEAD.pack(MARK, len(body), len(secret or b"")) + body


def read_frame(read_exactly: Callable[[int], bytearray]) -> tuple[Message, bytearray]:
    """The next message and its secret (empty without one).

    Raises: Garbled; EOFError from `read_exactly` when the other side is gone.
    """
    mark, length, secret_length = HEAD.unpack(read_exactly(HEAD.size))
    if mark != MARK or length > MESSAGE_LIMIT or secret_length > SECRET_LIMIT:
        raise Garbled
    body = read_exactly(length)
    secret = read_exactly(secret_length)
    try:
        return _built(json.loads(body)), secret
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Garbled from error


def read_exactly(source: BinaryIO, length: int) -> bytearray:
    """`length` bytes of an unbuffered stream, straight into the buffer that is returned. Raises EOFError."""
    buffer = bytearray(length)
    view, filled = memoryview(buffer), 0
    while filled < length:
        count = source.readinto(view[filled:])  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        filled += count
    return buffer


def write_all(target: BinaryIO, content: bytes | bytearray) -> None:
    """All of `content` into an unbuffered stream, without a copy of it."""
    with memoryview(content) as view:
        sent = 0
        while sent < len(view):
            sent += target.write(view[sent:])


def wipe(secret: bytearray | None) -> None:
    """Overwrite a secret where it lies. Python may hold no other copy: nothing here makes one."""
    if secret is not None:
        secret[:] = bytes(len(secret))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if type(value).__name__ in _KINDS:
        return {"kind": type(value).__name__, **{f.name: _plain(getattr(value, f.name)) for f in fields(value)}}
    return value


def _built(plain: dict[str, Any]) -> Any:
    kind = _KINDS[plain["kind"]]
    hints = _hints(kind)
    if plain.keys() != {"kind", *hints}:
        raise ValueError("other fields than the message has")
    return kind(**{name: _value(plain[name], hint) for name, hint in hints.items()})


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(plain: Any, hint: Any) -> Any:
    if isinstance(hint, UnionType):
        if plain is None and NoneType in get_args(hint):
            return None
        (hint,) = (member for member in get_args(hint) if member is not NoneType)
    if get_origin(hint) is tuple:
        if not isinstance(plain, list):
            raise TypeError("not a list")
        return tuple(_value(item, get_args(hint)[0]) for item in plain)
    if hint is bytes:
        return b64decode(plain, validate=True)
    if hint in {int, str, bool}:
        if type(plain) is not hint:
            raise TypeError(f"not {hint.__name__}")
        return plain
    built = _built(plain)
    if not isinstance(built, hint):
        raise TypeError("another message than the field holds")
    return built
