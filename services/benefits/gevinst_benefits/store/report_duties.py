"""Which projects owe a report for a month, and what of it is there, in the database (B13)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Table, Uuid, and_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from gevinst_benefits.tables.monthly_reports import (
    monthly_report,
    monthly_report_version,
    report_debt,
    report_lateness,
    report_measure,
    reporting_practice,
)
from gevinst_benefits.tables.projects import project
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query

_portfolio = bindparam("portfolio_id", type_=Uuid)
_programme = bindparam("programme_id", type_=Uuid)
_project = bindparam("project_id", type_=Uuid)
_first = bindparam("first", type_=Date)
_last = bindparam("last", type_=Date)
_version = (
    select(
        monthly_report_version.c.organisation_id,
        monthly_report_version.c.report_id,
        func.min(monthly_report_version.c.submitted_on).label("submitted_on"),
    )
    .group_by(monthly_report_version.c.organisation_id, monthly_report_version.c.report_id)
    .subquery()
)
_newest = monthly_report_version.alias("newest")
_content = (
    select(_newest.c.content)
    .where(
        _newest.c.organisation_id == monthly_report.c.organisation_id,
        _newest.c.report_id == monthly_report.c.id,
    )
    .order_by(_newest.c.number.desc())
    .limit(1)
    .scalar_subquery()
)
_open_measures = (
    select(func.count())
    .select_from(report_measure)
    .where(
        report_measure.c.organisation_id == project.c.organisation_id,
        report_measure.c.project_id == project.c.id,
        or_(report_measure.c.state == "proposed", report_measure.c.state == "decided"),
    )
    .scalar_subquery()
)
_BEGUN = Query(
    select(
        project.c.id,
        project.c.name,
        project.c.status,
        project.c.start,
        project.c.end,
        project.c.manager_id,
        monthly_report.c.id.label("report_id"),
        _version.c.submitted_on,
        _content.label("content"),
        _open_measures.label("open_measures"),
    )
    .outerjoin(
        monthly_report,
        and_(
            monthly_report.c.organisation_id == project.c.organisation_id,
            monthly_report.c.project_id == project.c.id,
            monthly_report.c.month == _first,
        ),
    )
    .outerjoin(
        _version,
        and_(
            _version.c.organisation_id == monthly_report.c.organisation_id,
            _version.c.report_id == monthly_report.c.id,
        ),
    )
    .where(
        project.c.start <= _last,
        or_(project.c.end.is_(None), project.c.end >= _first, _version.c.submitted_on.is_not(None)),
        or_(_portfolio.is_(None), project.c.portfolio_id == _portfolio),
        or_(_programme.is_(None), project.c.programme_id == _programme),
        or_(_project.is_(None), project.c.id == _project),
    )
    .order_by(project.c.id)
)
_IS_KNOWN = Query(
    select(
        exists(
            select(1).where(
                or_(_portfolio.is_(None), project.c.portfolio_id == _portfolio),
                or_(_programme.is_(None), project.c.programme_id == _programme),
                or_(_project.is_(None), project.c.id == _project),
            )
        )
    )
)
_told = report_lateness.alias("told")
_debt = report_debt.alias("debt")
_without_report = (
    select(
        project.c.id,
        project.c.name,
        project.c.status,
        project.c.start,
        project.c.end,
        project.c.manager_id,
    )
    .where(
        project.c.start <= _last,
        or_(project.c.end.is_(None), project.c.end >= _first),
        ~exists(
            select(1)
            .select_from(monthly_report)
            .join(
                monthly_report_version,
                and_(
                    monthly_report_version.c.organisation_id == monthly_report.c.organisation_id,
                    monthly_report_version.c.report_id == monthly_report.c.id,
                ),
            )
            .where(
                monthly_report.c.organisation_id == project.c.organisation_id,
                monthly_report.c.project_id == project.c.id,
                monthly_report.c.month == _first,
            )
        ),
    )
    .order_by(project.c.id)
)
_UNTOLD = Query(
    _without_report.where(
        ~exists(
            select(1).where(
                _told.c.organisation_id == project.c.organisation_id,
                _told.c.id == project.c.id,
                _told.c.month == _first,
            )
        )
    )
)
_UNTOLD_DEBT = Query(
    _without_report.where(
        ~exists(
            select(1).where(
                _debt.c.organisation_id == project.c.organisation_id,
                _debt.c.id == project.c.id,
                _debt.c.month == _first,
                _debt.c.due_on == bindparam("due_on", type_=Date),
            )
        )
    )
)


def _claim(table: Table) -> Query:
    """Insert a row, unless it is there."""
    values = {
        column.name: bindparam(column.name, type_=column.type)
        for column in table.columns
        if column.name != "revision"
    }
    return Query(insert(table).values(values).on_conflict_do_nothing().returning(table.c.id))


_CLAIM = _claim(report_lateness)
_CLAIM_DEBT = _claim(report_debt)
_ANNOUNCE = outbox.record()
_ORGANISATIONS = Query(
    select(
        reporting_practice.c.organisation_id,
        reporting_practice.c.due_working_day,
        reporting_practice.c.from_month,
    ).order_by(reporting_practice.c.organisation_id)
)


@dataclass(frozen=True, slots=True)
class Among:
    """Whose projects are asked for."""

    portfolio_id: UUID | None = None
    programme_id: UUID | None = None
    project_id: UUID | None = None


async def projects_in(
    connection: Connection, first: date, last: date, among: Among
) -> Sequence[Mapping[str, Any]]:
    """Projects that had begun by `last` and had not ended by `first`, or have reported, by column.

    With the report's id, the day of its first submission, its newest `content`, and `open_measures`.
    """
    rows = await _BEGUN.rows(connection, first=first, last=last, **asdict(among))
    return [
        {**row, "content": None if row["content"] is None else json.loads(row["content"])} for row in rows
    ]


async def is_known(connection: Connection, among: Among) -> bool:
    """Whether any project is known here that is part of the portfolio and the programme."""
    return bool(await _IS_KNOWN.value(connection, **asdict(among)))


async def untold(connection: Connection, first: date, last: date) -> Sequence[Mapping[str, Any]]:
    """Projects of the month without a report, of which it was not said yet that it is late."""
    return [dict(row) for row in await _UNTOLD.rows(connection, first=first, last=last)]


async def untold_debts(
    connection: Connection, first: date, last: date, due_on: date
) -> Sequence[Mapping[str, Any]]:
    """Projects of the month without a report, of which it was not said yet that they owe it by `due_on`."""
    rows = await _UNTOLD_DEBT.rows(connection, first=first, last=last, due_on=due_on)
    return [dict(row) for row in rows]


async def tell_debt(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Say that a report is owed; False when it was said before. Once for each project, month and day."""
    return await _tell(connection, _CLAIM_DEBT, values, record)


async def tell_late(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> bool:
    """Say that a report is late; False when it was said before. Once for each project and month."""
    return await _tell(connection, _CLAIM, values, record)


async def _tell(
    connection: Connection, claim: Query, values: Mapping[str, Any], record: Mapping[str, Any]
) -> bool:
    if await claim.find(connection, organisation_id=record["organisation_id"], **values) is None:
        return False
    after = {"project_id": str(values["id"]), "month": values["month"].isoformat()}
    await _ANNOUNCE.find(connection, **record, before=None, after=after)
    return True


async def organisations(connection: Connection) -> Sequence[Mapping[str, Any]]:
    """Every organisation whose projects report; on a connection of the queue role."""
    return [dict(row) for row in await _ORGANISATIONS.rows(connection)]
