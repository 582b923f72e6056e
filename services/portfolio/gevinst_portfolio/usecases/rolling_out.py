"""Planning a roll-out in waves, and stopping the rest of it (P12)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from gevinst_portfolio.domain.merging import refuse_merged
from gevinst_portfolio.domain.projects import Need
from gevinst_portfolio.domain.quarters import Quarter
from gevinst_portfolio.domain.waves import (
    PlacedWave,
    Wave,
    WavesCostMore,
    WaveState,
    placed,
    refuse_odd_wave,
    stopped,
    wave_cost,
)
from gevinst_portfolio.events.intake import WavesChanged
from gevinst_portfolio.store import portfolios, project_acts, projects
from gevinst_portfolio.store.plan_inputs import resource_kinds
from gevinst_portfolio.store.profiles import needs_from, wave_json, waves_from
from gevinst_portfolio.store.references import refuse_unknown_references
from gevinst_portfolio.usecases.changing import require_change
from gevinst_portfolio.usecases.thresholds import announce_crossing, registration_of
from gevinst_shared.db.documents import Stored
from gevinst_shared.db.work import Work
from gevinst_shared.feed.outbox import recorded, subject_of
from gevinst_shared.values.money import Money


async def plan_waves(work: Work, project_id: UUID, waves: Sequence[Wave], *, expected: int) -> Stored | None:
    """Replace the roll-out of the project; None when the project changed meanwhile.

    Waves that were stopped do not come back by themselves: what is planned anew is planned.
    """
    row = await project_acts.lock_project(work.connection, project_id)
    await require_change(work, row)
    refuse_merged(row["merged_into_id"])
    await _refuse_odd(work, row, waves)
    return await _keep(work, row, waves, expected=expected)


async def stop_rollout(
    work: Work, project_id: UUID, *, number: int, reason: str, expected: int
) -> Stored | None:
    """Leave out the wave `number` and those after it: they take and cost nothing any more."""
    row = await project_acts.lock_project(work.connection, project_id)
    await require_change(work, row)
    waves = stopped(waves_from(row["waves"]), number, reason)
    return await _keep(work, row, waves, expected=expected, reason=reason)


async def read_rollout(work: Work, project_id: UUID) -> dict[str, Any]:
    """`RolloutOut`: the waves of the project, where they fall."""
    row = await projects.get_row(work.connection, project_id)
    waves = waves_from(row["waves"])
    places = iter(placed(waves))
    first = None if row["start"] is None else Quarter.of(row["start"])
    return {
        "project_id": project_id,
        "waves": [
            {
                "number": number,
                "wave": wave_json(wave),
                **(_place(next(places), first) if wave.state is WaveState.PLANNED else {}),
            }
            for number, wave in enumerate(waves, start=1)
        ],
    }


def _place(one: PlacedWave, first: Quarter | None) -> dict[str, Any]:
    if first is None:
        return {"offset": one.offset}
    return {
        "offset": one.offset,
        "first_quarter": str(first.plus(one.offset)),
        "last_quarter": str(first.plus(one.end - 1)),
    }


async def _keep(
    work: Work, row: asyncpg.Record, waves: Sequence[Wave], *, expected: int, reason: str | None = None
) -> Stored | None:
    portfolio = await portfolios.get_portfolio(work.connection, row["portfolio_id"])
    needs: Sequence[Need] = needs_from(row["needs"])
    columns = {**dict(row), "registration": registration_of(portfolio, dict(row), needs, waves)}
    columns["waves"] = [wave_json(wave) for wave in waves]
    planned = sum(wave.state is WaveState.PLANNED for wave in waves)
    fact = WavesChanged(
        project_id=row["id"],
        portfolio_id=row["portfolio_id"],
        project_name=row["name"],
        planned_count=planned,
        stopped_count=len(waves) - planned,
    )
    record = recorded(work, fact, subject=subject_of("projects", row["id"]), reason=reason)
    stored = await project_acts.WAVES.change(work.connection, columns, record, expected=expected)
    if stored is not None:
        await announce_crossing(work, dict(row), columns, reason=reason)
    return stored


async def _refuse_odd(work: Work, row: asyncpg.Record, waves: Sequence[Wave]) -> None:
    references: dict[str, list[UUID]] = {
        "receiving_unit_ids": [unit for wave in waves for unit in wave.unit_ids],
        "depends_on": [],
        "excludes": [],
        "programme_id": [],
        "resource_ids": [need.resource_id for wave in waves for need in wave.needs],
    }
    if waves:
        await refuse_unknown_references(
            work.connection,
            row["portfolio_id"],
            references,
            pointers={"receiving_unit_ids": "/body/waves", "needs": "/body/waves"},
        )
    known = await resource_kinds(work.connection)
    units = {key: one["unit_id"] for key, one in known.items() if one["kind"] == "change-load"}
    for wave in waves:
        refuse_odd_wave(wave, units)
    cost = wave_cost(waves)
    if row["cost_minor"] is not None and cost > row["cost_minor"]:
        kind = row["currency"], row["price_year"]
        whole = Money.from_minor(row["cost_minor"], *kind)
        raise WavesCostMore(waves=Money.from_minor(cost, *kind), cost=whole, pointer="/body/waves")
