"""Actions in the database (B8)."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
    update,
)

from gevinst_benefits.store.benefit_dates import between
from gevinst_benefits.tables.actions import action
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.deliveries import delivery
from gevinst_benefits.tables.projects import project, unit
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records


def action_document(c: Columns) -> ColumnElement[Any]:
    """`ActionOut` without what depends on the day: whether it is overdue."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        benefit_id=c.benefit_id,
        kind=c.kind,
        other_kind=c.other_kind,
        name=c.name,
        description=c.description,
        owner=document(person_id=c.owner_person_id, role=c.owner_role, unit_id=c.owner_unit_id),
        deadline=document(
            hangs_on=c.hangs_on, offset_months=c.offset_months, day=c.day, delivery_id=c.delivery_id
        ),
        due_on=due_on(c),
        state=c.state,
        reason=c.reason,
        done_on=c.done_on,
        done_by=c.done_by,
        follow_up=c.follow_up,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def due_on(c: Columns) -> ColumnElement[Any]:
    """B9: the day that the deadline falls on as the dates it hangs on are now; null when nobody knows."""
    mine = (benefit.c.organisation_id == c.organisation_id, benefit.c.id == c.benefit_id)
    anchor = case((c.hangs_on == "start", project.c.start), else_=project.c.end)
    of_project = select(anchor).select_from(benefit.join(project, _its_project)).where(*mine)
    of_delivery = select(_delivered).where(
        delivery.c.organisation_id == c.organisation_id, delivery.c.id == c.delivery_id
    )
    return _moved(c, of_project.scalar_subquery(), of_delivery.scalar_subquery())


def _moved(c: Columns, of_project: ColumnElement[Any], of_delivery: ColumnElement[Any]) -> ColumnElement[Any]:
    """The day some months after the one that the deadline hangs on; none far beyond the calendar."""
    anchor = case((c.hangs_on == "none", c.day), (c.hangs_on == "milestone", of_delivery), else_=of_project)
    months = func.make_interval(literal_column("0"), cast(c.offset_months, Integer))
    return cast(between(anchor, _TOO_EARLY, _TOO_LATE) + months, Date)


_its_project = and_(
    project.c.organisation_id == benefit.c.organisation_id, project.c.id == benefit.c.project_id
)
_delivered = func.coalesce(delivery.c.delivered_on, delivery.c.due_on)
_TOO_EARLY = literal_column("'1899-12-31'::date", Date)
_TOO_LATE = literal_column("'9000-01-02'::date", Date)
RECORDS = Records(
    outbox,
    action,
    action_document,
    changeable=tuple(
        column.name
        for column in action.columns
        if column.name not in {"organisation_id", "id", "benefit_id", "created_by", "revision", "created_at"}
    ),
)
_its_benefit = and_(
    benefit.c.organisation_id == action.c.organisation_id, benefit.c.id == action.c.benefit_id
)
_its_delivery = and_(
    delivery.c.organisation_id == action.c.organisation_id, delivery.c.id == action.c.delivery_id
)
_its_unit = and_(unit.c.organisation_id == action.c.organisation_id, unit.c.id == action.c.owner_unit_id)
_of_project = case((action.c.hangs_on == "start", project.c.start), else_=project.c.end)
_due = func.coalesce(_moved(action.c, _of_project, _delivered), literal_column("'infinity'::date", Date))
# Actions with everything that their days hang on, and the day: for many at once.
with_dates = action.join(benefit, _its_benefit).join(project, _its_project).outerjoin(delivery, _its_delivery)
joined_day = _moved(action.c, _of_project, _delivered)
_listed = (
    select(action, benefit.c.project_id, unit.c.path, _due.label("due"))
    .join(benefit, _its_benefit)
    .join(project, _its_project)
    .outerjoin(delivery, _its_delivery)
    .outerjoin(unit, _its_unit)
    .subquery()
)


def _is_due(day: BindParameter[Any]) -> ColumnElement[bool]:
    is_open = or_(_listed.c.state == "planned", _listed.c.state == "started")
    return and_(is_open, _listed.c.due <= day)


LISTING = Listing(
    _listed,
    action_document,
    filters={
        "benefit": _listed.c.benefit_id,
        "project": _listed.c.project_id,
        "owner": _listed.c.owner_person_id,
        "unit": lambda unit_id: unit_id == any_(_listed.c.path),
        "state": _listed.c.state,
        "due": _is_due,
    },
    sorts={"due": _listed.c.due, "id": _listed.c.id},
)
_COUNT = Query(select(func.count()).select_from(action).where(action.c.benefit_id == bindparam("benefit_id")))
_CONTINUE = Query(
    update(action)
    .where(action.c.benefit_id == bindparam("from_id"))
    .values(benefit_id=bindparam("to_id"), revision=action.c.revision + 1)
)


def action_count(c: Columns) -> ColumnElement[Any]:
    """How many actions a benefit has that were not dropped."""
    mine = (action.c.organisation_id == c.organisation_id, action.c.benefit_id == c.id)
    return (
        select(func.count()).select_from(action).where(*mine, action.c.state != "dropped").scalar_subquery()
    )


async def count_of_benefit(connection: Connection, benefit_id: UUID) -> int:
    return int(await _COUNT.value(connection, benefit_id=benefit_id))


async def hand_over_actions(connection: Connection, from_id: UUID, to_id: UUID) -> None:
    """G6: a benefit that is moved takes its actions along."""
    await _CONTINUE.run(connection, from_id=from_id, to_id=to_id)


def action_days(condition: ColumnElement[bool]) -> Select[Any]:
    """Kind, state and day of the actions of some benefits, joined with their projects; not dropped ones."""
    return (
        select(action.c.kind, action.c.state, joined_day.label("due_on"))
        .select_from(with_dates)
        .where(
            condition, action.c.state != "dropped", benefit.c.state != "closed", benefit.c.state != "moved"
        )
    )
