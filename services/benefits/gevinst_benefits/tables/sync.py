"""The exchange with other bodies: partners, grants, what they are given and what they gave (X1)."""

from sqlalchemy import Boolean, Column, Table

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import record_key, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked
from gevinst_shared.sync.tables import sync_tables

sync = sync_tables(metadata)

# Portfolio's word on a project, by its id: what is confidential does not come along with its programme.
confidentiality = Table(
    "confidentiality",
    metadata,
    tenant_key(),
    record_key(),
    Column("is_confidential", Boolean, nullable=False),
    info={"shared_as": [Marked(kind=EVERYTHING_UNDER, by="id")]},
)
