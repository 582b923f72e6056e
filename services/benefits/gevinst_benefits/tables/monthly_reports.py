"""Monthly reports: one for each project and month, what was submitted, and the measures proposed (B13)."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

# From which month an organisation's projects report, and on which working day after it at the latest. The
# queue role looks through the organisations for reports that are late.
reporting_practice = Table(
    "reporting_practice",
    metadata,
    tenant_key(),
    Column("due_working_day", Integer, nullable=False),
    Column("from_month", Date, nullable=False),
    revision(),
    moment("created_at"),
    CheckConstraint("due_working_day BETWEEN 1 AND 20", name="due_working_day"),
    CheckConstraint("extract(day FROM from_month) = 1", name="from_month"),
    info={"queue": True},
)

monthly_report = Table(
    "monthly_report",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    # Its first day.
    Column("month", Date, nullable=False),
    Column("state", Text, nullable=False),
    # MonthlyReportIn, as it stands now.
    Column("content", JSONB, nullable=False),
    Column("correction_reason", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    UniqueConstraint("organisation_id", "project_id", "month"),
    one_of("state", "draft", "submitted"),
    CheckConstraint("extract(day FROM month) = 1", name="month"),
    Index("monthly_report_by_month", "organisation_id", "month"),
)

# What was submitted, word for word; a correction is the next number.
monthly_report_version = Table(
    "monthly_report_version",
    metadata,
    tenant_key(),
    record_key(),
    Column("report_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content", JSONB, nullable=False),
    # What was known of the project on that day.
    Column("known", JSONB, nullable=False),
    Column("reason", Text),
    Column("submitted_by", Text, nullable=False),
    moment("submitted_at"),
    Column("submitted_on", Date, nullable=False),
    belongs("report_id", to="monthly_report"),
    UniqueConstraint("organisation_id", "report_id", "number"),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("(number = 1) = (reason IS NULL)", name="reason"),
    info={"append_only": True},
)

report_measure = Table(
    "report_measure",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("report_id", Uuid, nullable=False),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("proposed_by", Text, nullable=False),
    Column("decision_reason", Text),
    Column("decided_by", Text),
    moment("decided_at", is_optional=True),
    Column("owner_id", Uuid),
    Column("deadline", Date),
    Column("note", Text),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    belongs("report_id", to="monthly_report"),
    belongs("owner_id", to="person"),
    one_of("state", "proposed", "decided", "declined", "done", "dropped"),
    CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name="decided_by"),
    # G3: the one who proposes does not decide.
    CheckConstraint("decided_by <> proposed_by", name="proposer"),
    CheckConstraint(
        "(state IN ('decided', 'done', 'dropped')) = (owner_id IS NOT NULL AND deadline IS NOT NULL)",
        name="owner_id",
    ),
    Index("report_measure_by_project", "organisation_id", "project_id", "id"),
)

# That a report was late is said once for each project and month.
# Of whom it was said that a report is owed, and by when.
report_debt = Table(
    "report_debt",
    metadata,
    tenant_key(),
    # The project's id.
    record_key(),
    Column("month", Date, primary_key=True),
    Column("due_on", Date, primary_key=True),
    revision(),
    moment("told_at"),
    belongs("id", to="project"),
    info={"append_only": True},
)

report_lateness = Table(
    "report_lateness",
    metadata,
    tenant_key(),
    # The project's id.
    record_key(),
    Column("month", Date, primary_key=True),
    Column("due_on", Date, nullable=False),
    revision(),
    moment("told_at"),
    belongs("id", to="project"),
    info={"append_only": True},
)
