"""Acknowledging a duty: somebody takes care of it, and nobody is reminded meanwhile (N2)."""

from datetime import date
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Duty, acknowledged
from gevinst_notifications.domain.duties.kinds import DutyState
from gevinst_notifications.domain.duties.line import owners
from gevinst_notifications.events.duties import DutyAcknowledged
from gevinst_notifications.store import deliveries, duty_register, duty_steps, people
from gevinst_notifications.usecases.lines import Lines
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.refusal import Unknown


async def acknowledge_duty(work: Work, duty_id: UUID, *, until: date | None, expected: int) -> Duty | None:
    """Be silent about the duty until a day, or until its deadline moves; None at another revision.

    Its owner may, and whoever was told of it: `Unknown` for everybody else.
    """
    reader = await people.find_reader(work.connection, work.actor.subject)
    found = await duty_register.find_duty(work.connection, duty_id)
    if reader is None or found is None or not await concerns(work, found, reader.person_id):
        raise Unknown
    row = await duty_register.find_row(work.connection, duty_id)
    assert row is not None  # it is held
    if row["revision"] != expected:
        return None
    after = acknowledged(found, by=reader.person_id, until=until, at=work.now, today=work.today)
    await _keep(work, after, reader.person_id, until)
    return after


async def acknowledge_told(work: Work, duty_id: UUID, due_version: int, person_id: UUID) -> None:
    """The reminder of this deadline was acknowledged where it was read; an older one changes nothing."""
    found = await duty_register.find_duty(work.connection, duty_id)
    is_same = found is not None and found.due_version == due_version and found.state is DutyState.OPEN
    if found is None or not is_same or found.acknowledged_at is not None:
        return
    after = acknowledged(found, by=person_id, until=None, at=work.now, today=work.today)
    await _keep(work, after, person_id, None)


async def concerns(work: Work, duty: Duty, person_id: UUID) -> bool:
    """Whether the person must do it, or was told of it."""
    told = await duty_steps.list_steps(work.connection, duty.id)
    if any(person_id in step["recipient_ids"] for step in told):
        return True
    return person_id in owners(duty.task.owner, await Lines(work.connection).of(duty), today=work.today)


async def _keep(work: Work, after: Duty, person_id: UUID, until: date | None) -> None:
    await duty_register.keep_duty(work.connection, work.organisation, after)
    fact = DutyAcknowledged(after.id, after.task.kind, after.task.subject, person_id, until)
    record = recorded(work, fact, subject=subject_of("duties", after.id))
    now = {"acknowledged_at": work.now.isoformat(), "until": None if until is None else until.isoformat()}
    await deliveries.announce(work.connection, record, before={"acknowledged_at": None}, after=now)
