"""Reading a plan with two hundred benefits and five thousand measurements, against the bare statement.

The limit is the same page, written by hand: a superuser's connection, no row-level security, nothing
between the database and the clock. Ours goes over HTTP to the service itself. Both in turn, round by round.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from uuid import UUID

import asyncpg
from tests.support.organisations import new_organisation

from bench.load import Measured, Request, run_load
from gevinst_shared.cli.house import House
from gevinst_shared.values.actor import Role
from gevinst_shared.values.ids import new_id

BENEFITS, PER_BENEFIT = 200, 25

_SEED = """
WITH placed AS (
  INSERT INTO unit (organisation_id, id, name, path) VALUES ($1, $3, 'Home care', ARRAY[$3::uuid])),
project AS (
  INSERT INTO project (organisation_id, id, name, unit_id) VALUES ($1, $2, 'Digital post', $3)),
benefit AS (
  INSERT INTO benefit (organisation_id, id, project_id, name, mode, kind, owner_role, owner_unit_id, ledger,
                       amount, unit_of_measure, state, confirmed_by, confirmed_at, created_by, created_at)
  SELECT $1, gen_random_uuid(), $2, 'Benefit ' || n, 'redeployed', 'saved-time', 'benefit-owner', $3, 'time',
         1200, 'hours', 'confirmed', 'olav', now(), 'kari', now()
  FROM generate_series(1, $4) AS n RETURNING id),
indicator AS (
  INSERT INTO indicator (organisation_id, id, benefit_id, name, unit_of_measure, direction, baseline, target,
                         action, created_by, created_at)
  SELECT $1, gen_random_uuid(), id, 'Minutes per application', 'minutes', 'down', 42, 20,
         'Move cases to the form', 'kari', now() FROM benefit RETURNING id)
INSERT INTO measurement (organisation_id, id, indicator_id, taken_on, value, measured_by, created_at)
SELECT $1, gen_random_uuid(), indicator.id, date '2024-01-01' + n * 30, 42 - n, 'olav', now()
FROM indicator, generate_series(1, $5) AS n"""

# The same hundred indicators with their newest measurement that stands.
_LIMIT = """SELECT json_agg(json_build_object('id', i.id, 'name', i.name, 'baseline', i.baseline,
  'target', i.target, 'action', i.action, 'unit_of_measure', i.unit_of_measure, 'direction', i.direction,
  'benefit_id', i.benefit_id, 'revision', i.revision, 'created_at', i.created_at,
  'latest', (SELECT json_build_object('id', m.id, 'taken_on', m.taken_on, 'value', m.value) FROM measurement m
    WHERE m.organisation_id = i.organisation_id AND m.indicator_id = i.id AND NOT EXISTS (
      SELECT 1 FROM measurement c WHERE c.organisation_id = m.organisation_id AND c.corrects_id = m.id)
    ORDER BY m.taken_on DESC, m.id DESC LIMIT 1)) ORDER BY i.id)::text
FROM (SELECT i.* FROM indicator i JOIN benefit b ON b.organisation_id = i.organisation_id
  AND b.id = i.benefit_id WHERE i.organisation_id = $1 AND b.project_id = $2 ORDER BY i.id LIMIT 100) i"""


@dataclass(frozen=True, slots=True)
class PlanFigure:
    """A page of the plan: how often it is read a second, of how often the bare statement is, and its p99."""

    operation: str
    per_second: float
    ratio: float
    p50_ms: float
    p99_ms: float


async def measure_plan(
    house: House, *, rounds: int, seconds: float, report: Callable[[str], None]
) -> list[PlanFigure]:
    """The plan's benefits and its indicators with their state, a hundred at a time, on one connection."""
    organisation, project_id = new_organisation(), new_id()
    connection = await asyncpg.connect(house.admin_url, database="gevinst_benefits")
    try:
        await connection.execute(_SEED, organisation, project_id, new_id(), BENEFITS, PER_BENEFIT)
        await connection.execute("VACUUM ANALYZE")
        token = house.token(Role.BENEFIT_CONTROLLER, organisation)
        headers = (("Authorization", f"Bearer {token}"),)
        url, found = house.service_url("benefits"), []
        for operation in ("indicators", "benefits"):
            report(f"Reading a plan's {operation} …")
            path = f"/benefits/v1/projects/{project_id}/{operation}?limit=100"
            seen: list[tuple[Measured, float]] = []
            for _ in range(rounds):
                bare = await _bare(connection, organisation, project_id, seconds)
                source = _again(Request("GET", path, headers))
                ours = await asyncio.to_thread(run_load, url, source, connections=1, seconds=seconds)
                seen.append((ours, bare))
            found.append(_figure(operation, seen))
        return found
    finally:
        await connection.close()


async def _bare(
    connection: "asyncpg.Connection[asyncpg.Record]", organisation: str, project_id: UUID, seconds: float
) -> float:
    """How often a second the statement runs by itself."""
    count, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        await connection.fetchval(_LIMIT, organisation, project_id)
        count += 1
    return count / (time.perf_counter() - began)


def _again(request: Request) -> Callable[[], Iterator[Request]]:
    return lambda: repeat(request)


def _figure(operation: str, seen: list[tuple[Measured, float]]) -> PlanFigure:
    whole = Measured(0.0, tuple(t for ours, _ in seen for t in ours.times_ms))
    return PlanFigure(
        operation,
        median(ours.per_second for ours, _ in seen),
        median(ours.per_second / bare for ours, bare in seen),
        whole.percentile(0.5),
        whole.percentile(0.99),
    )
