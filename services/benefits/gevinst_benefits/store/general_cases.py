"""General cases and their editions in the database."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, insert, select

from gevinst_benefits.domain.case.general_cases import GeneralCase, general_case_from
from gevinst_benefits.tables.business_cases import business_case
from gevinst_benefits.tables.general_cases import general_case, general_case_edition
from gevinst_benefits.tables.shared import outbox
from gevinst_shared.db.documents import Stored, document, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query
from gevinst_shared.feed.outbox import Columns
from gevinst_shared.values.refusal import Unknown

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Registered:
    """What the register says of a general case; `edition` is its newest.

    `withdrawal` is why nobody takes it over any more, if so; `withdrawal_code`, where nobody here did that.
    """

    id: UUID
    publisher: str
    project_id: UUID | None
    name: str
    edition: int
    withdrawal: str | None
    withdrawal_code: str | None

    @property
    def is_withdrawn(self) -> bool:
        return (self.withdrawal, self.withdrawal_code) != (None, None)


def general_case_document(c: Columns) -> ColumnElement[Any]:
    """`GeneralCaseOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        publisher=c.publisher,
        published_as=c.published_as,
        project_id=c.project_id,
        name=c.name,
        summary=c.summary,
        edition=c.edition,
        created_by=c.created_by,
        revision=c.revision,
        created_at=moment(c.created_at),
        changed_at=moment(c.changed_at),
        withdrawn_at=moment(c.withdrawn_at),
        withdrawal_reason=c.withdrawal_reason,
        withdrawal_code=c.withdrawal_code,
    )


def edition_document(c: Columns) -> ColumnElement[Any]:
    """`EditionOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        general_case_id=c.general_case_id,
        number=c.number,
        business_case_id=c.business_case_id,
        sha256=c.sha256,
        note=c.note,
        published_by=c.published_by,
        published_at=moment(c.published_at),
    )


LISTING = Listing(
    general_case,
    general_case_document,
    filters={"publisher": general_case.c.publisher, "published_as": general_case.c.published_as},
    sorts={"name": general_case.c.name, "id": general_case.c.id},
)
EDITIONS = Listing(
    general_case_edition,
    edition_document,
    filters={"general_case": general_case_edition.c.general_case_id},
    sorts={"number": general_case_edition.c.number},
)
_GET = Query(
    select(general_case_document(general_case.c).label("document"), general_case.c.revision).where(
        general_case.c.id == bindparam("id")
    )
)
_ROW = Query(select(general_case).where(general_case.c.id == bindparam("id")).with_for_update())
_PUBLISHED = Query(
    select(general_case)
    .where(
        general_case.c.publisher == bindparam("publisher", type_=Text),
        general_case.c.published_as == bindparam("published_as", type_=Uuid),
    )
    .with_for_update()
)
_WITHDRAWAL = Query(
    select(general_case.c.withdrawal_reason, general_case.c.withdrawal_code).where(
        general_case.c.id == bindparam("id")
    )
)
_OF_PROJECT = Query(
    select(general_case).where(general_case.c.project_id == bindparam("project_id")).with_for_update()
)
_EDITION = Query(
    select(general_case_edition.c.document).where(
        general_case_edition.c.general_case_id == bindparam("general_case_id"),
        general_case_edition.c.number == bindparam("number"),
    )
)
_NEWEST = Query(
    select(general_case_edition.c.document)
    .where(general_case_edition.c.general_case_id == bindparam("general_case_id"))
    .order_by(general_case_edition.c.number.desc())
    .limit(1)
)
_FOLLOWERS = Query(
    select(business_case.c.project_id)
    .where(business_case.c.general_case_id == bindparam("general_case_id"))
    .group_by(business_case.c.project_id)
    .order_by(business_case.c.project_id)
)
_ADD_EDITION = Query(
    insert(general_case_edition).values(
        {column.name: bindparam(column.name) for column in general_case_edition.columns}
    )
)
_ADD = outbox.insert(general_case, general_case_document)
_WITHDRAWN = ("changed_at", "withdrawn_at", "withdrawal_reason", "withdrawal_code")
_CHANGEABLE = ("name", "summary", "edition", *_WITHDRAWN)
_CHANGE = outbox.update(general_case, general_case_document, columns=_CHANGEABLE)
_WITHDRAW = outbox.update(general_case, general_case_document, columns=_WITHDRAWN)


