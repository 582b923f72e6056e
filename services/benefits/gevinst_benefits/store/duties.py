"""What one person must do or decide now, of every kind, in one list (N1).

Each kind is a select of the same columns; who may do what follows the use case that will be asked to do it.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.duties import DutyKind
from gevinst_benefits.domain.monthly_reports import ENDED, NEVER_RAN
from gevinst_benefits.domain.permissions import (
    AGREE_ADJUSTMENT,
    CONFIRM_CONDITION,
    DECIDE_GATE,
    DECIDE_MEASURE,
    RECEIVE,
)
from gevinst_benefits.store.actions import due_on
from gevinst_benefits.store.measurements_due import DUE_WINDOWS
from gevinst_benefits.store.overview_scopes import is_followed
from gevinst_benefits.tables.actions import action
from gevinst_benefits.tables.adjustments import budget_phasing
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.conditions import condition
from gevinst_benefits.tables.gates import gate, gate_decision, gate_withdrawal
from gevinst_benefits.tables.handovers import effect_review, handover
from gevinst_benefits.tables.monthly_reports import monthly_report, monthly_report_version, report_measure
from gevinst_benefits.tables.prerequisites import prerequisite, risk
from gevinst_benefits.tables.projects import person, project, unit
from gevinst_benefits.tables.reviews import gate_review
from gevinst_shared.db.documents import document
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing, Page
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.actor import Permission, Role, ScopeKind

_TEXTS, _IDS, _DATES = ARRAY(Text), ARRAY(Uuid), ARRAY(Date)
_PARAMETERS = {
    "today": Date(),
    "until": Date(),
    "subject": Text(),
    "roles": _TEXTS,
    "scopes": _TEXTS,
    "scope_ids": _IDS,
    "months": _DATES,
    "month_ends": _DATES,
    "due_days": _DATES,
}


def _given(name: str) -> Any:  # noqa: ANN401 - a bind parameter
    """A parameter by the name that `Listing` gives it."""
    return bindparam(f"filter_{name}", type_=_PARAMETERS[name])


_today, _until, _subject = _given("today"), _given("until"), _given("subject")
_me = select(person.c.id).where(person.c.subject == _subject).scalar_subquery()
# The roles that the caller holds today, one a row; the whole organisation has no id.
_held = (
    func.unnest(_given("roles"), _given("scopes"), _given("scope_ids"))
    .table_valued(column("role", Text), column("scope", Text), column("scope_id", Uuid))
    .render_derived(name="held")
)
# B2: the roles in units that the caller holds: there, and in every unit below.
_line = (
    select(unit.c.organisation_id, _held.c.role, unit.c.id.label("unit_id"))
    .join(_held, and_(_held.c.scope == ScopeKind.UNIT.value, _held.c.scope_id == any_(unit.c.path)))
    .distinct()
    .cte("line")
)


def _mine(c: Columns, role: ColumnElement[Any], unit_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists(
        select(1).where(
            _line.c.organisation_id == c.organisation_id, _line.c.role == role, _line.c.unit_id == unit_id
        )
    )


def _owned(c: Columns) -> ColumnElement[bool]:
    """Owned by the caller, or by a role in a unit that the caller holds."""
    return or_(c.owner_person_id == _me, _mine(c, c.owner_role, c.owner_unit_id))


def _held_at(roles: frozenset[Role]) -> ColumnElement[bool]:
    """Whether the caller holds one of the roles at the project, or at anything that it is part of."""
    places = case(
        (_held.c.scope == ScopeKind.UNIT.value, _held.c.scope_id == any_(unit.c.path)),
        (_held.c.scope == ScopeKind.PORTFOLIO.value, _held.c.scope_id == project.c.portfolio_id),
        (_held.c.scope == ScopeKind.PROGRAMME.value, _held.c.scope_id == project.c.programme_id),
        (_held.c.scope == ScopeKind.PROJECT.value, _held.c.scope_id == project.c.id),
        else_=_held.c.scope == ScopeKind.ORGANISATION.value,
    )
    return exists(
        select(1).select_from(_held).where(_held.c.role.in_(sorted(role.value for role in roles)), places)
    )


def _may(permission: Permission) -> ColumnElement[bool]:
    return _held_at(permission.roles)


_of_unit = and_(unit.c.organisation_id == project.c.organisation_id, unit.c.id == project.c.unit_id)


def _with_project(source: FromClause, c: Columns) -> FromClause:
    its = and_(project.c.organisation_id == c.organisation_id, project.c.id == c.project_id)
    return source.join(project, its).outerjoin(unit, _of_unit)


def _duty(  # noqa: PLR0913 - the columns of a duty
    kind: DutyKind,
    c: Columns,
    path: ColumnElement[Any],
    name: ColumnElement[Any],
    due: ColumnElement[Any] | None = None,
    *,
    project_id: ColumnElement[Any],
) -> Select[Any]:
    return select(
        c.organisation_id,
        c.id,
        literal_column(f"'{kind.value}'", Text).label("kind"),
        name.label("name"),
        project_id.label("project_id"),
        cast(null() if due is None else due, Date).label("due_on"),
        path.label("path"),
    )


def _at(c: Columns, collection: str, tail: str = "") -> ColumnElement[Any]:
    return literal(f"/{collection}/", Text).concat(cast(c.id, Text)).concat(literal(tail, Text))


def _of_benefit(kind: DutyKind, of: Any, collection: str, due: ColumnElement[Any] | None = None) -> Select[Any]:  # noqa: ANN401 - a table
    its = and_(benefit.c.organisation_id == of.c.organisation_id, benefit.c.id == of.c.benefit_id)
    return (
        _duty(kind, of.c, _at(of.c, collection), of.c.name, due, project_id=benefit.c.project_id)
        .select_from(of.join(benefit, its))
        .where(is_followed, _owned(of.c))
    )


_benefits = _duty(
    DutyKind.CONFIRM_BENEFIT,
    benefit.c,
    _at(benefit.c, "benefits", "/confirmation"),
    benefit.c.name,
    project_id=benefit.c.project_id,
).where(
    benefit.c.state == "proposed", _mine(benefit.c, benefit.c.owner_role, benefit.c.owner_unit_id)
)
_actions = _of_benefit(DutyKind.DO_ACTION, action, "actions", due_on(action.c)).where(
    or_(action.c.state == "planned", action.c.state == "started")
)
_prerequisites = _of_benefit(DutyKind.MEET_PREREQUISITE, prerequisite, "prerequisites").where(
    prerequisite.c.state == "open"
)
_risks = _of_benefit(DutyKind.REDUCE_RISK, risk, "risks").where(risk.c.state == "open")
_measurements = _duty(
    DutyKind.MEASURE,
    DUE_WINDOWS.c,
    _at(DUE_WINDOWS.c, "indicators", "/measurements"),
    DUE_WINDOWS.c.name,
    DUE_WINDOWS.c.due_on,
    project_id=DUE_WINDOWS.c.project_id,
).where(_mine(DUE_WINDOWS.c, DUE_WINDOWS.c.role, DUE_WINDOWS.c.unit_id))

_is_settled = or_(
    exists(
        select(1).where(
            gate_decision.c.organisation_id == gate.c.organisation_id, gate_decision.c.id == gate.c.id
        )
    ),
    exists(
        select(1).where(
            gate_withdrawal.c.organisation_id == gate.c.organisation_id, gate_withdrawal.c.id == gate.c.id
        )
    ),
)
_asked = func.unnest(gate.c.reviewer_ids).table_valued(column("id", Uuid)).render_derived(name="asked")


def _advised(reviewer_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists(
        select(1).where(
            gate_review.c.organisation_id == gate.c.organisation_id,
            gate_review.c.gate_id == gate.c.id,
            gate_review.c.reviewer_id == reviewer_id,
        )
    )


_is_review_over = func.coalesce(gate.c.review_by < _today, literal_column("false"))
_awaits_advice = and_(
    ~_is_review_over, exists(select(1).select_from(_asked).where(~_advised(_asked.c.id)).correlate(gate))
)
_reviews = (
    _duty(
        DutyKind.REVIEW_GATE,
        gate.c,
        _at(gate.c, "gates", "/reviews"),
        gate.c.gate_name,
        gate.c.review_by,
        project_id=gate.c.project_id,
    )
    .select_from(gate)
    .where(~_is_settled, _me == any_(gate.c.reviewer_ids), ~_advised(_me))
)
# G3: not by who proposed it; and not before those who were asked have advised.
_decisions = (
    _duty(
        DutyKind.DECIDE_GATE,
        gate.c,
        _at(gate.c, "gates", "/decision"),
        gate.c.gate_name,
        gate.c.decide_by,
        project_id=gate.c.project_id,
    )
    .select_from(_with_project(gate, gate.c))
    .where(~_is_settled, gate.c.proposed_by != _subject, ~_awaits_advice, _may(DECIDE_GATE))
)
_conditions = _duty(
    DutyKind.MEET_CONDITION,
    condition.c,
    _at(condition.c, "conditions", "/report"),
    condition.c.text,
    condition.c.deadline,
    project_id=condition.c.project_id,
).where(condition.c.state == "open", condition.c.owner_id == _me)
_confirmations = (
    _duty(
        DutyKind.CONFIRM_CONDITION,
        condition.c,
        _at(condition.c, "conditions", "/confirmation"),
        condition.c.text,
        condition.c.deadline,
        project_id=condition.c.project_id,
    )
    .select_from(_with_project(condition, condition.c))
    .where(condition.c.state == "reported", condition.c.reported_by != _subject, _may(CONFIRM_CONDITION))
)
_manager = (
    select(person.c.subject)
    .where(person.c.organisation_id == project.c.organisation_id, person.c.id == project.c.manager_id)
    .scalar_subquery()
)
_receives = or_(
    *(_mine(handover.c, literal(role.value, Text), handover.c.receiving_unit_id) for role in sorted(RECEIVE.roles))
)
_handovers = (
    _duty(
        DutyKind.ACCEPT_HANDOVER,
        handover.c,
        _at(handover.c, "handovers", "/acceptance"),
        project.c.name,
        project_id=handover.c.project_id,
    )
    .select_from(_with_project(handover, handover.c))
    .where(
        handover.c.state == "offered",
        handover.c.offered_by != _subject,
        func.coalesce(_manager != _subject, literal_column("true")),
        _receives,
    )
)
_looks = (
    _duty(
        DutyKind.HOLD_EFFECT_REVIEW,
        effect_review.c,
        _at(effect_review.c, "effect-reviews", "/finding"),
        project.c.name,
        effect_review.c.due_on,
        project_id=effect_review.c.project_id,
    )
    .select_from(_with_project(effect_review, effect_review.c))
    .where(effect_review.c.state == "scheduled", effect_review.c.due_on <= _until, _may(DECIDE_GATE))
)
_follow_ups = _duty(
    DutyKind.DO_MEASURE,
    report_measure.c,
    _at(report_measure.c, "measures"),
    report_measure.c.text,
    report_measure.c.deadline,
    project_id=report_measure.c.project_id,
).where(report_measure.c.state == "decided", report_measure.c.owner_id == _me)
_rulings = (
    _duty(
        DutyKind.DECIDE_MEASURE,
        report_measure.c,
        _at(report_measure.c, "measures", "/decision"),
        report_measure.c.text,
        project_id=report_measure.c.project_id,
    )
    .select_from(_with_project(report_measure, report_measure.c))
    .where(
        report_measure.c.state == "proposed", report_measure.c.proposed_by != _subject, _may(DECIDE_MEASURE)
    )
)
_its_cashable = and_(
    benefit.c.organisation_id == budget_phasing.c.organisation_id,
    benefit.c.id == budget_phasing.c.benefit_id,
)
_leads = _mine(
    budget_phasing.c, literal(Role.UNIT_LEADER.value, Text), budget_phasing.c.unit_id
)
_phasings = (
    _duty(
        DutyKind.AGREE_BUDGET,
        budget_phasing.c,
        _at(budget_phasing.c, "budget-phasings", "/agreement"),
        benefit.c.name,
        project_id=benefit.c.project_id,
    )
    .select_from(budget_phasing.join(benefit, _its_cashable))
    .where(
        is_followed,
        budget_phasing.c.state == "draft",
        budget_phasing.c.drafted_by != _subject,
        or_(_leads, _mine(benefit.c, benefit.c.owner_role, benefit.c.owner_unit_id)),
    )
)
_month = (
    func.unnest(_given("months"), _given("month_ends"), _given("due_days"))
    .table_valued(column("first", Date), column("last", Date), column("due", Date))
    .render_derived(name="month")
)
_ran = case(
    (or_(project.c.status.is_(None), project.c.status.in_(sorted(NEVER_RAN))), literal_column("false")),
    (
        and_(
            project.c.status.in_(sorted(ENDED)), or_(project.c.end.is_(None), project.c.end > _today)
        ),
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
        _mine(benefit.c, benefit.c.owner_role, benefit.c.owner_unit_id),
    )
)
_reports = (
    _duty(
        DutyKind.SUBMIT_REPORT,
        project.c,
        _at(project.c, "projects", "/monthly-reports"),
        project.c.name,
        _month.c.due,
        project_id=project.c.id,
    )
    .select_from(project.join(_month, literal_column("true")).outerjoin(unit, _of_unit))
    .where(
        case(
            (project.c.status.in_(sorted(ENDED)), _owns_some),
            else_=_held_at(frozenset({Role.PROJECT_MANAGER})),
        ),
        _ran,
        ~_is_reported,
    )
)
_all = union_all(
    _benefits,
    _actions,
    _prerequisites,
    _risks,
    _measurements,
    _reviews,
    _decisions,
    _conditions,
    _confirmations,
    _handovers,
    _looks,
    _follow_ups,
    _rulings,
    _phasings,
    _reports,
).cte("duty")


def _document(c: Columns) -> ColumnElement[Any]:
    """`MyDutyOut`, as PostgreSQL writes it."""
    return document(
        kind=c.kind,
        id=c.id,
        name=c.name,
        project_id=c.project_id,
        due_on=c.due_on,
        is_late=func.coalesce(c.due_on < _today, literal_column("false")),
        path=c.path,
    )


def _passed_on(name: str) -> Any:  # noqa: ANN401 - what Listing takes
    return lambda value: cast(value, _PARAMETERS[name]).is_not(None)


# What is late comes first, what has no day last; the kind keeps two duties of one record apart.
_order = func.coalesce(
    func.to_char(_all.c.due_on, literal_column("'YYYY-MM-DD'")), literal_column("'9999-12-31'")
).concat(_all.c.kind)
_LISTING = Listing(
    _all,
    _document,
    filters={name: _passed_on(name) for name in _PARAMETERS} | {"kind": _all.c.kind},
    sorts={"due": _order},
)
_late = func.count().filter(_all.c.due_on < _today)
_COUNTS = Query(
    select(_all.c.kind, func.count().label("count"), _late.label("late"))
    .group_by(_all.c.kind)
    .order_by(_all.c.kind)
)


async def page(
    connection: Connection,
    asked: Mapping[str, Any],
    *,
    kind: str | None,
    limit: int,
    after: list[str] | None,
) -> Page:
    """The next duties of who asks, late ones first; `asked` has a value for each of `_PARAMETERS`."""
    return await _LISTING.page(
        connection, sort="due", limit=limit, after=after, filters={**asked, "kind": kind}
    )


async def counts(connection: Connection, asked: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """How many duties of each `kind` there are, and how many of them are `late`."""
    values = {f"filter_{name}": value for name, value in asked.items()}
    return await _COUNTS.rows(connection, **values)
