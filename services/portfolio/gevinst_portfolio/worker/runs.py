"""Claiming runs and doing them (A6): a worker may die at any statement, and nothing is lost or doubled."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import asyncpg

from gevinst_portfolio.domain.runs import Ended, Run, RunNotKept, RunState
from gevinst_portfolio.domain.runs import error_of as refusal_error
from gevinst_portfolio.domain.scenarios import ScenarioDeleted
from gevinst_portfolio.store import runs, scenarios
from gevinst_portfolio.worker.calculation import CalculationDied, CalculationRefused, calculate
from gevinst_portfolio.worker.jobs import JOBS, Job
from gevinst_portfolio.worker.lease import Lease, kept
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.work import Work
from gevinst_shared.rounds import Rounds
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.refusal import Refusal

# What the database refuses each time anew; all else may go well at the next attempt.
_NEVER_KEPT = (
    asyncpg.DataError,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.ProgramLimitExceededError,
)
_log = logging.getLogger(__name__)
_ROUNDS = Rounds(_log, "runs not looked at", every=0.3)


class LeaseLost(Exception):  # noqa: N818 - what happened
    """Another worker has the run: nothing of ours may be kept."""


class CalledOff(Exception):  # noqa: N818 - what happened
    """The run was called off while its effects were being written: nothing of them may be kept."""


class RunWorker:
    """Does one run after the other; several workers may run at once, on several machines."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def follow(self) -> None:
        """Work for ever; when the database is away, look again later and later."""
        await _ROUNDS.follow(self._all)

    async def _all(self) -> None:
        while await self.once():
            pass

    async def once(self) -> bool:
        """Claim a run and do it; False when none waits."""
        async with self._database.queue() as connection:
            run = await runs.claim(connection)
        if run is None:
            return False
        _log.info("run begun", extra={"run": str(run.id), "kind": run.kind, "attempt": run.attempts})
        try:
            ended = await self._do(run)
        except (LeaseLost, CalculationDied) as error:
            _log.warning("run left", extra={"run": str(run.id), "cause": repr(error)})
            await self._let_go(run)
        except BaseException:
            # Also when this worker is stopped: the next one goes on at once.
            await asyncio.shield(self._let_go(run))
            raise
        else:
            _log.info("run ended", extra={"run": str(run.id), "state": ended.state})
        return True

    async def _do(self, run: Run) -> Ended:
        job = JOBS[run.kind]
        async with kept(self._database, run) as lease:
            try:
                async with self._database.transaction(run.organisation, read_only=True) as connection:
                    task = await job.prepare(connection, run)
                await lease.beat()
                found = await calculate(task, lease)
                return await self._keep(job, lease, found)
            except CalledOff:
                return await self._end(run, Ended(RunState.CANCELLED))
            except CalculationRefused as refused:
                return await self._end(run, Ended(RunState.FAILED, None, refused.error))
            except Refusal as refusal:
                return await self._end(run, Ended(RunState.FAILED, None, refusal_error(refusal)))
            except _NEVER_KEPT as error:
                _log.exception("run not kept", extra={"run": str(run.id)})
                told = refusal_error(RunNotKept(cause=_cause(error), run=run.id))
                return await self._end(run, Ended(RunState.FAILED, None, told))

    async def _keep(self, job: Job, lease: Lease, found: object) -> Ended:
        """The effects and the end of the run are one transaction, which only its holder can commit."""
        run = lease.run
        if lease.is_cancelled and not job.keeps_when_cancelled:
            raise CalledOff
        now = self._now()
        async with self._database.transaction(run.organisation, at=now) as connection:
            actor = Actor(run.requested_by, run.organisation)
            ended = await job.keep(Work(connection, actor, now, run.request_id), run, found)
            # From here on a cancellation waits, and is told how the run has ended.
            if await self._hold(connection, run):
                if not job.keeps_when_cancelled:
                    raise CalledOff
                ended = Ended(RunState.CANCELLED, ended.result, ended.error)
            await runs.end(connection, run, ended)
        return ended

    async def _end(self, run: Run, ended: Ended) -> Ended:
        """The end of a run of which nothing is kept; whose scenario is gone was called off with it."""
        async with self._database.transaction(run.organisation) as connection:
            if run.scenario_id is not None and await scenarios.is_deleted(connection, run.scenario_id):
                ended = Ended(RunState.CANCELLED, None, refusal_error(ScenarioDeleted()))
            if not await runs.end(connection, run, ended):
                raise LeaseLost
        return ended

    async def _hold(self, connection: Connection, run: Run) -> bool:
        """Whether the run was called off."""
        is_cancelled = await runs.hold(connection, run)
        if is_cancelled is None:
            raise LeaseLost
        return is_cancelled

    async def _let_go(self, run: Run) -> None:
        try:
            async with self._database.transaction(run.organisation) as connection:
                await runs.let_go(connection, run)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # Its lease runs out by itself.
            _log.warning("run not let go", extra={"run": str(run.id), "cause": str(error)})


def _cause(error: asyncpg.PostgresError) -> str:
    """The constraint, or what the database says before it quotes a value."""
    return str(getattr(error, "constraint_name", None) or str(error).split(":")[0])
