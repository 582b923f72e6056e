"""A benefit tree as a file to fill in, and a filled file as a tree (CSV or Excel)."""

import asyncio
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from gevinst_benefits.domain.benefit_tree.drafts import TreeDraft
from gevinst_benefits.domain.benefit_tree.files import as_csv, as_xlsx
from gevinst_benefits.domain.benefit_tree.rows import TreeReading, read_tree, tree_rows
from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.routes.tree_sentences import read_sentences
from gevinst_benefits.schemas.tree_files import TreeReadingOut
from gevinst_benefits.store.benefit_trees import KeptTree, draft_of, unit_names
from gevinst_benefits.store.projects import get_project
from gevinst_benefits.usecases.mapping_benefits import tree_of
from gevinst_shared.db.work import Work
from gevinst_shared.sheets.reading import read_csv, read_workbook
from gevinst_shared.web.languages import language_of
from gevinst_shared.web.negotiation import AcceptLanguage
from gevinst_shared.web.refusals import WrongMediaType
from gevinst_shared.web.session import reads

router = APIRouter(tags=["Benefit trees"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV, BYTES = "text/csv", "application/octet-stream"
FILE_FORMS = (CSV, XLSX)
_BINARY = {"schema": {"type": "string", "format": "binary", "maxLength": 20_000_000}}
FILE_ANSWERS: dict[str, Any] = dict.fromkeys(FILE_FORMS, _BINARY)
# Workbooks are bytes in the document: generators of clients know no more of them.
_FILE = {"content": {form: {"schema": {"type": "string", "format": "binary"}} for form in (CSV, BYTES)}}


@router.post(
    "/projects/{project_id}/benefit-tree/reading",
    summary="Read a filled file as a benefit tree",
    response_model=TreeReadingOut,
    response_model_exclude_none=True,
    openapi_extra={"requestBody": {"required": True, **_FILE}},
)
async def read_benefit_tree_file(
    request: Request,
    project_id: UUID,
    work: Annotated[Work, reads(PLAN)],
    accept_language: AcceptLanguage = None,
) -> TreeReadingOut:
    """What a CSV or Excel file says, and how it differs from the tree that is there. It changes nothing: put
    the `tree` of the answer in place when it is right. Faults are told by their cell."""
    work.require(PLAN, (await get_project(work.connection, project_id)).place())
    kept = await tree_of(work, project_id)
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (*FILE_FORMS, BYTES):
        raise WrongMediaType(expected=f"{CSV}, {XLSX} or {BYTES}")
    units = await unit_names(work.connection)
    content = await request.body()
    reading = await asyncio.to_thread(_read, content, units, is_csv=media == CSV)
    return TreeReadingOut.of(reading, draft_of(kept), read_sentences(language_of(accept_language)))


async def as_file(form: str, kept: KeptTree, work: Work, language: str) -> Response:
    """The tree as CSV or as a workbook."""
    rows = tree_rows(draft_of(kept), await unit_names(work.connection))
    content = as_csv(rows) if form == CSV else await asyncio.to_thread(as_xlsx, rows, kept.project_name)
    name = "benefit-tree.csv" if form == CSV else "benefit-tree.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Language": language}
    return Response(content, headers=headers, media_type=form)


def _read(content: bytes, units: dict[UUID, str], *, is_csv: bool) -> TreeReading:
    if is_csv:
        return read_tree(read_csv(content), units)
    tables = read_workbook(content)
    return read_tree(tables[0], units) if tables else TreeReading(TreeDraft([], []))
