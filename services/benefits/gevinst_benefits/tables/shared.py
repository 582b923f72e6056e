"""What all tables of the benefits service share: metadata, outbox, audit, and how rows refer.

`organisation_id` is the tenant and comes first in every key.
"""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, MetaData

from gevinst_shared.db.idempotency import KeptAnswers, idempotency_table
from gevinst_shared.feed.consumer import cursor_table
from gevinst_shared.feed.outbox import Outbox, audit_table, event_table
from gevinst_shared.feed.reader import FeedReader

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

event = event_table(metadata)
audit = audit_table(metadata)
idempotency = idempotency_table(metadata)
feed_cursor = cursor_table(metadata)
outbox = Outbox(event, audit)
feed = FeedReader(event)
kept_answers = KeptAnswers(idempotency)


def belongs(*columns: str, to: str) -> ForeignKeyConstraint:
    """A reference that cannot leave the organisation."""
    return ForeignKeyConstraint(
        ["organisation_id", *columns], [f"{to}.organisation_id", *(f"{to}.id" for _ in columns)]
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
