"""Prerequisites and risks of benefits."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Index, Table, Text, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key


def _owned(name: str) -> tuple[Any, ...]:
    """Whose it is, either a person's or a role's in a unit, and what is done about it."""
    return (
        Column("benefit_id", Uuid, nullable=False),
        Column("name", Text, nullable=False),
        Column("measure", Text),
        Column("owner_person_id", Uuid),
        Column("owner_role", Text),
        Column("owner_unit_id", Uuid),
        Column("state", Text, nullable=False),
        Column("created_by", Text, nullable=False),
        revision(),
        moment("created_at"),
        belongs("benefit_id", to="benefit"),
        belongs("owner_person_id", to="person"),
        belongs("owner_unit_id", to="unit"),
        CheckConstraint("(owner_person_id IS NULL) <> (owner_unit_id IS NULL)", name="owner"),
        CheckConstraint("(owner_role IS NULL) = (owner_unit_id IS NULL)", name="owner_role"),
        Index(f"{name}_by_benefit", "organisation_id", "benefit_id", "id"),
        Index(f"{name}_by_unit", "organisation_id", "owner_unit_id"),
        Index(f"{name}_by_person", "organisation_id", "owner_person_id"),
    )


prerequisite = Table(
    "prerequisite",
    metadata,
    tenant_key(),
    record_key(),
    *_owned("prerequisite"),
    one_of("state", "open", "met", "failed"),
)

risk = Table(
    "risk",
    metadata,
    tenant_key(),
    record_key(),
    Column("probability", Text, nullable=False),
    Column("consequence", Text, nullable=False),
    # Computed from the two by the domain, kept for filtering.
    Column("level", Text, nullable=False),
    *_owned("risk"),
    one_of("state", "open", "reduced", "occurred", "closed"),
    one_of("probability", "low", "moderate", "high"),
    one_of("consequence", "low", "moderate", "high"),
    one_of("level", "low", "moderate", "high"),
)
