"""Offering scores that follow from figures that are there (P6)."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.derived_scores import derived_scores
from gevinst_portfolio.domain.gmpp.cells import Confidence
from gevinst_portfolio.store import portfolios, source_figures
from gevinst_shared.db.work import Work


async def offered_scores(
    work: Work, portfolio_id: UUID, *, limit: int, after: list[str] | None
) -> tuple[str, tuple[str, str] | None]:
    """A page of `DerivedScoresOut` as a JSON array, and where the next one begins."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    page = await source_figures.LISTING.page(
        work.connection, sort="id", limit=limit, after=after, filters={"portfolio": portfolio_id}
    )
    items = [_offered(known) for known in json.loads(page.items)]
    return json.dumps(items, ensure_ascii=False), page.next_place


def _offered(known: Mapping[str, Any]) -> dict[str, Any]:
    ratings = known.get("ratings") or []
    # The central authority's rating counts before the one of the project's own leader.
    central = [rating for rating in ratings if rating["authority"] != "sro"] or ratings
    found = derived_scores(
        cost=Decimal(known["cost"]) if "cost" in known else None,
        benefit=Decimal(known["benefit"]) if "benefit" in known else None,
        confidence=Confidence(central[0]["confidence"]) if central else None,
    )
    return {
        "project_id": known["id"],
        "project_name": known["name"],
        "scores": [{"measure": one.measure.value, "share": one.share, "reason": one.reason} for one in found],
    }
