"""G4: what a gate stands on, frozen, and how it differs from what the gate before stood on."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gevinst_benefits.domain.benefit_tree.tree import BenefitTree
from gevinst_benefits.domain.case.business_case import BusinessCase, MixedPriceYears
from gevinst_benefits.domain.case.case_difference import CaseDifference, MixedCurrencies, difference
from gevinst_benefits.domain.case.case_document import model_document
from gevinst_benefits.domain.case.case_results import evaluate
from gevinst_benefits.domain.gates.checklists import Answer
from gevinst_benefits.domain.gates.conditions import SetCondition
from gevinst_benefits.domain.gates.frozen_basis import BasisChange, FrozenBasis, basis_changes, freeze
from gevinst_benefits.domain.gates.gates import Progress
from gevinst_benefits.domain.gates.thresholds import Requirement, investment
from gevinst_benefits.domain.measuring.indicators import Indicator
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.goals import Goal
from gevinst_benefits.domain.plan.planned_years import planned_years, starts_on
from gevinst_benefits.domain.projects import Project


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything that a gate is decided on. A project may have no business case yet.

    `project` has the days that benefits hang on (B9), `risks` are plain members with an `id`, `requirements`
    are those of the day (G11), `phase_model` is the code and version of the model whose checklist was asked.
    """

    gate: str
    progress: Progress
    project: Project
    case: BusinessCase | None
    benefits: Sequence[Benefit]
    indicators: Sequence[Indicator]
    answers: Sequence[Answer]
    risks: Sequence[Mapping[str, Any]]
    tree: BenefitTree
    goals: Sequence[Goal] = ()
    conditions: Sequence[SetCondition] = ()
    requirements: Sequence[Requirement] = ()
    phase_model: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """One figure at the gate before and at this one."""

    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class PapersDifference:
    """What changed since the gate before.

    `case`, `present_cost` and `present_benefit` are missing when one of the gates had no business case, or
    when the two cannot be brought to one currency and price year: then `not_comparable` says why.
    """

    changes: tuple[BasisChange, ...]
    case: CaseDifference | None = None
    present_cost: Moved | None = None
    present_benefit: Moved | None = None
    not_comparable: str | None = None


def frozen(papers: Papers) -> FrozenBasis:
    """The canonical copy of the papers with its hash."""
    return freeze(
        {
            "gate": papers.gate,
            "project_id": papers.progress.project_id,
            "phase": papers.progress.phase,
            "round": papers.progress.round,
            "phase_model": _phase_model(papers),
            "business_case": None if papers.case is None else _case(papers.case),
            "project": _dates(papers.project),
            "benefits": [_benefit(benefit, papers) for benefit in papers.benefits],
            "risks": papers.risks,
            "tree": _tree(papers.tree),
            "goals": [_goal(goal) for goal in papers.goals],
            "conditions": [_condition(condition) for condition in papers.conditions],
            "requirements": [_requirement(one) for one in papers.requirements],
            "checklist": [
                {"id": answer.item, "value": answer.value, "reason": answer.reason}
                for answer in sorted(papers.answers, key=lambda answer: answer.item)
            ],
        }
    )


class BasisPart(StrEnum):
    """What a change since the gate before is about."""

    COSTS_AND_BENEFITS = "costs-and-benefits"
    ASSUMPTIONS = "assumptions"
    FINANCING = "financing"
    PLAN = "plan"
    DATES = "dates"
    RISKS = "risks"
    TREE = "tree"
    GOALS = "goals"
    CONDITIONS = "conditions"
    REQUIREMENTS = "requirements"
    CHECKLIST = "checklist"
    GATE = "gate"


def part_of(pointer: str) -> BasisPart:
    """The part of the papers that a JSON pointer leads into."""
    steps = pointer.split("/")[1:] or [""]
    if steps[:2] == ["business_case", "model"] and steps[2:3] and steps[2] in _PARTS_OF_MODEL:
        return _PARTS_OF_MODEL[steps[2]]
    # B9: the days of the project and what hangs on them.
    if steps[0] == "project" or (steps[0] == "benefits" and not _DATES.isdisjoint(steps[2:3])):
        return BasisPart.DATES
    return _PARTS.get(steps[0], BasisPart.GATE)


def counted_parts(changes: Sequence[BasisChange]) -> Mapping[BasisPart, int]:
    """How many places changed in each part that did, in the order of the parts."""
    found = Counter(part_of(change.pointer) for change in changes)
    return {part: found[part] for part in BasisPart if found[part]}


