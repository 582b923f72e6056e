"""Overviews of 300 projects, 6,000 benefits and 300,000 measurements, against the bare reading of the rows.

The limit is one statement for each overview that reads the same rows and does no more than add up and count:
as a superuser, without row-level security, without JSON, and without curves or rounding; planned for its
values or once for all, whichever is faster. Ours is asked of the service over HTTP. Both in turn, round by
round. What a request costs by itself (sign-in, roles, a transaction) is seen in the duties of nobody: next to
a limit of a few milliseconds it is most of the answer.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from typing import Any
from uuid import UUID

import asyncpg

from bench.load import Measured, Request, run_load
from bench.overview_world import OverviewWorld, seed_world
from gevinst_shared.cli.house import House
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id

# An overview takes at most this many times as long as its limit.
GOAL = 2.0

_OF_PORTFOLIO = "p.portfolio_id = $2"
_OF_UNIT = "b.owner_unit_id IN (SELECT u.id FROM unit u WHERE u.organisation_id = $1 AND $2 = ANY(u.path))"
_PLACED = """benefit b JOIN project p ON p.organisation_id = b.organisation_id AND p.id = b.project_id
    AND b.organisation_id = $1 AND {scope} AND b.state IN ('proposed', 'confirmed', 'realised')"""
_NEWEST = """LEFT JOIN LATERAL (SELECT m.value, m.taken_on FROM measurement m
    WHERE m.organisation_id = $1 AND m.indicator_id = i.id AND NOT EXISTS (
      SELECT 1 FROM measurement c WHERE c.organisation_id = $1 AND c.corrects_id = m.id)
    ORDER BY m.taken_on DESC, m.id DESC LIMIT 1) n ON true"""
_INDICATED = "indicator i ON i.organisation_id = b.organisation_id AND i.benefit_id = b.id"
_ACTED = "action a ON a.organisation_id = b.organisation_id AND a.benefit_id = b.id"
_VERIFIED = "verification v ON v.organisation_id = b.organisation_id AND v.benefit_id = b.id"

_SUMS = f"""sums AS MATERIALIZED (
  SELECT b.mode, b.kind, b.ledger, b.currency, b.price_year, b.unit_of_measure, count(*),
    sum(b.money_minor * coalesce(a.share_kept, 1)), sum(b.amount), min(p.start), max(p."end")
  FROM {_PLACED} LEFT JOIN agreement_entry a ON a.organisation_id = b.organisation_id
    AND a.benefit_id = b.id GROUP BY 1, 2, 3, 4, 5, 6),
found AS MATERIALIZED (
  SELECT b.mode, b.kind, v.year, v.currency, v.unit_of_measure, sum(v.money_minor), sum(v.amount)
  FROM {_PLACED} JOIN {_VERIFIED} WHERE NOT EXISTS (SELECT 1 FROM verification c
    WHERE c.organisation_id = v.organisation_id AND c.corrects_id = v.id) GROUP BY 1, 2, 3, 4, 5),
signs AS MATERIALIZED (
  SELECT i.unit_rule, count(*), count(i.id), sum(n.value), min(n.taken_on), sum(i.target - i.baseline),
    max(i.target_on), min(cardinality(i.due_days))
  FROM {_PLACED} LEFT JOIN {_INDICATED} {_NEWEST} GROUP BY 1),
owners AS MATERIALIZED (SELECT b.owner_role, b.owner_unit_id, count(*) FROM {_PLACED} GROUP BY 1, 2)"""
_ACTS = f"""acts AS MATERIALIZED (
  SELECT p."end", a.kind, a.state, count(*) FROM {_PLACED} JOIN {_ACTED} GROUP BY 1, 2, 3)"""
_MINE = f"""mine AS MATERIALIZED (
  SELECT b.state, count(*), min(b.name) FROM {_PLACED} GROUP BY 1),
measured AS MATERIALIZED (
  SELECT count(*), min(n.taken_on), max(i.due_days[1]) FROM {_PLACED} JOIN {_INDICATED} {_NEWEST})"""
_WAITING = f"""seen AS MATERIALIZED (
  SELECT b.owner_unit_id, v.year, count(*) FROM {_PLACED} JOIN {_VERIFIED} AND b.state <> 'proposed'
  GROUP BY 1, 2),
