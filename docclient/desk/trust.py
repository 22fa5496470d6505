"""Whom the office trusts, brought to this desk: for verifying, for the trust settings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from docclient.errors import Trouble
from docclient.office.commands.people import AddTrust, SetFact, TrustKind
from docclient.office.commands.trust import ConfirmAuthority, RemoveTrust
from docclient.office.door import Office
from docclient.office.evidence import NO, ONLINE_EVIDENCE, SYSTEM_STORE, YES, trust_from
from docclient.office.model import Digest
from docclient.office.queries.office import TrustItemView, TrustMaterial
from docclient.office.queries.trust import TrustSettings
from signing.authorities import Pinned, recognise
from signing.certificates import certificate_facts
from signing.files import reading
from signing.trust import LARGEST_CERTIFICATE_FILE, NotACertificate, TrustStore, certificates_in, fingerprint


def trust_of(office: Office) -> TrustStore:
    """What the office's administrators confirmed or added; the system's store too, where that is set and this system
    has one that can be read."""
    items = office.ask(TrustMaterial())
    return trust_from(((item.kind, office.read(item.digest)) for item in items),
                      system_store=office.ask(TrustSettings()).system_store)


def asks_network(office: Office) -> bool:
    """Has the administrator allowed certificates and revocation evidence to be fetched?"""
    return office.ask(TrustSettings()).online_evidence


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate as the trust settings show it.

    pinned: what is known of it by its fingerprint, None for a stranger. shipped: it came with the program.
    confirmed: it is believed. digest, kind: where the office keeps it; None for what only came with the program.
    """

    name: str
    organisation: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_to: datetime
    is_anchor: bool
    pinned: Pinned | None
    shipped: bool
    confirmed: bool
    der: bytes
    digest: Digest | None = None
    kind: TrustKind | None = None


def authorities_of(office: Office) -> tuple[Authority, ...]:
    """Every authority that came with the program or was added, anchors first. Lists of revocation are not in it."""
    items = office.ask(TrustMaterial())
    kept: dict[bytes, TrustItemView] = {}
    for item in items:
        if item.kind != TrustKind.CRL:
            with office.read(item.digest) as stream:
                kept[stream.read()] = item
    standard = TrustStore.standard()
    shipped = {*standard.anchors, *standard.intermediates}
    found = []
    for der in dict.fromkeys([*standard.anchors, *standard.intermediates, *kept]):
        held = kept.get(der)
        is_anchor = der in standard.anchors or (held is not None and held.kind == TrustKind.ANCHOR)
        found.append(described(der, is_anchor=is_anchor, shipped=der in shipped,
                               confirmed=held is not None or not is_anchor, item=held))
    return tuple(sorted(found, key=lambda each: (not each.is_anchor, not each.shipped, each.name)))


def described(der: bytes, *, is_anchor: bool, shipped: bool, confirmed: bool,
              item: TrustItemView | None = None) -> Authority:
    facts = certificate_facts(der)
    return Authority(
        facts.common_name or facts.organisation or facts.subject, facts.organisation or "", facts.issuer,
        fingerprint(der), facts.not_before, facts.not_after, is_anchor, recognise(der), shipped, confirmed, der,
        item.digest if item else None, TrustKind(item.kind) if item else None)


def certificates_of_file(file: Path) -> tuple[Authority, ...]:
    """What a certificate file holds, before any of it is believed. Raises: FileNotReadable, NotACertificate."""
    with reading(file) as stream:
        content = stream.read(LARGEST_CERTIFICATE_FILE + 1)
    try:
        if len(content) > LARGEST_CERTIFICATE_FILE:
            raise ValueError("too large")
        return tuple(described(der, is_anchor=certificate_facts(der).self_issued, shipped=False, confirmed=False)
                     for der in dict.fromkeys(certificates_in(content)))
    except (ValueError, TypeError, KeyError, Trouble) as error:
        raise NotACertificate(file=file.name) from error


def confirm(office: Office, authority: Authority, typed: str) -> None:
    """Believe an anchor after its fingerprint was compared: `typed` are its last eight digits. Raises: FieldWrong
    (they are others), NotYours."""
    office.do(ConfirmAuthority(office.put(authority.der), typed))


def add_intermediate(office: Office, authority: Authority) -> None:
    """Know an authority in between; it is believed only through an anchor, so nothing needs to be compared."""
    office.do(AddTrust(TrustKind.INTERMEDIATE, office.put(authority.der), authority.name))


def remove(office: Office, authority: Authority) -> None:
    """Believe it no longer (TT 15/2025 S11); verdicts given before stay as they were given."""
    if authority.digest is not None and authority.kind is not None:
        office.do(RemoveTrust(authority.kind, authority.digest))


def set_network(office: Office, allowed: bool) -> None:
    office.do(SetFact(ONLINE_EVIDENCE, YES if allowed else NO))


def set_system_store(office: Office, used: bool) -> None:
    office.do(SetFact(SYSTEM_STORE, YES if used else NO))

