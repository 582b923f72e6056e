"""Every version of a row, kept by the database: no write can forget one, no service can alter it (P8).

A table with `info={"versioned": True}` has a trigger that copies each new state of a row to `version`, with
the moment of the transaction. Only the schema's owner, whose function the trigger runs, may write there.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Index,
    MetaData,
    Sequence,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_shared.db.columns import moment, tenant_key


def version_table(metadata: MetaData) -> Table:
    """What rows were, and since when; `record` is the row as JSON, or null when it was deleted."""
    numbers = Sequence("version_number", metadata=metadata)
    return Table(
        "version",
        metadata,
        tenant_key(),
        Column("kind", Text, primary_key=True),
        Column("record_id", Uuid, primary_key=True),
        # Taken under the lock of the row, so that it orders the versions of one record.
        Column("number", BigInteger, numbers, primary_key=True, server_default=numbers.next_value()),
        moment("since"),
        Column("is_first", Boolean, nullable=False),
        Column("record", JSONB),
        Index("version_first", "organisation_id", "kind", "record_id", postgresql_where=text("is_first")),
        postgresql_partition_by="HASH (organisation_id)",
        info={"read_only": True, "unmarked": True},
    )


# `app.moment` is the transaction's own moment, where it has one (`Database.transaction`).
_KEEP_VERSION = """
CREATE OR REPLACE FUNCTION keep_version() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    since timestamptz := coalesce(nullif(current_setting('app.moment', true), '')::timestamptz, now());
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO version (organisation_id, kind, record_id, since, is_first, record)
        VALUES (OLD.organisation_id, TG_TABLE_NAME, OLD.id, since, false, NULL);
    ELSE
        INSERT INTO version (organisation_id, kind, record_id, since, is_first, record)
        VALUES (NEW.organisation_id, TG_TABLE_NAME, NEW.id, since, TG_OP = 'INSERT', to_jsonb(NEW));
    END IF;
    RETURN NULL;
END $$
"""


def keep_versions(connection: Connection, metadata: MetaData) -> None:
    """Give every versioned table its trigger; again changes nothing."""
    versioned = [table for table in metadata.sorted_tables if table.info.get("versioned")]
    if not versioned:
        return
    connection.execute(text(_KEEP_VERSION))
    for table in versioned:
        connection.execute(
            text(
                f'CREATE OR REPLACE TRIGGER keep_version AFTER INSERT OR UPDATE OR DELETE ON "{table.name}" '
                "FOR EACH ROW EXECUTE FUNCTION keep_version()"
            )
        )
