"""What an import found in its file, and the projects that came from a source."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Text, bindparam, func, insert, select

from gevinst_portfolio.domain.gmpp.merging import NAMES, Columns, Registered
from gevinst_portfolio.domain.gmpp.projects import ImportedFile
from gevinst_portfolio.store.projects import ACTS, project_document
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.runs import import_cell
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns as TableColumns
from gevinst_shared.values.ids import new_id

_LONGEST_RAW = 10_000
_ESTIMATES = ("cost_low_minor", "cost_high_minor", "benefit_low_minor", "benefit_high_minor")
_CHANGED = (*NAMES, "source_fields", "registration")


def cell_document(c: TableColumns) -> ColumnElement[Any]:
    """`ImportCellOut`, as PostgreSQL writes it."""
    return document(
        number=c.number,
        state=c.state,
        project_key=c.project_key,
        field=c.field,
        label=c.label,
        row=c.row,
        column=c.column,
        raw=c.raw,
    )


LISTING = Listing(
    import_cell,
    cell_document,
    filters={"run": import_cell.c.run_id, "state": import_cell.c.state},
    sorts={"number": import_cell.c.number},
)
_OF_SOURCE = Query(
    select(project)
    .where(project.c.portfolio_id == bindparam("portfolio_id"), project.c.source == bindparam("source"))
    .where(project.c.source_key.is_not(None))
    .order_by(project.c.id)
    .with_for_update()
)
# Two imports into one portfolio wait for each other here.
_LOCK = Query(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0))))
_ADD_CELL = Query(
    insert(import_cell).values({column.name: bindparam(column.name) for column in import_cell.columns})
)
_ADD_PROJECT = outbox.insert(
    project, project_document, without=(*ACTS, *_ESTIMATES, "kind", "closing", "supporters")
)
_CHANGE_PROJECT = outbox.update(project, project_document, columns=_CHANGED)


class FromSource:
    """The projects that a portfolio has from one source: their rows by key."""

    def __init__(self, rows: Iterable[asyncpg.Record]) -> None:
        self.rows = {row["source_key"]: row for row in rows}

    @property
    def registered(self) -> dict[str, Registered]:
        return {
            key: Registered(Columns(**{name: row[name] for name in NAMES}), json.loads(row["source_fields"]))
            for key, row in self.rows.items()
        }


async def lock_projects(connection: Connection, portfolio_id: UUID, source: str) -> FromSource:
    """The projects from a source, which nobody else changes before this transaction ends."""
    await _LOCK.run(connection, name=f"import {portfolio_id}")
    return FromSource(await _OF_SOURCE.rows(connection, portfolio_id=portfolio_id, source=source))


async def add_projects(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Insert projects, each with its event and audit row; pipelined."""
    await _ADD_PROJECT.run_many(connection, rows)


async def change_projects(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Change what an import writes of projects, each with its event and audit row; pipelined."""
    await _CHANGE_PROJECT.run_many(
        connection,
        [row | {f"new_{name}": row[name] for name in _CHANGED} | {"expected": None} for row in rows],
    )


async def add_report(connection: Connection, organisation: str, run_id: UUID, file: ImportedFile) -> None:
    """Keep what the file says of each doubtful cell, and of itself."""
    places: list[dict[str, Any]] = [
        {
            "state": cell.state,
            "project_key": cell.project_key,
            "field": cell.field,
            "label": cell.label,
            "row": cell.row,
            "column": cell.column,
            "raw": _storable(cell.raw),
        }
        for cell in file.cells
    ]
    places += [
        {
            "state": finding.kind,
            "project_key": None,
            "field": None,
            "label": None,
            "row": finding.row,
            "column": finding.column,
            "raw": _storable(finding.text),
        }
        for finding in file.findings
    ]
    key = {"organisation_id": organisation, "run_id": run_id}
    rows = [{**key, "id": new_id(), "number": at, **found} for at, found in enumerate(places, start=1)]
    await _ADD_CELL.run_many(connection, rows)


def _storable(text: str) -> str:
    """Without the one character that PostgreSQL cannot keep."""
    return text.replace("\0", "\ufffd")[:_LONGEST_RAW]
