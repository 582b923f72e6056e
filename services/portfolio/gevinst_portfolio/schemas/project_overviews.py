"""What a portfolio's or programme's projects come to, on the wire."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from pydantic import Field

from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_shared.web.shapes import Currency, Day, Id, Maybe, Name, Out, Year

Count = Annotated[int, Field(ge=0, le=1_000_000_000)]


class KnownSumOut(Out):
    """Amounts together, in the portfolio's currency and price year."""

    amount: str = Field(pattern=r"^-?[0-9]{1,19}\.[0-9]{2}$", max_length=23, examples=["1250000.00"])
    currency: Currency = Field(examples=["NOK"])
    price_year: Year = Field(examples=[2026])


class ProjectsOfStatusOut(Out):
    """How many projects have a status."""

    status: ProjectStatus
    count: Count = Field(examples=[3])


class ProjectsOverviewOut(Out):
    """Current are the projects that are proposed, approved, running or paused. What is not known of some is
    in no sum; a sum of which nothing is known is absent."""

    id: Id
    name: Name = Field(examples=["Digitisation"])
    project_count: Count = Field(description="All of them, also those that are over.", examples=[12])
    statuses: list[ProjectsOfStatusOut] = Field(max_length=len(ProjectStatus))
    current_count: Count = Field(examples=[8])
    cost: Maybe[KnownSumOut] = Field(None, description="Of the current ones, as far as it is known.")
    cost_unknown: Count = Field(description="Current ones without a cost.", examples=[1])
    benefit: Maybe[KnownSumOut] = Field(None, description="Of the current ones, as far as it is known.")
    benefit_unknown: Count = Field(description="Current ones without a benefit.", examples=[2])
    first_start: Maybe[Day] = Field(None, description="The first of the current ones.")
    last_end: Maybe[Day] = Field(None, description="The last of the current ones that have an end.")
    end_unknown: Count = Field(description="Current ones without an end.", examples=[0])


def overview_members(
    place_id: UUID, name: asyncpg.Record, statuses: Sequence[asyncpg.Record], sums: asyncpg.Record
) -> dict[str, Any]:
    """The members of `ProjectsOverviewOut`, from the rows of the store."""
    counts = {ProjectStatus(row["status"]): row["count"] for row in statuses}
    days = {key: sums[key].isoformat() for key in ("first_start", "last_end") if sums[key] is not None}
    return {
        "id": str(place_id),
        "name": name["name"],
        "project_count": sum(counts.values()),
        "statuses": [
            {"status": status.value, "count": counts[status]} for status in ProjectStatus if status in counts
        ],
        "current_count": sums["current"],
        **_sum("cost", sums, name),
        **_sum("benefit", sums, name),
        **days,
        "end_unknown": sums["end_unknown"],
    }


def _sum(what: str, sums: asyncpg.Record, name: asyncpg.Record) -> dict[str, Any]:
    """Missing is not zero: a sum of nothing that is known is no sum."""
    unknown = {f"{what}_unknown": sums[f"{what}_unknown"]}
    minor = sums[f"{what}_minor"]
    if minor is None:
        return unknown
    amount = {"amount": f"{Decimal(minor).scaleb(-2):.2f}"}
    return unknown | {what: amount | {"currency": name["currency"], "price_year": name["price_year"]}}
