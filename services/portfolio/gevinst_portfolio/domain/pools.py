"""Investment pools: who may apply when, what is planned, what is late, and what the pool will have (M2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from gevinst_portfolio.domain.ledger import AwardKind
from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class ApplicationState(StrEnum):
    APPLIED = "applied"
    ASSESSED = "assessed"
    AWARDED = "awarded"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


# What gets nothing out of a pool any more, or not now.
ENDED = frozenset({"paused", "stopped", "closed"})


class Recommendation(StrEnum):
    AWARD = "award"
    REFUSE = "refuse"


class RoundNotOpen(Refusal):
    code = "round-not-open"
    title = "The round is not open"
    detail = "Applications are taken from {opens_on} until the day before {closes_on}. Today is {today}."


class RoundTurned(Refusal):
    code = "round-turned"
    title = "The round closes before it opens"
    detail = "The round would close on {closes_on} and open on {opens_on}. Let it close a day later or more."


class BeyondRound(Refusal):
    code = "beyond-round"
    title = "More than the round gives"
    detail = "The round gives {ceiling}, and {awarded} is awarded already. Award less, or raise the ceiling."


class PlanUneven(Refusal):
    code = "plan-uneven"
    title = "The plan does not add up"
    detail = "The {plan} plan adds up to {total}, and it must be {amount}. Change the plan."


class PlanWithoutOrder(Refusal):
    code = "plan-without-order"
    title = "The plan names something twice"
    detail = "{what} stands twice in the {plan} plan. Put its amounts together."


class GrantIsNotRepaid(Refusal):
    code = "grant-is-not-repaid"
    title = "A grant is not repaid"
    detail = "This is a grant: leave the repayment plan empty, or make it a loan."


class ApplicationClosed(Refusal):
    code = "application-closed"
    title = "The application is decided"
    detail = "The application is {state}. Nothing more can be done with it; apply anew in a later round."


class NotAssessed(Refusal):
    code = "not-assessed"
    title = "Not assessed yet"
    detail = "Somebody must assess the application before the board decides on it."


class DecidedByApplicant(Refusal):
    """G3: the one who proposes cannot decide."""

    code = "decided-by-applicant"
    title = "Applicants do not decide"
    detail = "You applied for this yourself. Somebody else on the board must decide."


class ProjectEnded(Refusal):
    code = "pool-project-ended"
    title = "The project is not running"
    detail = "The project is {status}, so it gets nothing out of the pool."


class PhaseNotPlanned(Refusal):
    code = "phase-not-planned"
    title = "The phase is not in the plan"
    detail = "The award plans no drawdown for the phase {phase}. It plans these: {planned}."


class BeyondPhase(Refusal):
    code = "beyond-phase"
    title = "More than the phase has"
    detail = "{asked} is asked for and {left} is left of what is planned for the phase {phase}."


class GateNotPassed(Refusal):
    """Money of a phase comes when the gate before it has said go."""

    code = "gate-not-passed"
    title = "No gate has let the project into the phase"
    detail = (
        "The project does not begin with the phase {phase}, and no gate has said go into it yet. Decide at "
        "the gate before it, and then draw."
    )


class VerifiedByOwner(Refusal):
    """G3: the controller who verifies a benefit is not its owner."""

    code = "verified-by-owner"
    title = "The owner cannot verify the benefit"
    detail = (
        "You own this benefit, and to verify it is the part of a controller who does not. Let them do it."
    )


class DatedAhead(Refusal):
    code = "dated-ahead"
    title = "Dated ahead"
    detail = "{day} has not come yet. Book what has happened, on the day on which it did."


class BeforeAward(Refusal):
    code = "before-award"
    title = "Before the award"
    detail = "{day} is before the award was made, on {awarded_on}. Give that day, or one after it."


class StillOwed(Refusal):
    code = "still-owed"
    title = "The loan is not repaid yet"
    detail = "{owed} is still owed on this award. Benefits repay the loan first; the gain after that goes on."


class AlreadyReversed(Refusal):
    code = "already-reversed"
    title = "Reversed already"
    detail = "This was reversed already, or is itself a reversal. Post what is right anew."


class CannotBeReversed(Refusal):
    code = "cannot-be-reversed"
    title = "Not by a reversal"
    detail = "An award is not reversed: return what is not drawn to the pool instead."


class OtherMoney(Refusal):
    """C1: sums never mix currencies or price years silently."""

    code = "other-money"
    title = "The pool has other money"
    detail = "The pool is kept in {pool}, and this is in {given}. Index and convert it first."


@dataclass(frozen=True, slots=True)
class Pool:
    """`portfolio_id` is None for a pool of the whole organisation."""

    id: UUID
    portfolio_id: UUID | None
    name: str
    currency: str
    price_year: int

    def minor(self, money: Money, *, pointer: str = "/body/amount") -> int:
        """Whole hundredths of an amount in the pool's money; `OtherMoney` for any other."""
        if (money.currency, money.price_year) != (self.currency, self.price_year):
            given = f"{money.currency} ({money.price_year})"
            raise OtherMoney(pool=f"{self.currency} ({self.price_year})", given=given, pointer=pointer)
        return money.minor


