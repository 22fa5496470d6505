"""The Vietnamese authorities that are known by the fingerprint of their certificate: who they are and for what.

Knowing is not believing: a fingerprint says which authority a file claims to be of, and an administrator compares it
with what the authority itself publishes. Source of the fingerprints: records-work facts, 12.1 (government and Party
authorities of the Government Cipher Committee, national root of public authorities).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from signing.trust import fingerprint


class AuthorityPurpose(StrEnum):
    """For whom an authority certifies; words codes `authority_purpose.*`."""

    GOVERNMENT = "government"       # State bodies, official use
    PARTY = "party"                 # Party bodies, official use
    PUBLIC = "public"               # public authorities for everybody


@dataclass(frozen=True, slots=True)
class Pinned:
    """What is known of an authority. root: it is an anchor by its nature. compared: the fingerprint was found alike at
    independent sources; otherwise one source alone states it."""

    name: str
    purpose: AuthorityPurpose
    root: bool
    generation: str
    compared: bool


PINNED: dict[str, Pinned] = {
    "F04BA4B459A7C9A1B971AD9B1CB833E695A80C79AEA63B174B66A70EDFE2FDB8": Pinned(
        "RootCA chuyên dùng Chính phủ G2", AuthorityPurpose.GOVERNMENT, root=True, generation="G2", compared=True),
    "D8CAB7A4AEF92E6BB2509D7C61CEE7B44F3731B2D21074963530277B366FAE4B": Pinned(
        "CA phục vụ các cơ quan Nhà nước G2", AuthorityPurpose.GOVERNMENT, root=False, generation="G2", compared=True),
    "E4B402E3CB4CACC0A20D21FA49BCE76BEB4EB47BA7FFB7A8F71C554DBE561A81": Pinned(
        "CA phục vụ các cơ quan Đảng G2", AuthorityPurpose.PARTY, root=False, generation="G2", compared=False),
    "F7BC89054CEC7F12730D7B8CD3EB7955B163835087E5EB873EDFB584763B3F90": Pinned(
        "RootCA chuyên dùng Chính phủ (G1)", AuthorityPurpose.GOVERNMENT, root=True, generation="G1", compared=False),
    "75E969C07BA35C29C72BBC1BFB880F20F3891A619B00B77EB02CA6160736A1FE": Pinned(
        "CA chuyên dùng Chính phủ (G1)", AuthorityPurpose.GOVERNMENT, root=False, generation="G1", compared=False),
    "BAC8BF609AB420A8EE1780D74F4DE5C7F7184959D2A7375B0A75E4C29F0908E7": Pinned(
        "Vietnam National Root CA", AuthorityPurpose.PUBLIC, root=True, generation="2014", compared=True),
}
"""By SHA-256 of the certificate (DER), upper case."""


READ_BACK = 8
"""How many digits of a fingerprint are read back: enough that nobody types them without having looked."""


def is_read_back(typed: str, certificate: bytes) -> bool:
    """Whether `typed` are the last digits of the certificate's fingerprint (SHA-256), 8 at least; spaces, colons and
    case do not matter."""
    digits = re.sub(r"[\s:.…-]", "", typed).upper()
    return len(digits) >= READ_BACK and fingerprint(certificate).endswith(digits)


def recognise(certificate: bytes) -> Pinned | None:
    """The authority whose certificate this is, byte for byte; None for any other."""
    return PINNED.get(fingerprint(certificate))
