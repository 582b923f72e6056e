"""Deciding a gate, with what follows for the project and its benefits (G2, G3, G6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.gates import gates as domain
from gevinst_benefits.domain.gates.gates import Decision, Outcome, ProjectState, Ruling
from gevinst_benefits.domain.gates.journeys import MovesWithoutStop, ProgressNotStarted, TakesNoBenefits
from gevinst_benefits.domain.gates.reviews import refuse_early_decision
from gevinst_benefits.domain.gates.stopping import Commitments, stop_consequences
from gevinst_benefits.domain.permissions import DECIDE_GATE
from gevinst_benefits.domain.plan.benefits import Benefit, BenefitState
from gevinst_benefits.domain.plan.timing import in_another_project
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.events.benefits import BenefitClosed, BenefitMoved
from gevinst_benefits.events.gates import GateDecided
from gevinst_benefits.store import benefits, goals, reviews
from gevinst_benefits.store import gates as store
from gevinst_benefits.store.actions import hand_over_actions
from gevinst_benefits.store.alarms import set_alarm
from gevinst_benefits.store.gate_documents import conditions_json
from gevinst_benefits.store.gates import Put
from gevinst_benefits.store.installations import hand_over_installations
from gevinst_benefits.store.prerequisites import hand_over_prerequisites
from gevinst_benefits.store.progress import find_progress, move_progress
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import conditioning, handing_over, looking_back, planning
from gevinst_benefits.usecases.committing import tell_of_lost_means
from gevinst_benefits.usecases.delivering import gate_passed
from gevinst_benefits.usecases.proposing import refuse_unknown_people
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_ends
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What a decider says; `moves` names the project that takes over a benefit, by benefit, on a stop."""

    ruling: Ruling
    case_number: str | None
    moves: Mapping[UUID, UUID]


async def decide(work: Work, gate_id: UUID, draft: DecisionDraft) -> Stored:
    """Decide the gate, once, and carry its consequences out."""
    project_id = (await store.get_proposal(work.connection, gate_id)).proposal.progress.project_id
    project = await get_project(work.connection, project_id)
    work.require(DECIDE_GATE, project.place())
    if draft.moves and draft.ruling.outcome is not Outcome.STOP:
        raise MovesWithoutStop(pointer="/body/moved_benefits")
    kept = await find_progress(work.connection, project_id, for_change=True)
    if kept is None:
        raise ProgressNotStarted
    # Read again: another decider may have been faster until the progress was held here.
    put = await store.get_proposal(work.connection, gate_id)
    await _refuse_early(work, put)
    await conditioning.refuse_open(work, project_id, put.proposal.gate, draft.ruling.outcome)
    decision = domain.decide(
        kept.progress, kept.model, put.proposal, draft.ruling, by=work.actor.subject, at=work.now
    )
    await refuse_unknown_people(work, draft.ruling.conditions)
    if decision.after.state is ProjectState.CLOSED:
        await handing_over.refuse_unfinished(work, project_id)
    moved = await _stop_benefits(work, decision, draft.moves)
    fact = GateDecided(
        project_id=project_id,
        project_name=project.name,
        gate_id=gate_id,
        gate=put.proposal.gate,
        gate_name=put.gate_name,
        outcome=decision.ruling.outcome.value,
        phase=decision.after.phase,
        project_state=decision.after.state.value,
        decided_on=work.today,
        decided_by=work.actor.subject,
        reason=decision.ruling.reason,
        pause_until=decision.ruling.pause_until,
    )
    values = _columns(decision) | {"case_number": draft.case_number, "benefits": moved}
    record = recorded(work, fact, subject=subject_of("gates", gate_id), reason=fact.reason)
    stored = await store.add_decision(work.connection, values, record)
    await move_progress(work.connection, decision.after)
    await _follow_up(work, project, decision)
    return stored


async def _refuse_early(work: Work, put: Put) -> None:
    """Refuse to decide what is settled already, and before those who were asked have advised."""
    domain.refuse_settled(put.proposal)
    advised = await reviews.advised(work.connection, put.proposal.id)
    refuse_early_decision(put.panel, advised, today=work.today)


