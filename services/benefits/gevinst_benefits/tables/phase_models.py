"""An organisation's own phase models: a version never changes, it is only retired (G1)."""

from sqlalchemy import CheckConstraint, Column, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key

phase_model = Table(
    "phase_model",
    metadata,
    tenant_key(),
    record_key(),
    Column("code", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    UniqueConstraint("organisation_id", "code", "version"),
    CheckConstraint("document ->> 'code' = code AND document ->> 'version' = version", name="document"),
    # A project stays on the version that it started with, so that version stays as it was.
    info={"append_only": True},
)

phase_model_retirement = Table(
    "phase_model_retirement",
    metadata,
    tenant_key(),
    # The phase model's id.
    record_key(),
    Column("reason", Text, nullable=False),
    Column("retired_by", Text, nullable=False),
    moment("retired_at"),
    revision(),
    belongs("id", to="phase_model"),
    info={"append_only": True},
)
