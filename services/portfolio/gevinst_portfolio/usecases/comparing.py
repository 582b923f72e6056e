"""Weights by pairwise comparison: several people judge, and the office sets the weights (P6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.criteria_models import CriteriaModel
from gevinst_portfolio.domain.pairwise import (
    MOST_COMPARED,
    CriteriaChangedMeanwhile,
    Judgement,
    OddNumberCompared,
    ratios_of,
)
from gevinst_portfolio.domain.pairwise_groups import Comparison, compared, refuse_falling_apart
from gevinst_portfolio.domain.permissions import SCORE
from gevinst_portfolio.events.criteria import ComparisonBegun, CriteriaCompared
from gevinst_portfolio.store import announcements, comparisons
from gevinst_portfolio.store.comparisons import JudgedBy, StoredComparison
from gevinst_portfolio.usecases.modelling import hold_model, put_in_force
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class FoundComparison:
    """A comparison, what each judge last said, and what it all comes to."""

    stored: StoredComparison
    judged: Sequence[JudgedBy]
    found: Comparison


async def begin_comparison(work: Work, portfolio_id: UUID, *, name: str) -> tuple[UUID, str]:
    """Begin a comparison of the criteria that the portfolio's model now has; its id and JSON."""
    model = await hold_model(work, portfolio_id)
    if not 2 <= len(model.criteria) <= MOST_COMPARED:
        raise OddNumberCompared(most=MOST_COMPARED, count=len(model.criteria))
    comparison_id = new_id()
    fact = ComparisonBegun(comparison_id=comparison_id, portfolio_id=portfolio_id, name=name)
    record = recorded(work, fact, subject=subject_of("criteria-comparisons", comparison_id))
    values = {
        "id": comparison_id,
        "portfolio_id": portfolio_id,
        "name": name,
        "criteria": [{"id": str(one.id), "name": one.name} for one in model.criteria],
        "begun_by": work.actor.subject,
        "created_at": work.now,
    }
    return comparison_id, await comparisons.begin(work.connection, values, record)


async def judge(
    work: Work, comparison_id: UUID, judgements: Sequence[Judgement], *, reason: str | None
) -> FoundComparison:
    """Say how the criteria compare, in place of what the same judge said before; what it all comes to now."""
    stored = await comparisons.get_comparison(work.connection, comparison_id)
    work.require(SCORE, Place(portfolios=frozenset({stored.portfolio_id})))
    ratios_of(stored.criteria, judgements)
    pairs = _pairs(judgements)
    values = {
        "organisation_id": work.organisation,
        "id": new_id(),
        "comparison_id": comparison_id,
        "judge": work.actor.subject,
        "pairs": pairs,
        "reason": reason,
        "judged_at": work.now,
    }
    before = await _judged_before(work, comparison_id)
    await comparisons.add_judgements(work.connection, values)
    fact = CriteriaCompared(comparison_id=comparison_id, portfolio_id=stored.portfolio_id)
    subject = subject_of("criteria-comparisons", comparison_id)
    record = recorded(work, fact, subject=subject, reason=reason)
    await announcements.announce(
        work.connection, [{**record, "before": before, "after": {"judgements": pairs}}]
    )
    return await read_comparison(work, comparison_id)


async def _judged_before(work: Work, comparison_id: UUID) -> dict[str, Any] | None:
    judged = await comparisons.list_judged(work.connection, comparison_id)
    own = (each.judgements for each in judged if each.judge == work.actor.subject)
    return next(({"judgements": _pairs(judgements)} for judgements in own), None)


def _pairs(judgements: Sequence[Judgement]) -> list[dict[str, Any]]:
    return [
        {"preferred_id": str(one.preferred), "over_id": str(one.over), "strength": one.strength}
        for one in judgements
    ]


async def read_comparison(work: Work, comparison_id: UUID) -> FoundComparison:
    """The comparison and what it comes to, or `Unknown`."""
    stored = await comparisons.get_comparison(work.connection, comparison_id)
    judged = await comparisons.list_judged(work.connection, comparison_id)
    by_judge = {each.judge: ratios_of(stored.criteria, each.judgements) for each in judged}
    return FoundComparison(stored, judged, compared(tuple(stored.criteria), by_judge))


async def set_weights(
    work: Work, comparison_id: UUID, *, reason: str | None, expected: int
) -> tuple[UUID, CriteriaModel] | None:
    """Put a version of the model with the comparison's weights in force; the portfolio's id and the version.

    None when somebody judged meanwhile. The weights are percent with six decimals.
    """
    stored = await comparisons.get_comparison(work.connection, comparison_id)
    model = await hold_model(work, stored.portfolio_id)
    read = await read_comparison(work, comparison_id)
    if read.stored.revision != expected:
        return None
    if {one.id for one in model.criteria} != stored.criteria.keys():
        raise CriteriaChangedMeanwhile
    weights = refuse_falling_apart(read.found, stored.criteria).weights
    criteria = tuple(replace(one, weight=round(100 * weights[one.id], 6)) for one in model.criteria)
    weighed = replace(model, criteria=criteria, comparison_id=comparison_id, reason=reason)
    return stored.portfolio_id, await put_in_force(work, stored.portfolio_id, model, weighed)
