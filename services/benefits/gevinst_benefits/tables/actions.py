"""B8: actions of the benefit realisation plan."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Integer, Table, Text, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

action = Table(
    "action",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("other_kind", Text),
    Column("name", Text, nullable=False),
    Column("description", Text),
    # Either a person, or a role in a unit.
    Column("owner_person_id", Uuid),
    Column("owner_role", Text),
    Column("owner_unit_id", Uuid),
    # B9: the deadline is a day of its own, or hangs on the project's.
    Column("hangs_on", Text, nullable=False),
    Column("offset_months", Integer, nullable=False),
    Column("day", Date),
    Column("delivery_id", Uuid),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("done_on", Date),
    Column("done_by", Text),
    Column("follow_up", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    belongs("owner_person_id", to="person"),
    belongs("owner_unit_id", to="unit"),
    belongs("delivery_id", to="delivery"),
    one_of("state", "planned", "started", "done", "dropped"),
    one_of("hangs_on", "none", "start", "end", "milestone"),
    CheckConstraint("(owner_person_id IS NULL) <> (owner_unit_id IS NULL)", name="owner"),
    CheckConstraint("(owner_role IS NULL) = (owner_unit_id IS NULL)", name="owner_role"),
    CheckConstraint("(hangs_on = 'none') = (day IS NOT NULL)", name="day"),
    CheckConstraint("(hangs_on = 'milestone') = (delivery_id IS NOT NULL)", name="delivery_id"),
    CheckConstraint("(kind = 'other') = (other_kind IS NOT NULL)", name="other_kind"),
    CheckConstraint("(state = 'done') = (done_on IS NOT NULL)", name="done_on"),
    CheckConstraint("(done_on IS NULL) = (done_by IS NULL)", name="done_by"),
    Index("action_by_benefit", "organisation_id", "benefit_id", "id"),
    Index("action_by_unit", "organisation_id", "owner_unit_id"),
    Index("action_by_person", "organisation_id", "owner_person_id"),
)
