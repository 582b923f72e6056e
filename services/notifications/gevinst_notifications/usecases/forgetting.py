"""Facts that come later bring nobody back who was erased (E3)."""

from gevinst_notifications.domain.erasing import OF_PEOPLE, digest_of, names_in, without_erased
from gevinst_notifications.store import people
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event


async def forget_erased(connection: Connection, event: Event) -> Event:
    """The event without the names of people who were erased here."""
    if event.type in OF_PEOPLE:
        return event
    names = {name: digest_of(event.organisation, name) for name in names_in(event.data)}
    erased = await people.find_erased(connection, names) if names else {}
    return without_erased(event, erased)


async def is_of_erased(connection: Connection, event: Event) -> bool:
    """Whether the event says of somebody who was erased here who they are, or what they may do."""
    person_id = event.data.get("person_id")
    return event.type in OF_PEOPLE and person_id is not None and await people.is_erased(connection, person_id)
