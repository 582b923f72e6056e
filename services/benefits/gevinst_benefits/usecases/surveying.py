"""Overviews: what a person, a unit, a programme or a portfolio has before it, computed as it is asked for."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.duties import months_owed
from gevinst_benefits.domain.measuring.tolerances import Measure, Tolerance
from gevinst_benefits.domain.monthly_reports import Month
from gevinst_benefits.domain.overview_sums import (
    Frame,
    FrameSum,
    Together,
    VerifiedYear,
    by_measure,
    frame_sums,
)
from gevinst_benefits.store import (
    duties,
    monthly_reports,
    overview_indicators,
    overview_signs,
    overview_sums,
    overview_units,
    overview_work,
    tolerances,
)
from gevinst_benefits.store.overview_scopes import Scope, ScopeKind, plan_for_values
from gevinst_benefits.store.places import find_grants
from gevinst_benefits.store.report_duties import Among
from gevinst_benefits.store.verification_queue import waiting_by_year_and_unit
from gevinst_benefits.usecases.overseeing_reports import ProjectDuty
from gevinst_benefits.usecases.overseeing_reports import duties as report_duties
from gevinst_shared.db.work import Work
from gevinst_shared.values.actor import Grant
from gevinst_shared.values.organisation import country
from gevinst_shared.values.refusal import Unknown

Rows = Sequence[Mapping[str, Any]]
MOST_SHOWN = 50
# Up to here the plan that is made once for every unit holds.
FEW_UNITS = 10
# What is due within a month is a duty now: there must be time to do it.
SOON = timedelta(31)


@dataclass(frozen=True, slots=True)
class Standing:
    """How benefits stand: those without an indicator, the others' indicators, and owners nobody is."""

    without_indicator: Rows
    signs: Rows
    vacant: Rows


@dataclass(frozen=True, slots=True)
class WorkSurvey:
    """A project, programme or portfolio. `reports` is None where nobody has said that projects report."""

    projects: Rows
    benefits: Sequence[Together]
    sums: Mapping[Frame, FrameSum]
    standing: Standing
    gates: Rows
    conditions: Rows
    month: Month
    reports: Sequence[ProjectDuty] | None


@dataclass(frozen=True, slots=True)
class UnitSurvey:
    """A unit with all below it. `sums` are of all modes and kinds together, ledger by ledger."""

    units: Rows
    benefits: Sequence[Together]
    sums: Mapping[Frame, FrameSum]
    standing: Standing
    actions: Rows
    goal_counts: Rows
    goals: Sequence[Mapping[str, Any]]
    booked: Rows


async def my_duties(work: Work, *, kind: str | None, limit: int, after: list[str] | None) -> duties.Duties:
    """The next duties of the caller, late ones first, and how many of each kind there are in all."""
    return await duties.page(work.connection, await _asker(work), kind=kind, limit=limit, after=after)


async def waiting_to_be_verified(work: Work) -> Rows:
    """How many years of benefits wait for a controller, by year and by the unit that owns the benefit."""
    return await waiting_by_year_and_unit(work.connection, this_year=work.today.year)


async def survey_work(work: Work, scope: Scope) -> WorkSurvey:
    """What a project, programme or portfolio promises, and what of it is missing, late or ahead."""
    projects = await overview_work.projects_in(work.connection, scope)
    if not projects:
        raise Unknown
    benefits, sums, standing = await _looked_at(work, scope)
    month = Month.of(work.today).before
    return WorkSurvey(
        projects,
        benefits,
        sums,
        standing,
        await overview_work.gates_ahead(work.connection, scope, today=work.today, most=MOST_SHOWN),
        await overview_work.conditions_open(work.connection, scope, today=work.today, most=MOST_SHOWN),
        month,
        await _reports(work, scope, month),
    )


async def survey_unit(work: Work, unit_id: UUID) -> UnitSurvey:
    """What is expected of a unit and of those below it, and how much changes there."""
    units = await overview_units.units_with_staff(work.connection, unit_id)
    scope = Scope(ScopeKind.UNIT, unit_id)
    if len(units) > FEW_UNITS:
        await plan_for_values(work.connection)
    benefits, sums, standing = await _looked_at(work, scope)
    return UnitSurvey(
        units,
        benefits,
        by_measure(sums),
        standing,
        await overview_work.actions_by_quarter(work.connection, scope, today=work.today),
        await overview_units.goal_counts(work.connection, unit_id),
        await overview_units.open_goals(work.connection, unit_id, most=MOST_SHOWN),
        await overview_units.booked(work.connection, unit_id),
    )


async def _looked_at(
    work: Work, scope: Scope
) -> tuple[Sequence[Together], Mapping[Frame, FrameSum], Standing]:
    planned = await overview_sums.planned_in(work.connection, scope)
    verified = await overview_sums.verified_in(work.connection, scope)
    known = await tolerances.in_force(work.connection, work.organisation, work.today)
    # Adding up asks nothing of PostgreSQL, which looks at the indicators meanwhile.
    adding = asyncio.create_task(asyncio.to_thread(_added_up, planned, verified))
    standing = await _standing(work, scope, known.get(Measure.BENEFIT))
    return *await adding, standing


def _added_up(
    planned: Sequence[Any], verified: Sequence[VerifiedYear]
) -> tuple[Sequence[Together], Mapping[Frame, FrameSum]]:
    benefits = overview_sums.together(planned)
    return benefits, frame_sums(benefits, verified)


async def _standing(work: Work, scope: Scope, tolerance: Tolerance | None) -> Standing:
    connection, today, most = work.connection, work.today, MOST_SHOWN
    signs = await overview_indicators.signs_in(connection, scope, today=today, tolerance=tolerance)
    return Standing(
        await overview_signs.without_indicator(connection, scope, most=most),
        signs,
        await overview_signs.vacant_owners(connection, scope, today=today, most=most),
    )


async def _reports(work: Work, scope: Scope, month: Month) -> Sequence[ProjectDuty] | None:
    """B13: last month's reports; None where projects did not report in it."""
    practice = await monthly_reports.find_practice(work.connection, work.organisation)
    if practice is None or month.first < practice["from_month"]:
        return None
    return await report_duties(work, month, Among(**{f"{scope.kind.value}_id": scope.id}))


async def _asker(work: Work) -> dict[str, Any]:
    """Who asks: the roles held today and where, and the months that a report is owed of."""
    held = [Grant(role) for role in sorted(work.actor.roles)]
    # Whoever may read by a role of the token was let in without looking for the others.
    grants = work.actor.grants or await find_grants(work.connection, work.actor)
    held += [grant for grant in grants if grant.is_valid_on(work.today)]
    practice = await monthly_reports.find_practice(work.connection, work.organisation) or {}
    months = months_owed(
        practice.get("from_month"),
        practice.get("due_working_day", 1),
        today=work.today,
        country=country(work.organisation),
    )
    return {
        "today": work.today,
        "until": work.today + SOON,
        "subject": work.actor.subject,
        "roles": [grant.role.value for grant in held],
        "scopes": [grant.scope.value for grant in held],
        "scope_ids": [grant.scope_id for grant in held],
        "months": [one.month.first for one in months],
        "month_ends": [one.month.last_day for one in months],
        "due_days": [one.due_on for one in months],
    }