def refuse_before_award(day: date, awarded_on: date) -> None:
    """Nothing moves of an award that is not made yet."""
    if day < awarded_on:
        raise BeforeAward(day=day, awarded_on=awarded_on, pointer="/body/occurred_on")


@dataclass(frozen=True, slots=True)
class PlannedDrawdown:
    """What the project needs when it enters a phase; `amount` in whole hundredths."""

    phase: str
    planned_on: date
    amount: int

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "PlannedDrawdown":
        return cls(stored["phase"], date.fromisoformat(stored["planned_on"]), _hundredths(stored["amount"]))


@dataclass(frozen=True, slots=True)
class Instalment:
    """What is to be repaid by a day; `amount` in whole hundredths."""

    due_on: date
    amount: int

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Instalment":
        return cls(date.fromisoformat(stored["due_on"]), _hundredths(stored["amount"]))


def refuse_odd_plans(
    kind: AwardKind,
    amount: int,
    drawdowns: Sequence[PlannedDrawdown],
    repayments: Sequence[Instalment],
) -> None:
    """Refuse plans that do not add up to the amount, and a grant that is to be repaid."""
    if kind is AwardKind.GRANT and repayments:
        raise GrantIsNotRepaid(pointer="/body/repayments")
    _refuse_repeated("drawdown", [each.phase for each in drawdowns])
    _refuse_uneven("drawdown", sum(each.amount for each in drawdowns), amount)
    if kind is AwardKind.LOAN:
        refuse_odd_instalments(repayments, amount)


def refuse_odd_instalments(repayments: Sequence[Instalment], amount: int) -> None:
    """Refuse a repayment plan with a day twice, or that repays another amount."""
    _refuse_repeated("repayment", [each.due_on.isoformat() for each in repayments])
    _refuse_uneven("repayment", sum(each.amount for each in repayments), amount)


@dataclass(frozen=True, slots=True)
class Arrear:
    """An instalment that was due and is not wholly paid; `days` since it fell due, amounts in hundredths."""

    due_on: date
    amount: int
    unpaid: int
    days: int


def arrears(plan: Sequence[Instalment], settled: int, owed: int, day: date) -> tuple[Arrear, ...]:
    """What is due and unpaid on a day, oldest first; what is settled covers the oldest instalments first.

    An instalment is late from the day after it fell due. No more is late than is owed: money that was never
    drawn is not due.
    Check: 40 due on 1 March and 40 on 1 June, 50 settled and 30 owed, on 11 June: 30 unpaid for 10 days.
    """
    late: list[Arrear] = []
    for each in sorted(plan, key=lambda one: one.due_on):
        covered = min(settled, each.amount)
        settled -= covered
        unpaid = min(each.amount - covered, owed)
        owed -= unpaid
        if unpaid and each.due_on < day:
            late.append(Arrear(each.due_on, each.amount, unpaid, (day - each.due_on).days))
    return tuple(late)


def _refuse_repeated(plan: str, names: Sequence[str]) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise PlanWithoutOrder(plan=plan, what=name, pointer=f"/body/{plan}s")


def _refuse_uneven(plan: str, total: int, amount: int) -> None:
    if total != amount:
        said = {"total": f"{total / 100:.2f}", "amount": f"{amount / 100:.2f}"}
        raise PlanUneven(plan=plan, **said, pointer=f"/body/{plan}s")


def _hundredths(amount: str) -> int:
    whole, _, part = amount.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])
