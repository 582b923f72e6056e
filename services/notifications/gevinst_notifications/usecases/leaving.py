"""Stopping mails of a kind for whoever has the ticket of one of them."""

from gevinst_notifications.domain.leaving import Leaving, ways_after
from gevinst_notifications.domain.preferences import Way
from gevinst_notifications.events.people import PreferencesChanged
from gevinst_notifications.store import people, preferences
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded
from gevinst_shared.values.refusal import Unknown


async def stop_mails(work: Work, leaving: Leaving) -> None:
    """Turn mails of the kind off; a second time changes nothing. `Unknown` when the person is gone."""
    person_id = leaving.person_id
    setting = (await people.find_setting(work.connection, [person_id])).get(person_id)
    if setting is None or setting.is_erased:
        raise Unknown
    await preferences.begin_preferences(work.connection, work.organisation, person_id, work.now)
    row = await preferences.PREFERENCES.row(work.connection, person_id, for_change=True)
    setting = (await people.find_setting(work.connection, [person_id]))[person_id]
    house = await people.find_organisation(work.connection)
    after: dict[str, dict[str, Way]] = ways_after(leaving.what, setting.ways, house)
    if after == setting.ways:
        return
    record = recorded(work, PreferencesChanged(person_id), subject=f"people/{person_id}")
    values = {**row, "ways": after, "changed_at": work.now}
    await preferences.PREFERENCES.change(work.connection, values, record)
