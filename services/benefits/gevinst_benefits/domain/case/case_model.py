"""C1, C2: a business case as it is written: assumptions, lines that are formulas, alternatives, financing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from uuid import UUID

from gevinst_benefits.domain.case.assumptions import Assumption
from gevinst_benefits.domain.case.case_factors import Factor
from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_benefits.domain.formulas.parsing import Formula
from gevinst_benefits.domain.formulas.units import Measure
from gevinst_benefits.domain.plan.benefits import Ledger

# P9: the zero alternative is always there, under this code.
ZERO = "zero"
MAIN = "main"


class Side(StrEnum):
    COST = "cost"
    BENEFIT = "benefit"


class Pattern(StrEnum):
    ONE_OFF = "one-off"
    RECURRING = "recurring"
    YEARLY = "yearly"


class RampShape(StrEnum):
    LINEAR = "linear"
    S_CURVE = "s-curve"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Ramp:
    """How a recurring line grows to its full amount over its first years.

    Linear over 4 years is 0.25, 0.5, 0.75, 1. The S-curve is 3x² - 2x³ of the same steps: over 4 years
    0.15625, 0.5, 0.84375, 1. A table says the shares itself.
    """

    shape: RampShape
    years: int
    table: tuple[Decimal, ...] = ()

    @property
    def shares(self) -> tuple[Decimal, ...]:
        if self.shape is RampShape.TABLE:
            return self.table
        with localcontext(prec=DIGITS):
            steps = tuple(Decimal(year + 1) / self.years for year in range(self.years))
            return steps if self.shape is RampShape.LINEAR else tuple(3 * x**2 - 2 * x**3 for x in steps)


@dataclass(frozen=True, slots=True)
class StartDelay:
    """One way in which the line may start late: so many years, with a probability.

    What a case comes to is computed as planned; the delays are for its simulation.
    """

    years: int
    probability: Decimal


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A cost or a benefit of one alternative, as formulas.

    There is one formula for a one-off and a recurring line, and one a year for a yearly one. Amounts are
    positive on both sides; a disbenefit counts against the benefits. `measure` is the unit of a line in
    hours, FTE or quality, which never meets money (C7). `use` is what freed time is used for: a benefit in
    money that is computed from time states it.
    """

    id: UUID
    name: str
    side: Side
    kind: str
    unit_id: UUID
    alternative: str
    pattern: Pattern
    formulas: tuple[Formula, ...]
    first_year: int
    price_year: int
    ledger: Ledger = Ledger.MONEY
    measure: Measure | None = None
    ramp: Ramp | None = None
    years: int | None = None
    delays: tuple[StartDelay, ...] = ()
    is_disbenefit: bool = False
    is_public_money: bool = True
    use: str | None = None
    note: str | None = None

    @property
    def names(self) -> frozenset[str]:
        return frozenset().union(*(formula.names for formula in self.formulas))


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to meet the need; what it comes to is told against the zero alternative."""

    code: str
    name: str
    note: str | None = None


class FinancingKind(StrEnum):
    OWN_BUDGET = "own-budget"
    POOL_LOAN = "pool-loan"
    POOL_GRANT = "pool-grant"
    CO_FINANCING = "co-financing"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FinancingSource:
    """Who pays, by year from `first_year`, in prices of `price_year`. It moves money and is no effect."""

    name: str
    kind: FinancingKind
    first_year: int
    price_year: int
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class RiskPool:
    """Money set aside for what may go wrong: a share of every year's own costs, or an amount in one year."""

    unit_id: UUID
    share: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """C3: the general case that this one was taken over from, in which edition, and the hash of that one.

    `general_case_id` is the register's own id for it here, `published_as` its publisher's.
    """

    general_case_id: UUID
    publisher: str
    published_as: UUID
    edition: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CaseModel:
    """Everything that a version of a case says beside its frame."""

    lines: tuple[ModelLine, ...]
    assumptions: tuple[Assumption, ...] = ()
    alternatives: tuple[Alternative, ...] = (Alternative(ZERO, ZERO), Alternative(MAIN, MAIN))
    recommended: str = MAIN
    financing: tuple[FinancingSource, ...] = ()
    risk_pool: RiskPool | None = None
    origin: Origin | None = None
    factors: tuple[Factor, ...] = ()

    @property
    def assumptions_by_name(self) -> Mapping[str, Assumption]:
        return {one.name: one for one in self.assumptions}
