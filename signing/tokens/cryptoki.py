"""PKCS#11 (Cryptoki) as a module offers it, by ctypes; used only inside the child process.

Why not python-pkcs11: it asks `C_Sign` for a length first and fails where a module answers 0, one odd slot fails its
whole list, a refused login leaves its session open, return codes it has no class for lose their number, PINs become
immutable strings, and it cannot initialise a token (docs/decisions/2026-11-21-own-pkcs11-binding.md).

Source: OASIS PKCS #11 Cryptographic Token Interface Base Specification 2.40, chapters 3 to 5. CK_ULONG is C's
`unsigned long`; on Windows the structures are packed to one byte.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator, Mapping
from ctypes import POINTER, byref, c_char, c_ubyte, c_ulong, c_void_p
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OK = 0x0
NO_EVENT = 0x8
BUFFER_TOO_SMALL = 0x150
FUNCTION_NOT_SUPPORTED = 0x54
CRYPTOKI_ALREADY_INITIALIZED = 0x191
ATTRIBUTE_UNREADABLE = {0x11, 0x12, 0x150}         # sensitive, no such type, too large

TOKEN_PRESENT = 0x1
DONT_BLOCK = 0x1
RW_SESSION, SERIAL_SESSION = 0x2, 0x4
USER_OFFICER, USER_NORMAL, USER_CONTEXT_SPECIFIC = 0, 1, 2

UNAVAILABLE = c_ulong(-1).value
ATTRIBUTE_ROOM = 4096
ATTRIBUTE_LIMIT = 1 << 20
SIGNATURE_ROOM = 1024                              # RSA-8192


class Refusal(Exception):
    """A function answered something other than CKR_OK."""

    def __init__(self, function: str, code: int) -> None:
        super().__init__(f"{function}: 0x{code:08X}")
        self.function, self.code = function, code


class NotAModule(Exception):
    """The library was loaded and is no PKCS#11 module."""


class _Structure(ctypes.Structure):
    if sys.platform == "win32":
        _pack_ = 1


class Version(_Structure):
    _fields_ = [("major", c_ubyte), ("minor", c_ubyte)]

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"


class Info(_Structure):
    _fields_ = [("cryptoki_version", Version), ("manufacturer", c_char * 32), ("flags", c_ulong),
                ("description", c_char * 32), ("library_version", Version)]


class SlotInfo(_Structure):
    _fields_ = [("description", c_char * 64), ("manufacturer", c_char * 32), ("flags", c_ulong),
                ("hardware_version", Version), ("firmware_version", Version)]


class TokenInfo(_Structure):
    _fields_ = [("label", c_ubyte * 32), ("manufacturer", c_ubyte * 32), ("model", c_ubyte * 16),
                ("serial", c_ubyte * 16), ("flags", c_ulong), ("max_session_count", c_ulong),
                ("session_count", c_ulong), ("max_rw_session_count", c_ulong), ("rw_session_count", c_ulong),
                ("max_pin_length", c_ulong), ("min_pin_length", c_ulong), ("total_public_memory", c_ulong),
                ("free_public_memory", c_ulong), ("total_private_memory", c_ulong), ("free_private_memory", c_ulong),
                ("hardware_version", Version), ("firmware_version", Version), ("utc_time", c_char * 16)]


class Attribute(_Structure):
    _fields_ = [("type", c_ulong), ("value", c_void_p), ("length", c_ulong)]


class Mechanism(_Structure):
    _fields_ = [("mechanism", c_ulong), ("parameter", c_void_p), ("length", c_ulong)]


class PssParameters(_Structure):
    _fields_ = [("hash", c_ulong), ("mgf", c_ulong), ("salt_length", c_ulong)]


