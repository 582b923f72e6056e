"""Likely duplicates, and merging them (P1)."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response

from gevinst_portfolio.domain.likeness import Described
from gevinst_portfolio.domain.permissions import ARRANGE, VIEW
from gevinst_portfolio.routes.answers import changed, written
from gevinst_portfolio.schemas.merges import DuplicatesOut, MergeIn, UnmergeIn
from gevinst_portfolio.schemas.projects import ProjectOut
from gevinst_portfolio.store import projects
from gevinst_portfolio.usecases import merging
from gevinst_shared.db.work import Work
from gevinst_shared.web.etag import ExpectedRevision
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Projects"])


@router.get(
    "/projects/{project_id}/duplicates",
    summary="Likely duplicates of a project",
    response_model=DuplicatesOut,
)
async def list_project_duplicates(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> Response:
    """Projects and ideas of the organisation whose name and need say much the same."""
    row = await projects.get_row(work.connection, project_id)
    found = await merging.find_duplicates(work, Described(row["id"], row["name"], row["need"]))
    return Response(written(DuplicatesOut, found), media_type=JSON)


@router.post(
    "/projects/{project_id}/merge", summary="Merge a project into another", response_model=ProjectOut
)
async def merge_project(
    project_id: UUID,
    body: MergeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Let a proposal become part of another project of its portfolio. Its source, supporters, concepts and
    dependencies are carried over; it stays, and `merged_into_id` says what it has become."""
    stored = await merging.merge_project(
        work, project_id, into_id=body.into_id, reason=body.reason, expected=expected
    )
    return changed(work, stored)


@router.post("/projects/{project_id}/merge/undo", summary="Undo a merge", response_model=ProjectOut)
async def undo_merge(
    project_id: UUID,
    body: UnmergeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(ARRANGE)],
) -> Response:
    """Make a merged project a proposal of its own again. What was carried over stays with the other."""
    stored = await merging.undo_merge(work, project_id, reason=body.reason, expected=expected)
    return changed(work, stored)
