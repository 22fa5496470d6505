"""From the code on a sheet's label to its record."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.office.door import Query
from docclient.office.model import Actor, DocumentId
from docclient.office.queries.document_page import seen_document
from docclient.office.registry import answers
from docclient.store.work import Work


@dataclass(frozen=True, slots=True)
class Labelled(Query[DocumentId]):
    """The document whose identity a label bears. Raises: NotFound, for one that is not there or not theirs to see."""

    identity: str


@answers(Labelled)
def labelled(work: Work, me: Actor, q: Labelled) -> DocumentId:
    return seen_document(work, me, DocumentId(q.identity)).id
