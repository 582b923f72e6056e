"""Projects: proposed, decided and running work from every source (P1, P2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from gevinst_shared.values.money import Money
from gevinst_shared.values.refusal import Refusal


class ProjectStatus(StrEnum):
    """Where the work stands with the board."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"
    CLOSED = "closed"
    MERGED = "merged"
    REJECTED = "rejected"


class Registration(StrEnum):
    """P2: prioritised centrally, or registered and reported lightly."""

    CENTRAL = "central"
    LIGHT = "light"


class CostKind(StrEnum):
    INVESTMENT = "investment"
    OPERATION = "operation"


ENDED = frozenset({ProjectStatus.STOPPED, ProjectStatus.CLOSED, ProjectStatus.REJECTED})
CURRENT = frozenset(ProjectStatus) - ENDED - {ProjectStatus.MERGED}


@dataclass(frozen=True, slots=True)
class CostOfYear:
    """What a project costs in one calendar year, in its portfolio's currency and price year."""

    year: int
    kind: CostKind
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Need:
    """What a project takes of one shared resource (a role, or a unit's capacity for change) per period.

    `amounts[k]` is taken in the k-th period after the project's start, so the need moves with the start.
    """

    resource_id: UUID
    amounts: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Threshold:
    """P2: a portfolio's own entry threshold. A limit that is not set keeps nobody out and lets nobody in."""

    cost: Money | None = None
    months: int | None = None
    counts_shared_resources: bool = True


@dataclass(frozen=True, slots=True)
class Lag:
    """The project starts `quarters` or more after `project_id` has ended."""

    project_id: UUID
    quarters: int


@dataclass(frozen=True, slots=True)
class Window:
    """When a project may start, and by when it must be over (P5). A day that is not set limits nothing."""

    earliest_start: date | None = None
    latest_start: date | None = None
    deadline: date | None = None


ANY_TIME = Window()


class HasEnded(Refusal):
    code = "project-over"
    title = "The project is over"
    detail = "The project is {status}, and stays in the register as it was then. Propose what is left anew."


class EndsBeforeStart(Refusal):
    code = "ends-before-start"
    title = "Ends before it starts"
    detail = "The project would end on {end}, before it starts on {start}. Change one of the days."


class WindowClosed(Refusal):
    code = "window-closed"
    title = "No day to start on"
    detail = (
        "The project may start on {earliest} at the earliest, and {limit} is before that. Change one of the "
        "days."
    )


class LagWithoutDependency(Refusal):
    code = "lag-without-dependency"
    title = "Nothing to wait for"
    detail = (
        "{count} lag(s) name a project that the project does not depend on, or that has a lag already. List "
        "it in `depends_on`, and once."
    )


class EstimateOutOfOrder(Refusal):
    code = "estimate-out-of-order"
    title = "The estimate is not in order"
    detail = (
        "The {what} is estimated as {low} at least, {likely} likely and {high} at most: give rising amounts."
    )


class DependsOnItself(Refusal):
    code = "depends-on-itself"
    title = "Depends on itself"
    detail = "A project can neither depend on itself nor exclude itself. Take it out of the list."


class CannotOverrule(Refusal):
    code = "cannot-overrule"
    title = "The threshold decides"
    detail = "This portfolio lets nobody overrule its entry threshold. Allow it in the portfolio first."


def registration(
    threshold: Threshold, *, cost: Money | None, start: date | None, end: date | None, needs: Sequence[Need]
) -> Registration:
    """P2: central when any limit of the threshold is reached; light otherwise.

    An unknown cost or duration reaches no limit: missing is not zero, but it is no reason either.
    """
    if threshold.cost is None and threshold.months is None and not threshold.counts_shared_resources:
        return Registration.CENTRAL
    if threshold.cost is not None and cost is not None and cost.amount >= threshold.cost.amount:
        return Registration.CENTRAL
    if threshold.counts_shared_resources and needs:
        return Registration.CENTRAL
    if threshold.months is not None and start is not None and end is not None:
        lasts = (end.year - start.year) * 12 + end.month - start.month
        if lasts >= threshold.months:
            return Registration.CENTRAL
    return Registration.LIGHT


def refuse_ended(status: ProjectStatus) -> None:
    """P8: what was stopped, closed or rejected stays what the board saw when it decided so."""
    if status in ENDED:
        raise HasEnded(status=status.value)


def refuse_odd_estimate(what: str, low: Decimal | None, likely: Decimal | None, high: Decimal | None) -> None:
    """C1: of the amounts that are given, none may be below the one before."""
    known = [amount for amount in (low, likely, high) if amount is not None]
    if known != sorted(known):
        said = {name: "…" if amount is None else amount for name, amount in _three(low, likely, high)}
        raise EstimateOutOfOrder(what=what, **said, pointer=f"/body/{what}_low")


def _three(
    low: Decimal | None, likely: Decimal | None, high: Decimal | None
) -> tuple[tuple[str, Decimal | None], ...]:
    return ("low", low), ("likely", likely), ("high", high)


def refuse_impossible(
    project_id: UUID,
    *,
    start: date | None,
    end: date | None,
    depends_on: Sequence[UUID],
    excludes: Sequence[UUID],
) -> None:
    """Refuse what no project can be: over before it begins, or waiting for itself."""
    if start is not None and end is not None and end < start:
        raise EndsBeforeStart(start=start, end=end, pointer="/body/end")
    if project_id in {*depends_on, *excludes}:
        raise DependsOnItself


def refuse_odd_timing(window: Window, lags: Sequence[Lag], depends_on: Sequence[UUID]) -> None:
    """Refuse a window without a day in it, and a lag after something that the project does not depend on."""
    for member, limit in (("latest_start", window.latest_start), ("deadline", window.deadline)):
        if window.earliest_start is not None and limit is not None and limit < window.earliest_start:
            raise WindowClosed(earliest=window.earliest_start, limit=limit, pointer=f"/body/{member}")
    named = [lag.project_id for lag in lags]
    odd = len(named) - len(set(named)) + len(set(named) - set(depends_on))
    if odd:
        raise LagWithoutDependency(count=odd, pointer="/body/dependency_lags")
