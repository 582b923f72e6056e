"""How the members of an event's body are read, so that they can be told in any language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from gevinst_shared.values.money import CURRENCIES, Money


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a closed list, told in the reader's language: `Term("outcomes", "step-back")`."""

    vocabulary: str
    code: str


# A number that could not be written out would leave its reader without an inbox.
_MOST_DIGITS = 18

Value = str | int | Decimal | date | Money | Term


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an event's body: its name, how it is read, and whether the message needs it.

    `label` is what the texts call it, where that is another name.
    """

    name: str
    read: Callable[[object], Value]
    is_required: bool = True
    label: str | None = None

    @property
    def told_as(self) -> str:
        return self.label or self.name


def text(value: object) -> str:
    text = cast(str, value).strip()
    if not text:
        raise ValueError("empty")
    return text


def count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("not a whole number")
    if abs(value) >= 10**_MOST_DIGITS:
        raise ValueError("more than anybody counts")
    return value


def number(value: object) -> Decimal:
    number = Decimal(cast(str, value))
    if not isinstance(value, str) or not number.is_finite():
        raise ValueError("not a decimal number in a string")
    digits = number.as_tuple()
    if number.adjusted() >= _MOST_DIGITS or -cast(int, digits.exponent) > _MOST_DIGITS:
        raise ValueError("a number that cannot be written out")
    return number


def day(value: object) -> date:
    return date.fromisoformat(cast(str, value))


def money(value: object) -> Money:
    members = cast(Mapping[str, object], value)
    currency = cast(str, members["currency"])
    if currency not in CURRENCIES:
        raise ValueError("unknown currency")
    return Money(number(members["amount"]), currency, count(members["price_year"]))


def term(vocabulary: str) -> Callable[[object], Term]:
    """A word of a closed list."""

    def read(value: object) -> Term:
        return Term(vocabulary, text(value))

    return read


def year(value: object) -> str:
    """A calendar year, which is written without a mark between its thousands."""
    return str(count(value))
