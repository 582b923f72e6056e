"""Putting a gate before its deciders, on a frozen basis (G2, G4, G5)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates import gates
from gevinst_benefits.domain.gates.checklists import Answer
from gevinst_benefits.domain.gates.conditions import Condition
from gevinst_benefits.domain.gates.frozen_basis import FrozenBasis
from gevinst_benefits.domain.gates.gate_papers import Papers, frozen, papers_difference
from gevinst_benefits.domain.gates.gates import Progress, Proposal, Ruling
from gevinst_benefits.domain.gates.journeys import AwaitsDecision, DecideByPassed, ProgressNotStarted
from gevinst_benefits.domain.gates.phase_models import PhaseModel
from gevinst_benefits.domain.gates.reviews import Panel, refuse_odd_panel
from gevinst_benefits.domain.gates.thresholds import ProjectKind
from gevinst_benefits.domain.permissions import PROPOSE_GATE
from gevinst_benefits.domain.projects import PersonNotKnown
from gevinst_benefits.events.gates import GateProposed, GateWithdrawn
from gevinst_benefits.store import benefits, business_cases, conditions, goals, indicators
from gevinst_benefits.store import gates as store
from gevinst_benefits.store.business_cases import Version
from gevinst_benefits.store.gate_documents import (
    answers_json,
    conditions_json,
    papers_difference_json,
    reopened_json,
)
from gevinst_benefits.store.prerequisites import risks_of_project
from gevinst_benefits.store.progress import find_progress
from gevinst_benefits.store.projects import get_project, known_people, person_of
from gevinst_benefits.usecases.curves import dated_project
from gevinst_benefits.usecases.mapping_benefits import tree_of
from gevinst_benefits.usecases.requiring import requirements_of_case
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class GateDraft:
    """What a proposer says: which gate, what is recommended and why, and the checklist's answers."""

    gate: str
    recommended: Ruling
    answers: tuple[Answer, ...]
    decide_by: date | None = None
    panel: Panel = field(default_factory=Panel)


async def propose(work: Work, project_id: UUID, draft: GateDraft) -> tuple[UUID, Stored]:
    """Put the gate to its deciders and freeze what it stands on; its id and record."""
    project = await get_project(work.connection, project_id)
    work.require(PROPOSE_GATE, project.place())
    await _refuse_odd_days_and_reviewers(work, draft)
    kept = await find_progress(work.connection, project_id, for_change=True)
    if kept is None:
        raise ProgressNotStarted
    proposal = gates.propose(kept.progress, kept.model, _proposal(work, kept.progress, draft))
    await refuse_unknown_people(work, draft.recommended.conditions)
    await _refuse_second_proposal(work, kept.progress)
    version = await business_cases.find_latest(work.connection, project_id)
    basis = await asyncio.to_thread(frozen, await _papers(work, proposal, kept.model, version))
    proposal = replace(proposal, basis_sha256=basis.sha256)
    name = next(gate.name for gate in gates.gates_ahead(kept.progress, kept.model) if gate.code == draft.gate)
    fact = GateProposed(
        project_id=project_id,
        project_name=project.name,
        gate_id=proposal.id,
        gate=proposal.gate,
        gate_name=name,
        outcome=proposal.recommended.outcome.value,
        reason=proposal.recommended.reason,
        decide_by=draft.decide_by,
        reviewer_ids=draft.panel.reviewers or None,
        review_by=draft.panel.review_by,
        proposed_by=work.actor.subject,
    )
    values = _columns(proposal) | {
        "gate_name": name,
        "decide_by": draft.decide_by,
        "reviewer_ids": list(draft.panel.reviewers),
        "review_by": draft.panel.review_by,
        "follows_id": await store.last_decided(work.connection, project_id, proposal.gate),
        "business_case_id": None if version is None else version.id,
        "difference": await _difference(work, project_id, basis, version),
    }
    record = recorded(work, fact, subject=subject_of("gates", proposal.id), reason=fact.reason)
    return proposal.id, await store.add_gate(work.connection, values, basis, record)


