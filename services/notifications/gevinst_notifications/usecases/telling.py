"""Telling people of a fact: inbox items and mails, written in the consumer's transaction (N1, N5)."""

import logging
from datetime import datetime
from uuid import UUID

from gevinst_notifications.domain.explanations import UNHEARD_KEPT_FOR, Unheard
from gevinst_notifications.domain.following import UNFOLLOWED, Level, levels
from gevinst_notifications.domain.hearing import Circle, Hearing, due_day, hearings
from gevinst_notifications.domain.messages import (
    KINDS,
    BrokenFactError,
    Recipients,
    notice,
    recipients,
)
from gevinst_notifications.domain.rules import NAMED, RULES, Reason
from gevinst_notifications.domain.surroundings import (
    doer,
    named_holders,
)
from gevinst_notifications.store import deliveries, inbox, people, silences, unheard
from gevinst_notifications.store.deliveries import NewMail
from gevinst_notifications.usecases import gathering
from gevinst_notifications.usecases.surrounding import place_of, with_names
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.actor import Place
from gevinst_shared.values.organisation import day_there

_log = logging.getLogger(__name__)


async def tell(connection: Connection, event: Event, *, now: datetime) -> Recipients:
    """Tell everybody whom `event` concerns, once; who they are, also when they knew already.

    An event that was told before is not told again. One that lacks what its message needs is logged and
    passed over: the feed must go on for everybody else.
    """
    if event.type not in KINDS:
        await _keep_unheard(connection, event, Unheard.NOT_TOLD_OF, now=now)
        return {}
    try:
        event, who = await concerned(connection, event)
    except BrokenFactError as error:
        _log.error("fact not told", extra={"event_id": event.id, "type": event.type, "cause": str(error)})
        await _keep_unheard(connection, event, Unheard.NOT_UNDERSTOOD, now=now)
        return {}
    if not who:
        await _keep_unheard(connection, event, Unheard.NOBODY_CONCERNED, now=now)
    await tell_people(connection, event, who, now=now)
    return who


async def tell_people(connection: Connection, event: Event, recipients: Recipients, *, now: datetime) -> None:
    """Give each recipient the notice of `event` as they want to hear: item, mail or digest.

    `event` must be one that can be worded. A notice that was given before, to whomever, changes nothing.
    """
    if not recipients:
        return
    await inbox.take_turn(connection)
    if not await inbox.add_notice(connection, event):
        return
    found = await list_hearings(connection, event, recipients, now=now)
    await inbox.add_items(connection, event, found, now=now)
    mails = [
        NewMail(event.id, event.subject, one.people, one.mail_at) for one in found if one.mail_at is not None
    ]
    await deliveries.add_mails(connection, event.organisation, event.type, mails, now=now)
    gathered = {person: one.digest for one in found if one.digest is not None for person in one.people}
    await gathering.expect_digests(connection, event.organisation, gathered, now=now)
    await silences.add_silences(connection, event, found, now=now)


async def list_hearings(
    connection: Connection, event: Event, recipients: Recipients, *, now: datetime
) -> list[Hearing]:
    """What each recipient, and whoever stands in for one, would get of `event` now; changes nothing (N4)."""
    absences = await people.list_absent(connection, day_there(event.organisation, now))
    substitutes = {one.substitute_id for one in absences.values() if one.substitute_id is not None}
    place, _ = await place_of(connection, event)
    followings = await people.list_followings(connection, place)
    name = doer(event.data)
    circle = Circle(
        settings=await people.find_setting(connection, recipients.keys() | substitutes),
        organisation=await people.find_organisation(connection),
        absences=absences,
        levels=levels(followings, place),
        actor=None if name is None else await people.find_doer(connection, name),
    )
    calendars = await people.load_calendars(connection)
    kind = KINDS[event.type]
    due_on = due_day(kind, event.data)
    return hearings(kind, recipients, circle, now=now, calendar_of=calendars, due_on=due_on)


async def concerned(connection: Connection, event: Event) -> tuple[Event, Recipients]:
    """The event with its names filled in, and whom it concerns."""
    place, projects = await place_of(connection, event)
    event = await with_names(connection, event, projects)
    notice(event)  # refuses what could not be worded later
    roles = {rule.role for rule in RULES if rule.kind is KINDS[event.type]}
    holders = await people.list_holders(connection, roles=roles, place=place)
    name = doer(event.data)
    actor = None if name is None else await people.find_doer(connection, name)
    named = [*await _named(connection, event), *await _followers(connection, event, place)]
    return event, recipients(
        event, [*named_holders(projects), *holders], place=place, actor=actor, named=named
    )


async def _keep_unheard(connection: Connection, event: Event, cause: Unheard, *, now: datetime) -> None:
    """N4: every silence can be explained, also one that is for everybody."""
    await unheard.keep(connection, event, cause, now=now, before=now - UNHEARD_KEPT_FOR)


async def _followers(connection: Connection, event: Event, place: Place) -> list[tuple[UUID, Reason]]:
    if KINDS[event.type] in UNFOLLOWED:
        return []
    found = levels(await people.list_followings(connection, place), place)
    return [(person, Reason.FOLLOWS) for person, level in found.items() if level is Level.FOLLOW]


async def _named(connection: Connection, event: Event) -> list[tuple[UUID, Reason]]:
    """The people whom the fact itself names, as far as they were announced."""
    found = [
        (await people.find_doer(connection, str(event.data.get(one.member))), one.reason)
        for one in NAMED
        if one.kind is KINDS[event.type]
    ]
    return [(person, reason) for person, reason in found if person is not None]
