"""Registering the organisation and arranging its portfolios."""

from decimal import Decimal
from uuid import UUID

from gevinst_portfolio.events import OrganisationRegistered, PortfolioArranged
from gevinst_portfolio.store import organisations, portfolios
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money
from gevinst_shared.values.organisation import country


async def register_organisation(work: Work, *, name: str, currency: str, language: str) -> Stored:
    """Register the caller's organisation, or change what it says of itself."""
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
) -> tuple[UUID, Stored]:
    """Make a portfolio with its entry threshold (P2); its id and record."""
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
        "created_at": work.now,
    }
    fact = PortfolioArranged(portfolio_id=portfolio_id, name=name)
    record = recorded(work, fact, subject=subject_of("portfolios", portfolio_id))
    return portfolio_id, await portfolios.add_portfolio(work.connection, values, record)
