"""SQLAlchemy Core statements, compiled once at import and run on asyncpg (A4)."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BindParameter, Executable
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeEngine

from gevinst_shared.db.engine import Connection

# The dialect's constructor is untyped in SQLAlchemy.
_DIALECT: Any = PGDialect_asyncpg()  # type: ignore[no-untyped-call]


class RawJson(str):
    """Text that already is JSON: bound to a JSON column as it is."""

    __slots__ = ()


class Query:
    """One statement with named parameters.

    Write `bindparam("name")` where a value comes at run time; values written into the statement stay as
    they are. Results are asyncpg's records: UUIDs, dates, `Decimal`, and JSON as text.
    """

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)
        compiled = statement.compile(dialect=_DIALECT)
        assert isinstance(compiled, SQLCompiler)
        self.sql = str(compiled)
        self._parameters = [_Parameter(compiled.binds[name]) for name in compiled.positiontup or ()]

    async def rows(self, connection: Connection, **values: Any) -> list[asyncpg.Record]:
        return await connection.fetch(self.sql, *self._arguments(values))

    async def find(self, connection: Connection, **values: Any) -> asyncpg.Record | None:
        """The first row, or None."""
        return await connection.fetchrow(self.sql, *self._arguments(values))

    async def value(self, connection: Connection, **values: Any) -> Any:  # noqa: ANN401 - whatever SQL gives
        """The first column of the first row, or None."""
        return await connection.fetchval(self.sql, *self._arguments(values))

    async def run(self, connection: Connection, **values: Any) -> int:
        """Run it; how many rows it touched."""
        tag = await connection.execute(self.sql, *self._arguments(values))
        count = tag.rsplit(" ", 1)[-1]
        return int(count) if count.isdigit() else 0

    async def run_many(self, connection: Connection, values: Sequence[dict[str, Any]]) -> None:
        """Run it once for each set of values, pipelined."""
        await connection.executemany(self.sql, [self._arguments(each) for each in values])

    def _arguments(self, values: dict[str, Any]) -> list[Any]:
        return [parameter.argument(values) for parameter in self._parameters]


class _Parameter:
    """One `$n` of the compiled statement: where its value comes from and how it is bound."""

    def __init__(self, bind: BindParameter[Any]) -> None:
        self.name = bind.key
        self.is_required = bind.required
        self.default = bind.effective_value
        self.process = _processor(bind.type)

    def argument(self, values: dict[str, Any]) -> Any:  # noqa: ANN401 - whatever the column takes
        value = values[self.name] if self.is_required else values.get(self.name, self.default)
        if value is None or self.process is None or isinstance(value, UUID | RawJson):
            return value
        return self.process(value)


def _processor(type_: TypeEngine[Any]) -> Callable[[Any], Any] | None:
    """What makes a value ready to be bound; None when it is ready as it is."""
    if isinstance(type_, ARRAY) and _processor(type_.item_type) is None:
        return list  # SQLAlchemy's own asks each element whether it is an array itself
    return type_.dialect_impl(_DIALECT).bind_processor(_DIALECT)