_DATES = frozenset({"starts_on", "planned_years", "timing"})
_PARTS_OF_MODEL = {
    "assumptions": BasisPart.ASSUMPTIONS,
    "factors": BasisPart.ASSUMPTIONS,
    "financing": BasisPart.FINANCING,
}
_PARTS = {
    "business_case": BasisPart.COSTS_AND_BENEFITS,
    "benefits": BasisPart.PLAN,
    "risks": BasisPart.RISKS,
    "tree": BasisPart.TREE,
    "goals": BasisPart.GOALS,
    "conditions": BasisPart.CONDITIONS,
    "requirements": BasisPart.REQUIREMENTS,
    "checklist": BasisPart.CHECKLIST,
}


def papers_difference(
    before: FrozenBasis,
    after: FrozenBasis,
    *,
    case_before: BusinessCase | None,
    case_after: BusinessCase | None,
) -> PapersDifference:
    """What changed from one gate's papers to the next one's."""
    changes = basis_changes(before, after)
    if case_before is None or case_after is None:
        return PapersDifference(changes)
    try:
        found = difference(case_before, case_after)
    except (MixedCurrencies, MixedPriceYears) as refusal:
        return PapersDifference(changes, not_comparable=refusal.code)
    earlier, later = evaluate(case_before), evaluate(case_after)
    return PapersDifference(
        changes=changes,
        case=found,
        present_cost=Moved(earlier.present_cost, later.present_cost),
        present_benefit=Moved(earlier.present_benefit, later.present_benefit),
    )


def _case(case: BusinessCase) -> dict[str, Any]:
    result = evaluate(case)
    return {
        "number": case.number,
        "frame": case.frame,
        "lines": case.lines,
        **({} if case.model is None else {"model": model_document(case.model)}),
        "investment": investment(case).amount,
        "net_present_value": result.net_present_value,
        "present_cost": result.present_cost,
        "present_benefit": result.present_benefit,
    }


def _phase_model(papers: Papers) -> dict[str, str] | None:
    if papers.phase_model is None:
        return None
    code, version = papers.phase_model
    return {"code": code, "version": version}


def _requirement(found: Requirement) -> dict[str, Any]:
    """G11: the threshold as it was then, in every language that it is told in, and what it meant here."""
    threshold = found.threshold
    names = ("names", "amount", "below", "currency", "is_inclusive", "kind", "source")
    return {
        "id": threshold.code,
        **{name: getattr(threshold, name) for name in names},
        "valid_from": threshold.valid_from,
        "verdict": found.verdict,
        "exemption": found.exemption,
    }


def _dates(project: Project) -> dict[str, Any]:
    return {"start": project.start, "end": project.end, "deliveries": project.deliveries}


def _benefit(benefit: Benefit, papers: Papers) -> dict[str, Any]:
    """The benefit with its indicators, and when it begins and what it is planned to give by the days of now
    (B9)."""
    members = {field.name: getattr(benefit, field.name) for field in fields(benefit)}
    return {
        **members,
        "starts_on": starts_on(benefit, papers.project),
        "planned_years": planned_years(benefit, papers.project),
        "indicators": [one for one in papers.indicators if one.benefit_id == benefit.id],
    }


def _tree(tree: BenefitTree) -> dict[str, Any]:
    """The tree as it was drawn, with what became of the benefits and goals in it (B3)."""
    return {
        "nodes": [
            {
                "id": node.key,
                "kind": node.kind,
                "name": node.name,
                "is_disbenefit": node.is_disbenefit,
                "benefit_id": None if node.benefit is None else node.benefit.id,
                "benefit_state": None if node.benefit is None else node.benefit.state,
                "goal_id": node.goal_id,
                "goal_state": node.goal_state,
            }
            for node in tree.nodes
        ],
        "edges": [{"id": f"{edge.cause}>{edge.effect}", "share": edge.share} for edge in tree.edges],
    }


def _goal(goal: Goal) -> dict[str, Any]:
    """The commitment without who ended it: what is frozen cannot be erased (E3)."""
    names = ("id", "unit_id", "name", "description", "target", "due_year", "state", "reason")
    return {name: getattr(goal, name) for name in names}


def _condition(found: SetCondition) -> dict[str, Any]:
    return {
        "id": found.id,
        "text": found.condition.text,
        "owner_id": found.condition.owner,
        "deadline": found.condition.deadline,
        "needs_confirmation": found.condition.needs_confirmation,
        "state": found.state,
        "evidence": found.evidence,
    }
