"""Keeping a half of an agreement, with what follows from it for the benefit's sums (B11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gevinst_benefits.clients.agreement_letters import figures_from, giving_from, letter_of, receiving_from
from gevinst_benefits.domain.plan.agreement_figures import Figures, written
from gevinst_benefits.domain.plan.agreement_halves import (
    Giving,
    Receiving,
    standing_of_giver,
    standing_of_receiver,
)
from gevinst_benefits.domain.plan.agreements import AgreementState, Standing
from gevinst_benefits.events.agreements import AgreementChanged, AgreementRecorded, OfAgreement
from gevinst_benefits.store import agreement_halves, agreements, benefits
from gevinst_benefits.store.agreement_halves import OFFER, REPLY
from gevinst_benefits.store.agreement_kinds import share
from gevinst_benefits.usecases.planning import facts_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.query import RawJson
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id

ENDED = (AgreementState.RELEASED, AgreementState.WITHDRAWN)
SIDES = {OFFER: "giver", REPLY: "receiver"}


@dataclass(frozen=True, slots=True)
class Kept:
    """A half with what is kept beside it; `side` is the table that it stands in."""

    side: str
    id: UUID
    partner_id: UUID
    half: Giving | Receiving
    figures: Figures
    benefit_id: UUID | None = None

    @property
    def standing(self) -> Standing:
        return standing_of(self.side, self.half)


def kept_from(side: str, row: Mapping[str, Any]) -> Kept:
    """What a row keeps."""
    read = giving_from if side == OFFER else receiving_from
    figures = figures_from(row["figures"])
    return Kept(side, row["id"], row["partner_id"], read(row["half"]), figures, row["benefit_id"])


def standing_of(side: str, half: Any) -> Standing:  # noqa: ANN401 - the half of the side
    return standing_of_giver(half) if side == OFFER else standing_of_receiver(half)


async def begin(work: Work, kept: Kept, fact: type[OfAgreement]) -> Stored:
    """Keep a half that is new here."""
    values = {
        **_columns(kept),
        "id": kept.id,
        "partner_id": kept.partner_id,
        "created_at": work.now,
        "changed_at": work.now,
    }
    record = await _record(work, kept, fact, None)
    stored = await agreement_halves.RECORDS[kept.side].add(work.connection, values, record)
    await share(work, kept.side, kept.partner_id, kept.id)
    await _record_standing(work, kept, None)
    return stored


async def keep(work: Work, before: Kept, kept: Kept, *, note: str | None = None) -> Stored | None:
    """Keep a half that changed; None when people see nothing of the change."""
    is_same = before.half.own == kept.half.own and before.half.seen == kept.half.seen
    if is_same and before.standing == kept.standing and before.benefit_id == kept.benefit_id:
        if before.half != kept.half:
            letter = RawJson(letter_of(kept.half))
            await agreement_halves.learn(work.connection, kept.side, kept.id, letter)
        return None
    values = {**_columns(kept), "id": kept.id, "changed_at": work.now}
    record = await _record(work, kept, AgreementChanged, note)
    stored = await agreement_halves.RECORDS[kept.side].change(work.connection, values, record)
    await _record_standing(work, kept, note)
    return stored


def _columns(kept: Kept) -> dict[str, Any]:
    standing = kept.standing
    return {
        "benefit_id": kept.benefit_id,
        "state": standing.state.value,
        "is_open": standing.state not in ENDED,
        "figures": RawJson(written(kept.figures)),
        "half": RawJson(letter_of(kept.half)),
    }


async def _record(work: Work, kept: Kept, fact: type[OfAgreement], note: str | None) -> dict[str, Any]:
    partner = await agreement_halves.get_partner(work.connection, kept.partner_id)
    told = fact(
        agreement_id=kept.id,
        side=SIDES[kept.side],
        body=partner["owner"],
        body_name=partner["name"],
        benefit_name=kept.figures.name,
        agreement_state=kept.standing.state.value,
        benefit_id=kept.benefit_id,
    )
    return recorded(work, told, subject=subject_of(kept.side.replace("_", "-") + "s", kept.id), reason=note)


async def _record_standing(work: Work, kept: Kept, note: str | None) -> None:
    """A step on our benefit, if what we count of it or where it is has changed."""
    if kept.benefit_id is None:
        return
    standing = kept.standing
    newest = await agreements.newest_row(work.connection, kept.benefit_id)
    if newest is not None and newest["agreement_id"] != kept.id and standing.state in ENDED:
        # It ended before, and what was agreed since is what counts: a late letter changes nothing of that.
        return
    if newest is not None and newest["agreement_id"] == kept.id:
        known = Standing(AgreementState(newest["state"]), newest["counted"], newest["in_transit"])
        if known == standing:
            return
    partner = await agreement_halves.get_partner(work.connection, kept.partner_id)
    benefit = benefits.benefit_from(await benefits.get_row(work.connection, kept.benefit_id))
    values = {
        "id": new_id(),
        "benefit_id": kept.benefit_id,
        "agreement_id": kept.id,
        "body": partner["owner"],
        "body_name": partner["name"],
        "state": standing.state.value,
        "happened_on": work.today,
        "share_kept": None,
        "counted": standing.counted,
        "in_transit": standing.in_transit,
        "reference": None,
        "note": note,
        "recorded_by": work.actor.subject,
        "created_at": work.now,
    }
    fact = AgreementRecorded(
        **facts_of(benefit),
        body=partner["owner"],
        body_name=partner["name"],
        agreement_state=standing.state.value,
        happened_on=work.today,
    )
    record = recorded(work, fact, subject=subject_of("benefits", kept.benefit_id), reason=note)
    await agreements.RECORDS.add(work.connection, values, record)
