"""Who an organisation is to other bodies, in the database: its keys and its statement."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Text,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from gevinst_portfolio.tables.organisations import organisation
from gevinst_portfolio.tables.shared import outbox
from gevinst_portfolio.tables.sync import sync_identity, sync_key, sync_service_key
from gevinst_shared.db.documents import Stored, document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.sync.statements import MOST_WITHDRAWN
from gevinst_shared.values.refusal import Unknown


def _keys(c: Columns) -> ColumnElement[Any]:
    """The keys that the statement names, that of today first."""
    shown = document(
        kid=sync_key.c.kid,
        thumbprint=sync_key.c.thumbprint,
        made_at=moment(sync_key.c.made_at),
        until=moment(sync_key.c.until),
    )
    named = or_(sync_key.c.until.is_(None), sync_key.c.until > c.stated_at)
    return (
        select(documents(shown, sync_key.c.made_at.desc(), sync_key.c.kid))
        .where(sync_key.c.organisation_id == c.organisation_id, named)
        .scalar_subquery()
    )


def _service_keys(c: Columns) -> ColumnElement[Any]:
    """What other services sign with."""
    key = sync_service_key.c
    shown = document(
        service=key.service,
        kid=key.kid,
        thumbprint=key.thumbprint,
        made_at=moment(key.made_at),
        until=moment(key.until),
    )
    holds = key.withdrawn_at.is_(None) & or_(key.until.is_(None), key.until > c.stated_at)
    return (
        select(documents(shown, key.service, key.made_at.desc(), key.kid))
        .where(key.organisation_id == c.organisation_id, holds)
        .scalar_subquery()
    )


def identity_document(c: Columns) -> ColumnElement[Any]:
    """`SyncIdentityOut`, as PostgreSQL writes it."""
    return document(
        organisation=c.organisation_id,
        contact=c.contact,
        serial=c.serial,
        keys=_keys(c),
        service_keys=_service_keys(c),
        stated_at=moment(c.stated_at),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


CHANGEABLE = ("contact", "serial", "statement", "stated_at", "look_at")
_GET = Query(select(identity_document(sync_identity.c).label("document"), sync_identity.c.revision))
_HELD = Query(select(sync_identity).with_for_update())
_STATEMENT = Query(select(sync_identity.c.statement))
_NAME = Query(select(organisation.c.name))
_ADD = outbox.insert(sync_identity, identity_document)
_CHANGE = outbox.update(sync_identity, identity_document, columns=CHANGEABLE)
_VALID = Query(
    select(sync_key)
    .where(
        or_(sync_key.c.until.is_(None), sync_key.c.until > bindparam("now", type_=DateTime(timezone=True)))
    )
    .order_by(sync_key.c.made_at.desc(), sync_key.c.kid)
)
_ADD_KEY = Query(insert(sync_key).values({c.name: bindparam(c.name, type_=c.type) for c in sync_key.columns}))
_END_KEY = Query(
    update(sync_key)
    .where(sync_key.c.kid == bindparam("ended"))
    .values(until=bindparam("new_until", type_=sync_key.c.until.type))
)
_NOW = bindparam("now", type_=DateTime(timezone=True))
_HOLDS = (
    sync_service_key.c.withdrawn_at.is_(None),
    or_(sync_service_key.c.until.is_(None), sync_service_key.c.until > _NOW),
)
_SERVICE_KEYS = Query(
    select(sync_service_key)
    .where(*_HOLDS)
    .order_by(sync_service_key.c.service, sync_service_key.c.made_at.desc(), sync_service_key.c.kid)
)
_OF_SERVICE = sync_service_key.c.service == bindparam("of_service", type_=Text)
_LAST_ANNOUNCED = Query(select(func.max(sync_service_key.c.serial)).where(_OF_SERVICE))
_DROP_SERVICE_KEYS = Query(
    delete(sync_service_key).where(_OF_SERVICE, sync_service_key.c.withdrawn_at.is_(None))
)
_NUMBER_WITHDRAWN = Query(
    update(sync_service_key)
    .where(_OF_SERVICE)
    .values(serial=bindparam("new_serial", type_=sync_service_key.c.serial.type))
)
_ANNOUNCED = ("organisation_id", "service", "kid", "thumbprint", "public", "serial", "made_at", "until")
_ADD_SERVICE_KEY = Query(
    upsert(sync_service_key)
    .values({name: bindparam(name, type_=sync_service_key.c[name].type) for name in _ANNOUNCED})
    # It was withdrawn.
    .on_conflict_do_nothing()
)
_WITHDRAW_SERVICE_KEY = Query(
    update(sync_service_key)
    .where(sync_service_key.c.kid == bindparam("withdrawn_kid"), *_HOLDS)
    .values(withdrawn_at=_NOW)
)
_WITHDRAW_KEY = Query(
    update(sync_key)
    .where(sync_key.c.kid == bindparam("withdrawn_kid"))
    .values(
        until=bindparam("now", type_=sync_key.c.until.type),
        withdrawn_at=bindparam("now", type_=sync_key.c.until.type),
    )
)
_WITHDRAWN_OF_SERVICES = (
    select(sync_service_key.c.kid, sync_service_key.c.withdrawn_at, sync_service_key.c.service)
    .where(sync_service_key.c.withdrawn_at.is_not(None))
    .order_by(sync_service_key.c.withdrawn_at.desc(), sync_service_key.c.kid)
    .limit(MOST_WITHDRAWN)
)
_LIST_WITHDRAWN_OF_SERVICES = Query(_WITHDRAWN_OF_SERVICES)
_own_withdrawn = select(
    sync_key.c.kid, sync_key.c.withdrawn_at, literal_column("NULL::text").label("service")
).where(sync_key.c.withdrawn_at.is_not(None))
_all_withdrawn = union_all(_own_withdrawn, _WITHDRAWN_OF_SERVICES).subquery()
_WITHDRAWN = Query(
    select(_all_withdrawn.c.kid)
    .order_by(_all_withdrawn.c.withdrawn_at.desc(), _all_withdrawn.c.kid)
    .limit(MOST_WITHDRAWN)
)
_DUE = Query(
    select(sync_identity.c.organisation_id)
    .where(sync_identity.c.look_at <= bindparam("now", type_=sync_identity.c.look_at.type))
    .order_by(sync_identity.c.look_at)
    .limit(bindparam("limit"))
)
_PUT_OFF = Query(update(sync_identity).values(look_at=bindparam("until", type_=sync_identity.c.look_at.type)))


async def get_document(connection: Connection) -> Stored:
    """The identity's JSON, or `Unknown` while the organisation exchanges nothing."""
    row = await _GET.find(connection)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def hold(connection: Connection) -> dict[str, Any] | None:
    """The identity by column, held until the transaction ends; None where there is none."""
    row = await _HELD.find(connection)
    return None if row is None else dict(row)


