"""C1: price indexes that an organisation keeps, so that all its cases use the same figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gevinst_benefits.domain.case.business_case import PriceIndex
from gevinst_shared.values.refusal import Refusal


class UnknownPriceIndex(Refusal):
    code = "price-index-not-known"
    title = "There is no such price index"
    detail = "No price index {index} was in force on {day}. Known ones: {known}."


class IndexYearTwice(Refusal):
    code = "index-year-twice"
    title = "An index has one value for a year"
    detail = "{year} stands more than once in the price index. Keep one value for each year."


class TwoIndexes(Refusal):
    code = "two-price-indexes"
    title = "A case has one price index"
    detail = "The case has values of its own and names {index}. Send `price_index` or `kept_index`, not both."


def refuse_year_twice(years: Sequence[int], pointer: str) -> None:
    """C1: of two values for one year nobody could tell which was used."""
    twice = sorted({year for year in years if years.count(year) > 1})
    if twice:
        raise IndexYearTwice(year=twice[0], pointer=pointer)


@dataclass(frozen=True, slots=True)
class KeptIndex:
    """An edition of an index: in force from a day until the next one of its code."""

    code: str
    name: str
    source: str
    valid_from: date
    index: PriceIndex

    def taken_over(self) -> PriceIndex:
        """What a case keeps of it, telling which edition it was."""
        source = f"{self.source} ({self.valid_from.isoformat()})"
        return PriceIndex(self.name, source, self.index.values)
