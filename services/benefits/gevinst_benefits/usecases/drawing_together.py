"""Drawing the cases of a programme's or a portfolio's projects together (C5)."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from gevinst_benefits.domain.simulation.joint_simulations import (
    MOST_CASES,
    JointSimulation,
    LeftOut,
    TooManyCases,
    simulate_together,
)
from gevinst_benefits.domain.simulation.simulation import seed_of
from gevinst_benefits.store import joint_simulations as store
from gevinst_benefits.store.business_cases import version_from
from gevinst_benefits.usecases.evaluating import LARGEST_SEED
from gevinst_shared.db.work import Work
from gevinst_shared.values.refusal import Unknown


async def simulate_portfolio(
    work: Work, portfolio_id: UUID, *, seed: int | None, draws: int
) -> tuple[int, JointSimulation]:
    """The seed, and what came of it; without a seed, the portfolio's own. `Unknown` without any project."""
    projects = await store.find_projects(work.connection, portfolio_id=portfolio_id)
    return await _simulate(work, projects, seed_of(portfolio_id) if seed is None else seed, draws)


async def simulate_programme(
    work: Work, programme_id: UUID, *, seed: int | None, draws: int
) -> tuple[int, JointSimulation]:
    """The seed, and what came of it; without a seed, the programme's own. `Unknown` without any project."""
    projects = await store.find_projects(work.connection, programme_id=programme_id)
    return await _simulate(work, projects, seed_of(programme_id) if seed is None else seed, draws)


async def _simulate(
    work: Work, project_ids: Sequence[UUID] | None, seed: int, draws: int
) -> tuple[int, JointSimulation]:
    if project_ids is None:
        raise Unknown
    rows = await store.newest_versions(work.connection, project_ids)
    if len(rows) > MOST_CASES:
        raise TooManyCases(count=len(rows), most=MOST_CASES)
    there = {row["project_id"] for row in rows}
    seed %= LARGEST_SEED + 1
    found = await asyncio.to_thread(_drawn, rows, seed, draws)
    missing = tuple((one, LeftOut.NO_CASE) for one in project_ids if one not in there)
    return seed, replace(found, left_out=(*found.left_out, *missing))


def _drawn(rows: Sequence[dict[str, Any]], seed: int, draws: int) -> JointSimulation:
    return simulate_together([version_from(row).case for row in rows], seed=seed, draws=draws)
