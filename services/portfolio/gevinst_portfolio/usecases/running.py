"""Asking for runs and calling them off (A6)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.permissions import PLAN
from gevinst_portfolio.domain.runs import ENDED, RunEnded, RunKind
from gevinst_portfolio.store import runs
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.values.ids import new_id


def reader_of(work: Work) -> str:
    """As whom the caller reads runs and scenarios: the office sees all, others what is theirs."""
    return runs.EVERYBODY if PLAN.roles & work.actor.roles else work.actor.subject


async def ask_for_run(
    work: Work,
    kind: RunKind,
    *,
    portfolio_id: UUID,
    scenario_id: UUID | None = None,
    given: Mapping[str, Any],
) -> tuple[UUID, Stored]:
    """Queue a run for the next free worker; its id and record."""
    run_id = new_id()
    values = {
        "organisation_id": work.organisation,
        "id": run_id,
        "kind": kind,
        "portfolio_id": portfolio_id,
        "scenario_id": scenario_id,
        "input": dict(given),
        "requested_by": work.actor.subject,
        "request_id": work.request_id,
        "created_at": work.now,
    }
    return run_id, await runs.add_run(work.connection, values)


async def cancel_run(work: Work, run_id: UUID) -> Stored:
    """Call a run off. One that waits ends at once, one that runs as soon as its worker hears of it."""
    reader = reader_of(work)
    state = await runs.lock_run(work.connection, run_id, reader)
    if state in ENDED:
        raise RunEnded(state=state)
    await runs.cancel(work.connection, run_id)
    stored, _ = await runs.get_document(work.connection, run_id, reader)
    return stored
