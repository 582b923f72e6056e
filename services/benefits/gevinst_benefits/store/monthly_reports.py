"""Monthly reports, their versions and their measures in the database (B13)."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
)

from gevinst_benefits.tables.monthly_reports import (
    monthly_report,
    monthly_report_version,
    report_measure,
    reporting_practice,
)
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records

Json = dict[str, Any]


def month_text(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """2026-10"""
    return func.to_char(column, literal_column("'YYYY-MM'"))


def _version(c: Columns) -> Any:  # noqa: ANN401 - the columns of its versions, and which they are
    version = monthly_report_version.alias("version")
    return version.c, (version.c.organisation_id == c.organisation_id, version.c.report_id == c.id)


def _last(c: Columns, name: str) -> ColumnElement[Any]:
    version, mine = _version(c)
    return select(version[name]).where(*mine).order_by(version.number.desc()).limit(1).scalar_subquery()


def report_document(c: Columns) -> ColumnElement[Any]:
    """`MonthlyReportOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        month=month_text(c.month),
        state=c.state,
        content=c.content,
        version=func.coalesce(_last(c, "number"), 0),
        submitted_by=_last(c, "submitted_by"),
        submitted_at=moment(_last(c, "submitted_at")),
        correction_reason=c.correction_reason,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def version_document(c: Columns) -> ColumnElement[Any]:
    """`ReportVersionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        report_id=c.report_id,
        number=c.number,
        content=c.content,
        known=c.known,
        reason=c.reason,
        submitted_by=c.submitted_by,
        submitted_at=moment(c.submitted_at),
    )


def measure_document(c: Columns) -> ColumnElement[Any]:
    """`MeasureOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        report_id=c.report_id,
        text=c.text,
        state=c.state,
        proposed_by=c.proposed_by,
        decision_reason=c.decision_reason,
        decided_by=c.decided_by,
        decided_at=moment(c.decided_at),
        owner_id=c.owner_id,
        deadline=c.deadline,
        note=c.note,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def practice_document(c: Columns) -> ColumnElement[Any]:
    """`ReportingPracticeOut`, as PostgreSQL writes it."""
    return document(
        due_working_day=c.due_working_day,
        from_month=month_text(c.from_month),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


REPORTS = Listing(
    monthly_report,
    report_document,
    filters={"project": monthly_report.c.project_id},
    sorts={"month": monthly_report.c.month},
)
RECORDS = Records(
    outbox, monthly_report, report_document, changeable=("state", "content", "correction_reason")
)
VERSIONS = Listing(
    monthly_report_version,
    version_document,
    filters={"report": monthly_report_version.c.report_id},
    sorts={"number": monthly_report_version.c.number},
)
# What is still to be decided or done comes first.
_open_first = case(
    (report_measure.c.state == "proposed", 0), (report_measure.c.state == "decided", 1), else_=2
).cast(Integer)
_measures = select(report_measure, _open_first.label("attention")).subquery()
MEASURES = Listing(
    _measures,
    measure_document,
    filters={"project": _measures.c.project_id, "state": _measures.c.state},
    sorts={"attention": _measures.c.attention},
)
MEASURE_RECORDS = Records(
    outbox,
    report_measure,
    measure_document,
    changeable=(*("state", "decision_reason", "decided_by", "decided_at", "owner_id", "deadline", "note"),),
)
_before = bindparam("before", type_=Date)
_LAST_SUBMITTED = Query(
    select(monthly_report_version.c.content, monthly_report.c.month)
    .join(
        monthly_report,
        (monthly_report.c.organisation_id == monthly_report_version.c.organisation_id)
        & (monthly_report.c.id == monthly_report_version.c.report_id),
    )
    .where(monthly_report.c.project_id == bindparam("project_id"), monthly_report.c.month < _before)
    .order_by(monthly_report.c.month.desc(), monthly_report_version.c.number.desc())
    .limit(1)
)
_LAST_NUMBER = Query(
    select(func.max(monthly_report_version.c.number)).where(
        monthly_report_version.c.report_id == bindparam("report_id")
    )
)
_KEEP = Query(
    insert(monthly_report_version).values(
        {column.name: bindparam(column.name, type_=column.type) for column in monthly_report_version.columns}
    )
)
_PRACTICE = Query(
    select(
        practice_document(reporting_practice.c).label("document"),
        reporting_practice.c.revision,
        reporting_practice.c.due_working_day,
        reporting_practice.c.from_month,
    ).where(reporting_practice.c.organisation_id == bindparam("organisation_id", type_=Text))
)
_SET = outbox.insert(reporting_practice, practice_document)
_RESET = outbox.update(reporting_practice, practice_document, columns=("due_working_day", "from_month"))


async def last_submitted(
    connection: Connection, project_id: UUID, *, before: date
) -> tuple[date, Json] | None:
    """The newest content that was submitted for a month before `before`, and its month."""
    row = await _LAST_SUBMITTED.find(connection, project_id=project_id, before=before)
    return None if row is None else (row["month"], json.loads(row["content"]))


async def last_number(connection: Connection, report_id: UUID) -> int:
    """The number of the version submitted last; 0 for none."""
    return int(await _LAST_NUMBER.value(connection, report_id=report_id) or 0)


async def keep_version(connection: Connection, values: Mapping[str, Any]) -> None:
    await _KEEP.run(connection, **values)


async def find_practice(connection: Connection, organisation: str) -> Mapping[str, Any] | None:
    """From when and by when the organisation's projects report, with its JSON as `document`."""
    row = await _PRACTICE.find(connection, organisation_id=organisation)
    return None if row is None else dict(row)


async def set_practice(
    connection: Connection, values: Mapping[str, Any], created_at: datetime, record: Mapping[str, Any]
) -> Stored:
    """Say from when and by when projects report, for the first time or anew."""
    new = {f"new_{name}": value for name, value in values.items()}
    row = await _RESET.find(connection, expected=None, **new, **record)
    if row is None:
        row = await _SET.find(connection, **values, created_at=created_at, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])
