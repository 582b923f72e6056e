"""What the portfolio service announced: projects, units, people and roles.

A read model: rows refer to each other without foreign keys, because a feed may bring them in any order.
"""

from sqlalchemy import Column, Date, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import record_key, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked

project = Table(
    "project",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid),
    Column("programme_id", Uuid),
    Column("name", Text, nullable=False),
    Column("status", Text),
    Column("start", Date),
    Column("end", Date),
    Column("unit_id", Uuid),
    Column("owner_id", Uuid),
    Column("manager_id", Uuid),
    Column("receiving_unit_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    info={
        "shared_as": [
            Marked(kind=EVERYTHING_UNDER, by="id", of=["programme_id", "start", "end", "status"]),
        ]
    },
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
)

person = Table(
    "person",
    metadata,
    tenant_key(),
    record_key(),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("language", Text),
    Index("person_by_subject", "organisation_id", "subject"),
)

role_assignment = Table(
    "role_assignment",
    metadata,
    tenant_key(),
    record_key(),
    Column("subject", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("scope_id", Uuid),
    Column("valid_from", Date),
    Column("valid_until", Date),
    Index("role_assignment_by_subject", "organisation_id", "subject"),
    Index("role_assignment_by_scope", "organisation_id", "scope_id", "role"),
)
