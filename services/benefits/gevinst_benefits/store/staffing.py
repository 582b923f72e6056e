"""The staff of units in the database (B12)."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan.staffing import StaffingYear
from gevinst_benefits.tables.shared import outbox
from gevinst_benefits.tables.staffing import staffing
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def staffing_document(c: Columns) -> ColumnElement[Any]:
    """`StaffingOut`, as PostgreSQL writes it."""
    return document(
        unit_id=c.id,
        organisation=c.organisation_id,
        years=c.years,
        changed_by=c.changed_by,
        revision=c.revision,
        changed_at=moment(c.changed_at),
    )


RECORDS = Records(outbox, staffing, staffing_document, changeable=("years", "changed_by", "changed_at"))
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_OF_UNITS = Query(select(staffing.c.id, staffing.c.years).where(staffing.c.id == any_(_ids)))


async def of_units(connection: Connection, unit_ids: Iterable[UUID]) -> Mapping[UUID, Sequence[StaffingYear]]:
    """What is known of the units' staff."""
    rows = await _OF_UNITS.rows(connection, ids=list(unit_ids))
    return {row["id"]: [_year(one) for one in json.loads(row["years"])] for row in rows}


def years_json(years: Iterable[StaffingYear]) -> list[dict[str, Any]]:
    """How years are stored, first year first."""
    return [
        {
            "year": one.year,
            "fte": decimal_text(one.fte),
            "hours_per_fte": decimal_text(one.hours_per_fte),
        }
        for one in sorted(years, key=lambda one: one.year)
    ]


def _year(members: Mapping[str, Any]) -> StaffingYear:
    return StaffingYear(members["year"], Decimal(members["fte"]), Decimal(members["hours_per_fte"]))
