"""What a project is worth to a scenario, and what that came from (E2).

- *score*: the weighted score as a share of the best there can be, in points (`POINTS` for the best on every
  criterion). A partial score is none.
- *net-benefit*: the register's benefit less cost, in whole units of the portfolio's currency.
- *net-present-value*: that of the project's business case, the case's own or at a percentile, likewise.
- *mix*: `POINTS` times the weighted mean of the parts with a weight, each normalised to at most 1: a score is
  its share already, whoever else is there; money is divided by `range`, the largest absolute amount of
  that part among the projects that are proposed, approved or running. So zero stays zero, a loss stays
  negative and the order of projects by one part never turns.

Missing is not zero (B6): a project that lacks a part with a weight has no worth, and it is said why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import ProjectStatus

# Points for the best there is, where worth is in points.
POINTS = 100_000
_ACTIVE = {ProjectStatus.PROPOSED, ProjectStatus.APPROVED, ProjectStatus.RUNNING}


class ValueChoice(StrEnum):
    """What a scenario makes as large as possible."""

    SCORE = "score"
    NET_BENEFIT = "net-benefit"
    NET_PRESENT_VALUE = "net-present-value"
    MIX = "mix"


class ValuePart(StrEnum):
    """What a project's worth is made of."""

    SCORE = "score"
    NET_BENEFIT = "net-benefit"
    NET_PRESENT_VALUE = "net-present-value"


class WhyUnknown(StrEnum):
    """Why a part of a project's worth is not known."""

    NOT_SCORED = "not-scored"
    PARTLY_SCORED = "partly-scored"
    FIGURES_MISSING = "figures-missing"
    NO_BUSINESS_CASE = "no-business-case"
    NO_SUCH_PERCENTILE = "no-such-percentile"
    VALUE_IN_OTHER_PRICES = "value-in-other-prices"


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How worth is counted. `percentile` is of the net present value, None for the case's own.

    `mix` has the weight of each part that a mix has, from 0; they count in proportion to their sum.
    """

    choice: ValueChoice = ValueChoice.NET_BENEFIT
    percentile: int | None = None
    mix: Mapping[ValuePart, float] = field(
        default_factory=lambda: {ValuePart.SCORE: 1, ValuePart.NET_BENEFIT: 1}
    )

    @property
    def weights(self) -> Mapping[ValuePart, Fraction]:
        """The share of each part that counts; they sum to 1."""
        if self.choice is not ValueChoice.MIX:
            return {ValuePart(self.choice.value): Fraction(1)}
        known = {part: Fraction(weight) for part, weight in sorted(self.mix.items()) if weight > 0}
        whole = sum(known.values())
        return {part: weight / whole for part, weight in known.items()}

    @property
    def counts_case(self) -> bool:
        """Whether business cases count."""
        return ValuePart.NET_PRESENT_VALUE in self.weights


@dataclass(frozen=True, slots=True)
class ValuedPart:
    """One part of a project's worth: its `amount` is a share from 0 to 1 for a score, money otherwise."""

    part: ValuePart
    weight: float
    amount: Decimal | None
    normalised: float | None
    unknown: WhyUnknown | None


@dataclass(frozen=True, slots=True)
class Valued:
    """A project's worth in whole units or points, or None where a part is `unknown`."""

    worth: int | None
    parts: tuple[ValuedPart, ...]

    @property
    def unknown(self) -> WhyUnknown | None:
        return next((one.unknown for one in self.parts if one.unknown is not None), None)


@dataclass(frozen=True, slots=True)
class Valuation:
    """What each project is worth; `ranges` is what the money parts of a mix are divided by."""

    rule: ValueRule
    ranges: Mapping[ValuePart, Decimal]
    projects: Mapping[UUID, Valued]


def worths(projects: Sequence[ProjectFigures], rule: ValueRule) -> Mapping[UUID, int]:
    """The worth of each project for which it is known. Check: scores 1 and 0.5 are 100000 and 50000."""
    valued = valuation(projects, rule).projects
    return {key: one.worth for key, one in valued.items() if one.worth is not None}


def valuation(projects: Sequence[ProjectFigures], rule: ValueRule) -> Valuation:
    """What each project is worth by the rule, part by part."""
    weights = rule.weights
    amounts = {one.id: {part: _amount(one, part, rule) for part in weights} for one in projects}
    active = [amounts[one.id] for one in projects if one.status in _ACTIVE]
    ranges: dict[ValuePart, Decimal] = {
        part: max((abs(known[part][0] or Decimal(0)) for known in active), default=Decimal(0))
        for part in weights
        if part is not ValuePart.SCORE and rule.choice is ValueChoice.MIX
    }
    return Valuation(
        rule, ranges, {key: _valued(rule, weights, ranges, known) for key, known in amounts.items()}
    )


Amount = tuple[Decimal | None, WhyUnknown | None]


def _valued(
    rule: ValueRule,
    weights: Mapping[ValuePart, Fraction],
    ranges: Mapping[ValuePart, Decimal],
    known: Mapping[ValuePart, Amount],
) -> Valued:
    shares: dict[ValuePart, Fraction] = {}
    for part, (amount, _) in known.items():
        if amount is not None:
            by = Fraction(ranges.get(part, Decimal(1)))
            shares[part] = Fraction(amount) / by if by else Fraction(0)
    is_mix = rule.choice is ValueChoice.MIX
    parts = tuple(
        ValuedPart(
            part,
            float(weight),
            known[part][0],
            float(shares[part]) if is_mix and part in shares else None,
            known[part][1],
        )
        for part, weight in weights.items()
    )
    if any(part not in shares for part in weights):
        return Valued(None, parts)
    whole = sum((weight * shares[part] for part, weight in weights.items()), Fraction(0))
    is_money = not is_mix and ValuePart.SCORE not in weights
    return Valued(round(whole) if is_money else round(POINTS * whole), parts)


def _amount(project: ProjectFigures, part: ValuePart, rule: ValueRule) -> Amount:
    match part:
        case ValuePart.SCORE:
            return _score(project)
        case ValuePart.NET_BENEFIT:
            return _net_benefit(project)
        case ValuePart.NET_PRESENT_VALUE:
            return _net_present_value(project, rule.percentile)


def _score(project: ProjectFigures) -> Amount:
    if project.score is None:
        return None, WhyUnknown.PARTLY_SCORED if project.is_partly_scored else WhyUnknown.NOT_SCORED
    return Decimal(str(project.score)), None


def _net_benefit(project: ProjectFigures) -> Amount:
    if project.benefit_minor is None or not project.has_known_cost:
        return None, WhyUnknown.FIGURES_MISSING
    return Decimal((project.benefit_minor - _cost(project)) // 100), None


def _net_present_value(project: ProjectFigures, percentile: int | None) -> Amount:
    if project.case is None:
        return None, WhyUnknown.NO_BUSINESS_CASE
    # C1: an amount of other prices is no amount here.
    if not project.is_case_in_our_prices:
        return None, WhyUnknown.VALUE_IN_OTHER_PRICES
    amount = project.case.amount(percentile)
    if amount is None:
        return None, WhyUnknown.NO_SUCH_PERCENTILE
    return amount.quantize(Decimal(1), rounding=ROUND_HALF_EVEN), None


def _cost(project: ProjectFigures) -> int:
    if project.cost_minor is not None:
        return project.cost_minor
    return sum(int(cost.amount.scaleb(2)) for cost in project.cost_by_year)
