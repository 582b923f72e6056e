"""Column shapes that the tables of all services share (A9)."""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer, Text, Uuid


def tenant_key() -> Column[str]:
    """The owner of the row: the organisation's identifier, first in every key."""
    return Column("organisation_id", Text, primary_key=True)


def record_key() -> Column[Any]:
    return Column("id", Uuid, primary_key=True)


def revision() -> Column[int]:
    """Counts the changes of a record; its ETag."""
    return Column("revision", Integer, nullable=False, server_default="1")


def moment(name: str, *, is_optional: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=is_optional)


def minor_units(name: str, *, is_optional: bool = False) -> Column[int]:
    """Money in whole hundredths."""
    return Column(name, BigInteger, nullable=is_optional)
