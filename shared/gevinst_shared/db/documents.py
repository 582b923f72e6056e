"""JSON that PostgreSQL writes: the answer of a read that decides nothing goes out as it is (A4).

Optional members are absent, never null; a moment always has six decimals and `Z`; money is an object
with the amount as text. The response models in `schemas/` are the contract; tests hold the two equal.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Numeric, Text, case, cast, func, literal, literal_column
from sqlalchemy.dialects.postgresql import JSON, aggregate_order_by


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it is answered: its JSON and its revision."""

    document: str
    revision: int


def document(**members: ColumnElement[Any]) -> ColumnElement[Any]:
    """An object of the members that have a value, in this order."""
    parts: list[Any] = []
    for name, value in members.items():
        parts += [literal_column(f"'{name}'"), value]
    return func.json_strip_nulls(func.json_build_object(*parts), type_=JSON)


def documents(
    item: ColumnElement[Any], *order: ColumnElement[Any], where: ColumnElement[bool] | None = None
) -> ColumnElement[Any]:
    """An array of all rows' documents (of those `where`), in order; empty rather than null."""
    ordered = aggregate_order_by(item, *order) if order else item
    array: Any = func.json_agg(ordered)
    if where is not None:
        array = array.filter(where)
    return func.coalesce(array, literal_column("'[]'::json"), type_=JSON)


def moment(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """2026-11-21T19:24:00.000000Z"""
    in_utc = func.timezone(literal_column("'UTC'"), column)
    return func.to_char(in_utc, literal_column("""'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""))


def amount(minor: ColumnElement[Any]) -> ColumnElement[Any]:
    """Whole hundredths as text with two decimals: 125 is "1.25"."""
    return cast(cast(cast(minor, Numeric) / literal(100, Numeric), Numeric(20, 2)), Text)


def money(
    minor: ColumnElement[Any], currency: ColumnElement[Any], price_year: ColumnElement[Any]
) -> ColumnElement[Any]:
    """A money object, or null (and so absent) when there is no amount: missing is not zero (B6)."""
    value = func.json_build_object(
        literal_column("'amount'"),
        amount(minor),
        literal_column("'currency'"),
        currency,
        literal_column("'price_year'"),
        price_year,
        type_=JSON,
    )
    return case((minor.is_not(None), value))
