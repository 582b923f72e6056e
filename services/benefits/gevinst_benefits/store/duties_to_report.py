"""Who owes a report of which month (B13)."""

from sqlalchemy import (
    Date,
    and_,
    case,
    column,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from gevinst_benefits.domain.duties import DutyKind
from gevinst_benefits.domain.monthly_reports import ENDED, NEVER_RAN
from gevinst_benefits.store.duty_holders import at, duty, given, held_at, is_mine, is_one_of, of_unit, today
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.monthly_reports import monthly_report, monthly_report_version
from gevinst_benefits.tables.projects import project, unit
from gevinst_shared.values.actor import Role

_month = (
    func.unnest(given("months"), given("month_ends"), given("due_days"))
    .table_valued(column("first", Date), column("last", Date), column("due", Date))
    .render_derived(name="month")
)
_ran = case(
    (or_(project.c.status.is_(None), is_one_of(project.c.status, NEVER_RAN)), literal_column("false")),
    (
        and_(is_one_of(project.c.status, ENDED), or_(project.c.end.is_(None), project.c.end > today)),
        literal_column("false"),
    ),
    else_=and_(
        project.c.start <= _month.c.last, or_(project.c.end.is_(None), project.c.end >= _month.c.first)
    ),
)
_is_reported = exists(
    select(1)
    .select_from(monthly_report)
    .join(
        monthly_report_version,
        and_(
            monthly_report_version.c.organisation_id == monthly_report.c.organisation_id,
            monthly_report_version.c.report_id == monthly_report.c.id,
        ),
    )
    .where(
        monthly_report.c.organisation_id == project.c.organisation_id,
        monthly_report.c.project_id == project.c.id,
        monthly_report.c.month == _month.c.first,
    )
)
# B13: the project's manager; when it has ended, whoever owns one of its benefits.
_owns_some = exists(
    select(1).where(
        benefit.c.organisation_id == project.c.organisation_id,
        benefit.c.project_id == project.c.id,
        is_mine(benefit.c.owner_role, benefit.c.owner_unit_id),
    )
)
_reports = (
    duty(
        DutyKind.SUBMIT_REPORT,
        project.c,
        at("projects", "/monthly-reports"),
        project.c.name,
        _month.c.due,
        project_id=project.c.id,
    )
    .select_from(project.join(_month, literal_column("true")).outerjoin(unit, of_unit))
    .where(
        case(
            (is_one_of(project.c.status, ENDED), _owns_some),
            else_=held_at(frozenset({Role.PROJECT_MANAGER})),
        ),
        _ran,
        ~_is_reported,
    )
)
TO_REPORT = (_reports,)
