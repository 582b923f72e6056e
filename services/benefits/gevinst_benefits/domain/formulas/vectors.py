"""Formulas over arrays: one number per draw for every name. The only place where formulas meet numpy."""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gevinst_benefits.domain.formulas.expressions import (
    Call,
    Choice,
    Expression,
    Name,
    Number,
    Power,
    Term,
    interpret,
)
from gevinst_benefits.domain.formulas.parsing import Formula

Array = NDArray[np.float64]
_COMPARE: Mapping[str, Callable[[Array, Array], NDArray[np.bool_]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


def values_of(formula: Formula, draws: Mapping[str, Array]) -> Array:
    """The formula's value in each draw, in floats; the arrays have one length, and a plain formula gives 0-d.

    A draw that divides by zero is infinite or not a number there: the caller counts and says so. Agrees
    with the exact value to about 1e-12 of it.
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return interpret(formula.expression, _Arrays(draws))


@dataclass(frozen=True, slots=True)
class _Arrays:
    draws: Mapping[str, Array]

    def number(self, node: Number) -> Array:
        return np.asarray(float(node.value))

    def name(self, node: Name) -> Array:
        return self.draws[node.name]

    def negative(self, value: Array) -> Array:
        return -value

    def added(self, left: Array, right: Array, term: Term) -> Array:
        return left + right if term.operator == "+" else left - right

    def multiplied(self, left: Array, right: Array, term: Term) -> Array:
        return left * right if term.operator == "*" else left / right

    def raised(self, base: Array, exponent: Array, node: Power) -> Array:
        return np.asarray(np.power(base, exponent))

    def called(self, arguments: list[Array], node: Call) -> Array:
        if node.function == "round":
            digits = int(arguments[1]) if len(arguments) == 2 else 0
            return np.round(arguments[0], digits)
        joined = np.broadcast_arrays(*arguments)
        return np.asarray(np.min(joined, axis=0) if node.function == "min" else np.max(joined, axis=0))

    def chosen(self, node: Choice, value_of: Callable[[Expression], Array]) -> Array:
        condition = node.condition
        is_true = _COMPARE[condition.operator](value_of(condition.left), value_of(condition.right))
        return np.where(is_true, value_of(node.then), value_of(node.otherwise))
