"""What other services own, kept as it was last announced.

Without foreign keys, because facts of two feeds arrive in any order.
"""

from sqlalchemy import Column, Date, Index, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, record_key, tenant_key

organisation = Table(
    "organisation",
    metadata,
    tenant_key(),
    Column("name", Text, nullable=False),
    Column("currency", Text),
    Column("language", Text),
)

unit = Table(
    "unit",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    # Every unit above this one and this one itself.
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
    # Every subject, name and address that the person has had here: what must go when they are erased (E3).
    # Of who was erased only digests are left, by which facts that come later are recognised.
    Column("known_as", ARRAY(Text), nullable=False),
    # E3: what named the person is gone, and stays so whatever is announced.
    moment("erased_at", is_optional=True),
    Index("person_by_subject", "organisation_id", "subject"),
    Index("person_erased", "organisation_id", postgresql_where=text("erased_at IS NOT NULL")),
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

portfolio = Table(
    "portfolio",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
)

project = Table(
    "project",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text),
    Column("portfolio_id", Uuid),
    Column("programme_id", Uuid),
    Column("unit_id", Uuid),
    Column("owner_id", Uuid),
    Column("manager_id", Uuid),
    Column("receiving_unit_ids", ARRAY(Uuid)),
    Column("status", Text),
)
