"""Registering the organisation and arranging its portfolios."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.permissions import ADMINISTER, ARRANGE
from gevinst_portfolio.events.projects import ProjectChanged
from gevinst_portfolio.events.register import (
    OrganisationRegistered,
    PortfolioArranged,
    PortfolioChanged,
    ProgrammeChanged,
)
from gevinst_portfolio.store import announcements, organisations, portfolios, programmes, projects
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money
from gevinst_shared.values.organisation import country


async def register_organisation(work: Work, *, name: str, currency: str, language: str) -> Stored:
    """Register the caller's organisation, or change what it says of itself."""
    work.require(ADMINISTER, Place())
    fact = OrganisationRegistered(name=name, currency=currency, language=language)
    record = recorded(work, fact, subject=f"organisations/{work.organisation}")
    new = {"new_name": name, "new_currency": currency, "new_language": language}
    changed = await organisations.change_organisation(work.connection, new, record)
    if changed is not None:
        return changed
    values = {
        "name": name,
        "country": country(work.organisation),
        "currency": currency,
        "language": language,
        "created_at": work.now,
    }
    return await organisations.add_organisation(work.connection, values, record)


async def arrange_portfolio(  # noqa: PLR0913 - what a portfolio is
    work: Work,
    *,
    name: str,
    currency: str,
    price_year: int,
    threshold_cost: Decimal | None,
    threshold_months: int | None,
    threshold_shared_resources: bool,
    threshold_may_be_overruled: bool,
) -> tuple[UUID, Stored]:
    """Make a portfolio with its entry threshold (P2); its id and record."""
    work.require(ARRANGE, Place())
    portfolio_id = new_id()
    cost = None if threshold_cost is None else Money(threshold_cost, currency, price_year).minor
    values = {
        "id": portfolio_id,
        "name": name,
        "currency": currency,
        "price_year": price_year,
        "threshold_cost_minor": cost,
        "threshold_months": threshold_months,
        "threshold_shared_resources": threshold_shared_resources,
        "threshold_may_be_overruled": threshold_may_be_overruled,
        "created_at": work.now,
    }
    fact = PortfolioArranged(portfolio_id=portfolio_id, name=name)
    record = recorded(work, fact, subject=subject_of("portfolios", portfolio_id))
    return portfolio_id, await portfolios.RECORDS.add(work.connection, values, record)


@dataclass(frozen=True, slots=True)
class PortfolioChange:
    """What can change of a portfolio; its currency and price year cannot, for they are its projects' too."""

    name: str
    threshold_cost: Decimal | None
    threshold_months: int | None
    threshold_shared_resources: bool
    threshold_may_be_overruled: bool


async def change_portfolio(
    work: Work, portfolio_id: UUID, change: PortfolioChange, *, expected: int
) -> Stored | None:
    """Change the portfolio, and what its threshold makes of its projects; None when it changed meanwhile."""
    await portfolios.hold(work.connection, portfolio_id)
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(ARRANGE, Place(portfolios=frozenset({portfolio_id})))
    limit = change.threshold_cost
    cost = None if limit is None else Money(limit, portfolio.currency, portfolio.price_year).minor
    threshold = {
        "threshold_cost_minor": cost,
        "threshold_months": change.threshold_months,
        "threshold_shared_resources": change.threshold_shared_resources,
    }
    # P2: the threshold is the portfolio's own setting, and it holds for all of its projects.
    moved = await projects.register_again(work.connection, portfolio_id, threshold)
    fact = PortfolioChanged(portfolio_id=portfolio_id, name=change.name, reregistered=len(moved))
    record = recorded(work, fact, subject=subject_of("portfolios", portfolio_id))
    values = {
        "id": portfolio_id,
        "name": change.name,
        **threshold,
        "threshold_may_be_overruled": change.threshold_may_be_overruled,
    }
    stored = await portfolios.RECORDS.change(work.connection, values, record, expected=expected)
    if stored is not None:
        await announcements.announce(work.connection, [_registered(work, row) for row in moved])
    return stored


async def make_programme(work: Work, *, portfolio_id: UUID, name: str) -> tuple[UUID, Stored]:
    """Make a programme in a portfolio; its id and record."""
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(ARRANGE, Place(portfolios=frozenset({portfolio.id})))
    programme_id = new_id()
    fact = ProgrammeChanged(programme_id=programme_id, portfolio_id=portfolio_id, name=name)
    record = recorded(work, fact, subject=subject_of("programmes", programme_id))
    values = {"id": programme_id, "portfolio_id": portfolio_id, "name": name, "created_at": work.now}
    return programme_id, await programmes.RECORDS.add(work.connection, values, record)


async def change_programme(work: Work, programme_id: UUID, *, name: str, expected: int) -> Stored | None:
    """Rename the programme; None when it changed meanwhile."""
    portfolio_id = await programmes.get_portfolio_id(work.connection, programme_id)
    place = Place(portfolios=frozenset({portfolio_id}), programmes=frozenset({programme_id}))
    work.require(ARRANGE, place)
    fact = ProgrammeChanged(programme_id=programme_id, portfolio_id=portfolio_id, name=name)
    record = recorded(work, fact, subject=subject_of("programmes", programme_id))
    values = {"id": programme_id, "name": name}
    return await programmes.RECORDS.change(work.connection, values, record, expected=expected)


def _registered(work: Work, row: Any) -> dict[str, Any]:  # noqa: ANN401 - asyncpg's row
    fact = ProjectChanged.of(row, project_id=row["id"])
    record = recorded(work, fact, subject=subject_of("projects", row["id"]))
    return {
        **record,
        "before": {"registration": row["previous_registration"]},
        "after": {"registration": row["registration"]},
    }
