"""Which lists of the exchange screen concern a person: as the office's rules have it."""

from __future__ import annotations

from docclient.office.model import Actor, Role
from ui.state.rights import may_give

OUTBOX, SILENCE, WAYS, DIRECTORY, GROUPS = "outbox", "silence", "ways", "directory", "groups"


def tabs_for(me: Actor) -> tuple[str, ...]:
    """Nothing for whoever neither carries nor looks after it: the outbox is the clerk's, silence the clerk's and the
    chief of office's; ways are looked at by who carries and changed by the administrator."""
    clerk, administrator = Role.CLERK in me.roles, Role.ADMINISTRATOR in me.roles
    chief = Role.CHIEF_OF_OFFICE in me.roles
    wanted = ((OUTBOX, clerk), (SILENCE, clerk or chief), (WAYS, clerk or administrator),
              (DIRECTORY, may_give("ImportUnits", me)), (GROUPS, clerk or administrator or chief))
    return tuple(key for key, shown in wanted if shown)
