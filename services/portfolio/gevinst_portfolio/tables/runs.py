"""Work in the background: the queue of runs, their files, and what an import found in its file (A6)."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

run = Table(
    "run",
    metadata,
    tenant_key(),
    record_key(),
    Column("kind", Text, nullable=False),
    Column("portfolio_id", Uuid, nullable=False),
    Column("scenario_id", Uuid),
    Column("state", Text, nullable=False),
    Column("progress", JSONB, nullable=False),
    Column("input", JSONB, nullable=False),
    Column("result", JSONB),
    Column("error", JSONB),
    Column("requested_by", Text, nullable=False),
    Column("request_id", Uuid, nullable=False),
    # Whose run it is: a worker writes only while the number is the one that it claimed the run with.
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("cancel_requested", Boolean, nullable=False, server_default=text("false")),
    moment("lease_until", is_optional=True),
    revision(),
    moment("created_at"),
    moment("started_at", is_optional=True),
    moment("ended_at", is_optional=True),
    belongs("portfolio_id", to="portfolio"),
    belongs("scenario_id", to="scenario"),
    one_of("kind", "import", "solve", "read-upload", "apply-upload", "analyse"),
    one_of("state", "queued", "running", "done", "failed", "cancelled"),
    Index(
        "run_waiting",
        "created_at",
        postgresql_where=text("state IN ('queued', 'running')"),
    ),
    info={"queue": True},
)

run_file = Table(
    "run_file",
    metadata,
    tenant_key(),
    Column("run_id", Uuid, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    belongs("run_id", to="run"),
    info={"append_only": True},
)

import_cell = Table(
    "import_cell",
    metadata,
    tenant_key(),
    Column("run_id", Uuid, primary_key=True),
    record_key(),
    # The order in the file, from 1.
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("project_key", Text),
    Column("field", Text),
    Column("label", Text),
    Column("row", Integer),
    Column("column", Integer),
    Column("raw", Text, nullable=False),
    ForeignKeyConstraint(["organisation_id", "run_id"], ["run.organisation_id", "run.id"]),
    info={"append_only": True},
)
