"""Reminding of what is due and taking it up the line, from facts rather than timers (A6, N2, N5).

A duty's steps, its notices and its next look are one transaction in which the duty is held, so a worker
that is killed has told nobody, and several workers tell of other duties.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

import asyncpg

from gevinst_notifications.domain.duties.arrivals import Arrival, below
from gevinst_notifications.domain.duties.duties import Duty, Task, notice_id, told_of
from gevinst_notifications.domain.duties.kinds import DutyKind
from gevinst_notifications.domain.duties.ladder import (
    Ladder,
    Planned,
    Settling,
    Workplace,
    planned,
    settling,
)
from gevinst_notifications.domain.duties.line import Line, Reached, owners, reached, with_reason
from gevinst_notifications.domain.duties.rules import DutyRule, Rung
from gevinst_notifications.domain.duties.silences import silence
from gevinst_notifications.domain.messages import type_of
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.surroundings import Project, completed
from gevinst_notifications.store import duty_register, duty_rules, duty_steps, people
from gevinst_notifications.store.duty_steps import Settled
from gevinst_notifications.usecases.forwarding import forward
from gevinst_notifications.usecases.lines import Lines
from gevinst_notifications.usecases.telling import tell_people
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.feed.envelope import Event

AT_ONCE = 500
TOGETHER = 50
PUT_OFF = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arranged:
    """What an organisation has arranged for its reminders, read once for many duties."""

    rules: Mapping[DutyKind, DutyRule]
    place: Workplace

    def steps(self, duty: Duty) -> tuple[Planned, ...]:
        return planned(duty.due_on, duty.set_at, self.rules[duty.task.kind], self.place)

    def day_for(self, task: Task, *, at: datetime) -> date:
        """The day that the fact names, else until which people have time."""
        within = self.rules[task.kind].within
        return task.due_on or self.place.calendar.shift(self.place.day_of(at), within)


async def arranged(connection: Connection, organisation: str) -> Arranged:
    """The organisation's rules and working days as they are now."""
    rules = await duty_rules.all_rules(connection)
    return Arranged(rules, await duty_rules.workplace(connection, organisation))


async def remind_due(database: Database, now: datetime, *, limit: int = AT_ONCE) -> int:
    """Look at the duties whose time has come, of every organisation; how many were looked at."""
    async with database.queue() as queue:
        waiting = await duty_register.list_waiting(queue, now=now, limit=limit)
    of_each: dict[str, list[UUID]] = defaultdict(list)
    for one in waiting:
        of_each[one.organisation].append(one.id)
    looked = 0
    for organisation, ids in of_each.items():
        # Few at a time: whoever writes to inboxes waits for the one who does.
        for start in range(0, len(ids), TOGETHER):
            looked += await _remind_some(database, organisation, ids[start : start + TOGETHER], now)
    return looked


async def _remind_some(database: Database, organisation: str, ids: Sequence[UUID], now: datetime) -> int:
    """Those that cannot be dealt with are put off, so that they do not hold up the others."""
    try:
        async with database.transaction(organisation, at=now) as connection:
            return await remind(connection, organisation, ids, now=now)
    except (ConnectionError, asyncpg.PostgresConnectionError):
        raise
    except Exception:  # one duty's fault must not hold up the others
        _log.exception("duties not dealt with", extra={"duties": [str(one) for one in ids]})
    if len(ids) > 1:
        return sum([await _remind_some(database, organisation, [one], now) for one in ids])
    async with database.transaction(organisation, at=now) as connection:
        await duty_register.look_again(connection, {ids[0]: now + PUT_OFF})
    return 0


