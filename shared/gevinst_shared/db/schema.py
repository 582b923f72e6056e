"""What every schema gets after its migrations: partitions, row-level security and the grants (A9).

Declared on the table, as `info`:

- `append_only`: the service may insert and read, never update or delete (decisions, ledgers, audit).
- `read_only`: the service may only read (versions, which the database itself writes).
- `versioned`: every state of a row is kept in `version` (see `versions`).
- `queue`: the queue role sees the rows of every organisation (event, run, delivery).
- `unmarked`: a change of it changes no picture (see `changes`).
- `shared_as`: a change of it marks shared records (see `marking`).
- a table without `organisation_id` belongs to no tenant (a consumer's cursor) and has no policy.

The step is idempotent and runs at the end of every `migrate`, so no migration can forget it.
"""

import re
from typing import Any

from sqlalchemy import Connection, ForeignKeyConstraint, MetaData, Table, text
from sqlalchemy.schema import SchemaItem

from gevinst_shared.db.changes import mark_changes
from gevinst_shared.db.marking import mark_shared
from gevinst_shared.db.versions import keep_versions

PARTITIONS = 8
_PARTITION = re.compile(r"_\d+$")


def is_ours(item: SchemaItem, name: str | None, kind: str, *_reflected: Any) -> bool:
    """Whether Alembic compares the object: partitions and what hangs on them follow their parent."""
    table = item if isinstance(item, Table) else getattr(item, "table", None)
    # A reference to a partitioned table shows again as one to each of its partitions.
    tables = [table, item.referred_table if isinstance(item, ForeignKeyConstraint) else None]
    if any(one is not None and _PARTITION.search(one.name) for one in tables):
        return False
    return not (kind == "table" and name == "alembic_version")


def is_partitioned(table: Table) -> bool:
    return bool(table.dialect_options["postgresql"]["partition_by"])


def secure(connection: Connection, metadata: MetaData, *, app_role: str, queue_role: str) -> None:
    """Make partitions, force row-level security and grant what each table's `info` allows."""
    for table in metadata.sorted_tables:
        names = [table.name]
        if is_partitioned(table):
            names += _make_partitions(connection, table.name)
        if "organisation_id" in table.columns:
            for name in names:
                _force_row_level_security(connection, name)
        _grant(connection, table, app_role)
        if table.info.get("queue"):
            _open_to_queue(connection, table.name, queue_role)
    keep_versions(connection, metadata)
    mark_changes(connection, metadata)
    mark_shared(connection, metadata)
    connection.execute(text(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO "{app_role}", "{queue_role}"'))


def _make_partitions(connection: Connection, table: str) -> list[str]:
    names = [f"{table}_{remainder}" for remainder in range(PARTITIONS)]
    for remainder, name in enumerate(names):
        bounds = f"WITH (MODULUS {PARTITIONS}, REMAINDER {remainder})"
        connection.execute(
            text(f'CREATE TABLE IF NOT EXISTS "{name}" PARTITION OF "{table}" FOR VALUES {bounds}')
        )
    return names


def _force_row_level_security(connection: Connection, table: str) -> None:
    if _has_policy(connection, table, "tenant"):
        return
    connection.execute(text(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'))
    connection.execute(text(f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'))
    rule = "organisation_id = current_setting('app.organisation', true)"
    connection.execute(text(f'CREATE POLICY tenant ON "{table}" USING ({rule})'))


def _grant(connection: Connection, table: Table, app_role: str) -> None:
    rights = "SELECT, INSERT, UPDATE, DELETE"
    if table.info.get("append_only"):
        rights = "SELECT, INSERT"
    elif table.info.get("read_only"):
        rights = "SELECT"
    connection.execute(text(f'REVOKE ALL ON "{table.name}" FROM "{app_role}"'))
    connection.execute(text(f'GRANT {rights} ON "{table.name}" TO "{app_role}"'))


def _open_to_queue(connection: Connection, table: str, queue_role: str) -> None:
    connection.execute(text(f'GRANT SELECT, UPDATE ON "{table}" TO "{queue_role}"'))
    if not _has_policy(connection, table, "queue"):
        connection.execute(text(f'CREATE POLICY queue ON "{table}" TO "{queue_role}" USING (true)'))


def _has_policy(connection: Connection, table: str, policy: str) -> bool:
    found = connection.execute(
        text("SELECT 1 FROM pg_policies WHERE tablename = :table AND policyname = :policy"),
        {"table": table, "policy": policy},
    )
    return found.first() is not None
