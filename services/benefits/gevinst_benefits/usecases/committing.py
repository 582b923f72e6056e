"""Setting goals as commitments of units, and naming the benefits that are to meet them (G8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.permissions import COMMIT, PLAN
from gevinst_benefits.domain.plan import goals as domain
from gevinst_benefits.domain.plan.goals import Goal, GoalState, NotLinked, Target
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.events.goals import (
    GoalChanged,
    GoalMeansLinked,
    GoalMeansUnlinked,
    GoalSet,
    GoalSettled,
    GoalWithoutMeans,
)
from gevinst_benefits.store import benefits, goals
from gevinst_benefits.store.announcements import announce
from gevinst_benefits.store.projects import known_units, unit_path
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Permission, Place
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class GoalDraft:
    """What is said of a goal; its state and its means follow."""

    unit_id: UUID
    name: str
    target: Target
    due_year: int
    description: str | None = None


async def commit(work: Work, draft: GoalDraft) -> tuple[UUID, Stored]:
    """Set a goal for a unit; its id and record."""
    await _require_in(work, COMMIT, draft.unit_id)
    goal = _goal(new_id(), draft)
    values = goals.columns_of(goal) | {"created_by": work.actor.subject, "created_at": work.now}
    record = recorded(work, GoalSet(**facts_of(goal)), subject=subject_of("goals", goal.id))
    return goal.id, await goals.RECORDS.add(work.connection, values, record)


async def change(work: Work, goal_id: UUID, draft: GoalDraft, *, expected: int) -> Stored | None:
    """Change what the goal says; None when it is not at revision `expected` any more."""
    goal = goals.goal_from(await goals.RECORDS.row(work.connection, goal_id, for_change=True))
    await _require_in(work, COMMIT, goal.unit_id)
    await _require_in(work, COMMIT, draft.unit_id)
    changed = domain.change_goal(goal, _goal(goal_id, draft))
    record = recorded(work, GoalChanged(**facts_of(changed)), subject=subject_of("goals", goal_id))
    return await goals.RECORDS.change(work.connection, goals.columns_of(changed), record, expected=expected)


async def settle(work: Work, goal_id: UUID, state: GoalState, *, reason: str, expected: int) -> Stored | None:
    """Find the goal met, withdraw it, or open it again; None when it is not at `expected` any more."""
    goal = goals.goal_from(await goals.RECORDS.row(work.connection, goal_id, for_change=True))
    await _require_in(work, COMMIT, goal.unit_id)
    settled = domain.settle_goal(goal, state, reason=reason, by=work.actor.subject, at=work.now)
    fact = GoalSettled(**facts_of(settled), reason=reason)
    record = recorded(work, fact, subject=subject_of("goals", goal_id), reason=reason)
    return await goals.RECORDS.change(work.connection, goals.columns_of(settled), record, expected=expected)


async def link(work: Work, goal_id: UUID, benefit_id: UUID) -> Stored:
    """Name a benefit, of whatever project, by which the goal is to be met."""
    goal = goals.goal_from(await goals.RECORDS.row(work.connection, goal_id, for_change=True))
    await _require_in(work, PLAN, goal.unit_id)
    # Held, so that a stop under way does not end it at the same time.
    benefit = benefits.benefit_from(await benefits.get_row(work.connection, benefit_id, for_change=True))
    domain.refuse_dead_means(goal, benefit.state)
    await goals.link(
        work.connection,
        {
            "organisation_id": work.organisation,
            "goal_id": goal_id,
            "benefit_id": benefit_id,
            "linked_by": work.actor.subject,
            "linked_at": work.now,
        },
    )
    fact = GoalMeansLinked(**facts_of(goal), benefit_id=benefit_id)
    record = recorded(work, fact, subject=subject_of("goals", goal_id))
    await announce(work.connection, [record | {"before": None, "after": {"benefit_id": str(benefit_id)}}])
    return await goals.RECORDS.get(work.connection, goal_id)


async def unlink(work: Work, goal_id: UUID, benefit_id: UUID, *, expected: int) -> bool:
    """Take a benefit off the goal's means; False when the goal is not at revision `expected` any more."""
    row = await goals.RECORDS.row(work.connection, goal_id, for_change=True)
    goal = goals.goal_from(row)
    await _require_in(work, PLAN, goal.unit_id)
    if row["revision"] != expected:
        return False
    if not await goals.unlink(work.connection, goal_id, benefit_id):
        raise NotLinked(benefit=benefit_id)
    fact = GoalMeansUnlinked(**facts_of(goal), benefit_id=benefit_id)
    record = recorded(work, fact, subject=subject_of("goals", goal_id))
    await announce(work.connection, [record | {"before": {"benefit_id": str(benefit_id)}, "after": None}])
    return True


async def tell_of_lost_means(work: Work, ended: Sequence[UUID]) -> None:
    """G8: each open goal whose last means were these benefits stays, and its unit hears of it."""
    lost = {}
    for row in await goals.of_benefits(work.connection, ended):
        if not row["with_means"]:
            lost[row["id"]] = row
    records = []
    for row in lost.values():
        fact = GoalWithoutMeans(**facts_of(goals.goal_from(row)), benefit_id=row["benefit_id"])
        said = {"has_means": False, "benefit_id": str(row["benefit_id"])}
        record = recorded(work, fact, subject=subject_of("goals", row["id"]))
        records.append(record | {"before": {"has_means": True}, "after": said})
    await announce(work.connection, records)


def facts_of(goal: Goal) -> dict[str, Any]:
    """What every fact of a goal tells of it."""
    return {
        "goal_id": goal.id,
        "unit_id": goal.unit_id,
        "name": goal.name,
        "state": goal.state.value,
        "due_year": goal.due_year,
    }


async def _require_in(work: Work, permission: Permission, unit_id: UUID) -> None:
    refuse_unknown_units([unit_id], await known_units(work.connection, [unit_id]))
    path = () if permission.roles & work.actor.roles else await unit_path(work.connection, unit_id)
    work.require(permission, Place(units=frozenset(path)))


def _goal(goal_id: UUID, draft: GoalDraft) -> Goal:
    return Goal(
        id=goal_id,
        unit_id=draft.unit_id,
        name=draft.name,
        target=draft.target,
        due_year=draft.due_year,
        description=draft.description,
    )
