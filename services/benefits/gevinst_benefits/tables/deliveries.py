"""Deliveries of a project that the dates of its benefits and actions can hang on (B9)."""

from sqlalchemy import Column, Date, Index, Table, Text, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked

delivery = Table(
    "delivery",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    # The gate whose go means that it is there.
    Column("gate", Text),
    Column("delivered_on", Date),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    Index("delivery_by_project", "organisation_id", "project_id", "id"),
    # What hangs on it begins on another day.
    info={
        "shared_as": [
            Marked(kind=EVERYTHING_UNDER, by="project_id", of=["due_on", "delivered_on", "project_id"]),
        ]
    },
)
