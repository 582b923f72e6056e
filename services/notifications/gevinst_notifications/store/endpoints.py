"""Endpoints and their keys: the register, and what a sender needs of one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    literal_column,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.domain.deliveries import Channel
from gevinst_notifications.domain.endpoints import Endpoint, EndpointState, Subscription
from gevinst_notifications.domain.rules import NoticeKind
from gevinst_notifications.domain.signatures import MOST_SIGNATURES
from gevinst_notifications.tables.endpoints import endpoint, endpoint_key
from gevinst_notifications.tables.register import organisation, project
from gevinst_notifications.tables.shared import outbox
from gevinst_shared.db.documents import document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.actor import ScopeKind
from gevinst_shared.values.refusal import Unknown


@dataclass(frozen=True, slots=True)
class Target:
    """An endpoint as a sender needs it. `secrets` are of the keys that sign at the moment, newest first.

    `language` is the organisation's own where the endpoint has none.
    """

    id: UUID
    name: str
    channel: Channel
    host: str
    state: EndpointState
    language: str | None
    sealed_address: bytes
    failing_since: datetime | None
    secrets: tuple[tuple[UUID, bytes], ...]
    organisation_name: str


def endpoint_document(c: Columns) -> ColumnElement[Any]:
    """`EndpointOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        channel=c.channel,
        name=c.name,
        host=c.host,
        event_types=func.to_json(c.event_types),
        kinds=func.to_json(c.kinds),
        scope=c.scope,
        scope_id=c.scope_id,
        language=c.language,
        state=c.state,
        disabled_because=c.disabled_because,
        disabled_at=moment(c.disabled_at),
        failing_since=moment(c.failing_since),
        created_at=moment(c.created_at),
        revision=c.revision,
    )


def key_document(c: Columns) -> ColumnElement[Any]:
    """`EndpointKeyOut`, as PostgreSQL writes it: without the secret."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        endpoint_id=c.endpoint_id,
        created_at=moment(c.created_at),
        ends_at=moment(c.ends_at),
        revision=c.revision,
    )


ENDPOINTS = Records(
    outbox,
    endpoint,
    endpoint_document,
    changeable=(
        "name",
        "host",
        "sealed_address",
        "event_types",
        "kinds",
        "scope",
        "scope_id",
        "language",
        "state",
        "disabled_because",
        "disabled_at",
        "failing_since",
    ),
)
KEYS = Records(outbox, endpoint_key, key_document, changeable=())
LISTING = Listing(
    endpoint,
    endpoint_document,
    filters={"channel": endpoint.c.channel, "state": endpoint.c.state},
    sorts={"id": endpoint.c.id, "name": endpoint.c.name},
)

_ACTIVE = Query(
    select(endpoint).where(endpoint.c.state == literal_column("'active'")).order_by(endpoint.c.id)
)
_COUNT = Query(select(func.count()).select_from(endpoint))
_TARGET = Query(
    select(
        endpoint,
        func.coalesce(endpoint.c.language, organisation.c.language).label("told_in"),
        func.coalesce(organisation.c.name, endpoint.c.organisation_id).label("organisation_name"),
    )
    .outerjoin(organisation, organisation.c.organisation_id == endpoint.c.organisation_id)
    .where(endpoint.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
)
_newest_signing = (
    select(endpoint_key.c.id, endpoint_key.c.sealed_secret)
    .where(
        endpoint_key.c.endpoint_id == endpoint.c.id,
        or_(endpoint_key.c.ends_at.is_(None), endpoint_key.c.ends_at > bindparam("now")),
    )
    .order_by(endpoint_key.c.id.desc())
    .limit(literal_column(str(MOST_SIGNATURES)))
    .lateral("signing")
)
_SIGNING = Query(
    select(endpoint.c.id.label("endpoint_id"), _newest_signing)
    .join(_newest_signing, true())
    .where(endpoint.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(_newest_signing.c.id.desc())
)
_NEWEST_KEYS = (
    select(endpoint_key)
    .where(endpoint_key.c.endpoint_id == bindparam("id"))
    .order_by(endpoint_key.c.id.desc())
    .limit(100)
    .subquery()
)
_KEYS = Query(select(documents(key_document(_NEWEST_KEYS.c), _NEWEST_KEYS.c.id.desc())))
_END_KEYS = Query(
    update(endpoint_key)
    .values(ends_at=bindparam("until"), revision=endpoint_key.c.revision + 1)
    .where(
        endpoint_key.c.endpoint_id == bindparam("endpoint", type_=Uuid),
        or_(endpoint_key.c.ends_at.is_(None), endpoint_key.c.ends_at > bindparam("until")),
    )
)
_SECRET = Query(
    select(endpoint_key.c.sealed_secret).where(
        endpoint_key.c.id == bindparam("key"), endpoint_key.c.endpoint_id == bindparam("id")
    )
)
_DROP_KEYS = Query(delete(endpoint_key).where(endpoint_key.c.endpoint_id == bindparam("id")))
_DROP = Query(
    delete(endpoint).where(endpoint.c.id == bindparam("id"), endpoint.c.revision == bindparam("expected"))
)
_FAILS = Query(
    update(endpoint)
    .values(failing_since=bindparam("now"))
    .where(endpoint.c.id == bindparam("endpoint", type_=Uuid), endpoint.c.failing_since.is_(None))
)
_WORKS = Query(
    update(endpoint)
    .values(failing_since=None)
    .where(endpoint.c.id == bindparam("endpoint", type_=Uuid), endpoint.c.failing_since.is_not(None))
)
_IN_PROGRAMME = Query(
    select(func.count()).select_from(project).where(project.c.programme_id == bindparam("id"))
)


async def list_active(connection: Connection) -> list[Endpoint]:
    """The organisation's endpoints that hear of things at the moment."""
    return [_endpoint(row) for row in await _ACTIVE.rows(connection)]


async def count(connection: Connection) -> int:
    return int(await _COUNT.value(connection))


async def find_targets(
    connection: Connection, endpoint_ids: Iterable[UUID], *, now: datetime
) -> Mapping[UUID, Target]:
    """Those of the endpoints that are there, with the keys that sign at `now`."""
    ids = list(endpoint_ids)
    keys: dict[UUID, list[tuple[UUID, bytes]]] = defaultdict(list)
    for key in await _SIGNING.rows(connection, ids=ids, now=now):
        keys[key["endpoint_id"]].append((key["id"], key["sealed_secret"]))
    return {row["id"]: _target(row, keys[row["id"]]) for row in await _TARGET.rows(connection, ids=ids)}


def _target(row: asyncpg.Record, keys: Sequence[tuple[UUID, bytes]]) -> Target:
    return Target(
        id=row["id"],
        name=row["name"],
        channel=Channel(row["channel"]),
        host=row["host"],
        state=EndpointState(row["state"]),
        language=row["told_in"],
        sealed_address=row["sealed_address"],
        failing_since=row["failing_since"],
        secrets=tuple(keys),
        organisation_name=row["organisation_name"],
    )


async def list_keys(connection: Connection, endpoint_id: UUID) -> str:
    """A JSON array of the endpoint's last hundred keys, newest first."""
    return str(await _KEYS.value(connection, id=endpoint_id))


async def end_keys(connection: Connection, endpoint_id: UUID, *, until: datetime) -> None:
    """Let no key of the endpoint sign later than `until`."""
    await _END_KEYS.run(connection, endpoint=endpoint_id, until=until)


async def get_sealed_secret(connection: Connection, endpoint_id: UUID, key_id: UUID) -> bytes:
    """The key's secret, sealed, or `Unknown`."""
    found: bytes | None = await _SECRET.value(connection, id=endpoint_id, key=key_id)
    if found is None:
        raise Unknown
    return found


async def drop(connection: Connection, endpoint_id: UUID, *, expected: int) -> bool:
    """Delete the endpoint and its keys; False when it is not at revision `expected` any more."""
    await _DROP_KEYS.run(connection, id=endpoint_id)
    return bool(await _DROP.run(connection, id=endpoint_id, expected=expected))


async def note_success(connection: Connection, endpoint_id: UUID) -> None:
    """It works (again)."""
    await _WORKS.run(connection, endpoint=endpoint_id)


async def note_failure(connection: Connection, endpoint_id: UUID, *, now: datetime) -> None:
    """It fails; since when stays as it was first noted."""
    await _FAILS.run(connection, endpoint=endpoint_id, now=now)


def _endpoint(row: asyncpg.Record) -> Endpoint:
    known = {str(kind) for kind in NoticeKind}
    return Endpoint(
        row["id"],
        Channel(row["channel"]),
        row["host"],
        Subscription(
            tuple(row["event_types"]),
            tuple(NoticeKind(kind) for kind in row["kinds"] if kind in known),
            ScopeKind(row["scope"]),
            row["scope_id"],
            row["language"],
        ),
    )
