"""Playbooks as projects took them over, in the database (X3)."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSON, JSONB, aggregate_order_by

from gevinst_portfolio.domain.playbook_adoptions import AdoptedItem
from gevinst_portfolio.domain.playbook_updates import Adopted
from gevinst_portfolio.domain.playbooks import ItemKind
from gevinst_portfolio.tables.playbooks import adopted_item, playbook, playbook_adoption
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown

Json = dict[str, Any]
_EMPTY = literal_column("'{}'::jsonb", JSONB)
_ONE = literal_column("1", Integer)


def counts_of(adoption_id: ColumnElement[Any], organisation_id: ColumnElement[Any]) -> Any:  # noqa: ANN401 - a lateral subquery
    """How many activities are in each state, and how many decisions are open and taken; to be joined."""
    c = adopted_item.c

    def counted(kind: str, state: str) -> ColumnElement[Any]:
        is_such = and_(c.kind == literal_column(f"'{kind}'"), c.state == literal_column(f"'{state}'"))
        return func.count(_ONE).filter(is_such)

    return (
        select(
            counted("activity", "planned").label("planned"),
            counted("activity", "under-way").label("under_way"),
            counted("activity", "done").label("done"),
            counted("activity", "left-out").label("left_out"),
            counted("decision", "open").label("decisions_open"),
            counted("decision", "taken").label("decisions_taken"),
        )
        .where(
            c.organisation_id == organisation_id,
            c.adoption_id == adoption_id,
            c.is_gone.is_(literal_column("false")),
        )
        .lateral("counts")
    )


def adoption_document(c: Columns) -> ColumnElement[Any]:
    """`PlaybookAdoptionOut`, as PostgreSQL writes it."""
    each = func.jsonb_each_text(c.points).table_valued("key", "value", name="each_point")
    points = select(documents(document(point=each.c.key, day=each.c.value), each.c.key)).scalar_subquery()
    counts = counts_of(c.id, c.organisation_id)
    p = playbook.c
    link = case(
        (p.withdrawn_at.is_not(None), "withdrawn"), (p.unshared_at.is_not(None), "unshared"), else_="current"
    )
    return (
        select(
            document(
                id=c.id,
                organisation=c.organisation_id,
                playbook_id=c.playbook_id,
                publisher=p.publisher,
                project_id=c.project_id,
                name=c.name,
                purpose=c.purpose,
                general_case=c.general_case,
                edition=c.edition,
                newest_edition=p.edition,
                has_update=and_(p.sha256 != c.sha256, link == literal_column("'current'")),
                is_dismissed=func.coalesce(c.dismissed_sha256 == p.sha256, literal_column("false")),
                dismissal_reason=c.dismissal_reason,
                link=link,
                withdrawal_reason=p.withdrawal_reason,
                points=points,
                planned=counts.c.planned,
                under_way=counts.c.under_way,
                done=counts.c.done,
                left_out=counts.c.left_out,
                decisions_open=counts.c.decisions_open,
                decisions_taken=counts.c.decisions_taken,
                adopted_by=c.adopted_by,
                revision=c.revision,
                created_at=moment(c.created_at),
                changed_at=moment(c.changed_at),
            )
        )
        .select_from(playbook.join(counts, literal_column("true")))
        .where(p.organisation_id == c.organisation_id, p.id == c.playbook_id)
        .scalar_subquery()
    )


def item_document(c: Columns) -> ColumnElement[Any]:
    """`AdoptedActivityOut` or `AdoptedDecisionOut`, as PostgreSQL writes it."""
    said = func.coalesce(c.base, _EMPTY, type_=JSONB).op("||", return_type=JSONB)(c.local)
    points = (
        select(playbook_adoption.c.points)
        .where(
            playbook_adoption.c.organisation_id == c.organisation_id, playbook_adoption.c.id == c.adoption_id
        )
        .scalar_subquery()
    )
    counted_from = cast(points.op("->>", return_type=Text)(said["point"].astext), Date)
    starts = counted_from + cast(said["week"].astext, Integer) * 7
    changed = func.jsonb_object_keys(c.local).table_valued("name", name="each_local")
    members = select(
        func.coalesce(
            func.json_agg(aggregate_order_by(changed.c.name, changed.c.name)),
            literal_column("'[]'::json"),
            type_=JSON,
        )
    )
    is_own = c.base.is_(None)
    return document(
        id=c.id,
        playbook_adoption_id=c.adoption_id,
        key=c.key,
        title=said["title"],
        what=said["what"],
        role=said["role"],
        phase=said["phase"],
        point=said["point"],
        week=said["week"],
        duration_weeks=said["duration_weeks"],
        after=said["after"],
        before_activity=said["before_activity"],
        before_gate=said["before_gate"],
        papers=said["papers"],
        starts_on=cast(starts, Date),
        ends_on=cast(starts + cast(said["duration_weeks"].astext, Integer) * 7, Date),
        state=c.state,
        decided_on=c.decided_on,
        reason=c.reason,
        origin=case((is_own, "own"), else_="playbook"),
        edition=c.edition,
        changed_members=case((is_own, literal_column("'[]'::json")), else_=members.scalar_subquery()),
        is_gone=c.is_gone,
        revision=c.revision,
        created_at=moment(c.created_at),
        changed_at=moment(c.changed_at),
    )


ADOPTIONS = Records(outbox, playbook_adoption, adoption_document, changeable=("points", "changed_at"))
DISMISSALS = Records(
    outbox,
    playbook_adoption,
    adoption_document,
    changeable=("dismissed_sha256", "dismissal_reason", "changed_at"),
)
TAKEN = Records(
    outbox,
    playbook_adoption,
    adoption_document,
    changeable=("name", "purpose", "general_case", "edition", "sha256", "changed_at"),
)
ITEMS = Records(
    outbox,
    adopted_item,
    item_document,
    changeable=(
        "edition",
        "base",
        "local",
        "state",
        "decided_on",
        "reason",
        "is_gone",
        "changed_at",
    ),
)
LISTING = Listing(
    playbook_adoption,
    adoption_document,
    filters={"project": playbook_adoption.c.project_id, "playbook": playbook_adoption.c.playbook_id},
    sorts={"id": playbook_adoption.c.id},
)
_OF_ADOPTION = adopted_item.c.adoption_id == bindparam("of_adoption")
_ITEMS = Query(select(adopted_item).where(_OF_ADOPTION).order_by(adopted_item.c.place, adopted_item.c.id))
_PLAN = {
    kind: Query(
        select(documents(item_document(adopted_item.c), adopted_item.c.place, adopted_item.c.id)).where(
            _OF_ADOPTION, adopted_item.c.kind == literal_column(f"'{kind}'")
        )
    )
    for kind in ItemKind
}
_ADD_ITEM = Query(
    insert(adopted_item).values(
        {column.name: bindparam(column.name) for column in adopted_item.columns if column.name != "revision"}
    )
)
_PLACE = Query(
    update(adopted_item)
    .values(place=bindparam("new_place", type_=Integer))
    .where(
        adopted_item.c.id == bindparam("of_item"),
        adopted_item.c.place != bindparam("new_place", type_=Integer),
    )
)


async def list_items(connection: Connection, adoption_id: UUID) -> list[AdoptedItem]:
    """All items, also those that are gone, in order; who changes one holds its adoption."""
    return [adopted_from(dict(row)) for row in await _ITEMS.rows(connection, of_adoption=adoption_id)]


async def add_items(connection: Connection, organisation: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert items of an adoption whose event tells of them."""
    await _ADD_ITEM.run_many(connection, [{"organisation_id": organisation, **row} for row in rows])


