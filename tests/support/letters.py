"""Letters on agreements between bodies, put where the exchange puts them."""

from datetime import UTC, datetime
from uuid import UUID

from gevinst_benefits.usecases.following_agreements import following_agreements
from gevinst_shared.db.engine import Connection
from gevinst_shared.db.query import RawJson
from gevinst_shared.values.ids import new_id

Letter = tuple[str, UUID, str]
"""Kind, agreement, and the body as JSON."""


async def take_letters(
    connection: Connection,
    organisation: str,
    partner_id: UUID,
    letters: list[Letter],
    *,
    may_recall: bool = False,
) -> None:
    """What a partner's feed brings the organisation, in one transaction."""
    now = datetime.now(UTC)
    for kind, record_id, body in letters:
        await connection.execute(
            "INSERT INTO sync_replica (organisation_id, partner_id, kind, record_id, reading, number, body, "
            "bytes, revision_id, at, received_at) VALUES ($1, $2, $3, $4, $5, 1, $6, 1, 'x', $7, $7) "
            "ON CONFLICT (organisation_id, partner_id, kind, record_id) DO UPDATE SET body = $6",
            *(organisation, partner_id, kind, record_id, new_id(), RawJson(body), now),
        )
    keys = [(partner_id, kind, record_id) for kind, record_id, _ in letters]
    await following_agreements(connection, keys, organisation=organisation, now=now, may_recall=may_recall)
