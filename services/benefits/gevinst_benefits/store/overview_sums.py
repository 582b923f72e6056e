"""What benefits are planned to give and what was verified of them, read for thousands at a time (B9, C7)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Numeric,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.benefits import BenefitState
from gevinst_benefits.domain.overview_sums import Alike, Frame, VerifiedYear
from gevinst_benefits.domain.planned_years import begins_on, year_shares
from gevinst_benefits.domain.timing import HangsOn, Ramp, RampKind, Timing
from gevinst_benefits.store.overview_scopes import Scope, Scoped, is_followed, with_project
from gevinst_benefits.store.verifications import is_corrected
from gevinst_benefits.tables.agreements import agreement_entry
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.projects import project
from gevinst_benefits.tables.verifications import verification
from gevinst_shared.db.engine import Connection

# B11: the newest step of an agreement says what is ours; without an agreement all of it is.
_newest_step = (
    select(
        agreement_entry.c.organisation_id,
        agreement_entry.c.benefit_id,
        func.coalesce(agreement_entry.c.share_kept, 0).label("share"),
        func.row_number()
        .over(partition_by=agreement_entry.c.benefit_id, order_by=agreement_entry.c.id.desc())
        .label("place"),
    )
).subquery("newest_step")
_its_step = and_(
    _newest_step.c.organisation_id == benefit.c.organisation_id,
    _newest_step.c.benefit_id == benefit.c.id,
    _newest_step.c.place == 1,
)
_share = func.coalesce(_newest_step.c.share, 1, type_=Numeric)
_its_delivery = and_(
    delivery.c.organisation_id == benefit.c.organisation_id, delivery.c.id == benefit.c.delivery_id
)
_anchor = case(
    (benefit.c.hangs_on == HangsOn.NONE.value, benefit.c.starts_on),
    (benefit.c.hangs_on == HangsOn.START.value, project.c.start),
    (benefit.c.hangs_on == HangsOn.END.value, project.c.end),
    else_=func.coalesce(delivery.c.delivered_on, delivery.c.due_on),
)
_frame = (benefit.c.mode, benefit.c.kind, benefit.c.ledger)
_HUNDREDTH = literal_column("0.01", Numeric)
# What a curve follows from.
_CURVE = (
    "hangs_on",
    "offset_months",
    "ramp",
    "ramp_months",
    "duration_months",
    "ends_on",
    "erosion_per_year",
)


def _alike(condition: ColumnElement[bool]) -> Select[Any]:
    computed = {
        "is_confirmed": benefit.c.confirmed_by.is_not(None),
        "share": _share,
        "ramp_shares": cast(benefit.c.ramp_shares, Text),
        "anchor": _anchor,
    }
    key = [
        *_frame,
        benefit.c.currency,
        benefit.c.price_year,
        benefit.c.unit_of_measure,
        benefit.c.state,
        *(benefit.c[name] for name in _CURVE),
        project.c.status,
    ]
    return (
        select(
            *key,
            *(value.label(name) for name, value in computed.items()),
            func.array_agg(benefit.c.money_minor).label("minors"),
            func.array_agg(benefit.c.amount, type_=ARRAY(Numeric)).label("amounts"),
        )
        .select_from(with_project.outerjoin(_newest_step, _its_step).outerjoin(delivery, _its_delivery))
        .where(condition, is_followed)
        .group_by(*key, *computed.values())
    )


def _verified(condition: ColumnElement[bool]) -> Select[Any]:
    key = [
        *_frame,
        verification.c.currency,
        verification.c.price_year,
        verification.c.unit_of_measure,
        verification.c.year,
    ]
    its_benefit = and_(
        benefit.c.organisation_id == verification.c.organisation_id, benefit.c.id == verification.c.benefit_id
    )
    amount = func.coalesce(verification.c.amount, cast(verification.c.money_minor, Numeric) * _HUNDREDTH)
    return (
        select(*key, func.sum(amount * _share).label("found"))
        .select_from(with_project.outerjoin(_newest_step, _its_step).join(verification, its_benefit))
        .where(condition, ~is_corrected(verification.c))
        .group_by(*key)
    )


_ALIKE = Scoped(_alike)
_VERIFIED = Scoped(_verified)


async def alike_in(connection: Connection, scope: Scope) -> list[Alike]:
    """The benefits that are followed, those that are alike together."""
    return [_from(row) for row in await _ALIKE.rows(connection, scope)]


async def verified_in(connection: Connection, scope: Scope) -> list[VerifiedYear]:
    """Our part of what controllers found realised, also of benefits that were closed since."""
    rows = await _VERIFIED.rows(connection, scope)
    return [VerifiedYear(_frame_of(row), row["year"], row["found"]) for row in rows]


def _from(row: Any) -> Alike:  # noqa: ANN401 - asyncpg's record
    begins, years = _curve(
        row["state"], row["status"], row["anchor"], row["ramp_shares"], *(row[name] for name in _CURVE)
    )
    is_money = row["currency"] is not None
    amounts = [Decimal(minor).scaleb(-2) for minor in row["minors"]] if is_money else row["amounts"]
    return Alike(_frame_of(row), row["is_confirmed"], row["share"], begins, years, amounts)


@lru_cache(maxsize=20_000)
def _curve(
    state: str, status: str | None, anchor: date | None, ramp_shares: str, *curve: Any
) -> tuple[date | None, Mapping[int, Decimal]]:
    """The day that benefits begin on and their share of a full year by year; `curve` is as `_CURVE` names."""
    hangs_on, offset_months, ramp, ramp_months, duration_months, ends_on, erosion_per_year = curve
    shares = tuple(Decimal(one) for one in ramp_shares.strip("{}").split(",") if one)
    timing = Timing(
        hangs_on=HangsOn(hangs_on),
        offset_months=offset_months,
        ramp=Ramp(RampKind(ramp), ramp_months, shares),
        duration_months=duration_months,
        ends_on=ends_on,
        erosion_per_year=erosion_per_year,
    )
    begins = begins_on(timing, BenefitState(state), status, anchor=anchor)
    return begins, MappingProxyType({}) if begins is None else year_shares(timing, begins)


def _frame_of(row: Any) -> Frame:  # noqa: ANN401 - asyncpg's record
    unit = (row["unit_of_measure"], None) if row["currency"] is None else (row["currency"], row["price_year"])
    return Frame(row["mode"], row["kind"], row["ledger"], unit)
