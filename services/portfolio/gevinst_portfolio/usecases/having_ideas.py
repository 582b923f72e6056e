"""Ideas: submitted by anybody, supported, answered, worked up to proposals (P1)."""

from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.ideas import IdeaAnswer, IdeaState, lacking, refuse_answered, refuse_proposed
from gevinst_portfolio.domain.permissions import ANSWER_IDEA
from gevinst_portfolio.events.intake import IdeaAnswered, IdeaChanged
from gevinst_portfolio.store import ideas, plan_inputs, portfolios, projects, role_assignments
from gevinst_portfolio.usecases.proposing import Proposal, propose
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place, ScopeKind
from gevinst_shared.values.ids import new_id

_SAID = ("zero_alternative", "owner_id", "manager_id", "unit_id", "receiving_unit_ids", "start", "need")
_ANYWHERE = Place()


async def submit_idea(work: Work, said: dict[str, Any]) -> tuple[UUID, Stored]:
    """Register an idea of the caller; its id and record. `said` are the members of `IdeaIn`."""
    await _refuse_unknown(work, said)
    idea_id = new_id()
    values = {
        **said,
        "id": idea_id,
        "submitted_by": work.actor.subject,
        "supporters": [],
        "state": IdeaState.OPEN,
        "answer": None,
        "answered_by": None,
        "project_id": None,
        "created_at": work.now,
    }
    return idea_id, await ideas.RECORDS.add(work.connection, values, _changed(work, values))


async def change_idea(work: Work, idea_id: UUID, said: dict[str, Any], *, expected: int) -> Stored | None:
    """Replace what an open idea says; by its submitter, or by those who answer ideas."""
    row = await ideas.lock_row(work.connection, idea_id)
    if row["submitted_by"] != work.actor.subject:
        work.require(ANSWER_IDEA, _ANYWHERE)
    refuse_answered(row["name"], IdeaState(row["state"]), row["project_id"])
    await _refuse_unknown(work, said)
    values = {**dict(row), **said}
    return await ideas.RECORDS.change(work.connection, values, _changed(work, values), expected=expected)


async def support_idea(work: Work, idea_id: UUID) -> Stored:
    """Say that the caller wants it too; saying it again changes nothing."""
    row = await ideas.lock_row(work.connection, idea_id)
    refuse_answered(row["name"], IdeaState(row["state"]), row["project_id"])
    subject = work.actor.subject
    if subject in row["supporters"] or subject == row["submitted_by"]:
        return await ideas.RECORDS.get(work.connection, idea_id)
    values = {**dict(row), "supporters": [*row["supporters"], subject]}
    stored = await ideas.SUPPORT.change(
        work.connection, values, _changed(work, values), expected=row["revision"]
    )
    assert stored is not None
    return stored


async def answer_idea(
    work: Work, idea_id: UUID, *, answer: IdeaAnswer, reason: str, expected: int
) -> Stored | None:
    """Park or reject the idea, or take it up again; its submitter is told why."""
    row = await ideas.lock_row(work.connection, idea_id)
    work.require(ANSWER_IDEA, _place(row))
    refuse_proposed(row["name"], IdeaState(row["state"]), row["project_id"])
    return await _answer(work, dict(row), IdeaState(answer), expected=expected, reason=reason)


async def propose_idea(
    work: Work, idea_id: UUID, *, portfolio_id: UUID, expected: int
) -> tuple[UUID, Stored] | None:
    """Make a proposal of the idea, with its source and supporters; the project's id and record.

    None when the idea changed meanwhile.
    """
    row = await ideas.lock_row(work.connection, idea_id)
    refuse_answered(row["name"], IdeaState(row["state"]), row["project_id"])
    if row["revision"] != expected:
        return None
    proposal = Proposal(
        portfolio_id=portfolio_id,
        name=row["name"],
        need=row["need"],
        source=row["source"],
        unit_id=row["unit_id"],
        supporters=tuple(dict.fromkeys([row["submitted_by"], *row["supporters"]])),
    )
    project_id, stored = await propose(work, proposal)
    become = {**dict(row), "project_id": project_id, "portfolio_id": portfolio_id}
    await _answer(work, become, IdeaState.PROPOSED, expected=expected)
    return project_id, stored


async def readiness(work: Work, project_id: UUID) -> dict[str, Any]:
    """`ReadinessOut`: what is missing before the proposal can be prioritised."""
    row = await projects.get_row(work.connection, project_id)
    unscored = await ideas.count_unscored(work.connection, row["portfolio_id"], project_id)
    said = [(member, bool(row[member])) for member in _SAID]
    missing = lacking(plan_inputs.figures(row), said, unscored=unscored)
    return {
        "project_id": project_id,
        "is_ready": not any(one.is_needed for one in missing),
        "lacking": [{"member": one.member, "is_needed": one.is_needed} for one in missing],
    }


async def _answer(
    work: Work, row: dict[str, Any], state: IdeaState, *, expected: int, reason: str | None = None
) -> Stored | None:
    values = {**row, "state": state, "answer": reason, "answered_by": work.actor.subject}
    fact = IdeaAnswered(
        idea_id=row["id"],
        name=row["name"],
        submitter=row["submitted_by"],
        outcome=state,
        decided_by=work.actor.subject,
        answer=reason,
        project_id=row["project_id"],
        portfolio_id=row["portfolio_id"],
    )
    record = recorded(work, fact, subject=subject_of("ideas", row["id"]), reason=reason)
    return await ideas.ANSWERS.change(work.connection, values, record, expected=expected)


async def _refuse_unknown(work: Work, said: dict[str, Any]) -> None:
    if said["portfolio_id"] is not None:
        await portfolios.get_portfolio(work.connection, said["portfolio_id"])
    if said["unit_id"] is not None:
        await role_assignments.refuse_odd_place(work.connection, ScopeKind.UNIT, said["unit_id"])


def _place(row: asyncpg.Record) -> Place:
    return Place(portfolios=frozenset(() if row["portfolio_id"] is None else (row["portfolio_id"],)))


def _changed(work: Work, values: dict[str, Any]) -> dict[str, Any]:
    fact = IdeaChanged(
        idea_id=values["id"],
        name=values["name"],
        source=values["source"],
        submitter=values["submitted_by"],
        supporter_count=len(values["supporters"]),
    )
    return recorded(work, fact, subject=subject_of("ideas", values["id"]))
