"""Benefit trees: technology → change → benefit → (end benefit →) goal, of one project (B3, B4)."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from gevinst_benefits.domain.benefit_tree.checks import tree_findings
from gevinst_benefits.domain.benefit_tree.contributions import contributions
from gevinst_benefits.domain.permissions import PLAN, VIEW
from gevinst_benefits.domain.tree_picture.layout import layout_of
from gevinst_benefits.routes.tree_files import FILE_ANSWERS, FILE_FORMS, as_file
from gevinst_benefits.routes.tree_forms import DRAWN_ANSWERS, DRAWN_FORMS, JSON_FORM, Shown, drawn, form_of
from gevinst_benefits.routes.tree_sentences import problems_of, said_findings
from gevinst_benefits.schemas.benefit_trees import (
    KEY,
    BenefitTreeIn,
    BenefitTreeOut,
    ContributionListOut,
    ContributionOut,
)
from gevinst_benefits.schemas.tree_layouts import LayoutOut
from gevinst_benefits.store.benefit_trees import KeptTree
from gevinst_benefits.usecases import mapping_benefits
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown
from gevinst_shared.web.etag import ExpectedRevision, etag
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
from gevinst_shared.web.openapi import SAYS_NO
from gevinst_shared.web.refusals import ChangedMeanwhile
from gevinst_shared.web.session import JSON, Writing, reads, writes

router = APIRouter(tags=["Benefit trees"])
_ANSWERS: dict[int | str, dict[str, Any]] = {
    **DRAWN_ANSWERS,
    200: {**DRAWN_ANSWERS[200], "content": {**DRAWN_ANSWERS[200]["content"], **FILE_ANSWERS}},
}
NodeKey = Annotated[
    str,
    Query(max_length=40, pattern=KEY, description="The node whose causes are weighed.", examples=["G1"]),
]


@router.get(
    "/projects/{project_id}/benefit-tree",
    summary="A project's benefit tree",
    response_model=BenefitTreeOut,
    responses={**_ANSWERS, **SAYS_NO},
)
async def get_benefit_tree(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(VIEW)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """The tree with everything that does not hold, in your language; empty until somebody draws it up.
    `Accept` chooses another form: a picture (`image/svg+xml`), Mermaid, GraphViz, CSV or a workbook."""
    kept = await mapping_benefits.tree_of(work, project_id)
    answer = await _answer(request, kept, work, accept_language)
    answer.headers["ETag"] = etag(kept.revision)
    return answer


@router.put(
    "/projects/{project_id}/benefit-tree", summary="Draw up a benefit tree", response_model=BenefitTreeOut
)
async def put_benefit_tree(
    project_id: UUID,
    body: BenefitTreeIn,
    expected: ExpectedRevision,
    work: Annotated[Writing, writes(PLAN)],
    accept_language: AcceptLanguage = None,
) -> Response:
    """Put this tree in the place of the one that you read, whole. It can be built from either end: what does
    not hold is saved and told, with what to do about it."""
    kept = await mapping_benefits.draw_up(work, project_id, body.draft(), expected=expected)
    if kept is None:
        raise ChangedMeanwhile
    return work.changed(_document(kept, work, language_of(accept_language)), kept.revision)


@router.get(
    "/projects/{project_id}/benefit-tree/layout",
    summary="The layout of a benefit tree",
    response_model=LayoutOut,
    responses=SAYS_NO,
)
async def get_benefit_tree_layout(project_id: UUID, work: Annotated[Work, reads(VIEW)]) -> LayoutOut:
    """Where each node and edge stands in a picture from left to right with few crossings. The same tree has
    the same layout, everywhere."""
    kept = await mapping_benefits.tree_of(work, project_id)
    return LayoutOut.of(await asyncio.to_thread(layout_of, kept.tree))


@router.get(
    "/projects/{project_id}/benefit-tree/contributions",
    summary="What each node contributes",
    response_model=ContributionListOut,
    response_model_exclude_none=True,
    responses=SAYS_NO,
)
async def list_contributions(
    project_id: UUID, work: Annotated[Work, reads(VIEW)], effect: NodeKey
) -> ContributionListOut:
    """How much of a goal, or of any other node, each technology, change and benefit carries: the product of
    the shares along a path, summed over all paths. Where shares are not known there are bounds."""
    kept = await mapping_benefits.tree_of(work, project_id)
    if effect not in kept.tree.place_of:
        raise Unknown
    found = await asyncio.to_thread(contributions, kept.tree, effect)
    return ContributionListOut(effect=effect, items=[ContributionOut.of(one) for one in found])


async def _answer(request: Request, kept: KeptTree, work: Work, accept_language: str | None) -> Response:
    form, language = form_of(request, (*DRAWN_FORMS, *FILE_FORMS)), language_of(accept_language)
    if form == JSON_FORM:
        return Response(_document(kept, work, language), media_type=JSON)
    if form in FILE_FORMS:
        return await as_file(form, kept, work, language)
    said = said_findings(kept.tree, tree_findings(kept.tree), language)
    shown = Shown(kept.tree, problems_of(said), language, "title", kept.project_name)
    return await drawn(form, shown, request, work)


def _document(kept: KeptTree, work: Work, language: str) -> str:
    said = said_findings(kept.tree, tree_findings(kept.tree), language)
    return BenefitTreeOut.of(kept, work.organisation, said).model_dump_json(exclude_none=True)
