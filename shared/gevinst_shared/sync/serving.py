"""Our feed as a partner reads it: a page of what it may know, from where it stopped.

Every page has a random stamp, which comes back in the cursor. A stamp that is younger than all that we know
was given out after the backup that we were restored from: then all feeds begin anew. Reading without a cursor
reads everything.
"""

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Integer,
    Text,
    Uuid,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.db.documents import moment
from gevinst_shared.db.engine import Connection, Database
from gevinst_shared.db.query import Query
from gevinst_shared.sync.kinds import SharedKind
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.publishing import Published, Publishing, Reader
from gevinst_shared.sync.revisions import Revision, length_on_the_wire, signed
from gevinst_shared.sync.sealing import Cursor, Seals
from gevinst_shared.sync.settling import Settling
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.refusal import Unknown

STAMPS_KEPT = 64
# A page is at most one revision longer, and readers take twice as much.
MOST_ON_THE_WIRE = 4 * 2**20
_PARTNER = bindparam("partner_id", type_=Uuid)


AfterRestore = Callable[[Connection, str, datetime], Awaitable[None]]
"""Does what an organisation's restore calls for, in the transaction that has noticed it."""


async def nothing_begins(_connection: Connection, _organisation: str, _now: datetime) -> None:
    """For a service in which only feeds begin anew."""


class NoPage(StrEnum):
    """Why there is no page: 404, 410 for who was stopped, 503, 410 for a cursor of before, 503."""

    STRANGER = "stranger"
    STOPPED = "stopped"
    PAUSED = "paused"
    GONE = "gone"
    BEHIND = "behind"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a partner asks for: `cursor` is None to read everything.

    `grants_number` is what it has heard of elsewhere: while fewer changes of grants are known here there is
    no page, because it could still have what was revoked.
    """

    owner: str
    cursor: str | None
    limit: int
    grants_number: int = 0


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the page begins, and what partner it is for."""

    partner_id: UUID
    epoch: str
    position: int
    grants_number: int