async def get_document(connection: Connection, general_case_id: UUID) -> Stored:
    """The register's JSON of the general case, or `Unknown`."""
    row = await _GET.find(connection, id=general_case_id)
    if row is None:
        raise Unknown
    return Stored(row["document"], row["revision"])


async def find_registered(connection: Connection, general_case_id: UUID) -> Registered | None:
    """What the register says of it; held until the transaction ends."""
    return _registered(await _ROW.find(connection, id=general_case_id))


async def find_published(connection: Connection, publisher: str, published_as: UUID) -> Registered | None:
    """What the register says of what the body publishes under its id; held until the transaction ends."""
    return _registered(await _PUBLISHED.find(connection, publisher=publisher, published_as=published_as))


async def find_withdrawal(connection: Connection, general_case_id: UUID) -> dict[str, str]:
    """Why it is not to be taken over any more, if so: `withdrawal_reason` or `withdrawal_code`."""
    row = await _WITHDRAWAL.find(connection, id=general_case_id)
    return {} if row is None else {name: value for name, value in row.items() if value is not None}


async def find_of_project(connection: Connection, project_id: UUID) -> Registered | None:
    """The general case that the project publishes; held until the transaction ends."""
    return _registered(await _OF_PROJECT.find(connection, project_id=project_id))


async def get_edition_document(connection: Connection, general_case_id: UUID, number: int | None) -> str:
    """The JSON that was published as an edition, the newest when none is named, or `Unknown`."""
    if number is None:
        found = await _NEWEST.value(connection, general_case_id=general_case_id)
    else:
        found = await _EDITION.value(connection, general_case_id=general_case_id, number=number)
    if found is None:
        raise Unknown
    return str(found)


async def get_edition(
    connection: Connection, general_case_id: UUID, number: int | None = None
) -> GeneralCase:
    """An edition, the newest when none is named, or `Unknown`."""
    document = json.loads(await get_edition_document(connection, general_case_id, number))
    return general_case_from(document, general_case_id)


async def followers(connection: Connection, general_case_id: UUID) -> tuple[UUID, ...]:
    """The projects that took the general case over, in any version of theirs."""
    rows = await _FOLLOWERS.rows(connection, general_case_id=general_case_id)
    return tuple(row["project_id"] for row in rows)


async def add_general_case(
    connection: Connection, values: Mapping[str, Any], edition: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert the general case and its first edition here, with event and audit row."""
    row = await _ADD.find(connection, **values, **record)
    await _ADD_EDITION.run(connection, organisation_id=record["organisation_id"], **edition)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def add_edition(
    connection: Connection, values: Mapping[str, Any], edition: Mapping[str, Any], record: Mapping[str, Any]
) -> Stored:
    """Insert an edition and bring the register up to it."""
    new = {f"new_{name}": values[name] for name in _CHANGEABLE}
    row = await _CHANGE.find(connection, id=values["id"], expected=None, **new, **record)
    await _ADD_EDITION.run(connection, organisation_id=record["organisation_id"], **edition)
    assert row is not None
    return Stored(row["document"], row["revision"])


async def withdraw(
    connection: Connection,
    general_case_id: UUID,
    said: Mapping[str, str | None],
    record: Mapping[str, Any],
    *,
    at: datetime,
    expected: int | None = None,
) -> Stored | None:
    """Let nobody take it over any more; None when somebody changed it meanwhile.

    `said` is its `reason` or its `code`; neither puts the case back.
    """
    reason, code = said.get("reason"), said.get("code")
    row = await _WITHDRAW.find(
        connection,
        id=general_case_id,
        expected=expected,
        new_changed_at=at,
        new_withdrawn_at=None if reason is None and code is None else at,
        new_withdrawal_reason=reason,
        new_withdrawal_code=code,
        **record,
    )
    return None if row is None else Stored(row["document"], row["revision"])


def _registered(row: Any) -> Registered | None:  # noqa: ANN401 - a record of asyncpg
    if row is None:
        return None
    names = ("id", "publisher", "project_id", "name", "edition")
    withdrawal = {"withdrawal": row["withdrawal_reason"], "withdrawal_code": row["withdrawal_code"]}
    return Registered(**{name: row[name] for name in names}, **withdrawal)
