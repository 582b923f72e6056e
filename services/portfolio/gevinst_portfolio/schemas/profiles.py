"""What work costs per year and takes per quarter, on the wire."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema

from gevinst_portfolio.domain import projects
from gevinst_portfolio.domain.projects import CostKind
from gevinst_portfolio.domain.waves import Wave, WaveState
from gevinst_shared.web.shapes import Amount, Day, Id, In, Maybe, Name, Prose, Whole, Year

# A day that somebody plans with: as far as budgets go, so that every outlook has an end.
PlannedDay = Annotated[
    Day,
    Field(ge=date(1950, 1, 1), le=date(2200, 12, 31)),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date",
            "pattern": "^(19[5-9][0-9]|2[01][0-9]{2}|2200)-[0-9]{2}-[0-9]{2}$",
        }
    ),
]


class CostOfYear(In):
    """What the project costs in one calendar year, in the portfolio's currency and price year."""

    year: Year = Field(examples=[2027])
    kind: CostKind
    amount: Amount = Field(examples=["1250000.00"])


class NeedOfResource(In):
    """What the project takes of a shared role or of a unit's capacity for change."""

    resource_id: Id
    amounts: list[Annotated[float, Field(ge=0, le=1_000_000)]] = Field(
        min_length=1,
        max_length=200,
        description="Per period: `amounts[k]` in the k-th period after the start.",
        examples=[[2, 2, 1]],
    )

    def value(self) -> projects.Need:
        return projects.Need(self.resource_id, tuple(map(Decimal, self.amounts)))


class WaveIn(In):
    """P12: one step of a roll-out, with what it costs and takes itself."""

    name: Name = Field(examples=["Health, northern area"])
    unit_ids: list[Id] = Field(min_length=1, max_length=100, description="The units that receive it.")
    quarters_after: Whole = Field(
        0,
        ge=0,
        le=40,
        description="Quarters between the end of the wave before (the first: the start) and this one.",
    )
    quarters: Whole = Field(1, ge=1, le=40, description="How long it lasts.")
    cost: Maybe[Amount] = Field(None, description="A part of the project's cost.", examples=["250000.00"])
    cost_kind: CostKind = CostKind.INVESTMENT
    needs: list[NeedOfResource] = Field(
        default=[], max_length=100, description="Counted from the wave's own first quarter."
    )

    def value(self) -> Wave:
        return Wave(
            name=self.name,
            unit_ids=tuple(self.unit_ids),
            quarters=self.quarters,
            quarters_after=self.quarters_after,
            cost_minor=None if self.cost is None else int(self.cost.scaleb(2)),
            cost_kind=self.cost_kind,
            needs=tuple(one.value() for one in self.needs),
        )


class WaveOut(WaveIn):
    """A wave as it is registered."""

    state: WaveState = Field(description="A stopped wave takes and costs nothing.")
    stopped_because: Maybe[Prose] = None
