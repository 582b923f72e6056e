"""Marks given out: to each partner that may get something of the marked record, or got something before.

One organisation's marks are given out by one transaction at a time, which is short: it works out whom a
change concerns, not what they get.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    null,
    or_,
    select,
    true,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_shared.db.arrays import each_of
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.marking import EVERYTHING_UNDER
from gevinst_shared.db.query import Query
from gevinst_shared.db.taking import among_first
from gevinst_shared.sync.kinds import SharedKind
from gevinst_shared.sync.projection import TOO_LARGE
from gevinst_shared.sync.tables import SyncTables
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import day_there

MARKS_AT_ONCE = 20_000
Mark = tuple[str, UUID]
"""A kind, or `EVERYTHING_UNDER`, and a record."""
_ID = bindparam("partner_id", type_=Uuid)
_NOTED = ["organisation_id", "partner_id", "kind", "record_id"]
_LOCK = Query(
    select(
        func.pg_advisory_xact_lock(
            func.hashtextextended(
                literal_column("'exchange '", Text).concat(
                    func.current_setting(literal_column("'app.organisation'"))
                ),
                literal_column("0"),
            )
        )
    )
)


class Settling:
    """Gives out the marks of one service, and opens the feeds that they are given to."""

    def __init__(self, tables: SyncTables, kinds: Sequence[SharedKind]) -> None:
        self._kinds = [kind for kind in kinds if kind.is_served]
        grant, mark, outlet, inlet = tables.grant, tables.mark, tables.outlet, tables.inlet
        self._take = Query(
            delete(mark)
            .where(among_first(MARKS_AT_ONCE, mark))
            .returning(mark.c.kind, mark.c.record_id, mark.c.partner_id)
        )
        self._end_passed = Query(
            update(grant)
            .values(ended_at=bindparam("now", type_=grant.c.ended_at.type))
            .where(grant.c.ended_at.is_(None), grant.c.until < bindparam("today", type_=grant.c.until.type))
        )
        self._give_out = {kind.name: _concerned(tables, kind) for kind in self._kinds}
        self._give_to = {kind.name: _concerned(tables, kind, of_one=True) for kind in self._kinds}
        # Of what another service shares nothing is published here that would tell anew what refers to it.
        self._elsewhere = [
            (
                kind,
                [_referring(tables, *of) for of in _references(self._kinds, kind)],
                [_referring(tables, *of, of_one=True) for of in _references(self._kinds, kind)],
            )
            for kind in kinds
            if not kind.is_served
        ]
        self._all_of = [_everything(tables, kind) for kind in self._kinds]
        self._outlet = Query(select(outlet).where(outlet.c.partner_id == _ID).with_for_update())
        self._open = Query(
            insert(outlet).values(
                {name: bindparam(name) for name in ("organisation_id", "partner_id", "epoch", "opened_at")}
            )
        )
        self._reopen = Query(
            update(outlet)
            .values(
                epoch=bindparam("new_epoch", type_=Text),
                opened_at=bindparam("now", type_=outlet.c.opened_at.type),
                number=literal_column("0"),
                stamps=literal_column("'{}'"),
                asked_number=literal_column("0"),
                pruned_number=literal_column("0"),
                pruned_stamp=literal_column("''"),
                full_number=None,
                read_in_full_at=None,
                restored_at=bindparam("now", type_=outlet.c.opened_at.type),
            )
            .where(outlet.c.partner_id == _ID)
        )
        self._outlets = Query(select(outlet.c.partner_id).order_by(outlet.c.partner_id).with_for_update())
        self._read_anew = Query(
            update(inlet).values(
                cursor=null(),
                attempt=null(),
                number=0,
                reading=func.gen_random_uuid(),
                is_full=true(),
                missing=0,
                reread_at=null(),
                read_in_full_at=null(),
                # Whom nothing was ever read of has nothing here that could be that of a backup.
                restored_at=case(
                    (inlet.c.epoch.is_not(None), bindparam("now", type_=inlet.c.restored_at.type)),
                    else_=null(),
                ),
            )
        )
        self._waiting = Query(select(tables.pending.c.partner_id).distinct())
        self._clear = [
            Query(delete(table).where(table.c.partner_id == _ID))
            for table in (tables.pending, tables.revision)
        ]

    async def settle(self, connection: Connection, organisation: str, now: datetime) -> None:
        """End the grants whose last day has passed, and give out all marks."""
        await _LOCK.run(connection)
        await self._end_passed.run(connection, now=now, today=day_there(organisation, now))
        while taken := await self._take.rows(connection):
            marks: defaultdict[UUID | None, list[Mark]] = defaultdict(list)
            for row in taken:
                marks[row["partner_id"]].append((row["kind"], row["record_id"]))
            for partner_id, those in marks.items():
                await self._give(connection, those, partner_id)

    async def find_outlet(self, connection: Connection, partner_id: UUID) -> Any:  # noqa: ANN401 - a row
        """The partner's feed, held until the end of the transaction; None when it never asked."""
        return await self._outlet.find(connection, partner_id=partner_id)

    async def open(self, connection: Connection, organisation: str, partner_id: UUID, now: datetime) -> None:
        """A first epoch, after `settle` in its transaction: no mark can be given out past the new feed."""
        epoch = str(new_id())
        await self._open.run(
            connection, organisation_id=organisation, partner_id=partner_id, epoch=epoch, opened_at=now
        )
        await self._fill(connection, partner_id)

    async def begin_epochs(self, connection: Connection, now: datetime) -> None:
        """We were restored: forget what partners were told, tell each everything anew, and read each anew."""
        for row in await self._outlets.rows(connection):
            await self._begin_epoch(connection, row["partner_id"], now)
        await self._read_anew.run(connection, now=now)

    async def waiting(self, connection: Connection) -> list[UUID]:
        """The partners for which something is pending: who can be told that there is something to ask for."""
        return [row["partner_id"] for row in await self._waiting.rows(connection)]

    async def _begin_epoch(self, connection: Connection, partner_id: UUID, now: datetime) -> None:
        await self._reopen.run(connection, partner_id=partner_id, new_epoch=str(new_id()), now=now)
        for clear in self._clear:
            await clear.run(connection, partner_id=partner_id)
        await self._fill(connection, partner_id)

    async def _fill(self, connection: Connection, partner_id: UUID) -> None:
        for everything in self._all_of:
            await everything.run(connection, partner_id=partner_id)

    async def _give(self, connection: Connection, marks: Iterable[Mark], partner_id: UUID | None) -> None:
        """Note what is marked for whom it concerns, or for the one partner whom alone it does."""
        marked: dict[str, set[UUID]] = {}
        for name, record_id in marks:
            marked.setdefault(name, set()).add(record_id)
        roots = list(marked.pop(EVERYTHING_UNDER, ()))
        for kind in self._kinds:
            ids = marked.get(kind.name, set())
            if roots:
                ids |= {row["id"] for row in await kind.within.rows(connection, roots=roots)}
            if ids and partner_id is None:
                await self._give_out[kind.name].run(connection, ids=list(ids))
            elif ids:
                await self._give_to[kind.name].run(connection, ids=list(ids), partner_id=partner_id)
        if roots:
            await self._give_elsewhere(connection, roots, partner_id)

    async def _give_elsewhere(
        self, connection: Connection, roots: list[UUID], partner_id: UUID | None
    ) -> None:
        """What refers to records under the roots that another service shares."""
        for kind, of_all, of_one in self._elsewhere:
            if not of_all:
                continue
            ids = [row["id"] for row in await kind.within.rows(connection, roots=roots)]
            for referring in of_all if partner_id is None else of_one:
                whose = {} if partner_id is None else {"partner_id": partner_id}
                await referring.run(connection, ids=ids, **whose)


