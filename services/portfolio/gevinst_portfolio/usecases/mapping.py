"""Keeping how files of others are to be read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.permissions import UPLOAD
from gevinst_portfolio.domain.workbooks.mapping import refuse_odd_mapping
from gevinst_portfolio.events.intake import ColumnMappingChanged
from gevinst_portfolio.store import mappings, portfolios
from gevinst_portfolio.store.places import place_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id


async def keep_mapping(work: Work, portfolio_id: UUID, members: Mapping[str, Any]) -> tuple[UUID, Stored]:
    """Keep a mapping for the portfolio's imports; its id and record."""
    await portfolios.get_portfolio(work.connection, portfolio_id)
    mapping_id = new_id()
    record = await _checked(work, mapping_id, portfolio_id, members)
    values = {**members, "id": mapping_id, "portfolio_id": portfolio_id, "created_at": work.now}
    return mapping_id, await mappings.RECORDS.add(work.connection, values, record)


async def change_mapping(
    work: Work, mapping_id: UUID, members: Mapping[str, Any], *, expected: int
) -> Stored | None:
    """Replace the mapping; None when it changed meanwhile. What was read with it stays as it is."""
    kept = await mappings.get_mapping(work.connection, mapping_id)
    record = await _checked(work, mapping_id, kept.portfolio_id, members)
    return await mappings.RECORDS.change(
        work.connection, {**members, "id": mapping_id}, record, expected=expected
    )


async def _checked(
    work: Work, mapping_id: UUID, portfolio_id: UUID, members: Mapping[str, Any]
) -> dict[str, Any]:
    work.require(UPLOAD, await place_of(work.connection, portfolio_id=portfolio_id))
    refuse_odd_mapping([(one["heading"], one["member"]) for one in members["columns"]])
    fact = ColumnMappingChanged(mapping_id=mapping_id, portfolio_id=portfolio_id, name=members["name"])
    return recorded(work, fact, subject=subject_of("column-mappings", mapping_id))
