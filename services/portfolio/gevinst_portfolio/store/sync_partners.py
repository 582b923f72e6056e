"""Partners in the database, and how our last looks at their statements went."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, insert, select, tuple_, update

from gevinst_portfolio.tables.shared import outbox
from gevinst_portfolio.tables.sync import sync, sync_contact
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.sync.partners import Partners
from gevinst_shared.values.refusal import Unknown

partner = sync.partner


def _contact(c: Columns, found: ColumnElement[Any]) -> ColumnElement[Any]:
    of_it = (sync_contact.c.organisation_id == c.organisation_id, sync_contact.c.partner_id == c.id)
    return select(found).where(*of_it).scalar_subquery()


def partner_document(c: Columns) -> ColumnElement[Any]:
    """`SyncPartnerOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        owner=c.owner,
        name=c.name,
        state=c.state,
        address=c.address,
        contact=c.contact,
        kid=_contact(c, sync_contact.c.kid),
        thumbprint=_contact(c, sync_contact.c.thumbprint),
        stated_at=moment(c.stated_at),
        confirmed_by=c.confirmed_by,
        confirmed_at=moment(c.confirmed_at),
        grants_number=c.grants_number,
        fault=_contact(c, sync_contact.c.fault),
        tried_at=_contact(c, moment(sync_contact.c.tried_at)),
        contact_at=_contact(c, moment(sync_contact.c.contact_at)),
        fetch_at=_contact(c, moment(sync_contact.c.fetch_at)),
        revision=c.revision,
        created_at=moment(c.created_at),
    )


CHANGEABLE = (
    "name",
    "state",
    "contact",
    "serial",
    "keys",
    "withdrawn",
    "feeds",
    "token",
    "stated_at",
    "confirmed_by",
    "confirmed_at",
)
PARTNERS = Records(outbox, partner, partner_document, changeable=CHANGEABLE)
LISTING = Listing(
    partner,
    partner_document,
    filters={"state": partner.c.state, "owner": partner.c.owner},
    sorts={"id": partner.c.id, "name": partner.c.name},
)
# Not the strongest lock: feeds write rows that refer to the partner, and whoever stops it waits for them.
_HELD = Query(
    select(partner)
    .where(partner.c.id == bindparam("id", type_=partner.c.id.type))
    .with_for_update(key_share=True)
)
_OF_OWNER = Query(
    select(partner).where(
        partner.c.owner == bindparam("owner", type_=partner.c.owner.type),
        partner.c.state == bindparam("of_state", type_=partner.c.state.type),
    )
)
_COUNT = Query(select(func.count()).select_from(partner).where(partner.c.state != "stopped"))
_KIT = Partners(sync)
forget = _KIT.forget
_ADD_CONTACT = Query(
    insert(sync_contact).values(
        {
            name: bindparam(name, type_=sync_contact.c[name].type)
            for name in ("organisation_id", "partner_id", "fetch_at")
        }
    )
)
_OF = sync_contact.c.partner_id == bindparam("of_partner", type_=sync_contact.c.partner_id.type)
_CONTACT = Query(select(sync_contact).where(_OF).with_for_update())
_FETCH_AT = Query(
    update(sync_contact)
    .where(_OF)
    .values(
        fetch_at=bindparam("new_fetch_at", type_=sync_contact.c.fetch_at.type),
        # Whoever fetches at the moment has asked too early.
        attempt=sync_contact.c.attempt + 1,
    )
)
_LOOKED = (
    "kid",
    "thumbprint",
    "statement_hash",
    "expected_kid",
    "fault",
    "failures",
    "tried_at",
    "contact_at",
    "fetch_at",
)
_NOTE = Query(
    update(sync_contact)
    .where(_OF)
    .values({name: bindparam(f"new_{name}", type_=sync_contact.c[name].type) for name in _LOOKED})
)
_NOW = bindparam("now", type_=sync_contact.c.fetch_at.type)
_due = (
    select(sync_contact.c.organisation_id, sync_contact.c.partner_id)
    .where(sync_contact.c.fetch_at <= _NOW)
    .order_by(sync_contact.c.fetch_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = Query(
    update(sync_contact)
    .where(tuple_(sync_contact.c.organisation_id, sync_contact.c.partner_id).in_(_due))
    .values(
        attempt=sync_contact.c.attempt + 1,
        fetch_at=bindparam("until", type_=sync_contact.c.fetch_at.type),
    )
    .returning(sync_contact.c.organisation_id, sync_contact.c.partner_id, sync_contact.c.attempt)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A partner whose statement is to be fetched now, and by whom."""

    organisation: str
    partner_id: UUID
    attempt: int


async def count(connection: Connection) -> int:
    """How many partners there are that were not stopped."""
    found: int = await _COUNT.value(connection)
    return found


async def get_row(connection: Connection, partner_id: UUID) -> dict[str, Any]:
    """The partner by column, `keys`, `feeds` and `token` as objects; or `Unknown`."""
    return _read(await PARTNERS.row(connection, partner_id))


async def hold(connection: Connection, partner_id: UUID) -> dict[str, Any]:
    """As `get_row`, held until the transaction ends."""
    row = await _HELD.find(connection, id=partner_id)
    if row is None:
        raise Unknown
    return _read(dict(row))


async def find_of(connection: Connection, owner: str, state: str) -> dict[str, Any] | None:
    """As `get_row`, the partner that the body is while it is in the state; None where there is none."""
    row = await _OF_OWNER.find(connection, owner=owner, of_state=state)
    return None if row is None else _read(dict(row))


def _read(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, **{name: json.loads(row[name]) for name in ("keys", "feeds", "token")}}


async def add_contact(
    connection: Connection, organisation: str, partner_id: UUID, fetch_at: datetime
) -> None:
    """Have the partner's statement fetched."""
    values = {"organisation_id": organisation, "partner_id": partner_id, "fetch_at": fetch_at}
    await _ADD_CONTACT.run(connection, **values)


async def hold_contact(connection: Connection, partner_id: UUID) -> dict[str, Any]:
    """How the last looks went, held until the transaction ends; the partner is held before it."""
    row = await _CONTACT.find(connection, of_partner=partner_id)
    assert row is not None
    return dict(row)


async def fetch_at(connection: Connection, partner_id: UUID, moment: datetime | None) -> None:
    """Have the statement fetched then, or never again; a fetch under way is not kept."""
    await _FETCH_AT.run(connection, of_partner=partner_id, new_fetch_at=moment)


async def note_contact(connection: Connection, contact: Mapping[str, Any]) -> None:
    """Keep how a look went."""
    new = {f"new_{name}": contact[name] for name in _LOOKED}
    await _NOTE.run(connection, of_partner=contact["partner_id"], **new)


async def claim(connection: Connection, now: datetime, *, until: datetime, limit: int) -> list[Claim]:
    """Take what is due, of all organisations, for the time until `until`; for the queue's transaction."""
    rows = await _CLAIM.rows(connection, now=now, until=until, limit=limit)
    return [Claim(row["organisation_id"], row["partner_id"], row["attempt"]) for row in rows]
