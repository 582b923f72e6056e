"""Every table of the portfolio service.

`organisation_id` is the tenant and comes first in every key. Money is whole hundredths in the currency and
price year of the portfolio; the profile of a project (cost per year, needs per period) is one value of the
project, read and written whole, and so a JSON array.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_shared.db.columns import minor_units, moment, record_key, revision, tenant_key
from gevinst_shared.db.idempotency import KeptAnswers, idempotency_table
from gevinst_shared.feed.consumer import cursor_table
from gevinst_shared.feed.outbox import Outbox, audit_table, event_table
from gevinst_shared.feed.reader import FeedReader

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
    }
)

event = event_table(metadata)
audit = audit_table(metadata)
idempotency = idempotency_table(metadata)
feed_cursor = cursor_table(metadata)
outbox = Outbox(event, audit)
feed = FeedReader(event)
kept_answers = KeptAnswers(idempotency)


def _belongs(*columns: str, to: str) -> ForeignKeyConstraint:
    """A reference that cannot leave the organisation."""
    return ForeignKeyConstraint(
        ["organisation_id", *columns], [f"{to}.organisation_id", *(f"{to}.id" for _ in columns)]
    )


def _one_of(column: str, *values: str) -> CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


organisation = Table(
    "organisation",
    metadata,
    tenant_key(),
    Column("name", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("language", Text, nullable=False),
    revision(),
    moment("created_at"),
)

unit = Table(
    "unit",
    metadata,
    tenant_key(),
    record_key(),
    Column("name", Text, nullable=False),
    Column("parent_id", Uuid),
    # Every unit above this one and this one itself: a role in a unit holds in its subtree.
    Column("path", ARRAY(Uuid), nullable=False),
    revision(),
    moment("created_at"),
    _belongs("parent_id", to="unit"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
)

person = Table(
    "person",
    metadata,
    tenant_key(),
    record_key(),
    Column("subject", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("email", Text),
    Column("language", Text, nullable=False),
    revision(),
    moment("created_at"),
    UniqueConstraint("organisation_id", "subject"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
)

role_assignment = Table(
    "role_assignment",
    metadata,
    tenant_key(),
    record_key(),
    Column("person_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("scope_id", Uuid),
    Column("valid_from", Date),
    Column("valid_until", Date),
    revision(),
    moment("created_at"),
    _belongs("person_id", to="person"),
    _one_of("scope", "organisation", "unit", "portfolio", "programme", "project"),
    CheckConstraint("(scope = 'organisation') = (scope_id IS NULL)", name="scope_id"),
    Index("role_assignment_by_person", "organisation_id", "person_id"),
)

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
    revision(),
    moment("created_at"),
    ForeignKeyConstraint(["organisation_id"], ["organisation.organisation_id"]),
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
    _belongs("portfolio_id", to="portfolio"),
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
    Column("currency", Text, nullable=False),
    Column("price_year", Integer, nullable=False),
    Column("cost_by_year", JSONB, nullable=False, server_default=text("'[]'")),
    Column("needs", JSONB, nullable=False, server_default=text("'[]'")),
    Column("depends_on", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("excludes", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("registration", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("phase", Text),
    # What the source said that has no column of its own; nothing that was imported is lost.
    Column("source_fields", JSONB, nullable=False, server_default=text("'{}'")),
    revision(),
    moment("created_at"),
    _belongs("portfolio_id", to="portfolio"),
    _belongs("programme_id", to="programme"),
    _belongs("owner_id", to="person"),
    _belongs("manager_id", to="person"),
    _belongs("unit_id", to="unit"),
    UniqueConstraint("organisation_id", "portfolio_id", "source", "source_key"),
    _one_of("registration", "central", "light"),
    _one_of("status", "proposed", "approved", "running", "paused", "stopped", "closed"),
    CheckConstraint('"end" IS NULL OR start IS NULL OR start <= "end"', name="days"),
    CheckConstraint("jsonb_typeof(cost_by_year) = 'array'", name="cost_by_year"),
    CheckConstraint("jsonb_typeof(needs) = 'array'", name="needs"),
    Index("project_by_portfolio", "organisation_id", "portfolio_id", "id"),
    Index("project_by_name", "organisation_id", "portfolio_id", "name", "id"),
)
