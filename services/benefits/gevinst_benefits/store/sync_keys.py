"""What this service signs its revisions with, in the database."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Text,
    and_,
    any_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from gevinst_benefits.tables.sync import sync_identity, sync_key
from gevinst_shared.auth.tokens import SigningKey
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.sync.exchange import Exchange
from gevinst_shared.sync.signing_keys import PURPOSE, opened_key
from gevinst_shared.values.key_overlap import OVERLAP

_MOMENT = DateTime(timezone=True)
_NOW = bindparam("now", type_=_MOMENT)
_identity, _key = sync_identity.c, sync_key.c
_new = upsert(sync_identity).values(
    organisation_id=bindparam("organisation_id", type_=Text),
    serial=bindparam("serial", type_=BigInteger),
    kid=bindparam("kid", type_=Text),
    look_at=_NOW,
)
_KEEP = Query(
    _new.on_conflict_do_update(
        index_elements=list(sync_identity.primary_key),
        set_={name: _new.excluded[name] for name in ("serial", "kid", "look_at")},
        where=_identity.serial < _new.excluded.serial,
    )
)
_HELD = Query(select(sync_identity).with_for_update())
_LOOKED = Query(
    update(sync_identity).values(
        told=bindparam("new_told", type_=JSONB),
        told_serial=bindparam("new_serial", type_=BigInteger),
        needs_key=bindparam("still_needed", type_=Boolean),
        look_at=bindparam("next_look", type_=_MOMENT),
    )
)
_DUE = Query(
    select(_identity.organisation_id)
    .where(_identity.look_at <= _NOW)
    .order_by(_identity.look_at)
    .limit(bindparam("limit", type_=Integer))
)
_VALID = Query(
    select(sync_key)
    .where(_key.withdrawn_at.is_(None), or_(_key.until.is_(None), _key.until > _NOW))
    .order_by(_key.made_at.desc(), _key.kid)
)
_ADD = Query(insert(sync_key).values({c.name: bindparam(c.name, type_=c.type) for c in sync_key.columns}))
_KIDS = any_(bindparam("kids", type_=ARRAY(Text)))
_STATE = Query(
    update(sync_key)
    .values(stated_at=_NOW)
    .where(_key.stated_at.is_(None), _key.withdrawn_at.is_(None), _key.kid == _KIDS)
)
_WITHDRAW = Query(
    update(sync_key)
    .values(withdrawn_at=_NOW, until=_NOW, sealed=literal_column("''::bytea"))
    .where(_key.withdrawn_at.is_(None), _key.kid == _KIDS)
)
_NEED_KEY = Query(update(sync_identity).values(needs_key=true(), look_at=_NOW))
_later = sync_key.alias("later")
_LET_GO = Query(
    update(sync_key)
    .values(until=bindparam("new_until", type_=_MOMENT))
    .where(
        _key.until.is_(None),
        select(_later.c.kid)
        .where(and_(_later.c.stated_at.is_not(None), _later.c.made_at > _key.made_at))
        .exists(),
    )
)
_OF_TODAY = Query(
    select(_key.kid, _key.sealed)
    # The one before may have ended when its follower is withdrawn.
    .where(
        _key.stated_at.is_not(None),
        _key.withdrawn_at.is_(None),
        or_(_key.until.is_(None), _key.until > func.now()),
    )
    .order_by(_key.made_at.desc(), _key.kid)
    .limit(1)
)


async def find_key(connection: Connection, organisation: str, exchange: Exchange) -> SigningKey | None:
    """The newest key that the organisation's statement names; None while it names none. Or
    `KeyNotOpenedError`."""
    row = await _OF_TODAY.find(connection)
    if row is None:
        return None
    return opened_key(organisation, row["kid"], row["sealed"], exchange.box(PURPOSE))


async def keep_identity(
    connection: Connection, organisation_id: str, *, serial: int, kid: str, now: datetime
) -> bool:
    """Keep who the organisation is, and have a worker look at our keys; False when it is no news."""
    values = {"organisation_id": organisation_id, "serial": serial, "kid": kid, "now": now}
    return await _KEEP.run(connection, **values) > 0


async def state_keys(connection: Connection, kids: Sequence[str], now: datetime) -> bool:
    """The statement names these: sign with the newest from now on, and let the others go in time. Whether any
    is new there."""
    count = await _STATE.run(connection, kids=list(kids), now=now)
    await _LET_GO.run(connection, new_until=now + OVERLAP)
    return count > 0


async def withdraw_keys(connection: Connection, kids: Sequence[str], now: datetime) -> bool:
    """Somebody else may have these: they sign nothing more, their private parts are deleted, and a worker
    makes a new one. Whether any was ours and not withdrawn before."""
    count = await _WITHDRAW.run(connection, kids=list(kids), now=now)
    if count:
        await _NEED_KEY.run(connection, now=now)
    return count > 0


async def hold_identity(connection: Connection) -> dict[str, Any] | None:
    """Who the organisation is, held until the transaction ends; `told` as it was announced."""
    row = await _HELD.find(connection)
    return None if row is None else {**row, "told": None if row["told"] is None else json.loads(row["told"])}


async def list_valid(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The keys that hold, the newest first; `public` is an object."""
    rows = await _VALID.rows(connection, now=now)
    return [{**row, "public": json.loads(row["public"])} for row in rows]


async def add(connection: Connection, values: Mapping[str, Any]) -> None:
    await _ADD.run(connection, **values)


async def note_look(
    connection: Connection,
    told: Sequence[Mapping[str, Any]],
    *,
    serial: int,
    needs_key: bool,
    next_look: datetime | None,
) -> None:
    """Keep what was announced, whether a key is still to be made, and when to look again."""
    new = {"new_serial": serial, "still_needed": needs_key, "next_look": next_look}
    await _LOOKED.run(connection, new_told=RawJson(json.dumps(list(told))), **new)


async def list_due(connection: Connection, now: datetime, *, limit: int) -> list[str]:
    """Organisations whose keys are to be looked at; for the queue's transaction."""
    return [row["organisation_id"] for row in await _DUE.rows(connection, now=now, limit=limit)]
