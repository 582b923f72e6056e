"""Importing projects from files that others publish (P1)."""

from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.gmpp.merging import (
    NAMES,
    SOURCE,
    CellsNotUnderstood,
    Change,
    Changes,
    OtherCurrency,
    changes,
    disclosed,
    fault_count,
    problem_count,
    state_counts,
)
from gevinst_portfolio.domain.gmpp.projects import ImportedFile
from gevinst_portfolio.domain.permissions import IMPORT
from gevinst_portfolio.domain.portfolios import Portfolio
from gevinst_portfolio.domain.projects import Need, ProjectStatus, registration
from gevinst_portfolio.domain.runs import Ended, Run, RunKind, RunState, error_of
from gevinst_portfolio.events.intake import ImportFinished
from gevinst_portfolio.events.projects import ProjectChanged, ProjectProposed
from gevinst_portfolio.store import announcements, imports, portfolios, runs
from gevinst_portfolio.store.places import place_of
from gevinst_portfolio.store.profiles import needs_from
from gevinst_portfolio.usecases.running import ask_for_run
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import wire
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


async def ask_for_import(
    work: Work, portfolio_id: UUID, *, content: bytes, year: int | None, keep: str
) -> tuple[UUID, Stored]:
    """Keep the file and queue its import; the run's id and record."""
    portfolio = await portfolios.get_portfolio(work.connection, portfolio_id)
    work.require(IMPORT, await place_of(work.connection, portfolio_id=portfolio_id))
    if portfolio.currency != ImportedFile.currency:
        raise OtherCurrency(found=ImportedFile.currency, expected=portfolio.currency)
    given = {"source": SOURCE, "year": year, "keep": keep}
    run_id, stored = await ask_for_run(work, RunKind.IMPORT, portfolio_id=portfolio_id, given=given)
    await runs.add_file(work.connection, work.organisation, run_id, content)
    return run_id, stored


async def keep_import(work: Work, run: Run, file: ImportedFile) -> Ended:
    """Write what the file changes, each project with its event and audit row, and the report."""
    portfolio = await portfolios.get_portfolio(work.connection, run.portfolio_id)
    faults = fault_count(file)
    await imports.add_report(work.connection, work.organisation, run.id, file)
    if faults and run.input["keep"] == "all":
        refusal = CellsNotUnderstood(count=faults)
        report = _report(run, file, portfolio, Changes((), 0, 0), is_kept=False)
        return Ended(RunState.FAILED, report, error_of(refusal))
    known = await imports.lock_projects(work.connection, portfolio.id, SOURCE)
    found = changes(file, known.registered)
    new = [_new_row(work, portfolio, change) for change in found.changed if change.is_new]
    await imports.add_projects(work.connection, new)
    changed = [
        _changed_row(work, portfolio, change, known.rows[change.key])
        for change in found.changed
        if not change.is_new
    ]
    await imports.change_projects(work.connection, changed)
    report = _report(run, file, portfolio, found, is_kept=True)
    await _announce(work, run, portfolio, report)
    return Ended(RunState.DONE, report)


async def _announce(work: Work, run: Run, portfolio: Portfolio, report: dict[str, Any]) -> None:
    fact = ImportFinished(
        run_id=run.id,
        portfolio_id=portfolio.id,
        portfolio_name=portfolio.name,
        source_name=report["source_name"],
        created_count=report["created_count"],
        updated_count=report["updated_count"],
        problem_count=report["problem_count"],
    )
    record = recorded(work, fact, subject=subject_of("runs", run.id))
    await announcements.announce(work.connection, [record | {"before": None, "after": RawJson(fact.data)}])


def _report(
    run: Run, file: ImportedFile, portfolio: Portfolio, found: Changes, *, is_kept: bool
) -> dict[str, Any]:
    """`ImportReportOut` as JSON."""
    created = sum(change.is_new for change in found.changed)
    costs, cost = disclosed((one.whole_life_cost for one in file.projects), portfolio.price_year)
    benefits, benefit = disclosed((one.total_benefits for one in file.projects), portfolio.price_year)
    return {
        "source_name": f"GMPP {file.year}",
        "year": file.year,
        "year_source": file.year_source,
        "encoding": file.encoding,
        "delimiter": file.delimiter,
        "is_transposed": file.is_transposed,
        "keep": run.input["keep"],
        "is_kept": is_kept,
        "project_count": len(file.projects),
        "created_count": created,
        "updated_count": len(found.changed) - created,
        "unchanged_count": found.unchanged,
        "older_count": found.older,
        "problem_count": problem_count(file),
        "cell_counts": state_counts(file),
        "disclosed_cost_count": costs,
        "disclosed_cost": wire(cost),
        "disclosed_benefit_count": benefits,
        "disclosed_benefit": wire(benefit),
    }


def _new_row(work: Work, portfolio: Portfolio, change: Change) -> dict[str, Any]:
    project_id = new_id()
    columns = change.columns
    values = {
        "id": project_id,
        "portfolio_id": portfolio.id,
        **{name: getattr(columns, name) for name in NAMES},
        "zero_alternative": None,
        "programme_id": None,
        "source": SOURCE,
        "source_key": change.key,
        "source_fields": dict(change.fields),
        "is_statutory": False,
        "owner_id": None,
        "manager_id": None,
        "unit_id": None,
        "receiving_unit_ids": [],
        "currency": portfolio.currency,
        "price_year": portfolio.price_year,
        "cost_by_year": [],
        "needs": [],
        "depends_on": [],
        "excludes": [],
        "dependency_lags": [],
        "earliest_start": None,
        "latest_start": None,
        "deadline": None,
        "registration": _registration(portfolio, change, ()),
        "status": ProjectStatus.PROPOSED,
        "phase": None,
        "created_at": work.now,
    }
    fact = ProjectProposed(
        project_id=project_id,
        portfolio_id=portfolio.id,
        name=columns.name,
        status=ProjectStatus.PROPOSED,
        start=columns.start,
        end=columns.end,
    )
    return values | recorded(work, fact, subject=subject_of("projects", project_id))


def _changed_row(work: Work, portfolio: Portfolio, change: Change, row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row
    needs = needs_from(row["needs"])
    values = {
        "id": row["id"],
        **{name: getattr(change.columns, name) for name in NAMES},
        "source_fields": dict(change.fields),
        "registration": row["registration_overruled"] or _registration(portfolio, change, needs),
    }
    fact = ProjectChanged(
        project_id=row["id"],
        portfolio_id=portfolio.id,
        name=change.columns.name,
        status=row["status"],
        start=change.columns.start,
        end=change.columns.end,
        unit_id=row["unit_id"],
        owner_id=row["owner_id"],
        manager_id=row["manager_id"],
    )
    return values | recorded(work, fact, subject=subject_of("projects", row["id"]))


def _registration(portfolio: Portfolio, change: Change, needs: tuple[Need, ...]) -> str:
    minor = change.columns.cost_minor
    cost = None if minor is None else Money.from_minor(minor, portfolio.currency, portfolio.price_year)
    return registration(
        portfolio.threshold, cost=cost, start=change.columns.start, end=change.columns.end, needs=needs
    )
