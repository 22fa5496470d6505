"""What is known about revoked certificates: lists given locally and evidence stored inside the file. No network.

Sources: RFC 5280 (lists), RFC 6960 (OCSP), ISO 32000-2, 12.8.4.3 (document security store).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import NonexistentAttributeError, find_unique_cms_attribute
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.policy_decl import LocalKnowledge
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from signing.pdf import PARSER_ERRORS
from signing.signature_facts import other_certificates, timestamp_tokens
from signing.trust import TrustStore

T = TypeVar("T")


@dataclass(frozen=True)
class Knowledge:
    """Certificates and revocation evidence at hand. `broken`: some of what the file stores could not be read."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[CRLContainer, ...] = ()
    ocsps: tuple[OCSPContainer, ...] = ()
    from_store: bool = False
    broken: bool = False

    def plus(self, other: Knowledge) -> Knowledge:
        return Knowledge(
            self.certificates + other.certificates, self.crls + other.crls, self.ocsps + other.ocsps,
            self.from_store or other.from_store, self.broken or other.broken,
        )

    def local(self) -> LocalKnowledge:
        return LocalKnowledge(known_ocsps=list(self.ocsps), known_crls=list(self.crls),
                              known_certs=list(self.certificates))


@lru_cache(maxsize=4)
def knowledge_of(trust: TrustStore) -> Knowledge:
    """The authorities and lists of a trust store; parsed once for all the files that are verified with it."""
    return Knowledge(
        certificates=tuple(trust.intermediate_certificates),
        crls=tuple(CRLContainer(crl.CertificateList.load(one)) for one in trust.crls),
    )


def knowledge_in(reader: PdfFileReader) -> Knowledge:
    """What the document security store holds; an unreadable entry is left out and remembered as broken."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return Knowledge()
    except PARSER_ERRORS:
        return Knowledge(broken=True)
    certificates, broken_certificates = _each(store.certs.values(), lambda ref: x509.Certificate.load(
        ref.get_object().data, strict=True))
    lists, broken_lists = _each(store.crls, lambda ref: CRLContainer(crl.CertificateList.load(
        ref.get_object().data, strict=True)))
    answers, broken_answers = _each(store.ocsps, lambda ref: OCSPContainer.load_multi(ocsp.OCSPResponse.load(
        ref.get_object().data, strict=True)))
    return Knowledge(
        tuple(certificates), tuple(lists), tuple(one for group in answers for one in group), from_store=True,
        broken=broken_certificates or broken_lists or broken_answers,
    )


def knowledge_inside(embedded: EmbeddedPdfSignature) -> Knowledge:
    """What the signature itself carries: certificates, those of its time-stamps too, and evidence of the older kind."""
    stamps = timestamp_tokens(embedded)
    found = [certificate for data in (embedded.signed_data, *stamps) for certificate in other_certificates(data)]
    return Knowledge(certificates=tuple(found)).plus(_archived_inside(embedded))


def _archived_inside(embedded: EmbeddedPdfSignature) -> Knowledge:
    """Adobe's revocation attribute."""
    try:
        archived = find_unique_cms_attribute(embedded.signer_info["signed_attrs"], "adobe_revocation_info_archival")
    except NonexistentAttributeError:
        return Knowledge()
    except PARSER_ERRORS:
        return Knowledge(broken=True)
    lists, broken_lists = _each(archived["crl"] or (), CRLContainer)
    answers, broken_answers = _each(archived["ocsp"] or (), OCSPContainer)
    return Knowledge((), tuple(lists), tuple(answers), broken=broken_lists or broken_answers)


def _each(entries: Iterable[object], load: Callable[..., T]) -> tuple[list[T], bool]:
    loaded: list[T] = []
    broken = False
    for entry in entries:
        try:
            loaded.append(load(entry))
        except PARSER_ERRORS:
            broken = True
    return loaded, broken
