"""Indicators and what is measured on them (B5, B6)."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.benefits import BenefitEnded, BenefitState
from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.indicators import (
    Direction,
    Indicator,
    indicator_state,
    realised_share,
    refuse_too_many,
)
from gevinst_benefits.domain.measuring import CorrectionWithoutReason, MeasuredInFuture, NotCorrectable
from gevinst_benefits.domain.permissions import MEASURE, PLAN
from gevinst_benefits.events.indicators import IndicatorAdded, IndicatorChanged, IndicatorMeasured
from gevinst_benefits.store import benefits, indicators
from gevinst_benefits.usecases.planning import require_at
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Permission
from gevinst_shared.values.ids import new_id

Json = dict[str, Any]
_THOUSANDTH = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class IndicatorDraft:
    """What a planner says of an indicator."""

    name: str
    unit_of_measure: str
    direction: Direction
    target: Decimal
    action: str
    baseline: Decimal | None = None
    due_on: tuple[date, ...] = ()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A measurement as it is taken; `corrects_id` is the entry that it replaces."""

    taken_on: date
    value: Decimal
    corrects_id: UUID | None = None
    reason: str | None = None


async def add_indicator(work: Work, benefit_id: UUID, draft: IndicatorDraft) -> Json:
    """Give the benefit an indicator; a fourth one with a reason (B5)."""
    await _require_open(work, PLAN, benefit_id, for_change=True)
    refuse_too_many(await indicators.count_of_benefit(work.connection, benefit_id), reason=draft.reason or "")
    added = _indicator(new_id(), benefit_id, draft)
    values = _columns(added) | {
        "reason": draft.reason,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = IndicatorAdded(indicator_id=added.id, benefit_id=benefit_id, name=added.name)
    record = recorded(work, fact, subject=subject_of("indicators", added.id), reason=draft.reason)
    return with_state(work, await indicators.add_indicator(work.connection, values, record))


async def change_indicator(
    work: Work, indicator_id: UUID, draft: IndicatorDraft, *, expected: int
) -> Json | None:
    """Change the indicator; None when it is not at revision `expected` any more."""
    row = await indicators.get_row(work.connection, indicator_id, for_change=True)
    await _require_open(work, PLAN, row["benefit_id"])
    changed = _indicator(indicator_id, row["benefit_id"], draft)
    fact = IndicatorChanged(indicator_id=indicator_id, benefit_id=changed.benefit_id, name=changed.name)
    record = recorded(work, fact, subject=subject_of("indicators", indicator_id), reason=draft.reason)
    members = await indicators.change_indicator(work.connection, _columns(changed), record, expected=expected)
    return None if members is None else with_state(work, members)


async def measure(work: Work, indicator_id: UUID, reading: Reading) -> tuple[UUID, Stored]:
    """Record a measurement, or a correction of one; its id and record."""
    row = await indicators.get_row(work.connection, indicator_id, for_change=True)
    await _require_open(work, MEASURE, row["benefit_id"])
    if reading.taken_on > work.today:
        raise MeasuredInFuture(day=reading.taken_on, pointer="/body/taken_on")
    await _refuse_odd_correction(work, indicator_id, reading)
    measurement_id = new_id()
    values = {
        "id": measurement_id,
        "indicator_id": indicator_id,
        "taken_on": reading.taken_on,
        "value": reading.value,
        "corrects_id": reading.corrects_id,
        "reason": reading.reason,
        "measured_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = IndicatorMeasured(
        indicator_id=indicator_id,
        benefit_id=row["benefit_id"],
        measurement_id=measurement_id,
        taken_on=reading.taken_on,
        value=reading.value,
        corrects_id=reading.corrects_id,
    )
    record = recorded(work, fact, subject=subject_of("indicators", indicator_id), reason=reading.reason)
    return measurement_id, await indicators.add_measurement(work.connection, values, record)


def with_states(work: Work, items: str) -> str:
    """A page's indicators, each with its state today."""
    return json.dumps([with_state(work, members) for members in json.loads(items)], ensure_ascii=False)


def with_state(work: Work, members: Json) -> Json:
    """B6: the indicator's members with its state today, and how much of the way is done."""
    found, latest = indicators.measured(members)
    state = indicator_state(found, [] if latest is None else [latest], today=work.today)
    share = None if latest is None else realised_share(found, latest.value)
    shown = {} if share is None else {"realised_share": decimal_text(share.quantize(_THOUSANDTH))}
    return {**members, "state": state.value, **shown}


async def _require_open(
    work: Work, permission: Permission, benefit_id: UUID, *, for_change: bool = False
) -> None:
    """Follow-up lasts years (B10): only a benefit that was closed or moved is past measuring."""
    row = await benefits.get_row(work.connection, benefit_id, for_change=for_change)
    await require_at(work, permission, row["project_id"], row["owner_unit_id"])
    if row["state"] in {BenefitState.CLOSED, BenefitState.MOVED}:
        raise BenefitEnded(state=row["state"])


async def _refuse_odd_correction(work: Work, indicator_id: UUID, reading: Reading) -> None:
    if reading.corrects_id is None:
        return
    if not (reading.reason or "").strip():
        raise CorrectionWithoutReason(pointer="/body/reason")
    if not await indicators.is_standing(work.connection, reading.corrects_id, indicator_id=indicator_id):
        raise NotCorrectable(measurement=reading.corrects_id, pointer="/body/corrects_id")


def _indicator(indicator_id: UUID, benefit_id: UUID, draft: IndicatorDraft) -> Indicator:
    return Indicator(
        id=indicator_id,
        benefit_id=benefit_id,
        name=draft.name,
        unit_of_measure=draft.unit_of_measure,
        direction=draft.direction,
        target=draft.target,
        action=draft.action,
        baseline=draft.baseline,
        due_on=tuple(sorted(set(draft.due_on))),
    )


def _columns(found: Indicator) -> dict[str, Any]:
    return {
        "id": found.id,
        "benefit_id": found.benefit_id,
        "name": found.name,
        "unit_of_measure": found.unit_of_measure,
        "direction": found.direction.value,
        "target": found.target,
        "action": found.action,
        "baseline": found.baseline,
        "due_on": list(found.due_on),
    }
