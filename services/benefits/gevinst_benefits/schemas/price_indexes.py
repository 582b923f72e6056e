"""Price indexes that an organisation keeps, on the wire (C1)."""

from pydantic import Field

from gevinst_benefits.domain.case.price_indexes import KeptIndex
from gevinst_benefits.schemas.business_cases import IndexYear, IndexYears, index_of
from gevinst_shared.web.shapes import Code, Day, Id, In, Maybe, Moment, Name, Organisation, Out


class KeptIndexIn(In):
    """An edition of a price index, in force from a day until the next one of its code."""

    code: Code = Field(examples=["consumer-prices"])
    name: Name = Field(examples=["Consumer prices"])
    source: Name = Field(examples=["Statistics Norway, table 08184"])
    valid_from: Day = Field(examples=["2026-01-12"], description="The day from which cases take it over.")
    values: IndexYears

    def value(self) -> KeptIndex:
        index = index_of(self.name, self.source, self.values, "/body/values")
        return KeptIndex(self.code, self.name, self.source, self.valid_from, index)


class KeptIndexOut(Out):
    """An edition as it was entered; its values stand by year."""

    id: Id
    organisation: Organisation
    code: Code
    name: Name
    source: Name
    valid_from: Day
    values: list[IndexYear] = Field(max_length=250)
    created_by: str = Field(max_length=300)
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class KeptIndexPageOut(Out):
    """Editions, a page at a time."""

    items: list[KeptIndexOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
