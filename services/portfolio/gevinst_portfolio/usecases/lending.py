"""What happens to an award: drawn, repaid out of verified benefits, returned, written off (M2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gevinst_portfolio.domain.ledger import (
    AwardKind,
    Leg,
    TransactionKind,
    legs_of,
    repaid_otherwise,
    spoken,
)
from gevinst_portfolio.domain.permissions import AWARD, BOOK_BENEFIT
from gevinst_portfolio.domain.pools import (
    ENDED,
    BeyondPhase,
    GateNotPassed,
    GrantIsNotRepaid,
    Instalment,
    PhaseNotPlanned,
    Pool,
    ProjectEnded,
    StillOwed,
    VerifiedByOwner,
    refuse_before_award,
    refuse_odd_instalments,
)
from gevinst_portfolio.events.funding import BenefitBooked, RepaymentPlanSet
from gevinst_portfolio.store import announcements, pool_awards, pools
from gevinst_portfolio.store.pool_awards import AwardFigures
from gevinst_portfolio.usecases.pool_applying import written_instalments
from gevinst_portfolio.usecases.pooling import hold, place_of_pool, posted
from gevinst_portfolio.usecases.posting import Posting, post
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.ids import new_id
from gevinst_shared.values.money import Money


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that moved on a day."""

    amount: Money
    occurred_on: date
    text: str | None


async def draw(work: Work, award_id: UUID, phase: str, said: Movement) -> tuple[UUID, Stored]:
    """Pay out for a phase that a gate has let the project into, as far as the plan for it goes."""
    pool, award = await _held(work, award_id)
    minor = pool.minor(said.amount)
    if award.project_status in ENDED:
        raise ProjectEnded(status=award.project_status)
    planned = {each.phase: each.amount for each in award.open.drawdowns}
    if phase not in planned:
        raise PhaseNotPlanned(phase=phase, planned=", ".join(planned), pointer="/body/phase")
    if phase not in award.open.passed:
        raise GateNotPassed(phase=phase, pointer="/body/phase")
    left = planned[phase] - award.open.drawn.get(phase, 0)
    if minor > left:
        raise BeyondPhase(asked=spoken(minor), left=spoken(left), phase=phase, pointer="/body/amount")
    legs = legs_of(TransactionKind.DRAWDOWN, minor, AwardKind(award.kind))
    return await _posted(work, pool, award, TransactionKind.DRAWDOWN, legs, said, phase=phase)


async def repay(work: Work, award_id: UUID, said: Movement, *, out_of_benefits: bool) -> tuple[UUID, Stored]:
    """Repay what is owed; out of benefits only as far as they are verified."""
    pool, award = await _held(work, award_id)
    minor = pool.minor(said.amount)
    legs = legs_of(TransactionKind.REPAYMENT, minor) if out_of_benefits else repaid_otherwise(minor)
    return await _posted(work, pool, award, TransactionKind.REPAYMENT, legs, said)


async def recover(work: Work, award_id: UUID, said: Movement) -> tuple[UUID, Stored]:
    """Take in money for an award on which nothing is owed any more: after a write-off, or of a grant."""
    pool, award = await _held(work, award_id)
    if award.open.owed:
        raise StillOwed(owed=spoken(award.open.owed))
    legs = legs_of(TransactionKind.RECOVERY, pool.minor(said.amount))
    return await _posted(work, pool, award, TransactionKind.RECOVERY, legs, said)


async def pass_on_gain(work: Work, award_id: UUID, said: Movement) -> tuple[UUID, Stored]:
    """Pass verified benefits on to the common purse, when they have repaid the loan."""
    pool, award = await _held(work, award_id)
    if award.open.owed:
        raise StillOwed(owed=spoken(award.open.owed))
    legs = legs_of(TransactionKind.GAIN, pool.minor(said.amount))
    return await _posted(work, pool, award, TransactionKind.GAIN, legs, said)


async def return_to_pool(work: Work, award_id: UUID, said: Movement) -> tuple[UUID, Stored]:
    """Give money that will not be drawn back to the pool."""
    pool, award = await _held(work, award_id)
    legs = legs_of(TransactionKind.RETURN, pool.minor(said.amount))
    return await _posted(work, pool, award, TransactionKind.RETURN, legs, said)


async def write_off(work: Work, award_id: UUID, amount: Money, *, reason: str) -> tuple[UUID, Stored]:
    """The board gives up what is owed, and says why."""
    pool = await pools.hold_pool(work.connection, await pool_awards.get_pool_id(work.connection, award_id))
    work.require(AWARD, place_of_pool(pool))
    legs = legs_of(TransactionKind.WRITE_OFF, pool.minor(amount))
    return await posted(
        work, pool, Posting(TransactionKind.WRITE_OFF, legs, work.today, award_id=award_id, text=reason)
    )


