"""Giving a person everything that is kept of them, and erasing it (E3)."""

from uuid import UUID

from gevinst_notifications.domain.erasing import AlreadyErased
from gevinst_notifications.domain.permissions import ERASE_PEOPLE
from gevinst_notifications.events.people import PersonErased
from gevinst_notifications.store import announcements, erasing, exports, people
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.values.actor import Place
from gevinst_shared.values.refusal import Unknown


async def get_export(work: Work, person_id: UUID) -> str:
    """Everything that is kept of the caller or, for who administers, of anybody; otherwise `Unknown`."""
    reader = await people.find_reader(work.connection, work.actor.subject)
    is_own = reader is not None and reader.person_id == person_id
    if not is_own and not work.actor.holds(ERASE_PEOPLE.roles, place=Place(), today=work.today):
        raise Unknown
    found = await exports.find_export(work.connection, person_id)
    if found is None:
        raise Unknown
    return found


async def erase_person(work: Work, person_id: UUID) -> None:
    """Take away everything that names the person.

    E1 holds: the trail says who did this when, and of whom only an id that leads nowhere any more.
    """
    work.require(ERASE_PEOPLE, Place())
    row = await erasing.lock_person(work.connection, person_id)
    if row is None:
        raise Unknown
    if row["erased_at"] is not None:
        raise AlreadyErased
    await erasing.erase(work.connection, row, now=work.now)
    record = recorded(work, PersonErased(person_id), subject=f"people/{person_id}")
    after = {"erased_at": work.now.isoformat()}
    await announcements.announce(work.connection, [{**record, "before": None, "after": after}])
