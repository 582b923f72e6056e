"""Handing a project over to the line: opened, made complete, offered, accepted or refused (G9)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates import handovers as domain
from gevinst_benefits.domain.gates.gates import ProjectEnded, ProjectState
from gevinst_benefits.domain.gates.handovers import (
    NO_PAPERS,
    Handover,
    HandoverPaper,
    HandoverState,
    Missing,
    Paper,
)
from gevinst_benefits.domain.gates.journeys import ProgressNotStarted
from gevinst_benefits.domain.permissions import RECEIVE, STEER
from gevinst_benefits.domain.projects import Project, refuse_unknown_units
from gevinst_benefits.events.handovers import (
    HandoverAccepted,
    HandoverCalledOff,
    HandoverChanged,
    HandoverOffered,
    HandoverOpened,
    HandoverRefused,
    OfHandover,
)
from gevinst_benefits.store import handovers as store
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project, known_units, unit_path
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


async def open_handover(work: Work, project_id: UUID, receiving_unit_id: UUID) -> tuple[UUID, Stored]:
    """Begin to hand the project over to a unit; one at a time. Its id and record."""
    project = await get_project(work.connection, project_id)
    work.require(STEER, project.place())
    refuse_unknown_units([receiving_unit_id], await known_units(work.connection, [receiving_unit_id]))
    kept = await find_progress(work.connection, project_id, for_change=True)
    if kept is None:
        raise ProgressNotStarted
    if kept.progress.state is ProjectState.STOPPED:
        raise ProjectEnded(state=kept.progress.state.value)
    opened = Handover(new_id(), HandoverState.DRAFT, NO_PAPERS)
    values = store.columns_of(opened) | {
        "project_id": project_id,
        "receiving_unit_id": receiving_unit_id,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = HandoverOpened(**_facts(project, values))
    record = recorded(work, fact, subject=subject_of("handovers", opened.id))
    return opened.id, await store.RECORDS.add(work.connection, values, record)


async def keep_papers(
    work: Work, handover_id: UUID, papers: Sequence[HandoverPaper], *, expected: int
) -> Stored | None:
    """Say of some papers where they are, or why they are not relevant."""
    row, project = await _held(work, handover_id)
    work.require(STEER, project.place())
    changed = domain.with_papers(store.handover_from(row), papers)
    return await _changed(work, project, row, changed, HandoverChanged, expected=expected)


async def shortcomings(work: Work, handover_id: UUID) -> Sequence[Missing]:
    """What is still missing: papers, indicators, confirmed owners whose role is held."""
    return await _missing(work, await store.RECORDS.row(work.connection, handover_id))


async def offer(work: Work, handover_id: UUID, *, expected: int) -> Stored | None:
    """Offer the project to the line, complete."""
    row, project = await _held(work, handover_id)
    work.require(STEER, project.place())
    offered = domain.offer(
        store.handover_from(row), await _missing(work, row), by=work.actor.subject, at=work.now
    )
    return await _changed(work, project, row, offered, HandoverOffered, expected=expected)


async def accept(work: Work, handover_id: UUID, *, expected: int) -> Stored | None:
    """The line takes the project over, by somebody who neither leads it nor offered it."""
    row, project = await _held(work, handover_id)
    await _require_in_line(work, row)
    accepted = domain.accept(
        store.handover_from(row),
        await _missing(work, row),
        by=work.actor.subject,
        manager=await store.manager_of(work.connection, project.id),
        at=work.now,
    )
    return await _changed(work, project, row, accepted, HandoverAccepted, expected=expected)


async def refuse(
    work: Work, handover_id: UUID, papers: Sequence[Paper], *, reason: str, expected: int
) -> Stored | None:
    """The line does not take it over, and says what is missing."""
    row, project = await _held(work, handover_id)
    await _require_in_line(work, row)
    refused = domain.refuse(
        store.handover_from(row),
        papers,
        by=work.actor.subject,
        manager=await store.manager_of(work.connection, project.id),
        reason=reason,
        at=work.now,
    )
    return await _changed(work, project, row, refused, HandoverRefused, expected=expected)


async def call_off(work: Work, project: Project, *, reason: str) -> None:
    """G6: the project has stopped; a handover that is under way ends with it."""
    row = await store.find_open(work.connection, project.id)
    if row is None:
        return
    ended = domain.call_off(store.handover_from(row), by=work.actor.subject, reason=reason, at=work.now)
    await _changed(work, project, row, ended, HandoverCalledOff, expected=None)


async def refuse_unfinished(work: Work, project_id: UUID) -> None:
    """G9: a project without result indicators is not finished."""
    domain.refuse_unfinished(await store.readiness(work.connection, project_id, today=work.today))


async def _missing(work: Work, row: Mapping[str, Any]) -> Sequence[Missing]:
    ready = await store.readiness(work.connection, row["project_id"], today=work.today)
    return domain.shortcomings(store.handover_from(row).papers, ready)


async def _require_in_line(work: Work, row: Mapping[str, Any]) -> None:
    path = await unit_path(work.connection, row["receiving_unit_id"])
    work.require(RECEIVE, Place(units=frozenset(path)))


async def _held(work: Work, handover_id: UUID) -> tuple[Mapping[str, Any], Project]:
    row = await store.RECORDS.row(work.connection, handover_id)
    # Held, so that a stop and an answer do not miss each other.
    await find_progress(work.connection, row["project_id"], for_change=True)
    row = await store.RECORDS.row(work.connection, handover_id, for_change=True)
    return row, await get_project(work.connection, row["project_id"])


async def _changed(
    work: Work,
    project: Project,
    row: Mapping[str, Any],
    changed: Handover,
    kind: type[OfHandover],
    *,
    expected: int | None,
) -> Stored | None:
    has_reason = kind in (HandoverRefused, HandoverCalledOff)
    said: dict[str, Any] = {"reason": changed.reason} if has_reason else {}
    fact = kind(**_facts(project, {**row, "state": changed.state.value}), **said)
    record = recorded(work, fact, subject=subject_of("handovers", changed.id), reason=changed.reason)
    return await store.RECORDS.change(work.connection, store.columns_of(changed), record, expected=expected)


def _facts(project: Project, row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "project_id": project.id,
        "project_name": project.name,
        "handover_id": row["id"],
        "receiving_unit_id": row["receiving_unit_id"],
        "state": row["state"],
    }
