"""Planned against measured, where an indicator will end, and its traffic light (B7)."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.measuring.forecasting import Forecast, Observation, forecast
from gevinst_benefits.domain.measuring.indicators import (
    Indicator,
    IndicatorState,
    Measurement,
    current_value,
    indicator_state,
    newest_by_place,
    realised_share,
)
from gevinst_benefits.domain.measuring.reference_classes import ReferenceClass, prior_of
from gevinst_benefits.domain.measuring.tolerances import Measure
from gevinst_benefits.domain.measuring.traffic_lights import (
    Colour,
    Light,
    Override,
    light_of,
    override_in_force,
    refuse_odd_override,
)
from gevinst_benefits.domain.measuring.trajectories import on_benefit_dates, planned_value
from gevinst_benefits.domain.permissions import OVERRULE
from gevinst_benefits.domain.plan.planned_years import starts_on
from gevinst_benefits.events.indicators import LightOverruled, LightRestored
from gevinst_benefits.store import benefits, indicators, light_overrides, measurements, tolerances
from gevinst_benefits.store.series import monthly_values
from gevinst_benefits.usecases.curves import dated_project
from gevinst_benefits.usecases.indicating import require_open
from gevinst_benefits.usecases.referring import class_of_benefit
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


@dataclass(frozen=True, slots=True)
class Outlook:
    """An indicator on a day: what was planned for it, what is there, where it goes, and in which light.

    Shares are of the way from baseline to target. `forecast` and what stands behind it are there when the
    indicator has a trajectory and a way to go. Without days of its own its way hangs on the benefit's dates
    (B9): `hangs_on_benefit`.
    """

    indicator: Indicator
    on: date
    state: IndicatorState
    value: Decimal | None
    realised: Decimal | None
    planned: Decimal | None
    planned_share: Decimal | None
    forecast: Forecast | None
    reference_class: ReferenceClass | None
    light: Light
    override: Override | None
    hangs_on_benefit: bool


async def outlook_of(work: Work, indicator_id: UUID, *, on: date | None) -> Outlook:
    """The indicator's outlook on a day, out of what was measured until then; today when there is no day."""
    day = on or work.today
    members = await indicators.get_document(work.connection, indicator_id)
    row = await indicators.get_row(work.connection, indicator_id)
    said = indicators.indicator_from(row)
    known = said if said.trajectory else await _on_benefit_dates(work, said)
    until = min(day, work.today)
    readings = await _readings(work, members, known, until)
    value = current_value(known, newest_by_place(known, readings, today=until))
    realised = None if value is None else realised_share(known, value)
    state = indicator_state(known, readings, today=until)
    planned = _planned(known, day)
    planned_share = None if planned is None else realised_share(known, planned)
    found, reference = await _forecast(work, known, until)
    light = light_of(
        state,
        planned=planned_share,
        realised=realised,
        forecast=found,
        tolerance=(await tolerances.in_force(work.connection, work.organisation, until)).get(Measure.BENEFIT),
    )
    newest = await light_overrides.find_newest(work.connection, indicator_id)
    override = override_in_force([] if newest is None else [newest], today=work.today)
    return Outlook(
        indicator=known,
        on=day,
        state=state,
        value=value,
        realised=realised,
        planned=planned,
        planned_share=planned_share,
        forecast=found,
        reference_class=reference,
        light=light,
        override=override,
        hangs_on_benefit=known.trajectory is not None and said.trajectory is None,
    )


async def overrule(
    work: Work, indicator_id: UUID, *, colour: Colour | None, reason: str, until: date
) -> Stored:
    """Say another colour than the figures, until a day; without a colour, take back what was said."""
    row = await indicators.get_row(work.connection, indicator_id, for_change=True)
    benefit = await require_open(work, OVERRULE, row["benefit_id"])
    refuse_odd_override(until, today=work.today)
    said: dict[str, Any] = {
        "project_id": benefit["project_id"],
        "indicator_id": indicator_id,
        "benefit_id": row["benefit_id"],
        "benefit_name": benefit["name"],
        "indicator_name": row["name"],
        "owner_unit_id": benefit["owner_unit_id"],
        "overruled_by": work.actor.subject,
        "reason": reason,
        "until": until,
    }
    fact = LightRestored(**said) if colour is None else LightOverruled(**said, colour=colour.value)
    values = {
        "id": new_id(),
        "indicator_id": indicator_id,
        "colour": None if colour is None else colour.value,
        "reason": reason,
        "until": until,
        "overruled_by": work.actor.subject,
        "created_at": work.now,
    }
    record = recorded(work, fact, subject=subject_of("indicators", indicator_id), reason=reason)
    return await light_overrides.add_override(work.connection, values, record)


async def _on_benefit_dates(work: Work, said: Indicator) -> Indicator:
    """The indicator on its benefit's way, when the benefit has a day to begin on."""
    benefit = benefits.benefit_from(await benefits.get_row(work.connection, said.benefit_id))
    begins = starts_on(benefit, await dated_project(work, benefit.project_id))
    if begins is None:
        return said
    return replace(said, trajectory=on_benefit_dates(benefit.timing, begins))


async def _readings(work: Work, members: dict[str, Any], known: Indicator, until: date) -> list[Measurement]:
    """The newest measurements of each place up to a day."""
    newest = measurements.readings_from(members)
    if until >= work.today:
        return newest
    return await measurements.newest_until(work.connection, known.id, until)


def _planned(known: Indicator, day: date) -> Decimal | None:
    if known.trajectory is None or known.baseline is None:
        return None
    return planned_value(known.trajectory, baseline=known.baseline, target=known.target, on=day)


async def _forecast(
    work: Work, known: Indicator, until: date
) -> tuple[Forecast | None, ReferenceClass | None]:
    if known.trajectory is None or known.baseline is None or known.target == known.baseline:
        return None, None
    _, _, reference = await class_of_benefit(work, known.benefit_id)
    months = await monthly_values(work.connection, known.id, last_on=until)
    shares = [(row["last_on"], realised_share(known, row["value"])) for row in months]
    observations = [Observation(day, float(share)) for day, share in shares if share is not None]
    return forecast(known.trajectory, observations, prior_of(reference)), reference
