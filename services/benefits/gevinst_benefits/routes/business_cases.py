"""Business cases: versions of a project's costs and benefits, computed (C1, C4)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.case.discounting import REGIMES
from gevinst_benefits.domain.permissions import VIEW, WRITE_CASE
from gevinst_benefits.schemas.business_cases import (
    BusinessCaseIn,
    BusinessCaseOut,
    BusinessCasePageOut,
)
from gevinst_benefits.schemas.case_differences import CaseDifferenceOut
from gevinst_benefits.schemas.case_sensitivities import SensitivityOut, SimulationOut
from gevinst_benefits.schemas.discount_regimes import DiscountRegimeListOut
from gevinst_benefits.store import business_cases
from gevinst_benefits.store.case_documents import difference_json, sensitivity_json, simulation_json
from gevinst_benefits.store.case_frames import regime_json
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases import evaluating
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Business cases"])
Sort = Annotated[Literal["number", "-number"], Query(description="`-` turns the order.")]


@router.get("/business-cases/{case_id}", summary="One version", response_model=BusinessCaseOut)
async def get_business_case(case_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """The version with its lines and results: figures per year and unit, net present value, benefit-cost
    ratio, payback, and the cost of tax financing as a line of its own."""
    stored = await business_cases.get_document(work.connection, case_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get(
    "/projects/{project_id}/business-cases",
    summary="A project's versions",
    response_model=BusinessCasePageOut,
)
async def list_business_cases(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "-number",
) -> Response:
    """The versions of the project's business case, the latest first."""
    await get_project(work.connection, project_id)
    page = await business_cases.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"project": project_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/projects/{project_id}/business-cases",
    summary="Write a version",
    status_code=201,
    response_model=BusinessCaseOut,
)
async def write_business_case(
    project_id: UUID, body: BusinessCaseIn, work: Annotated[Writing, writes(WRITE_CASE)]
) -> Response:
    """Write the next version of the project's business case. Versions are never changed: write another."""
    case_id, stored = await evaluating.evaluate_case(work, project_id, body.draft())
    return work.created(stored.document, stored.revision, f"/business-cases/{case_id}")


@router.get(
    "/business-cases/{case_id}/difference", summary="Compare two versions", response_model=CaseDifferenceOut
)
async def compare_business_cases(
    case_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    earlier: Annotated[UUID, Query(alias="with", description="The earlier version.")],
) -> CaseDifferenceOut:
    """Everything that changed since the earlier version and what each change did to the net present value,
    taken in a stated order: years, prices, regime, lines that were removed, assumptions, lines that changed
    or were added, risk pool, recommendation. The effects add up exactly."""
    found = await evaluating.compare(work, case_id, earlier_id=earlier)
    return CaseDifferenceOut.model_validate(difference_json(found))


@router.get(
    "/business-cases/{case_id}/sensitivity",
    summary="Which assumptions matter most",
    response_model=SensitivityOut,
    response_model_exclude_none=True,
)
async def get_case_sensitivity(case_id: UUID, work: Annotated[Work, reads(VIEW)]) -> SensitivityOut:
    """The net present value at the low and the high end of each assumption that has a range, the others as
    they are, exactly: the widest swing first. A factor moves all that hang on it, at its tenth and its
    ninetieth percentile (C5)."""
    case, found = await evaluating.sensitivity(work, case_id)
    return SensitivityOut.model_validate(sensitivity_json(case_id, case.frame, found))


@router.get(
    "/business-cases/{case_id}/simulation",
    summary="What it may come to",
    response_model=SimulationOut,
)
async def simulate_business_case(
    case_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    draws: Annotated[int, Query(ge=100, le=100_000, description="How many.")] = evaluating.DEFAULT_DRAWS,
    seed: Annotated[
        int | None, Query(ge=0, le=evaluating.LARGEST_SEED, description="Absent: the version's own.")
    ] = None,
) -> SimulationOut:
    """The net present value drawn many times, with its percentiles and the probability that it is above zero
    (C5). Assumptions that hang on one factor rise and fall together. The same seed gives the same figures;
    draw two versions with one seed to compare them."""
    case, found = await evaluating.simulate(work, case_id, seed=seed, draws=draws)
    return SimulationOut.model_validate(simulation_json(case_id, case.frame, found))


@router.get(
    "/discount-regimes",
    summary="The known discount regimes",
    response_model=DiscountRegimeListOut,
    response_model_exclude_none=True,
)
async def list_discount_regimes(
    work: Annotated[Work, reads(VIEW)],
) -> DiscountRegimeListOut:
    """Rates by band, with the days they hold and where they come from (C4)."""
    return DiscountRegimeListOut.model_validate({"items": [regime_json(regime) for regime in REGIMES]})
