"""Taking the oldest rows of a queue that may be long."""

from typing import Any

from sqlalchemy import BigInteger, BindParameter, ColumnElement, Table, func, literal_column, select

_LAST = literal_column(str(2**63 - 1), BigInteger)


def among_first(count: int, queue: Table, **same: BindParameter[Any]) -> ColumnElement[bool]:
    """Whether a row is among the first `count` by `number`, of those whose columns are the `same`.

    By the number of the last one: `number IN (SELECT … LIMIT n)` is a join, and a database that believes the
    queue to be empty, as it mostly is, compares each row with each.
    """
    other = queue.alias("other")
    last: Any = (
        select(other.c.number)
        .where(*(other.c[name] == value for name, value in same.items()))
        .order_by(other.c.number)
        .offset(literal_column(str(count - 1)))
        .limit(literal_column("1"))
    )
    return queue.c.number <= func.coalesce(last.scalar_subquery(), _LAST)
