"""Whom the office trusts, brought to this desk."""

from __future__ import annotations

from docclient.office.door import Office
from docclient.office.queries.office import TrustMaterial
from signing.trust import TrustStore


def trust_of(office: Office) -> TrustStore:
    """The public authorities that come with the program, and what the office's administrators added."""
    content: dict[str, list[bytes]] = {"anchor": [], "intermediate": [], "crl": []}
    for item in office.ask(TrustMaterial()):
        with office.read(item.digest) as stream:
            content[item.kind].append(stream.read())
    return (TrustStore.standard().with_certificates(content["anchor"]).with_intermediates(content["intermediate"])
            .with_crls(content["crl"]))
