"""Portfolios, programmes and projects.

The profile of a project (cost per year, needs per period) is one value of the project, read and written
whole, and so a JSON array.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, minor_units, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked

portfolio = Table(
    "portfolio",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    minor_units("threshold_cost_minor", is_optional=True),
    Column("threshold_months", Integer),
    Column("threshold_shared_resources", Boolean, nullable=False),
    # Whether somebody may register a project otherwise than the threshold says (P2).
    Column("threshold_may_be_overruled", Boolean, nullable=False, server_default=text("false")),
    revision(),
    moment("created_at"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
    info={"versioned": True},
)

programme = Table(
    "programme",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    UniqueConstraint("organisation_id", "portfolio_id", "name"),
    info={"shared_as": [Marked(kind="programme")]},
)

project = Table(
    "project",
    metadata,
    tenant_key(),
    record_key(),
    Column("portfolio_id", Uuid, nullable=False),
    Column("programme_id", Uuid),
    Column("name", Text, nullable=False),
    Column("need", Text),
    Column("zero_alternative", Text),
    Column("source", Text, nullable=False),
    # Who the record was imported from, and its key there: a second import updates it.
    Column("source_key", Text),
    Column("category", Text),
    Column("is_statutory", Boolean, nullable=False, server_default=text("false")),
    Column("owner_id", Uuid),
    Column("manager_id", Uuid),
    Column("unit_id", Uuid),
    Column("receiving_unit_ids", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("start", Date),
    Column("end", Date),
    minor_units("cost_minor", is_optional=True),
    minor_units("benefit_minor", is_optional=True),
    # C1: three-point estimates around the likely cost and benefit.
    minor_units("cost_low_minor", is_optional=True),
    minor_units("cost_high_minor", is_optional=True),
    minor_units("benefit_low_minor", is_optional=True),
    minor_units("benefit_high_minor", is_optional=True),
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("cost_by_year", JSONB, nullable=False, server_default=text("'[]'")),
    Column("needs", JSONB, nullable=False, server_default=text("'[]'")),
    Column("depends_on", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("excludes", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    # [{"project_id": …, "lag_quarters": 2}], for those of `depends_on` that must have settled first.
    Column("dependency_lags", JSONB, nullable=False, server_default=text("'[]'")),
    Column("earliest_start", Date),
    Column("latest_start", Date),
    # P5: the day by which the work must be over, such as that of a law.
    Column("deadline", Date),
    Column("kind", Text, nullable=False, server_default=text("'project'")),
    # P11: {"yearly_saving": "…", "saving_years": 5, "frees": [{"resource_id": …, "amount": 1.0}]}
    Column("closing", JSONB),
    # P12: the waves of a roll-out, in order.
    Column("waves", JSONB, nullable=False, server_default=text("'[]'")),
    Column("registration", Text, nullable=False),
    Column("registration_overruled", Text),
    Column("registration_reason", Text),
    Column("status", Text, nullable=False),
    Column("phase", Text),
    # What it was merged into, and where else it came from: what was merged into it.
    Column("merged_into_id", Uuid),
    Column("origins", JSONB, nullable=False, server_default=text("'[]'")),
    Column("supporters", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    # What the source said that has no column of its own; nothing that was imported is lost.
    Column("source_fields", JSONB, nullable=False, server_default=text("'{}'")),
    revision(),
    moment("created_at"),
    belongs("portfolio_id", to="portfolio"),
    belongs("programme_id", to="programme"),
    belongs("owner_id", to="person"),
    belongs("manager_id", to="person"),
    belongs("unit_id", to="unit"),
    belongs("merged_into_id", to="project"),
    UniqueConstraint("organisation_id", "portfolio_id", "source", "source_key"),
    one_of("registration", "central", "light"),
    one_of("status", "proposed", "approved", "running", "paused", "stopped", "closed", "merged", "rejected"),
    one_of("kind", "project", "closing"),
    CheckConstraint("registration_overruled IN ('central', 'light')", name="registration_overruled"),
    CheckConstraint("(kind = 'closing') = (closing IS NOT NULL)", name="closing"),
    CheckConstraint("(status = 'merged') = (merged_into_id IS NOT NULL)", name="merged"),
    CheckConstraint("merged_into_id <> id", name="merged_into_itself"),
    CheckConstraint("jsonb_typeof(waves) = 'array'", name="waves"),
    CheckConstraint('"end" IS NULL OR start IS NULL OR start <= "end"', name="days"),
    # An import may move the likely amount past an estimate that somebody gave before.
    CheckConstraint("cost_low_minor <= cost_high_minor", name="cost_estimate"),
    CheckConstraint("benefit_low_minor <= benefit_high_minor", name="benefit_estimate"),
    CheckConstraint("jsonb_typeof(cost_by_year) = 'array'", name="cost_by_year"),
    CheckConstraint("jsonb_typeof(needs) = 'array'", name="needs"),
    CheckConstraint("jsonb_typeof(dependency_lags) = 'array'", name="dependency_lags"),
    CheckConstraint("earliest_start <= latest_start AND earliest_start <= deadline", name="window"),
    Index("project_by_portfolio", "organisation_id", "portfolio_id", "id"),
    Index("project_by_name", "organisation_id", "portfolio_id", "name", "id"),
    Index(
        "project_by_merged_into",
        *("organisation_id", "merged_into_id"),
        postgresql_where=text("merged_into_id IS NOT NULL"),
    ),
    info={
        "versioned": True,
        "shared_as": [
            Marked(kind="project"),
            # What hangs on the project comes along with its programme.
            Marked(kind=EVERYTHING_UNDER, by="id", of=["programme_id"]),
        ],
    },
)
