"""Whether anything of an organisation has changed: one cheap statement, so that what was made of its rows can
be used again without reading them.

A service that has the table `change` gives every table of a tenant a trigger that notes the transaction,
except those with `info={"unmarked": True}` (events, the trail and answers, of which nothing is made). Each
connection has a row of its own for an organisation, so writers neither wait for each other nor add rows for
ever. Only the schema's owner, whose function the trigger runs, may write there.
"""

import asyncio
from contextlib import suppress

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    Text,
    bindparam,
    func,
    select,
    text,
)
from sqlalchemy.sql import column
from sqlalchemy.sql import table as named

from gevinst_shared.db.engine import Database
from gevinst_shared.db.query import Query

# What nobody's transaction changed: a migration, or an import past the service. It counts for everybody.
_NOBODY = ""


def change_table(metadata: MetaData) -> Table:
    """The last transaction of each connection (`backend`) that changed something of `whose`."""
    return Table(
        "change",
        metadata,
        Column("whose", Text, primary_key=True),
        Column("backend", Integer, primary_key=True, autoincrement=False),
        Column("xid", BigInteger, nullable=False),
        info={"read_only": True},
    )


_marks = named("change", column("whose", Text), column("xid", BigInteger))
_last = func.coalesce(func.max(_marks.c.xid), 0)
_LATEST = Query(
    select(
        _last.label("last"),
        (_last < func.pg_snapshot_xmin(func.pg_current_snapshot()).cast(Text).cast(BigInteger)).label(
            "settled"
        ),
    ).where(_marks.c.whose.in_([bindparam("organisation", type_=Text), _NOBODY]))
)


async def latest_change(database: Database, organisation: str) -> int | None:
    """A number that is another one after every change of the organisation's rows; None while one may be
    under way.

    It is the last transaction that changed something, given only when every transaction up to it has ended:
    one that commits later has a higher number, so the same number again means that nothing happened between.
    """
    async with database.lend() as connection:
        found = await _LATEST.find(connection, organisation=organisation)
    assert found is not None
    return found["last"] if found["settled"] else None


class Changes:
    """Asks the database once for all who want to know at the same time.

    Whoever comes while it is being asked waits for the next time: the answer to a question that was put
    before could be older than what its asker has seen.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: dict[str, list[asyncio.Future[int | None]]] = {}
        self._next: dict[str, asyncio.Task[int | None]] = {}

    async def latest(self, organisation: str) -> int | None:
        """As `latest_change`, asked after this call; None also where the database is not reached."""
        waiting = self._waiting.get(organisation)
        if waiting is None:
            return await self._ask(organisation)
        told: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        waiting.append(told)
        return await told

    async def _ask(self, organisation: str) -> int | None:
        """Ask, tell those who have waited for it, and then ask for those who have come meanwhile."""
        waiting = self._waiting.get(organisation, [])
        self._waiting[organisation] = []
        found = None
        try:
            # Whoever then reads the figures meets the same, and can tell so.
            with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                found = await latest_change(self._database, organisation)
        finally:
            for told in waiting:
                if not told.done():  # its asker has not left
                    told.set_result(found)
            if self._waiting[organisation]:
                self._next[organisation] = asyncio.create_task(self._ask(organisation))
            else:
                del self._waiting[organisation]
                self._next.pop(organisation, None)
        return found


_MARK_CHANGE = """
CREATE OR REPLACE FUNCTION mark_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    organisation text := coalesce(current_setting('app.organisation', true), '');
BEGIN
    IF TG_LEVEL = 'ROW' THEN
        organisation := CASE WHEN TG_OP = 'DELETE' THEN OLD.organisation_id ELSE NEW.organisation_id END;
    END IF;
    INSERT INTO change AS was (whose, backend, xid)
    VALUES (organisation, pg_backend_pid(), pg_current_xact_id()::text::bigint)
    ON CONFLICT (whose, backend) DO UPDATE SET xid = excluded.xid WHERE was.xid <> excluded.xid;
    RETURN NULL;
END $$
"""


def mark_changes(connection: Connection, metadata: MetaData) -> None:
    """Give every table of a tenant its trigger, where the service has the table of changes."""
    if "change" not in metadata.tables:
        return
    connection.execute(text(_MARK_CHANGE))
    for table in metadata.sorted_tables:
        if "organisation_id" not in table.columns or table.info.get("unmarked"):
            continue
        # The queue role works for no organisation: there the row says whose it is.
        each = "ROW" if table.info.get("queue") else "STATEMENT"
        connection.execute(
            text(
                f'CREATE OR REPLACE TRIGGER mark_change AFTER INSERT OR UPDATE OR DELETE ON "{table.name}" '
                f"FOR EACH {each} EXECUTE FUNCTION mark_change()"
            )
        )
