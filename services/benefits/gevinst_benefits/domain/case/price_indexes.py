"""C1: price indexes that an organisation keeps, so that all its cases use the same figures."""

from dataclasses import dataclass
from datetime import date

from gevinst_benefits.domain.case.business_case import PriceIndex
from gevinst_shared.values.refusal import Refusal


class UnknownPriceIndex(Refusal):
    code = "price-index-not-known"
    title = "There is no such price index"
    detail = "No price index {index} was in force on {day}. Known ones: {known}."


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
