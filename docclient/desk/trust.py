"""Whom the office trusts, brought to this desk."""

from __future__ import annotations

from docclient.office.door import Office
from docclient.office.evidence import trust_from
from docclient.office.queries.office import TrustMaterial
from signing.trust import TrustStore


def trust_of(office: Office) -> TrustStore:
    """The public authorities that come with the program, and what the office's administrators added."""
    return trust_from((item.kind, office.read(item.digest)) for item in office.ask(TrustMaterial()))
