"""What a fact does not say itself: where its record stands, and what it is called."""

from uuid import UUID

from gevinst_notifications.domain.messages import place_in
from gevinst_notifications.domain.surroundings import completed, place_around
from gevinst_notifications.store import register
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Place


async def surrounded(connection: Connection, event: Event) -> tuple[Event, Place]:
    """The event with its names filled in, and its record's place with all above it.

    `BrokenFactError` when an id of the event is no id.
    """
    place = place_in(event.data)
    projects = await register.list_projects(connection, place.projects)
    paths = await register.list_paths(
        connection, place.units.union(*(project.unit_ids for project in projects))
    )
    name = await _portfolio_name(connection, event)
    return completed(event, projects, portfolio_name=name), place_around(place, projects, paths)


async def _portfolio_name(connection: Connection, event: Event) -> str | None:
    if "portfolio_id" not in event.data or "portfolio_name" in event.data:
        return None
    return await register.find_portfolio_name(connection, UUID(event.data["portfolio_id"]))
