"""Reporting each month on a project: drafted from what is known, submitted once, corrected openly (B13)."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.monthly_reports import (
    ENDED,
    Area,
    Change,
    Light,
    Month,
    MonthAhead,
    NotBegun,
    NotSubmitted,
    NotTheReporter,
    ReportSubmitted,
    Running,
    changes,
    had_begun,
    refuse_unjudged,
)
from gevinst_benefits.domain.permissions import REPORT, SET_REPORTING
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.events.monthly_reports import (
    MonthlyReportChanged,
    MonthlyReportDrafted,
    MonthlyReportReopened,
    MonthlyReportSubmitted,
    OfReport,
    ReportingPracticeSet,
)
from gevinst_benefits.store import benefits, monthly_reports, report_facts
from gevinst_benefits.store.monthly_reports import RECORDS
from gevinst_benefits.store.projects import get_project, unit_path
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place, Role
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money

Json = dict[str, Any]


async def set_practice(work: Work, due_working_day: int, from_month: Month) -> Stored:
    """Say from which month on projects report, and by which working day after it."""
    work.require(SET_REPORTING, Place())
    fact = ReportingPracticeSet(due_working_day, str(from_month))
    record = recorded(work, fact, subject="reporting-practice")
    values = {"due_working_day": due_working_day, "from_month": from_month.first}
    return await monthly_reports.set_practice(work.connection, values, work.now, record)


async def draft(work: Work, project_id: UUID, month: Month) -> tuple[UUID, Stored]:
    """Begin the month's report with what was said last and what is known now; its id and record."""
    project = await get_project(work.connection, project_id)
    await _require_reporter(work, project)
    if month.first > work.today:
        raise MonthAhead(month=month, pointer="/body/month")
    if not had_begun(month, Running(project.status, project.start, project.end)):
        raise NotBegun(month=month, pointer="/body/month")
    report_id = new_id()
    values = {
        "id": report_id,
        "project_id": project_id,
        "month": month.first,
        "state": "draft",
        "content": await _prefilled(work, project_id, month),
        "correction_reason": None,
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = MonthlyReportDrafted(report_id, project_id, str(month))
    record = recorded(work, fact, subject=subject_of("monthly-reports", report_id))
    return report_id, await RECORDS.add(work.connection, values, record)


async def change(work: Work, report_id: UUID, content: Json, *, expected: int) -> Stored | None:
    """Change a draft; None when it is not at revision `expected` any more."""
    row = await held_report(work, report_id)
    if row["state"] != "draft":
        raise ReportSubmitted
    fact = MonthlyReportChanged(*_told(row))
    return await _changed(work, row, fact, {"content": content}, expected=expected)


async def submit(work: Work, report_id: UUID) -> Stored:
    """Submit the draft: what it says is kept as a version of its own, with what was known on the day."""
    row = await held_report(work, report_id)
    if row["state"] != "draft":
        raise ReportSubmitted
    content = row["content"]
    lights = _lights(content)
    refuse_unjudged(lights)
    number = await monthly_reports.last_number(work.connection, report_id) + 1
    version = {
        "organisation_id": work.organisation,
        "id": new_id(),
        "report_id": report_id,
        "number": number,
        "content": content,
        "known": await known_of(work, row["project_id"], Month(row["month"])),
        "reason": row["correction_reason"],
        "submitted_by": work.actor.subject,
        "submitted_at": work.now,
        "submitted_on": work.today,
    }
    await monthly_reports.keep_version(work.connection, version)
    told = {area.value: light.value for area, (light, _) in lights.items() if light is not None}
    fact = MonthlyReportSubmitted(*_told(row), number=number, lights=told)
    return await _kept(work, row, fact, {"state": "submitted"}, reason=row["correction_reason"])


async def reopen(work: Work, report_id: UUID, reason: str) -> Stored:
    """Open a submitted report for a correction; what was submitted stays as its version."""
    row = await held_report(work, report_id)
    if row["state"] != "submitted":
        raise NotSubmitted
    new = {"state": "draft", "correction_reason": reason}
    return await _kept(work, row, MonthlyReportReopened(*_told(row)), new, reason=reason)


async def changes_since(work: Work, report_id: UUID) -> tuple[Month | None, tuple[Change, ...]]:
    """What the report says otherwise than the one submitted before it, and which month that was."""
    row = await RECORDS.row(work.connection, report_id)
    last = await monthly_reports.last_submitted(work.connection, row["project_id"], before=row["month"])
    content = json.loads(row["content"])
    return (None, changes({}, content)) if last is None else (Month(last[0]), changes(last[1], content))


async def known_now(work: Work, report_id: UUID) -> Json:
    """What the service knows today of the project that the report is on."""
    row = await RECORDS.row(work.connection, report_id)
    return await known_of(work, row["project_id"], Month(row["month"]))


async def known_of(work: Work, project_id: UUID, month: Month) -> Json:
    """What the service knows of the project today: `KnownOut`, without states that no benefit is in."""
    connection, today = work.connection, work.today
    planned = await report_facts.planned_cost(connection, project_id, month.first.year)
    conditions, more_conditions = await report_facts.open_conditions(connection, project_id)
    actions, more_actions = await report_facts.overdue_actions(connection, project_id, today=today)
    known: Json = {
        "benefits": await report_facts.benefits_by_state(connection, project_id),
        "open_conditions": conditions,
        "overdue_actions": actions,
        "indicators_overdue": await report_facts.overdue_indicators(connection, project_id, today=today),
        "measures_overdue": await report_facts.overdue_measures(connection, project_id, today=today),
    }
    more = {"open_conditions_more": more_conditions, "overdue_actions_more": more_actions}
    known = known | {name: count for name, count in more.items() if count}
    return known if planned is None else known | {"planned_cost": _written(planned)}


async def _prefilled(work: Work, project_id: UUID, month: Month) -> Json:
    """What was said last; the planned cost is the newest case's. Without a last report no light is given."""
    last = await monthly_reports.last_submitted(work.connection, project_id, before=month.first)
    content: Json = {area.value: {"words": ""} for area in Area} if last is None else dict(last[1])
    planned = await report_facts.planned_cost(work.connection, project_id, month.first.year)
    return content if planned is None else content | {"planned_cost": _written(planned)}


async def held_report(work: Work, report_id: UUID) -> Json:
    """The report, held until this transaction ends, for whoever reports on its project."""
    row = await RECORDS.row(work.connection, report_id, for_change=True)
    await _require_reporter(work, await get_project(work.connection, row["project_id"]))
    return {**row, "content": json.loads(row["content"])}


async def _require_reporter(work: Work, project: Project) -> None:
    """B13: the project's manager; when it has ended, whoever owns one of its benefits."""
    rows = await benefits.rows_of_project(work.connection, project.id)
    units: set[UUID] = set()
    for unit_id in {row["owner_unit_id"] for row in rows}:
        units.update(await unit_path(work.connection, unit_id))
    place = project.place(*units)
    work.require(REPORT, place)
    # Not by its dates: a project that is late is still its manager's.
    is_over = project.status in ENDED
    roles = {Role.BENEFIT_OWNER, Role.UNIT_LEADER} if is_over else {Role.PROJECT_MANAGER}
    if not work.actor.holds(roles, place=place, today=work.today):
        raise NotTheReporter


def _lights(content: Mapping[str, Any]) -> dict[Area, tuple[Light | None, str]]:
    found: dict[Area, tuple[Light | None, str]] = {}
    for area in Area:
        said = content.get(area.value, {})
        light = said.get("light")
        found[area] = (None if light is None else Light(light), said.get("words", ""))
    return found


def _told(row: Mapping[str, Any]) -> tuple[UUID, UUID, str]:
    return row["id"], row["project_id"], str(Month(row["month"]))


async def _kept(work: Work, row: Json, fact: OfReport, new: Json, *, reason: str | None) -> Stored:
    stored = await _changed(work, row, fact, new, expected=None, reason=reason)
    assert stored is not None  # the row is held
    return stored


async def _changed(
    work: Work, row: Json, fact: OfReport, new: Json, *, expected: int | None, reason: str | None = None
) -> Stored | None:
    record = recorded(work, fact, subject=subject_of("monthly-reports", row["id"]), reason=reason)
    return await RECORDS.change(work.connection, {**row, **new}, record, expected=expected)


def _written(money: Money) -> Json:
    return {"amount": f"{money.amount:.2f}", "currency": money.currency, "price_year": money.price_year}