# CK_FUNCTION_LIST, in the order of pkcs11f.h
_FUNCTIONS = (
    "C_Initialize", "C_Finalize", "C_GetInfo", "C_GetFunctionList", "C_GetSlotList", "C_GetSlotInfo",
    "C_GetTokenInfo", "C_GetMechanismList", "C_GetMechanismInfo", "C_InitToken", "C_InitPIN", "C_SetPIN",
    "C_OpenSession", "C_CloseSession", "C_CloseAllSessions", "C_GetSessionInfo", "C_GetOperationState",
    "C_SetOperationState", "C_Login", "C_Logout", "C_CreateObject", "C_CopyObject", "C_DestroyObject",
    "C_GetObjectSize", "C_GetAttributeValue", "C_SetAttributeValue", "C_FindObjectsInit", "C_FindObjects",
    "C_FindObjectsFinal", "C_EncryptInit", "C_Encrypt", "C_EncryptUpdate", "C_EncryptFinal", "C_DecryptInit",
    "C_Decrypt", "C_DecryptUpdate", "C_DecryptFinal", "C_DigestInit", "C_Digest", "C_DigestUpdate", "C_DigestKey",
    "C_DigestFinal", "C_SignInit", "C_Sign", "C_SignUpdate", "C_SignFinal", "C_SignRecoverInit", "C_SignRecover",
    "C_VerifyInit", "C_Verify", "C_VerifyUpdate", "C_VerifyFinal", "C_VerifyRecoverInit", "C_VerifyRecover",
    "C_DigestEncryptUpdate", "C_DecryptDigestUpdate", "C_SignEncryptUpdate", "C_DecryptVerifyUpdate",
    "C_GenerateKey", "C_GenerateKeyPair", "C_WrapKey", "C_UnwrapKey", "C_DeriveKey", "C_SeedRandom",
    "C_GenerateRandom", "C_GetFunctionStatus", "C_CancelFunction", "C_WaitForSlotEvent",
)
_WITH_SLOT_EVENTS = (2, 1)      # C_WaitForSlotEvent came with 2.01: the list of an older module ends before it


class FunctionList(_Structure):
    _fields_ = [("version", Version), *((name, c_void_p) for name in _FUNCTIONS)]


_ULONGS = POINTER(c_ulong)
_ARGUMENTS: dict[str, tuple[Any, ...]] = {
    "C_Initialize": (c_void_p,),
    "C_GetInfo": (POINTER(Info),),
    "C_GetSlotList": (c_ubyte, _ULONGS, _ULONGS),
    "C_GetSlotInfo": (c_ulong, POINTER(SlotInfo)),
    "C_GetTokenInfo": (c_ulong, POINTER(TokenInfo)),
    "C_GetMechanismList": (c_ulong, _ULONGS, _ULONGS),
    "C_InitToken": (c_ulong, c_void_p, c_ulong, c_void_p),
    "C_InitPIN": (c_ulong, c_void_p, c_ulong),
    "C_SetPIN": (c_ulong, c_void_p, c_ulong, c_void_p, c_ulong),
    "C_OpenSession": (c_ulong, c_ulong, c_void_p, c_void_p, _ULONGS),
    "C_CloseSession": (c_ulong,),
    "C_Login": (c_ulong, c_ulong, c_void_p, c_ulong),
    "C_Logout": (c_ulong,),
    "C_CreateObject": (c_ulong, POINTER(Attribute), c_ulong, _ULONGS),
    "C_GetAttributeValue": (c_ulong, c_ulong, POINTER(Attribute), c_ulong),
    "C_FindObjectsInit": (c_ulong, POINTER(Attribute), c_ulong),
    "C_FindObjects": (c_ulong, _ULONGS, c_ulong, _ULONGS),
    "C_FindObjectsFinal": (c_ulong,),
    "C_SignInit": (c_ulong, POINTER(Mechanism), c_ulong),
    "C_Sign": (c_ulong, c_void_p, c_ulong, c_void_p, _ULONGS),
    "C_WaitForSlotEvent": (c_ulong, _ULONGS, c_void_p),
}


@dataclass(frozen=True, slots=True)
class Pss:
    """The parameters of RSASSA-PSS as mechanism numbers, and the salt's length in bytes."""

    hash: int
    mgf: int
    salt_length: int


