"""The board's decisions, and the projects that they move."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Date, Text, bindparam, case, exists, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from gevinst_portfolio.tables.decisions import decided_project, decision
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.shared import audit, outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns, subject_of
from gevinst_shared.feed.records import key_document
from gevinst_shared.values.refusal import Unknown

_MOVED = ("status", "start", "end", "cost_by_year")
_next = decision.alias("next_decision")


def decision_document(c: Columns) -> ColumnElement[Any]:
    """`DecisionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        kind=c.kind,
        scenario_id=c.scenario_id,
        follows_id=c.follows_id,
        followed_by_id=_followed_by(c),
        meeting_id=c.meeting_id,
        agenda_item_id=c.agenda_item_id,
        case_number=c.case_number,
        deciders=c.deciders,
        reasons=c.reasons,
        decided_by=c.decided_by,
        decided_on=c.decided_on,
        until=c.until,
        condition=c.condition,
        projects=c.projects,
        left_out=c.left_out,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def _followed_by(c: Columns) -> ColumnElement[Any]:
    return (
        select(_next.c.id)
        .where(_next.c.portfolio_id == c.portfolio_id, _next.c.follows_id == c.id)
        .scalar_subquery()
    )


def _where(name: str, type_: Any, condition: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[Any]:  # noqa: ANN401 - a column type
    """A filter that is no plain equality: its own value where the condition holds."""
    value = bindparam(f"filter_{name}", type_=type_)
    return case((condition(value), value))


def _names_project(project_id: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists(
        select(1)
        .select_from(decided_project)
        .where(decided_project.c.project_id == project_id, decided_project.c.decision_id == decision.c.id)
    )


LISTING = Listing(
    decision,
    decision_document,
    filters={
        "portfolio": decision.c.portfolio_id,
        "scenario": decision.c.scenario_id,
        "meeting": decision.c.meeting_id,
        "kind": decision.c.kind,
        "case": decision.c.case_number,
        "project": _where("project", Uuid, _names_project),
        "from": _where("from", Date, lambda day: decision.c.decided_on >= day),
        "until": _where("until", Date, lambda day: decision.c.decided_on <= day),
    },
    sorts={"id": decision.c.id},
)
_GET = Query(
    select(decision_document(decision.c).label("document"), decision.c.revision).where(
        decision.c.id == bindparam("id")
    )
)
_OF_SCENARIO = Query(select(decision.c.id).where(decision.c.scenario_id == bindparam("scenario_id")))
_LAST = Query(
    select(decision.c.id).where(
        decision.c.portfolio_id == bindparam("portfolio_id"),
        _followed_by(decision.c).is_(None),
    )
)
_LAST_SCENARIO = Query(
    select(decision.c.scenario_id)
    .where(decision.c.portfolio_id == bindparam("portfolio_id"), decision.c.scenario_id.is_not(None))
    .order_by(decision.c.id.desc())
    .limit(1)
)
_following = decided_project.alias("following")
# Each project's last decision: the one that none has followed.
_LAST_OF_PROJECTS = Query(
    select(decided_project.c.project_id, decided_project.c.decision_id, decided_project.c.effect).where(
        decided_project.c.project_id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
        ~exists(
            select(1)
            .select_from(_following)
            .where(
                _following.c.project_id == decided_project.c.project_id,
                _following.c.follows_id == decided_project.c.decision_id,
            )
        ),
    )
)
_ADD_DECIDED = Query(
    insert(decided_project).values(
        {column.name: bindparam(column.name) for column in decided_project.columns}
    )
)
_FIRST_ACTOR = Query(
    select(audit.c.actor)
    .where(audit.c.subject == bindparam("subject", type_=Text))
    .order_by(audit.c.id)
    .limit(1)
)
_ADD = outbox.insert(decision, decision_document)
_CHOSEN = Query(
    select(project)
    .where(project.c.id == bindparam("ids", type_=ARRAY(Uuid)).any_())
    .order_by(project.c.id)
    .with_for_update()
)
_MOVE = outbox.update(project, key_document, columns=_MOVED)


async def get_document(connection: Connection, decision_id: UUID) -> Stored:
    """The decision's JSON, or `Unknown`."""
    row = await _GET.find(connection, id=decision_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def find_of_scenario(connection: Connection, scenario_id: UUID) -> UUID | None:
    found: UUID | None = await _OF_SCENARIO.value(connection, scenario_id=scenario_id)
    return found


async def find_last(connection: Connection, portfolio_id: UUID) -> UUID | None:
    """The portfolio's decision that none has followed yet."""
    found: UUID | None = await _LAST.value(connection, portfolio_id=portfolio_id)
    return found


async def add_decision(
    connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the decision with its event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def find_last_scenario(connection: Connection, portfolio_id: UUID) -> UUID | None:
    """The scenario that the board decided from last."""
    found: UUID | None = await _LAST_SCENARIO.value(connection, portfolio_id=portfolio_id)
    return found


async def find_last_of(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, asyncpg.Record]:
    """`decision_id` and `effect` of each project's last decision, by project."""
    rows = await _LAST_OF_PROJECTS.rows(connection, ids=list(ids))
    return {row["project_id"]: row for row in rows}


async def add_decided(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put the decision at the end of each project's own chain; pipelined."""
    await _ADD_DECIDED.run_many(connection, [dict(row) for row in rows])


async def find_proposer(connection: Connection, project_id: UUID) -> str | None:
    """Who registered the project, by subject."""
    found: str | None = await _FIRST_ACTOR.value(connection, subject=subject_of("projects", project_id))
    return found


async def lock_projects(connection: Connection, ids: Sequence[UUID]) -> list[asyncpg.Record]:
    """The projects, which nobody else changes before this transaction ends."""
    return await _CHOSEN.rows(connection, ids=list(ids))


async def move_projects(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give projects their status and days, each with its event and audit row; pipelined."""
    await _MOVE.run_many(
        connection,
        [{**row, "expected": None, **{f"new_{name}": row[name] for name in _MOVED}} for row in rows],
    )
