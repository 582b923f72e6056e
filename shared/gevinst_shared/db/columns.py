"""What the tables of all services are made of: names, columns, references that stay in the tenant (A9)."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Text,
    Uuid,
)


def new_metadata() -> MetaData:
    """Where one service's tables are declared; refusals name members after these constraints' names."""
    return MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
        }
    )


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


def belongs(*columns: str, to: str) -> ForeignKeyConstraint:
    """A reference that cannot leave the organisation."""
    return ForeignKeyConstraint(
        ["organisation_id", *columns], [f"{to}.organisation_id", *(f"{to}.id" for _ in columns)]
    )


def one_of(column: str, *values: str) -> CheckConstraint:
    """A closed choice."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)
