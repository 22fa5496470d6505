"""VNPT SmartCA, the profile for other parties' programs. Not tried against the live service.

Written after VNPT's integration guide and public clients of it. Every request is a POST with the program's own account
(sp_id, sp_password); the person confirms in the phone application by comparing the document's id. Where the sources
disagree which id stands in the path of the status request, the transaction's code is tried first and its id second.

The other way, "SmartCA TH", has no phone: the person's password and a one-time code are typed here, and the service
gives activation data that is good for some five minutes.
"""

from __future__ import annotations

import uuid
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from string import hexdigits
from typing import Any

from signing.certificates import CertificateUnreadable, certificate_facts
from signing.keys import Scheme
from signing.remote.csc_credentials import certificates_of
from signing.remote.line import Answer, Line, shown
from signing.remote.provider import Credential, CredentialState, Pending, Ready, Stage, Work
from signing.remote.secret import Secret, SecretAsker, SecretKind, nobody_to_ask
from signing.remote.secret_care import Asked, Needed, ask_person
from signing.remote.troubles import (
    RemoteAccountRefused,
    RemoteAnswerOdd,
    RemoteBusy,
    RemoteCredentialUnusable,
    RemoteEnded,
    RemotePinRejected,
    RemoteRequestRefused,
)
from signing.tokens.troubles import SchemeNotOffered

PRODUCTION = "https://gwsca.vnpt.vn/sca/sp769"
TRIAL = "https://rmgateway.vnptit.vn/sca/sp769"      # VNPT's own environment for trying out
AT_ONCE = 50
_NEEDED = (Needed("password", SecretKind.PASSWORD), Needed("otp", SecretKind.CODE))


class Confirmation(StrEnum):
    """Who confirms: the person in the phone application, or by password and one-time code typed here."""

    PHONE = "phone"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class _Transaction:
    credential: Credential
    work: Work
    ids: tuple[str, ...]      # what may stand in the path, the likeliest first


