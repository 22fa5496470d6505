"""Which keys can be chosen for signing, which cannot and why, and how each is told. No Qt, no PIN."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docclient.signing_accounts import SigningAccount
from signing.certificates import CertificateFacts
from signing.remote.provider import Credential
from signing.tokens.choice import Hidden, choices
from signing.tokens.listing import ListedCertificate, ListedToken
from signing.tokens.remembered import Home, Purpose, RememberedChoice, RememberedChoices
from ui.texts import Texts

__all__ = ["Home", "KeyOffered", "KeysFound", "Purpose"]


@dataclass(frozen=True, slots=True)
class KeyOffered:
    """A key that can be chosen: a certificate on a token, a key file, an account at a signing service, or one of its
    certificates.

    place: the key file's path or the account's name. facts: of the certificate; None where it is not known yet.
    """

    home: Home
    place: str = ""
    token: ListedToken | None = None
    certificate: ListedCertificate | None = None
    facts: CertificateFacts | None = None
    credential: str = ""

    @classmethod
    def on_token(cls, token: ListedToken, certificate: ListedCertificate) -> KeyOffered:
        return cls(Home.TOKEN, "", token, certificate, certificate.facts)

    @classmethod
    def in_file(cls, path: str) -> KeyOffered:
        return cls(Home.FILE, path)

    @classmethod
    def at_account(cls, account: SigningAccount) -> KeyOffered:
        return cls(Home.SERVICE, account.name)

    @classmethod
    def at_service(cls, account: str, credential: Credential) -> KeyOffered:
        return cls(Home.SERVICE, account, facts=credential.facts, credential=credential.id)

    @property
    def fingerprint(self) -> str:
        return self.facts.fingerprint if self.facts is not None else ""

    @property
    def holder(self) -> str:
        return self.facts.display_name if self.facts is not None else Path(self.place).name

    @property
    def device(self) -> str:
        """Where it lies, for people: the token's label, the file's name, the account's name."""
        if self.token is not None:
            return self.token.name
        return Path(self.place).name if self.home is Home.FILE else self.place

    @property
    def picture(self) -> str:
        return {Home.TOKEN: "token", Home.FILE: "key", Home.SERVICE: "send"}[self.home]

    def words(self, texts: Texts) -> str:
        if self.facts is None:
            return texts(f"key_choice.{self.home.value}", name=self.device, place=self.place)
        return texts("key_choice.line" if self.home is Home.TOKEN else "key_choice.line_elsewhere", holder=self.holder,
                     token=self.device, until=texts.date(self.facts.not_after.date()))

    @property
    def remembered(self) -> RememberedChoice:
        """How the choice is kept; for a key elsewhere than on a token."""
        return RememberedChoice(self.fingerprint, self.holder, self.credential, home=self.home.value, place=self.place)


@dataclass(frozen=True, slots=True)
class KeysFound:
    """What the choice shows. missing: the key chosen last, which is not here now (its token's or file's name)."""

    offered: tuple[KeyOffered, ...]
    hidden: tuple[Hidden, ...] = ()
    last: KeyOffered | None = None
    missing: str = ""

    @classmethod
    def of(cls, tokens: Sequence[ListedToken], files: Iterable[str], accounts: Iterable[SigningAccount],
           kept: RememberedChoices, purpose: Purpose, now: datetime) -> KeysFound:
        """Everything within reach at the aware time `now`, and which of it was chosen last for `purpose`."""
        here = choices(tokens, now)
        offered = (*(KeyOffered.on_token(*each) for each in here.usable), *map(KeyOffered.in_file, files),
                   *map(KeyOffered.at_account, accounts))
        choice = kept.get(purpose)
        if choice is None:
            return cls(offered, here.hidden)
        if choice.home == Home.TOKEN:
            found = kept.find(purpose, tokens, now)
            last = KeyOffered.on_token(found.token, found.certificate) if found is not None else None
            last = last if last in offered else None
        else:
            last = next((each for each in offered if (each.home, each.place) == (choice.home, choice.place)), None)
        return cls(offered, here.hidden, last, "" if last else choice.token_label or choice.subject or choice.place)

    @property
    def only(self) -> KeyOffered | None:
        """The one to take without asking: the one chosen last; where nobody has chosen yet, the only one there is."""
        if self.last is not None:
            return self.last
        return self.offered[0] if len(self.offered) == 1 and not self.missing else None


def hidden_words(hidden: Hidden, texts: Texts) -> str:
    """Why a certificate is not offered, and what to do, in a line."""
    facts = hidden.certificate.facts
    words = texts.trouble(hidden.why)
    heading = words.heading if facts is not None else f"{hidden.token.name}: {words.heading}"
    return " ".join(part for part in (heading, words.explanation, words.advice) if part)
