"""Indicators, their baselines, and what is measured on them (B5, B6, B7)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Index,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

_RULES = ("sum", "mean", "last", "weighted-mean")

indicator = Table(
    "indicator",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("unit_of_measure", Text, nullable=False),
    Column("direction", Text, nullable=False),
    # The value of the newest entry in `baseline`, written together with it.
    Column("baseline", Numeric(18, 6)),
    Column("target", Numeric(18, 6), nullable=False),
    # B5: what the owner does, and from which value on.
    Column("action", Text, nullable=False),
    Column("act_at", Numeric(18, 6)),
    Column("time_rule", Text, nullable=False, server_default="last"),
    Column("unit_rule", Text, nullable=False, server_default="mean"),
    # The units that it is measured in, each by itself; none: once for the whole.
    Column("measured_in", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    # The measurement plan; `due_on` are its single days, `due_days` all that follow from it.
    Column("frequency", Text),
    Column("first_on", Date),
    Column("until", Date),
    Column("measurer_role", Text),
    Column("measurer_unit_id", Uuid),
    Column("method", Text),
    Column("source", Text),
    Column("due_on", ARRAY(Date), nullable=False, server_default=text("'{}'")),
    Column("due_days", ARRAY(Date), nullable=False, server_default=text("'{}'")),
    # The planned way from baseline to target (B7).
    Column("starts_on", Date),
    Column("target_on", Date),
    Column("curve", Text),
    Column("points", JSONB),
    # B5: why there is a fourth.
    Column("reason", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    belongs("measurer_unit_id", to="unit"),
    one_of("direction", "up", "down"),
    one_of("time_rule", *_RULES),
    one_of("unit_rule", *_RULES),
    one_of("frequency", "monthly", "quarterly", "half-yearly", "yearly"),
    one_of("curve", "linear", "s-curve", "points"),
    CheckConstraint("target = baseline OR (target > baseline) = (direction = 'up')", name="target"),
    CheckConstraint("num_nulls(frequency, first_on, until) IN (0, 3)", name="plan"),
    CheckConstraint("num_nulls(measurer_role, measurer_unit_id) IN (0, 2)", name="measurer"),
    CheckConstraint("num_nulls(starts_on, target_on, curve) IN (0, 3)", name="trajectory"),
    CheckConstraint("until >= first_on", name="until"),
    CheckConstraint("target_on > starts_on", name="target_on"),
    CheckConstraint("(curve = 'points') = (points IS NOT NULL)", name="points"),
    CheckConstraint("cardinality(due_days) <= 600", name="due_days"),
    Index("indicator_by_benefit", "organisation_id", "benefit_id", "id"),
    Index("indicator_by_measurer", "organisation_id", "measurer_unit_id"),
    info={
        "shared_as": [
            Marked(kind="indicator"),
            Marked(kind="status", by="benefit_id", through="benefit", to="project_id"),
        ]
    },
)

baseline = Table(
    "baseline",
    metadata,
    tenant_key(),
    record_key(),
    Column("indicator_id", Uuid, nullable=False),
    Column("value", Numeric(18, 6), nullable=False),
    # Null: nobody said when it was measured, which is not the day that it was written down.
    Column("measured_on", Date),
    Column("method", Text),
    Column("measured_by", Text),
    # The baseline before; a new one says why.
    Column("replaces_id", Uuid),
    Column("reason", Text),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("indicator_id", to="indicator"),
    belongs("replaces_id", to="baseline"),
    UniqueConstraint("organisation_id", "replaces_id"),
    CheckConstraint("replaces_id <> id", name="replaces_id"),
    CheckConstraint("replaces_id IS NULL OR reason IS NOT NULL", name="reason"),
    # One first baseline, and each replaced once: one chain.
    Index(
        "baseline_first",
        "organisation_id",
        "indicator_id",
        unique=True,
        postgresql_where=text("replaces_id IS NULL"),
    ),
    Index("baseline_by_indicator", "organisation_id", "indicator_id", "id"),
    info={"append_only": True},
)

measurement = Table(
    "measurement",
    metadata,
    tenant_key(),
    record_key(),
    Column("indicator_id", Uuid, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("value", Numeric(18, 6), nullable=False),
    Column("unit_id", Uuid),
    # What stands behind the value, such as cases: for weighted means.
    Column("weight", Numeric(18, 6)),
    Column("source", Text),
    # A correction is a new entry that names the one it replaces; that one stays.
    Column("corrects_id", Uuid),
    Column("reason", Text),
    Column("measured_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("indicator_id", to="indicator"),
    belongs("unit_id", to="unit"),
    belongs("corrects_id", to="measurement"),
    UniqueConstraint("organisation_id", "corrects_id"),
    CheckConstraint("corrects_id <> id", name="corrects_id"),
    CheckConstraint("corrects_id IS NULL OR reason IS NOT NULL", name="reason"),
    CheckConstraint("weight > 0", name="weight"),
    # Series and newest values are read from the index alone.
    Index(
        "measurement_by_indicator",
        "organisation_id",
        "indicator_id",
        "taken_on",
        "id",
        postgresql_include=["value", "unit_id", "weight"],
    ),
    # The same day, unit and source is measured once; another value is a correction.
    Index(
        "measurement_once",
        "organisation_id",
        "indicator_id",
        "taken_on",
        "unit_id",
        "source",
        unique=True,
        postgresql_where=text("corrects_id IS NULL"),
        postgresql_nulls_not_distinct=True,
    ),
    postgresql_partition_by="HASH (organisation_id)",
    info={
        "append_only": True,
        "shared_as": [
            Marked(kind="measurement"),
            Marked(kind="measurement", by="corrects_id"),
            Marked(kind="indicator", by="indicator_id"),
            Marked(
                kind="status",
                by="indicator_id",
                through="indicator",
                to="benefit_id",
                then=[["benefit", "project_id"]],
            ),
        ],
    },
)

light_override = Table(
    "light_override",
    metadata,
    tenant_key(),
    record_key(),
    Column("indicator_id", Uuid, nullable=False),
    # Null takes the one before back.
    Column("colour", Text),
    Column("reason", Text, nullable=False),
    Column("until", Date, nullable=False),
    Column("overruled_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("indicator_id", to="indicator"),
    one_of("colour", "green", "yellow", "red"),
    Index("light_override_by_indicator", "organisation_id", "indicator_id", "id"),
    info={
        "append_only": True,
        "shared_as": [
            Marked(kind="indicator", by="indicator_id"),
            Marked(
                kind="status",
                by="indicator_id",
                through="indicator",
                to="benefit_id",
                then=[["benefit", "project_id"]],
            ),
        ],
    },
)

# How an indicator's way was last seen, so that getting worse is told once (B7).
curve_watch = Table(
    "curve_watch",
    metadata,
    tenant_key(),
    # The indicator's id.
    record_key(),
    # Null until somebody has looked.
    Column("colour", Text),
    # The day on which time alone may have changed what is seen; null when there is none.
    Column("next_on", Date),
    belongs("id", to="indicator"),
    Index("curve_watch_by_day", "next_on"),
    info={
        "queue": True,
        # The day of the next look changes when a look was taken: time alone may change a light, too.
        "shared_as": [
            Marked(kind="indicator"),
            Marked(
                kind="status", by="id", through="indicator", to="benefit_id", then=[["benefit", "project_id"]]
            ),
        ],
    },
)

due_watch = Table(
    "due_watch",
    metadata,
    tenant_key(),
    # The indicator's id: the worker's place among its due days.
    record_key(),
    # The next due day that nobody has been told of; null when there is none.
    Column("next_on", Date),
    # Due days up to this one have been dealt with, whatever the plan says later.
    Column("told_until", Date),
    belongs("id", to="indicator"),
    Index("due_watch_by_day", "next_on"),
    info={"queue": True},
)
