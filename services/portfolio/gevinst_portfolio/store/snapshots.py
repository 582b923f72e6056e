"""The portfolio as it was at a moment, from versions that nobody can alter (P8)."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Integer,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import Uuid

from gevinst_portfolio.store.portfolios import portfolio_document
from gevinst_portfolio.store.projects import project_document
from gevinst_portfolio.store.resources import resource_document
from gevinst_portfolio.tables.capacity import budget, resource
from gevinst_portfolio.tables.decisions import decided_project, decision
from gevinst_portfolio.tables.projects import portfolio, project
from gevinst_portfolio.tables.shared import version
from gevinst_shared.db.documents import document, documents, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_ENDS = bindparam("ends", type_=DateTime(timezone=True))
_BEGINS = bindparam("begins", type_=DateTime(timezone=True))
_PORTFOLIO = bindparam("portfolio_id", type_=Uuid)
_AFTER = bindparam("after", type_=Uuid)
_LIMIT = bindparam("limit", type_=Integer)
_NOBODY = UUID(int=0)
_first = version.alias("first_version")


def _kind(table: Table) -> ColumnElement[str]:
    return literal_column(f"'{table.name}'", Text)


def _latest(name: str, table: Table, before: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a lateral
    """The last version of the record `first_version.record_id` that is from before a moment."""
    known = version.alias(f"{name}_version")
    return (
        select(known.c.record, known.c.since)
        .where(
            known.c.kind == _kind(table),
            known.c.record_id == _first.c.record_id,
            known.c.since < before,
        )
        .order_by(known.c.number.desc())
        .limit(1)
        .lateral(name)
    )


def _row(table: Table, record: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a table-valued function
    """The version's row with the columns of its table, those that came later null."""
    empty: ColumnElement[Any] = literal_column(f'NULL::"{table.name}"')
    columns = [column(one.name, one.type) for one in table.columns]
    return func.jsonb_populate_record(empty, record).table_valued(*columns, name=f"{table.name}_then")


def _member(record: ColumnElement[Any], name: str) -> ColumnElement[str]:
    return func.jsonb_extract_path_text(record, literal_column(f"'{name}'"), type_=Text)


def _is_of_portfolio(record: ColumnElement[Any]) -> ColumnElement[bool]:
    return _member(record, "portfolio_id") == cast(_PORTFOLIO, Text)


_latest_project = _latest("latest_project", project, _ENDS)
_projects = _first.join(_latest_project, true())
_is_project = and_(
    _first.c.is_first, _first.c.kind == _kind(project), _is_of_portfolio(_latest_project.c.record)
)
_then = _row(project, _latest_project.c.record)
_last_decision = (
    select(
        document(
            id=decision.c.id,
            kind=decision.c.kind,
            effect=decided_project.c.effect,
            case_number=decision.c.case_number,
            decided_on=decision.c.decided_on,
            until=decision.c.until,
            condition=decision.c.condition,
        )
    )
    .join_from(
        decided_project,
        decision,
        (decision.c.organisation_id == decided_project.c.organisation_id)
        & (decision.c.id == decided_project.c.decision_id),
    )
    .where(decided_project.c.project_id == _then.c.id, decision.c.created_at < _ENDS)
    .order_by(decision.c.id.desc())
    .limit(1)
)
_PROJECTS = Query(
    select(
        _first.c.record_id,
        document(
            project=project_document(_then.c),
            since=moment(_latest_project.c.since),
            decision=_last_decision.scalar_subquery(),
        ).label("document"),
    )
    .select_from(_projects.join(_then, true()))
    .where(_is_project, _first.c.record_id > _AFTER)
    .order_by(_first.c.record_id)
    .limit(_LIMIT)
)

_latest_portfolio = _latest("latest_portfolio", portfolio, _ENDS)
_portfolio_then = _row(portfolio, _latest_portfolio.c.record)
_HEAD = Query(
    select(
        portfolio_document(_portfolio_then.c).label("document"),
        _portfolio_then.c.currency,
        _portfolio_then.c.price_year,
    )
    .select_from(_first.join(_latest_portfolio, true()).join(_portfolio_then, true()))
    .where(
        _first.c.is_first,
        _first.c.kind == _kind(portfolio),
        _first.c.record_id == _PORTFOLIO,
        _latest_portfolio.c.record.is_not(None),
    )
)
_cost = cast(_member(_latest_project.c.record, "cost_minor"), BigInteger)
_status = _member(_latest_project.c.record, "status")
_STATUSES = Query(
    select(
        _status.label("status"),
        func.count().label("count"),
        cast(func.sum(_cost), BigInteger).label("cost_minor"),
        (func.count() - func.count(_cost)).label("unknown_cost_count"),
    )
    .select_from(_projects)
    .where(_is_project)
    .group_by(literal_column("1"))
    .order_by(literal_column("1"))
)
_BUDGET = Query(
    select(
        document(
            version=budget.c.version,
            years=budget.c.years,
            reason=budget.c.reason,
            set_by=budget.c.set_by,
            set_at=moment(budget.c.set_at),
        )
    )
    .where(budget.c.portfolio_id == _PORTFOLIO, budget.c.set_at < _ENDS)
    .order_by(budget.c.version.desc())
    .limit(1)
)
_latest_resource = _latest("latest_resource", resource, _ENDS)
_resource_then = _row(resource, _latest_resource.c.record)
_resources = (
    select(_resource_then)
    .select_from(_first.join(_latest_resource, true()).join(_resource_then, true()))
    .where(_first.c.is_first, _first.c.kind == _kind(resource), _latest_resource.c.record.is_not(None))
    .order_by(_first.c.record_id)
    .limit(1000)
    .subquery("resources_then")
)
_RESOURCES = Query(select(documents(resource_document(_resources.c), _resources.c.id)))
_LAST_DECISION = Query(
    select(decision.c.id)
    .where(decision.c.portfolio_id == _PORTFOLIO, decision.c.created_at < _ENDS)
    .order_by(decision.c.id.desc())
    .limit(1)
)


