"""B11: recording by hand what another body says of a benefit that falls with it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from gevinst_benefits.domain.permissions import PLAN
from gevinst_benefits.domain.plan.agreements import (
    AgreementState,
    Entry,
    refuse_beside_exchanged,
    refuse_odd_entry,
    standing_by_hand,
)
from gevinst_benefits.domain.plan.plan_limits import refuse_too_many
from gevinst_benefits.events.agreements import AgreementRecorded
from gevinst_benefits.store import agreements
from gevinst_benefits.usecases.planning import facts_of, require_followed
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.organisation import organisation_id


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """One step, as it was heard or written."""

    body: str
    body_name: str
    state: AgreementState
    happened_on: date
    share_kept: Decimal | None = None
    reference: str | None = None
    note: str | None = None


async def record_step(work: Work, benefit_id: UUID, draft: AgreementDraft) -> Stored:
    """Add a step to the benefit's agreement; nothing is overwritten."""
    benefit = await require_followed(work, PLAN, benefit_id)
    entries = await agreements.entries_of(work.connection, benefit_id)
    newest = await agreements.newest_row(work.connection, benefit_id)
    if newest is not None and newest["agreement_id"] is not None:
        # What two bodies keep together is not written down by one of them beside it.
        refuse_beside_exchanged(AgreementState(newest["state"]), body=newest["body_name"])
        entries = []
    refuse_too_many(len(entries), most=100)
    entry = Entry(organisation_id(draft.body), draft.state, draft.happened_on, draft.share_kept)
    refuse_odd_entry(entries[-1] if entries else None, entry, ours=work.organisation, today=work.today)
    standing = standing_by_hand(entry)
    values = {
        "id": new_id(),
        "benefit_id": benefit_id,
        "agreement_id": None,
        "counted": standing.counted,
        "in_transit": standing.in_transit,
        "body": entry.body,
        "body_name": draft.body_name,
        "state": draft.state.value,
        "happened_on": draft.happened_on,
        "share_kept": draft.share_kept,
        "reference": draft.reference,
        "note": draft.note,
        "recorded_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = AgreementRecorded(
        **facts_of(benefit),
        body=entry.body,
        body_name=draft.body_name,
        agreement_state=draft.state.value,
        happened_on=draft.happened_on,
    )
    record = recorded(work, fact, subject=subject_of("benefits", benefit_id), reason=draft.note)
    return await agreements.RECORDS.add(work.connection, values, record)
