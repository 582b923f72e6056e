"""Remembering what was promised of benefits (C6)."""

from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.store import verifications
from gevinst_benefits.store.timing import timing_json
from gevinst_shared.db.work import Work


async def keep_promise(work: Work, confirmed: Benefit) -> None:
    """C6: remember what the owner stood for first; a plan that is lowered later does not change it."""
    values = {
        "organisation_id": work.organisation,
        "id": confirmed.id,
        "ledger": confirmed.estimate.ledger.value,
        **verifications.estimate_columns(confirmed.estimate),
        "timing": timing_json(confirmed.timing),
        "confirmed_at": work.now,
    }
    await verifications.keep_promise(work.connection, values)
