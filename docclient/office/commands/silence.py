"""How long the office waits for a recipient's answer before it counts as silent."""

from __future__ import annotations

from dataclasses import dataclass

from docclient.office.door import AskKind, Command, Receipt
from docclient.office.errors import FieldWrong, Why
from docclient.office.model import Actor, Role
from docclient.office.registry import rule
from docclient.office.silence import ACCEPTED_DAYS, ARRIVED_DAYS
from docclient.store.work import Work

LONGEST = 60


@dataclass(frozen=True, slots=True)
class SetSilenceDays(Command):
    """In working days after sending: without a word that it arrived (01); that it arrived and was not accepted (03).
    Recipients that say nothing for so long are listed, and can be reminded."""

    arrived_days: int
    accepted_days: int


@rule(SetSilenceDays, by={Role.ADMINISTRATOR, Role.CHIEF_OF_OFFICE},
      kinds={"arrived_days": AskKind.NUMBER, "accepted_days": AskKind.NUMBER})
def set_silence_days(work: Work, me: Actor, c: SetSilenceDays) -> Receipt:
    for name, days in ((ARRIVED_DAYS, c.arrived_days), (ACCEPTED_DAYS, c.accepted_days)):
        if not 1 <= days <= LONGEST:
            raise FieldWrong(name.removeprefix("silence_"), Why.NOT_A_NUMBER_OF_DAYS)
        work.set_fact(name, str(days))
    return Receipt(type(c).__name__, work.entry)