def _side(record: ColumnElement[Any]) -> ColumnElement[Any]:
    """`ProjectThenOut`: what the comparison of two days tells; null when the project was not there."""

    def minor(name: str) -> ColumnElement[Any]:
        return cast(_member(record, name), BigInteger)

    currency, year = _member(record, "currency"), cast(_member(record, "price_year"), Integer)
    told = document(
        name=_member(record, "name"),
        status=_member(record, "status"),
        registration=_member(record, "registration"),
        start=_member(record, "start"),
        end=_member(record, "end"),
        cost=money(minor("cost_minor"), currency, year),
        benefit=money(minor("benefit_minor"), currency, year),
        cost_by_year=func.jsonb_extract_path(record, literal_column("'cost_by_year'")),
    )
    return case((_is_of_portfolio(record), told))


_earlier, _later = _latest("earlier", project, _BEGINS), _latest("later", project, _ENDS)
_before, _afterwards = _side(_earlier.c.record), _side(_later.c.record)
_CHANGES = Query(
    select(_first.c.record_id, _before.label("before"), _afterwards.label("after"))
    .select_from(_first.join(_earlier, true(), isouter=True).join(_later, true(), isouter=True))
    .where(
        _first.c.is_first,
        _first.c.kind == _kind(project),
        _first.c.record_id > _AFTER,
        or_(_is_of_portfolio(_earlier.c.record), _is_of_portfolio(_later.c.record)),
        cast(_before, JSONB).is_distinct_from(cast(_afterwards, JSONB)),
    )
    .order_by(_first.c.record_id)
    .limit(_LIMIT)
)


async def find_head(connection: Connection, portfolio_id: UUID, ends: datetime) -> asyncpg.Record | None:
    """The portfolio's own `document`, `currency` and `price_year` then; None when it was not there."""
    return await _HEAD.find(connection, portfolio_id=portfolio_id, ends=ends)


async def list_statuses(connection: Connection, portfolio_id: UUID, ends: datetime) -> list[asyncpg.Record]:
    """How many projects had each `status`, and what they cost in whole hundredths, where known."""
    return await _STATUSES.rows(connection, portfolio_id=portfolio_id, ends=ends)


async def find_budget(connection: Connection, portfolio_id: UUID, ends: datetime) -> str | None:
    """`BudgetThenOut` as JSON; None when there was no budget yet."""
    found: str | None = await _BUDGET.value(connection, portfolio_id=portfolio_id, ends=ends)
    return found


async def list_resources(connection: Connection, ends: datetime) -> str:
    """The organisation's shared resources then, as a JSON array of `ResourceOut`; at most 1000."""
    return str(await _RESOURCES.value(connection, ends=ends))


async def find_last_decision(connection: Connection, portfolio_id: UUID, ends: datetime) -> UUID | None:
    found: UUID | None = await _LAST_DECISION.value(connection, portfolio_id=portfolio_id, ends=ends)
    return found


async def list_projects(
    connection: Connection, portfolio_id: UUID, ends: datetime, *, after: UUID | None, limit: int
) -> list[asyncpg.Record]:
    """`record_id` and `document` of the projects then, in the order of registration."""
    return await _PROJECTS.rows(
        connection, portfolio_id=portfolio_id, ends=ends, after=after or _NOBODY, limit=limit
    )


async def list_changes(
    connection: Connection,
    portfolio_id: UUID,
    begins: datetime,
    ends: datetime,
    *,
    after: UUID | None,
    limit: int,
) -> list[asyncpg.Record]:
    """`record_id`, and what projects were `before` and `after` as JSON, where that differs."""
    return await _CHANGES.rows(
        connection,
        portfolio_id=portfolio_id,
        begins=begins,
        ends=ends,
        after=after or _NOBODY,
        limit=limit,
    )
