"""What a fact does not say itself: where its record stands, and what it is called."""

from collections.abc import Sequence
from uuid import UUID

from gevinst_notifications.domain.messages import place_in
from gevinst_notifications.domain.surroundings import Project, completed, place_around
from gevinst_notifications.store import register
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Place


async def place_of(connection: Connection, event: Event) -> tuple[Place, list[Project]]:
    """Where the event's record stands, with all above it, and the projects that it names.

    `BrokenFactError` when an id of the event is no id.
    """
    place = place_in(event.data)
    projects = await register.list_projects(connection, place.projects)
    paths = await register.list_paths(
        connection, place.units.union(*(project.unit_ids for project in projects))
    )
    return place_around(place, projects, paths), projects


async def with_names(connection: Connection, event: Event, projects: Sequence[Project]) -> Event:
    """The event with the names that its words need; `projects` are those that it names."""
    name, portfolio_id = None, event.data.get("portfolio_id")
    if portfolio_id is not None and "portfolio_name" not in event.data:
        name = await register.find_portfolio_name(connection, UUID(portfolio_id))
    return completed(event, projects, portfolio_name=name)