def _concerned(tables: SyncTables, kind: SharedKind, *, of_one: bool = False) -> Query:
    """Note `ids` for each partner whose feed is open, and which has, may get or is just getting them; or only
    for the one that is named."""
    grant, outlet, revision, pending = tables.grant, tables.outlet, tables.revision, tables.pending
    ids: Any = bindparam("ids", type_=ARRAY(Uuid))
    name = literal_column(f"'{kind.name}'", Text).label("kind")
    may_get = (
        select(kind.organisation_id.label("organisation_id"), outlet.c.partner_id, name)
        .add_columns(kind.record_id.label("record_id"))
        .select_from(kind.source)
        .join(grant, _covers(tables, kind))
        .join(outlet, outlet.c.partner_id == grant.c.partner_id)
        .where(kind.record_id == any_(ids))
    )
    has = select(revision.c.organisation_id, revision.c.partner_id, name, revision.c.record_id).where(
        revision.c.kind == kind.name,
        revision.c.record_id == any_(ids),
        or_(revision.c.body.is_not(None), revision.c.hash == TOO_LARGE),
    )
    # A page that is being made may give it under what held before: what it takes still stands here for us.
    may_have = select(pending.c.organisation_id, pending.c.partner_id, name, pending.c.record_id).where(
        pending.c.kind == kind.name, pending.c.record_id == any_(ids)
    )
    ways = ((may_get, outlet), (has, revision), (may_have, pending))
    if not of_one:
        return Query(_noted(tables, union(*(way for way, _ in ways))))
    return Query(_noted(tables, union(*(way.where(table.c.partner_id == _ID) for way, table in ways))))


