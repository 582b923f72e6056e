"""G11: what others require of a project above a cost, as dated data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gevinst_benefits.domain.case.business_case import BusinessCase, Side, line_flows
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class OddThreshold(Refusal):
    code = "odd-threshold"
    title = "The threshold does not hold together"
    detail = "No limit is negative, the upper one is above the lower one, and the last day after the first."


class UnknownThreshold(Refusal):
    code = "unknown-threshold"
    title = "Unknown threshold"
    detail = "There is no threshold {threshold}. Known ones: {known}."


class ProjectKind(StrEnum):
    DIGITAL = "digital"
    OTHER = "other"


class Verdict(StrEnum):
    APPLIES = "applies"
    OUTSIDE = "outside-limits"
    EXEMPT = "exempt"
    OTHER_CURRENCY = "other-currency"
    NO_CASE = "no-business-case"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A demand on projects whose investment is above `amount` (and not above `below`), while it is valid.

    Amounts are in whole units of `currency`; `is_inclusive` counts a cost at the limit as above it. `names`
    is by language, or only under "en" for an organisation's own. `country` is empty for its own.
    """

    code: str
    names: Mapping[str, str]
    amount: Decimal
    currency: str
    source: str
    valid_from: date
    valid_until: date | None = None
    below: Decimal | None = None
    is_inclusive: bool = False
    kind: ProjectKind | None = None
    country: str | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def covers(self, amount: Decimal) -> bool:
        is_above = amount >= self.amount if self.is_inclusive else amount > self.amount
        if self.below is None:
            return is_above
        return is_above and (amount < self.below if self.is_inclusive else amount <= self.below)


@dataclass(frozen=True, slots=True)
class Exemption:
    """The organisation is not bound by a threshold, from a day on; a municipality by a state's, say."""

    threshold: str
    reason: str
    valid_from: date
    valid_until: date | None = None

    def is_valid_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a threshold means for a project on a day; `exemption` is the reason of one that is exempt."""

    threshold: Threshold
    verdict: Verdict
    exemption: str | None = None


def investment(case: BusinessCase) -> Money:
    """What the case's investments cost in all, undiscounted, in the case's prices; operation does not count.

    Source: Budgetvejledning 2.2.18 (until the project closes, own salaries included, no interest).
    """
    lines = [line for line in case.lines if line.side is Side.COST and line.kind == "investment"]
    total = sum((sum(line_flows(line, case.frame), Decimal(0)) for line in lines), Decimal(0))
    return Money(total, case.frame.currency, case.frame.price_year)


def requirements(
    thresholds: Sequence[Threshold],
    exemptions: Sequence[Exemption],
    cost: Money | None,
    *,
    on: date,
    kind: ProjectKind,
) -> tuple[Requirement, ...]:
    """What each threshold of the day and of this kind of project means for one that costs `cost`."""
    valid = [one for one in thresholds if one.is_valid_on(on) and one.kind in {None, kind}]
    reasons = {one.threshold: one.reason for one in exemptions if one.is_valid_on(on)}
    return tuple(
        Requirement(one, _verdict(one, cost, is_exempt=one.code in reasons), reasons.get(one.code))
        for one in valid
    )


def refuse_odd_threshold(threshold: Threshold) -> None:
    is_odd_below = threshold.below is not None and threshold.below <= threshold.amount
    is_odd_end = threshold.valid_until is not None and threshold.valid_until <= threshold.valid_from
    if threshold.amount < 0 or is_odd_below or is_odd_end:
        raise OddThreshold


def parse_threshold(document: Mapping[str, Any]) -> Threshold:
    """The threshold of one shipped document."""
    below, until, kind = document.get("below"), document.get("valid_until"), document.get("kind")
    return Threshold(
        code=document["code"],
        names=document["names"],
        amount=Decimal(document["amount"]),
        currency=document["currency"],
        source=document["source"],
        valid_from=date.fromisoformat(document["valid_from"]),
        valid_until=None if until is None else date.fromisoformat(until),
        below=None if below is None else Decimal(below),
        is_inclusive=document["is_inclusive"],
        kind=None if kind is None else ProjectKind(kind),
        country=document["country"],
    )


def _verdict(threshold: Threshold, cost: Money | None, *, is_exempt: bool) -> Verdict:
    if is_exempt:
        return Verdict.EXEMPT
    if cost is None:
        return Verdict.NO_CASE
    if cost.currency != threshold.currency:
        return Verdict.OTHER_CURRENCY
    return Verdict.APPLIES if threshold.covers(cost.amount) else Verdict.OUTSIDE
