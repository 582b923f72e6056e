"""Goals and the benefits that they are to be met by, in the database (G8)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.domain.plan.goals import DELIVERING, Goal, GoalKind, GoalState, Target
from gevinst_benefits.store.benefits import decimal_text
from gevinst_benefits.tables.benefits import benefit
from gevinst_benefits.tables.goals import goal, goal_means
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import document, documents, moment, money
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.money import Money

_linked = and_(
    benefit.c.organisation_id == goal_means.c.organisation_id, benefit.c.id == goal_means.c.benefit_id
)


def _means(c: Columns) -> ColumnElement[Any]:
    """`MeansOut` of each benefit that the goal is linked to."""
    mine = (goal_means.c.organisation_id == c.organisation_id, goal_means.c.goal_id == c.id)
    item = document(
        benefit_id=benefit.c.id,
        project_id=benefit.c.project_id,
        name=benefit.c.name,
        state=benefit.c.state,
    )
    found = select(documents(item, benefit.c.id)).select_from(goal_means.join(benefit, _linked)).where(*mine)
    return found.scalar_subquery()


def has_means(c: Columns) -> ColumnElement[bool]:
    """G8: whether a benefit that delivers, or has delivered, is linked to the goal."""
    mine = and_(
        goal_means.c.organisation_id == c.organisation_id,
        goal_means.c.goal_id == c.id,
        or_(*(benefit.c.state == state.value for state in DELIVERING)),
    )
    return exists().select_from(goal_means.join(benefit, _linked)).where(mine)


def goal_document(c: Columns) -> ColumnElement[Any]:
    """`GoalOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        unit_id=c.unit_id,
        name=c.name,
        description=c.description,
        target=document(
            kind=c.kind,
            money=money(c.money_minor, c.currency, c.price_year),
            amount=decimal_text(c.amount),
            unit_of_measure=c.unit_of_measure,
        ),
        due_year=c.due_year,
        state=c.state,
        reason=c.reason,
        ended_by=c.ended_by,
        ended_at=moment(c.ended_at),
        has_means=has_means(c),
        means=_means(c),
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def goal_summary(c: Columns) -> ColumnElement[Any]:
    """`GoalInOverviewOut`; `c` are a goal's columns and `with_means`."""
    return document(
        id=c.id,
        unit_id=c.unit_id,
        name=c.name,
        target=document(
            kind=c.kind,
            money=money(c.money_minor, c.currency, c.price_year),
            amount=decimal_text(c.amount),
            unit_of_measure=c.unit_of_measure,
        ),
        due_year=c.due_year,
        has_means=c.with_means,
    )


_shown = select(goal, has_means(goal.c).label("with_means")).subquery()
LISTING = Listing(
    _shown,
    goal_document,
    filters={"unit": _shown.c.unit_id, "state": _shown.c.state, "means": _shown.c.with_means},
    sorts={"id": _shown.c.id, "due": _shown.c.due_year},
)
RECORDS = Records(
    outbox,
    goal,
    goal_document,
    changeable=tuple(
        column.name
        for column in goal.columns
        if column.name not in {"organisation_id", "id", "created_by", "revision", "created_at"}
    ),
)
_LINK = Query(
    insert(goal_means).values(
        {column.name: bindparam(column.name) for column in goal_means.columns if column.name != "revision"}
    )
)
_UNLINK = Query(
    delete(goal_means).where(
        goal_means.c.goal_id == bindparam("goal_id"), goal_means.c.benefit_id == bindparam("benefit_id")
    )
)
_CONTINUE = Query(
    update(goal_means)
    .where(goal_means.c.benefit_id == bindparam("from_id"))
    .values(benefit_id=bindparam("to_id"))
)
_TOUCH = Query(update(goal).where(goal.c.id == bindparam("goal_id")).values(revision=goal.c.revision + 1))
_ids: Any = bindparam("ids", type_=ARRAY(Uuid))
_OPEN_OF = Query(
    select(goal, has_means(goal.c).label("with_means"), goal_means.c.benefit_id)
    .join(
        goal_means,
        and_(goal_means.c.organisation_id == goal.c.organisation_id, goal_means.c.goal_id == goal.c.id),
    )
    .where(goal_means.c.benefit_id == any_(_ids), goal.c.state == GoalState.OPEN.value)
    .order_by(goal.c.id)
)
_OF_PROJECT = Query(
    select(goal)
    .where(
        goal.c.id.in_(
            select(goal_means.c.goal_id)
            .join(benefit, _linked)
            .where(benefit.c.project_id == bindparam("project_id"))
        )
    )
    .order_by(goal.c.id)
)


async def link(connection: Connection, values: Mapping[str, Any]) -> None:
    """Make the benefit one of the goal's means; twice is refused by the table's key."""
    await _LINK.run(connection, **values)
    await _TOUCH.run(connection, goal_id=values["goal_id"])


async def unlink(connection: Connection, goal_id: UUID, benefit_id: UUID) -> bool:
    """Take the benefit off the goal's means; whether it was one."""
    was_linked = await _UNLINK.run(connection, goal_id=goal_id, benefit_id=benefit_id) > 0
    await _TOUCH.run(connection, goal_id=goal_id)
    return was_linked


async def hand_over_goals(connection: Connection, from_id: UUID, to_id: UUID) -> None:
    """G6, G8: a benefit that is moved to another project goes on as means of the same goals."""
    await _CONTINUE.run(connection, from_id=from_id, to_id=to_id)


async def of_benefits(connection: Connection, benefit_ids: Sequence[UUID]) -> Sequence[Mapping[str, Any]]:
    """The open goals that these benefits are means of, by column, with `benefit_id` and `with_means`."""
    return [dict(row) for row in await _OPEN_OF.rows(connection, ids=list(benefit_ids))]


async def of_project(connection: Connection, project_id: UUID) -> Sequence[Goal]:
    """The goals that benefits of the project are means of, in the order of their entry."""
    return [goal_from(dict(row)) for row in await _OF_PROJECT.rows(connection, project_id=project_id)]


def goal_from(row: Mapping[str, Any]) -> Goal:
    """The domain's goal of a row."""
    minor = row["money_minor"]
    cash = None if minor is None else Money.from_minor(minor, row["currency"], row["price_year"])
    return Goal(
        id=row["id"],
        unit_id=row["unit_id"],
        name=row["name"],
        target=Target(GoalKind(row["kind"]), cash, row["amount"], row["unit_of_measure"] or ""),
        due_year=row["due_year"],
        description=row["description"],
        state=GoalState(row["state"]),
        reason=row["reason"],
        ended_by=row["ended_by"],
        ended_at=row["ended_at"],
    )


def columns_of(found: Goal) -> dict[str, Any]:
    """The columns that the domain's goal decides."""
    cash = found.target.money
    return {
        "id": found.id,
        "unit_id": found.unit_id,
        "name": found.name,
        "description": found.description,
        "kind": found.target.kind.value,
        "money_minor": None if cash is None else cash.minor,
        "currency": None if cash is None else cash.currency,
        "price_year": None if cash is None else cash.price_year,
        "amount": found.target.amount,
        "unit_of_measure": found.target.unit_of_measure or None,
        "due_year": found.due_year,
        "state": found.state.value,
        "reason": found.reason,
        "ended_by": found.ended_by,
        "ended_at": found.ended_at,
    }
