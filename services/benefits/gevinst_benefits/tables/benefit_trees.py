"""Benefit trees (B3): one of each project, written whole; its nodes, and edges from cause to effect."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.types import Boolean

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key

benefit_tree = Table(
    "benefit_tree",
    metadata,
    tenant_key(),
    # The project's id: a project has one tree.
    record_key(),
    Column("changed_by", Text, nullable=False),
    moment("changed_at"),
    revision(),
    belongs("id", to="project"),
)

tree_node = Table(
    "tree_node",
    metadata,
    tenant_key(),
    Column("project_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    # Null where the benefit or the goal gives it.
    Column("name", Text),
    Column("description", Text),
    Column("is_disbenefit", Boolean, nullable=False),
    Column("receiving_unit_id", Uuid),
    Column("benefit_id", Uuid),
    Column("goal_id", Uuid),
    belongs("project_id", to="benefit_tree"),
    belongs("receiving_unit_id", to="unit"),
    belongs("benefit_id", to="benefit"),
    belongs("goal_id", to="goal"),
    one_of("kind", "technology", "change", "benefit", "end-benefit", "goal"),
    CheckConstraint("num_nonnulls(name, benefit_id, goal_id) > 0", name="name"),
    CheckConstraint("benefit_id IS NULL OR kind IN ('benefit', 'end-benefit')", name="benefit"),
    CheckConstraint("goal_id IS NULL OR kind = 'goal'", name="goal"),
    CheckConstraint("receiving_unit_id IS NULL OR kind = 'change'", name="receiving_unit"),
    CheckConstraint("NOT is_disbenefit OR kind IN ('benefit', 'end-benefit')", name="disbenefit"),
    Index("tree_node_by_goal", "organisation_id", "goal_id"),
    Index("tree_node_by_benefit", "organisation_id", "benefit_id"),
)

tree_edge = Table(
    "tree_edge",
    metadata,
    tenant_key(),
    Column("project_id", Uuid, primary_key=True),
    Column("cause", Text, primary_key=True),
    Column("effect", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    # How much of the effect the cause brings; null: not known, which is not zero.
    Column("share", Numeric(7, 6)),
    ForeignKeyConstraint(
        ["organisation_id", "project_id", "cause"],
        ["tree_node.organisation_id", "tree_node.project_id", "tree_node.key"],
    ),
    ForeignKeyConstraint(
        ["organisation_id", "project_id", "effect"],
        ["tree_node.organisation_id", "tree_node.project_id", "tree_node.key"],
    ),
    CheckConstraint("share BETWEEN 0 AND 1", name="share"),
    Index("tree_edge_by_effect", "organisation_id", "project_id", "effect"),
)
