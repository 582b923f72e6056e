"""How the amounts of a table are written: all at one scale, with as many decimals as say something."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from gevinst_shared.papers.wording import Words

DASH = "–"


@dataclass(frozen=True, slots=True)
class Scale:
    """Amounts are shown divided by `divisor`, with `places` decimals."""

    divisor: int
    places: int

    def write(self, words: Words, amount: Decimal) -> str:
        return words.number(amount / self.divisor, places=self.places)

    def change(self, words: Words, amount: Decimal) -> str:
        return words.change(amount / self.divisor, places=self.places)

    def unit(self, words: Words, currency: str, price_year: int) -> str:
        """What the amounts are counted in, such as `1000 NOK, 2026 prices`."""
        return words.say(f"unit-{self.divisor}", currency=currency, price_year=price_year)


def scale_of(amounts: Iterable[Decimal]) -> Scale:
    """Hundredths for small amounts, whole units, or thousands when the largest is 100 million or more."""
    largest = max((abs(amount) for amount in amounts), default=Decimal(0))
    if largest >= 100_000_000:
        return Scale(1000, 0)
    return Scale(1, 2 if largest < 10_000 else 0)


def money(words: Words, amount: Decimal, currency: str) -> str:
    """One amount with its currency."""
    return words.money(amount, currency, places=scale_of([amount]).places if abs(amount) < 10_000 else 0)
