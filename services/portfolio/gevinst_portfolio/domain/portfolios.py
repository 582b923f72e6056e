"""A portfolio holds proposed, decided and running work (DOMAIN.md §2)."""

from dataclasses import dataclass
from uuid import UUID

from gevinst_portfolio.domain.projects import Threshold


@dataclass(frozen=True, slots=True)
class Portfolio:
    """All its money is in one currency at one year's price level, so that it can be summed (C1)."""

    id: UUID
    name: str
    currency: str
    price_year: int
    threshold: Threshold
    threshold_may_be_overruled: bool = False
