"""The tables of the exchange with other bodies: what a service shares, and what it was given (X1, X2).

Portfolio owns partners and grants; another service has copies of both. What stands here of a partner's
records is the partner's: it is replaced by what the partner says next, and deleted when it says so.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    Sequence,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from gevinst_shared.db.columns import belongs, moment, one_of, record_key, revision, tenant_key
from gevinst_shared.db.marking import EVERYTHING_UNDER, Marked
from gevinst_shared.sync.shareable import PartnerState


@dataclass(frozen=True, slots=True)
class SyncTables:
    """One service's tables of the exchange."""

    partner: Table
    grant: Table
    mark: Table
    outlet: Table
    pending: Table
    revision: Table
    inlet: Table
    replica: Table
    quarantine: Table


def sync_tables(metadata: MetaData) -> SyncTables:
    return SyncTables(
        partner=_partner(metadata),
        grant=_grant(metadata),
        mark=_mark(metadata),
        outlet=_outlet(metadata),
        pending=_pending(metadata),
        revision=_revision(metadata),
        inlet=_inlet(metadata),
        replica=_replica(metadata),
        quarantine=_quarantine(metadata),
    )


def _partner(metadata: MetaData) -> Table:
    """Another body: who it is, its public keys, and how far the two of us have come.

    `keys` is {kid: {"jwk": …, "until": moment or absent}}; `withdrawn` are ids of keys that count no more,
    whatever names them later; `feeds` is {service: address}. `grants_number` counts the changes of grants to
    it.
    """
    return Table(
        "sync_partner",
        metadata,
        tenant_key(),
        record_key(),
        Column("owner", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("address", Text),
        Column("contact", Text),
        # The serial of the statement that was taken over last; a lower one is an old one.
        Column("serial", BigInteger, nullable=False, server_default="0"),
        Column("keys", JSONB, nullable=False, server_default=text("'{}'")),
        Column("withdrawn", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        Column("feeds", JSONB, nullable=False, server_default=text("'{}'")),
        # How a token for the feeds is got, as `Statement.token`; empty when it does not say.
        Column("token", JSONB, nullable=False, server_default=text("'{}'")),
        Column("grants_number", BigInteger, nullable=False, server_default="0"),
        moment("stated_at", is_optional=True),
        Column("confirmed_by", Text),
        moment("confirmed_at", is_optional=True),
        revision(),
        moment("created_at"),
        one_of("state", *PartnerState),
        # Who was stopped stays so; a later proposal is another partner.
        Index(
            "sync_partner_by_owner",
            "organisation_id",
            "owner",
            unique=True,
            postgresql_where=text("state <> 'stopped'"),
        ),
        CheckConstraint("owner <> organisation_id", name="owner"),
        CheckConstraint("jsonb_typeof(keys) = 'object'", name="keys"),
        CheckConstraint("jsonb_typeof(feeds) = 'object'", name="feeds"),
    )


def _grant(metadata: MetaData) -> Table:
    """What a partner gets: records under a root, so many `fields` of each kind ({kind: [field, …]}).

    `until` is the last day. A change of a row marks everything under the root for the partner, whoever writes
    it.
    """
    return Table(
        "sync_grant",
        metadata,
        tenant_key(),
        record_key(),
        Column("partner_id", Uuid, nullable=False),
        Column("kind", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("fields", JSONB, nullable=False),
        Column("purpose", Text, nullable=False),
        Column("until", Date, nullable=False),
        Column("given_by", Text),
        moment("given_at"),
        Column("ended_by", Text),
        moment("ended_at", is_optional=True),
        revision(),
        belongs("partner_id", to="sync_partner"),
        CheckConstraint("jsonb_typeof(fields) = 'object'", name="fields"),
        Index("sync_grant_by_partner", "organisation_id", "partner_id", "id"),
        Index("sync_grant_by_record", "organisation_id", "record_id"),
        info={"shared_as": [Marked(kind=EVERYTHING_UNDER, by="record_id", partner="partner_id")]},
    )


def _mark(metadata: MetaData) -> Table:
    """What changed since marks were last given out; with `partner_id`, what changed for that partner alone.

    Only added to by writers, so none waits for another.
    """
    numbers = Sequence("sync_mark_number", metadata=metadata)
    return Table(
        "sync_mark",
        metadata,
        tenant_key(),
        Column("number", BigInteger, numbers, primary_key=True, server_default=numbers.next_value()),
        Column("kind", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Column("partner_id", Uuid),
        info={"queue": True, "unmarked": True},
    )


def _outlet(metadata: MetaData) -> Table:
    """How far a partner's feed has come: the epoch, its last number, and the stamps of the last pages.

    `full_number` is the last number of the epoch's first complete state; `read_in_full_at` is when the
    partner came back with a cursor past it.
    """
    return Table(
        "sync_outlet",
        metadata,
        tenant_key(),
        Column("partner_id", Uuid, primary_key=True),
        Column("epoch", Text, nullable=False),
        Column("number", BigInteger, nullable=False, server_default="0"),
        Column("stamps", ARRAY(Text), nullable=False, server_default=text("'{}'")),
        Column("full_number", BigInteger),
        # When we saw that we had been restored from a backup, and began this epoch for it.
        moment("restored_at", is_optional=True),
        moment("opened_at"),
        moment("asked_at", is_optional=True),
        # Up to which number it had everything then.
        Column("asked_number", BigInteger, nullable=False, server_default="0"),
        moment("read_in_full_at", is_optional=True),
        # The last tombstone that was forgotten, and when, as a stamp: older cursors lead nowhere.
        Column("pruned_number", BigInteger, nullable=False, server_default="0"),
        Column("pruned_stamp", Text, nullable=False, server_default=""),
        belongs("partner_id", to="sync_partner"),
        info={"unmarked": True},
    )


def _pending(metadata: MetaData) -> Table:
    """Marks that concern a partner; the same record may stand there more than once."""
    numbers = Sequence("sync_pending_number", metadata=metadata)
    return Table(
        "sync_pending",
        metadata,
        tenant_key(),
        Column("partner_id", Uuid, primary_key=True),
        Column("number", BigInteger, numbers, primary_key=True, server_default=numbers.next_value()),
        Column("kind", Text, nullable=False),
        Column("record_id", Uuid, nullable=False),
        Index("sync_pending_by_record", "organisation_id", "kind", "record_id"),
        info={"queue": True, "unmarked": True},
    )


def _revision(metadata: MetaData) -> Table:
    """The newest revision of each record that a partner was ever to get; no `body`: a tombstone, also of what
    it may have and nobody could take (`hash` is then `too-large`)."""
    return Table(
        "sync_revision",
        metadata,
        tenant_key(),
        Column("partner_id", Uuid, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("record_id", Uuid, primary_key=True),
        Column("number", BigInteger, nullable=False),
        Column("body", JSONB),
        Column("hash", Text, nullable=False),
        moment("at"),
        UniqueConstraint("organisation_id", "partner_id", "number"),
        Index("sync_revision_by_record", "organisation_id", "kind", "record_id"),
        info={"unmarked": True},
    )


def _inlet(metadata: MetaData) -> Table:
    """How far we have read a partner, and how that goes.

    `read_in_full_at` is when we first had everything of the epoch; `problem` is why nothing was taken last.
    `missing` is how many revisions of this reading were put aside, and `reread_at` when the partner is read
    anew for them, after so many `rereads` before. `records` and `bytes` are what is here of it.
    """
    return Table(
        "sync_inlet",
        metadata,
        tenant_key(),
        Column("partner_id", Uuid, primary_key=True),
        Column("cursor", Text),
        # The last question, until it is answered: what comes for another one came too late.
        Column("attempt", Uuid),
        Column("epoch", Text),
        # What is read from the start has a name, by which what it did not bring is found at its end.
        Column("reading", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
        # Until it has come to its end for the first time: then what it did not bring goes.
        Column("is_full", Boolean, nullable=False, server_default=text("true")),
        # A key was withdrawn that may have signed what is here, and no whole reading has replaced it yet.
        Column("is_doubtful", Boolean, nullable=False, server_default=text("false")),
        # The kinds and fields that were known here when it was last asked, as one hash.
        Column("understood", Text),
        Column("missing", BigInteger, nullable=False, server_default="0"),
        Column("rereads", Integer, nullable=False, server_default="0"),
        moment("reread_at", is_optional=True),
        Column("records", BigInteger, nullable=False, server_default="0"),
        Column("bytes", BigInteger, nullable=False, server_default="0"),
        Column("number", BigInteger, nullable=False, server_default="0"),
        Column("grants_number", BigInteger, nullable=False, server_default="0"),
        # What the partner's other feed said of it: this one is to know of as many.
        Column("heard_number", BigInteger, nullable=False, server_default="0"),
        Column("needs_statement", Boolean, nullable=False, server_default=text("false")),
        Column("taken", BigInteger, nullable=False, server_default="0"),
        Column("quarantined", BigInteger, nullable=False, server_default="0"),
        Column("problem", Text),
        moment("contact_at", is_optional=True),
        moment("read_in_full_at", is_optional=True),
        # When we saw that we had been restored from a backup, until all was read again.
        moment("restored_at", is_optional=True),
        belongs("partner_id", to="sync_partner"),
        info={"unmarked": True},
    )


def _replica(metadata: MetaData) -> Table:
    """A partner's records as it last told us; `revision_id` is the hash of the signed revision."""
    return Table(
        "sync_replica",
        metadata,
        tenant_key(),
        Column("partner_id", Uuid, primary_key=True),
        Column("kind", Text, primary_key=True),
        Column("record_id", Uuid, primary_key=True),
        Column("reading", Uuid, nullable=False),
        Column("number", BigInteger, nullable=False),
        Column("body", JSONB, nullable=False),
        # How long the body is as text.
        Column("bytes", Integer, nullable=False),
        Column("revision_id", Text, nullable=False),
        moment("at"),
        moment("received_at"),
        Index("sync_replica_by_record", "organisation_id", "kind", "record_id"),
    )


def _quarantine(metadata: MetaData) -> Table:
    """What a partner sent that was not taken, and why; only the newest of each partner are kept."""
    return Table(
        "sync_quarantine",
        metadata,
        tenant_key(),
        record_key(),
        Column("partner_id", Uuid, nullable=False),
        # The reading that brought it: what the next whole one did not bring wrong again is mended.
        Column("reading", Uuid, nullable=False),
        Column("reason", Text, nullable=False),
        Column("content", Text, nullable=False),
        moment("quarantined_at"),
        Index("sync_quarantine_by_partner", "organisation_id", "partner_id", "id"),
        info={"unmarked": True},
    )
