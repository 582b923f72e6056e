"""Playbooks and their editions in the database (X3)."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, cast, func, insert, select
from sqlalchemy.dialects.postgresql import JSON

from gevinst_portfolio.domain.playbooks import Playbook, playbook_of
from gevinst_portfolio.tables.playbooks import playbook, playbook_adoption, playbook_edition
from gevinst_portfolio.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.feed.records import Records
from gevinst_shared.values.refusal import Unknown

Json = dict[str, Any]


def playbook_document(c: Columns) -> ColumnElement[Any]:
    """`PlaybookOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        publisher=c.publisher,
        published_as=c.published_as,
        project_id=c.project_id,
        programme_id=c.programme_id,
        name=c.name,
        purpose=c.purpose,
        general_case=c.general_case,
        edition=func.nullif(c.edition, 0),
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
        changed_at=moment(c.changed_at),
        withdrawn_at=moment(c.withdrawn_at),
        withdrawal_reason=c.withdrawal_reason,
        unshared_at=moment(c.unshared_at),
    )


def draft_document(c: Columns) -> ColumnElement[Any]:
    """`PlaybookDraftOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        name=c.name,
        purpose=c.purpose,
        general_case=c.general_case,
        activities=c.draft["activities"],
        decisions=c.draft["decisions"],
        revision=c.revision,
    )


def edition_document(c: Columns) -> ColumnElement[Any]:
    """`PlaybookEditionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        playbook_id=c.playbook_id,
        number=c.number,
        sha256=c.sha256,
        note=c.note,
        published_by=c.published_by,
        published_at=moment(c.published_at),
    )


RECORDS = Records(
    outbox,
    playbook,
    playbook_document,
    changeable=("name", "purpose", "general_case", "draft", "changed_at"),
)
EDITIONS_SET = Records(
    outbox,
    playbook,
    playbook_document,
    changeable=("edition", "sha256", "withdrawn_at", "withdrawal_reason", "changed_at"),
)
ARRIVALS = Records(
    outbox,
    playbook,
    playbook_document,
    changeable=(
        "partner_id",
        "name",
        "purpose",
        "general_case",
        "edition",
        "sha256",
        "withdrawn_at",
        "withdrawal_reason",
        "unshared_at",
        "changed_at",
    ),
)
LISTING = Listing(
    playbook,
    playbook_document,
    filters={
        "publisher": playbook.c.publisher,
        "published_as": playbook.c.published_as,
        "project": playbook.c.project_id,
        "programme": playbook.c.programme_id,
    },
    sorts={"name": playbook.c.name, "id": playbook.c.id},
)
EDITIONS = Listing(
    playbook_edition,
    edition_document,
    filters={"playbook": playbook_edition.c.playbook_id},
    sorts={"number": playbook_edition.c.number},
)
_PUBLISHED = Query(
    select(playbook)
    .where(
        playbook.c.publisher == bindparam("publisher", type_=Text),
        playbook.c.published_as == bindparam("published_as", type_=Uuid),
    )
    .with_for_update()
)
_DRAFT = Query(
    select(draft_document(playbook.c).label("document"), playbook.c.revision).where(
        playbook.c.id == bindparam("id"), playbook.c.draft.is_not(None)
    )
)
_NAMED = (
    playbook_edition.c.playbook_id == bindparam("playbook_id"),
    playbook_edition.c.number == bindparam("number"),
)
_is_todays = playbook_edition.c.sha256 == (
    select(playbook.c.sha256).where(playbook.c.id == playbook_edition.c.playbook_id).scalar_subquery()
)
# A publisher that was restored may have said a number again: the one that holds today, or the last of them.
_LAST = (_is_todays.desc(), playbook_edition.c.published_at.desc(), playbook_edition.c.id.desc())
_EDITION = Query(select(cast(playbook_edition.c.document, JSON)).where(*_NAMED).order_by(*_LAST).limit(1))
_HASH = Query(select(playbook_edition.c.sha256).where(*_NAMED).order_by(*_LAST).limit(1))
_NOTE = Query(select(playbook_edition.c.note).where(*_NAMED).order_by(*_LAST).limit(1))
_KNOWS = Query(
    select(playbook_edition.c.id).where(*_NAMED, playbook_edition.c.sha256 == bindparam("sha256", type_=Text))
)
_ADD_EDITION = Query(
    insert(playbook_edition).values(
        {column.name: bindparam(column.name) for column in playbook_edition.columns}
    )
)
_FOLLOWERS = Query(
    select(playbook_adoption.c.project_id)
    .where(playbook_adoption.c.playbook_id == bindparam("playbook_id"))
    .order_by(playbook_adoption.c.project_id)
)


async def find_published(connection: Connection, publisher: str, published_as: UUID) -> Json | None:
    """The row of what the body publishes under its id; held until the transaction ends."""
    found = await _PUBLISHED.find(connection, publisher=publisher, published_as=published_as)
    return None if found is None else dict(found)


async def get_draft(connection: Connection, playbook_id: UUID) -> Stored:
    """The JSON of what the next edition will say, or `Unknown`: another body's has none."""
    row = await _DRAFT.find(connection, id=playbook_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def get_edition_document(connection: Connection, playbook_id: UUID, number: int) -> str:
    """The JSON that was published as this edition, or `Unknown`."""
    found: str | None = await _EDITION.value(connection, playbook_id=playbook_id, number=number)
    if found is None:
        raise Unknown
    return found


async def get_edition(connection: Connection, playbook_id: UUID, number: int) -> Playbook:
    """What the edition says, or `Unknown`."""
    return playbook_of(json.loads(await get_edition_document(connection, playbook_id, number)))


async def hash_of(connection: Connection, playbook_id: UUID, number: int) -> str:
    """The hash of an edition that is here."""
    found: str = await _HASH.value(connection, playbook_id=playbook_id, number=number)
    return found


async def find_note(connection: Connection, playbook_id: UUID, number: int) -> str | None:
    """What the edition says of what is new in it."""
    found: str | None = await _NOTE.value(connection, playbook_id=playbook_id, number=number)
    return found


async def add_edition(connection: Connection, values: Mapping[str, Any]) -> None:
    """Keep an edition, unless the very same is here."""
    names = ("playbook_id", "number", "sha256")
    if await _KNOWS.value(connection, **{name: values[name] for name in names}) is None:
        await _ADD_EDITION.run(connection, **values)


async def followers(connection: Connection, playbook_id: UUID) -> tuple[UUID, ...]:
    """The projects here that took it over."""
    rows = await _FOLLOWERS.rows(connection, playbook_id=playbook_id)
    return tuple(row["project_id"] for row in rows)


def drafted(row: Mapping[str, Any]) -> Playbook:
    """What the next edition would say, from the playbook's row."""
    return playbook_of({**row, **json.loads(row["draft"])})
