"""What each kind of run does: read what it needs, calculate elsewhere, keep the result in one transaction."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import cast

from gevinst_portfolio.domain.gmpp_import import import_gmpp
from gevinst_portfolio.domain.gmpp_projects import ImportedFile
from gevinst_portfolio.domain.runs import Ended, Run, RunKind
from gevinst_portfolio.store import runs
from gevinst_portfolio.usecases.importing import keep_import
from gevinst_portfolio.worker.calculation import Ear, Task
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work


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


JOBS: Mapping[RunKind, Job] = {
    RunKind.IMPORT: Job(_prepare_import, _keep_import, keeps_when_cancelled=False),
}
