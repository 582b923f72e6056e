"""What benefits are planned to give and what was verified of them, read for thousands at a time (B9, C7)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import asyncpg
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    cast,
    func,
    literal_column,
    select,
)

from gevinst_benefits.domain.overview_sums import Counted, Frame, Together, VerifiedYear
from gevinst_benefits.domain.plan.curve_shapes import Shape, YearParts, parts_by_year, shape_of
from gevinst_benefits.domain.plan.timing import Ramp, RampKind
from gevinst_benefits.store.benefit_dates import begins, with_dates, with_project
from gevinst_benefits.store.overview_scopes import Scope, Scoped, is_followed
from gevinst_benefits.store.verifications import is_corrected
from gevinst_benefits.tables.agreements import agreement_entry
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.verifications import verification
from gevinst_shared.db.engine import Connection

# B11: the newest step of an agreement says what is ours; without an agreement all of it is.
_newest_step = (
    select(
        agreement_entry.c.organisation_id,
        agreement_entry.c.benefit_id,
        agreement_entry.c.counted.label("share"),
        agreement_entry.c.in_transit,
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
_MILLION = literal_column("1000000", Integer)
_frame = (benefit.c.mode, benefit.c.kind, benefit.c.ledger)
# What a curve follows from.
_CURVE = (
    begins,
    benefit.c.ramp,
    benefit.c.ramp_months,
    cast(func.nullif(benefit.c.ramp_shares, literal_column("'{}'")), Text),
    benefit.c.duration_months,
    benefit.c.ends_on,
    cast(func.nullif(benefit.c.erosion_per_year, 0), Text),
)
_FRAME = (*_frame, benefit.c.currency, benefit.c.price_year, benefit.c.unit_of_measure)
_steps = func.coalesce(benefit.c.money_minor, cast(benefit.c.amount * _MILLION, BigInteger))
_FRAME_AT = slice(len(_FRAME))
_CURVE_AT = slice(len(_FRAME), len(_FRAME) + len(_CURVE))
_COUNTED_AT = slice(_CURVE_AT.stop, None)


def _planned(condition: ColumnElement[bool]) -> Select[Any]:
    """One row a benefit; read by place, because there are thousands of them."""
    return (
        select(
            *_FRAME,
            *(value.label(f"curve_{number}") for number, value in enumerate(_CURVE)),
            benefit.c.confirmed_by.is_not(None).label("is_confirmed"),
            _steps.label("steps"),
            cast(_newest_step.c.share * _MILLION, Integer).label("share"),
            cast(_newest_step.c.in_transit * _MILLION, Integer).label("in_transit"),
        )
        .select_from(with_dates.outerjoin(_newest_step, _its_step))
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
    share = func.coalesce(_newest_step.c.share, 1).label("share")
    amounts = (
        func.sum(verification.c.money_minor).label("minor"),
        func.sum(verification.c.amount).label("amount"),
    )
    return (
        select(*key, share, *amounts)
        .select_from(with_project.outerjoin(_newest_step, _its_step).join(verification, its_benefit))
        .where(condition, ~is_corrected(verification.c))
        .group_by(*key, share)
    )


_PLANNED = Scoped(_planned)
_VERIFIED = Scoped(_verified)


async def planned_in(connection: Connection, scope: Scope) -> Sequence[asyncpg.Record]:
    """The benefits that are followed, as `together` reads them."""
    return await _PLANNED.records(connection, scope)


async def verified_in(connection: Connection, scope: Scope) -> list[VerifiedYear]:
    """Our part of what controllers found realised, also of benefits that were closed since."""
    found = []
    for *frame, year, share, minor, amount in await _VERIFIED.records(connection, scope):
        whole = amount if minor is None else minor.scaleb(-2)
        found.append(VerifiedYear(_frame_of(tuple(frame)), year, whole * share))
    return found


def together(rows: Sequence[asyncpg.Record]) -> list[Together]:
    """Benefits, those of one frame together."""
    found: defaultdict[tuple[Any, bool], list[Counted]] = defaultdict(list)
    for row in rows:
        is_confirmed, steps, share, in_transit = row[_COUNTED_AT]
        curve = row[_CURVE_AT]
        entry = Counted(curve[0], _parts(*curve), steps, share, in_transit)
        found[row[_FRAME_AT], is_confirmed].append(entry)
    return [
        Together(_frame_of(frame), is_confirmed, benefits)
        for (frame, is_confirmed), benefits in found.items()
    ]


@lru_cache(maxsize=20_000)
def _parts(begins: date | None, *form: Any) -> YearParts | None:
    """What falls in each year by the columns of `_CURVE`."""
    if begins is None:
        return None
    *growing, duration_months, ends_on, erosion = form
    return parts_by_year(_shape(*growing, duration_months, erosion), begins, duration_months, ends_on)


@lru_cache(maxsize=1_000)
def _shape(
    ramp: str, ramp_months: int, ramp_shares: str | None, duration_months: int, erosion: str | None
) -> Shape:
    """The shape of the same columns; null is no table, and no erosion."""
    shares = tuple(Decimal(one) for one in (ramp_shares or "").strip("{}").split(",") if one)
    return shape_of(Ramp(RampKind(ramp), ramp_months, shares), duration_months, Decimal(erosion or 0))


def _frame_of(key: tuple[Any, ...]) -> Frame:
    """The frame of the columns of `_FRAME`."""
    mode, kind, ledger, currency, price_year, unit_of_measure = key
    unit = (unit_of_measure, None) if currency is None else (currency, price_year)
    return Frame(mode, kind, ledger, unit)
