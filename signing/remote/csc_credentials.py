"""What a CSC service says of a key: its certificate, what it can do, and what its owner must give to use it.

Sources: CSC API 1.0.4.0, 11.5 (`authMode`, `PIN`, `OTP`); CSC API 2, 11.5 (`auth/mode`, `auth/objects`,
`auth/expression`).
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from signing.certificates import CertificateUnreadable, certificate_facts
from signing.remote.provider import Credential, CredentialState
from signing.remote.secret import SecretKind
from signing.remote.secret_care import Needed

IMPLICIT, EXPLICIT, BY_BROWSER = "implicit", "explicit", "oauth2code"
_STATES = {"valid": CredentialState.USABLE, "expired": CredentialState.EXPIRED, "revoked": CredentialState.REVOKED,
           "suspended": CredentialState.SUSPENDED}


@dataclass(frozen=True, slots=True)
class Way:
    """How the use of a key is authorised. needed: what a person types. silent: ids of ways that need no typing (a
    phone). by_digest: the activation data is bound to the digests (SCAL 2)."""

    mode: str
    needed: tuple[Needed, ...] = ()
    silent: tuple[str, ...] = ()
    by_digest: bool = False


def credential_of(identifier: str, body: Mapping[str, Any]) -> Credential | None:
    """A key as `credentials/info` tells it; None when its certificate is missing or cannot be read."""
    certificate, key = _object(body, "cert"), _object(body, "key")
    chain = certificates_of(certificate.get("certificates"))
    if not chain:
        return None
    try:
        facts = certificate_facts(chain[0])
    except CertificateUnreadable:
        return None
    state = _STATES.get(str(certificate.get("status")), CredentialState.UNKNOWN)
    if key.get("status") == "disabled":
        state = CredentialState.DISABLED
    return Credential(identifier, (facts.der, *chain[1:]), facts, state,
                      tuple(str(one) for one in _list(key.get("algo"))), whole(body.get("multisign"), 1), None,
                      way_of(body))


def certificates_of(encoded: object) -> list[bytes]:
    """The certificates in a list of base64 texts, up to the first that is none."""
    found: list[bytes] = []
    for one in _list(encoded):
        try:
            found.append(b64decode("".join(str(one).split()), validate=True))
        except (binascii.Error, ValueError):
            break
    return found


def way_of(body: Mapping[str, Any]) -> Way:
    by_digest = str(body.get("SCAL") or body.get("scal") or "1") == "2"
    auth = body.get("auth")
    if isinstance(auth, Mapping):
        return _way_of_objects(auth, by_digest)
    mode = str(body.get("authMode") or IMPLICIT)
    if mode != EXPLICIT:
        return Way(mode, by_digest=by_digest)
    needed = []
    for name, kind in (("PIN", SecretKind.PIN), ("OTP", SecretKind.CODE)):
        told = _object(body, name)
        presence = str(told.get("presence", "false")).lower()
        if presence in {"true", "optional"}:
            needed.append(Needed(name, kind, str(told.get("label") or ""), str(told.get("type")) == "online",
                                 presence == "optional"))
    return Way(mode, tuple(needed), by_digest=by_digest)


def whole(value: object, otherwise: int) -> int:
    """A number that some services send as text."""
    text = str(value)
    return max(int(text), 1) if text.isdecimal() and len(text) < 12 else otherwise


def _way_of_objects(auth: Mapping[str, Any], by_digest: bool) -> Way:
    mode = str(auth.get("mode") or EXPLICIT)
    objects = {str(one.get("id")): one for one in _list(auth.get("objects")) if isinstance(one, Mapping)}
    wanted = _one_alternative(str(auth.get("expression") or ""), objects)
    needed, silent = [], []
    for identifier in wanted:
        found = _needed(identifier, objects[identifier])
        if found is None:
            silent.append(identifier)
        else:
            needed.append(found)
    return Way(mode, tuple(needed), tuple(silent), by_digest)


def _needed(identifier: str, told: Mapping[str, Any]) -> Needed | None:
    """What is to be typed for an authentication object; None for one that is settled elsewhere (a phone)."""
    kind, label = str(told.get("type")), str(told.get("label") or told.get("description") or "")
    if kind == "Password":
        is_code = bool(told.get("generator")) or "OTP" in identifier.upper()
        return Needed(identifier, SecretKind.CODE if is_code else SecretKind.PIN, label)
    if kind == "ChallengeResponse":
        return Needed(identifier, SecretKind.CODE, label, sent_first=True)
    return None


def _one_alternative(expression: str, objects: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Out of "PIN AND OTP OR phone", the alternative with the least to type; all objects where brackets stand."""
    words = re.findall(r"[()]|[^\s()]+", expression)
    if not words or "(" in words:
        return list(objects)
    alternatives: list[list[str]] = [[]]
    for word in words:
        if word in {"OR", "XOR"}:
            alternatives.append([])
        elif word in objects:
            alternatives[-1].append(word)
    meant = [one for one in alternatives if one] or [list(objects)]
    return min(meant, key=lambda one: sum(_needed(word, objects[word]) is not None for word in one))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _object(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    return value if isinstance(value, Mapping) else {}
