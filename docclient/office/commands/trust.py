"""Believing an authority, and believing it no longer (TT 15/2025 S5, S11). For administrators."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete

from docclient.office.commands.people import TrustKind, content_of, made
from docclient.office.door import Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Digest, Role
from docclient.office.registry import rule
from docclient.store import tables
from docclient.store.work import Work
from signing.authorities import is_read_back
from signing.certificates import CertificateUnreadable, certificate_facts
from signing.trust import fingerprint


@dataclass(frozen=True, slots=True)
class ConfirmAuthority(Command):
    """Believe this authority as an anchor, its fingerprint having been compared with what the authority publishes.

    certificate: the put DER file; one that comes with the program or any other. read_back: the last digits of its
    SHA-256 fingerprint (READ_BACK of them, or more), typed by the person who compared; spaces and case do not matter.
    """

    certificate: Digest
    read_back: str


@rule(ConfirmAuthority, by=Role.ADMINISTRATOR)
def confirm_authority(work: Work, me: Actor, c: ConfirmAuthority) -> Receipt:
    content = content_of(work, c.certificate)
    try:
        facts = certificate_facts(content)
    except (CertificateUnreadable, ValueError):
        raise FieldWrong("certificate", Why.NOT_A_CERTIFICATE) from None
    if not is_read_back(c.read_back, content):
        raise FieldWrong("read_back", Why.NOT_THE_FINGERPRINT)
    work.name_blob(c.certificate)
    work.insert_once(tables.trust_item, kind=TrustKind.ANCHOR, digest=c.certificate,
                     name=facts.common_name or facts.organisation or facts.subject, added_at=work.at)
    return made(work, c, fingerprint=fingerprint(content))


@dataclass(frozen=True, slots=True)
class RemoveTrust(Command):
    """Believe this certificate, or use this list, no longer. Verdicts that were given stay as they were given."""

    kind: TrustKind
    content: Digest


@rule(RemoveTrust, by=Role.ADMINISTRATOR)
def remove_trust(work: Work, me: Actor, c: RemoveTrust) -> Receipt:
    gone = work.connection.execute(delete(tables.trust_item).where(
        tables.trust_item.c.kind == c.kind, tables.trust_item.c.digest == c.content),
        execution_options={"preserve_rowcount": True})
    if gone.rowcount == 0:
        raise FieldWrong("content", Why.UNKNOWN)
    return made(work, c)
