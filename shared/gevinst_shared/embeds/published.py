"""Published embeds: a chart or status page that needs no ticket on the pages of its origins, until it is
taken back."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, ColumnElement, MetaData, Table, Text, bindparam, delete
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_shared.db.columns import moment, record_key, revision, tenant_key
from gevinst_shared.db.documents import Stored, document
from gevinst_shared.db.documents import moment as written
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.listing import Listing
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.feed.outbox import Columns, Outbox, recorded, subject_of
from gevinst_shared.feed.records import Announcements, Records
from gevinst_shared.values.actor import Actor, Role
from gevinst_shared.values.ids import new_id


def embed_table(metadata: MetaData) -> Table:
    """What is shown to whom: `resource` is a path with its query, `origins` a list of texts."""
    return Table(
        "embed",
        metadata,
        tenant_key(),
        record_key(),
        Column("resource", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("origins", JSONB, nullable=False),
        Column("published_by", Text, nullable=False),
        moment("published_at"),
        revision(),
        CheckConstraint(
            "jsonb_typeof(origins) = 'array' AND jsonb_array_length(origins) > 0", name="origins"
        ),
    )


@dataclass(frozen=True, slots=True)
class EmbedPublished(Fact):
    """`resource` can be seen by everybody on pages of `origins`."""

    type: ClassVar[str]
    embed_id: UUID
    resource: str
    title: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EmbedRevoked(Fact):
    """It cannot be seen any more."""

    type: ClassVar[str]
    embed_id: UUID
    resource: str


@dataclass(frozen=True, slots=True)
class Publication:
    """A published embed, as its readers get it."""

    id: UUID
    organisation: str
    resource: str
    origins: tuple[str, ...]


def reader_of(organisation: str, embed: object) -> Actor:
    """Whoever looks at a published embed sees what a reader of the organisation sees, and no more."""
    return Actor(f"embed:{embed}", organisation, frozenset({Role.READER}))


class Publications:
    """The published embeds of one service; each tells of itself by the service's own two facts."""

    def __init__(
        self, outbox: Outbox, table: Table, *, published: type[EmbedPublished], revoked: type[EmbedRevoked]
    ) -> None:
        self._published, self._revoked = published, revoked
        self.records = Records(outbox, table, _embed_document, changeable=())
        self.listing = Listing(table, _embed_document, filters={}, sorts={"id": table.c.id})
        self._announcements = Announcements(outbox)
        self._drop = Query(
            delete(table).where(table.c.id == bindparam("id"), table.c.revision == bindparam("expected"))
        )

    async def publish(
        self, work: Work, *, resource: str, title: str, origins: Sequence[str]
    ) -> tuple[UUID, Stored]:
        """Write down what is published; whether it may be is decided before."""
        embed_id = new_id()
        values = {
            "id": embed_id,
            "resource": resource,
            "title": title,
            "origins": RawJson(json.dumps(list(origins))),
            "published_by": work.actor.subject,
            "published_at": work.now,
        }
        fact = self._published(embed_id, resource, title, tuple(origins))
        record = recorded(work, fact, subject=subject_of("embeds", embed_id))
        return embed_id, await self.records.add(work.connection, values, record)

    async def revoke(self, work: Work, embed_id: UUID, *, expected: int) -> bool:
        """Take it back; False when it is not at revision `expected` any more, `Unknown` when it is gone."""
        row = await self.records.row(work.connection, embed_id)
        if not await self._drop.run(work.connection, id=embed_id, expected=expected):
            return False
        fact = self._revoked(embed_id, row["resource"])
        record = recorded(work, fact, subject=subject_of("embeds", embed_id))
        before = {"resource": row["resource"], "title": row["title"]}
        await self._announcements.announce(work.connection, [{**record, "before": before, "after": {}}])
        return True

    async def get(self, connection: Connection, embed_id: UUID) -> Publication:
        """For its readers, or `Unknown`."""
        row = await self.records.row(connection, embed_id)
        return Publication(
            row["id"], row["organisation_id"], row["resource"], tuple(json.loads(row["origins"]))
        )


def _embed_document(c: Columns) -> ColumnElement[Any]:
    """`EmbedOut` without its addresses, which depend on where the installation is."""
    return document(
        id=c.id,
        organisation=c.organisation_id,
        resource=c.resource,
        title=c.title,
        origins=c.origins,
        published_by=c.published_by,
        published_at=written(c.published_at),
        revision=c.revision,
    )
