"""Phase models and gate papers for the tests."""

import json
from datetime import UTC, date, datetime
from importlib.resources import files
from uuid import UUID

from gevinst_benefits.domain.gates.checklists import Answer, AnswerValue
from gevinst_benefits.domain.gates.conditions import Condition
from gevinst_benefits.domain.gates.gates import Outcome, Progress, Proposal, Ruling
from gevinst_benefits.domain.gates.phase_models import PhaseModel, parse_phase_model

SHIPPED = {
    entry.name.removesuffix(".json"): json.loads(entry.read_text(encoding="utf-8"))
    for entry in (files("gevinst_benefits.domain") / "phase_models").iterdir()
}
PROJECT = UUID(int=1)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONDITION = Condition("Train the counter staff", "kari", date(2026, 5, 1))


def shipped(name: str) -> PhaseModel:
    return parse_phase_model(SHIPPED[name])


def ruling(outcome: Outcome, *conditions: Condition, step_back_to: str | None = None) -> Ruling:
    return Ruling(outcome, "The case says so", conditions, step_back_to)


def yes_to_all(model: PhaseModel, gate: str) -> tuple[Answer, ...]:
    gates = [g for phase in model.phases for g in (phase.gate, phase.repeat_gate) if g]
    items = next(g.items for g in gates if g.code == gate)
    return tuple(Answer(item.code, AnswerValue.YES) for item in items)


def proposal(
    progress: Progress,
    gate: str,
    answers: tuple[Answer, ...] = (),
    recommended: Ruling | None = None,
) -> Proposal:
    return Proposal(
        id=UUID(int=2),
        gate=gate,
        progress=progress,
        recommended=recommended or ruling(Outcome.REWORK),
        answers=answers,
        basis_sha256="0" * 64,
        proposed_by="manager",
        proposed_at=NOW,
    )