@dataclass(frozen=True, slots=True)
class VerifiedBenefit:
    """What a controller found to be realised; the owner by their subject."""

    name: str
    amount: Money
    benefit_owner: str
    verified_on: date
    reference: str | None


async def book_benefit(work: Work, award_id: UUID, said: VerifiedBenefit) -> tuple[UUID, Stored]:
    """Verify a benefit of the award's project and book it; its id and record. G3: its owner does not."""
    pool = await pools.hold_pool(work.connection, await pool_awards.get_pool_id(work.connection, award_id))
    work.require(BOOK_BENEFIT, place_of_pool(pool))
    if said.benefit_owner.casefold() == work.actor.subject.casefold():
        raise VerifiedByOwner(pointer="/body/benefit_owner")
    minor = pool.minor(said.amount)
    legs = legs_of(TransactionKind.BENEFIT, minor)
    posting = Posting(TransactionKind.BENEFIT, legs, said.verified_on, award_id=award_id, text=said.name)
    transaction_id = await post(work, pool, posting)
    benefit_id = new_id()
    values = {
        "id": benefit_id,
        "pool_id": pool.id,
        "award_id": award_id,
        "transaction_id": transaction_id,
        "name": said.name,
        "reference": said.reference,
        "amount_minor": minor,
        "benefit_owner": said.benefit_owner,
        "verified_by": work.actor.subject,
        "verified_on": said.verified_on,
        "created_at": work.now,
    }
    fact = BenefitBooked(
        verified_benefit_id=benefit_id,
        award_id=award_id,
        pool_id=pool.id,
        name=said.name,
        amount=said.amount,
        verified_by=work.actor.subject,
    )
    record = recorded(work, fact, subject=subject_of("verified-benefits", benefit_id))
    return benefit_id, await pool_awards.add_benefit(work.connection, values, record)


async def set_repayment_plan(
    work: Work, award_id: UUID, instalments: Sequence[Instalment], *, reason: str, expected: int
) -> Stored | None:
    """Put a new plan in force for the whole loan, paid instalments included; None when another was set."""
    pool, award = await _held(work, award_id)
    if award.kind == AwardKind.GRANT:
        raise GrantIsNotRepaid(pointer="/body/repayments")
    drawn = sum(award.open.drawn.values())
    refuse_odd_instalments(instalments, drawn + award.open.committed)
    if award.plan_version != expected:
        return None
    version = expected + 1
    values = {
        "organisation_id": work.organisation,
        "award_id": award_id,
        "version": version,
        "instalments": written_instalments(instalments),
        "reason": reason,
        "set_by": work.actor.subject,
        "set_at": work.now,
    }
    await pool_awards.add_plan(work.connection, values)
    fact = RepaymentPlanSet(award_id=award_id, pool_id=pool.id, version=version)
    record = recorded(work, fact, subject=subject_of("pool-awards", award_id), reason=reason)
    was = {"instalments": written_instalments(award.open.instalments)} if award.open.instalments else None
    now = {"instalments": values["instalments"]}
    await announcements.announce(work.connection, [{**record, "before": was, "after": now}])
    return await pool_awards.get_document(work.connection, award_id)


async def return_unspent(work: Work, project_id: UUID, *, stopped_on: date, reason: str | None) -> None:
    """G6: what a stopped project has not drawn goes back to its pools, in the transaction of the stop."""
    for award_id in await pool_awards.list_of_project(work.connection, project_id):
        pool_id = await pool_awards.get_pool_id(work.connection, award_id)
        pool = await pools.hold_pool(work.connection, pool_id)
        award = await pool_awards.get_figures(work.connection, award_id)
        if award.open.committed:
            legs = legs_of(TransactionKind.RETURN, award.open.committed)
            # A stop may be heard of late, and an award may have been made meanwhile.
            day = max(award.awarded_on, min(stopped_on, work.today))
            await post(work, pool, Posting(TransactionKind.RETURN, legs, day, award_id, text=reason))


async def _held(work: Work, award_id: UUID) -> tuple[Pool, AwardFigures]:
    """The pool, held by somebody who runs it, and the award as it stands from then on."""
    pool = await hold(work, await pool_awards.get_pool_id(work.connection, award_id))
    return pool, await pool_awards.get_figures(work.connection, award_id)


async def _posted(  # noqa: PLR0913 - what is posted
    work: Work,
    pool: Pool,
    award: AwardFigures,
    kind: TransactionKind,
    legs: Sequence[Leg],
    said: Movement,
    *,
    phase: str | None = None,
) -> tuple[UUID, Stored]:
    refuse_before_award(said.occurred_on, award.awarded_on)
    posting = Posting(kind, legs, said.occurred_on, award_id=award.id, phase=phase, text=said.text)
    return await posted(work, pool, posting)
