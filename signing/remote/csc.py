"""The Cloud Signature Consortium's interface: version 1.0.4 and version 2, `signatures/signHash`.

Version 2 adds what a phone needs: an authorisation that answers "not yet" with a handle, and signing that is fetched
later. Where the service allows it, one confirmation covers several signatures: the activation data (SAD) is extended
for each further digest (`credentials/extendTransaction`).

Sources: CSC API 1.0.4.0, chapters 8 and 11; CSC API 2.0 to 2.2, chapters 10 and 11. pyHanko has a client for version 1;
it needs an event loop around every signature and cannot wait for a phone, so it is the second opinion in the tests.
"""

from __future__ import annotations

import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from signing.errors import Trouble
from signing.remote import algorithms
from signing.remote.access import Access
from signing.remote.csc_credentials import BY_BROWSER, Way, credential_of
from signing.remote.csc_troubles import raw_signatures, trouble_of
from signing.remote.line import Answer, Line
from signing.remote.provider import Credential, CredentialState, Document, Pending, Ready, Stage, Work
from signing.remote.secret import SecretAsker, nobody_to_ask
from signing.remote.secret_care import Asked, ask_person
from signing.remote.troubles import (
    RemoteAnswerOdd,
    RemoteCodeRejected,
    RemoteCredentialUnusable,
    RemotePinRejected,
    RemoteRequestRefused,
    RemoteWayNotOffered,
)
from signing.tokens.troubles import SchemeNotOffered

SAD_S = 3600.0           # how long activation data is good when the service does not say (CSC API, expiresIn)
EARLY_S = 20.0           # it is not relied upon in its last seconds
MOST_CREDENTIALS = 100


class Version(StrEnum):
    V1 = "v1"
    V2 = "v2"


@dataclass(slots=True)
class _Granted:
    """Activation data. left: signatures it still covers. until: on the monotonic clock, in seconds."""

    sad: str = field(repr=False)
    left: int
    until: float


@dataclass(frozen=True, slots=True)
class _Authorising:
    credential: Credential
    work: Work
    algorithm: algorithms.Algorithm
    count: int
    handle: str


@dataclass(frozen=True, slots=True)
class _Fetching:
    credential: Credential
    work: Work
    request: str


