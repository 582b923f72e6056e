"""C2: what a case assumes: figures with unit, range, source and owner; lines are formulas over them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from enum import StrEnum

from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_benefits.domain.formulas.expressions import FUNCTIONS
from gevinst_benefits.domain.formulas.meaning import unit_of, value_of
from gevinst_benefits.domain.formulas.ordering import computed_order, find_circle
from gevinst_benefits.domain.formulas.parsing import Formula, plain_formula
from gevinst_benefits.domain.formulas.refusals import AssumptionCycle, UnitNotExpected
from gevinst_benefits.domain.formulas.units import Measure, Unit
from gevinst_shared.values.refusal import Refusal


class AssumptionTwice(Refusal):
    code = "assumption-twice"
    title = "Two assumptions have the same name"
    detail = "{name} is assumed more than once. Give every assumption a name of its own."


class ReservedName(Refusal):
    code = "assumption-name-reserved"
    title = "The name is a function's"
    detail = "{name} is a function of the formula language. Choose another name."


class OddRange(Refusal):
    code = "assumption-odd-range"
    title = "The range does not hold the value"
    detail = (
        "{name}: a range needs low ≤ value ≤ high, and only an assumption that is a plain number has one: "
        "one that is a formula takes its range from what it reads."
    )


class Distribution(StrEnum):
    """How a value is spread between low and high; the value itself is the likeliest."""

    PERT = "pert"
    TRIANGULAR = "triangular"
    UNIFORM = "uniform"


@dataclass(frozen=True, slots=True)
class Spread:
    """The lowest and highest value that are thought possible, in the assumption's own unit."""

    low: Decimal
    high: Decimal
    distribution: Distribution = Distribution.PERT


@dataclass(frozen=True, slots=True)
class Loading:
    """How much an assumption hangs on a factor of the case: their correlation, -1 to 1, on the scale of the
    normal distribution."""

    factor: str
    loading: Decimal


@dataclass(frozen=True, slots=True)
class Assumption:
    """A named figure that formulas read. `value` is a number, or a formula over other assumptions.

    An amount of money is in prices of `price_year`, or with none in the case's. `owner` is who answers for
    it: a person or a role. `loadings` are the common factors that it rises and falls with.
    """

    name: str
    value: Formula
    measure: Measure
    spread: Spread | None = None
    price_year: int | None = None
    source: str | None = None
    owner: str | None = None
    note: str | None = None
    loadings: tuple[Loading, ...] = ()

    @property
    def is_money(self) -> bool:
        return self.measure.unit.currency is not None


PriceFactor = Callable[[Assumption], Decimal]
"""What brings a plain amount of an assumption to the case's prices."""


@dataclass(frozen=True, slots=True)
class Assumed:
    """Assumptions that were found sound: their values in base units and the case's prices, and their units.

    `reads` says of each which plain assumptions stand behind it, itself included.
    """

    values: Mapping[str, Decimal]
    units: Mapping[str, Unit]
    reads: Mapping[str, frozenset[str]]


def assume(assumptions: Iterable[Assumption], price_factor: PriceFactor) -> Assumed:
    """Check and compute a case's assumptions, in whatever order they stand.

    Raises `AssumptionTwice`, `ReservedName`, `OddRange`, `AssumptionCycle`, `UnitNotExpected`, and what
    formulas raise; each points at the assumption by its place in the list.
    """
    listed = tuple(assumptions)
    pointers: dict[str, str] = {}
    for place, assumption in enumerate(listed):
        pointer = f"/body/assumptions/{place}"
        if assumption.name in pointers:
            raise AssumptionTwice(name=assumption.name, pointer=f"{pointer}/name")
        if assumption.name in FUNCTIONS:
            raise ReservedName(name=assumption.name, pointer=f"{pointer}/name")
        _refuse_odd_range(assumption, pointer)
        pointers[assumption.name] = pointer
    by_name = {one.name: one for one in listed}
    units = {one.name: one.measure.unit for one in listed}
    for one in listed:
        _refuse_other_unit(one, units, f"{pointers[one.name]}/value")
    reads = {one.name: one.value.names for one in listed}
    circle = find_circle(reads)
    if circle:
        raise AssumptionCycle(circle=" → ".join(circle), pointer=f"{pointers[circle[0]]}/value")
    values: dict[str, Decimal] = {}
    behind: dict[str, frozenset[str]] = {}
    for name in computed_order(reads):
        pointer = f"{pointers[name]}/value"
        values[name] = assumed_value(by_name[name], values, price_factor, pointer=pointer)
        behind[name] = frozenset({name}).union(*(behind[one] for one in reads[name]))
    return Assumed(values, units, behind)


def computable_values(assumptions: Iterable[Assumption], price_factor: PriceFactor) -> dict[str, Decimal]:
    """The values of those that can be computed: in a mixture of two versions some may not be."""
    by_name = {one.name: one for one in assumptions}
    values: dict[str, Decimal] = {}
    for name in computed_order({one.name: one.value.names for one in by_name.values()}):
        if by_name[name].value.names <= values.keys():
            try:
                values[name] = assumed_value(by_name[name], values, price_factor)
            except Refusal:
                continue
    return values


def assumed_value(
    assumption: Assumption,
    values: Mapping[str, Decimal],
    price_factor: PriceFactor,
    *,
    pointer: str | None = None,
) -> Decimal:
    """The assumption's value in base units and the case's prices, given the values that it reads."""
    value = value_of(assumption.value, values, pointer=pointer)
    if not assumption.value.is_plain:
        return value
    scale = assumption.measure.scale
    with localcontext(prec=DIGITS):
        scaled = value * scale.numerator / scale.denominator
        return scaled * price_factor(assumption) if assumption.is_money else scaled


def at_value(assumption: Assumption, value: Decimal) -> Assumption:
    """The same assumption with a plain number in its own unit, and no range."""
    return replace(assumption, value=plain_formula(value), spread=None, loadings=())


def _refuse_odd_range(assumption: Assumption, pointer: str) -> None:
    spread = assumption.spread
    if spread is None:
        return
    value = value_of(assumption.value, {}) if assumption.value.is_plain else None
    if value is None or not spread.low <= value <= spread.high:
        raise OddRange(name=assumption.name, pointer=f"{pointer}/spread")


def _refuse_other_unit(assumption: Assumption, units: Mapping[str, Unit], pointer: str) -> None:
    found = unit_of(assumption.value, units, pointer=pointer)
    if found is None or assumption.value.is_plain or found == assumption.measure.unit:
        return
    raise UnitNotExpected(
        subject=assumption.name, found=found, wanted=assumption.measure.unit, pointer=pointer
    )
