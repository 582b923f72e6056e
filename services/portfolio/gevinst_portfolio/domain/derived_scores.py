"""Scores that follow from figures that are there already, offered to whoever scores (P6)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gevinst_portfolio.domain.gmpp.cells import Confidence


class Measure(StrEnum):
    BENEFIT_COST = "benefit-cost"
    DELIVERY_CONFIDENCE = "delivery-confidence"


@dataclass(frozen=True, slots=True)
class DerivedScore:
    """`share` is from 0 (worst) to 1 (best), to be put on a scale; `reason` says what it is made of."""

    measure: Measure
    share: float
    reason: str


def derived_scores(
    cost: Decimal | None, benefit: Decimal | None, confidence: Confidence | None
) -> tuple[DerivedScore, ...]:
    """The scores that the figures give; none where a figure is missing (B6), or is below zero.

    Benefit against cost is benefit / (benefit + cost): 0 for no benefit, a half where both are equal, near 1
    for a benefit many times the cost. Delivery confidence is its place between red (0) and green (1).
    Check: cost 100 and benefit 300 give 0.75.
    """
    found = []
    if cost is not None and benefit is not None and cost >= 0 and benefit >= 0 and cost + benefit > 0:
        share = float(benefit / (benefit + cost))
        reason = f"benefit {benefit:.2f} against cost {cost:.2f}"
        found.append(DerivedScore(Measure.BENEFIT_COST, round(share, 6), reason))
    if confidence is not None:
        reason = f"delivery confidence {confidence}"
        found.append(DerivedScore(Measure.DELIVERY_CONFIDENCE, _CONFIDENCE[confidence], reason))
    return tuple(found)


_CONFIDENCE = {
    Confidence.RED: 0.0,
    Confidence.AMBER_RED: 0.25,
    Confidence.AMBER: 0.5,
    Confidence.AMBER_GREEN: 0.75,
    Confidence.GREEN: 1.0,
}
