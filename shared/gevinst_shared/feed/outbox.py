"""The outbox and the audit trail: a change, its event and its audit row are one statement (A4, A5, E1)."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Index,
    MetaData,
    Sequence,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    insert,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from gevinst_shared.db.columns import moment, tenant_key
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.envelope import Fact
from gevinst_shared.values.ids import new_id

Columns = ReadOnlyColumnCollection[str, Any]
DocumentOf = Callable[[Columns], ColumnElement[Any]]


def event_table(metadata: MetaData) -> Table:
    """The outbox. `xid` is the transaction that wrote the row: readers order by it (see `reader`)."""
    numbers = Sequence("event_number", metadata=metadata)
    return Table(
        "event",
        metadata,
        tenant_key(),
        Column("id", Uuid, primary_key=True),
        _xid(),
        Column("seq", BigInteger, numbers, nullable=False, server_default=numbers.next_value()),
        Column("type", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("time", DateTime(timezone=True), nullable=False),
        Column("data", JSONB, nullable=False),
        Index("event_in_commit_order", "xid", "seq"),
        postgresql_partition_by="HASH (organisation_id)",
        info={"append_only": True, "queue": True, "unmarked": True},
    )


def audit_table(metadata: MetaData) -> Table:
    """E1: who, when, what, before and after, why. Sealed in the order of (`xid`, `id`)."""
    return Table(
        "audit",
        metadata,
        tenant_key(),
        Column("id", Uuid, primary_key=True),
        _xid(),
        moment("time"),
        Column("actor", Text, nullable=False),
        Column("action", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("reason", Text),
        Column("request_id", Uuid, nullable=False),
        Column("before", JSONB),
        Column("after", JSONB),
        Index("audit_by_subject", "organisation_id", "subject", "id"),
        Index("audit_in_commit_order", "organisation_id", "xid", "id"),
        postgresql_partition_by="HASH (organisation_id)",
        info={"append_only": True, "unmarked": True},
    )


class Outbox:
    """Builds statements that change one row of a table and record the change.

    `document_of` makes the answer out of the written row's columns. Each statement gives `document` and
    `revision`, or no row at all when the record is not there (or not at the expected revision): then
    nothing is announced either.
    """

    def __init__(self, event: Table, audit: Table) -> None:
        self._event = event
        self._audit = audit

    def insert(self, table: Table, document_of: DocumentOf, *, without: tuple[str, ...] = ()) -> Query:
        """Insert a row: a parameter per column, except `without` and `revision`."""
        left_out = {*without, "revision"}
        values: dict[str, Any] = {
            column.name: bindparam(column.name) for column in table.columns if column.name not in left_out
        }
        written = insert(table).values(values).returning(table).cte("written")
        return self._recorded(written, document_of, before=null(), after=_state("written", table))

    def update(self, table: Table, document_of: DocumentOf, *, columns: tuple[str, ...]) -> Query:
        """Change `columns` of the row with this key; none at another revision than `expected` (null: any)."""
        old = table.alias("old")
        keys = [column.name for column in table.primary_key]
        before = (
            select(_state("old", table).label("before"), old.c.revision)
            .where(*(old.c[key] == bindparam(key) for key in keys))
            .with_for_update()
            .cte("was")
        )
        expected = bindparam("expected", type_=table.c.revision.type)
        written = (
            update(table)
            .values({name: bindparam(f"new_{name}", type_=table.c[name].type) for name in columns})
            .values(revision=table.c.revision + 1)
            .where(
                *(table.c[key] == bindparam(key) for key in keys),
                or_(expected.is_(None), before.c.revision == expected),
            )
            .returning(table)
            .cte("written")
        )
        was = select(before.c.before).scalar_subquery()
        return self._recorded(written, document_of, before=was, after=_state("written", table))

    def record(self) -> Query:
        """Only the event and the audit row, for changes of several rows; `before` and `after` are given."""
        written = select(
            bindparam("organisation_id", type_=Text).label("organisation_id"),
            bindparam("before", type_=JSONB).label("before"),
            bindparam("after", type_=JSONB).label("after"),
            literal_column("1").label("revision"),
        ).cte("written")
        return self._recorded(
            written, lambda columns: columns.after, before=written.c.before, after=written.c.after
        )

    def told(self) -> Query:
        """The ids of those events of `ids` that were written."""
        ids: Any = bindparam("ids", type_=ARRAY(Uuid))
        return Query(select(self._event.c.id).where(self._event.c.id == any_(ids)))

    def announced(self, written: CTE) -> CTE:
        """The event of `written` without an audit row: for the trail's own seals, which need no sealing."""
        return self._insert_from(
            self._event, written, ("id", "type", "subject", "time", "data"), prefix="event", extra={}
        )

    def _recorded(
        self,
        written: CTE,
        document_of: DocumentOf,
        *,
        before: ColumnElement[Any],
        after: ColumnElement[Any],
    ) -> Query:
        event = self.announced(written)
        audit = self._insert_from(
            self._audit,
            written,
            ("id", "time", "actor", "action", "subject", "reason", "request_id"),
            prefix="audit",
            extra={"before": before, "after": after},
        )
        answer = select(document_of(written.c).label("document"), written.c.revision)
        return Query(answer.add_cte(event, audit))

    def _insert_from(
        self,
        table: Table,
        written: CTE,
        names: tuple[str, ...],
        *,
        prefix: str,
        extra: Mapping[str, ColumnElement[Any]],
    ) -> CTE:
        """Insert one row of `table` if, and only if, `written` has one."""
        values: dict[str, ColumnElement[Any]] = {
            name: bindparam(f"{prefix}_{name}", type_=table.c[name].type) for name in names
        }
        values |= extra
        source = select(written.c.organisation_id, *values.values()).select_from(written)
        return insert(table).from_select(["organisation_id", *values], source).cte(f"{prefix}_written")


def _state(name: str, table: Table) -> ColumnElement[Any]:
    """A row of the table as the trail keeps it, without the columns whose `info` says `personal`.

    Nothing can be taken out of the trail again, and a person can ask for that (E3).
    """
    personal = [column.name for column in table.columns if column.info.get("personal")]
    return literal_column(" - ".join([f"to_jsonb({name})", *(f"'{one}'::text" for one in personal)]), JSONB)


def recorded(work: Work, fact: Fact, *, subject: str, reason: str | None = None) -> dict[str, Any]:
    """The parameters of one recorded change: what is announced, and who did what when.

    `subject` is the record's path, such as `projects/0198…`.
    """
    return {
        "organisation_id": work.organisation,
        "event_id": new_id(),
        "event_type": fact.type,
        "event_subject": subject,
        "event_time": work.now,
        "event_data": RawJson(fact.data),
        "audit_id": new_id(),
        "audit_time": work.now,
        "audit_actor": work.actor.subject,
        "audit_action": fact.type,
        "audit_subject": subject,
        "audit_reason": reason,
        "audit_request_id": work.request_id,
    }


def subject_of(kind: str, record: UUID) -> str:
    return f"{kind}/{record}"


def _xid() -> Column[int]:
    """The transaction that wrote the row."""
    own = literal_column("pg_current_xact_id()::text::bigint", BigInteger)
    return Column("xid", BigInteger, nullable=False, server_default=own)
