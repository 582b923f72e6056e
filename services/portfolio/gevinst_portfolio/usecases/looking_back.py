"""The portfolio as it stood at the end of a day (P8)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.snapshots import changes, refuse_days
from gevinst_portfolio.store import portfolios, snapshots
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import wire
from gevinst_shared.values.money import Money
from gevinst_shared.values.organisation import day_ends, time_zone
from gevinst_shared.values.refusal import OddCursor, Unknown


@dataclass(frozen=True, slots=True)
class PageOfDay:
    """Items as JSON texts; `next_place` is where the next page begins, or None."""

    items: Sequence[str]
    next_place: tuple[str] | None


async def look_at(work: Work, portfolio_id: UUID, day: date | None) -> dict[str, Any]:
    """The members of `SnapshotOut`; `Unknown` when the portfolio was not there yet."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    day, ends = _end(work, day)
    head = await snapshots.find_head(work.connection, portfolio_id, ends)
    if head is None:
        raise Unknown
    rows = await snapshots.list_statuses(work.connection, portfolio_id, ends)
    budget = await snapshots.find_budget(work.connection, portfolio_id, ends)
    last = await snapshots.find_last_decision(work.connection, portfolio_id, ends)
    return {
        "day": day.isoformat(),
        "ends_at": f"{ends:%Y-%m-%dT%H:%M:%S.%f}Z",
        "time_zone": time_zone(work.organisation),
        "portfolio": json.loads(head["document"]),
        "statuses": [
            {
                "status": row["status"],
                "count": row["count"],
                "unknown_cost_count": row["unknown_cost_count"],
                **_cost(row["cost_minor"], head["currency"], head["price_year"]),
            }
            for row in rows
        ],
        "resources": json.loads(await snapshots.list_resources(work.connection, ends)),
        **({} if budget is None else {"budget": json.loads(budget)}),
        **({} if last is None else {"last_decision_id": str(last)}),
    }


async def list_projects(
    work: Work, portfolio_id: UUID, day: date | None, *, after: Sequence[str] | None, limit: int
) -> PageOfDay:
    """Every project as it was then: also those that were merged, stopped or changed since."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    _, ends = _end(work, day)
    rows = await snapshots.list_projects(
        work.connection, portfolio_id, ends, after=_place(after), limit=limit + 1
    )
    return _page([(row["record_id"], row["document"]) for row in rows], limit)


async def list_changes(
    work: Work,
    portfolio_id: UUID,
    earlier: date | None,
    later: date | None,
    *,
    after: Sequence[str] | None,
    limit: int,
) -> PageOfDay:
    """What is different of each project at the end of the later day (today when none is named), against the
    end of the earlier one (the day before)."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    later, ends = _end(work, later)
    earlier = earlier or max(later, date.min + timedelta(days=1)) - timedelta(days=1)
    refuse_days(earlier, later, today=work.today)
    begins = day_ends(work.organisation, earlier)
    rows = await snapshots.list_changes(
        work.connection, portfolio_id, begins, ends, after=_place(after), limit=limit + 1
    )
    return _page([(row["record_id"], _change(row)) for row in rows], limit)


def _end(work: Work, day: date | None) -> tuple[date, datetime]:
    """The day (today when none is named), and the moment at which it ends at the organisation's place."""
    day = day or work.today
    refuse_days(day, today=work.today)
    return day, day_ends(work.organisation, day)


def _change(row: Any) -> str:  # noqa: ANN401 - asyncpg's row
    """`PortfolioChangeOut` as JSON."""
    sides = {name: json.loads(row[name]) for name in ("before", "after") if row[name] is not None}
    told = {
        "project_id": str(row["record_id"]),
        "kinds": [kind.value for kind in changes(sides.get("before"), sides.get("after"))],
        **sides,
    }
    return json.dumps(told, ensure_ascii=False)


def _page(found: Sequence[tuple[UUID, str]], limit: int) -> PageOfDay:
    shown = found[:limit]
    next_place = (str(shown[-1][0]),) if len(found) > limit else None
    return PageOfDay([text for _, text in shown], next_place)


def _place(after: Sequence[str] | None) -> UUID | None:
    try:
        return None if after is None else UUID(after[0])
    except ValueError as error:
        raise OddCursor from error


def _cost(minor: int | None, currency: str, price_year: int) -> dict[str, Any]:
    if minor is None:
        return {}
    return {"cost": wire(Money.from_minor(minor, currency, price_year))}
