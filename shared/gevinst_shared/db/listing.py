"""Lists in pages by keyset: declared filters and sort keys, stable under inserts, one statement each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    select,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from gevinst_shared.db.documents import documents
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.db.tenancy import bound
from gevinst_shared.values.refusal import OddCursor

Filter = ColumnElement[Any] | Callable[[BindParameter[Any]], ColumnElement[bool]]
"""What must equal the value that is given, or the condition that the value makes."""


@dataclass(frozen=True, slots=True)
class Page:
    """`items` is a JSON array; `next_place` is the sort key (as text) and id of its last row, or None."""

    items: str
    next_place: tuple[str, str] | None


class Listing:
    """The list of one table.

    `filters` and `sorts` are what callers may name; a sort key must never be null (coalesce it). A `-`
    before a sort key turns the order. Each combination that is asked for is compiled once.
    """

    def __init__(
        self,
        table: FromClause,
        document_of: Callable[[Any], ColumnElement[Any]],
        *,
        filters: Mapping[str, Filter],
        sorts: Mapping[str, ColumnElement[Any]],
    ) -> None:
        self._table = table
        self._document_of = document_of
        self._filters = filters
        self._sorts = sorts
        self._compiled: dict[tuple[str, bool, frozenset[str], bool], Query] = {}

    async def page(
        self,
        connection: Connection,
        *,
        sort: str,
        limit: int,
        after: list[str] | None = None,
        filters: Mapping[str, Any],
        organisation: str | None = None,
    ) -> Page:
        """The next `limit` rows after the place `after`; filters that are None do not filter.

        With `organisation` the statement binds itself and needs no transaction around it.
        """
        wanted = {name: value for name, value in filters.items() if value is not None}
        key = (sort, after is not None, frozenset(wanted), organisation is not None)
        query = self._compiled.get(key)
        if query is None:
            query = self._compiled[key] = self._compile(*key)
        values: dict[str, Any] = {f"filter_{name}": value for name, value in wanted.items()}
        values["organisation"] = organisation
        try:
            if after is not None:
                values |= {"after_key": after[0], "after_id": UUID(after[1])}
            row = await query.find(connection, limit=limit, **values)
        except (ValueError, asyncpg.DataError) as error:
            raise OddCursor from error
        assert row is not None
        return Page(row["items"], (row["next_key"], row["next_id"]) if row["has_more"] else None)

    def _compile(self, sort: str, has_after: bool, wanted: frozenset[str], is_bound: bool) -> Query:  # noqa: FBT001 - parts of the key
        is_descending = sort.startswith("-")
        columns: Any = self._table.c
        key = self._sorts[sort.removeprefix("-")]
        conditions = [_condition(self._filters[name], f"filter_{name}") for name in sorted(wanted)]
        if has_after:
            here = tuple_(key, columns.id)
            there = tuple_(
                cast(bindparam("after_key", type_=Text), key.type),
                bindparam("after_id", type_=columns.id.type),
            )
            conditions.append(here < there if is_descending else here > there)
        if is_bound:
            conditions.append(bound())
        forwards, _ = _orders(key, columns.id, is_descending=is_descending)
        limit = bindparam("limit", type_=Integer)
        rows = select(self._table, key.label("sort_key"), cast(key, Text).label("key_text")).where(
            *conditions
        )
        page = rows.order_by(*forwards).limit(limit).subquery("page")
        # Whether there is a next page: numbering the rows of this one would cost more than a second look.
        next_row = select(true()).select_from(self._table).where(*conditions)
        has_more = next_row.order_by(*forwards).offset(limit).limit(1).scalar_subquery()
        shown, reversed_ = _orders(page.c.sort_key, page.c.id, is_descending=is_descending)
        return Query(
            select(
                documents(self._document_of(page.c), *shown).label("items"),
                _first(page.c.key_text, reversed_).label("next_key"),
                _first(cast(page.c.id, Text), reversed_).label("next_id"),
                has_more.label("has_more"),
            ).select_from(page)
        )


def _condition(filter_: Filter, name: str) -> ColumnElement[bool]:
    value: BindParameter[Any] = bindparam(name)
    return filter_ == value if isinstance(filter_, ColumnElement) else filter_(value)


Order = tuple[ColumnElement[Any], ColumnElement[Any]]


def _orders(key: ColumnElement[Any], id_: ColumnElement[Any], *, is_descending: bool) -> tuple[Order, Order]:
    """The order of the list, and its reverse."""
    up, down = (key.asc(), id_.asc()), (key.desc(), id_.desc())
    return (down, up) if is_descending else (up, down)


def _first(value: ColumnElement[str], order: Order) -> ColumnElement[str]:
    """The value of the first row in an order, as an aggregate."""
    return func.array_agg(aggregate_order_by(value, *order), type_=ARRAY(Text))[1]
