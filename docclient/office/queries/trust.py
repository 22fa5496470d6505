"""What the administrator has decided about trust."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import and_, select

from docclient.office.door import Query
from docclient.office.evidence import ONLINE_EVIDENCE, SYSTEM_STORE, YES
from docclient.office.model import Actor
from docclient.office.queries.verdicts import current_main_files, newest_verdicts
from docclient.office.registry import answers
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class TrustChoices:
    """online_evidence: checks may fetch certificates and revocation evidence. system_store: the authorities that the
    system itself believes are believed too."""

    online_evidence: bool
    system_store: bool


@dataclass(frozen=True, slots=True)
class TrustSettings(Query[TrustChoices]):
    pass


@dataclass(frozen=True, slots=True)
class MissingAuthority:
    """name: as the certificates below it call it. documents: how many wait for it."""

    name: str
    documents: int


@dataclass(frozen=True, slots=True)
class MissingAuthorities(Query[tuple[MissingAuthority, ...]]):
    """The authorities whose certificates the office's undetermined verdicts wait for, the most wanted first. Names of
    authorities alone, nothing of a document: the administrator may ask too."""

    limit: int = 500


@answers(MissingAuthorities)
def missing_authorities(work: Work, me: Actor, q: MissingAuthorities) -> tuple[MissingAuthority, ...]:
    current, newest = current_main_files(), newest_verdicts()
    rows = work.connection.execute(
        select(current.c.document, newest.c.report)
        .join(newest, and_(newest.c.document == current.c.document, newest.c.digest == current.c.digest))
        .where(current.c.place == 1, newest.c.place == 1, newest.c.conclusion == "undetermined")
        .order_by(current.c.document.desc()).limit(max(1, min(q.limit, 1_000))))
    wanted: Counter[str] = Counter()
    for row in rows:
        wanted.update({str(name) for name in (
            each.get("missing_issuer") for each in json.loads(row.report).get("signatures", ())) if name})
    return tuple(MissingAuthority(name, count) for name, count in wanted.most_common())


@answers(TrustSettings)
def trust_settings(work: Work, me: Actor, q: TrustSettings) -> TrustChoices:
    return TrustChoices(work.fact(ONLINE_EVIDENCE) == YES, work.fact(SYSTEM_STORE) == YES)