async def _follow_up(work: Work, project: Project, decision: Decision) -> None:
    """Watch the conditions and the end of a pause; with a stop there is nothing left to watch (G6, G7)."""
    if decision.after.state is ProjectState.STOPPED:
        await conditioning.close_conditions(work, project)
        await handing_over.call_off(work, project, reason=decision.ruling.reason)
        await looking_back.call_off(work, project)
        return
    if decision.ruling.outcome in (Outcome.GO, Outcome.GO_WITH_CONDITIONS):
        await gate_passed(work, project.id, decision.proposal.gate)
    await conditioning.set_conditions(work, project, decision)
    until = decision.ruling.pause_until
    if until is not None:
        rings_at = day_ends(work.organisation, until - until.resolution)
        await set_alarm(work, "pause-ends", decision.proposal.id, rings_at=rings_at)


async def _stop_benefits(work: Work, decision: Decision, moves: Mapping[UUID, UUID]) -> list[dict[str, str]]:
    """G6: on a stop, what became of each open benefit: closed, or moved to another project."""
    if decision.after.state is not ProjectState.STOPPED:
        return []
    for receiver in sorted(set(moves.values())):
        await _refuse_closed_receiver(work, receiver)
    project_id = decision.after.project_id
    rows = {
        row["id"]: row for row in await benefits.rows_of_project(work.connection, project_id, for_change=True)
    }
    known = [benefits.benefit_from(row) for row in rows.values()]
    # What is freed in money and people is the portfolio's to compute: it hears of the stop by the feed.
    freed = stop_consequences(Commitments(), known, on=work.today, moved_to=moves)
    ended = [
        await _end_benefit(work, rows[benefit.id], benefit, freed.moved_to.get(benefit.id))
        for benefit in freed.benefits
    ]
    # G8: the goals of those that were closed stay, and their units hear of it.
    await tell_of_lost_means(work, [benefit.id for benefit in freed.benefits])
    return ended


async def _end_benefit(
    work: Work, row: Mapping[str, Any], ended: Benefit, receiver: UUID | None
) -> dict[str, str]:
    facts = planning.facts_of(ended)
    fact = BenefitClosed(**facts) if receiver is None else BenefitMoved(**facts, moved_to=receiver)
    values = {**row, **benefits.columns_of(ended), "moved_to": receiver}
    record = recorded(work, fact, subject=subject_of("benefits", ended.id))
    await benefits.change_benefit(work.connection, values, record, expected=None)
    said = {"benefit_id": str(ended.id), "state": ended.state.value}
    if receiver is None:
        return said
    # B2: in another project, under another plan, the owner stands for it anew.
    continued = replace(
        ended,
        id=new_id(),
        project_id=receiver,
        state=BenefitState.PROPOSED,
        confirmed_by=None,
        confirmed_at=None,
        timing=in_another_project(ended.timing),
    )
    await planning.add(work, continued, description=row["description"], continues_id=ended.id)
    await benefits.hand_over_indicators(work.connection, ended.id, continued.id)
    await goals.hand_over_goals(work.connection, ended.id, continued.id)
    await hand_over_actions(work.connection, ended.id, continued.id)
    await hand_over_prerequisites(work.connection, ended.id, continued.id)
    await hand_over_installations(work.connection, ended.id, continued.id)
    return {**said, "moved_to": str(receiver), "continued_by": str(continued.id)}


async def _refuse_closed_receiver(work: Work, receiver: UUID) -> None:
    try:
        await get_project(work.connection, receiver)
    except Unknown as unknown:
        raise TakesNoBenefits(project=receiver, pointer="/body/moved_benefits") from unknown
    kept = await find_progress(work.connection, receiver, for_change=True)
    if kept is not None and kept.progress.state in (ProjectState.STOPPED, ProjectState.CLOSED):
        raise TakesNoBenefits(project=receiver, pointer="/body/moved_benefits")


def _columns(decision: Decision) -> dict[str, Any]:
    ruling, after = decision.ruling, decision.after
    return {
        "id": decision.proposal.id,
        "outcome": ruling.outcome.value,
        "reason": ruling.reason,
        "conditions": conditions_json(ruling.conditions),
        "step_back_to": ruling.step_back_to,
        "pause_until": ruling.pause_until,
        "phase": after.phase,
        "round": after.round,
        "project_state": after.state.value,
        "decided_by": decision.decided_by,
        "decided_at": decision.decided_at,
    }
