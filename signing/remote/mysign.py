"""Viettel MySign. Not tried against the live service.

Written after Viettel's integration guide (1.8, 1.9) and public clients of it. A token lives for an hour and cannot be
renewed, only asked for again. The person confirms in the phone application; the request is asked for its status
meanwhile (the way in which the service itself waits cannot be stopped from here).

The sources disagree in two points, settled here by the newer guide: digests travel in base64, and so do the documents'
names, made of plain ASCII because the phone shows nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from signing.errors import Trouble
from signing.keys import Scheme
from signing.remote import algorithms
from signing.remote.access import Kept
from signing.remote.csc_credentials import credential_of
from signing.remote.csc_troubles import raw_signatures
from signing.remote.line import Answer, Line, shown
from signing.remote.provider import Credential, Document, Pending, Ready, Stage, Work
from signing.remote.secret import Secret
from signing.remote.troubles import (
    RemoteAccountRefused,
    RemoteAnswerOdd,
    RemoteBusy,
    RemoteCredentialUnusable,
    RemoteEnded,
    RemoteQuotaUsed,
    RemoteRefusedByPerson,
    RemoteRequestRefused,
    RemoteTimedOut,
)
from signing.tokens.troubles import SchemeNotOffered

PRODUCTION = "https://remotesigning.viettel.vn"
AT_ONCE = 50                 # the service names two thousand million
NAME_LENGTH = 60             # characters, so that base64 stays below the guide's hundred
DONE, WAITING, ALSO_WAITING, CONFIRMED = "1", "4000", "0", "6000"
TIMED_OUT, REFUSED, FAILED, QUOTA, ENDED_CERTIFICATE, INTERNAL = "4001", "4002", "4004", "4005", "13004", "50000"
ACCOUNT_CODES = {"58007", "58008", "59033", "86024", "86002"}


@dataclass(frozen=True, slots=True)
class _Transaction:
    credential: Credential
    work: Work
    id: str


@dataclass(slots=True)
class MySign:
    """A `signing.remote.provider.Provider` for Viettel MySign.

    Args:
        line: to PRODUCTION. client_id, client_secret, profile: the account Viettel gives to the program.
        user: the person's name at the service, such as CMT_… or MST_….
    """

    line: Line = field(repr=False)
    client_id: str
    client_secret: Secret
    profile: str
    user: str = field(repr=False)
    name: str = "Viettel MySign"
    note: str | None = "remote_provider.not_tried"
    person_s: float = 120.0
    ask_again_s: float = 2.0
    _kept: Kept = field(default_factory=Kept, repr=False)

    def credentials(self) -> Sequence[Credential]:
        """As `Provider.credentials`."""
        answer = self._good("certificates/info", {
            **self._account(), "profile_id": self.profile, "user_id": self.user, "certificates": "chain",
            "certInfo": True, "authInfo": True})
        listed = answer.body if isinstance(answer.body, list) else [answer.body]
        found = []
        for one in listed:
            if isinstance(one, Mapping) and one.get("credential_id"):
                credential = credential_of(str(one["credential_id"]), one)
                if credential is not None:
                    found.append(_limited(credential))
        return found

    def begin(self, credential: Credential, work: Work) -> Ready | Pending:
        """As `Provider.begin`. RSA PKCS#1 v1.5 over SHA-256 alone is described."""
        if work.scheme is not Scheme.RSA_PKCS1 or work.digest != "sha256":
            raise SchemeNotOffered(certificate=credential.facts.display_name, scheme=work.scheme.value,
                                   digest=work.digest)
        answer = self._good("signHash", {
            **self._account(), "credentialID": credential.id, "numSignatures": len(work.documents),
            "description": _encoded(" ".join(one.id for one in work.documents)),
            "documents": [{"document_id": one.id, "document_name": _encoded(_title(one))} for one in work.documents],
            "hash": [b64encode(one.hashed).decode("ascii") for one in work.documents],
            "hashAlgo": algorithms.DIGESTS["sha256"], "signAlgo": algorithms.RSA, "async": 1,
        }, credential)
        if answer.fields.get("signatures"):
            return Ready(raw_signatures(answer, len(work.documents), self.name))
        identifier = answer.text("transactionId")
        if not identifier:
            raise RemoteAnswerOdd(provider=self.name, answer="transactionId")
        return Pending(Stage.PERSON, _Transaction(credential, work, identifier), self.ask_again_s)

    def poll(self, pending: Pending) -> Ready | Pending:
        """As `Provider.poll`."""
        state: _Transaction = pending.state
        answer = self._post("requests/status", {"transactionId": state.id})
        match answer.text("status"):
            case code if code == DONE:
                return Ready(raw_signatures(answer, len(state.work.documents), self.name))
            case code if code in {WAITING, ALSO_WAITING}:
                return Pending(Stage.PERSON, state, self.ask_again_s)
            case code if code == CONFIRMED:
                return Pending(Stage.SERVICE, state, self.ask_again_s)
        raise self._trouble(answer, state.credential)

    def close(self) -> None:
        self._kept.forget()
        self.client_secret.close()
        self.line.close()

    def _account(self) -> dict[str, str]:
        return {"client_id": self.client_id, "client_secret": self.client_secret.reveal()}

    def _token(self) -> str:
        return self._kept.good() or self._kept.keep(self.line, self.line.post("vtss/service/ras/v1/login", {
            **self._account(), "profile_id": self.profile, "user_id": self.user}))

    def _good(self, path: str, body: Mapping[str, Any], credential: Credential | None = None) -> Answer:
        answer = self._post(path, body)
        if answer.status >= 400:
            raise self._trouble(answer, credential)
        return answer

    def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        answer = self.line.post(f"vtss/service/{path}", body, token=self._token())
        if answer.status == 401:
            self._kept.forget()
            answer = self.line.post(f"vtss/service/{path}", body, token=self._token())
        return answer

    def _trouble(self, answer: Answer, credential: Credential | None) -> Trouble:
        """By the service's code; its words are shown and decide nothing."""
        code = next((found for name in ("status", "code", "error_code", "errorCode", "error")
                     if (found := answer.text(name)).isdecimal()), "")
        words = next((found for name in ("description", "error_description", "message")
                      if (found := answer.text(name))), "")
        said = shown(f"{code} {words}".strip() or f"HTTP {answer.status}")
        name = credential.facts.display_name if credential is not None else ""
        match code:
            case code if code == TIMED_OUT:
                return RemoteTimedOut(provider=self.name, seconds=round(self.person_s))
            case code if code == REFUSED:
                return RemoteRefusedByPerson(provider=self.name)
            case code if code == QUOTA:
                return RemoteQuotaUsed(provider=self.name, answer=said)
            case code if code == ENDED_CERTIFICATE:
                return RemoteCredentialUnusable(provider=self.name, certificate=name, answer=said)
            case code if code == INTERNAL:
                return RemoteBusy(provider=self.name, answer=said)
            case code if code == FAILED:
                return RemoteEnded(provider=self.name, answer=said)
            case code if code in ACCOUNT_CODES or answer.status in {401, 403}:
                return RemoteAccountRefused(provider=self.name, answer=said)
        return RemoteRequestRefused(provider=self.name, answer=said)


def plain(text: str) -> str:
    """Letters without marks, digits, spaces, `-` and `_`: all that the service takes in a name."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return " ".join(re.sub(r"[^A-Za-z0-9_\- ]", " ", "".join(
        sign for sign in letters if not unicodedata.combining(sign))).split())


def _title(document: Document) -> str:
    return plain(f"{document.id} {document.title}")[:NAME_LENGTH].rstrip()


def _encoded(text: str) -> str:
    return b64encode(text[:NAME_LENGTH].encode("ascii")).decode("ascii")


def _limited(credential: Credential) -> Credential:
    return replace(credential, at_once=min(credential.at_once, AT_ONCE))