class Serving:
    """The feeds of one service; `secret` is the installation's."""

    def __init__(
        self,
        service: str,
        tables: SyncTables,
        kinds: Sequence[SharedKind],
        *,
        secret: str,
        after_restore: AfterRestore = nothing_begins,
    ) -> None:
        self._service, self._secret, self._after_restore = service, secret, after_restore
        self.settling = Settling(tables, kinds)
        self._publishing = Publishing(tables, kinds)
        partner, outlet, revision = tables.partner, tables.outlet, tables.revision
        # Who was stopped and is proposed anew is told to delete until it is confirmed again.
        found = (
            select(partner.c.id, partner.c.state, partner.c.grants_number)
            .where(partner.c.owner == bindparam("owner"))
            .order_by(
                case(
                    (or_(partner.c.state == "confirmed", partner.c.state == "paused"), 0),
                    (partner.c.state == "stopped", 1),
                    else_=2,
                ),
                partner.c.created_at.desc(),
            )
            .limit(literal_column("1"))
        )
        self._partner = Query(found)
        # Held, so that no feed is opened for who is stopped in this moment.
        self._held_partner = Query(found.with_for_update(read=True))
        waiting = select(tables.pending.c.partner_id).distinct().subquery()
        self._waiting = Query(
            select(partner.c.id)
            .join(waiting, waiting.c.partner_id == partner.c.id)
            .where(partner.c.state == "confirmed")
        )
        pending = exists().where(tables.pending.c.partner_id == partner.c.id)
        self._news = Query(
            select(
                (pending | (outlet.c.number > outlet.c.asked_number)).label("is_news"),
                exists(tables.mark.c.number).label("is_marked"),
            )
            .select_from(partner.join(outlet, outlet.c.partner_id == partner.c.id))
            .where(partner.c.owner == bindparam("owner"), partner.c.state == "confirmed")
        )
        self._rows = Query(
            select(
                revision.c.kind,
                revision.c.record_id,
                revision.c.number,
                revision.c.body,
                moment(revision.c.at).label("at"),
            )
            .where(
                revision.c.partner_id == _PARTNER,
                revision.c.number > bindparam("position", type_=BigInteger),
            )
            .order_by(revision.c.number)
            .limit(bindparam("limit", type_=Integer))
        )
        now, position = (
            bindparam("now", type_=outlet.c.asked_at.type),
            bindparam("position", type_=BigInteger),
        )
        has_all = (outlet.c.full_number <= position) & outlet.c.read_in_full_at.is_(None)
        self._asked = Query(
            update(outlet)
            .values(
                asked_at=now,
                asked_number=position,
                read_in_full_at=case((has_all, now), else_=outlet.c.read_in_full_at),
            )
            .where(outlet.c.partner_id == _PARTNER)
        )
        number = bindparam("new_number", type_=BigInteger)
        self._given = Query(
            update(outlet)
            .values(
                number=number,
                full_number=func.coalesce(
                    outlet.c.full_number, case((bindparam("is_all", type_=Boolean), number))
                ),
                stamps=bindparam("new_stamps", type_=ARRAY(Text)),
            )
            .where(outlet.c.partner_id == _PARTNER)
        )

    def seals(self, organisation: str, partner_id: UUID) -> Seals:
        return Seals(self._secret, service=self._service, organisation=organisation, partner=partner_id)

    async def answer(
        self, database: Database, organisation: str, asked: Asked, *, key: SigningKey, now: datetime
    ) -> Page | NoPage:
        """The page that the partner asks for, signed with `key`; or why there is none.

        Marks are given out in a transaction of their own, so that nobody waits for what one partner reads.
        """
        async with database.transaction(organisation) as connection:
            place = await self.begin(connection, organisation, asked, now=now)
        if isinstance(place, NoPage):
            return place
        async with database.transaction(organisation) as connection:
            found = await self._read(connection, organisation, place, asked, now=now)
        if isinstance(found, NoPage):
            return found
        page, revisions = found
        return Page(
            page.epoch,
            page.cursor,
            page.has_more,
            page.grants_number,
            tuple(signed(revision, key) for revision in revisions),
        )

    async def state(self, connection: Connection, owner: str) -> tuple[UUID, NoPage | None]:
        """The partner that `owner` is, and why it gets nothing at the moment, if so; or `Unknown`."""
        row = await self._partner.find(connection, owner=owner)
        if row is None:
            raise Unknown
        return row["id"], _refused(row, Asked(owner, None, 0))

    async def has_news(self, connection: Connection, organisation: str, owner: str, *, now: datetime) -> bool:
        """Whether it is worth asking again for a partner that had everything when it asked last."""
        row = await self._news.find(connection, owner=owner)
        if row is None or row["is_news"]:
            return True
        if not row["is_marked"]:
            return False
        # Given out here, also for everybody else who waits.
        await self.settling.settle(connection, organisation, now)
        row = await self._news.find(connection, owner=owner)
        return row is None or bool(row["is_news"])

    async def refresh(self, database: Database, organisation: str, *, now: datetime) -> list[UUID]:
        """Publish for all partners what changed; those that have something new to read."""
        async with database.transaction(organisation) as connection:
            await self.settling.settle(connection, organisation, now)
            waiting = [row["id"] for row in await self._waiting.rows(connection)]
        grown = []
        for partner_id in waiting:
            async with database.transaction(organisation) as connection:
                if await self._grow(connection, organisation, partner_id, now):
                    grown.append(partner_id)
        return grown

    async def restored(self, connection: Connection, organisation: str, now: datetime) -> None:
        """The organisation stands as in a backup: begin its feeds anew, and what else that calls for."""
        await self.settling.begin_epochs(connection, now)
        await self._after_restore(connection, organisation, now)

    async def _grow(self, connection: Connection, organisation: str, partner_id: UUID, now: datetime) -> bool:
        outlet = await self.settling.find_outlet(connection, partner_id)
        if outlet is None:
            return False
        reader = Reader(organisation, partner_id, self.seals(organisation, partner_id), now)
        published = await self._publishing.publish(connection, reader, outlet["number"])
        await self._give(connection, partner_id, published, outlet["stamps"])
        return bool(published.number > outlet["number"])

    async def begin(
        self, connection: Connection, organisation: str, asked: Asked, *, now: datetime
    ) -> _Place | NoPage:
        """Give out the marks and find where the partner is."""
        row = await self._held_partner.find(connection, owner=asked.owner)
        refused = _refused(row, asked)
        if row is None or refused is not None:
            return refused or NoPage.STRANGER
        await self.settling.settle(connection, organisation, now)
        outlet = await self.settling.find_outlet(connection, row["id"])
        if outlet is None:
            await self.settling.open(connection, organisation, row["id"], now)
            outlet = await self.settling.find_outlet(connection, row["id"])
            assert outlet is not None
        if asked.cursor is None:
            return _Place(row["id"], outlet["epoch"], 0, row["grants_number"])
        cursor = self.seals(organisation, row["id"]).opened(asked.cursor)
        if cursor is not None and _is_of_the_future(cursor, outlet):
            await self.restored(connection, organisation, now)
        if cursor is None or not _is_of(cursor, outlet):
            return NoPage.GONE
        await self._asked.run(connection, partner_id=row["id"], now=now, position=cursor.position)
        return _Place(row["id"], outlet["epoch"], cursor.position, row["grants_number"])

    async def _read(
        self, connection: Connection, organisation: str, place: _Place, asked: Asked, *, now: datetime
    ) -> tuple[Page, list[Revision]] | NoPage:
        """Publish what is pending, and read from the place; the page has no revisions yet."""
        outlet = await self.settling.find_outlet(connection, place.partner_id)
        # Stopped, paused or begun anew since the place was found.
        refused = _refused(await self._partner.find(connection, owner=asked.owner), asked)
        if refused is not None:
            return refused
        if outlet is None or outlet["epoch"] != place.epoch:
            return NoPage.GONE
        seals = self.seals(organisation, place.partner_id)
        reader = Reader(organisation, place.partner_id, seals, now)
        published = await self._publishing.publish(connection, reader, outlet["number"])
        rows = await self._rows.rows(
            connection, partner_id=place.partner_id, position=place.position, limit=asked.limit
        )
        is_end = len(rows) < asked.limit
        rows, read = _fitting(rows), len(rows)
        # The last numbers may be those of tombstones that were forgotten.
        last = published.number if is_end and len(rows) == read else rows[-1]["number"]
        stamp, stamps, cursor = new_id(), outlet["stamps"], asked.cursor
        if cursor is None or last != place.position:
            cursor = seals.sealed(Cursor(UUID(place.epoch), stamp, last))
            stamps = [*stamps, str(stamp)][-STAMPS_KEPT:]
        await self._give(connection, place.partner_id, published, stamps)
        has_more = last < published.number or not published.is_all
        page = Page(place.epoch, cursor, has_more, place.grants_number, ())
        return page, [_revision(row, place.epoch, organisation, asked.owner) for row in rows]

    async def _give(
        self, connection: Connection, partner_id: UUID, published: Published, stamps: Sequence[str]
    ) -> None:
        await self._given.run(
            connection,
            partner_id=partner_id,
            new_number=published.number,
            is_all=published.is_all,
            new_stamps=stamps,
        )