due AS MATERIALIZED (
  SELECT b.owner_unit_id, p."end", count(*) FROM {_PLACED} AND b.state <> 'proposed' GROUP BY 1, 2)"""


@dataclass(frozen=True, slots=True)
class OverviewFigure:
    """An overview: its time and its limit's, in milliseconds, and how many times as long it takes."""

    overview: str
    p50_ms: float
    p99_ms: float
    limit_ms: float
    ratio: float


@dataclass(frozen=True, slots=True)
class _Case:
    path: str
    limit: str
    scope_id: UUID


async def measure_overviews(
    house: House, *, rounds: int, seconds: float, report: Callable[[str], None]
) -> list[OverviewFigure]:
    """Each overview of everything that the organisation has, and of one unit, on one connection."""
    connection = await asyncpg.connect(house.admin_url, database="gevinst_benefits")
    try:
        report("Making up an organisation …")
        await connection.execute("SET random_page_cost = 1.1")
        world = await seed_world(connection)
        found = []
        for name, case in _cases(world).items():
            report(f"Asking for the overview {name} …")
            subject = {"me, over all units": world.leader, "me, of nobody": "nobody"}.get(name, world.owner)
            token = house.token(Role.READER, world.organisation, subject=subject)
            request = Request("GET", f"/benefits/v1{case.path}", (("Authorization", f"Bearer {token}"),))
            seen = []
            for _ in range(rounds):
                bare = await _bare(connection, world, case, seconds)
                ours = await asyncio.to_thread(
                    run_load, house.service_url("benefits"), _again(request), connections=1, seconds=seconds
                )
                seen.append((ours, bare))
            found.append(_figure(name, seen))
        return found
    finally:
        await connection.close()


def _cases(world: OverviewWorld) -> dict[str, _Case]:
    of_all = {"scope": _OF_PORTFOLIO}
    of_unit = {"scope": _OF_UNIT}
    sums, acts, mine = (text.format(**of_unit) for text in (_SUMS, _ACTS, _MINE))
    of_unit_limit = f"{sums}, {acts}"
    my_limit = f"{mine}, {acts}"
    whole = _SUMS.format(**of_all)
    return {
        "portfolio": _Case(f"/portfolios/{world.portfolio_id}/overview", whole, world.portfolio_id),
        "programme": _Case(f"/programmes/{world.programme_id}/overview", whole, world.portfolio_id),
        "unit, all units": _Case(f"/units/{world.top}/overview", of_unit_limit, world.top),
        "unit, one of sixty": _Case(f"/units/{world.unit_id}/overview", of_unit_limit, world.unit_id),
        "me, over all units": _Case("/overviews/me", my_limit, world.top),
        "me, in one unit": _Case("/overviews/me", my_limit, world.unit_id),
        "me, of nobody": _Case("/overviews/me", my_limit, new_id()),
        "verification": _Case("/overviews/verification", _WAITING.format(**of_all), world.portfolio_id),
    }


async def _bare(connection: Any, world: OverviewWorld, case: _Case, seconds: float) -> float:  # noqa: ANN401
    """How many milliseconds the limit takes: planned for its values, or once for all, whichever is faster."""
    names = [part.split()[-1] for part in case.limit.split(" AS MATERIALIZED")[:-1]]
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)
    statement = f"WITH {case.limit} SELECT {counts}"
    found = []
    for mode in ("force_custom_plan", "force_generic_plan"):
        await connection.execute(f"SET plan_cache_mode = {mode}")
        times: list[float] = []
        until = time.perf_counter() + seconds / 2
        while not times or time.perf_counter() < until:
            began = time.perf_counter()
            await connection.fetchrow(statement, world.organisation, case.scope_id)
            times.append((time.perf_counter() - began) * 1000)
        found.append(median(times))
    return min(found)


def _again(request: Request) -> Callable[[], Iterator[Request]]:
    return lambda: repeat(request)


def _figure(name: str, seen: list[tuple[Measured, float]]) -> OverviewFigure:
    whole = Measured(0.0, tuple(one for ours, _ in seen for one in ours.times_ms))
    ratio = median(ours.percentile(0.5) / bare for ours, bare in seen)
    limit = median(bare for _, bare in seen)
    return OverviewFigure(name, whole.percentile(0.5), whole.percentile(0.99), limit, ratio)
