"""Soft tokens for the demonstration: the leader's and the agency's, in a private store, PINs made up on the spot."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

from docclient.demonstration.authority import Authority, Issued
from docclient.tools.softhsm import SoftHsm
from signing.keys import Key, TokenIdentity
from signing.tokens.pkcs11 import open_token_key

LEADER_LABEL, AGENCY_LABEL = "Chủ tịch UBND xã", "Con dấu UBND xã"


@dataclass(frozen=True, slots=True)
class SoftToken:
    store: SoftHsm
    identity: TokenIdentity
    issued: Issued
    _pin: bytes = field(repr=False)

    def open(self) -> Key:
        """Log in; the PIN that travels is a copy that is overwritten."""
        return open_token_key(self.store.module, token=self.identity.label, pin=bytearray(self._pin),
                              environment=self.store.environment)


@dataclass(frozen=True, slots=True)
class SoftTokens:
    leader: SoftToken
    agency: SoftToken


def make_tokens(folder: Path, authority: Authority, agency_name: str, *, pin: str | None = None) -> SoftTokens:
    """Two tokens in a store of their own under `folder`. pin: for trying the window by hand; made up without."""
    store = SoftHsm.at(folder)
    leader = authority.issue_person("Chủ tịch UBND xã Tân Hiệp", organisation=agency_name, locality="Tân Hiệp")
    agency = authority.issue_agency(agency_name, locality="Tân Hiệp")
    return SoftTokens(token_with(store, LEADER_LABEL, leader, pin), token_with(store, AGENCY_LABEL, agency, pin))


def token_with(store: SoftHsm, label: str, issued: Issued, pin: str | None) -> SoftToken:
    secret = (pin or secrets.token_hex(4)).encode()
    identity = store.add_token(label, pin=secret, officer_pin=secrets.token_hex(8).encode())
    store.import_key(identity, pin=secret, private_key=issued.private_key,
                     certificates=[issued.certificate_der, *issued.chain_der], identifier=b"\x01", name=label)
    return SoftToken(store, identity, issued, secret)
