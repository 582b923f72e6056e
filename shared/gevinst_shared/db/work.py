"""One unit of work: a transaction, who asked for it, and the moment it happens."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gevinst_shared.db.engine import Connection
from gevinst_shared.values.actor import Actor, Permission, Place
from gevinst_shared.values.organisation import day_there
from gevinst_shared.values.refusal import NotAllowed


@dataclass(slots=True)
class Work:
    """What a use case is given. `now` is the same moment for everything that the work writes."""

    connection: Connection
    actor: Actor
    now: datetime
    request_id: UUID

    @property
    def organisation(self) -> str:
        return self.actor.organisation

    @property
    def today(self) -> date:
        """The day at the organisation's place: its roles, deadlines and decisions are dated by it."""
        return day_there(self.organisation, self.now)

    def require(self, permission: Permission, place: Place) -> None:
        """Refuse unless the actor holds one of the permission's roles at `place`."""
        if not self.actor.holds(permission.roles, place=place, today=self.today):
            raise NotAllowed(permission=permission.name, roles=", ".join(sorted(permission.roles)))
