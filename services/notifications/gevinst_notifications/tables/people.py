"""What people and their organisation have said of how they want to hear: settings, following, leave (N3).

Ids and choices, no free text: what is kept of a person stays little (E3).
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_notifications.tables.shared import metadata
from gevinst_shared.db.columns import moment, one_of, record_key, revision, tenant_key


def _minute(name: str, *, is_optional: bool = True) -> Column[int]:
    """A time of the day in the reader's zone, in minutes after midnight."""
    return Column(name, Integer, nullable=is_optional)


# What is null follows the organisation, or what we ship. `ways` is {kind: {channel: way}}.
person_setting = Table(
    "person_setting",
    metadata,
    tenant_key(),
    record_key(),
    Column("language", Text),
    Column("zone", Text),
    Column("country", Text),
    _minute("quiet_from"),
    _minute("quiet_until"),
    Column("quiet_on_closed_days", Boolean, nullable=False),
    _minute("digest_at"),
    Column("digest_weekday", Integer),
    Column("ways", JSONB, nullable=False),
    moment("changed_at"),
    revision(),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours"),
    CheckConstraint("digest_weekday BETWEEN 1 AND 7", name="digest_weekday"),
)

organisation_setting = Table(
    "organisation_setting",
    metadata,
    tenant_key(),
    record_key(),
    _minute("quiet_from"),
    _minute("quiet_until"),
    Column("quiet_on_closed_days", Boolean, nullable=False),
    Column("mandatory_kinds", ARRAY(Text), nullable=False),
    Column("ways", JSONB, nullable=False),
    moment("changed_at"),
    revision(),
    CheckConstraint("(quiet_from IS NULL) = (quiet_until IS NULL)", name="quiet_hours"),
    UniqueConstraint("organisation_id"),
)

following = Table(
    "following",
    metadata,
    tenant_key(),
    record_key(),
    Column("person_id", Uuid, nullable=False),
    Column("scope", Text, nullable=False),
    Column("scope_id", Uuid, nullable=False),
    Column("level", Text, nullable=False),
    moment("created_at"),
    revision(),
    UniqueConstraint("organisation_id", "person_id", "scope_id"),
    one_of("scope", "unit", "portfolio", "programme", "project"),
    one_of("level", "follow", "mute"),
    Index("following_of_place", "organisation_id", "scope_id"),
)

# The span is half-open: `back_on` is the first day at work again.
absence = Table(
    "absence",
    metadata,
    tenant_key(),
    record_key(),
    Column("person_id", Uuid, nullable=False),
    Column("away_from", Date, nullable=False),
    Column("back_on", Date, nullable=False),
    Column("substitute_id", Uuid),
    moment("created_at"),
    revision(),
    CheckConstraint("away_from < back_on", name="span"),
    CheckConstraint("substitute_id <> person_id", name="substitute"),
    Index("absence_of_person", "organisation_id", "person_id", "back_on"),
)

# N4: why somebody who was concerned did not hear on a channel, as it was decided then.
silence = Table(
    "silence",
    metadata,
    tenant_key(),
    Column("event_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("cause", Text, nullable=False),
    moment("created_at"),
    postgresql_partition_by="HASH (organisation_id)",
)
