"""Thresholds: the shipped ones, the organisation's own, and those that it is not bound by (G11)."""

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, case, select

from gevinst_benefits.domain.gates.thresholds import Exemption, ProjectKind, Threshold, parse_threshold
from gevinst_benefits.store.business_cases import Version, version_from
from gevinst_benefits.tables.business_cases import business_case
from gevinst_benefits.tables.shared import outbox
from gevinst_benefits.tables.thresholds import threshold, threshold_exemption
from gevinst_shared.db.documents import amount, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def threshold_document(c: Columns) -> ColumnElement[Any]:
    """`OwnThresholdOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        code=c.code,
        name=c.name,
        amount=amount(c.amount_minor),
        below=amount(c.below_minor),
        currency=c.currency,
        is_inclusive=c.is_inclusive,
        kind=c.kind,
        source=c.source,
        valid_from=c.valid_from,
        valid_until=c.valid_until,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def exemption_document(c: Columns) -> ColumnElement[Any]:
    """`ExemptionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        threshold=c.threshold,
        reason=c.reason,
        valid_from=c.valid_from,
        valid_until=c.valid_until,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


THRESHOLDS = Records(outbox, threshold, threshold_document, changeable=())
EXEMPTIONS = Records(outbox, threshold_exemption, exemption_document, changeable=())
_OWN = Query(select(threshold).order_by(threshold.c.id))
_EXEMPTIONS = Query(select(threshold_exemption).order_by(threshold_exemption.c.id))
_of_project = business_case.c.project_id == bindparam("project_id")
_moment = bindparam("moment", type_=business_case.c.created_at.type)
_was_there = business_case.c.created_at <= _moment
_CASE_AT = Query(
    select(business_case)
    .where(_of_project)
    # The last version before the moment; before the first one, that one.
    .order_by(
        _was_there.desc(),
        case((_was_there, -business_case.c.number), else_=business_case.c.number),
    )
    .limit(1)
)


@cache
def shipped_thresholds() -> tuple[Threshold, ...]:
    """What comes with the product."""
    file = files("gevinst_benefits.domain") / "dated" / "thresholds.json"
    return tuple(parse_threshold(one) for one in json.loads(file.read_text(encoding="utf-8")))


async def own_thresholds(connection: Connection) -> Sequence[Threshold]:
    """What the organisation demands of its own projects."""
    return [
        Threshold(
            code=row["code"],
            names={"en": row["name"]},
            amount=Decimal(row["amount_minor"]).scaleb(-2),
            currency=row["currency"],
            source=row["source"],
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            below=None if row["below_minor"] is None else Decimal(row["below_minor"]).scaleb(-2),
            is_inclusive=row["is_inclusive"],
            kind=None if row["kind"] is None else ProjectKind(row["kind"]),
        )
        for row in await _OWN.rows(connection)
    ]


async def exemptions(connection: Connection) -> Sequence[Exemption]:
    """What the organisation has said that it is not bound by."""
    return [
        Exemption(row["threshold"], row["reason"], row["valid_from"], row["valid_until"])
        for row in await _EXEMPTIONS.rows(connection)
    ]


async def case_at(connection: Connection, project_id: UUID, moment: datetime) -> Version | None:
    """The project's business case as it stood at a moment, or its first one when there was none yet."""
    row = await _CASE_AT.find(connection, project_id=project_id, moment=moment)
    return None if row is None else version_from(dict(row))
