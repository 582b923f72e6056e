"""B2: when a benefit's owner changed, and roles that nobody holds."""

from sqlalchemy import Column, Date, Index, Table, Text, Uuid, text

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key

owner_change = Table(
    "owner_change",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("from_role", Text, nullable=False),
    Column("from_unit_id", Uuid, nullable=False),
    Column("to_role", Text, nullable=False),
    Column("to_unit_id", Uuid, nullable=False),
    Column("reason", Text),
    Column("changed_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    Index("owner_change_by_benefit", "organisation_id", "benefit_id", "id"),
    info={"append_only": True},
)

owner_vacancy = Table(
    "owner_vacancy",
    metadata,
    tenant_key(),
    record_key(),
    Column("role", Text, nullable=False),
    Column("unit_id", Uuid, nullable=False),
    Column("since", Date, nullable=False),
    Column("filled_on", Date),
    # Told exactly once until it is filled.
    Index(
        "owner_vacancy_open",
        "organisation_id",
        "role",
        "unit_id",
        unique=True,
        postgresql_where=text("filled_on IS NULL"),
    ),
)
