"""Thresholds: what others, and you yourselves, require of projects above a cost (G11)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from gevinst_benefits.domain.gates.thresholds import ProjectKind
from gevinst_benefits.domain.permissions import ARRANGE, VIEW
from gevinst_benefits.routes.tolerances import AsOf
from gevinst_benefits.schemas.thresholds import (
    ExemptionIn,
    ExemptionOut,
    OwnThresholdOut,
    RequirementsOut,
    ThresholdIn,
    ThresholdListOut,
    ThresholdOut,
)
from gevinst_benefits.usecases import requiring
from gevinst_shared.db.work import Work
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Rules"])
Kind = Annotated[ProjectKind, Query(description="Digital projects have limits of their own in Norway.")]


@router.get("/thresholds", summary="Thresholds", response_model=ThresholdListOut)
async def list_thresholds(
    work: Annotated[Work, reads(VIEW)], accept_language: AcceptLanguage = None
) -> Response:
    """The thresholds of your country and your own, with the days on which they hold and their sources."""
    language = language_of(accept_language)
    found = [ThresholdOut.of(one, language) for one in await requiring.known_thresholds(work)]
    listed = ThresholdListOut.model_construct(items=found)
    return Response(listed.model_dump_json(exclude_none=True), media_type=JSON)


@router.post("/thresholds", summary="Set a threshold", status_code=201, response_model=OwnThresholdOut)
async def set_threshold(body: ThresholdIn, work: Annotated[Writing, writes(ARRANGE)]) -> Response:
    """Demand something of your own projects above a limit, from a day on."""
    _, stored = await requiring.set_threshold(work, body.value())
    return work.created(stored.document, stored.revision, "/thresholds")


@router.post(
    "/threshold-exemptions",
    summary="Say that a threshold does not bind you",
    status_code=201,
    response_model=ExemptionOut,
)
async def exempt_from_threshold(body: ExemptionIn, work: Annotated[Writing, writes(ARRANGE)]) -> Response:
    """Say that your organisation is not bound by a threshold, and why: a municipality by a state's."""
    stored = await requiring.exempt(work, body.value())
    return work.created(stored.document, stored.revision, "/thresholds")


@router.get(
    "/projects/{project_id}/requirements",
    summary="What is required of a project",
    response_model=RequirementsOut,
)
async def list_requirements(
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    asof: AsOf = None,
    kind: Kind = ProjectKind.DIGITAL,
    accept_language: AcceptLanguage = None,
) -> Response:
    """The thresholds in force on a day, each with its verdict: the business case as it stood that day (or
    the first one, when it came later) is held against them by the sum of its investments."""
    found = await requiring.requirements_of(work, project_id, on=asof or work.today, kind=kind)
    answer = RequirementsOut.of(project_id, found, language_of(accept_language))
    return Response(answer.model_dump_json(exclude_none=True), media_type=JSON)
