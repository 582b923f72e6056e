"""G3, E2: what a controller found really realised of a benefit in a year, and on which evidence."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from gevinst_benefits.domain.plan.benefits import (
    Benefit,
    BenefitEnded,
    BenefitState,
    Estimate,
    Ledger,
    NotConfirmed,
    OwnerVerifies,
)
from gevinst_shared.values.refusal import Refusal


class VerifiedInFuture(Refusal):
    code = "verified-in-future"
    title = "The year has not begun"
    detail = "{year} has not begun. Verify what was realised once there is something to find."


class VerifiedAlready(Refusal):
    code = "verified-already"
    title = "The year is verified already"
    detail = "The entry {entry} is in force for {year}. Correct it: name it in `corrects_id`, and say why."


class VerifiedInOtherLedger(Refusal):
    code = "verified-in-other-ledger"
    title = "Not in the benefit's own unit"
    detail = "The benefit is counted in {expected}; say in {expected} what was realised."


class VerificationNotCorrectable(Refusal):
    code = "verification-not-correctable"
    title = "The entry cannot be corrected"
    detail = "{entry} is not the entry in force for {year} of this benefit."


class VerificationCorrectedWithoutReason(Refusal):
    code = "verification-corrected-without-reason"
    title = "Why is the entry corrected?"
    detail = "Write the reason for the correction. The earlier entry stays beside it."


@dataclass(frozen=True, slots=True)
class Finding:
    """What was realised in a calendar year, in the benefit's ledger; `corrects_id` is the entry replaced."""

    year: int
    realised: Estimate
    evidence: str
    corrects_id: UUID | None = None
    reason: str | None = None


def refuse_odd_finding(
    benefit: Benefit,
    finding: Finding,
    *,
    by: str,
    holders: Collection[str],
    in_force: UUID | None,
    this_year: int,
) -> None:
    """Refuse what may not be recorded; `in_force` is the entry that holds for the year, if any.

    A benefit that a stop has closed can still be verified for the years before; one that was moved goes on
    as another benefit. G3: `holders` of the owner's role, and who confirmed, never verify.
    """
    if benefit.state is BenefitState.MOVED:
        raise BenefitEnded(state=benefit.state.value)
    if benefit.confirmed_by is None:
        raise NotConfirmed
    if by in holders or by == benefit.confirmed_by:
        raise OwnerVerifies
    if finding.year > this_year:
        raise VerifiedInFuture(year=finding.year, pointer="/body/year")
    if counted_in(finding.realised) != counted_in(benefit.estimate):
        raise VerifiedInOtherLedger(expected=counted_in(benefit.estimate), pointer="/body/realised")
    _refuse_odd_correction(finding, in_force)


def counted_in(estimate: Estimate) -> str:
    """What figures of the benefit are counted in, in words: its currency and price year, or its unit."""
    money = estimate.money_per_year
    if money is not None:
        return f"{money.currency} ({money.price_year})"
    ledger = "" if estimate.ledger is Ledger.TIME else f" ({estimate.ledger.value})"
    return f"{estimate.unit_of_measure}{ledger}"


def _refuse_odd_correction(finding: Finding, in_force: UUID | None) -> None:
    if finding.corrects_id is None:
        if in_force is not None:
            raise VerifiedAlready(entry=in_force, year=finding.year, pointer="/body/year")
        return
    if not (finding.reason or "").strip():
        raise VerificationCorrectedWithoutReason(pointer="/body/reason")
    if finding.corrects_id != in_force:
        raise VerificationNotCorrectable(
            entry=finding.corrects_id, year=finding.year, pointer="/body/corrects_id"
        )
