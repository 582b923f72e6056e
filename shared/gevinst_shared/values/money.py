"""Money with its currency and price level."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from gevinst_shared.values.refusal import Refusal

# All have two decimals, so one minor unit is always a hundredth.
CURRENCIES = ("NOK", "DKK", "SEK", "EUR", "GBP", "USD")
_HUNDREDTH = Decimal("0.01")


class MixedMoney(Refusal):
    """C1: sums never mix currencies or price years silently."""

    code = "mixed-money"
    title = "Amounts cannot be added"
    detail = "{left} and {right} cannot be added: index them to one price year and one currency first."


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency at one year's price level; `amount` is in whole units (kroner, pounds)."""

    amount: Decimal
    currency: str
    price_year: int

    def __add__(self, other: "Money") -> "Money":
        self._refuse_other_kind(other)
        return Money(self.amount + other.amount, self.currency, self.price_year)

    def __sub__(self, other: "Money") -> "Money":
        self._refuse_other_kind(other)
        return Money(self.amount - other.amount, self.currency, self.price_year)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency, self.price_year)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency} ({self.price_year} prices)"

    @property
    def minor(self) -> int:
        """The amount in whole hundredths, rounded half-even: what the database stores."""
        return int(self.amount.quantize(_HUNDREDTH, rounding=ROUND_HALF_EVEN).scaleb(2))

    @classmethod
    def from_minor(cls, minor: int, currency: str, price_year: int) -> "Money":
        """Money from whole hundredths: 125 is 1.25."""
        return cls(Decimal(minor).scaleb(-2), currency, price_year)

    def _refuse_other_kind(self, other: "Money") -> None:
        if (self.currency, self.price_year) != (other.currency, other.price_year):
            raise MixedMoney(left=self, right=other)
