"""Inboxes: what people were told, and what they have read and acknowledged."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.types import Text, Uuid

from gevinst_notifications.domain.hearing import Hearing
from gevinst_notifications.tables.inbox import inbox_counter, inbox_item, notice
from gevinst_shared.db.arrays import arrays_of, given_rows, new_ids
from gevinst_shared.db.documents import document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.feed.envelope import Event, wire
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Counters:
    """Of one person's inbox; `last_seq` is the newest number, 0 when there is none."""

    unread: int
    unacknowledged: int
    last_seq: int


def item_document(c: Columns) -> ColumnElement[Any]:
    """An item with the facts that its words are made of."""
    return document(
        id=c.id,
        seq=c.seq,
        event_id=c.event_id,
        type=c.type,
        subject=c.subject,
        data=c.data,
        reasons=func.to_json(c.reasons),
        occurred_at=moment(c.occurred_at),
        created_at=moment(c.created_at),
        read_at=moment(c.read_at),
        acknowledged_at=moment(c.acknowledged_at),
        revision=c.revision,
    )


_ITEM = (
    select(
        inbox_item,
        inbox_item.c.read_at.is_(None).label("is_unread"),
        notice.c.type,
        notice.c.subject,
        notice.c.occurred_at,
        notice.c.data,
    )
    .join(
        notice,
        (notice.c.organisation_id == inbox_item.c.organisation_id)
        & (notice.c.event_id == inbox_item.c.event_id),
    )
    .subquery("item")
)
LISTING = Listing(
    _ITEM,
    item_document,
    filters={"person": _ITEM.c.person_id, "unread": _ITEM.c.is_unread},
    sorts={"seq": _ITEM.c.seq},
)

# One at a time over all inboxes of the database, so that the consumers of the two feeds, each with a page
# of many people, cannot wait for each other in a circle.
_TURN = Query(select(func.pg_advisory_xact_lock(literal_column("7306372"))))
_ADD_NOTICE = Query(
    insert(notice)
    .values({column.name: bindparam(column.name) for column in notice.columns})
    .on_conflict_do_nothing()
    .returning(notice.c.event_id)
)
_NOTICES = given_rows("told", event_id=Uuid, subject=Text, data=Text)
_ADD_NOTICES = Query(
    insert(notice)
    .from_select(
        ["organisation_id", "event_id", "type", "subject", "occurred_at", "data"],
        select(
            bindparam("organisation_id", type_=Text),
            _NOTICES.c.event_id,
            bindparam("type", type_=Text),
            _NOTICES.c.subject,
            bindparam("now", type_=DateTime(timezone=True)),
            cast(_NOTICES.c.data, JSONB),
        ),
    )
    .on_conflict_do_nothing()
)
_NEW = given_rows("new", id=Uuid, person_id=Uuid, reasons=Text, digest=Text)
# One number for all who are told of an event: an inbox has an event once.
_NUMBERED = (
    insert(inbox_counter)
    .values(organisation_id=bindparam("organisation_id", type_=Text), last_seq=1)
    .on_conflict_do_update(
        index_elements=["organisation_id"], set_={"last_seq": inbox_counter.c.last_seq + 1}
    )
    .returning(inbox_counter.c.organisation_id, inbox_counter.c.last_seq)
    .cte("numbered")
)
# One statement for all, however many they are; by person, which is the order of the indexes.
_ADD_ITEMS = Query(
    insert(inbox_item).from_select(
        ["organisation_id", "person_id", "seq", "id", "event_id", "reasons", "digest", "created_at"],
        select(
            _NUMBERED.c.organisation_id,
            _NEW.c.person_id,
            _NUMBERED.c.last_seq,
            _NEW.c.id,
            bindparam("event_id", type_=Uuid),
            func.string_to_array(_NEW.c.reasons, literal_column("','")),
            _NEW.c.digest,
            bindparam("created_at", type_=DateTime(timezone=True)),
        )
        .join_from(_NUMBERED, _NEW, true())
        .order_by(_NEW.c.person_id),
    )
)
_MINE = inbox_item.c.person_id == bindparam("person_id")
_COUNTERS = Query(
    select(
        select(func.count()).where(_MINE, inbox_item.c.read_at.is_(None)).scalar_subquery().label("unread"),
        select(func.count())
        .where(_MINE, inbox_item.c.acknowledged_at.is_(None))
        .scalar_subquery()
        .label("unacknowledged"),
        select(func.max(inbox_item.c.seq)).where(_MINE).scalar_subquery().label("last_seq"),
    )
)
_GET = Query(
    select(item_document(_ITEM.c)).where(
        _ITEM.c.id == bindparam("id"), _ITEM.c.person_id == bindparam("person_id")
    )
)
_PAGE = (
    select(_ITEM)
    .where(_ITEM.c.person_id == bindparam("person_id"), _ITEM.c.seq > bindparam("seq", type_=BigInteger))
    .order_by(_ITEM.c.seq)
    .limit(bindparam("limit"))
    .subquery()
)
_AFTER = Query(select(documents(item_document(_PAGE.c), _PAGE.c.seq)))
_LAST_SEQ = Query(select(func.max(inbox_item.c.seq)).where(_MINE))
_READ = Query(
    update(inbox_item)
    .values(read_at=bindparam("now"), revision=inbox_item.c.revision + 1)
    .where(_MINE, inbox_item.c.id == bindparam("item_id", type_=Uuid), inbox_item.c.read_at.is_(None))
)
_READ_UP_TO = Query(
    update(inbox_item)
    .values(read_at=bindparam("now"), revision=inbox_item.c.revision + 1)
    .where(_MINE, inbox_item.c.seq <= bindparam("up_to", type_=BigInteger), inbox_item.c.read_at.is_(None))
)
_ACKNOWLEDGE = Query(
    update(inbox_item)
    .values(
        acknowledged_at=bindparam("now"),
        read_at=func.coalesce(inbox_item.c.read_at, bindparam("now", type_=DateTime(timezone=True))),
        revision=inbox_item.c.revision + 1,
    )
    .where(_MINE, inbox_item.c.id == bindparam("item_id", type_=Uuid), inbox_item.c.acknowledged_at.is_(None))
)


