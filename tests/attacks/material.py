"""What the forgeries and their honest counterparts are made from: our own authority's keys, our own signed files."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from asn1crypto import keys, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from docclient.demonstration.authority import Authority, Issued, KeyKind
from signing.prepare import prepare, propose_places
from signing.sign import Role, SigningRequest, fill_and_seal, sign_pdf
from signing.trust import TrustStore
from tests.signing.conftest import AGENCY_NAME, LEADER_NAME, People
from tests.signing.drafts import Draft, typeset

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Material:
    """The authority, three people, an attacker whom nobody knows, and files at every stage. All made at run time."""

    people: People
    stranger: Issued
    clerk: Issued
    stamper: Issued
    revoked: Issued
    ended: Issued
    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Material:
        now = datetime.now(UTC).replace(microsecond=0)
        authority = Authority.make("Ban Cơ yếu thử nghiệm", key=KeyKind.P256, now=now - 400 * DAY)
        revoked = authority.issue_person("Lê Văn Thu", key=KeyKind.P256)
        authority.revoke(revoked, at=now - 10 * DAY)
        ended = authority.issue_person("Phạm Thị Hết", key=KeyKind.P256, not_before=now - 300 * DAY,
                                       not_after=now - 100 * DAY)
        people = People(
            authority, authority.issue_person(LEADER_NAME, organisation=AGENCY_NAME, key=KeyKind.P256),
            authority.issue_agency(AGENCY_NAME, key=KeyKind.P256), folder)
        stranger = Authority.make("Không ai biết", key=KeyKind.P256).issue_person(LEADER_NAME, key=KeyKind.P256)
        return cls(people, stranger, authority.issue_person("Trần Văn Đức", key=KeyKind.P256),
                   authority.issue_time_stamp_service(), revoked, ended, folder)

    @property
    def authority(self) -> Authority:
        return self.people.authority

    @cached_property
    def trust(self) -> TrustStore:
        """Believes the authority; its lists are of now and of the day that old signatures are judged for."""
        return self.people.trust.with_crls(self.authority.crl(at=self.long_ago))

    @property
    def long_ago(self) -> datetime:
        """A day when the ended certificate was in force."""
        return self.ended.certificate.not_valid_after_utc - 100 * DAY

    # drafts

    @cached_property
    def draft(self) -> bytes:
        return typeset(Draft())

    @cached_property
    def long_draft(self) -> bytes:
        return typeset(Draft(paragraphs=30))

    @cached_property
    def prepared(self) -> bytes:
        """With the fields for number, date, signature and seal."""
        return self._path("prepared").read_bytes()

    # the recipe, by our own signer

    @cached_property
    def certified(self) -> bytes:
        """Signed by the leader, who permits form filling (DocMDP 2)."""
        return self._path("certified").read_bytes()

    @cached_property
    def sealed(self) -> bytes:
        """And numbered, dated and sealed by the agency."""
        return self._path("sealed").read_bytes()

    @cached_property
    def approval(self) -> bytes:
        """An invisible approval signature over the draft."""
        source = self._written("draft", self.draft)
        return sign_pdf(source, self.folder / "approval.pdf", self.people.key(self.people.leader),
                        SigningRequest(role=Role.PLAIN, trust=self.trust)).target.read_bytes()

    @cached_property
    def approved_form(self) -> bytes:
        """An approval signature, no certification, on the draft with its fields."""
        return self.signed(self.prepared, field="LeaderSignature")

    @cached_property
    def certified_final(self) -> bytes:
        """DocMDP 1: nothing may come."""
        return self.signed(self.prepared, field="LeaderSignature", permission=MDPPerm.NO_CHANGES)

    @cached_property
    def certified_notes(self) -> bytes:
        """DocMDP 3: form filling, signatures and comments may come."""
        return self.signed(self.prepared, field="LeaderSignature", permission=MDPPerm.ANNOTATE)

    @cached_property
    def stamped(self) -> bytes:
        return self.signed(self.draft, stamp=self.time_stamper())

    @cached_property
    def document_stamp(self) -> bytes:
        """A signature and a document time-stamp over it."""
        return self.document_stamped(self.approval)

    # signing by the library, with every option a producer may choose

    def signed(self, data: bytes, who: Issued | None = None, *, field: str = "Signature",
               permission: MDPPerm | None = None, subfilter: SigSeedSubFilter = SigSeedSubFilter.PADES,
               digest: str = "sha256", stamp: DummyTimeStamper | None = None, spec: SigFieldSpec | None = None,
               chain: bool = True, strict: bool = True, forbidden: bool = False,
               **metadata: Any) -> bytes:
        """One more signature, by the leader unless said otherwise. forbidden: even where DocMDP says no."""
        who = who or self.people.leader
        signer = signers.SimpleSigner(
            signing_cert=x509.Certificate.load(who.certificate_der), signing_key=key_of(who),
            cert_registry=store_of(who.chain_der if chain else ()))
        out = io.BytesIO()
        writer = IncrementalPdfFileWriter(io.BytesIO(data), strict=strict)
        if forbidden:
            writer.root[pdf_name("/Perms")] = generic.DictionaryObject()   # the signing library looks here
        signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name=field, md_algorithm=digest, subfilter=subfilter, certify=permission is not None,
                docmdp_permissions=permission or MDPPerm.FILL_FORMS, **metadata),
            signer, timestamper=stamp, new_field_spec=spec,
        ).sign_pdf(writer, output=out)
        return out.getvalue()

    def document_stamped(self, data: bytes, at: datetime | None = None) -> bytes:
        out = io.BytesIO()
        PdfTimeStamper(self.time_stamper(at)).timestamp_pdf(
            IncrementalPdfFileWriter(io.BytesIO(data)), "sha256", output=out)
        return out.getvalue()

    def time_stamper(self, at: datetime | None = None, who: Issued | None = None) -> DummyTimeStamper:
        """at: the time it tells, its own clock's without it. who: the authority's own service without it."""
        who = who or self.stamper
        return DummyTimeStamper(x509.Certificate.load(who.certificate_der), key_of(who),
                                certs_to_embed=store_of(who.chain_der), fixed_dt=at)

    def _path(self, stage: str) -> Path:
        draft = self._written("draft", self.draft)
        made = self.folder / f"{stage}.pdf"
        if not made.exists():
            request = {"trust": self.trust}
            if stage == "prepared":
                prepare(draft, made, propose_places(draft))
            elif stage == "certified":
                sign_pdf(self._path("prepared"), made, self.people.key(self.people.leader),
                         SigningRequest(role=Role.PERSONAL, **request))
            else:
                fill_and_seal(self._path("certified"), made, self.people.key(self.people.agency), number="15",
                              issued=datetime(2026, 3, 5, tzinfo=UTC).date(),
                              request=SigningRequest(role=Role.AGENCY, **request))
        return made

    def _written(self, name: str, data: bytes) -> Path:
        path = self.folder / f"{name}.pdf"
        if not path.exists():
            path.write_bytes(data)
        return path


def key_of(who: Issued) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(who.private_key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()))


def store_of(certificates: tuple[bytes, ...]) -> SimpleCertificateStore:
    store = SimpleCertificateStore()
    for certificate in certificates:
        store.register(x509.Certificate.load(certificate))
    return store
