"""Organisations, units, people and the roles that they hold."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

organisation = Table(
    "organisation",
    metadata,
    tenant_key(),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("language", Text, nullable=False),
    revision(),
    moment("created_at"),
)

# How the organisation's charts look: colours of marks on a light and on a dark surface, a PNG in Base64.
theme = Table(
    "theme",
    metadata,
    tenant_key(),
    Column("light", ARRAY(Text), nullable=False),
    Column("dark", ARRAY(Text), nullable=False),
    Column("font", Text),
    Column("logo", Text),
    revision(),
    moment("created_at"),
)

unit = Table(
    "unit",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    Column("parent_id", Uuid),
    # Every unit above this one and this one itself: a role in a unit holds in its subtree.
    Column("path", ARRAY(Uuid), nullable=False),
    revision(),
    moment("created_at"),
    belongs("parent_id", to="unit"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
    CheckConstraint("path[cardinality(path)] = id", name="path"),
)

person = Table(
    "person",
    metadata,
    tenant_key(),
    record_key(),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("language", Text, nullable=False),
    revision(),
    moment("created_at"),
    UniqueConstraint("organisation_id", "subject"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
)

role_assignment = Table(
    "role_assignment",
    metadata,
    tenant_key(),
    record_key(),
    Column("person_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("scope_id", Uuid),
    Column("valid_from", Date),
    Column("valid_until", Date),
    revision(),
    moment("created_at"),
    belongs("person_id", to="person"),
    one_of("scope", "organisation", "unit", "portfolio", "programme", "project"),
    CheckConstraint("(scope = 'organisation') = (scope_id IS NULL)", name="scope_id"),
    CheckConstraint("valid_until IS NULL OR valid_from IS NULL OR valid_from <= valid_until", name="days"),
    Index("role_assignment_by_person", "organisation_id", "person_id"),
    Index("role_assignment_by_place", "organisation_id", "scope_id", "role"),
)
