"""How far partners were read, what they gave, and what was put aside, in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from gevinst_shared.db.arrays import arrays_of, given_rows
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.sync.mending import next_reread
from gevinst_shared.sync.pages import Page
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.ids import new_id

PUT_ASIDE_AT_ONCE = 20
PUT_ASIDE_KEPT = 200
LONGEST_PUT_ASIDE = 2000
_PARTNER = bindparam("partner_id", type_=Uuid)
_ORGANISATION = bindparam("organisation_id", type_=Text)
_NOW = bindparam("now", type_=DateTime(timezone=True))
Row: TypeAlias = asyncpg.Record
_KEPT = ("kind", "record_id", "number", "body", "bytes", "revision_id", "at")
_KEY = ("kind", "record_id")


@dataclass(frozen=True, slots=True)
class Gain:
    """What became of a page: how far it leads, how many revisions were taken and put aside, what is here now
    of records and their bytes, and a word for what is wrong, if anything."""

    number: int
    taken: int
    aside: int
    records: int
    bytes: int
    problem: str | None


class Inlets:
    """The statements behind `receiving`."""

    def __init__(self, tables: SyncTables) -> None:
        partner, inlet, replica, aside = tables.partner, tables.inlet, tables.replica, tables.quarantine
        # Held, so that who is stopped in this moment is read before it or not at all.
        self._partner = Query(
            select(partner.c.owner, partner.c.state, partner.c["keys"])
            .where(partner.c.id == _PARTNER)
            .with_for_update(read=True)
        )
        self._make = Query(
            upsert(inlet)
            .values(organisation_id=bindparam("organisation_id"), partner_id=bindparam("partner_id"))
            .on_conflict_do_nothing()
        )
        whose = inlet.c.partner_id == _PARTNER
        self._held = Query(select(inlet).where(whose).with_for_update())
        self._ask = Query(
            update(inlet)
            .values(
                attempt=bindparam("new_attempt", type_=Uuid),
                understood=bindparam("new_understood", type_=Text),
            )
            .where(whose)
        )
        start = {
            "cursor": null(),
            "attempt": null(),
            "reading": func.gen_random_uuid(),
            "is_full": true(),
            "missing": 0,
            "reread_at": null(),
            "number": 0,
        }
        self._begin_anew = Query(
            update(inlet).values(**start, read_in_full_at=null(), contact_at=_NOW).where(whose)
        )
        self._read_anew = Query(
            update(inlet)
            .values(
                **start,
                rereads=bindparam("new_rereads", type_=Integer),
                is_doubtful=or_(inlet.c.is_doubtful, bindparam("is_doubted", type_=Boolean)),
            )
            .where(whose)
        )
        self._miss_key = Query(
            update(inlet).values(needs_statement=true(), problem="unknown-key", contact_at=_NOW).where(whose)
        )
        self._trouble = Query(
            update(inlet).values(problem=bindparam("new_problem", type_=Text), contact_at=_NOW).where(whose)
        )
        self._hear = Query(
            update(inlet).values(heard_number=bindparam("number", type_=BigInteger)).where(whose)
        )
        self._advance = Query(_advanced(tables))
        self._keep = Query(_stored(tables))
        given = given_rows("given", kind=Text, record_id=Uuid)
        named = tuple_(replica.c.kind, replica.c.record_id).in_(select(given.c.kind, given.c.record_id))
        mine = replica.c.partner_id == _PARTNER
        reading = bindparam("reading", type_=Uuid)
        self._sizes = Query(select(replica.c.kind, replica.c.record_id, replica.c.bytes).where(mine, named))
        self._end = Query(delete(replica).where(mine, named))
        self._spare = Query(update(replica).values(reading=reading).where(mine, named))
        swept = delete(replica).where(mine, replica.c.reading != reading).returning(replica.c.bytes).cte()
        self._sweep = Query(
            select(
                func.count().label("records"), func.coalesce(func.sum(swept.c.bytes), 0).label("bytes")
            ).select_from(swept)
        )
        self._mend = Query(delete(aside).where(aside.c.partner_id == _PARTNER, aside.c.reading != reading))
        self._blank = Query(
            update(replica)
            .values(body=literal_column("'{}'::jsonb"))
            .where(
                mine,
                replica.c.kind == bindparam("of_kind", type_=Text),
                replica.c.record_id == bindparam("of_record", type_=Uuid),
            )
        )
        self._empty = Query(update(inlet).values(records=0, bytes=0, restored_at=null()).where(whose))
        self._forget = [
            Query(delete(table).where(table.c.partner_id == _PARTNER)) for table in (replica, aside)
        ]
        self._put_aside = Query(
            insert(aside).values(
                {column.name: bindparam(column.name) for column in aside.columns if column.name != "reading"}
                | {"reading": select(inlet.c.reading).where(whose).scalar_subquery()}
            )
        )
        self._trim = Query(_trimmed(tables))
        self._count = Query(
            update(inlet)
            .values(quarantined=inlet.c.quarantined + bindparam("more", type_=Integer))
            .where(whose)
        )

    async def partner(self, connection: Connection, partner_id: UUID) -> Row | None:
        """Owner, state and keys, which do not change before the transaction ends; None for a stranger."""
        return await self._partner.find(connection, partner_id=partner_id)

    async def held(self, connection: Connection, organisation: str, partner_id: UUID) -> Row:
        """How far the partner was read, held until the end of the transaction."""
        found = await self._held.find(connection, partner_id=partner_id)
        if found is None:
            await self._make.run(connection, organisation_id=organisation, partner_id=partner_id)
            found = await self._held.find(connection, partner_id=partner_id)
        assert found is not None
        return found

    async def ask(self, connection: Connection, partner_id: UUID, *, understood: str) -> UUID:
        """A new question, whose answer is waited for from now on."""
        attempt = new_id()
        new = {"new_attempt": attempt, "new_understood": understood}
        await self._ask.run(connection, partner_id=partner_id, **new)
        return attempt

    async def hear_grants(
        self, connection: Connection, organisation: str, partner_id: UUID, number: int
    ) -> None:
        """From now on ask for pages that know of so many changes of grants."""
        await self.held(connection, organisation, partner_id)
        await self._hear.run(connection, partner_id=partner_id, number=number)

    async def read_anew(
        self, connection: Connection, partner_id: UUID, *, rereads: int = 0, is_doubtful: bool = False
    ) -> None:
        """Read everything once more; the epoch is the same, and what is here stays until that is complete,
        although a withdrawn key may have signed it (`is_doubtful`)."""
        new = {"new_rereads": rereads, "is_doubted": is_doubtful}
        await self._read_anew.run(connection, partner_id=partner_id, **new)

    async def begin_anew(self, connection: Connection, partner_id: UUID, *, now: datetime) -> None:
        """Read everything next; what is there stays until that is complete."""
        await self._begin_anew.run(connection, partner_id=partner_id, now=now)

    async def forget(self, connection: Connection, partner_id: UUID) -> None:
        """Delete what the partner gave, also what was put aside: nothing of a backup is here any more."""
        for forget in self._forget:
            await forget.run(connection, partner_id=partner_id)
        await self._empty.run(connection, partner_id=partner_id)

    async def blank(self, connection: Connection, partner_id: UUID, kind: str, record_id: UUID) -> None:
        """Keep nothing of what cannot be used. That it is given stays known: what was before it is shared."""
        await self._blank.run(connection, partner_id=partner_id, of_kind=kind, of_record=record_id)

    async def miss_key(self, connection: Connection, partner_id: UUID, *, now: datetime) -> None:
        await self._miss_key.run(connection, partner_id=partner_id, now=now)

    async def note_trouble(
        self, connection: Connection, partner_id: UUID, problem: str, *, now: datetime
    ) -> None:
        """Nothing was read, and why in a word."""
        await self._trouble.run(connection, partner_id=partner_id, new_problem=problem, now=now)

    async def put_aside(
        self,
        connection: Connection,
        organisation: str,
        partner_id: UUID,
        wrong: Sequence[tuple[str, str]],
        *,
        now: datetime,
    ) -> None:
        """Keep the first of (content, reason), so that somebody can look; a partner cannot fill our disk."""
        if not wrong:
            return
        rows = [
            {
                "organisation_id": organisation,
                "id": new_id(),
                "partner_id": partner_id,
                "reason": reason,
                "content": _shown(content),
                "quarantined_at": now,
            }
            for content, reason in wrong[:PUT_ASIDE_AT_ONCE]
        ]
        await self._put_aside.run_many(connection, rows)
        await self._trim.run(connection, partner_id=partner_id)
        await self._count.run(connection, partner_id=partner_id, more=len(wrong))

    async def sizes(
        self, connection: Connection, partner_id: UUID, keys: Sequence[tuple[str, UUID]]
    ) -> dict[tuple[str, UUID], int]:
        """Those of the records (kind, id) that are here, and how many bytes each has."""
        if not keys:
            return {}
        rows = await self._sizes.rows(connection, **arrays_of("given", _KEY, keys), partner_id=partner_id)
        return {(row["kind"], row["record_id"]): row["bytes"] for row in rows}

    async def store(
        self,
        connection: Connection,
        inlet: Row,
        kept: Sequence[tuple[Any, ...]],
        ended: Sequence[tuple[str, UUID]],
        *,
        now: datetime,
    ) -> None:
        """Keep rows of (kind, id, number, body, bytes, revision id, moment), and delete what has ended."""
        if kept:
            await self._keep.run(
                connection,
                **arrays_of("kept", _KEPT, kept),
                organisation_id=inlet["organisation_id"],
                partner_id=inlet["partner_id"],
                reading=inlet["reading"],
                received_at=now,
            )
        if ended:
            await self._end.run(connection, **arrays_of("given", _KEY, ended), partner_id=inlet["partner_id"])

    async def spare(self, connection: Connection, inlet: Row, keys: Sequence[tuple[str, UUID]]) -> None:
        """Leave here what was there of these records (kind, id), although the reading brought nothing better:
        the partner still gives them. Not what a withdrawn key may have signed."""
        if keys and inlet["is_full"] and not inlet["is_doubtful"]:
            whose = {"partner_id": inlet["partner_id"], "reading": inlet["reading"]}
            await self._spare.run(connection, **arrays_of("given", _KEY, keys), **whose)

    async def advance(
        self, connection: Connection, inlet: Row, page: Page, gain: Gain, *, now: datetime
    ) -> None:
        """Go on behind the page. At a feed's end, what this reading did not bring goes, and what it brought
        right is put aside no longer."""
        whose = {"partner_id": inlet["partner_id"]}
        records, bytes_ = gain.records, gain.bytes
        if not page.has_more and inlet["is_full"]:
            swept = await self._sweep.find(connection, **whose, reading=inlet["reading"])
            assert swept is not None
            records, bytes_ = records - swept["records"], bytes_ - int(swept["bytes"])
            await self._mend.run(connection, **whose, reading=inlet["reading"])
        await self._advance.run(
            connection,
            **whose,
            new_cursor=page.cursor,
            new_epoch=page.epoch,
            new_number=gain.number,
            new_grants_number=page.grants_number,
            new_records=records,
            new_bytes=bytes_,
            new_problem=gain.problem,
            more=gain.taken,
            full_at=None if page.has_more else now,
            **_rereading(inlet, page, gain, now),
            now=now,
        )


def _rereading(inlet: Row, page: Page, gain: Gain, now: datetime) -> dict[str, Any]:
    """Whether the reading is still to become a whole one, and when what is missing is read anew."""
    missing = inlet["missing"] + gain.aside
    is_whole = inlet["is_full"] and not page.has_more
    rereads, reread_at = inlet["rereads"], inlet["reread_at"]
    if is_whole and missing == 0:
        rereads, reread_at = 0, None
    elif not page.has_more and missing > 0 and reread_at is None:
        reread_at = next_reread(rereads, now)
    return {
        "still_full": inlet["is_full"] and page.has_more,
        "still_doubtful": inlet["is_doubtful"] and page.has_more,
        "new_missing": missing,
        "new_rereads": rereads,
        "new_reread_at": reread_at,
    }


def _trimmed(tables: SyncTables) -> Any:  # noqa: ANN401 - a delete
    aside = tables.quarantine
    last = select(aside.c.id).where(aside.c.partner_id == _PARTNER).order_by(aside.c.id.desc())
    return delete(aside).where(aside.c.id.in_(last.offset(PUT_ASIDE_KEPT)))


def _advanced(tables: SyncTables) -> Any:  # noqa: ANN401 - an update
    inlet = tables.inlet
    full_at = bindparam("full_at", type_=DateTime(timezone=True))
    return (
        update(inlet)
        .values(
            cursor=bindparam("new_cursor", type_=Text),
            attempt=null(),
            epoch=bindparam("new_epoch", type_=Text),
            number=bindparam("new_number", type_=BigInteger),
            grants_number=bindparam("new_grants_number", type_=BigInteger),
            taken=inlet.c.taken + bindparam("more", type_=Integer),
            needs_statement=false(),
            problem=bindparam("new_problem", type_=Text),
            is_full=bindparam("still_full", type_=Boolean),
            is_doubtful=bindparam("still_doubtful", type_=Boolean),
            missing=bindparam("new_missing", type_=BigInteger),
            rereads=bindparam("new_rereads", type_=Integer),
            reread_at=bindparam("new_reread_at", type_=DateTime(timezone=True)),
            records=bindparam("new_records", type_=BigInteger),
            bytes=bindparam("new_bytes", type_=BigInteger),
            contact_at=_NOW,
            read_in_full_at=func.coalesce(inlet.c.read_in_full_at, full_at),
            restored_at=case((full_at.is_(None), inlet.c.restored_at), else_=null()),
        )
        .where(inlet.c.partner_id == _PARTNER)
    )


def _stored(tables: SyncTables) -> Any:  # noqa: ANN401 - an insert
    replica = tables.replica
    kept = given_rows(
        "kept",
        kind=Text,
        record_id=Uuid,
        number=BigInteger,
        body=Text,
        bytes=Integer,
        revision_id=Text,
        at=DateTime(timezone=True),
    )
    rows = select(
        _ORGANISATION,
        _PARTNER,
        bindparam("reading", type_=Uuid),
        *(kept.c[name] if name != "body" else cast(kept.c.body, JSONB) for name in _KEPT),
        bindparam("received_at", type_=DateTime(timezone=True)),
    ).where(true())
    names = ["organisation_id", "partner_id", "reading", *_KEPT, "received_at"]
    statement = upsert(replica).from_select(names, rows)
    return statement.on_conflict_do_update(
        index_elements=list(replica.primary_key),
        set_={name: statement.excluded[name] for name in names if name not in replica.primary_key},
    )


def _shown(content: str) -> str:
    """What can be kept of it."""
    cut = content[:LONGEST_PUT_ASIDE].replace("\x00", "\ufffd")
    return cut.encode("utf-8", "replace").decode()
