"""Benefits in the database."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Text, Uuid, any_, bindparam, case, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.plan.benefits import (
    Benefit,
    BenefitState,
    Estimate,
    Ledger,
    Owner,
    RealisationMode,
)
from gevinst_benefits.store.timing import timing_columns, timing_document, timing_from
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.indicators import indicator
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Unknown


def _indicator_count(c: Columns) -> ColumnElement[Any]:
    mine = (indicator.c.organisation_id == c.organisation_id, indicator.c.benefit_id == c.id)
    return select(func.count()).select_from(indicator).where(*mine).scalar_subquery()


def decimal_text(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A decimal without trailing zeros, as text."""
    return cast(func.trim_scale(column), Text)


def benefit_document(c: Columns) -> ColumnElement[Any]:
    """`BenefitOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        project_id=c.project_id,
        name=c.name,
        description=c.description,
        mode=c.mode,
        kind=c.kind,
        owner=document(role=c.owner_role, unit_id=c.owner_unit_id),
        estimate=document(
            ledger=c.ledger,
            money_per_year=money(c.money_minor, c.currency, c.price_year),
            amount_per_year=decimal_text(c.amount),
            unit_of_measure=c.unit_of_measure,
        ),
        timing=timing_document(c),
        budget_line=c.budget_line,
        effort=c.effort,
        state=c.state,
        confirmed_by=c.confirmed_by,
        confirmed_at=moment(c.confirmed_at),
        verified_by=c.verified_by,
        moved_to=c.moved_to,
        continues_id=c.continues_id,
        indicator_count=_indicator_count(c),
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


# B6: a benefit without indicator is shown first, not hidden.
_shown = select(
    benefit, case((_indicator_count(benefit.c) == 0, 0), else_=1).cast(Integer).label("attention")
).subquery()
LISTING = Listing(
    _shown,
    benefit_document,
    filters={"project": _shown.c.project_id, "state": _shown.c.state},
    sorts={"attention": _shown.c.attention, "id": _shown.c.id},
)
_GET = Query(
    select(benefit_document(benefit.c).label("document"), benefit.c.revision).where(
        benefit.c.id == bindparam("id")
    )
)
_ROW = select(benefit).where(benefit.c.id == bindparam("id"))
_FIND = Query(_ROW)
_LOCK = Query(_ROW.with_for_update())
_of_project = select(benefit).where(benefit.c.project_id == bindparam("project_id")).order_by(benefit.c.id)
_OF_PROJECT = Query(_of_project)
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_OF_IDS = Query(select(benefit).where(benefit.c.id == any_(_ids)))
_LOCK_OF_PROJECT = Query(_of_project.with_for_update())
_CONTINUE = Query(
    indicator.update()
    .where(indicator.c.benefit_id == bindparam("from_id"))
    .values(benefit_id=bindparam("to_id"), revision=indicator.c.revision + 1)
)
_ADD = outbox.insert(benefit, benefit_document)
_CHANGEABLE = tuple(
    column.name
    for column in benefit.columns
    if column.name
    not in {"organisation_id", "id", "project_id", "continues_id", "created_by", "revision", "created_at"}
)
_CHANGE = outbox.update(benefit, benefit_document, columns=_CHANGEABLE)


async def get_document(connection: Connection, benefit_id: UUID) -> Stored:
    """The benefit's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=benefit_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_row(connection: Connection, benefit_id: UUID, *, for_change: bool = False) -> Mapping[str, Any]:
    """The benefit by column, or `Unknown`; `for_change` holds it until the transaction ends."""
    row = await (_LOCK if for_change else _FIND).find(connection, id=benefit_id)
    if row is None:
        raise Unknown
    return dict(row)


async def rows_of_project(
    connection: Connection, project_id: UUID, *, for_change: bool = False
) -> Sequence[Mapping[str, Any]]:
    """The project's benefits by column; `for_change` holds them until the transaction ends."""
    query = _LOCK_OF_PROJECT if for_change else _OF_PROJECT
    return [dict(row) for row in await query.rows(connection, project_id=project_id)]


async def rows_of(connection: Connection, benefit_ids: Collection[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Those of the benefits that are there, by id and column."""
    rows = await _OF_IDS.rows(connection, ids=list(benefit_ids))
    return {row["id"]: dict(row) for row in rows}


async def add_benefit(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """Insert the benefit with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def change_benefit(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any], *, expected: int | None
) -> Stored | None:
    """Change the benefit `id`; None when it is not at revision `expected` any more."""
    new = {f"new_{name}": values[name] for name in _CHANGEABLE}
    row = await _CHANGE.find(connection, id=values["id"], expected=expected, **new, **record)
    return None if row is None else Stored(row["document"], row["revision"])


async def hand_over_indicators(connection: Connection, from_id: UUID, to_id: UUID) -> None:
    """G6: a benefit that is moved takes its indicators and their measurements along."""
    await _CONTINUE.run(connection, from_id=from_id, to_id=to_id)


def benefit_from(row: Mapping[str, Any]) -> Benefit:
    """The domain's benefit of a row."""
    minor, ledger = row["money_minor"], Ledger(row["ledger"])
    cash = None if minor is None else Money.from_minor(minor, row["currency"], row["price_year"])
    return Benefit(
        id=row["id"],
        project_id=row["project_id"],
        name=row["name"],
        mode=RealisationMode(row["mode"]),
        kind=row["kind"],
        owner=Owner(row["owner_role"], row["owner_unit_id"]),
        estimate=Estimate(ledger, cash, row["amount"], row["unit_of_measure"] or ""),
        state=BenefitState(row["state"]),
        confirmed_by=row["confirmed_by"],
        confirmed_at=row["confirmed_at"],
        timing=timing_from(row),
        budget_line=row["budget_line"],
        effort=row["effort"],
    )


def columns_of(found: Benefit) -> dict[str, Any]:
    """The columns that the domain's benefit decides."""
    cash = found.estimate.money_per_year
    return {
        "id": found.id,
        "project_id": found.project_id,
        "name": found.name,
        "mode": found.mode.value,
        "kind": found.kind,
        "owner_role": found.owner.role,
        "owner_unit_id": found.owner.unit_id,
        "ledger": found.estimate.ledger.value,
        "money_minor": None if cash is None else cash.minor,
        "currency": None if cash is None else cash.currency,
        "price_year": None if cash is None else cash.price_year,
        "amount": found.estimate.amount_per_year,
        "unit_of_measure": found.estimate.unit_of_measure or None,
        "state": found.state.value,
        "confirmed_by": found.confirmed_by,
        "confirmed_at": found.confirmed_at,
        "budget_line": found.budget_line,
        "effort": found.effort,
        **timing_columns(found.timing),
    }
