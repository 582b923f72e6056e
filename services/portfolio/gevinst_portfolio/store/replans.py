"""Offers to plan again in the database."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, bindparam, select

from gevinst_portfolio.store.releases import release_document
from gevinst_portfolio.tables.releases import release
from gevinst_portfolio.tables.replans import replan
from gevinst_portfolio.tables.scenarios import scenario
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def replan_document(c: Columns) -> ColumnElement[Any]:
    """`ReplanOut`, as PostgreSQL writes it."""
    freed = select(release_document(release.c)).where(release.c.id == c.release_id)
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        release=freed.scalar_subquery(),
        state=c.state,
        scenario_id=c.scenario_id,
        run_id=c.run_id,
        reason=c.reason,
        handled_by=c.handled_by,
        handled_at=moment(c.handled_at),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    replan,
    replan_document,
    filters={"portfolio": replan.c.portfolio_id, "state": replan.c.state},
    sorts={"id": replan.c.id},
)
RECORDS = Records(
    outbox,
    replan,
    replan_document,
    changeable=("state", "scenario_id", "run_id", "reason", "handled_by", "handled_at"),
)
_NOT_YET = ("scenario_id", "run_id", "reason", "handled_by", "handled_at")
_ADD = outbox.insert(replan, lambda c: document(id=c.id), without=_NOT_YET)
_LOCK = Query(select(replan).where(replan.c.id == bindparam("id")).with_for_update())
_SCENARIO = Query(select(scenario).where(scenario.c.id == bindparam("id")))


async def add_replan(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> None:
    """Insert the offer with its event and audit row."""
    await _ADD.find(connection, **values, **record)


async def lock_replan(connection: Connection, replan_id: UUID) -> asyncpg.Record:
    """The offer's row, which nobody else changes before this transaction ends; or `Unknown`."""
    row = await _LOCK.find(connection, id=replan_id)
    if row is None:
        raise Unknown
    return row


async def get_scenario_said(connection: Connection, scenario_id: UUID) -> dict[str, Any]:
    """What was said of the scenario when it was made: its members as JSON, and `created_at`."""
    row = await _SCENARIO.find(connection, id=scenario_id)
    assert row is not None
    names = ("name", "first_quarter", "quarters", "seed", "work_limit", "created_at")
    return {**{name: row[name] for name in names}, "assumptions": json.loads(row["assumptions"])}
