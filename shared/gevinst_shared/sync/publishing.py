"""What is pending becomes revisions: of the state there is now, under the grants there are now.

What did not change for the partner is no revision. A few statements for each batch, however many records.
"""

import json
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    delete,
    insert,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.dialects.postgresql import insert as upsert

from gevinst_shared.db.arrays import arrays_of, each_of, given_rows
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.db.taking import among_first
from gevinst_shared.sync.kinds import SharedKind, has_sound_documents
from gevinst_shared.sync.projection import (
    TOMBSTONE,
    TOO_LARGE,
    Granted,
    SharedRecord,
    by_root,
    hash_of,
    projected,
    references,
    shared_fields,
    written,
)
from gevinst_shared.sync.revisions import LONGEST_REVISION, length_on_the_wire
from gevinst_shared.sync.sealing import Seals
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.organisation import day_there

RECORDS_AT_ONCE = 1000
# So many times that many, and the rest when the reader asks again: it waits for a page with a time limit.
BATCHES_AT_ONCE = 5
_Key: TypeAlias = tuple[str, UUID]
_Shared: TypeAlias = tuple[SharedKind, SharedRecord, frozenset[str]]
_PARTNER = bindparam("partner_id", type_=Uuid)
_NEW = ("kind", "record_id", "number", "body", "hash")


@dataclass(frozen=True, slots=True)
class Reader:
    """The partner that is published for; `seals` are the keys between it and us."""

    organisation: str
    partner_id: UUID
    seals: Seals
    now: datetime


@dataclass(frozen=True, slots=True)
class Published:
    """The feed's last number, and whether nothing is pending any more."""

    number: int
    is_all: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """What the partner is to have of a record; None: nothing, also where it `is_too_large`."""

    kind: str
    id: UUID
    body: str | None
    is_too_large: bool = False

    @property
    def hash(self) -> str:
        if self.body is None:
            return TOO_LARGE if self.is_too_large else TOMBSTONE
        return hash_of(self.body)


@dataclass(frozen=True, slots=True)
class Preview:
    """Kind, id and body of each record that would leave, and how many cannot because they are too large."""

    records: tuple[tuple[str, UUID, str], ...]
    too_large: int


