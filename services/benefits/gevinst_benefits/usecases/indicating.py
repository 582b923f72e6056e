"""Indicators of benefits: what is measured, when and by whom, from which baseline (B5, B6)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.measuring.aggregation import Aggregation
from gevinst_benefits.domain.measuring.baselines import NewBaselineWithoutReason, refuse_odd_baseline
from gevinst_benefits.domain.measuring.indicators import (
    Direction,
    Indicator,
    current_value,
    first_unmet,
    indicator_state,
    newest_by_place,
    realised_share,
    refuse_too_many,
)
from gevinst_benefits.domain.measuring.measurement_plans import MeasurementPlan, due_days
from gevinst_benefits.domain.measuring.trajectories import Trajectory
from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan.benefits import BenefitEnded, BenefitState
from gevinst_benefits.domain.projects import refuse_unknown_units
from gevinst_benefits.domain.units_of_measure import refuse_odd_value
from gevinst_benefits.events.indicators import BaselineSet, IndicatorAdded, IndicatorChanged
from gevinst_benefits.store import baselines, benefits, indicators, measurements
from gevinst_benefits.store.curve_watches import look_from
from gevinst_benefits.store.due_watches import watch
from gevinst_benefits.store.projects import known_units
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
    """What a planner says of an indicator; `due_on` are single days beside those of the plan."""

    name: str
    unit_of_measure: str
    direction: Direction
    target: Decimal
    action: str
    baseline: Decimal | None = None
    act_at: Decimal | None = None
    due_on: tuple[date, ...] = ()
    aggregation: Aggregation = field(default_factory=Aggregation)
    measured_in: tuple[UUID, ...] = ()
    plan: MeasurementPlan = field(default_factory=MeasurementPlan)
    trajectory: Trajectory | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class BaselineDraft:
    """A baseline as it was measured, before any effect; another one says why."""

    value: Decimal
    measured_on: date | None = None
    method: str | None = None
    measured_by: str | None = None
    reason: str | None = None


async def add_indicator(work: Work, benefit_id: UUID, draft: IndicatorDraft) -> Json:
    """Give the benefit an indicator; a fourth one with a reason (B5)."""
    benefit = await require_open(work, PLAN, benefit_id, for_change=True)
    refuse_too_many(await indicators.count_of_benefit(work.connection, benefit_id), reason=draft.reason or "")
    added = await _indicator(work, new_id(), benefit_id, draft)
    values = indicators.columns_of(added, single_days=sorted(set(draft.due_on))) | {
        "reason": draft.reason,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = IndicatorAdded(**facts_of(added, benefit, first_unmet(added, {})))
    record = recorded(work, fact, subject=subject_of("indicators", added.id), reason=draft.reason)
    members = await indicators.add_indicator(work.connection, values, record)
    if draft.baseline is not None:
        await _append_baseline(work, added, BaselineDraft(draft.baseline), replaces_id=None)
    await watch(work.connection, work.organisation, added.id, added.due_on)
    await look_from(work.connection, work.organisation, added.id, work.today)
    return with_state(work, members)


async def change_indicator(
    work: Work, indicator_id: UUID, draft: IndicatorDraft, *, expected: int
) -> Json | None:
    """Change the indicator; None when it is not at revision `expected` any more.

    A baseline that is left away stays; another one is appended, with the reason.
    """
    row = await indicators.get_row(work.connection, indicator_id, for_change=True)
    benefit = await require_open(work, PLAN, row["benefit_id"])
    if draft.baseline is None:
        draft = replace(draft, baseline=row["baseline"])
    changed = await _indicator(work, indicator_id, row["benefit_id"], draft)
    if changed.baseline is not None and changed.baseline != row["baseline"]:
        await _new_baseline(work, changed, row, BaselineDraft(changed.baseline, reason=draft.reason))
    columns = indicators.columns_of(changed, single_days=sorted(set(draft.due_on)))
    fact = IndicatorChanged(**facts_of(changed, benefit, await next_due(work, changed)))
    members = await _change(work, fact, columns, reason=draft.reason, expected=expected)
    if members is None:
        return None
    await watch(work.connection, work.organisation, indicator_id, changed.due_on)
    await look_from(work.connection, work.organisation, indicator_id, work.today)
    return with_state(work, members)


async def set_baseline(work: Work, indicator_id: UUID, draft: BaselineDraft) -> Stored:
    """Append a baseline to the indicator; it holds from now on."""
    row = await indicators.get_row(work.connection, indicator_id, for_change=True)
    benefit = await require_open(work, PLAN, row["benefit_id"])
    changed = replace(indicators.indicator_from(row), baseline=draft.value)
    refuse_odd_value(changed.unit_of_measure, draft.value, pointer="/body/value")
    stored = await _new_baseline(work, changed, row, draft)
    columns = indicators.columns_of(changed, single_days=row["due_on"])
    fact = IndicatorChanged(**facts_of(changed, benefit, await next_due(work, changed)))
    await _change(work, fact, columns, reason=draft.reason, expected=None)
    await look_from(work.connection, work.organisation, indicator_id, work.today)
    return stored


def with_states(work: Work, items: str) -> str:
    """A page's indicators, each with its state today."""
    return json.dumps([with_state(work, members) for members in json.loads(items)], ensure_ascii=False)


