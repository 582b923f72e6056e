"""The audit trail and its seals as they are answered (E1)."""

from typing import Any

from sqlalchemy import ColumnElement, select, tuple_

from gevinst_shared.audit.trail import Trail
from gevinst_shared.db.documents import document, moment
from gevinst_shared.db.listing import Listing
from gevinst_shared.feed.outbox import Columns


def audit_members(c: Columns) -> dict[str, ColumnElement[Any]]:
    """What of a row is answered, and what its hash is taken of."""
    return {
        "id": c.id,
        "organisation": c.organisation_id,
        "transaction": c.xid,
        "time": moment(c.time),
        "actor": c.actor,
        "action": c.action,
        "subject": c.subject,
        "reason": c.reason,
        "request_id": c.request_id,
        "before": c.before,
        "after": c.after,
    }


def rows_listing(trail: Trail) -> Listing:
    """The trail's rows, each with the number of its seal."""
    audit, seal = trail.audit, trail.seal

    def row_document(c: Columns) -> ColumnElement[Any]:
        number = (
            select(seal.c.number)
            .where(
                seal.c.organisation_id == c.organisation_id,
                tuple_(seal.c.last_xid, seal.c.last_id) >= tuple_(c.xid, c.id),
            )
            .order_by(seal.c.last_xid, seal.c.last_id)
            .limit(1)
            .scalar_subquery()
        )
        return document(**audit_members(c), seal=number)

    return Listing(
        audit,
        row_document,
        filters={
            "subject": audit.c.subject,
            "actor": audit.c.actor,
            "action": audit.c.action,
            "since": lambda moment: audit.c.time >= moment,
            "until": lambda moment: audit.c.time < moment,
        },
        sorts={"place": audit.c.xid},
    )


def seals_listing(trail: Trail) -> Listing:
    """The chain."""
    seal = trail.seal
    chain = select(seal, seal.c.last_id.label("id")).subquery("chain")
    return Listing(chain, _seal_document, filters={}, sorts={"number": chain.c.number})


def _seal_document(c: Columns) -> ColumnElement[Any]:
    return document(
        organisation=c.organisation_id,
        number=c.number,
        previous_hash=c.previous_hash,
        row_count=c.row_count,
        last_transaction=c.last_xid,
        rows=c.rows,
        sealed_at=moment(c.sealed_at),
        hash=c.hash,
    )
