"""Playbooks, their editions, and what projects made of them (X3)."""

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
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_portfolio.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

# Our own, and those of partners that arrived here.
playbook = Table(
    "playbook",
    metadata,
    tenant_key(),
    # Ours, also for what arrived: an id that another body says is a claim, and two may claim the same.
    record_key(),
    Column("publisher", Text, nullable=False),
    # The id that its publisher gave it, which editions name.
    Column("published_as", Uuid, nullable=False),
    # By which partner it arrived; none: it is our own.
    Column("partner_id", Uuid),
    Column("project_id", Uuid),
    Column("programme_id", Uuid),
    Column("name", Text, nullable=False),
    Column("purpose", Text),
    # Benefits has it; it is only named here.
    Column("general_case", Uuid),
    # {"activities": […], "decisions": […]}, as the next edition will have them; none: it arrived.
    Column("draft", JSONB),
    # The newest, and its hash; 0: nothing has been published.
    Column("edition", Integer, nullable=False),
    Column("sha256", Text),
    moment("withdrawn_at", is_optional=True),
    Column("withdrawal_reason", Text),
    # When its publisher ceased to share it with us.
    moment("unshared_at", is_optional=True),
    Column("created_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    moment("changed_at"),
    belongs("project_id", to="project"),
    belongs("programme_id", to="programme"),
    UniqueConstraint("organisation_id", "publisher", "published_as"),
    CheckConstraint(
        "CASE WHEN partner_id IS NULL THEN publisher = organisation_id AND published_as = id "
        "ELSE publisher <> organisation_id END",
        name="publisher",
    ),
    CheckConstraint(
        "CASE WHEN partner_id IS NULL THEN num_nonnulls(project_id, programme_id) = 1 AND draft IS NOT NULL "
        "ELSE num_nonnulls(project_id, programme_id, draft) = 0 AND edition > 0 END",
        name="origin",
    ),
    CheckConstraint("(edition = 0) = (sha256 IS NULL)", name="edition"),
    CheckConstraint("(withdrawn_at IS NULL) = (withdrawal_reason IS NULL)", name="withdrawal"),
    Index("playbook_by_name", "organisation_id", "name", "id"),
    Index("playbook_by_partner", "organisation_id", "partner_id"),
    info={"shared_as": [Marked(kind="playbook")]},
)

# What was published, as it was published. A publisher that was restored may say a number again.
playbook_edition = Table(
    "playbook_edition",
    metadata,
    tenant_key(),
    record_key(),
    Column("playbook_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("document", JSONB, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("note", Text),
    Column("published_by", Text, nullable=False),
    moment("published_at"),
    belongs("playbook_id", to="playbook"),
    UniqueConstraint("organisation_id", "playbook_id", "number", "sha256"),
    CheckConstraint("number > 0", name="number"),
    info={"append_only": True},
)

# A playbook taken over into a project: the edition that is taken whole, and the days that weeks count from.
playbook_adoption = Table(
    "playbook_adoption",
    metadata,
    tenant_key(),
    record_key(),
    Column("playbook_id", Uuid, nullable=False),
    Column("project_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("purpose", Text),
    Column("general_case", Uuid),
    Column("edition", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    # {"start": "2027-01-04"}
    Column("points", JSONB, nullable=False),
    # The edition that was dismissed, and why.
    Column("dismissed_sha256", Text),
    Column("dismissal_reason", Text),
    Column("adopted_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    moment("changed_at"),
    belongs("playbook_id", to="playbook"),
    belongs("project_id", to="project"),
    UniqueConstraint("organisation_id", "project_id", "playbook_id"),
    CheckConstraint("(dismissed_sha256 IS NULL) = (dismissal_reason IS NULL)", name="dismissal"),
    Index("playbook_adoption_by_playbook", "organisation_id", "playbook_id", "id"),
    info={"shared_as": [Marked(kind="playbook_adoption")]},
)

adopted_item = Table(
    "adopted_item",
    metadata,
    tenant_key(),
    record_key(),
    Column("adoption_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    # The same in the playbook and all that took it over.
    Column("key", Uuid, nullable=False),
    Column("place", Integer, nullable=False),
    # The edition that `base` is from; none: it is our own.
    Column("edition", Integer),
    Column("base", JSONB),
    # What was changed here, null where something was taken away.
    Column("local", JSONB, nullable=False),
    Column("state", Text, nullable=False),
    Column("decided_on", Date),
    # Why it was left out, or decided so.
    Column("reason", Text),
    # It went with the original, and stays to be seen.
    Column("is_gone", Boolean, nullable=False),
    revision(),
    moment("created_at"),
    moment("changed_at"),
    belongs("adoption_id", to="playbook_adoption"),
    UniqueConstraint("organisation_id", "adoption_id", "kind", "key"),
    one_of("kind", "activity", "decision"),
    CheckConstraint(
        "CASE kind WHEN 'activity' THEN state IN ('planned', 'under-way', 'done', 'left-out') "
        "ELSE state IN ('open', 'taken', 'left-out') END",
        name="state",
    ),
    CheckConstraint("(base IS NULL) = (edition IS NULL)", name="base"),
    CheckConstraint("(state = 'taken') = (decided_on IS NOT NULL)", name="decided_on"),
    CheckConstraint("state NOT IN ('taken', 'left-out') OR reason IS NOT NULL", name="reason"),
    Index("adopted_item_by_place", "organisation_id", "adoption_id", "place", "id"),
    info={
        "shared_as": [
            Marked(kind="playbook_adoption", by="adoption_id", of=["state", "is_gone", "adoption_id"])
        ]
    },
)
