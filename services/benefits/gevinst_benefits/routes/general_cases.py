"""General cases: published, brought in from another body, taken over and followed (C3)."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.permissions import PUBLISH_CASE, VIEW, WRITE_CASE
from gevinst_benefits.schemas.business_cases import BusinessCaseOut
from gevinst_benefits.schemas.general_cases import (
    EditionPageOut,
    GeneralCaseDocument,
    GeneralCaseOut,
    GeneralCasePageOut,
    GeneralWithdrawalIn,
    OriginDifferenceOut,
    PublicationIn,
    TakeoverIn,
    UpdatesIn,
)
from gevinst_benefits.store import general_cases
from gevinst_benefits.store.origin_documents import origin_difference_json
from gevinst_benefits.usecases import localising
from gevinst_shared.db.work import Work
from gevinst_shared.web.body_limit import takes
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.pages import PAGE_LIMIT, CursorText, Limit, page_response, read_cursor
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

# A case of the largest request, with what it left away filled in.
LARGEST_DOCUMENT = 2_000_000
router = APIRouter(tags=["General cases"])
Sort = Annotated[Literal["name", "id", "-name", "-id"], Query(description="`-` turns the order.")]
EditionSort = Annotated[Literal["number", "-number"], Query(description="`-` turns the order.")]


@router.get("/general-cases", summary="Cases to take over", response_model=GeneralCasePageOut)
async def list_general_cases(
    request: Request,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: Sort = "name",
    publisher: Annotated[
        str | None, Query(max_length=15, pattern="^[0-9]{4}:[0-9]{8,10}$", examples=["0192:958935420"])
    ] = None,
    published_as: Annotated[UUID | None, Query(description="Only what its publisher gave this id.")] = None,
) -> Response:
    """The general cases in your organisation's register: your own, and other bodies' that were brought in."""
    page = await general_cases.LISTING.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"publisher": publisher, "published_as": published_as},
    )
    return page_response(request, page.items, page.next_place)


@router.post("/general-cases", summary="Publish a version", status_code=201, response_model=GeneralCaseOut)
async def publish_general_case(
    body: PublicationIn, work: Annotated[Writing, writes(PUBLISH_CASE)]
) -> Response:
    """Publish a version as the project's general case, or as that one's next edition: those who took it over
    are told."""
    general_case_id, stored = await localising.publish(
        work, body.business_case_id, name=body.name, summary=body.summary, note=body.note
    )
    return work.created(stored.document, stored.revision, f"/general-cases/{general_case_id}")


@router.get("/general-cases/{general_case_id}", summary="One general case", response_model=GeneralCaseOut)
async def get_general_case(general_case_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Whose it is, and its newest edition."""
    stored = await general_cases.get_document(work.connection, general_case_id)
    return Response(stored.document, headers={"ETag": etag(stored.revision)}, media_type=JSON)


@router.get(
    "/general-cases/{general_case_id}/editions", summary="Its editions", response_model=EditionPageOut
)
async def list_general_case_editions(
    request: Request,
    general_case_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    cursor: CursorText = None,
    limit: Limit = PAGE_LIMIT,
    sort: EditionSort = "-number",
) -> Response:
    """Every edition of the general case, the newest first."""
    await general_cases.get_document(work.connection, general_case_id)
    page = await general_cases.EDITIONS.page(
        work.connection,
        sort=sort,
        limit=limit,
        after=read_cursor(cursor, length=2),
        filters={"general_case": general_case_id},
    )
    return page_response(request, page.items, page.next_place)


@router.post(
    "/general-cases/{general_case_id}/withdrawal",
    summary="Withdraw a general case",
    status_code=201,
    response_model=GeneralCaseOut,
)
async def withdraw_general_case(
    general_case_id: UUID,
    body: GeneralWithdrawalIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PUBLISH_CASE)],
) -> Response:
    """Let nobody take the case over any more; those who did are told, and keep their link and its editions.
    The next edition puts it back. Of another body's case this says so in your register alone."""
    stored = await localising.withdraw(work, general_case_id, reason=body.reason, expected=expected)
    if stored is None:
        raise ChangedMeanwhile
    return work.created(stored.document, stored.revision, f"/general-cases/{general_case_id}")


@router.get(
    "/general-cases/{general_case_id}/document",
    summary="An edition to hand on",
    response_model=GeneralCaseDocument,
)
async def export_general_case(
    general_case_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    edition: Annotated[
        int | None, Query(ge=1, le=1_000_000, description="Absent: the newest.", examples=[1])
    ] = None,
) -> Response:
    """The document that another body brings in: the whole case with its hash, without who pays for it."""
    document = await general_cases.get_edition_document(work.connection, general_case_id, edition)
    return Response(document, media_type=JSON)


@router.post(
    "/general-case-imports",
    summary="Bring in another body's case",
    status_code=201,
    response_model=GeneralCaseOut,
)
@takes(LARGEST_DOCUMENT)
async def bring_in_general_case(
    body: GeneralCaseDocument, work: Annotated[Writing, writes(PUBLISH_CASE)]
) -> Response:
    """Put a document that another body exported into your register, or a newer edition of one that is there:
    the projects that took it over are told."""
    general_case_id, stored = await localising.bring_in(work, body.document())
    return work.created(stored.document, stored.revision, f"/general-cases/{general_case_id}")


@router.post(
    "/projects/{project_id}/takeovers",
    summary="Take a general case over",
    status_code=201,
    response_model=BusinessCaseOut,
)
async def take_general_case_over(
    project_id: UUID, body: TakeoverIn, work: Annotated[Writing, writes(WRITE_CASE)]
) -> Response:
    """Write the project's next version from a general case, with your own units, years and counts. The
    version keeps the link to the edition that it came from."""
    case_id, stored = await localising.take_over(work, project_id, body.takeover())
    return work.created(stored.document, stored.revision, f"/business-cases/{case_id}")


@router.get(
    "/business-cases/{case_id}/origin",
    summary="Compare with its original",
    response_model=OriginDifferenceOut,
    response_model_exclude_none=True,
)
async def compare_with_origin(case_id: UUID, work: Annotated[Work, reads(VIEW)]) -> OriginDifferenceOut:
    """How each assumption and line of a case that was taken over stands to the edition it came from and to
    the newest one."""
    found, withdrawn = await localising.compare_with_origin(work, case_id)
    return OriginDifferenceOut.model_validate(origin_difference_json(found, withdrawn))


@router.post(
    "/business-cases/{case_id}/updates",
    summary="Take updates of its original",
    status_code=201,
    response_model=BusinessCaseOut,
)
async def take_origin_updates(
    case_id: UUID, body: UpdatesIn, work: Annotated[Writing, writes(WRITE_CASE)]
) -> Response:
    """Write the next version with the assumptions and lines that you name taken from the newest edition."""
    new_id, stored = await localising.take_updates(
        work,
        case_id,
        localising.Updates(body.sha256, body.assumptions, body.line_ids),
        note=body.note,
    )
    return work.created(stored.document, stored.revision, f"/business-cases/{new_id}")