class Cryptoki:
    """One loaded module. Its methods raise Refusal for every answer but CKR_OK, with the function and the number."""

    def __init__(self, path: Path) -> None:
        """Load and initialise. Raises OSError (not loadable), NotAModule, Refusal."""
        # on Windows: also look for the library's companions beside it (LOAD_WITH_ALTERED_SEARCH_PATH)
        library = ctypes.CDLL(str(path), winmode=0x8) if sys.platform == "win32" else ctypes.CDLL(str(path))
        try:
            get_function_list = library.C_GetFunctionList
        except AttributeError:
            raise NotAModule from None
        get_function_list.argtypes = (POINTER(POINTER(FunctionList)),)
        get_function_list.restype = c_ulong
        found = POINTER(FunctionList)()
        code = get_function_list(byref(found))
        if code != OK or not found:
            raise NotAModule
        self._library = library
        version = found.contents.version
        short = (version.major, version.minor) < _WITH_SLOT_EVENTS
        self._functions = {
            name: ctypes.CFUNCTYPE(c_ulong, *arguments)(address)
            for name, arguments in _ARGUMENTS.items()
            if not (short and name == "C_WaitForSlotEvent") and (address := getattr(found.contents, name))
        }
        # no locks are asked for: this process calls from one thread
        self._call("C_Initialize", None, accept={CRYPTOKI_ALREADY_INITIALIZED})
        self.info = Info()
        self._call("C_GetInfo", byref(self.info))

    def _call(self, name: str, *arguments: Any, accept: set[int] | None = None) -> int:
        if (function := self._functions.get(name)) is None:
            raise Refusal(name, FUNCTION_NOT_SUPPORTED)
        code = int(function(*arguments))
        if code != OK and code not in (accept or ()):
            raise Refusal(name, code)
        return code

    def slots(self) -> list[int]:
        """Every slot, with or without a token. Asking for the length first makes the module look again (5.5)."""
        count = c_ulong(0)
        self._call("C_GetSlotList", 0, None, byref(count))
        return self._numbers("C_GetSlotList", (0,), max(count.value, 64))

    def mechanisms(self, slot: int) -> list[int]:
        return self._numbers("C_GetMechanismList", (slot,), 512)

    def _numbers(self, name: str, arguments: tuple[int, ...], room: int) -> list[int]:
        """A list that is fetched at once, with room to spare: some modules answer 0 when asked for its length."""
        while True:
            count = c_ulong(room)
            numbers = (c_ulong * room)()
            if self._call(name, *arguments, numbers, byref(count), accept={BUFFER_TOO_SMALL}) == OK:
                return list(numbers[: min(count.value, room)])
            room *= 4
            if room > 1 << 16:
                raise Refusal(name, BUFFER_TOO_SMALL)

    def slot_info(self, slot: int) -> SlotInfo:
        info = SlotInfo()
        self._call("C_GetSlotInfo", slot, byref(info))
        return info

    def token_info(self, slot: int) -> TokenInfo:
        info = TokenInfo()
        self._call("C_GetTokenInfo", slot, byref(info))
        return info

    def slot_event(self) -> int | None:
        """The slot of one pending event (a token came or went), None when there is none; never waits.

        Waiting inside the module would keep everything else from being asked of it. Some modules never announce
        anything, so silence proves nothing. Raises Refusal where the module does not offer it.
        """
        slot = c_ulong(0)
        code = self._call("C_WaitForSlotEvent", DONT_BLOCK, byref(slot), None, accept={NO_EVENT})
        return slot.value if code == OK else None

    def open_session(self, slot: int, *, writable: bool = False) -> int:
        session = c_ulong(0)
        flags = SERIAL_SESSION | (RW_SESSION if writable else 0)
        self._call("C_OpenSession", slot, flags, None, None, byref(session))
        return session.value

    def close_session(self, session: int) -> None:
        self._call("C_CloseSession", session)

    def login(self, session: int, user: int, secret: bytearray | None) -> None:
        """Without `secret` the token asks by itself (3.4, CKF_PROTECTED_AUTHENTICATION_PATH)."""
        self._call("C_Login", session, user, *_pointer_and_length(secret))

    def logout(self, session: int) -> None:
        self._call("C_Logout", session)

    def init_token(self, slot: int, officer_pin: bytearray, label: str) -> None:
        padded = bytearray(label.encode("utf-8").ljust(32))
        pointer, _ = _pointer_and_length(padded)
        self._call("C_InitToken", slot, *_pointer_and_length(officer_pin), pointer)

    def init_pin(self, session: int, pin: bytearray | None) -> None:
        """Set the user's PIN, in the security officer's session; without `pin` the token asks by itself."""
        self._call("C_InitPIN", session, *_pointer_and_length(pin))

    def set_pin(self, session: int, both: bytearray | None, old_length: int) -> None:
        """Replace the PIN: `both` holds the old one and directly after it the new one; None where the token asks."""
        if both is None:
            self._call("C_SetPIN", session, None, 0, None, 0)
            return
        old, _ = _pointer_and_length(both, 0, old_length)
        new, new_length = _pointer_and_length(both, old_length, len(both) - old_length)
        self._call("C_SetPIN", session, old, old_length, new, new_length)

    def create(self, session: int, template: Mapping[int, bytes | bytearray]) -> int:
        handle = c_ulong(0)
        attributes, _keep = _template(template)
        self._call("C_CreateObject", session, attributes, len(template), byref(handle))
        return handle.value

    def objects(self, session: int, template: Mapping[int, bytes | bytearray]) -> Iterator[int]:
        """The objects that match; the search is closed when the iteration ends."""
        attributes, _keep = _template(template)
        self._call("C_FindObjectsInit", session, attributes, len(template))
        try:
            while True:
                found, count = (c_ulong * 32)(), c_ulong(0)
                self._call("C_FindObjects", session, found, 32, byref(count))
                if count.value == 0:
                    return
                yield from found[: min(count.value, 32)]
        finally:
            self._call("C_FindObjectsFinal", session)

    def attribute(self, session: int, handle: int, kind: int) -> bytes | None:
        """One attribute; None where the object has none or the token keeps it to itself."""
        room = ATTRIBUTE_ROOM
        while True:
            buffer = (c_ubyte * room)()
            wanted = Attribute(kind, ctypes.cast(buffer, c_void_p), room)
            code = self._call("C_GetAttributeValue", session, handle, byref(wanted), 1, accept=ATTRIBUTE_UNREADABLE)
            if code == OK:
                return bytes(buffer[: wanted.length]) if wanted.length <= room else None
            if code != BUFFER_TOO_SMALL or room >= ATTRIBUTE_LIMIT:
                return None
            room *= 16

    def sign(self, session: int, key: int, mechanism: int, pss: Pss | None, data: bytes, expected: int, *,
             reaffirm: bytearray | None = None, asks_each_time: bool = False) -> bytes:
        """One signature in one call, with room to spare instead of a question for its length.

        Args:
            expected: the signature's length in bytes, for modules that leave the length at 0.
            reaffirm: the PIN of a key with CKA_ALWAYS_AUTHENTICATE; None where the token asks for it by itself.
        """
        parameter = PssParameters(pss.hash, pss.mgf, pss.salt_length) if pss else None
        chosen = Mechanism(mechanism, ctypes.cast(ctypes.pointer(parameter), c_void_p) if parameter else None,
                           ctypes.sizeof(parameter) if parameter else 0)
        self._call("C_SignInit", session, byref(chosen), key)
        if asks_each_time:
            self.login(session, USER_CONTEXT_SPECIFIC, reaffirm)
        content = (c_ubyte * len(data)).from_buffer_copy(data)
        room = SIGNATURE_ROOM
        while True:
            signature, length = (c_ubyte * room)(), c_ulong(room)
            code = self._call("C_Sign", session, content, len(data), signature, byref(length),
                              accept={BUFFER_TOO_SMALL} if room == SIGNATURE_ROOM else None)
            if code == OK:
                return bytes(signature[: min(length.value or expected, room)])
            room = 16 * SIGNATURE_ROOM


def text(padded: object) -> str:
    """A blank-padded field as text; bytes that are not UTF-8 show as the replacement sign (some labels are cp1252)."""
    return bytes(padded).split(b"\0", 1)[0].decode("utf-8", errors="replace").strip()  # type: ignore[call-overload,no-any-return]


def _pointer_and_length(buffer: bytearray | None, begin: int = 0, length: int | None = None) -> tuple[Any, int]:
    """The buffer itself (or a part of it), not a copy, so that wiping it wipes all there is."""
    if buffer is None:
        return None, 0
    count = len(buffer) if length is None else length
    return (c_ubyte * count).from_buffer(buffer, begin), count


def _template(values: Mapping[int, bytes | bytearray]) -> tuple[Any, list[Any]]:
    keep = [(c_ubyte * len(value)).from_buffer_copy(value) for value in values.values()]
    attributes = (Attribute * len(values))(*(
        Attribute(kind, ctypes.cast(buffer, c_void_p), ctypes.sizeof(buffer))
        for kind, buffer in zip(values, keep, strict=True)))
    return attributes, keep
