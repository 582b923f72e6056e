"""Runs: what workers do, and how to follow it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.sse import EventSourceResponse, format_sse_event

from gevinst_portfolio.domain.permissions import CANCEL_RUN, VIEW
from gevinst_portfolio.domain.runs import ENDED, RunKind, RunState
from gevinst_portfolio.routes.answers import shown
from gevinst_portfolio.routes.run_errors import translated
from gevinst_portfolio.schemas.runs import RunOut, RunPageOut
from gevinst_portfolio.store import runs
from gevinst_portfolio.usecases.running import cancel_run, reader_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.engine import Database
from gevinst_shared.db.work import Work
from gevinst_shared.web.house import house_of
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import Writing, reads, writes

router = APIRouter(tags=["Runs"])
_LOOK_AGAIN_SECONDS = 0.3
_LONGEST_STREAM_SECONDS = 300.0


@router.get("/runs/{run_id}", summary="One run", response_model=RunOut)
async def get_run(request: Request, run_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """How far the run is, and what it came to."""
    stored, _ = await runs.get_document(work.connection, run_id, reader_of(work))
    return shown(replace(stored, document=translated(request, stored.document)))


@router.get("/runs", summary="Runs", response_model=RunPageOut)
async def list_runs(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    portfolio: Annotated[UUID | None, Query(description="Only this portfolio's.")] = None,
    scenario: Annotated[UUID | None, Query(description="Only this scenario's.")] = None,
    kind: Annotated[RunKind | None, Query(description="Only of this kind.")] = None,
    state: Annotated[RunState | None, Query(description="Only in this state.")] = None,
) -> Response:
    """Imports and solved scenarios, the newest first. Solving a scenario is private like the scenario."""
    page = await runs.LISTING.page(
        work.connection,
        sort="-id",
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={
            "reader": reader_of(work),
            "portfolio": portfolio,
            "scenario": scenario,
            "kind": kind,
            "state": state,
        },
    )
    return page_response(request, translated(request, page.items), page.next_place)


@router.post("/runs/{run_id}/cancellation", summary="Call a run off", response_model=RunOut)
async def cancel_a_run(run_id: UUID, work: Annotated[Writing, writes(CANCEL_RUN)]) -> Response:
    """Stop the run. An import keeps nothing then; a scenario keeps the best plan found so far."""
    stored = await cancel_run(work, run_id)
    return work.changed(stored.document, stored.revision)


@router.get(
    "/runs/{run_id}/events",
    summary="Follow a run",
    response_class=Response,
    responses={
        200: {
            "description": "Events named `run`, as they happen.",
            "content": {
                EventSourceResponse.media_type: {"schema": {"type": "string", "maxLength": 10_000_000}}
            },
        },
        204: {"description": "The run has ended and you have heard of it."},
    },
)
async def follow_run(
    request: Request,
    run_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    last: Annotated[
        str | None,
        Header(alias="Last-Event-ID", max_length=20, description="The id of the last event that you got."),
    ] = None,
) -> Response:
    """Server-sent events named `run`, each with the run as it then is; the stream ends when the run has.
    The id of an event is the run's revision, so that a reader who comes back misses nothing."""
    reader = reader_of(work)
    known = int(last) if last and last.isascii() and last.isdigit() else 0
    stored, state = await runs.get_document(work.connection, run_id, reader)
    if state in ENDED and known >= stored.revision:
        return Response(status_code=204)
    return EventSourceResponse(_events(request, work.organisation, run_id, reader, known))


async def _events(
    request: Request, organisation: str, run_id: UUID, reader: str, known: int
) -> AsyncIterator[bytes]:
    """A new transaction for each look: none is held open while waiting."""
    house = house_of(request)
    clock = asyncio.get_running_loop().time
    until = clock() + _LONGEST_STREAM_SECONDS
    while clock() < until and not house.doorbell.is_over:
        stored, state = await _look(house.database, organisation, run_id, reader)
        if stored.revision > known:
            known = stored.revision
            yield format_sse_event(data_str=translated(request, stored.document), event="run", id=str(known))
        if state in ENDED:
            return
        await asyncio.sleep(_LOOK_AGAIN_SECONDS)


async def _look(database: Database, organisation: str, run_id: UUID, reader: str) -> tuple[Stored, RunState]:
    async with database.transaction(organisation, read_only=True) as connection:
        return await runs.get_document(connection, run_id, reader)
