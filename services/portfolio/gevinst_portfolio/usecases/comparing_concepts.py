"""The concepts of a project side by side (P9)."""

from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.concept_comparison import ComparedConcept, compared
from gevinst_portfolio.domain.concepts import ConceptState, NothingToCompare
from gevinst_portfolio.store import concepts, projects
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import wire
from gevinst_shared.values.money import Money


async def compare_concepts(work: Work, project_id: UUID) -> dict[str, Any]:
    """`ConceptComparisonOut`; `NothingToCompare` when the project has no concepts yet."""
    row = await projects.get_row(work.connection, project_id)
    known = await concepts.list_of_project(work.connection, project_id)
    considered = [one for one in known if one.state is not ConceptState.WITHDRAWN]
    if not considered:
        raise NothingToCompare
    return {"project_id": project_id, "concepts": [_shown(one, row) for one in compared(considered)]}


def _shown(found: ComparedConcept, row: asyncpg.Record) -> dict[str, Any]:
    def money(minor: int | None) -> object:
        return None if minor is None else wire(Money.from_minor(minor, row["currency"], row["price_year"]))

    one = found.concept
    return {
        "concept_id": one.id,
        "name": one.name,
        "is_zero_alternative": one.is_zero_alternative,
        "is_recommended": one.is_recommended,
        "state": one.state,
        "cost": money(one.cost_minor),
        "cost_difference": money(found.cost_difference),
        "benefit": money(one.benefit_minor),
        "benefit_difference": money(found.benefit_difference),
        "net_benefit": money(found.net_benefit),
        "quarters": one.quarters,
        "feasibility": [
            {
                "dimension": level.dimension,
                "level": level.level,
                "difference": level.difference,
                "reason": level.reason,
            }
            for level in found.feasibility
        ],
        "is_dominated": bool(found.dominated_by),
        "dominated_by": list(found.dominated_by),
    }
