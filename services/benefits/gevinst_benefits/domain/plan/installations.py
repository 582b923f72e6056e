"""B15: benefits per installation, such as welfare technology: does each carry what it costs?"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal

_NEVER = 1_000_000_000


class NamedTwice(Refusal):
    code = "installation-named-twice"
    title = "An installation is named twice"
    detail = "{name} stands in the list more than once. Keep one."


class MixedMoney(Refusal):
    code = "installation-money-mixed"
    title = "The amounts are in different prices"
    detail = "Write all amounts of {name} in one currency and one price year."


class NegativeCost(Refusal):
    code = "installation-cost-negative"
    title = "A cost is at least zero"
    detail = "The costs of {name} are positive amounts. Write a saving as a benefit."


@dataclass(frozen=True, slots=True)
class Installation:
    """Installations of one kind at one place: `count` of them, each with its costs and its benefit.

    All amounts in one currency and price year. `shared_cost_per_year` is what they cost together however
    many there are, such as a response centre; each lasts `lifetime_months`.
    """

    count: int
    one_off_cost: Money
    cost_per_year: Money
    benefit_per_year: Money
    shared_cost_per_year: Money
    lifetime_months: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the installations carry their cost, and what it takes.

    `net_per_year` is of one of them, without its share of what they share. `break_even_count` is how many it
    takes for them to carry what they share; `break_even_months` is when these have paid for themselves, both
    None when never (nor within a billion).
    """

    net_per_year: Money
    carries: bool
    break_even_count: int | None
    break_even_months: int | None


def verdict(installation: Installation) -> Verdict:
    """Simple payback without discounting.

    Check: 10 at 6,000 with 1,000 cost and 5,000 benefit a year, sharing 10,000 a year, net 3,000 each after
    what they share: 24 months; it takes 3 to carry what they share.
    """
    each = installation.benefit_per_year - installation.cost_per_year
    shared = installation.shared_cost_per_year.amount
    together = each.amount * installation.count - shared
    count = _reached(max(Decimal(1), shared / each.amount)) if each.amount > 0 else None
    spent = installation.one_off_cost.amount * installation.count
    months = _reached(12 * spent / together) if together > 0 else None
    carries = months is not None and months <= installation.lifetime_months
    return Verdict(each, carries, count, months)


def refuse_odd_installations(installations: Iterable[tuple[str, Installation]]) -> None:
    """Refuse a name that stands twice, mixed prices, and negative costs."""
    seen: set[str] = set()
    for name, one in installations:
        if name in seen:
            raise NamedTwice(name=name)
        seen.add(name)
        costs = (one.one_off_cost, one.cost_per_year, one.shared_cost_per_year)
        if len({(money.currency, money.price_year) for money in (*costs, one.benefit_per_year)}) > 1:
            raise MixedMoney(name=name)
        if any(money.amount < 0 for money in costs):
            raise NegativeCost(name=name)


def _reached(value: Decimal) -> int | None:
    """The next whole number; None beyond what anybody lives to see."""
    return int(value.to_integral_value(ROUND_CEILING)) if value <= _NEVER else None
