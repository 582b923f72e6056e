"""The line of a duty as the portfolio announced it: its project, its units, and who holds what there."""

from dataclasses import dataclass, field
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Duty
from gevinst_notifications.domain.duties.line import ROLES, Line
from gevinst_notifications.domain.surroundings import place_around
from gevinst_notifications.store import people, register
from gevinst_shared.db.engine import Connection
from gevinst_shared.values.actor import Place

_Key = tuple[UUID | None, UUID | None, UUID | None, str | None]


@dataclass(slots=True)
class Lines:
    """Lines of many duties, each read once: those of one project and unit are the same."""

    connection: Connection
    known: dict[_Key, Line] = field(default_factory=dict)

    async def of(self, duty: Duty) -> Line:
        task = duty.task
        key = (task.project_id, task.portfolio_id, task.owner.unit_id, task.not_by)
        if key not in self.known:
            self.known[key] = await _line(self.connection, duty)
        return self.known[key]


async def _line(connection: Connection, duty: Duty) -> Line:
    task = duty.task
    ids = [] if task.project_id is None else [task.project_id]
    projects = await register.list_projects(connection, ids)
    project = projects[0] if projects else None
    unit = task.owner.unit_id or (project.unit_id if project else None)
    paths = [] if unit is None else await register.list_paths(connection, [unit])
    portfolios = frozenset() if task.portfolio_id is None else frozenset({task.portfolio_id})
    place = place_around(Place(portfolios=portfolios, projects=frozenset(ids)), projects, paths)
    barred = None if task.not_by is None else await people.find_doer(connection, task.not_by)
    return Line(
        roles=await people.list_holders(connection, roles=ROLES, place=place),
        unit_path=paths[0] if paths else (),
        project=project,
        portfolio_id=task.portfolio_id,
        barred=barred,
    )
