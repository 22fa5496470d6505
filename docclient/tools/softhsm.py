"""SoftHSM 2: a PKCS#11 token in software, in a private folder. For the demonstration and for tests.

The store has its own configuration, which only the module's child process is given: neither this process nor any other
store on the machine is touched. Everything goes through the PKCS#11 interface in that child, so that no PIN is ever an
argument of a program. SoftHSM never locks a PIN; it is no place for a real signing key (TT 15/2025 Annex I).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from docclient.errors import ProgramMissing
from docclient.tools.running import Program, run
from docclient.words import Phrase
from signing.keys import TokenIdentity
from signing.tokens.host import ModuleHost, host_of
from signing.tokens.messages import (
    CloseSession,
    Done,
    InitialiseToken,
    ListSlots,
    LoggedIn,
    LogIn,
    OpenSession,
    SessionOpened,
    SetFirstPin,
    SlotsListed,
    StoreCertificate,
    StoreKey,
    TokenFound,
)

PROGRAM = Program("SoftHSM 2", ("softhsm2-util", "softhsm2-util.exe"), "softhsm2", "purpose.soft_token",
                  folders=("%PROGRAMFILES%\\SoftHSM2\\bin",))
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
TOKEN_INITIALISED = 0x400
LABEL_LIMIT = 32    # bytes of UTF-8 in CK_TOKEN_INFO


def library() -> Path | None:
    """Where SoftHSM's PKCS#11 library lies on this machine; None when it is not installed."""
    if sys.platform == "win32":
        roots = [Path(os.environ.get("PROGRAMFILES", "C:/Program Files")), Path("C:/")]
        places = [root / "SoftHSM2" / "lib" / "softhsm2-x64.dll" for root in roots]
    else:
        places = [Path(folder) / "softhsm" / "libsofthsm2.so" for folder in ("/usr/lib", "/usr/local/lib", "/usr/lib64",
                                                                             "/opt/homebrew/lib")]
        places += [Path("/usr/lib64/pkcs11/libsofthsm2.so"), Path("/usr/lib64/libsofthsm2.so")]
    return next((place for place in places if place.is_file()), None)


def version() -> str | None:
    """As `softhsm2-util --version` says it; None without the program or without an answer."""
    if PROGRAM.find() is None:
        return None
    finished = run(PROGRAM, ["--version"], deadline_s=20)
    return finished.output.decode("utf-8", "replace").strip() or None if finished.returncode == 0 else None


@dataclass(frozen=True, slots=True)
class SoftHsm:
    """A store. `module` and `environment` are what opens its tokens anywhere else in the program."""

    folder: Path
    module: Path
    environment: Mapping[str, str]

    @classmethod
    def at(cls, folder: Path) -> Self:
        """The store in `folder`, made when it is not there. Raises ProgramMissing, OSError."""
        module = library()
        if module is None:
            raise ProgramMissing(program=PROGRAM.title, purpose=Phrase(PROGRAM.purpose), package=PROGRAM.package)
        tokens = folder.absolute() / "tokens"
        tokens.mkdir(parents=True, exist_ok=True)
        configuration = folder.absolute() / "softhsm2.conf"
        configuration.write_text(
            f"directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n"
            "slots.removable = true\n", encoding="utf-8")
        return cls(folder.absolute(), module, {"SOFTHSM2_CONF": str(configuration)})

    @property
    def host(self) -> ModuleHost:
        """The child process that has this store open."""
        return host_of(self.module, self.environment)

    def tokens(self) -> list[TokenFound]:
        """The initialised tokens."""
        slots = self.host.ask(ListSlots(), SlotsListed).slots
        return [slot.token for slot in slots if slot.token and slot.token.flags & TOKEN_INITIALISED]

    def add_token(self, label: str, *, pin: bytes | bytearray, officer_pin: bytes | bytearray) -> TokenIdentity:
        """Initialise one more token.

        Args:
            label: at most 32 bytes of UTF-8.
            pin, officer_pin: 4 to 255 bytes. Copies travel; the caller's own are left as they are.
        Raises: ValueError for a label too long; KeyTrouble when SoftHSM refuses.
        """
        if len(label.encode("utf-8")) > LABEL_LIMIT:
            raise ValueError("a token's label holds 32 bytes")
        slots = self.host.ask(ListSlots(), SlotsListed).slots
        before = {token.serial for token in self.tokens()}
        empty = next(slot.slot for slot in slots if slot.token and not slot.token.flags & TOKEN_INITIALISED)
        self.host.ask(InitialiseToken(empty, label), Done, secret=bytearray(officer_pin))
        (made,) = (token for token in self.tokens() if token.serial not in before)
        with self._session(made, officer_pin, as_officer=True) as session:
            self.host.ask(SetFirstPin(session), Done, secret=bytearray(pin))
        return TokenIdentity(label, made.serial, str(self.module))

    def import_key(self, token: TokenIdentity, *, pin: bytes | bytearray, private_key: PrivateKey,
                   certificates: Sequence[bytes], identifier: bytes, name: str,
                   asks_each_time: bool = False) -> None:
        """Put a private key and its certificate on a token.

        Args:
            certificates: DER; the first is the key's own and carries `identifier`, the others (issuers) none.
            identifier: the common CKA_ID of key and certificate.
            asks_each_time: the key wants the PIN again for every signature.
        Raises: KeyTrouble when SoftHSM refuses.
        """
        (found,) = (one for one in self.tokens() if one.serial == token.serial)
        secret = bytearray(private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))
        with self._session(found, pin) as session:
            self.host.ask(StoreKey(session, identifier, name, asks_each_time), Done, secret=secret)
            for number, certificate in enumerate(certificates):
                own = number == 0
                self.host.ask(StoreCertificate(session, identifier if own else b"", name if own else "", certificate),
                              Done)

    def token_folder(self, token: TokenIdentity) -> Path:
        """Where SoftHSM keeps a token: a folder named by a UUID that ends in the token's serial."""
        (place,) = (place for place in (self.folder / "tokens").iterdir()
                    if place.name.replace("-", "").endswith(token.serial))
        return place

    @contextmanager
    def _session(self, token: TokenFound, pin: bytes | bytearray, *, as_officer: bool = False) -> Iterator[int]:
        session = self.host.ask(OpenSession(token.slot, token.serial, writable=True), SessionOpened).session
        try:
            self.host.ask(LogIn(session, as_officer=as_officer), LoggedIn, secret=bytearray(pin))
            yield session
        finally:
            self.host.ask(CloseSession(session), Done)
