"""The key that `docclient sign` works with, opened for as long as the batch lasts.

Named by --module, --p12 or --remote; without any of them the certificate that was chosen last for this purpose, or the
only one on the machine's tokens that can sign.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from docclient.command_line.answer import language, notes
from docclient.command_line.pin import PinSource
from docclient.errors import KeyTrouble, WrongUse
from docclient.words import phrase
from signing.keys import Key

if TYPE_CHECKING:
    from signing.tokens.choice import Choices
    from signing.tokens.remembered import Purpose, RememberedChoice


class KeyNotNamed(WrongUse):
    """Several kinds of keys were named at once."""

    code = "sign.key_not_named"


class NoKeyFound(KeyTrouble):
    """Nothing was named, and nothing on this machine can sign. facts: found (what there is, and why it cannot)."""

    code = "sign.no_key_found"


class SeveralKeysFound(WrongUse):
    """Nothing was named, and more than one certificate could be meant. facts: found."""

    code = "sign.several_keys_found"


@dataclass(frozen=True, slots=True)
class KeyNamed:
    """What the command line says about the key. remote: the name of an account at a signing service."""

    module: Path | None = None
    token: str | None = None
    cert: str | None = None
    p12: Path | None = None
    remote: str | None = None

    def checked(self) -> KeyNamed:
        """Itself. Raises: KeyNotNamed."""
        if sum(one is not None for one in (self.module, self.p12, self.remote)) > 1:
            raise KeyNotNamed
        return self

    @property
    def is_open(self) -> bool:
        """Neither a library, a file nor an account is named."""
        return self.module is None and self.p12 is None and self.remote is None


@contextmanager
def opened(named: KeyNamed, purpose: Purpose, pin: PinSource, secret: PinSource, last_try: bool, *,
           signatures: int = 1) -> Iterator[Key]:
    """The unlocked key, let go at the end.

    Args:
        purpose: whose last choice counts where no key is named.
        pin: of the token, the key file, or the signature at a service. secret: of the account at a service.
        signatures: how many will be made.
    Raises: KeyTrouble and its children, FileNotReadable, AccountMissing, NoKeyFound, SeveralKeysFound.
    """
    from signing.tokens.host import close_hosts
    from signing.tokens.pkcs11 import open_token_key
    from signing.tokens.pkcs12 import open_key_file

    stop = threading.Event()
    key: Key
    try:
        if named.is_open:
            named = found_on_this_machine(named, purpose)
        if named.remote is not None:
            key = at_service(named.remote, named.cert, pin, secret, stop, signatures)
        elif named.p12 is not None:
            key = open_key_file(named.p12, pin.read("pin_prompt.key_file"))
        else:
            assert named.module is not None
            key = open_token_key(named.module, token=named.token, certificate=named.cert, pin=pin.for_token,
                                 last_try_allowed=last_try)
        try:
            yield key
        finally:
            key.close()
    finally:
        stop.set()
        close_hosts()


def found_on_this_machine(named: KeyNamed, purpose: Purpose) -> KeyNamed:
    """The certificate chosen last for this purpose if it is here; else the only one that can sign.

    Raises: NoKeyFound, SeveralKeysFound.
    """
    from docclient.key_choices import remembered_choices
    from docclient.settings import load_settings
    from signing.tokens.choice import choices
    from signing.tokens.modules import discover
    from signing.tokens.remembered import Home

    kept, now = remembered_choices(), datetime.now(UTC)
    choice = kept.get(purpose)
    if choice is not None and choice.home != Home.TOKEN and named.token is None and named.cert is None:
        return told(KeyNamed(p12=Path(choice.place)) if choice.home == Home.FILE
                    else KeyNamed(remote=choice.place, cert=choice.certificate_id or None), choice)
    own = load_settings().token_module
    tokens = [token for report in discover([Path(own)] if own else []) for token in report.tokens
              if named.token is None or token.answers_to(named.token)]
    here = choices(tokens, now)
    usable = [(token, one) for token, one in here.usable if named.cert is None or one.answers_to(named.cert)]
    remembered = kept.find(purpose, tokens, now)
    if remembered is not None and (remembered.token, remembered.certificate) in usable:
        usable = [(remembered.token, remembered.certificate)]
    if not usable:
        raise NoKeyFound(found="; ".join(found_words(here)) or phrase("sign_key.nothing", language()))
    if len(usable) > 1:
        raise SeveralKeysFound(found="; ".join(found_words(here)))
    token, one = usable[0]
    assert one.facts is not None
    notes.print(phrase("sign_key.taken", language(), name=one.facts.display_name, token=token.label,
                       serial=token.serial), markup=False)
    return KeyNamed(Path(token.module), token.serial or token.label, one.facts.fingerprint)


def told(named: KeyNamed, choice: RememberedChoice) -> KeyNamed:
    notes.print(phrase("sign_key.remembered", language(), name=choice.subject, place=choice.place), markup=False)
    return named


def found_words(here: Choices) -> Sequence[str]:
    """A line per certificate: those that can sign first, the others with the reason."""
    lines = [phrase("sign_key.usable", language(), name=one.facts.display_name, token=token.name, serial=token.serial,
                    id=one.facts.fingerprint[:16]) for token, one in here.usable if one.facts is not None]
    for hidden in here.hidden:
        facts = hidden.certificate.facts
        reason = facts.why_not(datetime.now(UTC)) if facts is not None else None
        lines.append(phrase("sign_key.hidden", language(), token=hidden.token.name,
                            name=facts.display_name if facts else hidden.certificate.id,
                            why=phrase(reason.words if reason else "sign_key.unreadable", language())))
    return lines


def at_service(account_name: str, certificate: str | None, pin: PinSource, secret: PinSource, stop: threading.Event,
               signatures: int) -> Key:
    """The key of an account at a signing service. Raises: AccountMissing, and as `open_remote_key`."""
    from docclient.command_line.service_waiting import Teller, asker_from
    from docclient.secrets import Secrets
    from docclient.signing_accounts import SigningAccounts, provider_of
    from signing.remote.key import open_remote_key

    account = SigningAccounts().get(account_name)
    kept = None if not secret.asks_a_person else Secrets().get(account.secret_name)
    if kept is None:
        kept = secret.read("pin_prompt.account")
    provider = provider_of(account, kept, ask=asker_from(pin), stop=stop)
    if provider.note is not None:
        notes.print(phrase(provider.note, language()), markup=False)
    try:
        key = open_remote_key(provider, certificate=certificate, stop=stop, told=Teller())
    except BaseException:
        provider.close()
        raise
    key.expect(signatures)
    return key