def _references(kinds: Iterable[SharedKind], to: SharedKind) -> list[tuple[SharedKind, ColumnElement[Any]]]:
    """The kinds that refer to one, and by what; not by their own root, which brings them along anyway."""
    return [
        (kind, shared.value)
        for kind in kinds
        for shared in kind.fields.values()
        if shared.refers_to == to.name
        and not any(shared.value is root for root in (kind.record_id, *kind.roots))
    ]


def _referring(
    tables: SyncTables, kind: SharedKind, refers: ColumnElement[Any], *, of_one: bool = False
) -> Query:
    """Note what of the kind refers to `ids` for each partner which has it or is just getting it, or only for
    the one that is named."""
    revision, pending = tables.revision, tables.pending
    ways = []
    for table, *where in ((revision, revision.c.body.is_not(None)), (pending,)):
        way = select(*(table.c[name] for name in _NOTED)).select_from(kind.source)
        same = and_(table.c.organisation_id == kind.organisation_id, table.c.record_id == kind.record_id)
        way = way.join(table, same).where(table.c.kind == kind.name, refers.in_(each_of("ids")), *where)
        ways.append(way.where(table.c.partner_id == _ID) if of_one else way)
    return Query(_noted(tables, union(*ways)))


def _everything(tables: SyncTables, kind: SharedKind) -> Query:
    """Note all that one partner's grants cover."""
    grant = tables.grant
    covered = (
        select(kind.organisation_id.label("organisation_id"), grant.c.partner_id)
        .add_columns(literal_column(f"'{kind.name}'", Text).label("kind"), kind.record_id.label("record_id"))
        .select_from(kind.source)
        .join(grant, _covers(tables, kind))
        .where(grant.c.partner_id == _ID)
        .distinct()
    )
    return Query(_noted(tables, covered))


def _covers(tables: SyncTables, kind: SharedKind) -> Any:  # noqa: ANN401 - a condition
    grant = tables.grant
    return and_(
        grant.c.organisation_id == kind.organisation_id,
        grant.c.ended_at.is_(None),
        grant.c.fields.has_key(kind.name),
        kind.is_under(grant.c.record_id),
    )


def _noted(tables: SyncTables, concerned: Any) -> Any:  # noqa: ANN401 - a select or a union
    return insert(tables.pending).from_select(_NOTED, concerned, include_defaults=False)
