"""Uploaded files on the wire: what they would change, and what cannot be taken."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.uploads import CellState
from gevinst_shared.web.shapes import Maybe, Out

Count = Annotated[int, Field(ge=0, le=10_000_000)]
CellText = Annotated[str, Field(max_length=10_000)]


class UploadReportOut(Out):
    """What a file comes to. With a fault nothing of it can be applied."""

    rows_read: Count
    change_count: Count = Field(description="Cells that differ from what is registered.")
    fault_count: Count = Field(description="Cells that cannot be taken.")
    new_count: Count = Field(description="Rows that would become new proposals.")
    changed_count: Count = Field(description="Rows of registered records that would change.")


class CellErrorOut(Out):
    """Why a cell cannot be taken."""

    code: str = Field(max_length=60, examples=["cell-not-a-number"])
    title: str = Field(max_length=200, description="In the language that you asked for.")
    detail: str = Field(max_length=2000, description="In the language that you asked for.")
    values: dict[str, Annotated[str, Field(max_length=2000)]] = Field(
        max_length=20, examples=[{"value": "?"}]
    )


class UploadCellOut(Out):
    """A cell that differs from what is registered, or that cannot be taken."""

    number: int = Field(ge=1, le=10_000_000, description="Its place in the report.")
    state: CellState
    sheet: str = Field(max_length=200, description="The tab.", examples=["Projects"])
    cell: str = Field(max_length=20, examples=["K7"])
    record_key: Maybe[str] = Field(None, max_length=400, description="Absent for a new one.")
    record_name: Maybe[CellText] = None
    member: Maybe[str] = Field(None, max_length=100, examples=["cost"])
    before: Maybe[CellText] = Field(None, description="As registered; absent when there is nothing.")
    after: Maybe[CellText] = Field(None, description="As the file has it; absent when it is empty.")
    error: Maybe[CellErrorOut] = None


class UploadCellPageOut(Out):
    """Cells in the order of the file, changes first; a page at a time."""

    items: list[UploadCellOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
