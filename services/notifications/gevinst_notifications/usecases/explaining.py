"""Who would get what and why, and why somebody did not, before and after (N4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gevinst_notifications.domain.duties.arrivals import Arrival
from gevinst_notifications.domain.duties.duties import Duty, Task, opened
from gevinst_notifications.domain.duties.facts import effects
from gevinst_notifications.domain.duties.kinds import DutyKind, DutyState
from gevinst_notifications.domain.duties.ladder import Ladder, foreseen
from gevinst_notifications.domain.duties.silences import Silence, silence
from gevinst_notifications.domain.explanations import FactNotUnderstood, refuse_unreadable
from gevinst_notifications.domain.hearing import Circle, Hearing, due_day, hearings
from gevinst_notifications.domain.messages import KINDS, BrokenFactError
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.store import duty_register, duty_rules, duty_steps, people
from gevinst_notifications.usecases.lines import Lines
from gevinst_notifications.usecases.reminding import Arranged, Noticed, arranged, noticed
from gevinst_notifications.usecases.telling import concerned, list_hearings
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Event
from gevinst_shared.values.refusal import Unknown

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that would tell at a moment, and what each person would get of it."""

    at: datetime
    notice: Noticed
    hearings: Sequence[Hearing] = ()


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a fact would do: whom it would tell, and what it would have people reminded of."""

    kind: NoticeKind | None
    hearings: Sequence[Hearing]
    coming: Sequence[Coming]


@dataclass(frozen=True, slots=True)
class Explained:
    """A duty with what is to come of it, or why nothing is said."""

    duty: Duty
    coming: Sequence[Coming]
    silent: Silence | None


async def dry_run(work: Work, event: Event, *, until: datetime) -> DryRun:
    """What would come of the fact if it happened now; nothing is written. `FactNotUnderstood` for none."""
    refuse_unreadable(event.data)
    try:
        kind = KINDS.get(event.type)
        told = await _told(work, event) if kind is not None else []
        found = effects(event)
    except BrokenFactError as error:
        raise FactNotUnderstood(cause=str(error)[:200]) from error
    rules = await arranged(work.connection, work.organisation)
    tasks = [one for one in found if isinstance(one, Task)]
    duties = [opened(one, due_on=rules.day_for(one, at=work.now), at=work.now) for one in tasks]
    ladders = {one.id: Ladder(rules.steps(one)) for one in duties}
    return DryRun(kind, told, await _coming(work, duties, ladders, until=until))


async def list_coming(
    work: Work,
    *,
    until: datetime,
    after: UUID | None,
    project_id: UUID | None,
    kind: DutyKind | None,
    limit: int,
) -> tuple[list[Coming], UUID | None]:
    """What would be told until a moment if nothing changes, by duty, and the id to go on after."""
    duties = await duty_register.list_foreseen(
        work.connection, until=until, after=after or NOBODY, project_id=project_id, kind=kind, limit=limit + 1
    )
    page = duties[:limit]
    found = await _coming(work, page, await _ladders(work, page), until=until)
    return found, page[-1].id if len(duties) > limit else None


async def explain_duty(work: Work, duty_id: UUID, *, until: datetime) -> Explained:
    """What would be told of the duty until a moment, or why nothing is; `Unknown` when there is none."""
    row = await duty_register.find_row(work.connection, duty_id)
    if row is None:
        raise Unknown
    duty = duty_register.duty_from(row)
    place = await duty_rules.workplace(work.connection, work.organisation)
    line = await Lines(work.connection).of(duty)
    silent = silence(duty, line.project, place, now=work.now)
    coming = await _coming(work, [duty], await _ladders(work, [duty]), until=until)
    return Explained(duty, coming, silent)


async def _told(work: Work, event: Event) -> list[Hearing]:
    full, who = await concerned(work.connection, event)
    return await list_hearings(work.connection, full, who, now=work.now)


async def _ladders(work: Work, duties: Sequence[Duty]) -> Mapping[UUID, Ladder]:
    """How far each duty's ladder was gone; what is under way is taken to arrive."""
    rules = await arranged(work.connection, work.organisation)
    progress = await duty_steps.progress_of(work.connection, duties)
    return {
        duty.id: Ladder(
            rules.steps(duty),
            progress[duty.id].settled,
            {rung: one for rung, one in progress[duty.id].arrivals.items() if one is not Arrival.WAITING},
        )
        for duty in duties
    }


async def _coming(
    work: Work, duties: Sequence[Duty], ladders: Mapping[UUID, Ladder], *, until: datetime
) -> list[Coming]:
    """The steps of the duties from now on, and what everybody would get by what is known now."""
    rules, lines = await arranged(work.connection, work.organisation), Lines(work.connection)
    found: list[Coming] = []
    for duty in duties:
        line = await lines.of(duty)
        silent = silence(duty, line.project, rules.place, now=work.now)
        begins = work.now if silent is None else silent.until
        if duty.state is not DutyState.OPEN or begins is None:
            continue
        ladder = ladders[duty.id]
        found += [
            Coming(at, noticed(duty, step, ladder, line, rules.place, now=at))
            for at, step in foreseen(ladder, now=begins, until=until, place=rules.place)
        ]
    return await _heard(work, found, rules)


async def _heard(work: Work, coming: Sequence[Coming], rules: Arranged) -> list[Coming]:
    """What each person would get: preferences and leave as they are known now, read once for all."""
    days = {one.at: rules.place.day_of(one.at) for one in coming}
    away = {day: await people.list_absent(work.connection, day) for day in sorted(set(days.values()))}
    everybody = {person for one in coming for person in one.notice.reached.recipients}
    everybody |= {one.substitute_id for each in away.values() for one in each.values() if one.substitute_id}
    settings = await people.find_setting(work.connection, everybody)
    organisation = await people.find_organisation(work.connection)
    calendars = await people.load_calendars(work.connection)
    return [
        replace(
            one,
            hearings=hearings(
                one.notice.kind,
                one.notice.reached.recipients,
                Circle(settings, organisation, away[days[one.at]]),
                now=one.at,
                calendar_of=calendars,
                due_on=due_day(one.notice.kind, one.notice.data),
            ),
        )
        for one in coming
    ]