async def find_statement(connection: Connection) -> str | None:
    """The organisation's signed statement; None while it says nothing of itself."""
    found: str | None = await _STATEMENT.value(connection)
    return found


async def get_name(connection: Connection) -> str:
    """What the organisation is called, or `Unknown` until it is registered."""
    name: str | None = await _NAME.value(connection)
    if name is None:
        raise Unknown
    return name


async def list_valid_keys(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The keys that sign today, the newest first; `public` is an object."""
    rows = await _VALID.rows(connection, now=now)
    return [{**row, "public": json.loads(row["public"])} for row in rows]


async def add_key(connection: Connection, values: Mapping[str, Any]) -> None:
    await _ADD_KEY.run(connection, **values)


async def end_key(connection: Connection, kid: str, until: datetime) -> None:
    await _END_KEY.run(connection, ended=kid, new_until=until)


async def list_service_keys(connection: Connection, now: datetime) -> list[dict[str, Any]]:
    """The keys that other services sign with today, by service, the newest first; `public` is an object."""
    rows = await _SERVICE_KEYS.rows(connection, now=now)
    return [{**row, "public": json.loads(row["public"])} for row in rows]


async def last_announced(connection: Connection, service: str) -> int:
    """The serial of the service's newest announcement that was kept; 0 when there is none."""
    return await _LAST_ANNOUNCED.value(connection, of_service=service) or 0


async def replace_service_keys(
    connection: Connection, service: str, keys: Sequence[Mapping[str, Any]], *, serial: int
) -> None:
    """Keep what a service announced of its keys, instead of what it announced before; withdrawn ones stay."""
    await _DROP_SERVICE_KEYS.run(connection, of_service=service)
    await _NUMBER_WITHDRAWN.run(connection, of_service=service, new_serial=serial)
    for key in keys:
        await _ADD_SERVICE_KEY.run(connection, service=service, serial=serial, **key)


async def withdraw_service_key(connection: Connection, kid: str, now: datetime) -> bool:
    """The key of another service counts no more; False when none that holds has this id."""
    return await _WITHDRAW_SERVICE_KEY.run(connection, withdrawn_kid=kid, now=now) > 0


async def list_withdrawn_of_services(connection: Connection) -> list[dict[str, str]]:
    """`service` and `kid` of the keys of other services that were withdrawn, the last first."""
    rows = await _LIST_WITHDRAWN_OF_SERVICES.rows(connection)
    return [{"service": row["service"], "kid": row["kid"]} for row in rows]


async def withdraw_key(connection: Connection, kid: str, now: datetime) -> None:
    """It signs nothing from now on, and what it has signed counts no more."""
    await _WITHDRAW_KEY.run(connection, withdrawn_kid=kid, now=now)


async def list_withdrawn(connection: Connection) -> list[str]:
    """The ids of the keys that were withdrawn, also those of other services, the last first."""
    return [row["kid"] for row in await _WITHDRAWN.rows(connection)]


async def add(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    row = await _ADD.find(connection, **values, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def change(connection: Connection, values: Mapping[str, Any], record: Mapping[str, Any]) -> Stored:
    """Say something else from now on; the identity is held."""
    new = {f"new_{name}": values[name] for name in CHANGEABLE}
    row = await _CHANGE.find(connection, expected=None, **new, **record)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def list_due(connection: Connection, now: datetime, *, limit: int) -> Sequence[str]:
    """Organisations whose statement is to be looked at; for the queue's transaction."""
    return [row["organisation_id"] for row in await _DUE.rows(connection, now=now, limit=limit)]


async def put_off(connection: Connection, until: datetime) -> None:
    """Nothing has changed: look at the statement again then."""
    await _PUT_OFF.run(connection, until=until)
