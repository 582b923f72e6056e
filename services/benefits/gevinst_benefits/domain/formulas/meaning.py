"""What a formula comes to: its unit, and its value in exact numbers."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal, localcontext

from gevinst_benefits.domain.case.discounting import DIGITS
from gevinst_benefits.domain.formulas.expressions import (
    Call,
    Choice,
    Expression,
    Name,
    Negative,
    Number,
    Power,
    Term,
    interpret,
)
from gevinst_benefits.domain.formulas.parsing import Formula
from gevinst_benefits.domain.formulas.refusals import (
    DividedByZero,
    NumberTooLarge,
    OddExponent,
    UnitsDoNotFit,
    UnknownName,
)
from gevinst_benefits.domain.formulas.units import NUMBER, Unit

MOST, LEAST = Decimal(10) ** 30, Decimal(10) ** -60
HIGHEST_EXPONENT = 100
# Without traps what overflows is infinite, and refused with its position like all that is too large.
_EXACT = Context(prec=DIGITS, traps=[])
COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def unit_of(formula: Formula, units: Mapping[str, Unit], *, pointer: str | None = None) -> Unit | None:
    """The unit that the formula gives when its names have these units; nothing for a zero, which fits all.

    Raises `UnknownName`, `UnitsDoNotFit` and `OddExponent`, each with its position.
    """
    return interpret(formula.expression, _Units(units, pointer))


def value_of(formula: Formula, values: Mapping[str, Decimal], *, pointer: str | None = None) -> Decimal:
    """The formula's value to 50 digits; only the chosen side of an `if` is computed.

    What is nearer to zero than 10^-60 is zero. Raises `DividedByZero`, `NumberTooLarge` (beyond 10^30 on
    the way) and `OddExponent`.
    """
    with localcontext(_EXACT):
        return interpret(formula.expression, _Numbers(values, pointer))


@dataclass(frozen=True, slots=True)
class _Units:
    units: Mapping[str, Unit]
    pointer: str | None

    def number(self, node: Number) -> Unit | None:
        return NUMBER if node.value else None

    def name(self, node: Name) -> Unit | None:
        if node.name not in self.units:
            known = ", ".join(sorted(self.units)) or "–"
            raise UnknownName(name=node.name, position=node.position, known=known, pointer=self.pointer)
        return self.units[node.name]

    def negative(self, value: Unit | None) -> Unit | None:
        return value

    def added(self, left: Unit | None, right: Unit | None, term: Term) -> Unit | None:
        return self._like(left, right, term.position)

    def multiplied(self, left: Unit | None, right: Unit | None, term: Term) -> Unit | None:
        if left is None or right is None:
            return None
        return left * right if term.operator == "*" else left / right

    def raised(self, base: Unit | None, exponent: Unit | None, node: Power) -> Unit | None:
        if base is None or base.is_number:
            if exponent is not None and not exponent.is_number:
                raise OddExponent(position=node.position, most=HIGHEST_EXPONENT, pointer=self.pointer)
            return base
        return base.to_the(_whole_exponent(_literal(node.exponent), node.position, self.pointer))

    def called(self, arguments: list[Unit | None], node: Call) -> Unit | None:
        if node.function == "round":
            return arguments[0]
        found: Unit | None = None
        for one in arguments:
            found = self._like(found, one, node.position)
        return found

    def chosen(self, node: Choice, value_of: Callable[[Expression], Unit | None]) -> Unit | None:
        condition = node.condition
        self._like(value_of(condition.left), value_of(condition.right), condition.position)
        return self._like(value_of(node.then), value_of(node.otherwise), node.position)

    def _like(self, left: Unit | None, right: Unit | None, position: int) -> Unit | None:
        if left is None or right is None:
            return left or right
        if left != right:
            raise UnitsDoNotFit(left=left, right=right, position=position, pointer=self.pointer)
        return left


@dataclass(frozen=True, slots=True)
class _Numbers:
    values: Mapping[str, Decimal]
    pointer: str | None

    def number(self, node: Number) -> Decimal:
        return node.value

    def name(self, node: Name) -> Decimal:
        return self.values[node.name]

    def negative(self, value: Decimal) -> Decimal:
        return -value

    def added(self, left: Decimal, right: Decimal, term: Term) -> Decimal:
        return self._bounded(left + right if term.operator == "+" else left - right, term.position)

    def multiplied(self, left: Decimal, right: Decimal, term: Term) -> Decimal:
        if term.operator == "*":
            return self._bounded(left * right, term.position)
        if right == 0:
            raise DividedByZero(position=term.position, pointer=self.pointer)
        return self._bounded(left / right, term.position)

    def raised(self, base: Decimal, exponent: Decimal, node: Power) -> Decimal:
        power = _whole_exponent(exponent, node.position, self.pointer)
        if base == 0 and power < 0:
            raise DividedByZero(position=node.position, pointer=self.pointer)
        return Decimal(1) if power == 0 else self._bounded(base**power, node.position)

    def called(self, arguments: list[Decimal], node: Call) -> Decimal:
        if node.function == "round":
            digits = int(arguments[1]) if len(arguments) == 2 else 0
            return arguments[0].quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_EVEN)
        return min(arguments) if node.function == "min" else max(arguments)

    def chosen(self, node: Choice, value_of: Callable[[Expression], Decimal]) -> Decimal:
        condition = node.condition
        is_true = COMPARE[condition.operator](value_of(condition.left), value_of(condition.right))
        return value_of(node.then if is_true else node.otherwise)

    def _bounded(self, value: Decimal, position: int) -> Decimal:
        if abs(value) > MOST:
            raise NumberTooLarge(position=position, pointer=self.pointer)
        return value if abs(value) >= LEAST else Decimal(0)


def _literal(exponent: Expression) -> Decimal | None:
    """The number itself; a unit cannot be raised to something that is only known when it is computed."""
    match exponent:
        case Number(value):
            return value
        case Negative(Number(value)):
            return -value
        case _:
            return None


def _whole_exponent(exponent: Decimal | None, position: int, pointer: str | None) -> int:
    is_whole = exponent is not None and abs(exponent) <= HIGHEST_EXPONENT and exponent == int(exponent)
    if exponent is None or not is_whole:
        raise OddExponent(position=position, most=HIGHEST_EXPONENT, pointer=pointer)
    return int(exponent)
