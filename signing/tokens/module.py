"""What a child process does with its module: each ask carried out, each answer made. Runs inside the child only."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from signing.tokens import cryptoki
from signing.tokens.cryptoki import Cryptoki, NotAModule, Pss, Refusal
from signing.tokens.messages import (
    CertificateFound,
    CertificatesListed,
    ChangePin,
    CloseSession,
    Done,
    FindKey,
    InitialiseToken,
    KeyFound,
    ListCertificates,
    ListSlots,
    LoadModule,
    LoggedIn,
    LogIn,
    LookAround,
    LookedAround,
    MakeSignature,
    Message,
    ModuleLoaded,
    NotFound,
    NotLoaded,
    OpenSession,
    PinHeldBack,
    Refused,
    SessionOpened,
    SetFirstPin,
    SignatureMade,
    SlotFound,
    SlotsListed,
    StoreCertificate,
    StoreKey,
    TokenFound,
    wipe,
)
from signing.tokens.objects import (
    ALWAYS_AUTHENTICATE,
    CERTIFICATE_VALUE,
    ID,
    LABEL,
    PRIVATE_KEYS,
    PUBLIC_KEYS,
    X509_CERTIFICATES,
    certificate_template,
    is_true,
    private_key_template,
    public_value,
)
from signing.tokens.return_codes import TOKEN_NOT_PRESENT, USER_ALREADY_LOGGED_IN, name_of

USER_PIN_FINAL_TRY, USER_PIN_LOCKED = 0x20000, 0x40000
OFFICER_PIN_FINAL_TRY, OFFICER_PIN_LOCKED = 0x200000, 0x400000
EVENT_LIMIT = 64      # events fetched at once: a module that never runs dry must not hold its process for ever


@dataclass(slots=True)
class Session:
    """An open session. `pin` stays only for keys that want it again for every signature; it goes with the session."""

    slot: int
    logged_in: bool = False
    as_officer: bool = False
    pin: bytearray | None = None


class Module:
    """One module, loaded on demand and kept: repeated finalising upsets several of them."""

    def __init__(self) -> None:
        self._module: Cryptoki | None = None
        self._sessions: dict[int, Session] = {}

    def keeps(self, secret: bytearray) -> bool:
        """Whether a session still needs this very buffer."""
        return any(session.pin is secret for session in self._sessions.values())

    def answer(self, ask: Message, secret: bytearray) -> Message:
        """Carry out one ask. Refusals of the module become the answer Refused."""
        if isinstance(ask, LoadModule):
            return self._load(Path(ask.path))
        slot = self._slot_of(ask)
        try:
            return self._carry_out(ask, secret)
        except Refusal as refusal:
            token, known = self._token_now(slot)
            return Refused(refusal.function, refusal.code, token, known)

    def _carry_out(self, ask: Message, secret: bytearray) -> Message:
        match ask:
            case ListSlots():
                return SlotsListed(tuple(self._slot(number) for number in self._loaded.slots()))
            case LookAround():
                return self._look(ask)
            case ListCertificates():
                return self._certificates(ask)
            case OpenSession():
                return self._open(ask)
            case LogIn():
                return self._log_in(ask, secret)
            case FindKey():
                return self._find_key(ask)
            case MakeSignature():
                return self._sign(ask)
            case CloseSession():
                return self._close(ask)
            case InitialiseToken():
                self._loaded.init_token(ask.slot, secret, ask.label)
            case SetFirstPin():
                self._loaded.init_pin(ask.session, secret or None)
            case ChangePin():
                self._change_pin(ask, secret)
            case StoreKey():
                template = private_key_template(secret, ask.id, ask.label, asks_each_time=ask.asks_each_time)
                try:
                    self._loaded.create(ask.session, template)
                finally:
                    for value in template.values():
                        if isinstance(value, bytearray):
                            wipe(value)
            case StoreCertificate():
                self._loaded.create(ask.session, certificate_template(ask.certificate, ask.id, ask.label,
                                                                         private=ask.private))
            case _:
                raise TypeError("not an ask")
        return Done()

    @property
    def _loaded(self) -> Cryptoki:
        assert self._module is not None
        return self._module

    def _load(self, path: Path) -> Message:
        if not path.is_file():
            return NotLoaded("missing", str(path))
        try:
            self._module = self._module or Cryptoki(path)
        except NotAModule:
            return NotLoaded("not_pkcs11", "C_GetFunctionList")
        except OSError as error:
            return NotLoaded("load_failed", str(error))
        except Refusal as refusal:
            return NotLoaded("refused", f"{refusal.function}: {name_of(refusal.code)}")
        info = self._module.info
        return ModuleLoaded(cryptoki.text(info.manufacturer), cryptoki.text(info.description),
                            str(info.cryptoki_version), str(info.library_version))

    def _slot(self, number: int) -> SlotFound:
        """A slot that cannot be read is reported and does not hide the others."""
        description = ""
        try:
            info = self._loaded.slot_info(number)
            description = cryptoki.text(info.description)
            if not info.flags & cryptoki.TOKEN_PRESENT:
                return SlotFound(number, description, None, None)
            return SlotFound(number, description, self._token(number), None)
        except Refusal as refusal:
            return SlotFound(number, description, None, None if refusal.code == TOKEN_NOT_PRESENT else refusal.code)

    def _token(self, slot: int) -> TokenFound:
        info = self._loaded.token_info(slot)
        return TokenFound(slot, cryptoki.text(info.label), cryptoki.text(info.serial), cryptoki.text(info.model),
                          cryptoki.text(info.manufacturer), info.flags, info.min_pin_length, info.max_pin_length)

    def _look(self, ask: LookAround) -> Message:
        announced: list[int] = []
        try:
            while len(announced) < EVENT_LIMIT and (slot := self._loaded.slot_event()) is not None:
                announced.append(slot)
            tells = True
        except Refusal:
            tells = False
        if not ask.whole and not announced:
            return LookedAround((), False, (), tells)
        slots = tuple(self._slot(number) for number in self._loaded.slots())
        return LookedAround(slots, True, tuple(dict.fromkeys(announced)), tells)

    def _token_now(self, slot: int | None) -> tuple[TokenFound | None, bool]:
        if slot is None:
            return None, False
        found = self._slot(slot)
        return found.token, found.code is None

    def _slot_of(self, ask: Message) -> int | None:
        if isinstance(number := getattr(ask, "slot", None), int):
            return number
        session = self._sessions.get(getattr(ask, "session", -1))
        return session.slot if session else None

    def _certificates(self, ask: ListCertificates) -> Message:
        session = ask.session if ask.session is not None else self._loaded.open_session(ask.slot)
        try:
            found = []
            for handle in list(self._loaded.objects(session, X509_CERTIFICATES)):
                certificate = self._loaded.attribute(session, handle, CERTIFICATE_VALUE)
                if certificate:
                    label = self._loaded.attribute(session, handle, LABEL)
                    found.append(CertificateFound(self._loaded.attribute(session, handle, ID) or b"",
                                                  cryptoki.text(label) if label else None, certificate))
            return CertificatesListed(tuple(found))
        finally:
            if ask.session is None:
                with suppress(Refusal):
                    self._loaded.close_session(session)

    def _open(self, ask: OpenSession) -> Message:
        if self._token(ask.slot).serial != ask.serial:
            raise Refusal("C_GetTokenInfo", TOKEN_NOT_PRESENT)
        session = self._loaded.open_session(ask.slot, writable=ask.writable)
        self._sessions[session] = Session(ask.slot)
        return SessionOpened(session)

    def _log_in(self, ask: LogIn, secret: bytearray) -> Message:
        session = self._sessions[ask.session]
        token = self._token(session.slot)
        user = cryptoki.USER_OFFICER if ask.as_officer else cryptoki.USER_NORMAL
        if token.flags & (OFFICER_PIN_LOCKED if ask.as_officer else USER_PIN_LOCKED):
            return PinHeldBack(token, locked=True)
        last = token.flags & (OFFICER_PIN_FINAL_TRY if ask.as_officer else USER_PIN_FINAL_TRY)
        if last and not ask.last_try_allowed:
            return PinHeldBack(token, locked=False)
        pin = secret or None
        try:
            self._loaded.login(ask.session, user, pin)
        except Refusal as refusal:
            if refusal.code != USER_ALREADY_LOGGED_IN:
                raise
            # another session of this token is logged in, and the module has not looked at this PIN: make it look
            self._loaded.logout(ask.session)
            self._loaded.login(ask.session, user, pin)
        session.logged_in, session.as_officer = True, ask.as_officer
        asks_each_time = not ask.as_officer and any(
            self._asks_each_time(ask.session, key) for key in self._private_keys(ask.session))
        if asks_each_time:
            session.pin = pin
        return LoggedIn(asks_each_time)

    def _change_pin(self, ask: ChangePin, secret: bytearray) -> None:
        self._loaded.set_pin(ask.session, secret or None, ask.old_length)
        slot = self._sessions[ask.session].slot
        for session in self._sessions.values():
            if session.slot == slot and session.pin is not None:      # a key that wants its PIN again wants the new one
                wipe(session.pin)
                session.pin = secret[ask.old_length:]

    def _private_keys(self, session: int) -> list[int]:
        return list(self._loaded.objects(session, PRIVATE_KEYS))

    def _asks_each_time(self, session: int, key: int) -> bool:
        return is_true(self._loaded.attribute(session, key, ALWAYS_AUTHENTICATE))

    def _find_key(self, ask: FindKey) -> Message:
        """By public value where the private key shows it, else by the public key beside it, else by id, else the
        only key there is. Ids and labels of real tokens are often missing or odd; the signature is checked anyway."""
        keys = {key: self._loaded.attribute(ask.session, key, ID) or b"" for key in self._private_keys(ask.session)}
        values = {key: self._public_value(ask.session, key) for key in keys}
        matching = [key for key in keys if values[key] == ask.public_value]
        if not matching:
            undecided = [key for key in keys if not values[key]]
            twins = {
                self._loaded.attribute(ask.session, public, ID) or b""
                for public in list(self._loaded.objects(ask.session, PUBLIC_KEYS))
                if self._public_value(ask.session, public) == ask.public_value
            }
            matching = [key for key in undecided if keys[key] and keys[key] in twins]
            matching = matching or [key for key in undecided if ask.id and keys[key] == ask.id]
            matching = matching or (undecided if len(undecided) == len(keys) == 1 else [])
        if not matching:
            return NotFound()
        mechanisms: tuple[int, ...] = ()
        with suppress(Refusal):     # no list: each mechanism is tried
            mechanisms = tuple(self._loaded.mechanisms(self._sessions[ask.session].slot))
        return KeyFound(matching[0], self._asks_each_time(ask.session, matching[0]), mechanisms)

    def _public_value(self, session: int, key: int) -> bytes:
        return public_value(lambda kind: self._loaded.attribute(session, key, kind))

    def _sign(self, ask: MakeSignature) -> Message:
        session = self._sessions[ask.session]
        pss = Pss(*ask.pss) if ask.pss else None
        asks_each_time = self._asks_each_time(ask.session, ask.key)
        try:
            return SignatureMade(self._loaded.sign(
                ask.session, ask.key, ask.mechanism, pss, ask.data, ask.expected,
                reaffirm=session.pin, asks_each_time=asks_each_time))
        except Refusal as refusal:
            if refusal.function == "C_Login":
                wipe(session.pin)
                session.pin = None
            raise

    def _close(self, ask: CloseSession) -> Message:
        session = self._sessions.pop(ask.session, None)
        if session is None:
            return Done()
        wipe(session.pin)
        last = all(other.slot != session.slot for other in self._sessions.values())
        with suppress(Refusal):     # a token that is gone has forgotten the login by itself
            if session.logged_in and (last or session.as_officer):
                self._loaded.logout(ask.session)
            self._loaded.close_session(ask.session)
        return Done()
