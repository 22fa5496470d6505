"""A service that speaks the CSC API, versions 1.0.4 and 2, on loopback.

Strict where the standard is: a digest that the activation data does not cover, a wrong length, a missing field are
refused with the standard's error words.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from docclient.demonstration.authority import Issued
from tests.fakes.signing_services import Phone, Refuse, Request, Service, decoded, signature_over

RSA, SHA256_RSA, PSS = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.10"
DIGESTS = {"2.16.840.1.101.3.4.2.1": 32, "2.16.840.1.101.3.4.2.2": 48, "2.16.840.1.101.3.4.2.3": 64}


@dataclass
class CscKey:
    """A key at the service. pin, otp: what its owner must give; phone: confirmed there (version 2). scal2: activation
    data is bound to digests."""

    issued: Issued
    pin: str | None = None
    otp: str | None = None
    otp_online: bool = False
    phone: bool = False
    scal2: bool = False
    multisign: int = 1
    algorithms: Sequence[str] = (RSA,)
    status: str = "valid"
    key_status: str = "enabled"
    mode: str | None = None
    spoils: bool = False          # what it signs with does not fit the certificate
    wrong_pins: int = 0


@dataclass
class _Sad:
    key: str
    left: int
    hashes: set[str] | None


@dataclass
class CscService:
    """The account: `user`/`password` for auth/login, `client`/`client_secret` for OAuth 2.0."""

    keys: dict[str, CscKey]
    version: str = "v1"
    user: str = "chutich"
    password: str = "mat khau"
    client: str = "docclient"
    client_secret: str = "bi mat"
    phone: Phone = field(default_factory=Phone)
    sads: dict[str, _Sad] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    handles: dict[str, tuple[str, int, set[str] | None]] = field(default_factory=dict)
    later: dict[str, tuple[str, list[str], bool]] = field(default_factory=dict)
    codes_sent: int = 0
    extends: bool = True
    paged: bool = False
    counter: int = 0

    def __post_init__(self) -> None:
        self.http = Service(self._answer)

    @property
    def address(self) -> str:
        return self.http.address

    def close(self) -> None:
        self.http.close()

    def expire_tokens(self) -> None:
        """No token is taken any more; new ones are."""
        self.tokens.clear()

    def _new(self, prefix: str) -> str:
        self.counter += 1
        return f"{prefix}-{self.counter}"

    def _answer(self, request: Request) -> tuple[int, object]:
        if request.path == "/oauth2/token":
            return self._oauth(request)
        prefix = f"/csc/{self.version}/"
        if not request.path.startswith(prefix):
            raise Refuse(404, {"error": "not_found"})
        name = request.path.removeprefix(prefix)
        if name == "auth/login":
            return self._login(request)
        if request.bearer not in self.tokens:
            raise Refuse(401, {"error": "invalid_token", "error_description": "token unknown"})
        methods = {"credentials/list": self._list, "credentials/info": self._info,
                   "credentials/authorize": self._authorize, "credentials/authorizeCheck": self._check,
                   "credentials/extendTransaction": self._extend, "credentials/sendOTP": self._send,
                   "credentials/getChallenge": self._send, "signatures/signHash": self._sign,
                   "signatures/signPolling": self._polling}
        if name not in methods or (self.version == "v1" and name in {
                "credentials/authorizeCheck", "credentials/getChallenge", "signatures/signPolling"}):
            raise Refuse(404, {"error": "not_found"})
        return methods[name](request.body)

    def _login(self, request: Request) -> tuple[int, object]:
        basic = b64encode(f"{self.user}:{self.password}".encode()).decode()
        if request.headers.get("Authorization") != f"Basic {basic}":
            raise _refused("authentication_error", "An error occurred during authentication process")
        return 200, {"access_token": self._token(), "expires_in": 3600}

    def _oauth(self, request: Request) -> tuple[int, object]:
        if (request.body.get("grant_type"), request.body.get("client_id"), request.body.get("client_secret")) != (
                "client_credentials", self.client, self.client_secret):
            raise Refuse(401, {"error": "invalid_client"})
        return 200, {"access_token": self._token(), "token_type": "Bearer", "expires_in": 3600}

    def _token(self) -> str:
        token = self._new("token")
        self.tokens.add(token)
        return token

    def _list(self, body: Any) -> tuple[int, object]:
        names = list(self.keys)
        if not self.paged:
            return 200, {"credentialIDs": names}
        at = int(body.get("pageToken", 0))
        more = {"nextPageToken": str(at + 1)} if at + 1 < len(names) else {}
        return 200, {"credentialIDs": names[at:at + 1], **more}

    def _key(self, body: Any) -> CscKey:
        if body.get("credentialID") not in self.keys:
            raise _refused("invalid_request", "Invalid parameter credentialID")
        return self.keys[body["credentialID"]]

    def _info(self, body: Any) -> tuple[int, object]:
        key = self._key(body)
        if body.get("certificates") != "chain":
            raise _refused("invalid_request", "Invalid parameter certificates")
        told: dict[str, Any] = {
            "key": {"status": key.key_status, "algo": list(key.algorithms), "len": 2048},
            "cert": {"status": key.status, "certificates": [
                b64encode(one).decode() for one in (key.issued.certificate_der, *key.issued.chain_der)]},
            "SCAL": "2" if key.scal2 else "1", "multisign": key.multisign}
        if self.version == "v1":
            told["authMode"] = key.mode or ("explicit" if key.pin or key.otp else "implicit")
            told["PIN"] = {"presence": "true" if key.pin else "false", "label": "Mã PIN"}
            told["OTP"] = {"presence": "true" if key.otp else "false", "label": "Mã SMS",
                           "type": "online" if key.otp_online else "offline"}
        else:
            objects = [{"type": "Password", "id": "PIN", "label": "Mã PIN"}] if key.pin else []
            if key.otp:
                objects.append({"type": "ChallengeResponse", "id": "OTP", "label": "Mã SMS"} if key.otp_online else
                               {"type": "Password", "id": "OTP", "generator": "totp", "label": "Mã OTP"})
            if key.phone:
                objects.append({"type": "OOB", "id": "mobile", "label": "Điện thoại"})
            both = " AND ".join(one["id"] for one in objects if one["id"] != "mobile")
            told["auth"] = {"mode": key.mode or "explicit", "objects": objects,
                            "expression": " OR ".join(filter(None, (both, "mobile" if key.phone else "")))}
        return 200, told

    def _authorize(self, body: Any) -> tuple[int, object]:
        key = self._usable(body)
        count, given = body.get("numSignatures"), body.get("hash" if self.version == "v1" else "hashes")
        if not isinstance(count, int) or not 1 <= count <= key.multisign:
            raise _refused("invalid_request", "Numbers of signatures is too high")
        if key.scal2 and not given:
            raise _refused("invalid_request", "Missing array parameter hash")
        bound = set(given) if key.scal2 else None
        self.phone.shown.append(("", str(body.get("description", ""))))
        if self._proved(key, body):
            return 200, self._grant(str(body["credentialID"]), count, bound)
        handle = self._new("handle")
        self.handles[handle] = (str(body["credentialID"]), count, bound)
        return 202, {"handle": handle}

    def _proved(self, key: CscKey, body: Any) -> bool:
        """Whether what was given authorises at once; False: the phone is asked."""
        given = {one["id"]: one.get("value") for one in body.get("authData", ())} if self.version == "v2" else body
        if self.version == "v2" and key.phone and "mobile" in given:
            return False
        if key.otp is not None and given.get("OTP") != key.otp:
            raise self._not_proved("invalid_otp")
        if key.pin is not None and given.get("PIN") != key.pin:
            key.wrong_pins += 1
            raise self._not_proved("invalid_pin")
        return True

    def _not_proved(self, error: str) -> Refuse:
        """Version 2 has one word for whatever was wrong."""
        return _refused(error if self.version == "v1" else "invalid_authentication_data", "The data is invalid")

    def _grant(self, name: str, count: int, bound: set[str] | None) -> dict[str, object]:
        sad = self._new("sad")
        self.sads[sad] = _Sad(name, count, bound)
        return {"SAD": sad, "expiresIn": 300}

    def _check(self, body: Any) -> tuple[int, object]:
        handle = body.get("handle")
        if handle not in self.handles:
            raise _refused("invalid_request", "Invalid parameter handle")
        match self.phone.state():
            case "yes":
                return 200, self._grant(*self.handles.pop(handle))
            case "no":
                raise _refused("access_denied", "The user denied the request")
            case "late":
                raise _refused("invalid_request", "Invalid parameter handle")
        return 202, {"handle": handle}

    def _extend(self, body: Any) -> tuple[int, object]:
        if not self.extends:
            raise Refuse(404, {"error": "not_found"})
        key, old = self._key(body), self.sads.pop(str(body.get("SAD")), None)
        if old is None:
            raise _refused("invalid_request", "Invalid parameter SAD")
        given = body.get("hash" if self.version == "v1" else "hashes")
        return 200, self._grant(old.key, old.left, set(given) if key.scal2 else None)

    def _send(self, body: Any) -> tuple[int, object]:
        self._key(body)
        self.codes_sent += 1
        return 204, None

    def _usable(self, body: Any) -> CscKey:
        key = self._key(body)
        if key.status != "valid" or key.key_status != "enabled":
            raise _refused("invalid_request", "Signing certificate is expired")
        return key

    def _sign(self, body: Any) -> tuple[int, object]:
        key = self._usable(body)
        given = body.get("hash" if self.version == "v1" else "hashes")
        digest = body.get("hashAlgo" if self.version == "v1" else "hashAlgorithmOID")
        sad = self.sads.get(str(body.get("SAD")))
        if sad is None or sad.key != body["credentialID"]:
            raise _refused("invalid_request", "Invalid parameter SAD")
        if body.get("signAlgo") not in key.algorithms:
            raise _refused("invalid_request", "Invalid parameter signAlgo")
        if not isinstance(given, list) or not given or len(given) > sad.left:
            raise _refused("invalid_request", "Empty hash array")
        if sad.hashes is not None and not set(given) <= sad.hashes:
            raise _refused("invalid_request", "Hash is not authorized by the SAD")
        try:
            if any(len(decoded(one)) != DIGESTS[digest] for one in given):
                raise ValueError
        except (ValueError, KeyError):
            raise _refused("invalid_request", "Invalid digest value length") from None
        pss = body["signAlgo"] == PSS
        if pss and not body.get("signAlgoParams"):
            raise _refused("invalid_request", "Missing string parameter signAlgoParams")
        sad.left -= len(given)
        if body.get("operationMode") == "A":
            identifier = self._new("response")
            self.later[identifier] = (str(body["credentialID"]), given, pss)
            return 200, {"responseID": identifier}
        return 200, {"signatures": self._made(key, given, pss)}

    def _polling(self, body: Any) -> tuple[int, object]:
        if body.get("requestID") not in self.later:
            raise _refused("invalid_request", "Invalid parameter requestID")
        if self.phone.state() != "yes":
            return 202, {"error": "accepted_request"}
        name, given, pss = self.later.pop(body["requestID"])
        return 200, {"signatures": self._made(self.keys[name], given, pss)}

    def _made(self, key: CscKey, given: list[str], pss: bool) -> list[str]:
        made = [signature_over(key.issued, decoded(one), pss=pss) for one in given]
        return [b64encode(bytes(len(one)) if key.spoils else one).decode() for one in made]


def _refused(error: str, description: str) -> Refuse:
    return Refuse(400, {"error": error, "error_description": description})
