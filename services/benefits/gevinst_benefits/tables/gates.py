"""Where projects are in their phase model, and their gates: proposed on a frozen basis, and decided (G2).

Proposal, basis and decision are each written once. The decision's key is its gate's: there is only one.
"""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

OUTCOMES = ("go", "go-with-conditions", "rework", "step-back", "pause", "stop")
STATES = ("running", "reopened", "paused", "stopped", "closed")

progress = Table(
    "progress",
    metadata,
    tenant_key(),
    # The project's id: a project has one progress.
    record_key(),
    Column("phase_model", Text, nullable=False),
    Column("phase_model_version", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("skipped_phases", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    # G7: the gate whose go no longer stands, and must be decided again before any other.
    Column("reopened", JSONB),
    revision(),
    moment("created_at"),
    belongs("id", to="project"),
    one_of("state", *STATES),
    CheckConstraint("state <> 'reopened' OR reopened IS NOT NULL", name="reopened"),
    CheckConstraint("round >= 1", name="round"),
    info={"shared_as": [Marked(kind="status")]},
)

gate = Table(
    "gate",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("gate", Text, nullable=False),
    Column("gate_name", Text, nullable=False),
    Column("phase", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("skipped_phases", ARRAY(Text), nullable=False),
    Column("reopened", JSONB),
    # The decided gate of the same code that this proposal, once decided, takes the place of.
    Column("follows_id", Uuid),
    Column("reviewer_ids", ARRAY(Uuid), nullable=False),
    Column("review_by", Date),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("conditions", JSONB, nullable=False),
    Column("step_back_to", Text),
    Column("answers", JSONB, nullable=False),
    Column("decide_by", Date),
    Column("business_case_id", Uuid),
    Column("basis_sha256", Text, nullable=False),
    # Against the gate decided before; both bases are frozen, so it never changes (G4).
    Column("difference", JSONB),
    Column("proposed_by", Text, nullable=False),
    moment("proposed_at"),
    revision(),
    belongs("project_id", to="project"),
    belongs("follows_id", to="gate"),
    belongs("business_case_id", to="business_case"),
    one_of("outcome", *OUTCOMES),
    one_of("state", *STATES),
    CheckConstraint("jsonb_typeof(answers) = 'array'", name="answers"),
    CheckConstraint("jsonb_typeof(conditions) = 'array'", name="conditions"),
    Index("gate_by_project", "organisation_id", "project_id", "id"),
    Index("gate_by_follows", "organisation_id", "follows_id"),
    info={"append_only": True, "shared_as": [Marked(kind="status", by="project_id")]},
)

gate_basis = Table(
    "gate_basis",
    metadata,
    tenant_key(),
    # The gate's id.
    record_key(),
    Column("canonical", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    belongs("id", to="gate"),
    # G4: the database itself holds the copy to its hash.
    CheckConstraint("sha256 = encode(sha256(convert_to(canonical, 'UTF8')), 'hex')", name="sha256"),
    info={"append_only": True},
)

gate_decision = Table(
    "gate_decision",
    metadata,
    tenant_key(),
    # The gate's id.
    record_key(),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("conditions", JSONB, nullable=False),
    Column("step_back_to", Text),
    Column("pause_until", Date),
    Column("case_number", Text),
    Column("phase", Text, nullable=False),
    Column("round", Integer, nullable=False),
    Column("project_state", Text, nullable=False),
    Column("benefits", JSONB, nullable=False),
    Column("decided_by", Text, nullable=False),
    moment("decided_at"),
    revision(),
    belongs("id", to="gate"),
    one_of("outcome", *OUTCOMES),
    one_of("project_state", *STATES),
    CheckConstraint("jsonb_typeof(conditions) = 'array'", name="conditions"),
    CheckConstraint("jsonb_typeof(benefits) = 'array'", name="benefits"),
    CheckConstraint("pause_until IS NULL OR outcome = 'pause'", name="pause_until"),
    info={
        "append_only": True,
        "shared_as": [Marked(kind="status", by="id", through="gate", to="project_id")],
    },
)

gate_withdrawal = Table(
    "gate_withdrawal",
    metadata,
    tenant_key(),
    # The gate's id.
    record_key(),
    Column("reason", Text, nullable=False),
    Column("withdrawn_by", Text, nullable=False),
    moment("withdrawn_at"),
    revision(),
    belongs("id", to="gate"),
    info={
        "append_only": True,
        "shared_as": [Marked(kind="status", by="id", through="gate", to="project_id")],
    },
)
