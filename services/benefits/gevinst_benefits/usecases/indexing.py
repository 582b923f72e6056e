"""Keeping price indexes, and taking one over into a case (C1)."""

from uuid import UUID

from gevinst_benefits.domain.case.business_case import PriceIndex
from gevinst_benefits.domain.case.price_indexes import KeptIndex, UnknownPriceIndex
from gevinst_benefits.domain.permissions import SET_PRICE_INDEX
from gevinst_benefits.events.business_cases import PriceIndexSet
from gevinst_benefits.store import price_indexes
from gevinst_benefits.store.case_frames import index_json
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.actor import Place
from gevinst_shared.values.ids import new_id


async def keep_index(work: Work, kept: KeptIndex) -> tuple[UUID, Stored]:
    """Write an edition; it is the whole organisation's, so a role in a part of it is not enough."""
    work.require(SET_PRICE_INDEX, Place())
    index_id = new_id()
    written = index_json(kept.index)
    assert written is not None
    values = {
        "id": index_id,
        "code": kept.code,
        "name": kept.name,
        "source": kept.source,
        "valid_from": kept.valid_from,
        "by_year": written["values"],
        "created_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = PriceIndexSet(price_index_id=index_id, index=kept.code, name=kept.name, valid_from=kept.valid_from)
    record = recorded(work, fact, subject=subject_of("price-indexes", index_id))
    return index_id, await price_indexes.RECORDS.add(work.connection, values, record)


async def index_for_case(work: Work, own: PriceIndex | None, kept: str | None) -> PriceIndex | None:
    """The index that a case was written with: its own, or the one kept under a code, as it is in force."""
    if kept is None:
        return own
    day = work.today
    found = await price_indexes.find_in_force(work.connection, kept, on=day)
    if found is None:
        known = ", ".join(await price_indexes.known_codes(work.connection)) or "none"
        raise UnknownPriceIndex(index=kept, day=day, known=known, pointer="/body/kept_index")
    return found.taken_over()
