"""What a stop or a pause leaves to others is written down, told, and offered for planning again (G6)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.decisions import Effect
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.project_profiles import ProjectFigures
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.releases import Freed, freed_between
from gevinst_portfolio.events.board import ReplanOffered
from gevinst_portfolio.events.projects import CapacityFreed
from gevinst_portfolio.store import announcements, decisions, plan_inputs, releases, replans
from gevinst_portfolio.usecases.lending import return_unspent
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import wire
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money

PERSON_MONTHS = "person-months"
_NEVER = Quarter.at(9999, 4)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is free again: a gate's outcome or a decision of the board; `until` for a while only."""

    released_on: date
    reason: str | None
    gate_outcome_id: UUID | None = None
    decision_id: UUID | None = None
    is_temporary: bool = False
    until: date | None = None


async def freed_by_end(work: Work, project: ProjectFigures, ended_on: date) -> Freed:
    """What ends with the project: the quarters after the day that no pause has released already."""
    first = max(Quarter.of(ended_on).plus(1), await released_until(work, project))
    takes = ProjectStatus.RUNNING if project.status is ProjectStatus.PAUSED else project.status
    return freed_between(replace(project, status=takes), first, None)


async def released_until(work: Work, project: ProjectFigures) -> Quarter:
    """The first quarter that the project's pause has not released: quarter 0 when it released none.

    A pause of unknown length has released everything.
    """
    nothing = Quarter(0)
    if project.status is not ProjectStatus.PAUSED:
        return nothing
    last = (await decisions.find_last_of(work.connection, [project.id])).get(project.id)
    if last is None or last["effect"] != Effect.PAUSED:
        return nothing
    found = await releases.find_of_decision(work.connection, last["decision_id"])
    if found is None:
        return nothing
    return _NEVER if found["until"] is None else Quarter.of(found["until"])


async def release(work: Work, row: asyncpg.Record, portfolio: Portfolio, freed: Freed, cause: Cause) -> None:
    """Keep what is free again, tell it, and offer to plan again when it is anything at all."""
    if not cause.is_temporary:
        await return_unspent(work, row["id"], stopped_on=cause.released_on, reason=cause.reason)
    release_id = new_id()
    known = await plan_inputs.resource_kinds(work.connection)
    knows_cost = plan_inputs.figures(row).has_known_cost
    total = Money.from_minor(freed.total_minor, portfolio.currency, portfolio.price_year)
    values = {
        "organisation_id": work.organisation,
        "id": release_id,
        "portfolio_id": portfolio.id,
        "project_id": row["id"],
        "project_name": row["name"],
        "gate_outcome_id": cause.gate_outcome_id,
        "decision_id": cause.decision_id,
        "released_on": cause.released_on,
        "is_temporary": cause.is_temporary,
        "until": cause.until,
        "money": _money(freed, portfolio),
        "resources": _resources(freed, known),
        "total_minor": total.minor if knows_cost else None,
        "currency": portfolio.currency,
        "price_year": portfolio.price_year,
        "created_at": work.now,
    }
    await releases.add_release(work.connection, values)
    fact = CapacityFreed(
        release_id=release_id,
        project_id=row["id"],
        portfolio_id=portfolio.id,
        project_name=row["name"],
        portfolio_name=portfolio.name,
        freed_money=total if knows_cost else None,
        freed_person_months=_sum_of(freed, known, "role", PERSON_MONTHS),
        freed_change_load=_sum_of(freed, known, "change-load"),
    )
    record = recorded(work, fact, subject=subject_of("releases", release_id), reason=cause.reason)
    await announcements.announce(work.connection, [record | {"before": None, "after": RawJson(fact.data)}])
    if not freed.is_empty:
        await _offer(work, row, portfolio, release_id)


async def _offer(work: Work, row: asyncpg.Record, portfolio: Portfolio, release_id: UUID) -> None:
    replan_id = new_id()
    fact = ReplanOffered(
        replan_id=replan_id,
        release_id=release_id,
        portfolio_id=portfolio.id,
        project_id=row["id"],
        project_name=row["name"],
        portfolio_name=portfolio.name,
    )
    record = recorded(work, fact, subject=subject_of("replans", replan_id))
    values = {
        "id": replan_id,
        "portfolio_id": portfolio.id,
        "release_id": release_id,
        "state": "open",
        "created_at": work.now,
    }
    await replans.add_replan(work.connection, values, record)


def _money(freed: Freed, portfolio: Portfolio) -> list[dict[str, Any]]:
    """`FreedMoneyOut` as JSON."""
    return [
        {
            "year": one.year,
            "kind": one.kind.value,
            "amount": wire(Money.from_minor(one.minor, portfolio.currency, portfolio.price_year)),
        }
        for one in freed.money
    ]


def _resources(freed: Freed, known: dict[UUID, asyncpg.Record]) -> list[dict[str, Any]]:
    """`FreedResourceOut` as JSON."""
    return [
        {
            "resource_id": str(one.resource_id),
            "resource_name": known[one.resource_id]["name"],
            "kind": known[one.resource_id]["kind"],
            "measure": known[one.resource_id]["measure"],
            "total": float(one.total),
            "quarters": [
                {"quarter": str(quarter), "amount": float(amount)} for quarter, amount in one.quarters
            ],
        }
        for one in freed.resources
        if one.resource_id in known
    ]


def _sum_of(
    freed: Freed, known: dict[UUID, asyncpg.Record], kind: str, measure: str | None = None
) -> Decimal | None:
    """What is freed of all resources of a kind; None when there are none, or they are counted otherwise."""
    amounts = [
        one.total
        for one in freed.resources
        if (row := known.get(one.resource_id)) is not None
        and row["kind"] == kind
        and measure in {None, row["measure"]}
    ]
    return sum(amounts, Decimal(0)) if amounts else None
