"""Business cases for the tests."""

from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.case.business_case import (
    BusinessCase,
    CaseFrame,
    CaseLine,
    PriceIndex,
    Recurring,
    Side,
    Yearly,
)
from gevinst_benefits.domain.case.discounting import find_regime

PROJECT = UUID(int=1)
IT_UNIT = UUID(int=10)
LINE_UNIT = UUID(int=11)
INDEX = PriceIndex("CPI", "made up", {2024: Decimal(100), 2025: Decimal(104), 2026: Decimal(106)})


def frame(
    base_year: int = 2026,
    horizon_years: int = 10,
    price_year: int = 2026,
    regime: str = "no-r109-2021",
    index: PriceIndex | None = None,
) -> CaseFrame:
    return CaseFrame(base_year, horizon_years, price_year, "NOK", find_regime(regime), index)


def cost(number: int, *amounts: int, first_year: int = 2026, price_year: int = 2026) -> CaseLine:
    paid = Yearly(tuple(Decimal(amount) for amount in amounts))
    return CaseLine(
        UUID(int=number), f"cost {number}", Side.COST, "investment", IT_UNIT, first_year, price_year, paid
    )


def gain(
    number: int,
    amount: int,
    *,
    ramp: tuple[str, ...] = (),
    first_year: int = 2027,
    years: int | None = None,
    is_public_money: bool = True,
) -> CaseLine:
    return CaseLine(
        id=UUID(int=number),
        name=f"gain {number}",
        side=Side.BENEFIT,
        kind="saved-time",
        unit_id=LINE_UNIT,
        first_year=first_year,
        price_year=2026,
        amounts=Recurring(Decimal(amount), tuple(Decimal(share) for share in ramp), years),
        is_public_money=is_public_money,
    )


def case(*lines: CaseLine, within: CaseFrame | None = None, number: int = 1) -> BusinessCase:
    return BusinessCase(PROJECT, number, within or frame(), lines)


def decimals(*numbers: int | str) -> tuple[Decimal, ...]:
    return tuple(Decimal(number) for number in numbers)