async def set_places(connection: Connection, places: Mapping[UUID, int]) -> None:
    """Bring items into this order."""
    await _PLACE.run_many(connection, [{"of_item": id_, "new_place": place} for id_, place in places.items()])


def adopted_from(row: Mapping[str, Any]) -> AdoptedItem:
    """From an item's row."""
    return AdoptedItem(
        id=row["id"],
        adoption_id=row["adoption_id"],
        adopted=Adopted(
            kind=ItemKind(row["kind"]),
            key=row["key"],
            base=None if row["base"] is None else json.loads(row["base"]),
            local=json.loads(row["local"]),
            is_begun=row["state"] in {"under-way", "done", "taken"},
            is_gone=row["is_gone"],
        ),
        edition=row["edition"],
        state=row["state"],
        decided_on=row["decided_on"],
        reason=row["reason"],
        place=row["place"],
    )


async def get_item(connection: Connection, item_id: UUID, kind: ItemKind) -> Json:
    """The item's row, or `Unknown`; an activity is no decision."""
    row = await ITEMS.row(connection, item_id)
    if row["kind"] != kind:
        raise Unknown
    return row


async def get_document(connection: Connection, item_id: UUID, kind: ItemKind) -> Stored:
    """The item's JSON, or `Unknown`; an activity is no decision."""
    await get_item(connection, item_id, kind)
    return await ITEMS.get(connection, item_id)


async def plan(connection: Connection, adoption_id: UUID, kind: ItemKind) -> str:
    """The JSON array of all items of a kind, in order."""
    found: str = await _PLAN[kind].value(connection, of_adoption=adoption_id)
    return found
