"""B9: when the day that benefits hang on moves in a decided project, those concerned are told."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from gevinst_benefits.domain.decimals import decimal_text
from gevinst_benefits.domain.plan.benefits import Benefit
from gevinst_benefits.domain.plan.planned_years import planned_years, starts_on
from gevinst_benefits.domain.projects import Project
from gevinst_benefits.events.deliveries import BenefitMovedInTime
from gevinst_benefits.store import announcements, benefits
from gevinst_benefits.usecases.planning import facts_of
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of

DECIDED = frozenset({"approved", "running", "paused"})


async def announce_moves(work: Work, before: Project, after: Project, *, cause: UUID | None = None) -> int:
    """Tell of each benefit whose planned years differ between the two; how many were told.

    A project that nobody has decided yet moves nobody's benefits. `cause` is the event of a feed that moved
    it: the same event again tells nothing again.
    """
    if before.status not in DECIDED:
        return 0
    rows = await benefits.rows_of_project(work.connection, after.id)
    known = [benefits.benefit_from(row) for row in rows]
    moved = [record for one in known if (record := _record(work, one, before, after, cause)) is not None]
    if cause is not None:
        told = await announcements.told_already(work.connection, [one["event_id"] for one in moved])
        moved = [one for one in moved if one["event_id"] not in told]
    await announcements.announce(work.connection, moved)
    return len(moved)


def unit_of(benefit: Benefit) -> str:
    """What the benefit is counted in: its currency at its price year, or its unit of measure."""
    money = benefit.estimate.money_per_year
    return benefit.estimate.unit_of_measure if money is None else f"{money.currency} {money.price_year}"


def _record(
    work: Work, benefit: Benefit, before: Project, after: Project, cause: UUID | None
) -> dict[str, Any] | None:
    was, now = planned_years(benefit, before), planned_years(benefit, after)
    if was == now:
        return None
    fact = BenefitMovedInTime(
        **facts_of(benefit),
        project_name=after.name,
        unit=unit_of(benefit),
        years=tuple(_differences(was, now)),
        starts_before=starts_on(benefit, before),
        starts_after=starts_on(benefit, after),
    )
    record = recorded(work, fact, subject=subject_of("benefits", benefit.id))
    if cause is not None:
        record["event_id"] = uuid5(cause, str(benefit.id))
    return {**record, "before": _years(was), "after": _years(now)}


def _differences(was: Mapping[int, Decimal], now: Mapping[int, Decimal]) -> Iterator[dict[str, str | int]]:
    """The years whose amount differs; a year without any has nothing planned."""
    nothing = Decimal(0)
    for year in sorted(was.keys() | now.keys()):
        before, after = was.get(year, nothing), now.get(year, nothing)
        if before != after:
            yield {"year": year, "before": decimal_text(before), "after": decimal_text(after)}


def _years(amounts: Mapping[int, Decimal]) -> dict[str, dict[str, str]]:
    return {"planned_years": {str(year): decimal_text(amount) for year, amount in amounts.items()}}
