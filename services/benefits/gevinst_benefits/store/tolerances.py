"""Tolerances: the shipped ones, and the organisation's own (B7)."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import ColumnElement, select

from gevinst_benefits.domain.measuring.tolerances import (
    Bound,
    Measure,
    Tolerance,
    parse_tolerance,
    tolerance_in_force,
)
from gevinst_benefits.tables.shared import outbox
from gevinst_benefits.tables.tolerances import tolerance
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.organisation import country


def tolerance_document(c: Columns) -> ColumnElement[Any]:
    """`OwnToleranceOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        measure=c.measure,
        yellow=c.yellow,
        red=c.red,
        reason=c.reason,
        valid_from=c.valid_from,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


RECORDS = Records(outbox, tolerance, tolerance_document, changeable=())
_OWN = Query(select(tolerance).order_by(tolerance.c.id))


@cache
def shipped_tolerances() -> tuple[Tolerance, ...]:
    """What comes with the product."""
    file = files("gevinst_benefits.domain") / "dated" / "tolerances.json"
    return tuple(parse_tolerance(one) for one in json.loads(file.read_text(encoding="utf-8")))


async def in_force(connection: Connection, organisation: str, on: date) -> Mapping[Measure, Tolerance]:
    """The organisation's tolerance for each measure on a day: its own, its country's, or everybody's."""
    own = await _own(connection)
    found = {
        measure: tolerance_in_force(
            measure, country=country(organisation), on=on, shipped=shipped_tolerances(), own=own
        )
        for measure in Measure
    }
    return {measure: one for measure, one in found.items() if one is not None}


def bound_json(bound: Bound) -> dict[str, Any]:
    """`BoundShape` of a bound."""
    members: dict[str, Any] = {"is_inclusive": bound.is_inclusive}
    if bound.share is not None:
        members["share"] = f"{bound.share.normalize():f}"
    if bound.amount is not None:
        members |= {"amount": f"{bound.amount:.2f}", "currency": bound.currency}
    if bound.months is not None:
        members["months"] = bound.months
    return members


async def _own(connection: Connection) -> Sequence[Tolerance]:
    return [
        Tolerance(
            code=f"own-{row['id']}",
            measure=Measure(row["measure"]),
            yellow=_bound(json.loads(row["yellow"])),
            red=_bound(json.loads(row["red"])),
            source=row["reason"],
            valid_from=row["valid_from"],
        )
        for row in await _OWN.rows(connection)
    ]


def _bound(members: Mapping[str, Any]) -> Bound:
    share, amount = members.get("share"), members.get("amount")
    return Bound(
        share=None if share is None else Decimal(share),
        amount=None if amount is None else Decimal(amount),
        currency=members.get("currency"),
        months=members.get("months"),
        is_inclusive=members["is_inclusive"],
    )
