"""What leaves of agreements: each half as a letter to the one body that it is with (B11, X1).

An agreement is its own grant: it is shared with its partner and nobody else, for as long as it is kept, and
no project's grant brings it along.
"""

import json
from datetime import date
from uuid import UUID

from sqlalchemy import Table, Text, bindparam, cast, insert, literal_column

from gevinst_benefits.store.agreement_halves import OFFER, REPLY, TABLES
from gevinst_benefits.tables.sync import sync
from gevinst_shared.db.query import Query, RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.sync.kinds import FieldType, SharedField, SharedKind
from gevinst_shared.values.ids import new_id

FIELDS = ("half", "figures")
PURPOSE = "A benefit that falls with another body (B11)"
_NEVER_ENDS = date(9999, 1, 1)
_GIVEN = ("id", "partner_id", "kind", "record_id", "fields", "purpose", "until", "given_by", "given_at")
_SHARE = Query(insert(sync.grant).values({name: bindparam(name) for name in ("organisation_id", *_GIVEN)}))


def _kind(name: str, table: Table) -> SharedKind:
    # What the partner is known to have seen is ours to know: a letter that told it would call for another.
    said = cast(table.c.half.op("-")(literal_column("'known_at'", Text)), Text)
    return SharedKind(
        name,
        table,
        table.c.organisation_id,
        table.c.id,
        fields={
            "half": SharedField(FieldType.TEXT, said),
            "figures": SharedField(FieldType.TEXT, cast(table.c.figures, Text)),
        },
    )


AGREEMENT_KINDS = [_kind(name, TABLES[name]) for name in (OFFER, REPLY)]


async def share(work: Work, side: str, partner_id: UUID, agreement_id: UUID) -> None:
    """Share our half with the partner of the agreement."""
    await _SHARE.run(
        work.connection,
        organisation_id=work.organisation,
        id=new_id(),
        partner_id=partner_id,
        kind=side,
        record_id=agreement_id,
        fields=RawJson(json.dumps({side: FIELDS})),
        purpose=PURPOSE,
        until=_NEVER_ENDS,
        given_by=work.actor.subject,
        given_at=work.now,
    )
