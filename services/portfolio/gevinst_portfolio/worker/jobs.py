"""What each kind of run does: read what it needs, calculate elsewhere, keep the result in one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast

from gevinst_portfolio.domain.gmpp_import import import_gmpp
from gevinst_portfolio.domain.gmpp_projects import ImportedFile
from gevinst_portfolio.domain.plan_problem import Number
from gevinst_portfolio.domain.plan_refusals import MandatoryCannotFit, NoPossibleStart
from gevinst_portfolio.domain.plan_solver import solve
from gevinst_portfolio.domain.plan_validity import refuse_invalid
from gevinst_portfolio.domain.runs import Ended, Run, RunKind
from gevinst_portfolio.store import runs, scenarios
from gevinst_portfolio.usecases.importing import keep_import
from gevinst_portfolio.usecases.planning import Answered, Asked, ask, keep_plan
from gevinst_portfolio.worker.calculation import Ear, Task
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work

_LONGEST_SECONDS = 900.0


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
    return partial(_read_file, content=content, year=run.input["year"])


def _read_file(ear: Ear, *, content: bytes, year: int | None) -> ImportedFile:
    ear.progress(0.1, "reading the file")
    file = import_gmpp(content, year=year)
    ear.progress(0.5, f"keeping {len(file.projects)} projects")
    return file


async def _keep_import(work: Work, run: Run, found: object) -> Ended:
    return await keep_import(work, run, cast(ImportedFile, found))


async def _prepare_solve(connection: Connection, run: Run) -> Task:
    assert run.scenario_id is not None
    scenario = await scenarios.get_scenario(connection, run.scenario_id, runs.EVERYBODY)
    return partial(_answer, asked=await ask(connection, scenario))


def _answer(ear: Ear, *, asked: Asked) -> Answered:
    problem = asked.question.problem
    names = {str(project.id): project.name for project in asked.projects}
    try:
        refuse_invalid(problem)
    except (MandatoryCannotFit, NoPossibleStart) as refusal:
        # People know projects by their names.
        known = {key: _named(value, names) for key, value in refusal.values.items()}
        raise type(refusal)(pointer=None, **known) from None

    def progress(value: Number | None, bound: Number | None, gap: float | None, share: float) -> None:
        known = [None if number is None else float(number) for number in (value, bound)]
        ear.progress(share, "searching", value=known[0], bound=known[1], gap=gap)

    solution = solve(
        problem,
        work_limit=asked.scenario.work_limit,
        seed=asked.scenario.seed,
        time_limit=_LONGEST_SECONDS,
        progress=progress,
        is_cancelled=ear.shall_stop,
    )
    return Answered(asked, solution)


def _named(value: object, names: Mapping[str, str]) -> object:
    text = str(value)
    for key, name in names.items():
        text = text.replace(key, name)
    return text


async def _keep_solve(work: Work, run: Run, found: object) -> Ended:
    return await keep_plan(work, run, cast(Answered, found))


JOBS: Mapping[RunKind, Job] = {
    RunKind.IMPORT: Job(_prepare_import, _keep_import, keeps_when_cancelled=False),
    RunKind.SOLVE: Job(_prepare_solve, _keep_solve, keeps_when_cancelled=True),
}
