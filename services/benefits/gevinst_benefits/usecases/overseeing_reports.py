"""Who owes a report for a month, what the reports say together, and saying once that one is late (B13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.monthly_reports import (
    Area,
    Duty,
    DutyState,
    Light,
    Month,
    ReportOf,
    Running,
    due_on,
    duty,
    ran_in,
)
from gevinst_benefits.events.monthly_reports import MonthlyReportLate, MonthlyReportOwed
from gevinst_benefits.store import monthly_reports, report_duties
from gevinst_benefits.store.report_duties import Among
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Actor
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import country, day_there
from gevinst_shared.values.refusal import Unknown

_MOST_MONTHS = 24
_WHO = "reporting"


@dataclass(frozen=True, slots=True)
class ProjectDuty:
    """A project that owes, or has given, a report for the month."""

    project_id: UUID
    name: str
    manager_id: UUID | None
    report_id: UUID | None
    duty: Duty
    lights: Mapping[Area, Light] | None
    open_measures: int

    @property
    def report(self) -> ReportOf:
        return ReportOf(self.project_id, self.duty.state, self.lights)


async def duties(work: Work, month: Month, among: Among) -> list[ProjectDuty]:
    """Every report that is owed or given for the month: the latest first, then what is not there yet.

    Empty where the organisation has not said when projects report, and for months before it began.
    """
    practice = await monthly_reports.find_practice(work.connection, work.organisation)
    if practice is None or month.first < practice["from_month"]:
        return []
    where = country(work.organisation)
    due = due_on(month, practice["due_working_day"], where)
    rows = await report_duties.projects_in(work.connection, month.first, month.last_day, among)
    found = [
        ProjectDuty(
            row["id"],
            row["name"],
            row["manager_id"],
            row["report_id"],
            duty(due, row["submitted_on"], today=work.today, country=where),
            _lights(row["content"]),
            row["open_measures"],
        )
        for row in rows
        if row["submitted_on"] is not None or ran_in(month, _running(row), today=work.today)
    ]
    return sorted(found, key=lambda one: (_ORDER[one.duty.state], str(one.project_id)))


async def duties_of_known(work: Work, month: Month, among: Among) -> list[ProjectDuty]:
    """As `duties`, or `Unknown` where no project is part of what is asked for."""
    if among != Among() and not await report_duties.is_known(work.connection, among):
        raise Unknown
    return await duties(work, month, among)


async def tell_late_reports(connection: Connection, practice: Mapping[str, Any], now: datetime) -> int:
    """Say of each report of an organisation that is late that it is, once; how many that were."""
    organisation = practice["organisation_id"]
    today, where = day_there(organisation, now), country(organisation)
    work = Work(connection, Actor(_WHO, organisation), now, new_id())
    count = 0
    for month in _months(practice["from_month"], today):
        due = due_on(month, practice["due_working_day"], where)
        if due >= today:
            await _tell_debts(work, month, due)
            continue
        for row in await report_duties.untold(connection, month.first, month.last_day):
            if ran_in(month, _running(row), today=today):
                count += await _tell(work, row, month, due)
    return count


async def _tell_debts(work: Work, month: Month, due: date) -> None:
    """Say of each report that is not there yet by when it is owed, so that people can be reminded."""
    for row in await report_duties.untold_debts(work.connection, month.first, month.last_day, due):
        if ran_in(month, _running(row), today=work.today):
            fact = MonthlyReportOwed(row["id"], row["name"], str(month), due, row["manager_id"])
            record = recorded(work, fact, subject=subject_of("projects", row["id"]))
            values = {"id": row["id"], "month": month.first, "due_on": due, "told_at": work.now}
            await report_duties.tell_debt(work.connection, values, record)


async def _tell(work: Work, row: Mapping[str, Any], month: Month, due: date) -> bool:
    fact = MonthlyReportLate(row["id"], row["name"], str(month), due, row["manager_id"])
    record = recorded(work, fact, subject=subject_of("projects", row["id"]))
    values = {"id": row["id"], "month": month.first, "due_on": due, "told_at": work.now}
    return await report_duties.tell_late(work.connection, values, record)


def _months(first: date, today: date) -> Sequence[Month]:
    """The months from the first that is reported on to the last that is over; two years back at most."""
    month, found = Month.of(today).before, list[Month]()
    while month.first >= first and len(found) < _MOST_MONTHS:
        found.append(month)
        month = month.before
    return found[::-1]


def _running(row: Mapping[str, Any]) -> Running:
    return Running(row["status"], row["start"], row["end"])


def _lights(content: Mapping[str, Any] | None) -> dict[Area, Light] | None:
    return None if content is None else {area: Light(content[area.value]["light"]) for area in Area}


_ORDER = {
    DutyState.LATE: 0,
    DutyState.NOT_DUE: 1,
    DutyState.SUBMITTED_LATE: 2,
    DutyState.SUBMITTED: 3,
}
