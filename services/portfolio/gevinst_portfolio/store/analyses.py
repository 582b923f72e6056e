"""Analyses of scenarios in the database."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, select

from gevinst_portfolio.tables.analyses import analysis
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


def summary_document(c: Columns) -> ColumnElement[Any]:
    """`AnalysisSummaryOut` without `is_stale`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        scenario_id=c.scenario_id,
        kind=c.kind,
        options=c.options,
        inputs=c.inputs,
        requested_by=c.requested_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    analysis,
    summary_document,
    filters={"scenario": analysis.c.scenario_id, "kind": analysis.c.kind},
    sorts={"id": analysis.c.id},
)
_GET = Query(
    select(summary_document(analysis.c).label("document"), analysis.c.result, analysis.c.kind).where(
        analysis.c.id == bindparam("id")
    )
)
_SCENARIO = Query(select(analysis.c.scenario_id).where(analysis.c.id == bindparam("id", type_=Uuid)))
_LAST = Query(
    select(analysis.c.id)
    .where(
        analysis.c.scenario_id == bindparam("scenario_id", type_=Uuid), analysis.c.kind == bindparam("kind")
    )
    .order_by(analysis.c.id.desc())
    .limit(1)
)
_ADD = outbox.insert(analysis, summary_document)


async def add_analysis(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Insert the analysis with its event and audit row; `options` and `result` are JSON."""
    await _ADD.find(connection, **values, **record)


async def get_scenario_id(connection: Connection, analysis_id: UUID) -> UUID:
    """The scenario that was analysed, or `Unknown`."""
    scenario_id: UUID | None = await _SCENARIO.value(connection, id=analysis_id)
    if scenario_id is None:
        raise Unknown
    return scenario_id


async def last_of_kind(connection: Connection, scenario_id: UUID, kind: str) -> UUID | None:
    """The last analysis of a kind that was made of the scenario."""
    found: UUID | None = await _LAST.value(connection, scenario_id=scenario_id, kind=kind)
    return found


async def get_analysis(connection: Connection, analysis_id: UUID) -> dict[str, Any]:
    """`AnalysisOut` without `is_stale` and the sentences."""
    row = await _GET.find(connection, id=analysis_id)
    if row is None:
        raise Unknown
    found: dict[str, Any] = json.loads(row["document"])
    return found | {row["kind"]: json.loads(row["result"])}