class Publishing:
    """Makes the revisions of one service."""

    def __init__(self, tables: SyncTables, kinds: Sequence[SharedKind]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._served = [kind for kind in kinds if kind.is_served]
        grant, pending, revision = tables.grant, tables.pending, tables.revision
        self._take = Query(
            delete(pending)
            .where(
                pending.c.partner_id == _PARTNER,
                among_first(RECORDS_AT_ONCE, pending, partner_id=_PARTNER),
            )
            .returning(pending.c.kind, pending.c.record_id)
        )
        self._grants = Query(
            select(grant.c.record_id, grant.c.fields).where(
                grant.c.partner_id == _PARTNER,
                grant.c.ended_at.is_(None),
                grant.c.until >= bindparam("today", type_=Date),
            )
        )
        ids: Any = bindparam("ids", type_=ARRAY(Uuid))
        self._before = Query(
            select(revision.c.kind, revision.c.record_id, revision.c.hash).where(
                revision.c.partner_id == _PARTNER, revision.c.record_id == any_(ids)
            )
        )
        self._write = Query(_written(tables))
        # A kind and a kind that it refers to; what refers to records of the latter is noted.
        self._note = [
            (shared.refers_to, _referring(tables, kind, shared.value))
            for kind in self._served
            for shared in kind.fields.values()
            if shared.refers_to is not None
        ]

    async def publish(self, connection: Connection, reader: Reader, number: int) -> Published:
        """Publish what is pending for the reader, or the oldest part of it; the caller holds its feed.

        `number` is the last one so far. The numbers given are the next ones, without a gap.
        """
        for _ in range(BATCHES_AT_ONCE):
            taken = await self._take.rows(connection, partner_id=reader.partner_id)
            if not taken:
                return Published(number, is_all=True)
            # After what was pending: a grant that changed later has marked its records once more.
            grants = by_root(await self.granted(connection, reader))
            wanted: defaultdict[str, set[UUID]] = defaultdict(set)
            for row in taken:
                wanted[row["kind"]].add(row["record_id"])
            found, gone = await self._found(connection, wanted, grants)
            known = await self._told(connection, reader, found, await self._known(connection, found, grants))
            drafts = _drafts(reader, found, gone, known)
            before = await self._hashes(connection, reader, [(one.kind, one.id) for one in drafts])
            changed = [one for one in drafts if _is_news(one, before)]
            await self._append(connection, reader, changed, number)
            turned = [one for one in changed if _turned(one, before)]
            await self._note_referring(connection, reader, turned, number)
            number += len(changed)
        return Published(number, is_all=False)

    async def preview(self, connection: Connection, reader: Reader, grants: Iterable[Granted]) -> Preview:
        """All that the reader would get under these grants; nothing is published."""
        rooted = by_root(grants)
        wanted = {
            kind.name: {row["id"] for row in await kind.within.rows(connection, roots=list(rooted))}
            for kind in self._served
        }
        records, gone = await self._found(connection, wanted, rooted)
        known = await self._known(connection, records, rooted)
        drafts = _drafts(reader, records, gone, known)
        return Preview(
            tuple((one.kind, one.id, one.body) for one in drafts if one.body is not None),
            sum(one.is_too_large for one in drafts),
        )

    async def granted(self, connection: Connection, reader: Reader) -> list[Granted]:
        """What the reader is granted today."""
        today = day_there(reader.organisation, reader.now)
        rows = await self._grants.rows(connection, partner_id=reader.partner_id, today=today)
        return [
            Granted(
                row["record_id"],
                {kind: frozenset(names) for kind, names in json.loads(row["fields"]).items()},
            )
            for row in rows
        ]

    async def _found(
        self, connection: Connection, wanted: dict[str, set[UUID]], grants: dict[UUID, list[Granted]]
    ) -> tuple[list[_Shared], set[_Key]]:
        """What of the wanted the partner may have, with its fields, and what it may not."""
        found: list[_Shared] = []
        gone = {(kind.name, each) for kind in self._served for each in wanted.get(kind.name, ())}
        for kind in self._served:
            for record in await _records(connection, kind, wanted.get(kind.name, set())):
                fields = shared_fields(kind.name, record.roots, grants)
                if fields is not None:
                    found.append((kind, record, fields))
                    gone.discard((kind.name, record.id))
        return found, gone

    async def _known(
        self, connection: Connection, found: Iterable[_Shared], grants: dict[UUID, list[Granted]]
    ) -> set[_Key]:
        """Those of the records referred to that the partner may have, too."""
        referred: defaultdict[str, set[UUID]] = defaultdict(set)
        for kind, record, fields in found:
            for name, each in references(kind, record, fields):
                referred[name].add(UUID(each))
        known: set[_Key] = set()
        for name, ids in referred.items():
            if name in self._kinds:
                for record in await _records(connection, self._kinds[name], ids):
                    if shared_fields(name, record.roots, grants) is not None:
                        known.add((name, record.id))
        return known

    async def _told(
        self, connection: Connection, reader: Reader, found: Iterable[_Shared], known: set[_Key]
    ) -> set[_Key]:
        """Those of the known that the partner was told of, or is now: only when it is told of the others, or
        that they went, is what refers to them told anew. What another service shares is told there."""
        now = {(kind.name, record.id) for kind, record, _ in found}
        ours = {one for one in known - now if self._kinds[one[0]].is_served}
        before = await self._hashes(connection, reader, ours) if ours else {}
        return {one for one in known if one not in ours or before.get(one, TOMBSTONE) != TOMBSTONE}

    async def _hashes(self, connection: Connection, reader: Reader, keys: Iterable[_Key]) -> dict[_Key, str]:
        ids = [each for _, each in keys]
        rows = await self._before.rows(connection, partner_id=reader.partner_id, ids=ids)
        return {(row["kind"], row["record_id"]): row["hash"] for row in rows}

    async def _append(
        self, connection: Connection, reader: Reader, changed: Sequence[_Draft], number: int
    ) -> None:
        if not changed:
            return
        rows = [
            (one.kind, one.id, number + place, one.body, one.hash) for place, one in enumerate(changed, 1)
        ]
        await self._write.run(
            connection,
            **arrays_of("new", _NEW, rows),
            organisation_id=reader.organisation,
            partner_id=reader.partner_id,
            at=reader.now,
        )

    async def _note_referring(
        self, connection: Connection, reader: Reader, turned: Sequence[_Draft], number: int
    ) -> None:
        """What the partner has up to `number`, and refers to what it begins or ceases to get, is told anew.

        What was published with it just now knew that already.
        """
        ids: defaultdict[str, list[UUID]] = defaultdict(list)
        for one in turned:
            ids[one.kind].append(one.id)
        for refers_to, note in self._note:
            if refers_to in ids:
                await note.run(
                    connection, partner_id=reader.partner_id, ids=ids[refers_to], last_number=number
                )


def _drafts(
    reader: Reader, found: Iterable[_Shared], gone: Iterable[_Key], known: Container[_Key]
) -> list[_Draft]:
    drafts = [_Draft(name, each, None) for name, each in sorted(gone)]
    for kind, record, fields in found:
        body = projected(
            kind,
            record,
            fields,
            is_known=lambda refers_to, each: (refers_to, UUID(each)) in known,
            hidden=reader.seals.hidden,
        )
        drafts.append(_drafted(kind, record.id, body))
    return drafts


def _drafted(kind: SharedKind, record_id: UUID, body: Mapping[str, Any]) -> _Draft:
    text = written(body)
    if length_on_the_wire(text) > LONGEST_REVISION or not has_sound_documents(kind, body, len(text)):
        return _Draft(kind.name, record_id, None, is_too_large=True)
    return _Draft(kind.name, record_id, text)


def _is_news(draft: _Draft, before: dict[tuple[str, UUID], str]) -> bool:
    """A record that the partner never had is not taken from it."""
    return draft.hash != before.get((draft.kind, draft.id), TOMBSTONE)


def _turned(draft: _Draft, before: dict[tuple[str, UUID], str]) -> bool:
    """Whether the partner may have it now and was told so for the first time, or the other way round; what
    is too large to leave is named all the same."""
    return (draft.hash == TOMBSTONE) != (before.get((draft.kind, draft.id), TOMBSTONE) == TOMBSTONE)


async def _records(connection: Connection, kind: SharedKind, ids: set[UUID]) -> list[SharedRecord]:
    if not ids:
        return []
    rows = await kind.records.rows(connection, ids=list(ids))
    return [
        SharedRecord(
            row["id"], tuple(root for root in row["roots"] if root is not None), json.loads(row["body"])
        )
        for row in sorted(rows, key=lambda row: bytes(row["id"].bytes))
    ]


def _referring(tables: SyncTables, kind: SharedKind, refers: ColumnElement[Any]) -> Query:
    """Note for a partner what it has of the kind that refers to `ids`."""
    revision = tables.revision
    concerned = (
        select(revision.c.organisation_id, revision.c.partner_id, revision.c.kind, revision.c.record_id)
        .select_from(kind.source)
        .join(
            revision,
            and_(
                revision.c.organisation_id == kind.organisation_id,
                revision.c.record_id == kind.record_id,
            ),
        )
        .where(
            refers.in_(each_of("ids")),
            revision.c.kind == kind.name,
            revision.c.partner_id == _PARTNER,
            revision.c.body.is_not(None),
            revision.c.number <= bindparam("last_number", type_=BigInteger),
        )
    )
    names = ["organisation_id", "partner_id", "kind", "record_id"]
    return Query(insert(tables.pending).from_select(names, concerned, include_defaults=False))


def _written(tables: SyncTables) -> Any:  # noqa: ANN401 - an insert
    revision = tables.revision
    new = given_rows("new", kind=Text, record_id=Uuid, number=BigInteger, body=Text, hash=Text)
    rows = select(
        bindparam("organisation_id", type_=Text),
        _PARTNER,
        *(new.c[name] if name != "body" else cast(new.c.body, JSONB) for name in _NEW),
        bindparam("at", type_=revision.c.at.type),
    ).where(true())
    statement = upsert(revision).from_select(["organisation_id", "partner_id", *_NEW, "at"], rows)
    return statement.on_conflict_do_update(
        index_elements=list(revision.primary_key),
        set_={name: statement.excluded[name] for name in ("number", "body", "hash", "at")},
    )
