"""What each kind of run does: read what it needs, calculate elsewhere, keep the result in one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast
from uuid import UUID

from gevinst_portfolio.domain.gmpp.projects import ImportedFile
from gevinst_portfolio.domain.runs import Ended, Run, RunKind
from gevinst_portfolio.domain.scenario_solving import Answered
from gevinst_portfolio.store import runs, scenarios
from gevinst_portfolio.usecases.analysing import asked_of, keep_analysis
from gevinst_portfolio.usecases.importing import keep_import
from gevinst_portfolio.usecases.planning import ask, keep_plan
from gevinst_portfolio.usecases.uploading import keep_application, keep_reading
from gevinst_portfolio.worker.analysing import Analysed, analyse_scenario
from gevinst_portfolio.worker.calculation import Task
from gevinst_portfolio.worker.reading import read_gmpp, read_tables
from gevinst_portfolio.worker.solving import solve_scenario
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.sheets.reading import Table


@dataclass(frozen=True, slots=True)
class Job:
    """`prepare` makes the calculation out of the database, `keep` writes what came out of it.

    `keeps_when_cancelled`: a calculation that was called off still gives something worth keeping.
    """

    prepare: Callable[[Connection, Run], Awaitable[Task]]
    keep: Callable[[Work, Run, object], Awaitable[Ended]]
    keeps_when_cancelled: bool


async def _prepare_import(connection: Connection, run: Run) -> Task:
    content = await runs.get_file(connection, run.id)
    return partial(read_gmpp, content=content, year=run.input["year"])


async def _keep_import(work: Work, run: Run, found: object) -> Ended:
    return await keep_import(work, run, cast(ImportedFile, found))


async def _prepare_solve(connection: Connection, run: Run) -> Task:
    assert run.scenario_id is not None
    scenario = await scenarios.get_scenario(connection, run.scenario_id, runs.EVERYBODY)
    return partial(solve_scenario, asked=await ask(connection, scenario))


async def _keep_solve(work: Work, run: Run, found: object) -> Ended:
    return await keep_plan(work, run, cast(Answered, found))


async def _prepare_reading(connection: Connection, run: Run) -> Task:
    content = await runs.get_file(connection, run.id)
    return partial(read_tables, content=content, is_csv=run.input["is_csv"])


async def _keep_reading(work: Work, run: Run, found: object) -> Ended:
    return await keep_reading(work, run, cast(list[Table], found))


async def _prepare_application(connection: Connection, run: Run) -> Task:
    content = await runs.get_file(connection, UUID(run.input["upload"]))
    return partial(read_tables, content=content, is_csv=run.input["is_csv"])


async def _keep_application(work: Work, run: Run, found: object) -> Ended:
    return await keep_application(work, run, cast(list[Table], found))


async def _prepare_analysis(connection: Connection, run: Run) -> Task:
    assert run.scenario_id is not None
    scenario = await scenarios.get_scenario(connection, run.scenario_id, runs.EVERYBODY)
    return partial(analyse_scenario, wanted=await asked_of(connection, scenario, run.input))


async def _keep_analysis(work: Work, run: Run, found: object) -> Ended:
    analysed = cast(Analysed, found)
    return await keep_analysis(work, run, analysed.wanted, analysed.result)


JOBS: Mapping[RunKind, Job] = {
    RunKind.IMPORT: Job(_prepare_import, _keep_import, keeps_when_cancelled=False),
    RunKind.SOLVE: Job(_prepare_solve, _keep_solve, keeps_when_cancelled=True),
    RunKind.READ_UPLOAD: Job(_prepare_reading, _keep_reading, keeps_when_cancelled=False),
    RunKind.APPLY_UPLOAD: Job(_prepare_application, _keep_application, keeps_when_cancelled=False),
    RunKind.ANALYSE: Job(_prepare_analysis, _keep_analysis, keeps_when_cancelled=False),
}
