"""An authority with a leader's and an agency's key, and documents at each stage, made once for all signing tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from docclient.demonstration.authority import Authority, Issued
from signing.keys import Key
from signing.prepare import prepare, propose_places
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.tokens.pkcs12 import open_key_file
from signing.trust import TrustStore
from tests.signing.drafts import write_draft

LEADER_NAME = "Nguyễn Thị Phương Thảo"
AGENCY_NAME = "Ủy ban nhân dân xã Tân Hiệp"
PASSWORD = b"mat khau"


@dataclass(frozen=True)
class People:
    """The authority and what it issued. trust: believes it and knows its revocation lists."""

    authority: Authority
    leader: Issued
    agency: Issued
    folder: Path

    @property
    def trust(self) -> TrustStore:
        return TrustStore().with_certificates(
            [self.authority.anchor_der, self.authority.issuing_der]).with_crls(self.authority.crl())

    @property
    def trust_without_lists(self) -> TrustStore:
        return TrustStore().with_certificates([self.authority.anchor_der, self.authority.issuing_der])

    def key(self, issued: Issued, *, with_chain: bool = False) -> Key:
        path = self.folder / f"{issued.certificate.serial_number:x}{with_chain}.p12"
        if not path.exists():
            issued.save_pkcs12(path, PASSWORD, with_chain=with_chain)
        return open_key_file(path, bytearray(PASSWORD), allow_unusable=True)


@dataclass(frozen=True)
class Stages:
    """One letter: as drafted, with its fields, signed by the leader, numbered and sealed."""

    draft: Path
    prepared: Path
    signed: Path
    sealed: Path


@pytest.fixture(scope="session")
def people(tmp_path_factory: pytest.TempPathFactory) -> People:
    authority = Authority.make("Ban Cơ yếu thử nghiệm")
    leader = authority.issue_person(LEADER_NAME, organisation=AGENCY_NAME)
    return People(authority, leader, authority.issue_agency(AGENCY_NAME), tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def leader(people: People) -> Iterator[Key]:
    key = people.key(people.leader)
    yield key
    key.close()


@pytest.fixture(scope="session")
def agency(people: People) -> Iterator[Key]:
    key = people.key(people.agency)
    yield key
    key.close()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A blue signature and a red seal, transparent around."""
    folder = tmp_path_factory.mktemp("pictures")
    signature = Image.new("RGBA", (600, 240), (0, 0, 0, 0))
    ImageDraw.Draw(signature).line([(20, 200), (150, 30), (260, 210), (400, 60), (580, 150)], (20, 40, 160, 255), 12)
    seal = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    ImageDraw.Draw(seal).ellipse([6, 6, 593, 593], outline=(200, 20, 20, 255), width=16)
    found = {"signature": folder / "signature.png", "seal": folder / "seal.png"}
    signature.save(found["signature"])
    seal.save(found["seal"])
    return found


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, people: People, leader: Key, agency: Key,
           pictures: dict[str, Path]) -> Stages:
    """The proven recipe, once."""
    folder = tmp_path_factory.mktemp("stages")
    draft = write_draft(folder / "draft.pdf")
    prepared = prepare(draft, folder / "prepared.pdf", propose_places(draft)).target
    signed = sign_pdf(prepared, folder / "signed.pdf", leader, SigningRequest(
        role=Role.PERSONAL, image=pictures["signature"], trust=people.trust)).target
    sealed = fill_and_seal(signed, folder / "sealed.pdf", agency, number="15", issued=date(2026, 3, 5),
                           request=SigningRequest(role=Role.AGENCY, image=pictures["seal"], trust=people.trust)).target
    return Stages(draft, prepared, signed, sealed)
