"""A read in one statement: it binds itself to its organisation, and needs no transaction around it (A4).

`BEGIN`, the read and `COMMIT` are three round trips, and a read that decides nothing waits for two of them
for nothing. PostgreSQL runs a lone statement in a transaction of its own; what is missing is the setting
that row-level security looks at. The condition below makes it: it has no column of any table in it, so the
planner puts it as a one-time filter on top of the scan, and it is evaluated before the first row is asked
for. Were it ever evaluated later, the policies would find no organisation and give no row: it fails closed.
Both settings end with the statement.

A test looks at the plan of every such statement; another one reads as two organisations in turn.
"""

from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, func, literal, select


def bound() -> ColumnElement[Any]:
    """The condition for `where(…)`; the statement takes the parameter `organisation`."""
    settings = func.set_config(
        "app.organisation", bindparam("organisation", type_=Text), literal(value=True)
    ).concat(func.set_config("transaction_read_only", "on", literal(value=True)))
    return select(settings).scalar_subquery().is_not(None)
