"""B11: agreements on benefits that fall with another body: the steps of each, recorded one after the other,
and the halves of those that both bodies keep and tell each other of."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gevinst_benefits.tables.shared import metadata
from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import Marked

agreement_entry = Table(
    "agreement_entry",
    metadata,
    tenant_key(),
    record_key(),
    Column("benefit_id", Uuid, nullable=False),
    # The exchanged agreement that it is a step of; without one it was recorded by hand.
    Column("agreement_id", Uuid),
    Column("body", Text, nullable=False),
    Column("body_name", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("share_kept", Numeric(7, 6)),
    # What this organisation counts of the benefit from this step on, and what nobody does.
    Column("counted", Numeric(7, 6), nullable=False),
    Column("in_transit", Numeric(7, 6), nullable=False),
    Column("reference", Text),
    Column("note", Text),
    Column("recorded_by", Text, nullable=False),
    revision(),
    moment("created_at"),
    belongs("benefit_id", to="benefit"),
    one_of(
        "state",
        *("proposed", "accepted", "disputed", "shared"),
        *("confirmed", "released", "withdrawn", "held"),
    ),
    CheckConstraint("body <> organisation_id", name="body"),
    CheckConstraint(
        "agreement_id IS NOT NULL OR (state = 'shared') = (share_kept IS NOT NULL)", name="share_kept"
    ),
    # Never counted twice: what is in transit is counted by nobody.
    CheckConstraint("counted >= 0 AND in_transit >= 0 AND counted + in_transit <= 1", name="counted"),
    Index("agreement_entry_by_benefit", "organisation_id", "benefit_id", "id"),
    info={
        "append_only": True,
        "shared_as": [Marked(kind="status", by="benefit_id", through="benefit", to="project_id")],
    },
)


def _half(metadata: MetaData, name: str) -> Table:
    """One side's halves. `half` is what the other body gets of it, `figures` what is offered, and `state` how
    far the agreement is as seen from here."""
    return Table(
        name,
        metadata,
        tenant_key(),
        record_key(),
        Column("partner_id", Uuid, nullable=False),
        Column("benefit_id", Uuid),
        Column("state", Text, nullable=False),
        Column("is_open", Boolean, nullable=False),
        Column("figures", JSONB, nullable=False),
        Column("half", JSONB, nullable=False),
        revision(),
        moment("created_at"),
        moment("changed_at"),
        belongs("benefit_id", to="benefit"),
        belongs("partner_id", to="sync_partner"),
        one_of(
            "state",
            *("proposed", "accepted", "disputed", "shared"),
            *("confirmed", "released", "withdrawn", "held"),
        ),
        # A benefit falls with one body at a time.
        Index(
            f"{name}_open",
            *("organisation_id", "benefit_id"),
            unique=True,
            postgresql_where=text("is_open AND benefit_id IS NOT NULL"),
        ),
        info={"shared_as": [Marked(kind=name)]},
    )


agreement_offer = _half(metadata, "agreement_offer")
agreement_reply = _half(metadata, "agreement_reply")
