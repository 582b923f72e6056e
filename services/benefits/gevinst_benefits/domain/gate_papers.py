"""G4: what a gate stands on, frozen, and how it differs from what the gate before stood on."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from gevinst_benefits.domain.benefits import Benefit
from gevinst_benefits.domain.business_case import BusinessCase, MixedPriceYears
from gevinst_benefits.domain.case_difference import CaseDifference, MixedCurrencies, difference
from gevinst_benefits.domain.case_document import model_document
from gevinst_benefits.domain.case_results import evaluate
from gevinst_benefits.domain.checklists import Answer
from gevinst_benefits.domain.frozen_basis import BasisChange, FrozenBasis, basis_changes, freeze
from gevinst_benefits.domain.gates import Progress
from gevinst_benefits.domain.indicators import Indicator


@dataclass(frozen=True, slots=True)
class Papers:
    """Everything that a gate is decided on. A project may have no business case yet."""

    gate: str
    progress: Progress
    case: BusinessCase | None
    benefits: Sequence[Benefit]
    indicators: Sequence[Indicator]
    answers: Sequence[Answer]


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
            "business_case": None if papers.case is None else _case(papers.case),
            "benefits": [_benefit(benefit, papers.indicators) for benefit in papers.benefits],
            "checklist": [
                {"id": answer.item, "value": answer.value, "reason": answer.reason}
                for answer in sorted(papers.answers, key=lambda answer: answer.item)
            ],
        }
    )


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
        "net_present_value": result.net_present_value,
        "present_cost": result.present_cost,
        "present_benefit": result.present_benefit,
    }


def _benefit(benefit: Benefit, indicators: Sequence[Indicator]) -> dict[str, Any]:
    members = {field.name: getattr(benefit, field.name) for field in fields(benefit)}
    return {**members, "indicators": [one for one in indicators if one.benefit_id == benefit.id]}
