"""B11: the steps of agreements on benefits that fall with another body, recorded one after the other."""

from sqlalchemy import CheckConstraint, Column, Date, Index, Numeric, Table, Text, Uuid

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

agreement_entry = Table(
    "agreement_entry",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    Column("body", Text, nullable=False),
    Column("body_name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("share_kept", Numeric(7, 6)),
    Column("reference", Text),
    Column("note", Text),
    Column("recorded_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    one_of("state", "proposed", "accepted", "disputed", "shared"),
    CheckConstraint("body <> organisation_id", name="body"),
    CheckConstraint("(state = 'shared') = (share_kept IS NOT NULL)", name="share_kept"),
    Index("agreement_entry_by_benefit", "organisation_id", "benefit_id", "id"),
    info={
        "append_only": True,
        "shared_as": [Marked(kind="status", by="benefit_id", through="benefit", to="project_id")],
    },
)
