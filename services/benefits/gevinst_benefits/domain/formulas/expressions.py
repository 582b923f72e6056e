"""What a formula says, as a tree, and how such a tree is interpreted.

Chains of + - and of * / are flat, so that only parentheses make a tree deep; the parser bounds those.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

T = TypeVar("T")
FUNCTIONS = {"min": (1, 20), "max": (1, 20), "if": (3, 3), "round": (1, 2)}


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    position: int


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Negative:
    of: "Expression"
    position: int


@dataclass(frozen=True, slots=True)
class Term:
    """A member of a chain behind its operator; the first one's is `+` or `*`."""

    operator: str
    of: "Expression"
    position: int


@dataclass(frozen=True, slots=True)
class Sum:
    terms: tuple[Term, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Product:
    terms: tuple[Term, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Power:
    of: "Expression"
    exponent: "Expression"
    position: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Stands only as the first argument of `if`."""

    left: "Expression"
    operator: str
    right: "Expression"
    position: int


@dataclass(frozen=True, slots=True)
class Call:
    """`min`, `max` or `round`."""

    function: str
    arguments: tuple["Expression", ...]
    position: int


@dataclass(frozen=True, slots=True)
class Choice:
    """`if(left < right, then, otherwise)`; only the chosen side is computed."""

    condition: Comparison
    then: "Expression"
    otherwise: "Expression"
    position: int


Expression = Number | Name | Negative | Sum | Product | Power | Call | Choice


class Algebra(Protocol[T]):
    """What each part of a tree means in one interpretation: units, exact numbers, arrays."""

    def number(self, node: Number) -> T: ...
    def name(self, node: Name) -> T: ...
    def negative(self, value: T) -> T: ...
    def added(self, left: T, right: T, term: Term) -> T: ...
    def multiplied(self, left: T, right: T, term: Term) -> T: ...
    def raised(self, base: T, exponent: T, node: Power) -> T: ...
    def called(self, arguments: list[T], node: Call) -> T: ...
    def chosen(self, node: Choice, value_of: Callable[[Expression], T]) -> T: ...


def interpret(expression: Expression, algebra: Algebra[T]) -> T:
    """What the tree comes to in an algebra; as deep as the tree, which the parser bounds."""

    def value_of(node: Expression) -> T:
        match node:
            case Number():
                return algebra.number(node)
            case Name():
                return algebra.name(node)
            case Choice():
                return algebra.chosen(node, value_of)
            case _:
                return _combined(node, algebra, [value_of(part) for part in parts_of(node)])

    return value_of(expression)


def names_in(expression: Expression) -> Iterator[Name]:
    """Every use of a name, in no particular order."""
    waiting: list[Expression] = [expression]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Name):
            yield node
        else:
            waiting += parts_of(node)


def parts_of(node: Expression) -> tuple[Expression, ...]:
    """What stands directly below a node."""
    match node:
        case Number() | Name():
            return ()
        case Negative(of):
            return (of,)
        case Sum(terms) | Product(terms):
            return tuple(term.of for term in terms)
        case Power(of, exponent):
            return (of, exponent)
        case Call(_, arguments):
            return arguments
        case Choice(condition, then, otherwise):
            return (condition.left, condition.right, then, otherwise)


def _combined(node: Negative | Sum | Product | Power | Call, algebra: Algebra[T], parts: list[T]) -> T:
    """What a node makes of its parts; those of a chain are taken from the left."""
    match node:
        case Negative():
            return algebra.negative(parts[0])
        case Power():
            return algebra.raised(parts[0], parts[1], node)
        case Call():
            return algebra.called(parts, node)
        case Sum(terms):
            return _chained(algebra.added, terms, parts)
        case Product(terms):
            return _chained(algebra.multiplied, terms, parts)


def _chained(together: Callable[[T, T, Term], T], terms: tuple[Term, ...], parts: list[T]) -> T:
    value, *others = parts
    for other, term in zip(others, terms[1:], strict=True):
        value = together(value, other, term)
    return value
