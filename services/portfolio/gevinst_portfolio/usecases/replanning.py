"""Planning again when capacity is free: a new scenario out of the last decided one (G6, P8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.permissions import PLAN
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.replans import (
    NothingDecidedYet,
    ReplanHandled,
    YearAndKind,
    carried,
    left_of,
    shifted,
)
from gevinst_portfolio.domain.scenario_candidates import INACTIVE
from gevinst_portfolio.domain.scenario_options import concepts_open
from gevinst_portfolio.events.board import ReplanAccepted, ReplanDismissed
from gevinst_portfolio.store import concepts, decisions, plan_inputs, releases, replans
from gevinst_portfolio.usecases.planning import ask_for_plan, make_scenario
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place

_LONGEST_NAME = 200


async def accept_replan(work: Work, replan_id: UUID, *, name: str | None, expected: int) -> Stored | None:
    """Copy the last decided scenario to today's state and ask for its plan; None when changed meanwhile.

    The register says what is free; what stopped work has spent of the year's money stays spent.
    """
    row = await _open(work, replan_id)
    portfolio_id = row["portfolio_id"]
    scenario_id = await decisions.find_last_scenario(work.connection, portfolio_id)
    if scenario_id is None:
        raise NothingDecidedYet
    said = await _copied(work, portfolio_id, scenario_id, name)
    made, _ = await make_scenario(work, portfolio_id, said)
    run_id, _ = await ask_for_plan(work, made)
    fact = ReplanAccepted(
        replan_id=replan_id, release_id=row["release_id"], portfolio_id=portfolio_id, scenario_id=made
    )
    record = recorded(work, fact, subject=subject_of("replans", replan_id))
    values = {**_handled(work, row), "state": "accepted", "scenario_id": made, "run_id": run_id}
    return await replans.RECORDS.change(work.connection, values, record, expected=expected)


async def dismiss_replan(work: Work, replan_id: UUID, *, reason: str, expected: int) -> Stored | None:
    """Leave the capacity free, and say why; None when the offer changed meanwhile."""
    row = await _open(work, replan_id)
    fact = ReplanDismissed(
        replan_id=replan_id,
        release_id=row["release_id"],
        portfolio_id=row["portfolio_id"],
        reason=reason,
    )
    record = recorded(work, fact, subject=subject_of("replans", replan_id), reason=reason)
    values = {**_handled(work, row), "state": "dismissed", "reason": reason}
    return await replans.RECORDS.change(work.connection, values, record, expected=expected)


async def _open(work: Work, replan_id: UUID) -> asyncpg.Record:
    row = await replans.lock_replan(work.connection, replan_id)
    work.require(PLAN, Place(portfolios=frozenset({row["portfolio_id"]})))
    if row["state"] != "open":
        raise ReplanHandled(state=row["state"])
    return row


def _handled(work: Work, row: asyncpg.Record) -> dict[str, Any]:
    return {**dict(row), "handled_by": work.actor.subject, "handled_at": work.now}


async def _copied(work: Work, portfolio_id: UUID, scenario_id: UUID, name: str | None) -> dict[str, Any]:
    """What is said of the new scenario: the old one's, from the next quarter on."""
    old = await replans.get_scenario_said(work.connection, scenario_id)
    first, quarters = shifted(Quarter.read(old["first_quarter"]), old["quarters"], work.today)
    projects = await plan_inputs.list_figures(work.connection, portfolio_id)
    active = {str(one.id) for one in projects if one.status not in INACTIVE}
    known = await concepts.list_of_portfolio(work.connection, portfolio_id)
    active |= {
        str(key) for one in projects if one.status not in INACTIVE for key in concepts_open(one, known)
    }
    assumptions = old["assumptions"]
    stops = {row["project_id"]: row for row in await releases.list_last(work.connection, portfolio_id)}
    supply = await plan_inputs.get_supply(work.connection, portfolio_id)
    own = plan_inputs.money_by_year(assumptions["budgets"])
    money = left_of(
        supply.money,
        own,
        [
            (one, stops[one.id]["released_on"], stops[one.id]["created_at"] > old["created_at"])
            for one in projects
            if one.status in INACTIVE and one.id in stops
        ],
        first.year,
    )
    return {
        "name": (name or f"{old['name']} {work.today.isoformat()}")[-_LONGEST_NAME:],
        "first_quarter": str(first),
        "quarters": quarters,
        "seed": old["seed"],
        "work_limit": old["work_limit"],
        "assumptions": {**carried(assumptions, active, first), "budgets": _lines(money)},
    }


def _lines(money: Mapping[YearAndKind, int]) -> list[dict[str, Any]]:
    """`MoneyOfYear` as JSON."""
    return [
        {"year": year, "kind": kind.value, "amount": f"{Decimal(minor).scaleb(-2):.2f}"}
        for (year, kind), minor in sorted(money.items())
    ]
