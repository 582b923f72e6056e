"""C4: discount regimes as dated data, and net present value by their bands, compounded year by year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext
from itertools import accumulate

from gevinst_shared.values.refusal import Refusal

# Digits carried through every calculation; only the results are rounded, once.
DIGITS = 50


class UnknownRegime(Refusal):
    code = "unknown-discount-regime"
    title = "Unknown discount regime"
    detail = "There is no discount regime {regime}. Known ones: {known}."


class NoRegimeThen(Refusal):
    code = "no-discount-regime-then"
    title = "No discount regime on that day"
    detail = "No discount regime of {country} is known for {day}. Name the regime to use instead."


class Uneven(ValueError):  # noqa: N818 - named for what happened, as refusals are
    """The flows and the rates have different lengths."""


@dataclass(frozen=True, slots=True)
class RateBand:
    """A real rate per year for `first_year` to `last_year`, both included; no last year means for ever."""

    first_year: int
    last_year: int | None
    rate_per_year: Decimal


@dataclass(frozen=True, slots=True)
class DiscountRegime:
    """One authority's rates, from a day until (not including) another.

    Year 0 of the bands is the base year. `tax_financing_rate` is the cost of raising one unit of public
    money by tax, or nothing where the regime has no such cost.
    """

    id: str
    country: str
    authority: str
    source: str
    valid_from: date
    valid_until: date | None
    bands: tuple[RateBand, ...]
    tax_financing_rate: Decimal | None = None

    def rate(self, year: int) -> Decimal:
        """The rate of `year`, counted from the base year: the step from `year - 1` to `year`."""
        for band in self.bands:
            if band.first_year <= year and (band.last_year is None or year <= band.last_year):
                return band.rate_per_year
        raise ValueError(f"{self.id} has no rate for year {year}")


def discount_rates(regime: DiscountRegime, years: int) -> tuple[Decimal, ...]:
    """The rate of each of `years` years; index 0 is the base year, whose rate is not used."""
    return tuple(regime.rate(year) for year in range(years))


def discount_factors(regime: DiscountRegime, years: int) -> tuple[Decimal, ...]:
    """What one unit of money in each of `years` years is worth in the base year; index 0 is 1.

    The factor is the product of one-year factors, each with its own year's rate, to 50 digits.

    Source: Green Book, table of factors; FIU 418 (2018) for the Danish bands.
    Check: UK year 1 is 0.9662, year 30 is 0.3563, year 31 is 0.3459.
    """
    with localcontext(prec=DIGITS):
        one_year = [1 / (1 + rate) for rate in discount_rates(regime, years)[1:]]
        return tuple(accumulate(one_year, lambda left, right: left * right, initial=Decimal(1)))[:years]


def mid_year_factors(regime: DiscountRegime, years: int) -> tuple[Decimal, ...]:
    """The same for money that falls evenly over each year rather than at its end; index 0 is still 1.

    Each factor is that of the year before, taken half a year further at its own year's rate. No regime here
    prescribes it, and results use `discount_factors`.

    Check: at 4 % year 1 is 1 / 1.04 ** 0.5, 0.9806.
    """
    factors = discount_factors(regime, years)
    with localcontext(prec=DIGITS):
        halves = [(1 + rate).sqrt() for rate in discount_rates(regime, years)[1:]]
        return factors[:1] + tuple(f * half for f, half in zip(factors[1:], halves, strict=True))


def net_present_value(flows: Sequence[Decimal], rates: Sequence[Decimal]) -> Decimal:
    """Discount yearly flows to year 0, to 50 digits and not rounded.

    `flows[t]` is money in year `t` at one price level; `rates[t]` is the real rate of the step to year `t`
    (0.04 is 4 %), `rates[0]` is not used. Same length, or `Uneven`.

    Source: R-109/21 (rates by band).   Check: flows 0, 104 at 4 % give 100.
    """
    if len(flows) != len(rates):
        raise Uneven(f"{len(flows)} flows and {len(rates)} rates")
    value = Decimal(0)
    with localcontext(prec=DIGITS):
        for year in range(len(flows) - 1, 0, -1):
            value = (value + flows[year]) / (1 + rates[year])
        return value + flows[0] if flows else value


def find_regime(regime_id: str) -> DiscountRegime:
    """The regime of that id, or `UnknownRegime`."""
    for regime in REGIMES:
        if regime.id == regime_id:
            return regime
    raise UnknownRegime(regime=regime_id, known=", ".join(regime.id for regime in REGIMES))


def regime_on(country: str, day: date) -> DiscountRegime:
    """The general regime in force in a country (NO, DK, SE, GB) on a day, or `NoRegimeThen`."""
    for regime in REGIMES:
        has_begun = regime.country == country and regime.valid_from <= day
        if has_begun and (regime.valid_until is None or day < regime.valid_until):
            return regime
    raise NoRegimeThen(country=country, day=day)


def _bands(*steps: tuple[int | None, str]) -> tuple[RateBand, ...]:
    """Bands from pairs of last year and rate, the first from year 0, each next from the year after."""
    bands: list[RateBand] = []
    first_year = 0
    for last_year, rate in steps:
        bands.append(RateBand(first_year, last_year, Decimal(rate)))
        first_year = (last_year or 0) + 1
    return tuple(bands)


# The Danish tax distortion changed several times inside these regimes and is 1 today: no part of them.
REGIMES = (
    DiscountRegime(
        id="no-r109-2021",
        country="NO",
        authority="Finansdepartementet",
        source="Rundskriv R-109/21",
        valid_from=date(2021, 6, 25),
        valid_until=None,
        bands=_bands((40, "0.04"), (75, "0.03"), (None, "0.02")),
        tax_financing_rate=Decimal("0.20"),
    ),
    DiscountRegime(
        id="dk-2021",
        country="DK",
        authority="Finansministeriet",
        source="Dokumentationsnotat om den samfundsøkonomiske diskonteringsrente, 7 January 2021",
        valid_from=date(2021, 1, 7),
        valid_until=None,
        bands=_bands((35, "0.035"), (70, "0.025"), (None, "0.015")),
    ),
    DiscountRegime(
        id="dk-2013",
        country="DK",
        authority="Finansministeriet",
        source="Finansministeriet, 31 May 2013; Folketinget, FIU alm. del, answer 418 (2017-18)",
        valid_from=date(2013, 5, 31),
        valid_until=date(2021, 1, 7),
        bands=_bands((35, "0.04"), (70, "0.03"), (None, "0.02")),
    ),
    DiscountRegime(
        id="uk-green-book",
        country="GB",
        authority="HM Treasury",
        source="The Green Book, table of declining long-term discount rates",
        valid_from=date(2003, 4, 1),
        valid_until=None,
        bands=_bands(
            (30, "0.035"), (75, "0.03"), (125, "0.025"), (200, "0.02"), (300, "0.015"), (None, "0.01")
        ),
    ),
    # After the general one, which `regime_on` finds first: only for health and life, never for money.
    DiscountRegime(
        id="uk-green-book-health",
        country="GB",
        authority="HM Treasury",
        source="The Green Book, table of declining long-term discount rates, health column",
        valid_from=date(2018, 3, 26),
        valid_until=None,
        bands=_bands(
            (30, "0.015"), (75, "0.0129"), (125, "0.0107"), (200, "0.0086"), (300, "0.0064"), (None, "0.0043")
        ),
    ),
    DiscountRegime(
        id="se-asek-5",
        country="SE",
        authority="Trafikverket",
        source="ASEK 5.1 and later, chapter on calculation principles (transport; no general Swedish rate)",
        valid_from=date(2012, 4, 1),
        valid_until=None,
        bands=_bands((None, "0.035")),
        tax_financing_rate=Decimal("0.30"),
    ),
)
