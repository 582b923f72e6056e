"""Meetings of the board in the database, and the items on their agendas."""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, FromClause, bindparam, except_, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from gevinst_portfolio.domain.dependencies import OutsidePortfolio
from gevinst_portfolio.domain.meetings import AgendaItem, ItemKind, MeetingState
from gevinst_portfolio.tables.decisions import decision
from gevinst_portfolio.tables.meetings import agenda_item, meeting
from gevinst_portfolio.tables.organisations import person
from gevinst_portfolio.tables.projects import project
from gevinst_portfolio.tables.releases import release
from gevinst_portfolio.tables.scenarios import scenario
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown


def meeting_document(c: Columns) -> ColumnElement[Any]:
    """`MeetingOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        portfolio_id=c.portfolio_id,
        name=c.name,
        starts_at=moment(c.starts_at),
        time_zone=c.time_zone,
        place=c.place,
        link=c.link,
        member_ids=c.member_ids,
        state=c.state,
        called_at=moment(c.called_at),
        called_by=c.called_by,
        attended_ids=c.attended_ids,
        minutes=c.minutes,
        approved_at=moment(c.approved_at),
        approved_by=c.approved_by,
        revision=c.revision,
        created_at=moment(c.created_at),
    )


def item_document(c: Columns) -> ColumnElement[Any]:
    """`AgendaItemOut`, as PostgreSQL writes it."""
    decisions = select(decision.c.id).where(decision.c.agenda_item_id == c.id).order_by(decision.c.id)
    return document(
        id=c.id,
        organisation=c.organisation_id,
        meeting_id=c.meeting_id,
        position=c.position,
        kind=c.kind,
        name=c.name,
        scenario_id=c.scenario_id,
        project_ids=c.project_ids,
        release_id=c.release_id,
        proposed_decision=c.proposed_decision,
        papers=c.papers,
        is_late=c.is_late,
        is_withdrawn=c.is_withdrawn,
        decision_ids=func.array(decisions.scalar_subquery(), type_=ARRAY(Uuid)),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


LISTING = Listing(
    meeting,
    meeting_document,
    filters={"portfolio": meeting.c.portfolio_id, "state": meeting.c.state},
    sorts={"start": meeting.c.starts_at, "id": meeting.c.id},
)
ITEMS = Listing(
    agenda_item,
    item_document,
    filters={"meeting": agenda_item.c.meeting_id},
    sorts={"position": agenda_item.c.position},
)
SAID = ("name", "starts_at", "place", "link", "member_ids")
MEETINGS = Records(outbox, meeting, meeting_document, changeable=SAID)
CALLING = Records(outbox, meeting, meeting_document, changeable=("state", "called_at", "called_by"))
HOLDING = Records(outbox, meeting, meeting_document, changeable=("state", "attended_ids", "minutes"))
APPROVING = Records(
    outbox, meeting, meeting_document, changeable=("state", "minutes", "approved_at", "approved_by")
)
AGENDA = Records(
    outbox,
    agenda_item,
    item_document,
    changeable=(
        "position",
        "kind",
        "name",
        "scenario_id",
        "project_ids",
        "release_id",
        "proposed_decision",
        "papers",
        "is_late",
    ),
)
WITHDRAWING = Records(outbox, agenda_item, item_document, changeable=("is_withdrawn", "is_late"))

_LOCK = Query(select(meeting).where(meeting.c.id == bindparam("id")).with_for_update())
_IS_DECIDED = exists(select(1).select_from(decision).where(decision.c.agenda_item_id == agenda_item.c.id))
_ITEM = Query(
    select(agenda_item, meeting.c.portfolio_id, meeting.c.state, _IS_DECIDED.label("is_decided"))
    .join(
        meeting,
        (meeting.c.organisation_id == agenda_item.c.organisation_id)
        & (meeting.c.id == agenda_item.c.meeting_id),
    )
    .where(agenda_item.c.id == bindparam("id"))
    .with_for_update()
)
_COUNT = Query(
    select(func.count())
    .select_from(agenda_item)
    .where(agenda_item.c.meeting_id == bindparam("meeting_id"), agenda_item.c.is_withdrawn.is_(False))
)
_PORTFOLIO = bindparam("portfolio_id", type_=Uuid)


def _ids(name: str) -> Any:  # noqa: ANN401 - an array of ids
    return bindparam(name, type_=ARRAY(Uuid))


def _unknown(name: str, table: FromClause) -> ColumnElement[bool]:
    """Whether one of the ids is not in `table`."""
    asked = select(func.unnest(_ids(name)))
    return except_(asked, select(table.c.id)).exists()


def _elsewhere(name: str, table: FromClause) -> ColumnElement[bool]:
    """Whether one of the ids is in `table`, but in another portfolio."""
    return exists(
        select(1)
        .select_from(table)
        .where(table.c.id == func.any(_ids(name)), table.c.portfolio_id != _PORTFOLIO)
    )


_OF_PORTFOLIO = {"project_ids": project, "scenario_id": scenario, "release_id": release}
_CHECK = Query(
    select(
        *(_unknown(name, table).label(f"{name}_unknown") for name, table in _OF_PORTFOLIO.items()),
        *(_elsewhere(name, table).label(f"{name}_elsewhere") for name, table in _OF_PORTFOLIO.items()),
    )
)
_PEOPLE = Query(select(_unknown("ids", person)))


async def lock_meeting(connection: Connection, meeting_id: UUID) -> asyncpg.Record:
    """The meeting's row, which nobody else changes before this transaction ends; or `Unknown`."""
    row = await _LOCK.find(connection, id=meeting_id)
    if row is None:
        raise Unknown
    return row


async def lock_item(connection: Connection, item_id: UUID) -> AgendaItem:
    """The agenda item; it and its meeting stay so until this transaction ends. Or `Unknown`."""
    row = await _ITEM.find(connection, id=item_id)
    if row is None:
        raise Unknown
    return AgendaItem(
        id=row["id"],
        meeting_id=row["meeting_id"],
        portfolio_id=row["portfolio_id"],
        state=MeetingState(row["state"]),
        kind=ItemKind(row["kind"]),
        name=row["name"],
        scenario_id=row["scenario_id"],
        project_ids=frozenset(row["project_ids"]),
        is_withdrawn=row["is_withdrawn"],
        is_decided=row["is_decided"],
    )


async def count_items(connection: Connection, meeting_id: UUID) -> int:
    """How many items the agenda has."""
    return int(await _COUNT.value(connection, meeting_id=meeting_id))


async def refuse_unknown_people(connection: Connection, ids: list[UUID], *, member: str) -> None:
    """`Unknown` for somebody who is not registered."""
    if await _PEOPLE.value(connection, ids=ids):
        raise Unknown(pointer=f"/body/{member}")


async def refuse_unknown_references(
    connection: Connection, portfolio_id: UUID, references: dict[str, list[UUID]]
) -> None:
    """`Unknown` for an id that is not there or not yours; `OutsidePortfolio` for one of another portfolio.

    `references` has `project_ids`, `scenario_id` and `release_id`.
    """
    row = await _CHECK.find(connection, portfolio_id=portfolio_id, **references)
    assert row is not None
    for member in _OF_PORTFOLIO:
        if row[f"{member}_unknown"]:
            raise Unknown(pointer=f"/body/{member}")
        if row[f"{member}_elsewhere"]:
            raise OutsidePortfolio(member=member, pointer=f"/body/{member}")
