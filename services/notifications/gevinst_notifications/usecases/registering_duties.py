"""Keeping what people must do, as the facts of the two feeds say (N1, N2)."""

import logging
from dataclasses import replace
from datetime import date
from uuid import UUID

from gevinst_notifications.domain.duties.duties import Duty, Task, closed, duty_id, opened, set_again
from gevinst_notifications.domain.duties.effects import (
    ENDED,
    ENDS_WITH_PROJECT,
    Close,
    CloseAll,
    Effect,
    Move,
    Reown,
)
from gevinst_notifications.domain.duties.facts import effects
from gevinst_notifications.domain.duties.kinds import DutyState
from gevinst_notifications.domain.messages import BrokenFactError
from gevinst_notifications.store import duty_register, register
from gevinst_notifications.usecases.reminding import arranged
from gevinst_shared.db.engine import Connection
from gevinst_shared.feed.envelope import Event

_log = logging.getLogger(__name__)


async def register_duties(connection: Connection, event: Event) -> None:
    """Open, move and close the duties that `event` is about; read again, it changes nothing.

    A fact that cannot be read is logged and passed over: the feed must go on for everybody else.
    """
    try:
        found = effects(event)
    except BrokenFactError as error:
        _log.error("duty not read", extra={"event_id": event.id, "type": event.type, "cause": str(error)})
        return
    for effect in found:
        await _apply(connection, event, effect)


async def _apply(connection: Connection, event: Event, effect: Effect) -> None:
    match effect:
        case Task():
            await _set(connection, event, effect)
        case Move():
            await _move(connection, event, effect)
        case Close() | CloseAll():
            for known in await _open_ones(connection, effect):
                await _close(connection, event, known, effect.state)
        case Reown():
            for known in await duty_register.list_owned(connection, effect):
                task = replace(known.task, owner=effect.owner)
                await _set_again(connection, event, known, task, known.due_on)


async def _open_ones(connection: Connection, which: Close | CloseAll) -> list[Duty]:
    if isinstance(which, CloseAll):
        return await duty_register.list_open(connection, which)
    known = await duty_register.find_duty(connection, duty_id(which.kind, which.key))
    return [] if known is None else [known]


async def _set(connection: Connection, event: Event, task: Task) -> None:
    if task.kind in ENDS_WITH_PROJECT and await _has_ended(connection, task.project_id):
        return
    known = await duty_register.find_duty(connection, task.id)
    due_on = task.due_on or (await arranged(connection, event.organisation)).day_for(task, at=event.time)
    if known is not None:
        await _set_again(connection, event, known, task, due_on)
    elif await duty_register.add_fact(connection, event, task.id, "set", due_on):
        new = opened(task, due_on=due_on, at=event.time)
        await duty_register.keep_duty(connection, event.organisation, new)


async def _set_again(connection: Connection, event: Event, known: Duty, task: Task, due_on: date) -> None:
    changed = set_again(known, task, due_on=due_on, at=event.time)
    if await duty_register.add_fact(connection, event, known.id, "set", changed.due_on):
        await duty_register.keep_duty(connection, event.organisation, changed)


async def _move(connection: Connection, event: Event, move: Move) -> None:
    """The next time that the same is to be done: another day, or none any more."""
    known = await duty_register.find_duty(connection, duty_id(move.kind, move.key))
    if known is None:
        return
    if move.due_on is None:
        await _close(connection, event, known, DutyState.DONE)
    else:
        await _set_again(connection, event, known, replace(known.task, due_on=move.due_on), move.due_on)


async def _close(connection: Connection, event: Event, known: Duty, state: DutyState) -> None:
    if known.state is DutyState.OPEN and await duty_register.add_fact(
        connection, event, known.id, str(state), None
    ):
        after = closed(known, state, at=event.time)
        await duty_register.keep_duty(connection, event.organisation, after)


async def _has_ended(connection: Connection, project_id: UUID | None) -> bool:
    if project_id is None:
        return False
    return any(one.status in ENDED for one in await register.list_projects(connection, [project_id]))
