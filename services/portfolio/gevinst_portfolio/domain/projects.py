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
    REJECTED = "rejected"


class Registration(StrEnum):
    """P2: prioritised centrally, or registered and reported lightly."""

    CENTRAL = "central"
    LIGHT = "light"


class CostKind(StrEnum):
    INVESTMENT = "investment"
    OPERATION = "operation"


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


class EndsBeforeStart(Refusal):
    code = "ends-before-start"
    title = "Ends before it starts"
    detail = "The project would end on {end}, before it starts on {start}. Change one of the days."


class DependsOnItself(Refusal):
    code = "depends-on-itself"
    title = "Depends on itself"
    detail = "A project can neither depend on itself nor exclude itself. Take it out of the list."


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