async def take_turn(connection: Connection) -> None:
    """Wait until nobody else writes to inboxes; to the end of the transaction."""
    await _TURN.run(connection)


async def add_notice(connection: Connection, event: Event) -> bool:
    """Keep what is told of `event`; False when it was told before."""
    found = await _ADD_NOTICE.value(
        connection,
        organisation_id=event.organisation,
        event_id=event.id,
        type=event.type,
        subject=event.subject,
        occurred_at=event.time,
        data=RawJson(json.dumps(dict(event.data), default=wire, ensure_ascii=False)),
    )
    return found is not None


async def add_notices(connection: Connection, notices: Sequence[Event], *, now: datetime) -> None:
    """Keep several notices of one organisation and type; one that was kept already stays as it is."""
    if notices:
        rows = [
            (one.id, one.subject, json.dumps(dict(one.data), default=wire, ensure_ascii=False))
            for one in notices
        ]
        await _ADD_NOTICES.run(
            connection,
            organisation_id=notices[0].organisation,
            type=notices[0].type,
            now=now,
            **arrays_of("told", ("event_id", "subject", "data"), rows),
        )


async def add_items(
    connection: Connection, event: Event, hearings: Sequence[Hearing], *, now: datetime
) -> None:
    """An item in the inbox of everybody who is to have one, under the next number of that inbox."""
    wanted = [one for one in hearings if one.is_in_inbox]
    if wanted:
        people = [person_id for one in wanted for person_id in one.people]
        await _ADD_ITEMS.run(
            connection,
            organisation_id=event.organisation,
            event_id=event.id,
            created_at=now,
            new_id=new_ids(len(people)),
            new_person_id=people,
            new_reasons=[text for one in wanted for text in [",".join(one.reasons)] * len(one.people)],
            new_digest=[one.digest for one in wanted for _ in one.people],
        )


async def get_item(connection: Connection, person_id: UUID, item_id: UUID) -> dict[str, Any]:
    """The item, or `Unknown`: another person's is as good as none."""
    found = await _GET.value(connection, person_id=person_id, id=item_id)
    if found is None:
        raise Unknown
    item: dict[str, Any] = json.loads(found)
    return item


async def list_after(
    connection: Connection, person_id: UUID, seq: int, *, limit: int
) -> list[dict[str, Any]]:
    """The next items after number `seq`, oldest first."""
    items: list[dict[str, Any]] = json.loads(
        await _AFTER.value(connection, person_id=person_id, seq=seq, limit=limit)
    )
    return items


async def count(connection: Connection, person_id: UUID) -> Counters:
    row = await _COUNTERS.find(connection, person_id=person_id)
    assert row is not None
    return Counters(row["unread"], row["unacknowledged"], row["last_seq"] or 0)


async def last_seq(connection: Connection, person_id: UUID) -> int:
    """The newest number of the inbox; 0 when there is none."""
    return await _LAST_SEQ.value(connection, person_id=person_id) or 0


async def mark_read(connection: Connection, person_id: UUID, item_id: UUID, *, now: datetime) -> None:
    await _READ.run(connection, person_id=person_id, item_id=item_id, now=now)


async def mark_read_up_to(connection: Connection, person_id: UUID, seq: int, *, now: datetime) -> None:
    await _READ_UP_TO.run(connection, person_id=person_id, up_to=seq, now=now)


async def acknowledge(connection: Connection, person_id: UUID, item_id: UUID, *, now: datetime) -> bool:
    """Whether this was the first time."""
    return bool(await _ACKNOWLEDGE.run(connection, person_id=person_id, item_id=item_id, now=now))