async def remind(connection: Connection, organisation: str, ids: Sequence[UUID], *, now: datetime) -> int:
    """Do what is to be done for those of the duties that nobody else holds; how many those were."""
    duties = await duty_register.claim(connection, ids, now=now)
    if not duties:
        return 0
    rules = await arranged(connection, organisation)
    progress = await duty_steps.progress_of(connection, duties)
    lines = Lines(connection)
    looks: dict[UUID, datetime | None] = {}
    done: list[Settled] = []
    for duty in duties:
        line = await lines.of(duty)
        silent = silence(duty, line.project, rules.place, now=now)
        if silent is not None:
            looks[duty.id] = silent.until
            continue
        ladder = Ladder(rules.steps(duty), progress[duty.id].settled, progress[duty.id].arrivals)
        what = settling(ladder, now=now, place=rules.place)
        looks[duty.id] = _next_look(what, ladder, rules.place, now=now)
        done += [Settled(duty, step, "overtaken") for step in what.overtaken]
        for step in what.tell:
            notice = noticed(duty, step, ladder, line, rules.place, now=now)
            done.append(await _tell(connection, organisation, notice, now=now))
    await duty_steps.add_steps(connection, organisation, done, now=now)
    await duty_register.look_again(connection, looks)
    return len(duties)


@dataclass(frozen=True, slots=True)
class Noticed:
    """A step with whom it reaches and what is said."""

    duty: Duty
    step: Planned
    reached: Reached
    kind: NoticeKind
    data: Mapping[str, str | int]
    project: Project | None
    # Whom an escalation tells of.
    owner_ids: tuple[UUID, ...] = ()


def noticed(
    duty: Duty, step: Planned, ladder: Ladder, line: Line, place: Workplace, *, now: datetime
) -> Noticed:
    """What the step would say, and to whom, by what is known now."""
    today = place.day_of(now)
    who = reached(step.rung, duty, line, today=today)
    data = told_of(duty) | {"step": step.code}
    if step.rung is not Rung.OWNER:
        mine = owners(duty.task.owner, line, today=today)
        if below(step.rung, ladder.arrivals) in {Arrival.WAITING, Arrival.FAILED}:
            who = with_reason(who, Reason.NOT_REACHED)
        return Noticed(duty, step, who, NoticeKind.DUTY_ESCALATED, data, line.project, mine)
    # Who is told about hears of that before.
    above = next((one for one in ladder.steps if one.rung is not Rung.OWNER and one.at > step.at), None)
    if above is not None:
        data |= {"escalates_on": place.day_of(above.at).isoformat(), "escalates_to": str(above.rung)}
    return Noticed(duty, step, who, NoticeKind.DUTY_REMINDED, data, line.project)


async def event_of(connection: Connection, organisation: str, notice: Noticed, *, now: datetime) -> Event:
    """The notice as it is told, with the names that its words need."""
    duty = notice.duty
    names = await people.list_names(connection, notice.owner_ids) if notice.owner_ids else []
    event = Event(
        id=notice_id(duty.id, duty.due_version, notice.step.code),
        organisation=organisation,
        type=type_of(notice.kind),
        subject=duty.task.subject,
        time=now,
        data={**notice.data, **({"owner_name": ", ".join(names)} if names else {})},
    )
    return completed(event, [] if notice.project is None else [notice.project])


def _next_look(what: Settling, ladder: Ladder, place: Workplace, *, now: datetime) -> datetime | None:
    """What was told is looked at again in the morning, until it has arrived: else those above hear sooner."""
    is_under_way = bool(what.tell) or Arrival.WAITING in ladder.arrivals.values()
    if what.next_at is None or not is_under_way:
        return what.next_at
    return min(what.next_at, place.next_morning(now))


async def _tell(connection: Connection, organisation: str, notice: Noticed, *, now: datetime) -> Settled:
    recipients = notice.reached.recipients
    vacant = notice.reached.vacant
    if not recipients:
        return Settled(notice.duty, notice.step, "nobody", vacant=vacant)
    event = await event_of(connection, organisation, notice, now=now)
    await tell_people(connection, event, recipients, now=now)
    await forward(connection, event, now=now)
    return Settled(notice.duty, notice.step, "told", event.id, list(recipients), vacant)
