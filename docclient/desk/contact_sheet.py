"""Where the signatures of a batch will stand, seen before any PIN: each queued document drawn with its signature."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.desk.signing_desk import picture
from docclient.desk.workplace import fetch_file, workplace
from docclient.errors import Trouble
from docclient.office.door import Office
from docclient.office.model import Digest, DocumentId
from docclient.office.queries.documents import QueuedForSigning
from docclient.office.queries.office import MySignaturePicture
from signing.page import Place
from signing.plan import Plan, plan_signature
from signing.request import SigningRequest
from signing.sign import Role

SHEET_WIDTH_PX = 420
"""Of a whole page: enough to see where things lie, little enough to be drawn at once."""


@dataclass(frozen=True, slots=True)
class QueuedPlan:
    """plan: of the very bytes that are queued; trouble: why there is none."""

    document: DocumentId
    file: Digest
    place: Place | None
    plan: Plan | None = None
    trouble: Trouble | None = None

    @property
    def doubtful(self) -> bool:
        """A person should look at it before it is signed."""
        return self.plan is None or bool(self.plan.warnings) or not self.plan.certain


def plan_queued(office: Office, queued: QueuedForSigning, place: Place | None = None, *,
                width_px: int = SHEET_WIDTH_PX) -> QueuedPlan:
    """Draw one queued document with this person's signature on it. Nothing is signed, nothing kept.

    place: where a person moved the signature; its own place without. What keeps a document from being signed comes as
    `trouble` and is not raised: the other documents of a sheet are looked at all the same.
    """
    try:
        with workplace() as folder:
            source = fetch_file(office, queued.file, folder / "queued.pdf")
            request = SigningRequest(role=Role.PERSONAL, place=place,
                                     image=picture(office, office.ask(MySignaturePicture()), folder))
            plan = plan_signature(source, request, signer=office.me.name, width_px=width_px)
    except Trouble as trouble:
        return QueuedPlan(queued.document.id, queued.file, place, None, trouble)
    return QueuedPlan(queued.document.id, queued.file, place, plan, plan.trouble)