def _refused(partner: Any, asked: Asked) -> NoPage | None:  # noqa: ANN401 - a row or None
    if partner is None or partner["state"] in {"proposed", "met"}:
        return NoPage.STRANGER
    if partner["state"] == "stopped":
        return NoPage.STOPPED
    if partner["state"] == "paused":
        return NoPage.PAUSED
    return NoPage.BEHIND if partner["grants_number"] < asked.grants_number else None


def _is_of(cursor: Cursor, outlet: Any) -> bool:  # noqa: ANN401 - a row
    """Whether the feed, as it is now, gave out the cursor not too long ago."""
    return (
        str(cursor.epoch) == outlet["epoch"]
        and str(cursor.stamp) in outlet["stamps"]
        and cursor.position <= outlet["number"]
        # What ended before may be forgotten here, unless the page was given after that.
        and (cursor.position >= outlet["pruned_number"] or str(cursor.stamp) > outlet["pruned_stamp"])
    )


def _is_of_the_future(cursor: Cursor, outlet: Any) -> bool:  # noqa: ANN401 - a row
    """Whether we gave out the cursor, which nobody else can, after all that we know of: we were restored.

    Epochs and stamps sort by when they were made. An old one that was forgotten does not count.
    """
    epoch: str = outlet["epoch"]
    stamps: list[str] = outlet["stamps"]
    if str(cursor.epoch) != epoch:
        return str(cursor.epoch) > epoch
    return cursor.position > outlet["number"] or str(cursor.stamp) > max(stamps, default="")


def _fitting(rows: Sequence[Any]) -> list[Any]:
    """As many of the rows as go into a page; at least one."""
    size = 0
    for place, row in enumerate(rows):
        size += length_on_the_wire(row["body"])
        if place and size > MOST_ON_THE_WIRE:
            return list(rows[:place])
    return list(rows)


def _revision(row: Any, epoch: str, owner: str, audience: str) -> Revision:  # noqa: ANN401 - a row
    return Revision(
        epoch=epoch,
        number=row["number"],
        kind=row["kind"],
        id=row["record_id"],
        owner=owner,
        audience=audience,
        at=row["at"],
        fields=None if row["body"] is None else json.loads(row["body"]),
    )
