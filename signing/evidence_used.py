"""What a check used, gathered for keeping (TT 15/2025 S10, V5): certificates of the chains, their lists and answers.

pyHanko names everything that was at hand, every given revocation list among it; kept is what speaks of an authority of
these chains.
"""

from __future__ import annotations

from collections.abc import Iterable

from asn1crypto import x509
from pyhanko.sign.validation.ades import derive_validation_object_binary_data
from pyhanko_certvalidator.ltv.poe import ValidationObject, ValidationObjectType

from signing.pdf import PARSER_ERRORS
from signing.report import EvidenceUsed


class Gathered:
    """Collects over all signatures of a file; each thing once, in the order it was met."""

    def __init__(self) -> None:
        self._certificates: dict[bytes, None] = {}
        self._crls: dict[bytes, None] = {}
        self._ocsps: dict[bytes, None] = {}

    def add(self, objects: Iterable[ValidationObject], *certificates: x509.Certificate | None) -> None:
        """objects: of one judgement. certificates: the signer's, which an incomplete chain leaves out."""
        found = list(objects)
        chain = [each.value for each in found if each.object_type is ValidationObjectType.CERTIFICATE]
        chain += [each for each in certificates if each is not None]
        names = set()
        for certificate in chain:
            try:
                self._certificates[certificate.dump()] = None
                names |= {certificate.subject.hashable, certificate.issuer.hashable}
            except PARSER_ERRORS:
                continue
        for each in found:
            try:
                data = derive_validation_object_binary_data(each)
                if data is None:
                    continue
                if each.object_type is ValidationObjectType.CRL and each.value.crl_data.issuer.hashable in names:
                    self._crls[data] = None
                elif each.object_type is ValidationObjectType.OCSP_RESPONSE:
                    self._ocsps[data] = None
            except PARSER_ERRORS:
                continue

    def used(self) -> EvidenceUsed:
        return EvidenceUsed(tuple(self._certificates), tuple(self._crls), tuple(self._ocsps))