def with_state(work: Work, members: Json) -> Json:
    """B6: the indicator's members with its state today, its value, and how much of the way is done."""
    found = indicators.indicator_of(members)
    readings = measurements.readings_from(members)
    newest = newest_by_place(found, readings, today=work.today)
    value = current_value(found, newest)
    share = None if value is None else realised_share(found, value)
    raw = members.pop("readings", [])
    shown = {
        "latest": None if not raw else {name: raw[-1][name] for name in ("id", "taken_on", "value")},
        "readings": raw if found.measured_in else None,
        "value": None if value is None else decimal_text(value),
        "realised_share": None if share is None else decimal_text(share.quantize(_THOUSANDTH)),
    }
    state = indicator_state(found, readings, today=work.today)
    told = {name: one for name, one in shown.items() if one is not None}
    return {**members, "state": state.value, **told}


async def require_open(
    work: Work, permission: Permission, benefit_id: UUID, *, for_change: bool = False
) -> Mapping[str, Any]:
    """Follow-up lasts years (B10): only a benefit that was closed or moved is past measuring; its columns."""
    row = await benefits.get_row(work.connection, benefit_id, for_change=for_change)
    await require_at(work, permission, row["project_id"], row["owner_unit_id"])
    if row["state"] in {BenefitState.CLOSED, BenefitState.MOVED}:
        raise BenefitEnded(state=row["state"])
    return row


async def next_due(work: Work, known: Indicator) -> date | None:
    """The first due day of the indicator that no measurement has met."""
    if not known.due_on:
        return None
    newest = await measurements.newest_days(work.connection, [known.id])
    return first_unmet(known, newest.get(known.id, {}))


def facts_of(known: Indicator, benefit: Mapping[str, Any], next_due_on: date | None) -> Json:
    """What a fact of the indicator tells of it; `benefit` by column."""
    measurer = known.plan.measurer
    return {
        "project_id": benefit["project_id"],
        "indicator_id": known.id,
        "benefit_id": known.benefit_id,
        "name": known.name,
        "role": benefit["owner_role"] if measurer is None else measurer.role,
        "unit_id": benefit["owner_unit_id"] if measurer is None else measurer.unit_id,
        "next_due_on": next_due_on,
    }


async def _indicator(work: Work, indicator_id: UUID, benefit_id: UUID, draft: IndicatorDraft) -> Indicator:
    measurer = draft.plan.measurer
    units = {*draft.measured_in, *(() if measurer is None else (measurer.unit_id,))}
    if units:
        refuse_unknown_units(sorted(units), await known_units(work.connection, units))
    for name, value in (("baseline", draft.baseline), ("target", draft.target), ("act_at", draft.act_at)):
        refuse_odd_value(draft.unit_of_measure, value, pointer=f"/body/{name}")
    return Indicator(
        id=indicator_id,
        benefit_id=benefit_id,
        name=draft.name,
        unit_of_measure=draft.unit_of_measure,
        direction=draft.direction,
        target=draft.target,
        action=draft.action,
        baseline=draft.baseline,
        due_on=due_days(draft.plan, draft.due_on),
        act_at=draft.act_at,
        aggregation=draft.aggregation,
        measured_in=tuple(sorted(set(draft.measured_in))),
        plan=draft.plan,
        trajectory=draft.trajectory,
    )


async def _new_baseline(
    work: Work, changed: Indicator, row: Mapping[str, Any], draft: BaselineDraft
) -> Stored:
    """Append a baseline that may take the place of one; the indicator's row is held."""
    if row["baseline"] is not None and not (draft.reason or "").strip():
        raise NewBaselineWithoutReason(value=decimal_text(row["baseline"]), pointer="/body/reason")
    first = await measurements.first_day(work.connection, changed.id)
    refuse_odd_baseline(measured_on=draft.measured_on, first_measured_on=first, today=work.today)
    replaces_id = await baselines.find_in_force(work.connection, changed.id)
    return await _append_baseline(work, changed, draft, replaces_id=replaces_id)


async def _append_baseline(
    work: Work, changed: Indicator, draft: BaselineDraft, *, replaces_id: UUID | None
) -> Stored:
    baseline_id = new_id()
    fact = BaselineSet(
        indicator_id=changed.id,
        benefit_id=changed.benefit_id,
        baseline_id=baseline_id,
        value=draft.value,
        measured_on=draft.measured_on,
        replaces_id=replaces_id,
    )
    values = {
        "id": baseline_id,
        "indicator_id": changed.id,
        "value": draft.value,
        "measured_on": draft.measured_on,
        "method": draft.method,
        "measured_by": draft.measured_by,
        "replaces_id": replaces_id,
        "reason": draft.reason,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("indicators", changed.id), reason=draft.reason)
    return await baselines.add_baseline(work.connection, values, record)


async def _change(
    work: Work, fact: IndicatorChanged, columns: Json, *, reason: str | None, expected: int | None
) -> Json | None:
    record = recorded(work, fact, subject=subject_of("indicators", fact.indicator_id), reason=reason)
    return await indicators.change_indicator(work.connection, columns, record, expected=expected)
