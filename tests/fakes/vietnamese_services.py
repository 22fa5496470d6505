"""VNPT SmartCA and Viettel MySign as their public integration guides describe them, on loopback.

Nothing here was compared with the live services; what the guides leave open (the words of a refusal) is left open here.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from docclient.demonstration.authority import Issued
from signing.certificates import certificate_facts
from tests.fakes.signing_services import Phone, Refuse, Request, Service, decoded, signature_over


@dataclass
class SmartCaService:
    """keys: by service type (SMARTCA, ESEAL). path_by: which id the status request is found by. password, code: of
    the way without a phone."""

    keys: list[tuple[str, Issued]]
    sp_id: str = "sp"
    sp_password: str = "sp mat khau"
    user: str = "001099000001"
    password: str = "mat khau ky"
    code: str = "123456"
    path_by: str = "tran_code"
    in_hexadecimal: bool = False
    phone: Phone = field(default_factory=Phone)
    open: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: int = 0

    def __post_init__(self) -> None:
        self.http = Service(self._answer)

    @property
    def address(self) -> str:
        return f"{self.http.address}/sca/sp769"

    def close(self) -> None:
        self.http.close()

    def _answer(self, request: Request) -> tuple[int, object]:
        body = request.body
        if (body.get("sp_id"), body.get("sp_password")) != (self.sp_id, self.sp_password):
            return 200, _told(401, "SP_CREDENTIAL_INVALID")
        name = request.path.removeprefix("/sca/sp769/")
        if found := re.fullmatch(r"v1/signatures/sign/([^/]+)/status", name):
            return self._status(found.group(1))
        match name:
            case "v1/credentials/get_certificate":
                return 200, _told(200, "OK", user_certificates=[self._certificate(*one) for one in self.keys])
            case "v1/signatures/sign":
                return self._sign(body)
            case "v2/signatures/sign":
                return self._typed(body)
            case "v2/signatures/confirm":
                return self._confirm(body)
        return 404, {"message": "not found"}

    def _certificate(self, kind: str, issued: Issued) -> dict[str, Any]:
        facts = certificate_facts(issued.certificate_der)
        return {"service_type": kind, "service_name": "SmartCA", "cert_id": f"id-{facts.serial[:6]}",
                "cert_status": "Đang hoạt động", "serial_number": facts.serial, "cert_subject": facts.subject,
                "cert_data": b64encode(issued.certificate_der).decode() + "\r\n",
                "chain_data": {"ca_cert": b64encode(issued.chain_der[0]).decode(),
                               "root_cert": b64encode(issued.chain_der[1]).decode()}}

    def _begun(self, body: Any) -> dict[str, Any]:
        serials = {certificate_facts(one.certificate_der).serial: one for _, one in self.keys}
        files = body.get("sign_files")
        if body.get("user_id") != self.user or body.get("serial_number") not in serials or not files:
            raise Refuse(200, _told(400, "INVALID_PARAMETER"))
        for one in files:
            digest = bytes.fromhex(one["data_to_be_signed"])
            if one.get("sign_type") != "hash" or len(digest) != 32 or not one["doc_id"]:
                raise Refuse(200, _told(400, "INVALID_PARAMETER"))
            self.phone.shown.append((one["doc_id"], body["transaction_desc"]))
        code = f"tran-{len(self.open) + 1}"
        begun = {"transaction_id": body["transaction_id"], "tran_code": code, "files": files,
                 "issued": serials[body["serial_number"]]}
        self.open[code if self.path_by == "tran_code" else body["transaction_id"]] = begun
        return begun

    def _sign(self, body: Any) -> tuple[int, object]:
        begun = self._begun(body)
        return 200, _told(200, "Vui lòng xác nhận trên ứng dụng", transaction_id=begun["transaction_id"],
                          tran_code=begun["tran_code"])

    def _status(self, identifier: str) -> tuple[int, object]:
        if identifier not in self.open:
            return 200, _told(400, "TRANSACTION_NOT_FOUND")
        match self.phone.state():
            case "yes":
                return 200, _told(200, "OK", signatures=self._made(self.open[identifier]))
            case "no":
                return 200, _told(400, "Người dùng từ chối")
        return 200, _told(200, "OK", signatures=None)

    def _made(self, begun: dict[str, Any]) -> list[dict[str, Any]]:
        values = [(one["doc_id"], signature_over(begun["issued"], bytes.fromhex(one["data_to_be_signed"])))
                  for one in reversed(begun["files"])]      # the guide promises no order
        return [{"doc_id": name, "timestamp_signature": None,
                 "signature_value": value.hex() if self.in_hexadecimal else b64encode(value).decode()}
                for name, value in values]

    def _typed(self, body: Any) -> tuple[int, object]:
        if (body.get("password"), body.get("otp")) != (self.password, self.code):
            self.wrong += 1
            return 200, _told(400, "INVALID_PASSWORD_OR_OTP")
        begun = self._begun(body)
        return 200, _told(200, "OK", transaction_id=begun["transaction_id"], tran_code=begun["tran_code"], sad="jwt",
                          expired_in=299)

    def _confirm(self, body: Any) -> tuple[int, object]:
        begun = next((one for one in self.open.values() if one["transaction_id"] == body.get("transaction_id")), None)
        if (body.get("password"), body.get("sad")) != (self.password, "jwt") or begun is None:
            return 200, _told(400, "INVALID_SAD")
        return 200, _told(200, "OK", signatures=self._made(begun))


@dataclass
class MySignService:
    """codes: what a request's status says instead of following the phone."""

    issued: Issued
    client_id: str = "docclient"
    client_secret: str = "bi mat"
    profile: str = "adss:ras:profile:001"
    user: str = "CMT_001099000001"
    phone: Phone = field(default_factory=Phone)
    tokens: set[str] = field(default_factory=set)
    open: dict[str, list[str]] = field(default_factory=dict)
    code: str | None = None
    status: str = "valid"

    def __post_init__(self) -> None:
        self.http = Service(self._answer)

    @property
    def address(self) -> str:
        return self.http.address

    def close(self) -> None:
        self.http.close()

    def _answer(self, request: Request) -> tuple[int, object]:
        body = request.body
        if request.path == "/vtss/service/ras/v1/login":
            wanted = {"client_id": self.client_id, "client_secret": self.client_secret, "profile_id": self.profile,
                      "user_id": self.user}
            if dict(body) != wanted:
                return 401, {"error": "59033", "error_description": "user ID or password is invalid"}
            token = f"token-{len(self.tokens) + 1}-{len(self.http.requests)}"
            self.tokens.add(token)
            return 200, {"access_token": token, "refresh_token": "", "token_type": "Bearer", "expires_in": "3600"}
        if request.bearer not in self.tokens:
            return 401, {"error": "invalid_token"}
        match request.path.removeprefix("/vtss/service/"):
            case "certificates/info":
                return 200, [self._certificate()]
            case "signHash":
                return self._sign(body)
            case "requests/status":
                return self._status(body)
        return 404, None

    def _certificate(self) -> dict[str, Any]:
        facts = certificate_facts(self.issued.certificate_der)
        return {"credential_id": "001_2482540_20221017114147", "scal": "2", "multisign": "2147483647",
                "authMode": "implicit",
                "key": {"status": "enabled", "algo": ["1.2.840.113549.1.1.1"], "len": "2048", "curve": None},
                "cert": {"status": self.status, "subjectDN": facts.subject, "serialNumber": facts.serial,
                         "certificates": [b64encode(one).decode() for one in (
                             self.issued.certificate_der, *self.issued.chain_der)]}}

    def _sign(self, body: Any) -> tuple[int, object]:
        documents, given = body.get("documents"), body.get("hash")
        right = (body.get("credentialID") == "001_2482540_20221017114147" and body.get("async") == 1
                 and body.get("client_secret") == self.client_secret
                 and body.get("hashAlgo") == "2.16.840.1.101.3.4.2.1" and body.get("signAlgo") == "1.2.840.113549.1.1.1"
                 and isinstance(given, list) and body.get("numSignatures") == len(given) == len(documents)
                 and all(len(decoded(one)) == 32 for one in given))
        for one in documents or ():
            name = decoded(one["document_name"]).decode("ascii")
            right = right and len(one["document_name"]) < 100 and re.fullmatch(r"[A-Za-z0-9_\- ]+", name) is not None
            self.phone.shown.append((one["document_id"], name))
        if not right:
            return 400, {"error": "invalid_request", "error_description": "bad parameter"}
        identifier = f"transaction-{len(self.open) + 1}"
        self.open[identifier] = given
        return 200, {"transactionId": identifier}

    def _status(self, body: Any) -> tuple[int, object]:
        given = self.open[body["transactionId"]]
        state = self.code or {"yes": "1", "no": "4002", "late": "4001", "wait": "4000", "confirmed": "6000"}[
            self.phone.state()]
        if state != "1":
            return 200, {"status": state, "description": "Mô tả", "signatures": None}
        # the guide's own samples carry line ends inside the values
        return 200, {"status": "1", "signatures": [
            b64encode(signature_over(self.issued, decoded(one))).decode() + "\r\n" for one in given]}


def _told(status: int, message: str, **data: object) -> dict[str, object]:
    return {"status_code": status, "message": message, "data": data or None}
