"""Which list or answer said whether a certificate is revoked, where it came from, and how fresh it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509
from pyhanko.sign.validation.ades import derive_validation_object_binary_data
from pyhanko_certvalidator.ltv.poe import ValidationObject, ValidationObjectType

from signing.pdf import PARSER_ERRORS
from signing.revocation import Knowledge
from signing.trust import TrustStore


@dataclass(frozen=True)
class RevocationFacts:
    """source: given (a local list), embedded (in the file) or online. since, until: thisUpdate and nextUpdate."""

    source: str
    since: datetime | None
    until: datetime | None


def revocation_facts(certificate: x509.Certificate, objects: Iterable[ValidationObject], trust: TrustStore,
                     knowledge: Knowledge) -> RevocationFacts | None:
    """The newest answer about the certificate, else the newest list of its issuer, among what was at hand.

    knowledge: what was known before anything was fetched, the file's own evidence included.
    """
    found: list[tuple[bool, datetime, RevocationFacts]] = []
    for each in objects:
        try:
            times = _answer_times(certificate, each) or _list_times(certificate, each)
            data = derive_validation_object_binary_data(each) if times else None
        except PARSER_ERRORS:
            continue
        if times is None or data is None:
            continue
        since, until = times
        is_answer = each.object_type is ValidationObjectType.OCSP_RESPONSE
        found.append((is_answer, since or datetime.min.replace(tzinfo=UTC),
                      RevocationFacts(_source(data, trust, knowledge), since, until)))
    return max(found, key=lambda each: each[:2])[2] if found else None


def _answer_times(certificate: x509.Certificate, each: ValidationObject) -> tuple[Any, Any] | None:
    if each.object_type is not ValidationObjectType.OCSP_RESPONSE:
        return None
    single = each.value.extract_single_response()
    if single is None or single["cert_id"]["serial_number"].native != certificate.serial_number:
        return None
    return single["this_update"].native, single["next_update"].native


def _list_times(certificate: x509.Certificate, each: ValidationObject) -> tuple[Any, Any] | None:
    if each.object_type is not ValidationObjectType.CRL:
        return None
    content = each.value.crl_data
    if content.issuer.hashable != certificate.issuer.hashable:
        return None
    return content["tbs_cert_list"]["this_update"].native, content["tbs_cert_list"]["next_update"].native


def _source(data: bytes, trust: TrustStore, knowledge: Knowledge) -> str:
    if data in trust.crls:
        return "given"
    stored = any(each.crl_data.dump() == data for each in knowledge.crls) or any(
        each.ocsp_response_data.dump() == data for each in knowledge.ocsps)
    return "embedded" if stored else "online"
