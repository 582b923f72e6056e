"""Choosing how one hears, and what holds for those who did not choose (N1, N3)."""

from typing import Any
from zoneinfo import available_timezones

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.preferences import (
    LINE_DIGEST,
    MANDATORY,
    Decided,
    DecidedBy,
    NoSuchCountry,
    NoSuchKind,
    NoSuchZone,
    Way,
    decided_way,
    refuse_odd_ways,
)
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.domain.working_days import has_holidays
from gevinst_notifications.events.people import DefaultsChanged, PreferencesChanged
from gevinst_notifications.store import people, preferences
from gevinst_notifications.usecases.gathering import move_digests
from gevinst_notifications.usecases.reading import get_reader
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded


async def choose_preferences(work: Work, chosen: dict[str, Any], *, expected: int) -> Stored | None:
    """Replace all that the caller chose, by column; None when it changed meanwhile."""
    reader = await get_reader(work)
    house = await people.find_organisation(work.connection)
    refuse_odd_ways(chosen["ways"], mandatory=house.mandatory)
    if chosen["zone"] is not None and chosen["zone"] not in available_timezones():
        raise NoSuchZone(zone=chosen["zone"], pointer="/body/zone")
    if chosen["country"] is not None and not has_holidays(chosen["country"]):
        raise NoSuchCountry(country=chosen["country"], pointer="/body/country")
    await preferences.begin_preferences(work.connection, work.organisation, reader.person_id, work.now)
    fact = PreferencesChanged(reader.person_id)
    record = recorded(work, fact, subject=f"people/{reader.person_id}")
    values = {**chosen, "id": reader.person_id, "changed_at": work.now}
    stored = await preferences.PREFERENCES.change(work.connection, values, record, expected=expected)
    if stored is not None:
        await move_digests(work.connection, work.organisation, reader.person_id, now=work.now)
    return stored


async def set_defaults(work: Work, chosen: dict[str, Any], *, expected: int) -> Stored | None:
    """Replace all that the organisation set, by column; None when it changed meanwhile."""
    for kind in chosen["mandatory_kinds"]:
        if kind not in frozenset(NoticeKind):
            raise NoSuchKind(kind=kind, pointer="/body/mandatory_kinds")
    refuse_odd_ways(chosen["ways"], mandatory=MANDATORY.union(chosen["mandatory_kinds"]))
    row_id = await preferences.begin_defaults(work.connection, work.organisation, work.now)
    record = recorded(work, DefaultsChanged(), subject=f"organisations/{work.organisation}")
    values = {**chosen, "id": row_id, "changed_at": work.now}
    return await preferences.DEFAULTS.change(work.connection, values, record, expected=expected)


async def list_ways(work: Work) -> list[tuple[str, Channel, Decided, bool]]:
    """How the caller hears of everything by mail, whose choice that is, and whether it is mandatory."""
    reader = await get_reader(work)
    setting = (await people.find_setting(work.connection, [reader.person_id]))[reader.person_id]
    house = await people.find_organisation(work.connection)
    found: list[tuple[str, Channel, Decided, bool]] = [
        (
            kind,
            Channel.MAIL,
            decided_way(kind, Channel.MAIL, own=setting.ways, organisation=house),
            kind in house.mandatory,
        )
        for kind in NoticeKind
    ]
    own = setting.ways.get(LINE_DIGEST, {}).get(Channel.MAIL)
    line = Decided(own, DecidedBy.PERSON) if own else Decided(Way.WEEKLY, DecidedBy.PRODUCT)
    return [*found, (LINE_DIGEST, Channel.MAIL, line, False)]