@dataclass(slots=True)
class Csc:
    """A `signing.remote.provider.Provider` for any CSC service.

    Args:
        line: to the address in front of `/csc/v1`. access: the account. user: `userID`, where the account may act for
            several users.
        ask: who gives PIN and one-time code where the key wants them.
        later: version 2: ask for signatures to be made later and fetch them (operation mode A).
        person_s: how long a person has; also the deadline of a request in which the service itself waits for them.
    """

    line: Line = field(repr=False)
    access: Access = field(repr=False)
    version: Version = Version.V1
    user: str | None = None
    ask: SecretAsker = field(default=nobody_to_ask, repr=False)
    later: bool = False
    name: str = "CSC"
    note: str | None = None
    person_s: float = 300.0
    ask_again_s: float = 2.0
    _granted: dict[str, _Granted] = field(default_factory=dict, repr=False)

    def credentials(self) -> Sequence[Credential]:
        """As `Provider.credentials`. A key whose certificate cannot be read is left out."""
        found = []
        for identifier in self._identifiers():
            credential = credential_of(identifier, self._info(identifier))
            if credential is not None:
                found.append(credential)
        return found

    def begin(self, credential: Credential, work: Work) -> Ready | Pending:
        """As `Provider.begin`. The person types PIN and code before anything is sent."""
        way = _way(credential)
        if way.mode == BY_BROWSER:
            raise RemoteWayNotOffered(provider=self.name, way=way.mode)
        algorithm = algorithms.algorithm(work.scheme, work.digest, credential.algorithms)
        if algorithm is None:
            raise SchemeNotOffered(certificate=credential.facts.display_name, scheme=work.scheme.value,
                                   digest=work.digest)
        with self._explaining(credential):
            granted = self._extended(credential, work, algorithm)
            if granted is not None:
                return self._sign(credential, work, algorithm, granted)
            return self._authorise(credential, way, work, algorithm)

    def poll(self, pending: Pending) -> Ready | Pending:
        """As `Provider.poll`."""
        state = pending.state
        with self._explaining(state.credential):
            if isinstance(state, _Authorising):
                return self._authorised(self._post("credentials/authorizeCheck", {"handle": state.handle}),
                                        state.credential, state.work, state.algorithm, state.count)
            return self._fetched(self._post("signatures/signPolling", {"requestID": state.request}), state)

    def close(self) -> None:
        self._granted.clear()
        self.access.close()
        self.line.close()

    # credentials

    def _identifiers(self) -> list[str]:
        body: dict[str, Any] = {"userID": self.user} if self.user else {}
        found: list[str] = []
        while len(found) < MOST_CREDENTIALS:
            answer = self._good("credentials/list", body)
            page = answer.fields.get("credentialIDs")
            if not isinstance(page, list):
                raise RemoteAnswerOdd(provider=self.name, answer="credentialIDs")
            found += [str(one) for one in page]
            more = answer.text("nextPageToken")
            if not more or not page:
                break
            body = {**body, "pageToken": more}
        return list(dict.fromkeys(found))

    def _info(self, identifier: str) -> Mapping[str, Any]:
        return self._good("credentials/info", {"credentialID": identifier, "certificates": "chain", "certInfo": True,
                                               "authInfo": True}).fields

    def state_now(self, credential: Credential) -> CredentialState:
        """What the service says of the certificate now."""
        again = credential_of(credential.id, self._info(credential.id))
        return again.state if again is not None else CredentialState.UNKNOWN

    # authorisation

    def _authorise(self, credential: Credential, way: Way, work: Work,
                   algorithm: algorithms.Algorithm) -> Ready | Pending:
        for needed in way.needed:
            if needed.sent_first:
                self._send_code(credential, needed.id)
        asked = ask_person(way.needed, self.ask, provider=self.name, credential=credential.facts.display_name,
                           credential_id=credential.id)
        count = min(max(work.expected, len(work.documents)), credential.at_once)
        body: dict[str, Any] = {"credentialID": credential.id, "numSignatures": count,
                                "description": _description(work.documents)}
        hashes = _hashes(work)
        if self.version is Version.V1:
            body |= {"hash": hashes, **asked.values}
        else:
            body |= {"hashes": hashes, "hashAlgorithmOID": algorithm.digest,
                     "authData": [{"id": one} for one in way.silent]
                     + [{"id": name, "value": value} for name, value in asked.values.items()]}
        try:
            answer = self._post("credentials/authorize", body, deadline_s=self.person_s, again=not asked.values)
            if answer.status >= 400:
                raise self._secret_trouble(answer, asked)
            asked.accepted()
        finally:
            asked.forget()
        return self._authorised(answer, credential, work, algorithm, count)

    def _authorised(self, answer: Answer, credential: Credential, work: Work, algorithm: algorithms.Algorithm,
                    count: int) -> Ready | Pending:
        if answer.status >= 400:
            raise trouble_of(answer, self.name)
        sad = answer.text("SAD")
        if not sad:
            handle = answer.text("handle")
            if not handle:
                raise RemoteAnswerOdd(provider=self.name, answer="SAD")
            return Pending(Stage.PERSON, _Authorising(credential, work, algorithm, count, handle), self.ask_again_s)
        granted = _Granted(sad, count, _end_of(answer))
        self._granted[credential.id] = granted
        return self._sign(credential, work, algorithm, granted)

    def _extended(self, credential: Credential, work: Work, algorithm: algorithms.Algorithm) -> _Granted | None:
        """Earlier activation data that covers this work too, renewed for its digests; None when there is none."""
        granted = self._granted.pop(credential.id, None)
        if granted is None or granted.left < len(work.documents) or time.monotonic() >= granted.until:
            return None
        told = ({"hash": _hashes(work)} if self.version is Version.V1
                else {"hashes": _hashes(work), "hashAlgorithmOID": algorithm.digest})
        answer = self._post("credentials/extendTransaction", {
            "credentialID": credential.id, "SAD": granted.sad, **told})
        sad = answer.text("SAD")
        if answer.status >= 400 or not sad:      # not offered, or ended meanwhile: the person is asked anew
            return None
        renewed = _Granted(sad, granted.left, _end_of(answer))
        self._granted[credential.id] = renewed
        return renewed

    def _send_code(self, credential: Credential, identifier: str) -> None:
        if self.version is Version.V1:
            self._good("credentials/sendOTP", {"credentialID": credential.id})
        else:
            self._good("credentials/getChallenge", {"credentialID": credential.id, "authObjectID": identifier})

    def _secret_trouble(self, answer: Answer, asked: Asked) -> Trouble:
        trouble = trouble_of(answer, self.name, asked.kinds)
        if isinstance(trouble, RemotePinRejected) and not isinstance(trouble, RemoteCodeRejected):
            asked.refused()
        return trouble

    # signatures

    def _sign(self, credential: Credential, work: Work, algorithm: algorithms.Algorithm,
              granted: _Granted) -> Ready | Pending:
        body: dict[str, Any] = {"credentialID": credential.id, "SAD": granted.sad, "signAlgo": algorithm.signature}
        if self.version is Version.V1:
            body |= {"hash": _hashes(work), "hashAlgo": algorithm.digest}
        else:
            body |= {"hashes": _hashes(work), "hashAlgorithmOID": algorithm.digest,
                     **({"operationMode": "A"} if self.later else {})}
        if algorithm.parameters is not None:
            body["signAlgoParams"] = b64encode(algorithm.parameters).decode("ascii")
        granted.left -= len(work.documents)
        if granted.left < 1:
            self._granted.pop(credential.id, None)
        answer = self._post("signatures/signHash", body, deadline_s=self.person_s)
        return self._fetched(answer, _Fetching(credential, work, answer.text("responseID")))

    def _fetched(self, answer: Answer, state: _Fetching) -> Ready | Pending:
        if answer.status >= 400:
            raise trouble_of(answer, self.name)
        if "signatures" in answer.fields:
            return Ready(raw_signatures(answer, len(state.work.documents), self.name))
        if not state.request:
            raise RemoteAnswerOdd(provider=self.name, answer="signatures")
        return Pending(Stage.SERVICE, state, self.ask_again_s)

    # requests

    def _good(self, path: str, body: Mapping[str, Any]) -> Answer:
        answer = self._post(path, body)
        if answer.status >= 400:
            raise trouble_of(answer, self.name)
        return answer

    def _post(self, path: str, body: Mapping[str, Any], *, deadline_s: float | None = None,
              again: bool = True) -> Answer:
        """A token that the service no longer takes is renewed, and the request put once more where `again` allows it:
        one that carries a PIN is never sent twice, whatever a service means by its 401."""
        whole = f"csc/{self.version.value}/{path}"
        answer = self.line.post(whole, body, token=self.access.token(self.line), deadline_s=deadline_s)
        if answer.status == 401:
            self.access.forget()
            if again:
                answer = self.line.post(whole, body, token=self.access.token(self.line), deadline_s=deadline_s)
        return answer

    @contextmanager
    def _explaining(self, credential: Credential) -> Iterator[None]:
        """Around requests: one that was refused for no named reason may be so because of the certificate's state."""
        try:
            yield
        except RemoteRequestRefused as error:
            state = CredentialState.UNKNOWN
            with suppress(Trouble):
                state = self.state_now(credential)
            if state in {CredentialState.USABLE, CredentialState.UNKNOWN}:
                raise
            raise RemoteCredentialUnusable(provider=self.name, certificate=credential.facts.display_name,
                                           answer=error.facts["answer"]) from error


def _way(credential: Credential) -> Way:
    assert isinstance(credential.details, Way)
    return credential.details


def _hashes(work: Work) -> list[str]:
    return [b64encode(one.hashed).decode("ascii") for one in work.documents]


def _description(documents: Sequence[Document]) -> str:
    """What the phone shows: each document's id, and its title where there is one. At most 500 characters (11.6)."""
    return "; ".join(" ".join(filter(None, (one.id, one.title))) for one in documents)[:500]


def _end_of(answer: Answer) -> float:
    seconds = answer.text("expiresIn")
    return time.monotonic() + max((float(seconds) if seconds.isdecimal() else SAD_S) - EARLY_S, 0.0)
