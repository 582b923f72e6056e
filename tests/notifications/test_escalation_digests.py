"""What goes up the line reaches a leader in one mail a day, unless it cannot wait (N3)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from gevinst_notifications.domain.absences import Absence
from gevinst_notifications.domain.hearing import Circle, Hearing, hearings
from gevinst_notifications.domain.preferences import (
    EVERY_KIND,
    DecidedBy,
    OrganisationSetting,
    Period,
    PersonSetting,
    Way,
    decided_way,
)
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.working_days import WorkCalendar
from gevinst_notifications.usecases.delivering import deliver_due
from gevinst_shared.values.actor import Role
from tests.notifications.test_delivering import Clock, post_office
from tests.notifications.test_duties_routes import action
from tests.notifications.world import World, close_all, remind_all
from tests.support.smtp_server import Mailbox

LEA = uuid4()
FRIDAY = datetime(2027, 3, 5, 7, 0, tzinfo=UTC)  # eight in Oslo
ESCALATED = NoticeKind.DUTY_ESCALATED


def heard(due_on: date | None, *, now: datetime = FRIDAY, **circle: Any) -> Hearing:
    ways = circle.pop("ways", {})
    setting = PersonSetting(zone="Europe/Oslo", country="NO", ways=ways)
    [found] = hearings(
        ESCALATED,
        {LEA: (Reason.LEADS_OWNER,)},
        Circle({LEA: setting}, OrganisationSetting(), **circle),
        now=now,
        calendar_of=WorkCalendar,
        due_on=due_on,
    )
    return found


@pytest.mark.parametrize(
    ("due_on", "is_gathered"),
    [
        (date(2027, 3, 4), True),  # late already: a day more changes little
        (date(2027, 3, 5), False),
        (date(2027, 3, 6), False),  # over before the digest of Monday
        (date(2027, 3, 8), False),  # the digest would leave on the last day
        (date(2027, 3, 9), True),
    ],
)
def test_what_must_be_acted_on_before_the_next_digest_goes_at_once(due_on: date, is_gathered: bool) -> None:
    """N3, G7."""
    found = heard(due_on)

    assert (found.digest, found.mail_at) == ((Period.DAILY, None) if is_gathered else (None, FRIDAY))


def test_what_somebody_chose_counts_before_what_we_ship() -> None:
    late, today = date(2027, 3, 1), FRIDAY.date()

    assert heard(late, ways={ESCALATED: {"mail": Way.AT_ONCE}}).mail_at == FRIDAY
    assert heard(today, ways={EVERY_KIND: {"mail": Way.DAILY}}).digest is Period.DAILY
    # N1: it is mandatory, and cannot wait for a week.
    assert heard(late, ways={EVERY_KIND: {"mail": Way.WEEKLY}}).digest is Period.DAILY


def test_who_is_away_without_a_substitute_is_mailed_since_no_digest_leaves() -> None:
    away = {LEA: Absence(LEA, FRIDAY.date(), date(2027, 4, 1), None)}

    assert heard(date(2027, 3, 1), absences=away).mail_at == FRIDAY
    daily = {ESCALATED: {"mail": Way.DAILY}}
    assert heard(date(2027, 3, 1), absences=away, ways=daily).mail_at == FRIDAY


def test_what_we_ship_is_said_where_one_asks_how_one_hears() -> None:
    """N4."""
    found = decided_way(ESCALATED, "mail", own={}, organisation=OrganisationSetting())
    reminded = decided_way(NoticeKind.DUTY_REMINDED, "mail", own={}, organisation=OrganisationSetting())

    assert (found.way, found.by) == (Way.DAILY, DecidedBy.PRODUCT)
    assert reminded.way is Way.AT_ONCE


async def test_three_duties_that_go_up_on_one_day_are_one_mail(world: World) -> None:
    """N3, N5: one digest, however often somebody looks; and none on the day after."""
    doer = await world.person("dina", email=False)
    await world.person("lea")
    await world.role("lea", Role.UNIT_LEADER, "unit", world.unit_id)
    for number in range(3):
        await world.hear(action(world, doer, action_id=UUID(int=number + 10), name=f"Task {number}"))
    await remind_all(world, datetime(2026, 12, 1, 8, tzinfo=UTC))
    thursday = datetime(2026, 12, 10, 8, tzinfo=UTC)
    # What every leader gets once a week is behind her; the next is on Monday.
    await close_all(world, thursday - timedelta(days=1))

    mailbox = Mailbox()
    async with post_office(world, mailbox, Clock(timedelta(days=400))) as post:
        while await deliver_due(post):
            pass
        mailbox.messages.clear()
        for hours in range(0, 49, 6):
            await remind_all(world, thursday + timedelta(hours=hours))
            await close_all(world, thursday + timedelta(hours=hours))
            while await deliver_due(post):
                pass

    office = world.caller("olle", Role.PORTFOLIO_OFFICE)
    mails = (await office.get(f"/deliveries?person={world.people['lea']}")).json()["items"]
    told = [(one["state"], one["created_at"]) for one in mails if one["created_at"] >= f"{thursday:%Y-%m-%d}"]
    assert told == [("sent", "2026-12-11T08:00:00.000000Z")], mails
    # Workers look after every organisation: the mails of others went out, too.
    hers = [one.get_body(("plain",)) for one in mailbox.messages if one["To"].startswith("Lea")]
    texts = [text.get_content() for text in hers if text is not None]
    [text] = [one for one in texts if "Task 0" in one]
    assert all(f"Task {number}" in text for number in range(3))
