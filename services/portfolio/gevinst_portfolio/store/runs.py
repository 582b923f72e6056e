"""Runs in the database: asked for by people, claimed by workers."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Integer,
    Interval,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)

from gevinst_portfolio.domain.runs import MOST_ATTEMPTS, Ended, Run, RunAbandoned, RunKind, RunState, error_of
from gevinst_portfolio.domain.scenarios import ScenarioDeleted
from gevinst_portfolio.tables.runs import run, run_file
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Refusal, Unknown

LEASE = timedelta(seconds=30)
EVERYBODY = "*"
_UPLOADS: list[ColumnElement[str]] = [
    literal_column(f"'{kind}'") for kind in (RunKind.READ_UPLOAD, RunKind.APPLY_UPLOAD)
]


def run_document(c: Columns) -> ColumnElement[Any]:
    """`RunOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        kind=c.kind,
        portfolio_id=c.portfolio_id,
        scenario_id=c.scenario_id,
        state=c.state,
        progress=c.progress,
        import_report=case((c.kind == RunKind.IMPORT, c.result)),
        plan_summary=case((c.kind == RunKind.SOLVE, c.result)),
        upload_report=case((c.kind.in_(_UPLOADS), c.result)),
        # An analysis has the id of its run.
        analysis_id=case((and_(c.kind == RunKind.ANALYSE, c.state == RunState.DONE), c.id)),
        error=c.error,
        cancel_requested=c.cancel_requested,
        attempts=c.attempts,
        requested_by=c.requested_by,
        revision=c.revision,
        created_at=moment(c.created_at),
        started_at=moment(c.started_at),
        ended_at=moment(c.ended_at),
    )


def _seen_by(reader: ColumnElement[Any]) -> ColumnElement[Any]:
    """P8: a scenario is private, and so is what is said of its solving; imports are everybody's."""
    return case(
        (run.c.kind == RunKind.IMPORT, reader),
        (reader == EVERYBODY, reader),
        else_=run.c.requested_by,
    )


LISTING = Listing(
    run,
    run_document,
    filters={
        "reader": _seen_by(bindparam("filter_reader", type_=Text)),
        "portfolio": run.c.portfolio_id,
        "scenario": run.c.scenario_id,
        "kind": run.c.kind,
        "state": run.c.state,
    },
    sorts={"id": run.c.id},
)
_READER = bindparam("reader", type_=Text)
_MINE = (run.c.id == bindparam("id"), _seen_by(_READER) == _READER)
_GET = Query(select(run_document(run.c).label("document"), run.c.revision, run.c.state).where(*_MINE))
# Not the strongest lock: that would wait for the rows that a worker writes about the run.
_LOCK = Query(select(run.c.state).where(*_MINE).with_for_update(key_share=True))
_ADD = Query(
    insert(run)
    .values(
        {
            name: bindparam(name)
            for name in (
                "organisation_id",
                "id",
                "kind",
                "portfolio_id",
                "scenario_id",
                "input",
                "requested_by",
                "request_id",
                "created_at",
            )
        }
    )
    .values(state=RunState.QUEUED, progress={"share": 0, "text": "waiting"})
    .returning(run_document(run.c).label("document"), run.c.revision)
)
_ADD_FILE = Query(
    insert(run_file).values({column.name: bindparam(column.name) for column in run_file.columns})
)
_FILE = Query(select(run_file.c.content).where(run_file.c.run_id == bindparam("run_id")))
_NEXT_REVISION = {"revision": run.c.revision + 1}
_CANCEL_QUEUED = Query(
    update(run)
    .where(run.c.id == bindparam("id"), run.c.state == RunState.QUEUED)
    .values(
        state=RunState.CANCELLED,
        error=bindparam("new_error", type_=run.c.error.type),
        cancel_requested=True,
        ended_at=func.now(),
        **_NEXT_REVISION,
    )
)
_ASK_TO_STOP = Query(
    update(run)
    .where(run.c.id == bindparam("id"), run.c.state == RunState.RUNNING, ~run.c.cancel_requested)
    .values(cancel_requested=True, **_NEXT_REVISION)
)
_OF_SCENARIO = Query(
    select(run.c.id).where(
        run.c.scenario_id == bindparam("scenario_id", type_=Uuid),
        run.c.state.in_([literal_column("'queued'"), literal_column("'running'")]),
    )
)

_UNTIL = func.now() + literal(LEASE, Interval)
_IS_LEFT_ALONE = and_(run.c.state == RunState.RUNNING, run.c.lease_until < func.now())
_ABANDON = Query(
    update(run)
    .where(_IS_LEFT_ALONE, run.c.attempts >= MOST_ATTEMPTS)
    .values(
        state=RunState.FAILED,
        error=error_of(RunAbandoned(attempts=MOST_ATTEMPTS)),
        lease_until=null(),
        ended_at=func.now(),
        **_NEXT_REVISION,
    )
)
_waiting = (
    select(run.c.organisation_id, run.c.id)
    .where(or_(run.c.state == RunState.QUEUED, _IS_LEFT_ALONE), run.c.attempts < MOST_ATTEMPTS)
    .order_by(run.c.created_at)
    .limit(literal_column("1"))
    .with_for_update(skip_locked=True)
    .cte("waiting")
)
_CLAIM = Query(
    update(run)
    .where(run.c.organisation_id == _waiting.c.organisation_id, run.c.id == _waiting.c.id)
    .values(
        state=RunState.RUNNING,
        attempts=run.c.attempts + 1,
        lease_until=_UNTIL,
        started_at=func.coalesce(run.c.started_at, func.now()),
        **_NEXT_REVISION,
    )
    .returning(run)
)
# A worker that lost its lease no longer finds its number here, and so cannot write (A6).
_HELD = (
    run.c.id == bindparam("id"),
    run.c.attempts == bindparam("held_attempts", type_=Integer),
    run.c.state == RunState.RUNNING,
)
_progress = bindparam("new_progress", type_=run.c.progress.type)
_BEAT = Query(
    update(run)
    .where(*_HELD)
    .values(
        lease_until=_UNTIL,
        progress=_progress,
        revision=run.c.revision + case((run.c.progress.is_distinct_from(_progress), 1), else_=0),
    )
    .returning(run.c.cancel_requested)
)
_HOLD = Query(select(run.c.cancel_requested).where(*_HELD).with_for_update(key_share=True))
_END = Query(
    update(run)
    .where(*_HELD)
    .values(
        state=bindparam("new_state", type_=Text),
        result=bindparam("new_result", type_=run.c.result.type),
        error=bindparam("new_error", type_=run.c.error.type),
        progress=run.c.progress.op("||")(bindparam("new_progress", type_=run.c.progress.type)),
        lease_until=null(),
        ended_at=func.now(),
        **_NEXT_REVISION,
    )
)
_LET_GO = Query(update(run).where(*_HELD).values(lease_until=func.now()))


async def add_run(connection: Connection, values: Mapping[str, Any]) -> Stored:
    """Queue a run."""
    row = await _ADD.find(connection, **values)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def add_file(connection: Connection, organisation: str, run_id: UUID, content: bytes) -> None:
    """Keep the file that the run is about."""
    await _ADD_FILE.run(connection, organisation_id=organisation, run_id=run_id, content=content)


async def get_file(connection: Connection, run_id: UUID) -> bytes:
    content: bytes = await _FILE.value(connection, run_id=run_id)
    return content


async def get_document(connection: Connection, run_id: UUID, reader: str) -> tuple[Stored, RunState]:
    """The run's JSON and state as `reader` may see it, or `Unknown`."""
    row = await _GET.find(connection, id=run_id, reader=reader)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"]), RunState(row["state"])


async def lock_run(connection: Connection, run_id: UUID, reader: str) -> RunState:
    """The run's state, which nobody else changes before this transaction ends; or `Unknown`."""
    state = await _LOCK.value(connection, id=run_id, reader=reader)
    if state is None:
        raise Unknown
    return RunState(state)


async def cancel(connection: Connection, run_id: UUID, *, why: Refusal | None = None) -> None:
    """End a run that waits; ask the worker of one that runs to stop. `why` is for what nobody asked for."""
    await _CANCEL_QUEUED.run(connection, id=run_id, new_error=None if why is None else error_of(why))
    await _ASK_TO_STOP.run(connection, id=run_id)


async def cancel_of_scenario(connection: Connection, scenario_id: UUID) -> None:
    """Call off everything that is done, or waits to be done, for a scenario that is deleted."""
    for row in await _OF_SCENARIO.rows(connection, scenario_id=scenario_id):
        await cancel(connection, row["id"], why=ScenarioDeleted())


async def claim(connection: Connection) -> Run | None:
    """The oldest run, of any organisation, that waits or was left alone; for the queue's transaction."""
    await _ABANDON.run(connection)
    row = await _CLAIM.find(connection)
    return None if row is None else _run(row)


async def beat(connection: Connection, held: Run, progress: Mapping[str, Any]) -> bool | None:
    """Keep the lease and say how far the run is; whether it shall stop, or None when it is not ours now."""
    wanted = RawJson(json.dumps(progress))
    row = await _BEAT.find(connection, id=held.id, held_attempts=held.attempts, new_progress=wanted)
    return None if row is None else bool(row["cancel_requested"])


async def hold(connection: Connection, held: Run) -> bool | None:
    """Whether the run was called off, which now nobody changes; None when it is not ours any more."""
    is_cancelled: bool | None = await _HOLD.value(connection, id=held.id, held_attempts=held.attempts)
    return is_cancelled


async def end(connection: Connection, held: Run, ended: Ended) -> bool:
    """End the run; False when it is not ours any more, and then nothing else may be kept either."""
    result = None if ended.result is None else RawJson(json.dumps(ended.result, ensure_ascii=False))
    count = await _END.run(
        connection,
        id=held.id,
        held_attempts=held.attempts,
        new_state=ended.state,
        new_result=result,
        new_error=ended.error,
        new_progress={"text": ended.state.value, **({"share": 1} if ended.state is RunState.DONE else {})},
    )
    return count == 1


async def let_go(connection: Connection, held: Run) -> None:
    """Leave the run to whoever claims it next."""
    await _LET_GO.run(connection, id=held.id, held_attempts=held.attempts)


def _run(row: asyncpg.Record) -> Run:
    return Run(
        organisation=row["organisation_id"],
        id=row["id"],
        kind=RunKind(row["kind"]),
        portfolio_id=row["portfolio_id"],
        scenario_id=row["scenario_id"],
        input=json.loads(row["input"]),
        requested_by=row["requested_by"],
        request_id=row["request_id"],
        attempts=row["attempts"],
    )
