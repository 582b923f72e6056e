"""Proposing and changing projects (P1, P2)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.closings import Closing, ProjectKind, benefit_of
from gevinst_portfolio.domain.permissions import PROPOSE
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import (
    CostOfYear,
    Lag,
    Need,
    ProjectStatus,
    Window,
    refuse_impossible,
    refuse_odd_estimate,
    refuse_odd_timing,
)
from gevinst_portfolio.events.projects import ProjectProposed
from gevinst_portfolio.store import portfolios, projects
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.profiles import closing_json, costs_json, needs_json
from gevinst_portfolio.store.references import refuse_unknown_references
from gevinst_portfolio.usecases.thresholds import registration_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a proposer says of a project; money is in the portfolio's currency and price year."""

    portfolio_id: UUID
    name: str
    source: str
    programme_id: UUID | None = None
    need: str | None = None
    zero_alternative: str | None = None
    category: str | None = None
    is_statutory: bool = False
    owner_id: UUID | None = None
    manager_id: UUID | None = None
    unit_id: UUID | None = None
    receiving_unit_ids: tuple[UUID, ...] = ()
    start: date | None = None
    end: date | None = None
    cost: Decimal | None = None
    benefit: Decimal | None = None
    cost_low: Decimal | None = None
    cost_high: Decimal | None = None
    benefit_low: Decimal | None = None
    benefit_high: Decimal | None = None
    cost_by_year: tuple[CostOfYear, ...] = ()
    needs: tuple[Need, ...] = ()
    depends_on: tuple[UUID, ...] = ()
    excludes: tuple[UUID, ...] = ()
    dependency_lags: tuple[Lag, ...] = ()
    earliest_start: date | None = None
    latest_start: date | None = None
    deadline: date | None = None
    closing: Closing | None = None
    supporters: tuple[str, ...] = ()
    source_key: str | None = None
    source_fields: dict[str, str] | None = None


async def propose(work: Work, proposal: Proposal) -> tuple[UUID, Stored]:
    """Register a proposal; its id and record."""
    portfolio = await portfolios.get_portfolio(work.connection, proposal.portfolio_id)
    if not PROPOSE.roles & work.actor.roles:
        place = await place_of(
            work.connection,
            portfolio_id=portfolio.id,
            programme_id=proposal.programme_id,
            unit_id=proposal.unit_id,
        )
        work.require(PROPOSE, place)
    await refuse_unknown(work, proposal)
    project_id = new_id()
    values = project_values(portfolio, project_id, proposal)
    values |= {"status": ProjectStatus.PROPOSED, "phase": None, "created_at": work.now}
    values["supporters"] = list(proposal.supporters)
    fact = ProjectProposed.of(values, project_id=project_id)
    record = recorded(work, fact, subject=subject_of("projects", project_id))
    return project_id, await projects.add_project(work.connection, values, record)


async def refuse_unknown(work: Work, proposal: Proposal) -> None:
    """Refuse a proposal that names units, projects, a programme or resources that are not there."""
    programme = [] if proposal.programme_id is None else [proposal.programme_id]
    freed = [] if proposal.closing is None else [one.resource_id for one in proposal.closing.frees]
    references = {
        "receiving_unit_ids": list(proposal.receiving_unit_ids),
        "depends_on": list(proposal.depends_on),
        "excludes": list(proposal.excludes),
        "programme_id": programme,
        "resource_ids": [need.resource_id for need in proposal.needs] + freed,
    }
    if any(references.values()):
        await refuse_unknown_references(work.connection, proposal.portfolio_id, references)


def project_values(portfolio: Portfolio, project_id: UUID, proposal: Proposal) -> dict[str, Any]:
    """The columns that follow from what the proposer says, with the registration that P2 gives it."""
    refuse_impossible(
        project_id,
        start=proposal.start,
        end=proposal.end,
        depends_on=proposal.depends_on,
        excludes=proposal.excludes,
    )
    window = Window(proposal.earliest_start, proposal.latest_start, proposal.deadline)
    refuse_odd_timing(window, proposal.dependency_lags, proposal.depends_on)
    benefit = benefit_of(proposal.closing, proposal.benefit)
    refuse_odd_estimate("cost", proposal.cost_low, proposal.cost, proposal.cost_high)
    refuse_odd_estimate("benefit", proposal.benefit_low, benefit, proposal.benefit_high)
    values = {
        "id": project_id,
        "portfolio_id": portfolio.id,
        "programme_id": proposal.programme_id,
        "name": proposal.name,
        "need": proposal.need,
        "zero_alternative": proposal.zero_alternative,
        "source": proposal.source,
        "source_key": proposal.source_key,
        "source_fields": proposal.source_fields or {},
        "category": proposal.category,
        "is_statutory": proposal.is_statutory,
        "owner_id": proposal.owner_id,
        "manager_id": proposal.manager_id,
        "unit_id": proposal.unit_id,
        "receiving_unit_ids": list(proposal.receiving_unit_ids),
        "start": proposal.start,
        "end": proposal.end,
        "cost_minor": _minor(proposal.cost, portfolio),
        "benefit_minor": _minor(benefit, portfolio),
        "cost_low_minor": _minor(proposal.cost_low, portfolio),
        "cost_high_minor": _minor(proposal.cost_high, portfolio),
        "benefit_low_minor": _minor(proposal.benefit_low, portfolio),
        "benefit_high_minor": _minor(proposal.benefit_high, portfolio),
        "currency": portfolio.currency,
        "price_year": portfolio.price_year,
        "cost_by_year": costs_json(proposal.cost_by_year),
        "needs": needs_json(proposal.needs),
        "depends_on": list(proposal.depends_on),
        "excludes": list(proposal.excludes),
        "dependency_lags": [
            {"project_id": str(lag.project_id), "lag_quarters": lag.quarters}
            for lag in proposal.dependency_lags
        ],
        "earliest_start": proposal.earliest_start,
        "latest_start": proposal.latest_start,
        "deadline": proposal.deadline,
        "kind": ProjectKind.PROJECT if proposal.closing is None else ProjectKind.CLOSING,
        "closing": None if proposal.closing is None else closing_json(proposal.closing),
    }
    return {**values, "registration": registration_of(portfolio, values, proposal.needs)}


def _minor(amount: Decimal | None, portfolio: Portfolio) -> int | None:
    return None if amount is None else Money(amount, portfolio.currency, portfolio.price_year).minor
