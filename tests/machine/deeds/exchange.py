"""What the post does through the clerk's door: packets made and sent, what recipients and senders say."""

from __future__ import annotations

from sqlalchemy import select

from docclient.office.changes import ChangeKind, Meant
from docclient.office.commands.changes import ReceiveRequest
from docclient.office.commands.exchanging import MarkSendFailed, MarkSent, PackItem, RecordStatus
from docclient.office.model import Flow
from docclient.store import tables
from tests.machine.deeds.mail import SENDER, SENDER_NAME
from tests.machine.deeds.scene import NOBODY, Deed, Scene, deed


def item(here: Scene, *states: str) -> str | None:
    return here.one(select(tables.outbox.c.id).where(tables.outbox.c.state.in_(states)))  # type: ignore[no-any-return]


@deed(PackItem)
def pack_item(here: Scene) -> Deed | None:
    found = item(here, "waiting", "failed")
    return None if found is None else Deed(
        "clerk", PackItem(found, here.put("clerk", here.fresh("gói ").encode())), {"item": NOBODY})


@deed(MarkSent)
def mark_sent(here: Scene) -> Deed | None:
    found = item(here, "waiting", "failed")
    return None if found is None else Deed("clerk", MarkSent(found), {"item": NOBODY})


@deed(MarkSendFailed)
def mark_send_failed(here: Scene) -> Deed | None:
    found = item(here, "waiting", "failed")
    return None if found is None else Deed(
        "clerk", MarkSendFailed(found, "post.unreachable", here.chance.random() < 0.5), {"item": NOBODY})


@deed(RecordStatus)
def record_status(here: Scene) -> Deed | None:
    document, delivery = tables.document.c, tables.delivery.c
    found = here.row(select(document.exchange_id, delivery.agency_code).join(
        tables.delivery, delivery.document == document.id).where(
        document.flow == Flow.OUTGOING, document.exchange_id.is_not(None)))
    return None if found is None else Deed("clerk", RecordStatus(
        here.put("clerk", here.fresh("trạng thái ").encode()), found.exchange_id, found.agency_code,
        here.chance.choice(("01", "02", "03", "04", "05", "06")), "đã nhận"),
        {"exchange_id": "H00.9,2020/01/01,1/X", "code": " ", "reporter_code": "H00.9"})


@deed(ReceiveRequest)
def receive_request(here: Scene) -> Deed | None:
    """Now and then of a document that has not come: it is held."""
    document = tables.document.c
    packet = here.put("clerk", here.fresh("yêu cầu ").encode())
    found = here.one(select(document.exchange_id).where(
        document.flow == Flow.INCOMING, document.issuer_code == SENDER, document.exchange_id.is_not(None)))
    meant = here.fresh("H99.07,2026/03/05,") if found is None or here.chance.random() < 0.2 else found
    return Deed("clerk", ReceiveRequest(here.fresh("yc"), packet, here.chance.choice(list(ChangeKind)), SENDER,
                                        SENDER_NAME, (Meant(meant),), "gửi nhầm"))