async def withdraw(work: Work, gate_id: UUID, *, reason: str) -> Stored:
    """Take the proposal back, as its proposer and before it is decided."""
    progress = (await store.get_proposal(work.connection, gate_id)).proposal.progress
    project = await get_project(work.connection, progress.project_id)
    work.require(PROPOSE_GATE, project.place())
    # Held, so that nobody decides it meanwhile.
    await find_progress(work.connection, project.id, for_change=True)
    put = await store.get_proposal(work.connection, gate_id)
    gates.withdraw(put.proposal, by=work.actor.subject)
    fact = GateWithdrawn(
        project_id=project.id,
        project_name=project.name,
        gate_id=gate_id,
        gate=put.proposal.gate,
        withdrawn_by=work.actor.subject,
        reason=reason,
    )
    values = {
        "id": gate_id,
        "reason": reason,
        "withdrawn_by": work.actor.subject,
        "withdrawn_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("gates", gate_id), reason=reason)
    await store.add_withdrawal(work.connection, values, record)
    return await store.get_document(work.connection, gate_id)


async def refuse_unknown_people(work: Work, conditions: Sequence[Condition]) -> None:
    """G7: a condition's owner is a person of the organisation."""
    await _refuse_unknown(work, {UUID(condition.owner) for condition in conditions})


async def _refuse_odd_days_and_reviewers(work: Work, draft: GateDraft) -> None:
    if draft.decide_by is not None and draft.decide_by < work.today:
        raise DecideByPassed(day=draft.decide_by, today=work.today, pointer="/body/decide_by")
    proposer = await person_of(work.connection, work.actor.subject)
    refuse_odd_panel(draft.panel, proposer=proposer, today=work.today)
    await _refuse_unknown(work, set(draft.panel.reviewers))


async def _refuse_unknown(work: Work, people: set[UUID]) -> None:
    for unknown in people - await known_people(work.connection, people):
        raise PersonNotKnown(person=unknown)


async def _refuse_second_proposal(work: Work, progress: Progress) -> None:
    """One at a time: a proposal that the project has left behind waits for nobody."""
    for waiting in await store.open_proposals(work.connection, progress.project_id):
        if waiting.progress == progress:
            raise AwaitsDecision(gate=waiting.gate)


async def _papers(work: Work, proposal: Proposal, model: PhaseModel, version: Version | None) -> Papers:
    project_id = proposal.progress.project_id
    rows = await benefits.rows_of_project(work.connection, project_id)
    case = None if version is None else version.case
    return Papers(
        gate=proposal.gate,
        progress=proposal.progress,
        project=await dated_project(work, project_id),
        case=case,
        benefits=[benefits.benefit_from(row) for row in rows],
        indicators=await indicators.of_project(work.connection, project_id),
        answers=proposal.answers,
        goals=await goals.of_project(work.connection, project_id),
        conditions=await conditions.of_project(work.connection, project_id),
        risks=await risks_of_project(work.connection, project_id),
        tree=(await tree_of(work, project_id)).tree,
        requirements=await requirements_of_case(work, case, on=work.today, kind=ProjectKind.DIGITAL),
        phase_model=(model.code, model.version),
    )


async def _difference(
    work: Work, project_id: UUID, basis: FrozenBasis, version: Version | None
) -> dict[str, Any] | None:
    """Against the gate decided before, if there was one."""
    before = await store.find_before(work.connection, project_id)
    if before is None:
        return None
    case_id = before.business_case_id
    earlier = None if case_id is None else await business_cases.get_version(work.connection, case_id)
    found = await asyncio.to_thread(
        papers_difference,
        before.basis,
        basis,
        case_before=None if earlier is None else earlier.case,
        case_after=None if version is None else version.case,
    )
    return papers_difference_json(before.gate_id, found)


def _proposal(work: Work, progress: Progress, draft: GateDraft) -> Proposal:
    return Proposal(
        id=new_id(),
        gate=draft.gate,
        progress=progress,
        recommended=draft.recommended,
        answers=draft.answers,
        basis_sha256="",
        proposed_by=work.actor.subject,
        proposed_at=work.now,
    )


def _columns(proposal: Proposal) -> dict[str, Any]:
    progress, recommended = proposal.progress, proposal.recommended
    return {
        "id": proposal.id,
        "project_id": progress.project_id,
        "gate": proposal.gate,
        "phase": progress.phase,
        "round": progress.round,
        "state": progress.state.value,
        "skipped_phases": sorted(progress.skipped_phases),
        "reopened": reopened_json(progress.reopened),
        "outcome": recommended.outcome.value,
        "reason": recommended.reason,
        "conditions": conditions_json(recommended.conditions),
        "step_back_to": recommended.step_back_to,
        "answers": answers_json(proposal.answers),
        "basis_sha256": proposal.basis_sha256,
        "proposed_by": proposal.proposed_by,
        "proposed_at": proposal.proposed_at,
    }