@dataclass(slots=True)
class SmartCa:
    """A `signing.remote.provider.Provider` for VNPT SmartCA.

    Args:
        line: to PRODUCTION or TRIAL. sp_id, sp_password: the account VNPT gives to the program.
        user: the person's citizen number or the agency's tax code.
        ask: who gives password and code, for `Confirmation.TYPED`.
    """

    line: Line = field(repr=False)
    sp_id: str
    sp_password: Secret
    user: str = field(repr=False)
    confirmation: Confirmation = Confirmation.PHONE
    ask: SecretAsker = field(default=nobody_to_ask, repr=False)
    name: str = "VNPT SmartCA"
    note: str | None = "remote_provider.not_tried"
    person_s: float = 240.0      # the guide asks 24 times with 10 seconds between
    ask_again_s: float = 3.0

    def credentials(self) -> Sequence[Credential]:
        """As `Provider.credentials`: personal certificates and agencies' seals (ESEAL)."""
        answer = self._good("v1/credentials/get_certificate", {"transaction_id": _new_id()})
        listed = _list(answer, "user_certificates")
        found = [_credential(one) for one in listed if isinstance(one, Mapping)]
        return [one for one in found if one is not None]

    def begin(self, credential: Credential, work: Work) -> Ready | Pending:
        """As `Provider.begin`. PKCS#1 v1.5 over SHA-256 alone is described."""
        if work.scheme is not Scheme.RSA_PKCS1 or work.digest != "sha256":
            raise SchemeNotOffered(certificate=credential.facts.display_name, scheme=work.scheme.value,
                                   digest=work.digest)
        transaction = _new_id()
        request = {
            "transaction_id": transaction, "transaction_desc": _described(work),
            "time_stamp": f"{datetime.now(UTC):%Y%m%d%H%M%SZ}", "serial_number": str(credential.details),
            "sign_files": [{"data_to_be_signed": one.hashed.hex(), "doc_id": one.id, "file_type": "pdf",
                            "sign_type": "hash"} for one in work.documents],
        }
        if self.confirmation is Confirmation.TYPED:
            return self._typed(credential, work, request)
        data = _data(self._good("v1/signatures/sign", request, credential))
        ids = [str(data[name]) for name in ("tran_code", "transaction_id") if data.get(name)]
        return Pending(Stage.PERSON, _Transaction(credential, work, tuple(dict.fromkeys([*ids, transaction]))),
                       self.ask_again_s)

    def poll(self, pending: Pending) -> Ready | Pending:
        """As `Provider.poll`. A request that ended without a signature says so by its status, never why."""
        state: _Transaction = pending.state
        answer = self._post(f"v1/signatures/sign/{state.ids[0]}/status", {})
        status = _status(answer)
        if status in {400, 404} and len(state.ids) > 1:
            return Pending(pending.stage, _Transaction(state.credential, state.work, state.ids[1:]), 0.0)
        if status in {400, 404}:
            raise RemoteEnded(provider=self.name, answer=_said(answer))
        self._check(answer, state.credential)
        signatures = _data(answer).get("signatures")
        if not signatures:
            return Pending(pending.stage, state, self.ask_again_s)
        return Ready(self._in_order(signatures, state.work))

    def close(self) -> None:
        self.sp_password.close()
        self.line.close()

    def _typed(self, credential: Credential, work: Work, request: dict[str, Any]) -> Ready:
        asked = ask_person(_NEEDED, self.ask, provider=self.name, credential=credential.facts.display_name,
                           credential_id=credential.id)
        try:
            answer = self._post("v2/signatures/sign", {**request, **asked.values})
            self._check_typed(answer, credential, asked)
            data = _data(answer)
            if not data.get("sad"):
                raise RemoteAnswerOdd(provider=self.name, answer="sad")
            confirmed = self._good("v2/signatures/confirm", {
                "password": asked.values["password"], "sad": data["sad"],
                "transaction_id": str(data.get("transaction_id") or request["transaction_id"])}, credential)
        finally:
            asked.forget()
        return Ready(self._in_order(_data(confirmed).get("signatures"), work))

    def _check_typed(self, answer: Answer, credential: Credential, asked: Asked) -> None:
        """The guide has one answer for a wrong password and a wrong code: both count as refused."""
        if _status(answer) == 400:
            asked.refused()
            raise RemotePinRejected(provider=self.name, answer=_said(answer))
        self._check(answer, credential)
        asked.accepted()

    def _in_order(self, signatures: object, work: Work) -> tuple[bytes, ...]:
        found = {str(one.get("doc_id")): one.get("signature_value") for one in signatures
                 if isinstance(one, Mapping)} if isinstance(signatures, list) else {}
        try:
            return tuple(_value(str(found[one.id])) for one in work.documents)
        except (KeyError, ValueError):
            raise RemoteAnswerOdd(provider=self.name, answer="signatures") from None

    def _good(self, path: str, body: Mapping[str, Any], credential: Credential | None = None) -> Answer:
        answer = self._post(path, body)
        self._check(answer, credential)
        return answer

    def _post(self, path: str, body: Mapping[str, Any]) -> Answer:
        return self.line.post(path, {"sp_id": self.sp_id, "sp_password": self.sp_password.reveal(),
                                     "user_id": self.user, **body})

    def _check(self, answer: Answer, credential: Credential | None) -> None:
        """By the status in the answer; the words beside it are shown and decide nothing."""
        match _status(answer):
            case 200:
                return
            case 401:
                raise RemoteAccountRefused(provider=self.name, answer=_said(answer))
            case 403:
                raise RemoteCredentialUnusable(
                    provider=self.name, answer=_said(answer),
                    certificate=credential.facts.display_name if credential is not None else "")
            case status if status >= 500:
                raise RemoteBusy(provider=self.name, answer=_said(answer))
        raise RemoteRequestRefused(provider=self.name, answer=_said(answer))


def _credential(told: Mapping[str, Any]) -> Credential | None:
    chain = told.get("chain_data")
    above = [chain.get("ca_cert"), chain.get("root_cert")] if isinstance(chain, Mapping) else []
    certificates = certificates_of([told.get("cert_data"), *(one for one in above if one)])
    try:
        facts = certificate_facts(certificates[0])
    except (IndexError, CertificateUnreadable):
        return None
    # which words stand for a state is not in the guide, so they are not interpreted: dates and revocation are checked
    return Credential(str(told.get("cert_id") or facts.serial), (facts.der, *certificates[1:]), facts,
                      CredentialState.UNKNOWN, (), AT_ONCE, str(told.get("service_type")) == "ESEAL",
                      str(told.get("serial_number") or facts.serial))


def _described(work: Work) -> str:
    return "; ".join(" ".join(filter(None, (one.id, one.title))) for one in work.documents)[:200]


def _value(text: str) -> bytes:
    """base64, with or without line ends, or hexadecimal, which digests are sent in. Raises ValueError for neither.

    A signature in base64 that has hexadecimal digits alone does not happen: it has 340 characters and more.
    """
    plain = "".join(text.split())
    return bytes.fromhex(plain) if set(plain) <= set(hexdigits) else b64decode(plain, validate=True)


def _new_id() -> str:
    return str(uuid.uuid4())


def _status(answer: Answer) -> int:
    text = answer.text("status_code")
    return int(text) if text.isdecimal() and len(text) < 6 else answer.status


def _said(answer: Answer) -> str:
    return shown(answer.text("message") or f"HTTP {answer.status}")


def _data(answer: Answer) -> Mapping[str, Any]:
    data = answer.fields.get("data")
    return data if isinstance(data, Mapping) else {}


def _list(answer: Answer, name: str) -> Sequence[Any]:
    value = _data(answer).get(name)
    return value if isinstance(value, list) else []
