"""A portfolio as a workbook: what it shows to one reader, at one moment."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.criteria_models import CriteriaModel
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.project_profiles import first_quarter
from gevinst_portfolio.domain.projects import ProjectStatus
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.scenario_plan import first_quarters
from gevinst_portfolio.domain.scenarios import NoPlanYet, OtherPortfolio
from gevinst_portfolio.domain.scorers import GivenScore, project_score
from gevinst_portfolio.domain.workbooks.figures import PortfolioFigures
from gevinst_portfolio.store import budgets, criteria, plan_inputs, portfolios, scenarios, scores, workbooks
from gevinst_portfolio.usecases.running import reader_of
from gevinst_shared.db.work import Work

_QUARTERS = 16
_TAKING = frozenset({ProjectStatus.APPROVED.value, ProjectStatus.RUNNING.value})


@dataclass(frozen=True, slots=True)
class Timing:
    """When the chosen projects start, over which quarters."""

    starts: dict[str, Quarter]
    first: Quarter
    quarters: int


async def workbook_figures(
    work: Work, portfolio_id: UUID, *, scenario_id: UUID | None = None
) -> PortfolioFigures:
    """The portfolio with the reader's own scores, timed by a scenario's plan or as it is registered."""
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    rows = await workbooks.list_rows(work.connection, portfolio_id)
    timing = await _timing(work, portfolio, scenario_id, rows)
    units = await workbooks.unit_labels(work.connection)
    budget = await budgets.get_last(work.connection, portfolio_id)
    model = await criteria.get_model(work.connection, portfolio_id)
    given = await scores.list_given(work.connection, portfolio_id)
    own = {
        str(key): [one for one in found if one.scored_by == work.actor.subject]
        for key, found in given.items()
    }
    return PortfolioFigures(
        id=str(portfolio.id),
        name=portfolio.name,
        projects=workbooks.project_lines(rows, units),
        units=list(units.values()),
        criteria=[workbooks.criterion_line(each) for each in model.criteria],
        scores={key: _counted(model, found) for key, found in own.items()},
        # Each of the reader's own scores is another one when it was given anew.
        score_revisions={key: _revision(found) for key, found in own.items()},
        resources=await workbooks.list_resources(work.connection),
        budget=budget.years,
        budget_version=budget.version,
        starts=timing.starts,
        first=timing.first,
        quarters=timing.quarters,
    )


def _counted(model: CriteriaModel, given: Sequence[GivenScore]) -> dict[str, Decimal]:
    counted = project_score(model, given).counted
    return {str(one.criterion_id): Decimal(repr(one.value)) for one in given if one.id in counted}


def _revision(given: Sequence[GivenScore]) -> str:
    return hashlib.sha256(" ".join(sorted(str(one.id) for one in given)).encode()).hexdigest()[:16]


async def _timing(
    work: Work, portfolio: Portfolio, scenario_id: UUID | None, rows: Sequence[asyncpg.Record]
) -> Timing:
    if scenario_id is None:
        return _registered(work, rows)
    scenario = await scenarios.get_scenario(work.connection, scenario_id, reader_of(work))
    if scenario.portfolio_id != portfolio.id:
        raise OtherPortfolio
    if scenario.plan is None:
        raise NoPlanYet
    starts = {str(key): start for key, start in first_quarters(dict(scenario.plan)).items()}
    return Timing(starts, scenario.first, scenario.quarters)


def _registered(work: Work, rows: Sequence[asyncpg.Record]) -> Timing:
    """Approved and running work, when it says that it begins; four years from the start of this one."""
    known = [plan_inputs.figures(row) for row in rows if row["status"] in _TAKING]
    starts = {str(one.id): start for one in known if (start := first_quarter(one)) is not None}
    return Timing(starts, Quarter.at(work.today.year, 1), _QUARTERS)
