"""The stamps over the journal's head: each still is one, and the head that it covers still stands in the journal."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from docclient.office.errors import BlobChanged, BlobMissing
from docclient.office.evidence import office_trust
from docclient.office.findings import Finding, Lie, entry_lies, head_lies, stamp_lies
from docclient.office.journal import Head
from docclient.office.model import Digest
from docclient.store import tables
from docclient.store.work import Work
from signing.loose_stamps import NotAStamp, judge_loose_stamp, stamped_digest
from signing.trust import TrustStore


@dataclass(frozen=True, slots=True)
class HeadStamp:
    """A token (DER) over the journal's head of then."""

    head: Head
    token: bytes


def check_stamps(work: Work) -> list[Finding]:
    """Every stamp that the office keeps, oldest first."""
    findings: list[Finding] = []
    stamps = select(tables.journal_stamp).order_by(tables.journal_stamp.c.number)
    rows = work.connection.execute(stamps).mappings().all()
    trust = office_trust(work.blobs, work) if rows else TrustStore()
    for row in rows:
        try:
            with work.blobs.open(Digest(row["token"])) as stream:
                token = stream.read()
        except (BlobMissing, BlobChanged):
            continue                                     # told of where the files are checked
        findings += check_stamp(work, HeadStamp(Head(row["number"], row["hash"]), token), trust)
    return findings


def check_stamp(work: Work, stamp: HeadStamp, trust: TrustStore) -> list[Finding]:
    """One stamp, kept here or elsewhere. A chain that cannot be judged is no lie: only the stamp itself counts."""
    number = stamp.head.number
    try:
        judged = judge_loose_stamp(stamp.token, digest_of(stamp.head), trust)
    except NotAStamp:
        return [stamp_lies(Lie.EDITED, number, "not_a_stamp")]
    if not judged.intact:
        return [stamp_lies(Lie.EDITED, number, "stamp_broken", reason=judged.reason.value)]
    at = "" if judged.at is None else judged.at.isoformat()
    stands = work.connection.scalar(select(tables.journal.c.hash).where(tables.journal.c.number == number))
    if stands is None:
        last = work.connection.scalar(select(tables.journal_head.c.number)) or 0
        if number > last:
            return [entry_lies(Lie.CUT, last + 1, "cut_since_stamp", number=number, at=at)]
        return []                                        # the chain itself names the missing entry
    if stands != stamp.head.hash:
        return [entry_lies(Lie.EDITED, number, "not_as_stamped", at=at)]
    return []


def check_token(work: Work, token: bytes) -> list[Finding]:
    """A stamp kept elsewhere: an entry with the hash that it covers must stand in the journal. Raises NotAStamp."""
    covered = stamped_digest(token)
    number = work.connection.scalar(select(tables.journal.c.number).where(tables.journal.c.hash == covered.hex()))
    if number is not None:
        return check_stamp(work, HeadStamp(Head(number, covered.hex()), token), office_trust(work.blobs, work))
    judged = judge_loose_stamp(token, covered, office_trust(work.blobs, work))
    at = "" if judged.at is None else judged.at.isoformat()
    return [head_lies(Lie.CUT, "stamped_entry_gone", at=at, hash=covered.hex())]


def digest_of(head: Head) -> bytes:
    """What is stamped: the head's hash itself, 32 octets."""
    return bytes.fromhex(head.hash)
