"""Groups of people, and the named roles of a project's board that people or groups hold (P10)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, record_key, revision, tenant_key

people_group = Table(
    "people_group",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    Column("member_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    revision(),
    moment("created_at"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
    UniqueConstraint("organisation_id", "name"),
)

board_seat = Table(
    "board_seat",
    metadata,
    tenant_key(),
    record_key(),
    Column("project_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("person_id", Uuid),
    Column("group_id", Uuid),
    # Since when its holder has it, or since when nobody has.
    Column("since", Date, nullable=False),
    Column("ended_on", Date),
    revision(),
    moment("created_at"),
    belongs("project_id", to="project"),
    belongs("person_id", to="person"),
    belongs("group_id", to="people_group"),
    CheckConstraint("num_nonnulls(person_id, group_id) <= 1", name="holder"),
    Index("board_seat_by_project", "organisation_id", "project_id", "id"),
    Index("board_seat_by_person", "organisation_id", "person_id"),
)
