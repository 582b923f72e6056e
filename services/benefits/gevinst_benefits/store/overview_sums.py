"""What benefits are planned to give and what was verified of them, read for thousands at a time (B9, C7)."""

from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
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

from gevinst_benefits.domain.benefits import BenefitState
from gevinst_benefits.domain.overview_sums import Counted, Curve, Frame, Together, VerifiedYear, curve_of
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
    benefit.c.state,
    project.c.status,
    _anchor,
    benefit.c.hangs_on,
    benefit.c.offset_months,
    benefit.c.ramp,
    benefit.c.ramp_months,
    cast(benefit.c.ramp_shares, Text),
    benefit.c.duration_months,
    benefit.c.ends_on,
    cast(benefit.c.erosion_per_year, Text),
)
_FRAME = (*_frame, benefit.c.currency, benefit.c.price_year, benefit.c.unit_of_measure)
_steps = func.coalesce(benefit.c.money_minor, cast(benefit.c.amount * 1_000_000, BigInteger))
_CURVE_AT = slice(len(_FRAME), len(_FRAME) + len(_CURVE))


def _planned(condition: ColumnElement[bool]) -> Select[Any]:
    """One row a benefit; read by place, because there are thousands of them."""
    return (
        select(
            *_FRAME,
            *(value.label(f"curve_{number}") for number, value in enumerate(_CURVE)),
            benefit.c.confirmed_by.is_not(None).label("is_confirmed"),
            _steps.label("steps"),
            _newest_step.c.share,
        )
        .select_from(with_project.outerjoin(_newest_step, _its_step).outerjoin(delivery, _its_delivery))
        .where(condition, is_followed)
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


_PLANNED = Scoped(_planned)
_VERIFIED = Scoped(_verified)


async def planned_in(connection: Connection, scope: Scope) -> list[Together]:
    """The benefits that are followed, those of one frame together."""
    found: dict[tuple[Any, bool], list[Counted]] = {}
    for row in await _PLANNED.records(connection, scope):
        *_, is_confirmed, steps, share = row
        entry = Counted(_curve(row[_CURVE_AT]), steps, share)
        found.setdefault((row[: len(_FRAME)], is_confirmed), []).append(entry)
    return [
        Together(_frame_of(frame), is_confirmed, benefits)
        for (frame, is_confirmed), benefits in found.items()
    ]


async def verified_in(connection: Connection, scope: Scope) -> list[VerifiedYear]:
    """Our part of what controllers found realised, also of benefits that were closed since."""
    rows = await _VERIFIED.records(connection, scope)
    return [VerifiedYear(_frame_of(row[: len(_FRAME)]), row["year"], row["found"]) for row in rows]


@lru_cache(maxsize=20_000)
def _curve(key: tuple[Any, ...]) -> Curve:
    """The curve that follows from the columns of `_CURVE`."""
    state, status, anchor, hangs_on, offset_months, ramp, ramp_months, ramp_shares, *ends = key
    duration_months, ends_on, erosion_per_year = ends
    shares = tuple(Decimal(one) for one in ramp_shares.strip("{}").split(",") if one)
    timing = Timing(
        hangs_on=HangsOn(hangs_on),
        offset_months=offset_months,
        ramp=Ramp(RampKind(ramp), ramp_months, shares),
        duration_months=duration_months,
        ends_on=ends_on,
        erosion_per_year=Decimal(erosion_per_year),
    )
    begins = begins_on(timing, BenefitState(state), status, anchor=anchor)
    return Curve() if begins is None else curve_of(begins, year_shares(timing, begins))


def _frame_of(key: tuple[Any, ...]) -> Frame:
    """The frame of the columns of `_FRAME`."""
    mode, kind, ledger, currency, price_year, unit_of_measure = key
    unit = (unit_of_measure, None) if currency is None else (currency, price_year)
    return Frame(mode, kind, ledger, unit)
