"""Units of measure: products of powers of a few named base units."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from gevinst_benefits.domain.formulas.refusals import UnknownUnit
from gevinst_shared.values.money import CURRENCIES

LONGEST_UNIT = 60
_PART = re.compile(r"([*/]?)\s*([A-Za-z%1]+)(?:\^(-?[1-9]))?\s*")
# What is counted; `cases` and `persons` are the usual ones, the others keep apart what a case counts besides.
_COUNTED = {
    "cases": "case",
    "persons": "person",
    "items": "item",
    "letters": "letter",
    "calls": "call",
    "visits": "visit",
    "licences": "licence",
    "points": "point",
    "km": "km",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """Base units with their whole powers, sorted and without zeros; none at all is a plain number."""

    powers: tuple[tuple[str, int], ...] = ()

    @property
    def is_number(self) -> bool:
        return not self.powers

    @property
    def bases(self) -> frozenset[str]:
        return frozenset(base for base, _ in self.powers)

    @property
    def currency(self) -> str | None:
        """The currency in it, if there is one."""
        return next((base for base in CURRENCIES if base in self.bases), None)

    def __mul__(self, other: "Unit") -> "Unit":
        return _unit([*self.powers, *other.powers])

    def __truediv__(self, other: "Unit") -> "Unit":
        return self * other.to_the(-1)

    def to_the(self, exponent: int) -> "Unit":
        return _unit((base, power * exponent) for base, power in self.powers)

    def __str__(self) -> str:
        above = [_powered(base, power) for base, power in self.powers if power > 0]
        below = [f"/{_powered(base, -power)}" for base, power in self.powers if power < 0]
        return "*".join(above or ["1"]) + "".join(below)


NUMBER = Unit()
YEAR = Unit((("years", 1),))
HOURS = Unit((("hours", 1),))
FTE = Unit((("FTE", 1),))


@dataclass(frozen=True, slots=True)
class Measure:
    """A unit as it was written: `scale` brings an amount in it to its base units (minutes: 1/60 hours)."""

    text: str
    unit: Unit
    scale: Fraction


def parse_measure(text: str, *, pointer: str | None = None) -> Measure:
    """The unit that a text such as `NOK/case`, `minutes/case` or `percent` means, or `UnknownUnit`."""
    unit, scale, place = NUMBER, Fraction(1), 0
    while place < len(text) <= LONGEST_UNIT:
        part = _PART.match(text, place)
        if part is None or bool(part[1]) != (place > 0) or part[2] not in _KNOWN:
            break
        base, factor = _KNOWN[part[2]]
        exponent = int(part[3] or 1) * (-1 if part[1] == "/" else 1)
        unit, scale, place = unit * base.to_the(exponent), scale * factor**exponent, part.end()
    if not text or place < len(text):
        raise UnknownUnit(unit=text[:LONGEST_UNIT], known=", ".join(KNOWN_UNITS), pointer=pointer)
    return Measure(text, unit, scale)


def of_currency(currency: str) -> Unit:
    return Unit(((currency, 1),))


def _unit(powers: Iterable[tuple[str, int]]) -> Unit:
    total: dict[str, int] = {}
    for base, power in powers:
        total[base] = total.get(base, 0) + power
    return Unit(tuple(sorted((base, power) for base, power in total.items() if power)))


def _powered(base: str, power: int) -> str:
    return base if power == 1 else f"{base}^{power}"


def _known() -> dict[str, tuple[Unit, Fraction]]:
    one = Fraction(1)
    named = {**{currency: currency for currency in CURRENCIES}, "fte": "FTE", "FTE": "FTE"}
    for plural, singular in _COUNTED.items():
        named |= {plural: plural, singular: plural}
    found = {name: (Unit(((base, 1),)), one) for name, base in named.items()}
    found |= dict.fromkeys(("hours", "hour", "h"), (HOURS, one))
    found |= {name: (HOURS, Fraction(1, 60)) for name in ("minutes", "minute", "min")}
    found |= dict.fromkeys(("years", "year"), (YEAR, one))
    found |= {name: (YEAR, Fraction(1, 12)) for name in ("months", "month")}
    found |= {name: (NUMBER, Fraction(1, 100)) for name in ("percent", "%")}
    return {**found, "1": (NUMBER, one), "number": (NUMBER, one)}


_KNOWN = _known()
KNOWN_UNITS = (*CURRENCIES, "hours", "minutes", "FTE", *_COUNTED, "years", "months", "percent", "1")
