"""What stopped projects left to others, on the wire."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.schemas.scenarios import QuarterText
from gevinst_shared.web.shapes import Day, Id, Maybe, Moment, MoneyOut, Name, Organisation, Out, Year

Quantity = Annotated[float, Field(ge=0, le=1e12)]


class FreedMoneyOut(Out):
    """Money of one year that is free again."""

    year: Year
    kind: CostKind
    amount: MoneyOut


class FreedQuarterOut(Out):
    quarter: QuarterText
    amount: Quantity


class FreedResourceOut(Out):
    """People or capacity for change that are free again."""

    resource_id: Id
    resource_name: Name
    kind: str = Field(max_length=40, examples=["role", "change-load"])
    measure: str = Field(max_length=200, examples=["person-months"])
    total: Quantity
    quarters: list[FreedQuarterOut] = Field(max_length=1000)


class ReleaseOut(Out):
    """What a stop freed (G6): of the quarters that begin after it."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    project_id: Id
    project_name: Name
    gate_outcome_id: Maybe[Id] = Field(None, description="The gate that freed it.")
    decision_id: Maybe[Id] = Field(None, description="Or the board's decision that did.")
    released_on: Day
    is_temporary: bool = Field(description="A pause frees for a while.")
    until: Maybe[Day] = Field(None, description="Until when; absent when nobody knows.")
    money: list[FreedMoneyOut] = Field(max_length=1000)
    resources: list[FreedResourceOut] = Field(max_length=1000)
    total: Maybe[MoneyOut] = Field(None, description="Absent when it is not known what the project costs.")
    created_at: Moment


class ReleasePageOut(Out):
    """Releases, a page at a time."""

    items: list[ReleaseOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
