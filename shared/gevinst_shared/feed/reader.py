"""Reading the outbox in commit order (A5).

A sequence number is taken before its transaction commits, so reading by number alone loses events under
concurrent writers. Rows are read by (transaction id, number), and only those whose transaction is older
than every one still running: nothing can appear behind a cursor.
"""

import base64
import binascii
from dataclasses import dataclass

from sqlalchemy import BigInteger, Table, bindparam, literal_column, select, tuple_

from gevinst_shared.db.documents import document, documents, moment
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.feed.envelope import SOURCE_PREFIX
from gevinst_shared.values.refusal import OddCursor

SETTLED = literal_column("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", BigInteger)
"""Every transaction with a lower id has ended."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the feed: everything up to and including (xid, seq) has been read."""

    xid: int = 0
    seq: int = 0

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(f"{self.xid}.{self.seq}".encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None) -> "Cursor":
        """From its text; the start of the feed when there is none."""
        if not text:
            return cls()
        try:
            padded = text + "=" * (-len(text) % 4)
            xid, dot, seq = (
                base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii").partition(".")
            )
            cursor = cls(int(xid), int(seq))
        except (ValueError, binascii.Error) as error:
            raise OddCursor from error
        if not dot or not (0 <= cursor.xid < 2**63 and 0 <= cursor.seq < 2**63):
            raise OddCursor
        return cursor


class FeedReader:
    """Pages of one service's outbox, as ready JSON arrays."""

    def __init__(self, event: Table) -> None:
        place = tuple_(event.c.xid, event.c.seq)
        after = tuple_(bindparam("xid", type_=BigInteger), bindparam("seq", type_=BigInteger))
        page = (
            select(event)
            .where(place > after, event.c.xid < SETTLED)
            .order_by(event.c.xid, event.c.seq)
            .limit(bindparam("limit"))
            .cte("page")
        )
        envelope = document(
            specversion=literal_column("'1.0'"),
            id=page.c.id,
            source=literal_column(f"'{SOURCE_PREFIX}'") + page.c.organisation_id,
            type=page.c.type,
            subject=page.c.subject,
            time=moment(page.c.time),
            datacontenttype=literal_column("'application/json'"),
            data=page.c.data,
        )
        last = (
            select(page.c.xid, page.c.seq).order_by(page.c.xid.desc(), page.c.seq.desc()).limit(1).subquery()
        )
        self._page = Query(
            select(
                select(documents(envelope, page.c.xid, page.c.seq))
                .select_from(page)
                .scalar_subquery()
                .label("items"),
                select(last.c.xid).scalar_subquery().label("xid"),
                select(last.c.seq).scalar_subquery().label("seq"),
            )
        )

    async def page(self, connection: Connection, cursor: Cursor, *, limit: int) -> tuple[str, Cursor]:
        """Up to `limit` settled events after `cursor`, as a JSON array, and the cursor behind them."""
        row = await self._page.find(connection, xid=cursor.xid, seq=cursor.seq, limit=limit)
        assert row is not None
        return row["items"], cursor if row["xid"] is None else Cursor(row["xid"], row["seq"])
