"""What uploaded files would change, in the database."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, insert, select

from gevinst_portfolio.domain.runs import RunKind, RunState
from gevinst_portfolio.domain.uploads import CellState
from gevinst_portfolio.store.runs import get_document
from gevinst_portfolio.tables.runs import run
from gevinst_portfolio.tables.uploads import upload_cell
from gevinst_shared.db.documents import document
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown

_TOLD = ("state", "sheet", "cell", "record_key", "record_name", "member", "before", "after", "error")
_LONGEST = 10_000


def cell_document(c: Columns) -> ColumnElement[Any]:
    """`UploadCellOut`, as PostgreSQL writes it."""
    return document(number=c.number, **{name: c[name] for name in _TOLD})


LISTING = Listing(
    upload_cell,
    cell_document,
    filters={"run": upload_cell.c.run_id, "state": upload_cell.c.state},
    sorts={"number": upload_cell.c.number},
)
_ADD = Query(
    insert(upload_cell).values({column.name: bindparam(column.name) for column in upload_cell.columns})
)
_RUN = Query(select(run).where(run.c.id == bindparam("id"), run.c.kind == RunKind.READ_UPLOAD))
_SEEN = Query(
    select(*(upload_cell.c[name] for name in _TOLD))
    .where(upload_cell.c.run_id == bindparam("run_id"), upload_cell.c.state == CellState.CHANGE)
    .order_by(upload_cell.c.number)
)


@dataclass(frozen=True, slots=True)
class ReadUpload:
    """A reading as its application sees it; `report` is empty until it is done."""

    portfolio_id: UUID
    state: RunState
    input: Mapping[str, Any]
    report: Mapping[str, Any]


async def add_cells(
    connection: Connection, organisation: str, run_id: UUID, cells: Sequence[Mapping[str, Any]]
) -> None:
    """Keep what a reading found, in its order."""
    key = {"organisation_id": organisation, "run_id": run_id}
    rows = [
        {**key, "id": new_id(), "number": at, **{name: _storable(value) for name, value in cell.items()}}
        for at, cell in enumerate(cells, start=1)
    ]
    await _ADD.run_many(connection, rows)


async def get_upload(connection: Connection, run_id: UUID, reader: str) -> ReadUpload:
    """The reading as `reader` may see it, or `Unknown`."""
    await get_document(connection, run_id, reader)
    row = await _RUN.find(connection, id=run_id)
    if row is None:
        raise Unknown
    return ReadUpload(
        portfolio_id=row["portfolio_id"],
        state=RunState(row["state"]),
        input=json.loads(row["input"]),
        report=json.loads(row["result"] or "{}"),
    )


async def list_seen(connection: Connection, run_id: UUID) -> list[dict[str, Any]]:
    """The changes that a reading has shown, in its order."""
    return [dict(row) for row in await _SEEN.rows(connection, run_id=run_id)]


def _storable(value: Any) -> Any:  # noqa: ANN401 - whatever a cell's column takes
    """Without the one character that PostgreSQL cannot keep."""
    return value.replace("\0", "\ufffd")[:_LONGEST] if isinstance(value, str) else value
