"""What the office knows of its senders, for the reader of pages."""

from __future__ import annotations

from docclient.capture.fields.known import Known, Sender
from docclient.capture.fields.slips import plain
from docclient.office.door import Office
from docclient.office.queries.senders_read import SendersRead


def known_senders(office: Office) -> Known:
    """Raises: NotYours for whoever is no clerk."""
    senders = {}
    for each in office.ask(SendersRead()):
        corrections = {(name, plain(said)): meant for name, said, meant in each.corrections}
        senders[plain(each.name)] = Sender(each.name, each.values, corrections, dict(each.words))
    return Known(senders)
