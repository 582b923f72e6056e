"""What happened to a record, from the audit trail (E1)."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, column, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import audit
from gevinst_shared.db.documents import amount, document, documents, moment
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns

# Columns that are ours alone, or that follow from others.
_UNTOLD = ("organisation_id", "id", "revision", "created_at", "currency", "price_year", "source_fields")


def history_document(c: Columns) -> ColumnElement[Any]:
    """`HistoryEntryOut`, as PostgreSQL writes it."""
    return document(
        id=c.id,
        time=moment(c.time),
        actor=c.actor,
        action=c.action,
        reason=c.reason,
        changes=_changes(c),
    )


def _changes(c: Columns) -> ColumnElement[Any]:
    """The members that differ between before and after, as text."""
    after = _members(c.after, "after_member")
    before = _members(c.before, "before_member")
    name = func.coalesce(after.c.key, before.c.key)
    change = document(
        member=func.regexp_replace(name, literal_column("'_minor$'"), literal_column("''")),
        before=_text(name, before.c.value),
        after=_text(name, after.c.value),
    )
    told = and_(
        func.coalesce(_scalar(before.c.value), literal_column("'null'")).is_distinct_from(
            func.coalesce(_scalar(after.c.value), literal_column("'null'"))
        ),
        name.not_in([literal_column(f"'{untold}'") for untold in _UNTOLD]),
    )
    # What the record does not name in `after` did not change: only whole rows have a before.
    is_whole = or_(c.before.is_(None), after.c.key.is_not(None))
    return (
        select(documents(change, name))
        .select_from(after.join(before, after.c.key == before.c.key, full=True))
        .where(told, is_whole)
        .scalar_subquery()
    )


def _members(record: ColumnElement[Any], name: str) -> Any:  # noqa: ANN401 - a table-valued function
    members = func.jsonb_each(func.coalesce(record, literal_column("'{}'::jsonb")))
    return members.table_valued(column("key", Text), column("value", JSONB), name=name)


def _scalar(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(value, Text)


def _text(name: ColumnElement[Any], value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The value as text: "2027-01-01", "1250000.00", or JSON for lists; null for null."""
    plain = func.jsonb_extract_path_text(func.jsonb_build_object(literal_column("'value'"), value), "value")
    is_money = and_(name.like(literal_column("'%_minor'")), plain.is_not(None))
    return case((is_money, amount(plain)), else_=plain)


LISTING = Listing(
    audit,
    history_document,
    filters={"subject": audit.c.subject},
    sorts={"id": audit.c.id},
)
