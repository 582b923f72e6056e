"""What somebody must do by a day, as the two feeds announced it, and who was reminded of it (N1, N2)."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, record_key, revision, tenant_key

# The queue of the reminders: `next_at` is when it must be looked at again, null when there is nothing to do.
duty = Table(
    "duty",
    metadata,
    tenant_key(),
    record_key(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("project_id", Uuid),
    Column("portfolio_id", Uuid),
    Column("benefit_id", Uuid),
    Column("owner_person_id", Uuid),
    # Held in the unit, or in the project or portfolio when no unit is named.
    Column("owner_role", Text),
    Column("owner_unit_id", Uuid),
    # Who may not do it themselves (G3), by subject or id.
    Column("not_by", Text),
    Column("due_on", Date, nullable=False),
    # Counts the days that it was due on: a reminder belongs to one of them.
    Column("due_version", Integer, nullable=False),
    # When it became due on this day.
    moment("set_at"),
    Column("state", Text, nullable=False),
    moment("opened_at"),
    moment("closed_at", is_optional=True),
    moment("acknowledged_at", is_optional=True),
    Column("acknowledged_by", Uuid),
    # Acknowledged with a plan: silent until this day, and then on.
    Column("quiet_until", Date),
    moment("next_at", is_optional=True),
    revision(),
    one_of("state", "open", "done", "withdrawn"),
    CheckConstraint("owner_person_id IS NOT NULL OR owner_role IS NOT NULL", name="owner"),
    CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_at"),
    CheckConstraint("state = 'open' OR next_at IS NULL", name="next_at"),
    CheckConstraint("due_version > 0", name="due_version"),
    Index("duty_to_look_at", "next_at", postgresql_where=text("next_at IS NOT NULL")),
    Index("duty_of_person", "organisation_id", "owner_person_id", postgresql_where=text("state = 'open'")),
    Index("duty_of_project", "organisation_id", "project_id"),
    Index("duty_of_benefit", "organisation_id", "benefit_id"),
    Index("duty_by_day", "organisation_id", "due_on", "id", postgresql_where=text("state = 'open'")),
    postgresql_partition_by="HASH (organisation_id)",
    info={"queue": True},
)

# What became of each step of the ladder, once: the key makes a repetition nothing (N5).
duty_step = Table(
    "duty_step",
    metadata,
    tenant_key(),
    Column("duty_id", Uuid, primary_key=True),
    Column("due_version", Integer, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("rung", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    moment("planned_at"),
    moment("settled_at"),
    # The notice that went out, and to whom.
    Column("event_id", Uuid),
    Column("recipient_ids", ARRAY(Uuid), nullable=False),
    # Why they and not others: the rungs of the line that nobody held.
    Column("vacant", ARRAY(Text), nullable=False),
    one_of("outcome", "told", "overtaken", "nobody"),
    CheckConstraint("(outcome = 'told') = (event_id IS NOT NULL)", name="event"),
    postgresql_partition_by="HASH (organisation_id)",
    info={"append_only": True},
)

# The facts that opened, moved or closed a duty: each counts once, however often a feed is read.
duty_fact = Table(
    "duty_fact",
    metadata,
    tenant_key(),
    Column("duty_id", Uuid, primary_key=True),
    Column("event_id", Uuid, primary_key=True),
    Column("type", Text, nullable=False),
    Column("effect", Text, nullable=False),
    moment("occurred_at"),
    Column("due_on", Date),
    one_of("effect", "set", "done", "withdrawn"),
    postgresql_partition_by="HASH (organisation_id)",
    info={"append_only": True},
)
