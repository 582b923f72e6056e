"""What is worked out about reports, as it is answered (B13)."""

from collections.abc import Sequence
from typing import Any

from gevinst_benefits.domain.monthly_reports import Change, DutyState, Light, Month, counted, worst
from gevinst_benefits.usecases.overseeing_reports import ProjectDuty

Json = dict[str, Any]


def changes_shown(since: Month | None, found: Sequence[Change]) -> Json:
    """`ReportChangesOut`"""
    shown = [_there(member=one.member, before=one.before, after=one.after) for one in found]
    return _there(since=None if since is None else str(since), changes=shown)


def duty_shown(one: ProjectDuty) -> Json:
    """`DutyOut`"""
    lights = None if one.lights is None else {area.value: light.value for area, light in one.lights.items()}
    of_all = worst([] if one.lights is None else one.lights.values())
    return _there(
        project_id=str(one.project_id),
        name=one.name,
        manager_id=None if one.manager_id is None else str(one.manager_id),
        report_id=None if one.report_id is None else str(one.report_id),
        state=one.duty.state.value,
        due_on=one.duty.due_on.isoformat(),
        working_days_late=one.duty.working_days_late,
        lights=lights,
        worst=None if of_all is None else of_all.value,
        open_measures=one.open_measures,
    )


def summary_shown(month: Month, found: Sequence[ProjectDuty]) -> Json:
    """`ReportSummaryOut`"""
    lights = [None if one.lights is None else worst(one.lights.values()) for one in found]
    of_all = worst(lights)
    areas = [
        _there(
            area=one.area.value,
            missing=one.missing,
            green=one.green,
            yellow=one.yellow,
            red=one.red,
            worst=_worst(green=one.green, yellow=one.yellow, red=one.red),
        )
        for one in counted([duty.report for duty in found])
    ]
    return _there(
        month=str(month),
        projects=len(found),
        missing=lights.count(None),
        late=sum(one.duty.state is DutyState.LATE for one in found),
        worst=None if of_all is None else of_all.value,
        areas=areas,
        open_measures=sum(one.open_measures for one in found),
    )


def _worst(*, green: int, yellow: int, red: int) -> str | None:
    there = [light for light, count in zip(Light, (green, yellow, red), strict=True) if count]
    return there[-1].value if there else None


def _there(**members: object) -> Json:
    """The members that are there: absent, never null."""
    return {name: value for name, value in members.items() if value is not None}
