"""Tolerances: how far a project may deviate before its light changes (B7)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from gevinst_benefits.domain.permissions import ARRANGE, VIEW
from gevinst_benefits.schemas.tolerances import OwnToleranceOut, ToleranceIn, TolerancesOut
from gevinst_benefits.store import tolerances
from gevinst_benefits.usecases import requiring
from gevinst_shared.db.work import Work
from gevinst_shared.web.session import JSON, Writing, reads, writes
from gevinst_shared.web.shapes import Day

router = APIRouter(tags=["Rules"])
AsOf = Annotated[Day | None, Query(description="The day; today when absent.", examples=["2026-11-22"])]


@router.get("/tolerances", summary="The tolerances of a day", response_model=TolerancesOut)
async def list_tolerances(work: Annotated[Work, reads(VIEW)], asof: AsOf = None) -> Response:
    """How far cost, time and benefit may deviate: your own rule, your country's, or else a starting point."""
    on = asof or work.today
    found = await tolerances.in_force(work.connection, work.organisation, on)
    return Response(TolerancesOut.holding(on, found).model_dump_json(exclude_none=True), media_type=JSON)


@router.post("/tolerances", summary="Set a tolerance", status_code=201, response_model=OwnToleranceOut)
async def set_tolerance(body: ToleranceIn, work: Annotated[Writing, writes(ARRANGE)]) -> Response:
    """Let a measure deviate by your own rule from a day on. An earlier rule stays for the days before."""
    stored = await requiring.set_tolerance(work, body.value())
    return work.created(stored.document, stored.revision, "/tolerances")
