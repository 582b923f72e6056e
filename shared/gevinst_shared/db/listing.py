"""Lists in pages by keyset: declared filters and sort keys, stable under inserts, one statement each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    tuple_,
)

from gevinst_shared.db.documents import documents
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import Query
from gevinst_shared.db.tenancy import bound
from gevinst_shared.values.refusal import OddCursor


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
        filters: Mapping[str, ColumnElement[Any]],
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
        order = (key.desc(), columns.id.desc()) if is_descending else (key, columns.id)
        rows = select(
            self._table,
            key.label("sort_key"),
            cast(key, Text).label("key_text"),
            func.row_number().over(order_by=order).label("place"),
        ).order_by(*order)
        rows = rows.where(*(self._filters[name] == bindparam(f"filter_{name}") for name in sorted(wanted)))
        if has_after:
            here = tuple_(key, columns.id)
            there = tuple_(
                cast(bindparam("after_key", type_=Text), key.type),
                bindparam("after_id", type_=columns.id.type),
            )
            rows = rows.where(here < there if is_descending else here > there)
        if is_bound:
            rows = rows.where(bound())
        limit = bindparam("limit", type_=Integer)
        # One row more than is shown tells whether there is a next page.
        page = rows.limit(limit + literal_column("1")).subquery("page")
        is_last = page.c.place == limit
        again = (page.c.sort_key.desc(), page.c.id.desc()) if is_descending else (page.c.sort_key, page.c.id)
        shown = documents(self._document_of(page.c), *again, where=page.c.place <= limit)
        return Query(
            select(
                shown.label("items"),
                func.max(page.c.key_text).filter(is_last).label("next_key"),
                func.max(cast(page.c.id, Text)).filter(is_last).label("next_id"),
                (func.count() > limit).label("has_more"),
            ).select_from(page)
        )
